r"""Values of a filter: a name, a name with `*` wildcards, or a keyword. How each is told apart and compared.

In a `Filter` a backslash makes the next character an ordinary one: `A\*B` is the name A*B, `\none` a group called none.
A name without `*`, without a backslash and unlike a keyword stands there as it is in the account. Whoever uses a value
asks `named` or `matches`.
"""

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache

from reporting_core.words.names import fold
from reporting_core.words.query import Key

_TWINS = str.maketrans(dict.fromkeys("‘’‚‛′＇", "'") | dict.fromkeys("“”„‟″＂", '"') | dict.fromkeys("‐‑–—−", "-"))  # noqa: RUF001 - look-alikes are the point

NONE = "none"
"""`group=none`: people in no group."""
ME = "me"
"""`user=me`: whoever asks."""
LEAST_BEFORE_WILDCARD = 3
"""Characters that stand before the first `*` at least (features.md §2)."""

_KEYWORDS = {Key.GROUP: re.compile(NONE), Key.USER: re.compile(f"{ME}|<@[uw][a-z0-9]+>")}
_STEP = re.compile(r"\\(.)|(\*)|([^\\*]+|\\$)", re.DOTALL)
_SPECIAL = re.compile(r"[\\*]")


def encode(name: str, key: Key) -> str:
    """Return the value that means exactly this name, even if it holds a `*` or is spelt like a keyword."""
    escaped = _SPECIAL.sub(r"\\\g<0>", name) if _SPECIAL.search(name) else name
    return f"\\{escaped}" if is_keyword(escaped, key) else escaped


def typewritten(text: str) -> str:
    """Replace curly quotes and dashes, which phones put in by themselves, by the marks of a typewriter."""
    return text if text.isascii() else text.translate(_TWINS)


def is_keyword(value: str, key: Key) -> bool:
    """Tell whether a value is no name: `none` of group, `me` and `<@U1>` of user."""
    return key in _KEYWORDS and bool(_KEYWORDS[key].fullmatch(fold(value)))


def pieces(value: str) -> list[str]:
    """Return the literal parts between wildcards; a name has one."""
    parts = [""]
    for found in _STEP.finditer(value):
        if found[2]:
            parts.append("")
        else:
            parts[-1] += found[1] or found[3]
    return parts


def literal(value: str) -> str | None:
    """Return the name a value stands for, None if it holds a wildcard. Keywords are the caller's to tell first."""
    parts = pieces(value)
    return parts[0] if len(parts) == 1 else None


def too_wide(value: str) -> bool:
    """Tell whether a wildcard comes before three other characters."""
    parts = pieces(value)
    return len(parts) > 1 and len(parts[0].strip()) < LEAST_BEFORE_WILDCARD


def matches(value: str, name: str, *, part: bool = False) -> bool:
    """Tell whether a value means this name, in any case; with `part` it may also be a part of it, as in `user=ann`."""
    return _fits(_prepared(value, part=part), _key(name, part=part), part=part)


def named(value: str, names: Iterable[str], *, part: bool = False) -> tuple[str, ...]:
    """Return those of the names that a value means, in their order."""
    return tuple(name for name in names if matches(value, name, part=part))


# One value is compared with every name of an account, one after the other.
@lru_cache(maxsize=256)
def _prepared(value: str, *, part: bool) -> tuple[str, ...]:
    return tuple(pieces(_key(value, part=part)))


def _key(text: str, *, part: bool) -> str:
    # A part of a name is a search, where the kind of apostrophe does not matter; a whole name is exact.
    return typewritten(fold(text)) if part else fold(text)


def fits(parts: Sequence[str], folded: str) -> bool:
    """Tell whether a folded name begins, goes on and ends as the literal parts of a folded pattern do."""
    return _fits(parts, folded, part=False)


def _fits(parts: Sequence[str], folded: str, *, part: bool) -> bool:
    if len(parts) == 1:
        return parts[0] in folded if part else parts[0] == folded
    first, *middle, last = parts
    if not part and not folded.startswith(first):
        return False
    place = folded.find(first) + len(first) if first in folded else -1
    for each in middle:
        # The earliest place for each part is right whenever any is, so no text can make this slow.
        found = folded.find(each, place) if place >= 0 else -1
        place = found + len(each) if found >= 0 else -1
    if place < 0:
        return False
    return folded.find(last, place) >= 0 if part else folded.endswith(last) and len(folded) - len(last) >= place
