"""Reading one date: ISO, `today`, `yesterday`. Other forms are read only to say which ISO date to type."""

import calendar
import re
import unicodedata
from dataclasses import dataclass
from datetime import date, timedelta

from reporting_core.words.query import Between, Range
from reporting_core.words.said import either, say

TODAY = "today"
YESTERDAY = "yesterday"

_ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})", re.ASCII)
_YEAR_FIRST = re.compile(r"(\d{4})[-/. ]?(\d{1,2})[-/. ]?(\d{1,2})", re.ASCII)
_YEAR_LAST = re.compile(r"(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4}|\d{2})", re.ASCII)
_MONTH_ONLY = re.compile(r"(\d{4})[-/. ](\d{1,2})", re.ASCII)
_DAY_MONTH = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?[-. ]([a-z]{3,9})\.?(?:[-, ]+(\d{4}))?", re.ASCII)
_MONTH_DAY = re.compile(r"([a-z]{3,9})\.?[ -](\d{1,2})(?:st|nd|rd|th)?(?:[, ]+(\d{4}))?", re.ASCII)
_NAMES = tuple(calendar.month_name[number].casefold() for number in range(1, 13))
_CENTURY = 100
_MONTHS = 12
_LONGEST_MONTH = 31


@dataclass(frozen=True, slots=True)
class Misread:
    """What was meant as a range, date or number but is not written as one: why, what to type, the likely meaning."""

    message: str
    suggestions: tuple[str, ...] = ()
    instead: Range | date | str | int | None = None


def on(day: date | str, today: date) -> date:
    """Return the date that a word or a date means."""
    if isinstance(day, date):
        return day
    return today - timedelta(days=1) if day == YESTERDAY else today


def read_date(typed: str, today: date, *, end: bool = False) -> date | str | Misread | None:
    """Read a date; `end` takes a whole month as its last day. None: not at all like a date."""
    text = " ".join(unicodedata.normalize("NFKC", typed).casefold().split())
    if text in {TODAY, YESTERDAY}:
        return text
    if found := _ISO.fullmatch(text):
        year, month, day = (int(part) for part in found.groups())
        return _valid(year, month, day) or _no_such_day(typed, year, month, day)
    readings = list(dict.fromkeys(_readings(text, today, end=end)))
    if not readings:
        return None
    isos = tuple(day.isoformat() for day in readings)
    message = say(
        "I read dates as {dates}, not as “{typed}”, so that nobody has to guess day and month.",
        dates=either(isos),
        typed=typed,
    )
    return Misread(message, isos, readings[0])


def not_a_date(key: str, typed: str, today: date) -> Misread:
    """Say how to write a date for a key."""
    message = say(
        "“{typed}” is no date. Type {key}= with a date such as {today}, or today or yesterday.",
        typed=typed,
        key=key,
        today=today.isoformat(),
    )
    return Misread(message, (today.isoformat(), TODAY, YESTERDAY))


def reversed_range(span: Between, first: str, last: str) -> Misread:
    """Say that a range runs backwards, naming both ends as typed."""
    turned = Between(span.last or span.first, span.first)
    message = say("{first} is after {last}: the range runs backwards.", first=first, last=last)
    return Misread(message, (f"from={spell(turned.first)} to={spell(turned.last or '')}",), turned)


def spell(day: date | str) -> str:
    """Write a date as it is typed."""
    return day.isoformat() if isinstance(day, date) else day


def _readings(text: str, today: date, *, end: bool) -> list[date]:
    if found := _MONTH_ONLY.fullmatch(text):
        year, month = int(found[1]), int(found[2])
        return _all(_month_end(year, month) if end else _valid(year, month, 1))
    if found := _YEAR_FIRST.fullmatch(text):
        return _all(_valid(int(found[1]), int(found[2]), int(found[3])))
    if found := _YEAR_LAST.fullmatch(text):
        first, second, year = int(found[1]), int(found[2]), int(found[3])
        year += today.year // _CENTURY * _CENTURY if year < _CENTURY else 0
        return _all(_valid(year, second, first), _valid(year, first, second))
    if found := _DAY_MONTH.fullmatch(text):
        return _named(found[2], int(found[1]), found[3], today)
    if found := _MONTH_DAY.fullmatch(text):
        return _named(found[1], int(found[2]), found[3], today)
    return []


def _named(name: str, day: int, year: str | None, today: date) -> list[date]:
    month = next((number for number, full in enumerate(_NAMES, 1) if full.startswith(name)), 0)
    if year:
        return _all(_valid(int(year), month, day))
    this_year, last_year = _valid(today.year, month, day), _valid(today.year - 1, month, day)
    return _all(this_year if this_year and this_year <= today else last_year)


def _all(*days: date | None) -> list[date]:
    return [day for day in days if day]


def _valid(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _month_end(year: int, month: int) -> date | None:
    first = _valid(year, month, 1)
    return first and first.replace(day=calendar.monthrange(first.year, first.month)[1])


def _no_such_day(typed: str, year: int, month: int, day: int) -> Misread:
    last = _month_end(year, month)
    if last is None or not day:
        near = _valid(year or 1, min(max(month, 1), _MONTHS), max(day, 1)) or _month_end(year or 1, max(month, 1))
        return Misread(say("There is no {typed}.", typed=typed), _iso(near), near)
    message = say(
        "There is no {typed}: {month} {year} ends on the {end}.",
        typed=typed,
        month=calendar.month_name[month],
        year=str(year),
        end=f"{last.day}{'st' if last.day == _LONGEST_MONTH else 'th'}",
        last=last,
    )
    return Misread(message, _iso(last), last)


def _iso(day: date | None) -> tuple[str, ...]:
    return (day.isoformat(),) if day else ()
