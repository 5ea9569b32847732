"""How names, dates and numbers are written. A name that comes out of here cannot ping, link, format or be empty.

What the core says goes through here as well, and comes out in the language that is spoken.
"""

import re
import unicodedata
from datetime import date, datetime
from functools import cache, lru_cache

from babel import Locale
from babel.dates import format_date

from handlers import catalogue, language
from handlers.catalogue import label
from reporting_core.words import said
from reporting_core.words.report import Period
from reporting_core.words.said import Said, Value
from reporting_core.words.terms import Access, Origin, Status

EMPTY = "–"  # noqa: RUF001 - a dash, as in print
"""Stands for what is not known; Slack refuses a message whose table has an empty cell."""

INFO = "ℹ️"  # noqa: RUF001 - the sign, not the letter

SYMBOLS = {
    Status.ACTIVE: "🟢",
    Status.INACTIVE: "🔴",
    Status.NOT_YET_ACTIVE: "🟡",
    Status.UNKNOWN: "⚪",
    Status.UNASSIGNED: "⚫",
    Status.NOT_APPLICABLE: "🔵",
}
"""The symbol repeats the word and never stands alone: colours are not seen by everybody."""

# Signs that Slack's mrkdwn reads as formatting and that cannot be escaped; each becomes its twin. `://` makes a link.
TWINS = {"*": "∗", "_": "＿", "~": "∼", "`": "ˋ"}  # noqa: RUF001 - look-alikes on purpose
_UNFORMATTED = {ord(sign): twin for sign, twin in TWINS.items()}
_EMOJI = re.compile(r":(?=[\w+'-]+:)")
_NO_EMOJI = "∶"  # noqa: RUF001 - the sign for ratios
_NO_LINK = ":∕∕"  # noqa: RUF001 - division slashes

# Invisible signs that turn the direction of reading or hide; joiners stay, since scripts and emoji need them.
_HIDDEN = frozenset("\u200b\u2060\ufeff\u200e\u200f\u061c\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def told(text: str) -> str:
    """Return what the core says in the language that is spoken; any other text as it is."""
    spoken = language.current()
    return text if not isinstance(text, Said) or spoken == language.LANGUAGES[0] else _filled(text, spoken)


def _filled(text: Said, spoken: str) -> str:
    values = {key: _value(each, spoken) for key, each in text.values.items()}
    return catalogue.core(spoken).get(text.pattern, text.pattern).format_map(values)


def _value(value: Value, spoken: str) -> str:
    if isinstance(value, Said):
        return _part(value, value.pattern, spoken)
    if isinstance(value, str):
        return value
    return day(value) if isinstance(value, date) else number(value)


@lru_cache(maxsize=4096)
def _part(text: Said, _pattern: str, spoken: str) -> str:
    """Parts of sentences come again and again: a spreadsheet has 100,000 sentences and few dates in them."""
    return _filled(text, spoken)


def clean(text: str) -> str:
    """One line without control characters, turned writing or lone surrogates; '' if nothing visible is left."""
    kept = "".join(_kept(char) for char in told(text))
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
    """Return a date as 24 Nov 2026, or as the language writes it."""
    return dated(value, "day") if value else EMPTY


def iso(value: date | None) -> str:
    """Return a date as 2026-11-24, which sorts as text; for tables."""
    return value.isoformat() if value else EMPTY


def dates(period: Period) -> str:
    """Return a range as real dates, the year said once where it can be."""
    first, last = period.first, period.last
    if first == last:
        return day(first)
    short = dated(first, "day_of_year") if first.year == last.year else day(first)
    return f"{short} – {day(last)}"  # noqa: RUF001 - a range of dates


def dated(value: date, form: str) -> str:
    """Return a date in a form of `labels/dates.toml`: `day`, `day_of_year`, `day_of_month`, `month`."""
    return _dated(value, form, language.current())


@lru_cache(maxsize=4096)
def _dated(value: date, form: str, spoken: str) -> str:
    return format_date(value, label(f"dates.{form}"), locale=spoken)


def number(value: float | None, digits: int = 0) -> str:
    """Return 1,234 or 1,234.5, with the signs of the language that is spoken."""
    return EMPTY if value is None else said.number(value, digits).translate(_signs(language.current()))


@cache
def _signs(spoken: str) -> dict[int, str]:
    """Return what a language writes for Python's signs between thousands and before decimals."""
    signs = Locale.parse(spoken).number_symbols["latn"]
    return {ord(","): signs["group"], ord("."): signs["decimal"]}


def counted(count: int, one: str, many: str = "") -> str:
    """Return “1 row”, “2 rows”."""
    return f"{number(count)} {one if count == 1 else many or one + 's'}"


def status(value: Status) -> str:
    """Return a status with its symbol."""
    return f"{SYMBOLS[value]} {status_word(value)}"


def status_word(value: Status) -> str:
    """Return a status without its symbol."""
    return label(f"words.{value}")


def access(value: Access) -> str:
    """Return how a product may be started."""
    return label(f"words.{value}")


def assigned_by(origin: Origin, group: str) -> str:
    """Return how an assignment was made, with the group's name if it is known."""
    if origin is Origin.GROUP and clean(group):
        return label("words.of_group").format(group=clean(group))
    return label(f"words.by_{origin}")


def who(slack_user_id: str) -> str:
    """Return somebody of Slack as a mention, or the operator, who has no Slack id; for formatted text of ours."""
    return f"<@{slack_user_id}>" if _SLACK_ID.fullmatch(slack_user_id) else label("seats.operator")


_SLACK_ID = re.compile(r"[UW][A-Z0-9]+")


def moment(at: datetime | None) -> str:
    """Return a time in the reader's own time zone; where Slack cannot, in UTC. For formatted text of ours."""
    if at is None:
        return EMPTY
    return f"<!date^{int(at.timestamp())}^{{date_short}} {{time}}|{day(at.date())} {at:%H:%M} UTC>"
