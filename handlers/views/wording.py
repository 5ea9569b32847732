"""How names, dates and numbers are written. A name that comes out of here cannot ping, link, format or be empty."""

import re
import unicodedata
from datetime import date

from reporting_core.words.report import Period
from reporting_core.words.terms import Access, Origin, Status

EMPTY = "–"  # noqa: RUF001 - a dash, as in print
"""Stands for what is not known; Slack refuses a message whose table has an empty cell."""

INFO = "ℹ️"  # noqa: RUF001 - the sign, not the letter

STATUS = {
    Status.ACTIVE: ("🟢", "Active"),
    Status.INACTIVE: ("🔴", "Inactive"),
    Status.NOT_YET_ACTIVE: ("🟡", "Not yet active"),
    Status.UNKNOWN: ("⚪", "Unknown"),
    Status.UNASSIGNED: ("⚫", "Unassigned"),
    Status.NOT_APPLICABLE: ("🔵", "Not applicable"),
}
"""The symbol repeats the word and never stands alone: colours are not seen by everybody."""

ACCESS = {Access.SUBSCRIPTION: "Subscription", Access.FLEX: "Flex"}
ORIGIN = {Origin.INDIVIDUAL: "Individual", Origin.GROUP: "Group", Origin.DEFAULT: "Default", Origin.UNKNOWN: "Unknown"}

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")

# Signs that Slack's mrkdwn reads as formatting and that cannot be escaped; each becomes its twin. `://` makes a link.
TWINS = {"*": "∗", "_": "＿", "~": "∼", "`": "ˋ"}  # noqa: RUF001 - look-alikes on purpose
_UNFORMATTED = {ord(sign): twin for sign, twin in TWINS.items()}
_EMOJI = re.compile(r":(?=[\w+'-]+:)")
_NO_EMOJI = "∶"  # noqa: RUF001 - the sign for ratios
_NO_LINK = ":∕∕"  # noqa: RUF001 - division slashes

# Invisible signs that turn the direction of reading or hide; joiners stay, since scripts and emoji need them.
_HIDDEN = frozenset("\u200b\u2060\ufeff\u200e\u200f\u061c\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def clean(text: str) -> str:
    """One line without control characters, turned writing or lone surrogates; '' if nothing visible is left."""
    kept = "".join(_kept(char) for char in text)
    line = " ".join(kept.split())
    return line if any(unicodedata.category(char)[0] not in "CZ" for char in line) else ""


def _kept(char: str) -> str:
    if char in _HIDDEN:
        return ""
    category = unicodedata.category(char)
    if category == "Cs":
        return "\N{REPLACEMENT CHARACTER}"
    return " " if category in {"Cc", "Zl", "Zp"} else char


def shown(text: str | None, width: int = 40) -> str:
    """Return a name as it is shown: clean, at most `width` characters (then ending in …), never empty."""
    line = clean(text or "")
    if not line:
        return EMPTY
    return line if len(line) <= width else line[: width - 1].rstrip() + "…"


def escaped(text: str) -> str:
    """Escape the three signs that Slack decodes; quotes must stay as they are."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def harmless(text: str, width: int = 200) -> str:
    """Return a name for a place that Slack formats, such as `text`: cut, escaped, formatting signs as twins."""
    plain = _EMOJI.sub(_NO_EMOJI, shown(text, width).translate(_UNFORMATTED))
    return escaped(plain).replace("://", _NO_LINK)


def day(value: date | None) -> str:
    """Return a date as 24 Nov 2026."""
    return f"{value.day} {_MONTHS[value.month - 1]} {value.year}" if value else EMPTY


def iso(value: date | None) -> str:
    """Return a date as 2026-11-24, which sorts as text; for tables."""
    return value.isoformat() if value else EMPTY


def dates(period: Period) -> str:
    """Return a range as real dates, the year said once where it can be."""
    first, last = period.first, period.last
    if first == last:
        return day(first)
    short = f"{first.day} {_MONTHS[first.month - 1]}"
    return f"{short if first.year == last.year else day(first)} – {day(last)}"  # noqa: RUF001 - a range of dates


def number(value: float | None, digits: int = 0) -> str:
    """Return 1,234 or 1,234.5; whole numbers lose their decimals unless digits are asked for."""
    if value is None:
        return EMPTY
    if digits == 0 and not float(value).is_integer():
        return f"{value:,.3f}".rstrip("0").rstrip(".")
    return f"{value:,.{digits}f}"


def counted(count: int, one: str, many: str = "") -> str:
    """Return “1 row”, “2 rows”."""
    return f"{number(count)} {one if count == 1 else many or one + 's'}"


def status(value: Status) -> str:
    """Return a status with its symbol."""
    symbol, word = STATUS[value]
    return f"{symbol} {word}"


def assigned_by(origin: Origin, group: str) -> str:
    """Return how an assignment was made, with the group's name if it is known."""
    return f"Group: {clean(group)}" if origin is Origin.GROUP and clean(group) else ORIGIN[origin]
