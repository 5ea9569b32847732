"""From a plain question, or a name, to words as they are compared: no case, no accents, no apostrophes."""

import re
import unicodedata
from typing import NamedTuple

from reporting_core.grammar.patterns import typewritten
from reporting_core.words.names import fold

MOST = 40
"""Words of a question; whoever writes more tells a story."""

JOINS = frozenset({",", "and", "und"})
"""What may stand between the words of a name, or not."""

_MAIL = re.compile(r"<mailto:[^|>]*\|([^|>]*)>")
_EMOJI = re.compile(r"(?<![\w:]):[a-z][a-z0-9_+\-]*:")
_TOKEN = re.compile(
    r"<@[uw][a-z0-9]+(?:\|[^>]*)?>"
    r"|[^\s<>@,;:\"()]+@[^\s<>@,;:\"()]+\.\w+"
    r"|\bw/o?(?!\w)"
    r"|\d(?:[\w./\-]*\w)?"
    r"|[^\W\d_][^\W_]*(?:['&][^\W_]+)*"
    r"|[<>≤≥=+%$#*/\\|^~@{}\[\],-]",
    re.IGNORECASE,
)
_MENTION = re.compile(r"<@([uw][a-z0-9]+)", re.IGNORECASE)
_OWNER = "'s"
_IS = frozenset({"", "what", "who", "why", "how", "when", "where", "that", "it", "there", "let"})
"""Words behind which 's is a short “is” and owns nothing."""
# Letters that Unicode does not take apart into a plain one and a mark.
_PLAIN = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "æ": "ae", "œ": "oe", "'": "", "&": ""})


class Word(NamedTuple):
    """A word: as it is compared, and whether 's stood behind it."""

    key: str
    owner: bool = False


def words(text: str) -> list[Word]:
    """Return the words of a question; punctuation that says nothing is gone, a sign that may mean something stays."""
    found = _TOKEN.findall(typewritten(fold(_EMOJI.sub(" ", _MAIL.sub(r"\1", text)))))
    return [word for each in found if each != "-" and (word := _word(each)).key]


def keys(name: str) -> tuple[str, ...]:
    """Return a name as it is compared; “Rail & Road” is “rail and road” and “rail road”."""
    return tuple(word.key for word in words(name) if word.key not in JOINS)


def _word(token: str) -> Word:
    if found := _MENTION.match(token):
        return Word(f"<@{found[1].upper()}>")
    if "@" in token:
        return Word(token)
    owner = token.endswith(_OWNER) and token.removesuffix(_OWNER) not in _IS
    return Word(_plain(token.removesuffix(_OWNER) if owner else token), owner)


def _plain(token: str) -> str:
    if token.isascii():
        return token.replace("'", "").replace("&", "")
    apart = unicodedata.normalize("NFKD", token.translate(_PLAIN))
    return "".join(letter for letter in apart if not unicodedata.combining(letter))
