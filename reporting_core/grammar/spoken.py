"""Values that are a fixed list, each with its spoken forms; what an asker may say instead of `not_yet_active`."""

import re
from collections.abc import Mapping

from reporting_core.words.names import fold
from reporting_core.words.query import Key, SortKey
from reporting_core.words.terms import Access, Origin, Status

YES = "yes"
NO = "no"

FIXED: Mapping[Key, tuple[str, ...]] = {
    Key.STATUS: tuple(Status),
    Key.ACCESS: tuple(Access),
    Key.ASSIGNED: (YES, NO, *Origin),
}
"""All values of the keys that take no names, in the order they are offered."""

# Forms that mean exactly one value. “Never used” stands for not yet active, as features.md §2 has it;
# a seat that was held for the whole range without use is inactive.
_SPOKEN: Mapping[Key, Mapping[str, str]] = {
    Key.STATUS: {
        "never used": Status.NOT_YET_ACTIVE,
        "never active": Status.NOT_YET_ACTIVE,
        "not active yet": Status.NOT_YET_ACTIVE,
        "not used yet": Status.NOT_YET_ACTIVE,
        "new": Status.NOT_YET_ACTIVE,
        "not assigned": Status.UNASSIGNED,
        "n/a": Status.NOT_APPLICABLE,
        "idle": Status.INACTIVE,
        "not active": Status.INACTIVE,
    },
    Key.ACCESS: {
        "seat": Access.SUBSCRIPTION,
        "seats": Access.SUBSCRIPTION,
        "subscriptions": Access.SUBSCRIPTION,
        "token": Access.FLEX,
        "tokens": Access.FLEX,
    },
    Key.ASSIGNED: {"y": YES, "true": YES, "now": YES, "n": NO, "false": NO, "individually": Origin.INDIVIDUAL},
}
STATED = {"idle", "not active", "new", "never active"}
"""Forms whose reading is told to the asker, because they are not the vendor's words."""

_TWO_WAYS: Mapping[Key, Mapping[str, tuple[str, ...]]] = {
    Key.STATUS: {
        "unused": (Status.INACTIVE, Status.NOT_YET_ACTIVE),
        "not used": (Status.INACTIVE, Status.NOT_YET_ACTIVE),
        "used": (Status.ACTIVE,),
    },
}

_SORT_SPOKEN = {
    "name": SortKey.PERSON,
    "user": SortKey.PERSON,
    "people": SortKey.PERSON,
    "days used": SortKey.DAYS,
    "last accessed": SortKey.LAST,
    "last used": SortKey.LAST,
    "tokens used": SortKey.TOKENS,
    "assigned on": SortKey.ASSIGNED,
}
_DESCENDING = {"desc", "descending", "down"}
_ASCENDING = {"asc", "ascending", "up"}
# Phones turn two hyphens into a dash.
_MINUS = "-−–—"  # noqa: RUF001 - these look-alikes are the point
_GAPS = re.compile(r"[\s_\-]+")


def plain(text: str) -> str:
    """Fold a spoken form: letters in any case, `_`, `-` and spaces alike."""
    return _GAPS.sub(" ", fold(text)).strip()


def fixed(key: Key, text: str) -> str | None:
    """Return the value of a fixed key that a text means, None if it means none."""
    said = plain(text)
    return _values(key).get(said) or _SPOKEN[key].get(said)


def two_ways(key: Key, text: str) -> tuple[str, ...]:
    """Return the values a text may mean if it does not mean exactly one."""
    return _TWO_WAYS.get(key, {}).get(plain(text), ())


def spoken(key: Key) -> tuple[str, ...]:
    """Return everything that can be said for a key, the values themselves first."""
    return (*FIXED[key], *_SPOKEN[key])


def sort_key(text: str) -> tuple[SortKey, bool | None] | None:
    """Return the column a text names and whether it says descending (None: it does not say)."""
    words = text.strip()
    descending = True if words[:1] in _MINUS and words else None
    said = plain(words.lstrip(f"{_MINUS}+"))
    head, _, tail = said.rpartition(" ")
    if head and tail in _DESCENDING | _ASCENDING and descending is None:
        said, descending = head, tail in _DESCENDING
    column = _SORT_SPOKEN.get(said) or next((each for each in SortKey if each == said), None)
    return (column, descending) if column else None


def _values(key: Key) -> dict[str, str]:
    return {plain(value): str(value) for value in FIXED[key]}
