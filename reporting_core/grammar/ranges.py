"""Reading `last=…`: rolling lengths, the last whole calendar range, a named one; what is nearly one is suggested."""

import re
import unicodedata
from datetime import date

from reporting_core.grammar.dates import TODAY, YESTERDAY, Misread, read_date, spell
from reporting_core.words.query import Between, Calendar, Last, Range, Unit
from reporting_core.words.said import say

MOST = {Unit.DAYS: 366, Unit.WEEKS: 52, Unit.MONTHS: 12, Unit.YEARS: 1}
"""The longest rolling range in each unit; the shortest is 1."""
CALENDAR = ("week", "month", "quarter", "year")
EXAMPLES = ("30d", "3mo", "quarter")

_UNITS = {
    Unit.DAYS: ("d", "day", "days"),
    Unit.WEEKS: ("w", "wk", "wks", "week", "weeks"),
    # There are no minutes here, so 3m can only be months.
    Unit.MONTHS: ("mo", "mos", "mon", "month", "months", "m"),
    Unit.YEARS: ("y", "yr", "yrs", "year", "years"),
}
_UNIT_OF = {word: unit for unit, words in _UNITS.items() for word in words}
_QUARTERS = {"q", "quarter", "quarters"}
_LENGTH = re.compile(r"(-?\d+)[ -]?([a-z]*)", re.ASCII)
_YEAR = re.compile(r"(?:19|2\d)\d\d", re.ASCII)
_MONTH = re.compile(r"(\d{4})-(\d{2})", re.ASCII)
_QUARTER = re.compile(r"(\d{4})[- ]?q([1-4])", re.ASCII)
_LOOSE_MONTH = re.compile(r"(\d{4})[-/. ]?(\d{1,2})", re.ASCII)
_LOOSE_QUARTER = re.compile(r"q([1-4])[-/. ]?(\d{4})", re.ASCII)
_ISO = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_EVER = {"all", "ever", "always", "everything", "max"}
_DIGITS = 9
_MONTHS_A_QUARTER = 3
_MONTHS_A_YEAR = 12


def read_last(typed: str) -> Range | Misread | None:
    """Read what stands behind `last=`. None: not at all like a range."""
    text = " ".join(unicodedata.normalize("NFKC", typed).casefold().split())
    if text in CALENDAR:
        return Calendar(text)
    if _YEAR.fullmatch(text):
        return Calendar(text)
    if found := _QUARTER.fullmatch(text):
        return Calendar(f"{found[1]}-q{found[2]}") if int(found[1]) else _no_such(typed)
    if found := _MONTH.fullmatch(text):
        return Calendar(text) if int(found[1]) and 1 <= int(found[2]) <= _MONTHS_A_YEAR else _no_such(typed)
    if found := _LENGTH.fullmatch(text):
        return _length(typed, found[1], found[2])
    return _nearly(typed, text)


def spell_range(asked: Range) -> str:
    """Write a range as it is typed: `last=30d`, `last=2026-q3`, `from=2026-02-01 to=2026-02-28`."""
    if isinstance(asked, Last):
        return f"last={asked.count}{asked.unit}"
    if isinstance(asked, Calendar):
        return f"last={asked.name}"
    end = f" to={spell(asked.last)}" if asked.last else ""
    return f"from={spell(asked.first)}{end}"


def not_a_range(typed: str) -> Misread:
    """Say how to write a range."""
    message = say(
        "“{typed}” is no range. Type last=30d (d, w, mo or 1y), last=month (week, quarter, year), "
        "last=2026-09, last=2026-q3 or last=2026.",
        typed=typed,
    )
    return Misread(message, EXAMPLES, Last(30, Unit.DAYS))


def _length(typed: str, digits: str, word: str) -> Range | Misread | None:
    count = int(digits) if len(digits) <= _DIGITS else 10**_DIGITS
    if word in _QUARTERS:
        return _quarters(typed, count)
    unit = _UNIT_OF.get(word)
    if unit and 1 <= count <= MOST[unit]:
        return Last(count, unit)
    if unit:
        return _out_of_range(typed, count, unit)
    days = Last(min(max(count, 1), MOST[Unit.DAYS]), Unit.DAYS)
    others = tuple(f"{count}{each}" for each in (Unit.WEEKS, Unit.MONTHS) if 1 <= count <= MOST[each])
    if word:
        return None
    message = say("last={typed} has no unit. Type {days} for days.", typed=typed, days=_value(days))
    return Misread(message, (_value(days), *others), days)


def _out_of_range(typed: str, count: int, unit: Unit) -> Misread:
    near = Last(min(max(count, 1), MOST[unit]), unit)
    longest = tuple(f"{MOST[each]}{each}" for each in (Unit.MONTHS, Unit.DAYS))
    suggestions = tuple(dict.fromkeys((_value(near), *longest)))
    bounds = say("no further than {most}", most=f"1{unit}")
    if MOST[unit] > 1:
        bounds = say("from {least} to {most}", least=f"1{unit}", most=f"{MOST[unit]}{unit}")
    message = say("last={typed} is out of range: it goes {bounds}.", typed=typed, bounds=bounds)
    return Misread(message, suggestions, near)


def _quarters(typed: str, count: int) -> Misread:
    months = Last(min(max(count * _MONTHS_A_QUARTER, _MONTHS_A_QUARTER), MOST[Unit.MONTHS]), Unit.MONTHS)
    message = say(
        "“{typed}” can be read in two ways: {months} is rolling, quarter is the last whole calendar quarter.",
        typed=typed,
        months=_value(months),
    )
    return Misread(message, (_value(months), "quarter"), months)


def _nearly(typed: str, text: str) -> Misread | None:
    if found := _LOOSE_QUARTER.fullmatch(text):
        return _instead(typed, Calendar(f"{found[2]}-q{found[1]}"))
    if found := _ISO.match(text):
        day = read_date(found[0], date.min)
        return _instead(typed, Between(day)) if isinstance(day, date) else None
    if (found := _LOOSE_MONTH.fullmatch(text)) and int(found[1]):
        month = min(max(int(found[2]), 1), _MONTHS_A_YEAR)
        return _instead(typed, Calendar(f"{found[1]}-{month:02}"))
    if text in {TODAY, YESTERDAY}:
        return _instead(typed, Between(text, text))
    if text in _EVER:
        message = say("last={typed} has no length; the longest range is 1y.", typed=typed)
        return Misread(message, ("1y", "12mo", "366d"), Last(1, Unit.YEARS))
    return None


def _instead(typed: str, meant: Range) -> Misread:
    spelt = spell_range(meant)
    message = say("“{typed}” is no range; type {range}.", typed=typed, range=spelt)
    return Misread(message, (spelt.removeprefix("last="),), meant)


def _no_such(typed: str) -> Misread:
    year = max(int(typed[:4]), 1)
    near = Calendar(f"{year:04}-{_MONTHS_A_YEAR}")
    message = say(
        "There is no {typed}: months go from {first} to {last}.",
        typed=typed,
        first=f"{year:04}-01",
        last=f"{year:04}-12",
    )
    return Misread(message, (_value(near),), near)


def _value(asked: Last | Calendar) -> str:
    return spell_range(asked).removeprefix("last=")
