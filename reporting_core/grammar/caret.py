"""Two lines that show where a command is wrong: the text, and a caret under the place, for a monospaced font."""

import unicodedata

from reporting_core.words.errors import BadQuery
from reporting_core.words.names import UNSEEN

WIDTH = 72
"""Columns of a line at most; of a longer text the part around the fault is shown."""
_CUT = "…"
_AHEAD = 48
"""Columns of text that may stand in front of the fault."""


def render_error(error: BadQuery) -> str:
    """Return the text, or the part around the fault, and a line of carets; wide characters count double."""
    place = min(max(error.position, 0), len(error.text))
    start, before = _ahead(error.text, place)
    prefix = _CUT if start else ""
    room = WIDTH - _columns(prefix + before)
    shown, whole = _fitting(error.text[place : place + WIDTH], room - 1)
    cut = "" if whole and place + WIDTH >= len(error.text) else _CUT
    fault = _shown(error.text[place : min(place + error.length, place + len(shown))])
    carets = "^" * max(_columns(fault), 1)
    return f"{prefix}{before}{shown}{cut}\n{' ' * _columns(prefix + before)}{carets}"


def _ahead(text: str, place: int) -> tuple[int, str]:
    start, columns = place, 0
    while start and columns + _columns(_shown(text[start - 1])) <= _AHEAD:
        start -= 1
        columns += _columns(_shown(text[start]))
    return start, _shown(text[start:place])


def _fitting(text: str, room: int) -> tuple[str, bool]:
    for count, _ in enumerate(text):
        if _columns(_shown(text[: count + 1])) > room:
            return _shown(text[:count]), False
    return _shown(text), True


def _shown(text: str) -> str:
    # Line breaks and control characters would tear the two lines apart, marks of direction turn one of them round.
    seen = text if text.isascii() else text.translate(UNSEEN)
    return "".join(" " if unicodedata.category(letter) in {"Cc", "Zl", "Zp", "Cs"} else letter for letter in seen)


def _columns(text: str) -> int:
    return sum(_width(letter) for letter in text)


def _width(letter: str) -> int:
    if unicodedata.category(letter) in {"Mn", "Me", "Cf"}:
        return 0
    return 2 if unicodedata.east_asian_width(letter) in {"W", "F"} else 1
