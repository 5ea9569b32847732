"""From a range as asked (`last=3mo`, `2026-q3`, `from=… to=…`) to dates. Today and the as-of date are handed in."""

import re
from datetime import date, timedelta
from typing import NamedTuple

from reporting_core.metrics.calendar import MONTHS_A_YEAR, month_end, month_length, month_number, month_start
from reporting_core.words.errors import AskAgain
from reporting_core.words.query import Between, Calendar, Last, Range, Unit
from reporting_core.words.report import Period
from reporting_core.words.said import say

LONGEST = 366
"""Dates in the longest custom range (domain.md §3)."""
DAYS_A_WEEK = 7
MONTHS_A_QUARTER = 3

_DAY = timedelta(days=1)
_NAMED = re.compile(r"(?P<year>\d{4})(-(?P<month>\d{2})|-q(?P<quarter>[1-4]))?", re.ASCII)


class Resolved(NamedTuple):
    """The dates of a range, and what the asker should know about how they came about."""

    period: Period
    notes: tuple[str, ...] = ()


def resolve(asked: Range, as_of: date, today: date) -> Resolved:
    """Dates of a range. Raises `AskAgain` if it is reversed, too long, in the future or after the newest data."""
    if isinstance(asked, Last):
        return Resolved(_rolling(asked, as_of))
    if isinstance(asked, Calendar):
        return _calendar(asked.name.casefold(), as_of)
    return _between(asked, as_of, today)


def back(day: date, months: int) -> date:
    """Same day of the month some months back; a missing day becomes the month's last (May 31st → February 28th)."""
    month = month_number(day) - months
    if month < MONTHS_A_YEAR:
        message = say(
            "No calendar reaches {months} months back from {day}. Ask for a shorter range.", months=months, day=day
        )
        raise AskAgain(message, ("last=30d",))
    return month_start(month).replace(day=min(day.day, month_length(month)))


def _rolling(asked: Last, as_of: date) -> Period:
    if asked.unit in {Unit.MONTHS, Unit.YEARS}:
        months = asked.count * (MONTHS_A_YEAR if asked.unit is Unit.YEARS else 1)
        _check_length(months, MONTHS_A_YEAR, say("months"), "last=12mo")
        return Period(back(as_of, months), as_of, months)
    days = asked.count * (DAYS_A_WEEK if asked.unit is Unit.WEEKS else 1)
    _check_length(days, LONGEST, say("dates"), f"last={LONGEST}d")
    return Period(as_of - timedelta(days=days - 1), as_of)


def _check_length(count: int, most: int, what: str, longest: str) -> None:
    if not 1 <= count <= most:
        message = say(
            "A range has 1 to {most} {what}, not {count}. The longest is {longest}.",
            most=most,
            what=what,
            count=count,
            longest=longest,
        )
        raise AskAgain(message, (longest,))


def _calendar(name: str, as_of: date) -> Resolved:
    if name == "week":
        end = as_of - timedelta(days=as_of.isoweekday() % DAYS_A_WEEK)
        return Resolved(Period(end - timedelta(days=DAYS_A_WEEK - 1), end))
    if name in _WHOLE_MONTHS:
        return Resolved(_last_whole(_WHOLE_MONTHS[name], as_of))
    return _cut(name, _named(name), as_of)


_WHOLE_MONTHS = {"month": 1, "quarter": MONTHS_A_QUARTER, "year": MONTHS_A_YEAR}


def _last_whole(length: int, as_of: date) -> Period:
    """The last run of `length` months, counted from January, that has fully ended on or before the as-of date."""
    running = month_number(as_of)
    complete = running + 1 if as_of == month_end(running) else running
    end = complete - complete % length
    return Period(month_start(end - length), month_end(end - 1))


def _named(name: str) -> Period:
    found = _NAMED.fullmatch(name)
    month = int(found["month"] or 1) if found else 0
    if not found or not 1 <= month <= MONTHS_A_YEAR or not int(found["year"]):
        message = say(
            "I know no calendar range “{name}”. Name a month as 2026-09, a quarter as 2026-q3, a year as 2026, "
            "or say week, month, quarter or year.",
            name=name,
        )
        raise AskAgain(message, ("last=month", "last=quarter", "last=30d"))
    start = int(found["year"]) * MONTHS_A_YEAR + month - 1
    if found["month"]:
        return Period(month_start(start), month_end(start))
    if found["quarter"]:
        start += (int(found["quarter"]) - 1) * MONTHS_A_QUARTER
        return Period(month_start(start), month_end(start + MONTHS_A_QUARTER - 1))
    return Period(month_start(start), month_end(start + MONTHS_A_YEAR - 1))


def _cut(name: str, whole: Period, as_of: date) -> Resolved:
    if whole.last <= as_of:
        return Resolved(whole)
    if whole.first > as_of:
        raise AskAgain(
            say(
                "{name} begins on {first}, after the as-of date {as_of} up to which data is counted. "
                "Ask for an earlier range.",
                name=name,
                first=whole.first,
                as_of=as_of,
            ),
            ("last=30d", "last=month"),
        )
    note = say(
        "{name} runs to {last}; the report ends on the as-of date {as_of}.", name=name, last=whole.last, as_of=as_of
    )
    return Resolved(Period(whole.first, as_of), (note,))


def _between(asked: Between, as_of: date, today: date) -> Resolved:
    first = _date(asked.first, today)
    last = as_of if asked.last is None else _date(asked.last, today)
    _check_order(first, last, as_of, open_end=asked.last is None)
    _check_future(first, last, as_of, today)
    days = (last - first).days + 1
    if days > LONGEST:
        shorter = f"from={last - timedelta(days=LONGEST - 1)} to={last}"
        too_long = say(
            "{first} to {last} is {days} dates; the longest custom range has {most}. Try {shorter}.",
            first=first,
            last=last,
            days=days,
            most=LONGEST,
            shorter=shorter,
        )
        raise AskAgain(too_long, (shorter,))
    notes = (_beyond(as_of),) if last > as_of else ()
    return Resolved(Period(first, last), notes)


def _date(asked: date | str, today: date) -> date:
    if isinstance(asked, date):
        return asked
    word = asked.casefold()
    if word == "today":
        return today
    if word == "yesterday":
        return today - _DAY
    try:
        return date.fromisoformat(word)
    except ValueError:
        raise AskAgain(
            say("“{asked}” is no date. Write it as 2026-09-30, or say today or yesterday.", asked=asked),
            ("last=30d",),
        ) from None


def _check_order(first: date, last: date, as_of: date, *, open_end: bool) -> None:
    if first <= last:
        return
    if open_end:
        raise _no_data(first, as_of)
    swapped = f"from={last} to={first}"
    message = say(
        "The range runs backwards: from={first} is after to={last}. Try {swapped}.",
        first=str(first),
        last=str(last),
        swapped=swapped,
    )
    raise AskAgain(message, (swapped,))


def _check_future(first: date, last: date, as_of: date, today: date) -> None:
    # Data may be newer than the clock says (an export read on a machine whose clock is behind): then it is no future.
    newest = max(as_of, today)
    if last > newest:
        end = f"from={first} to={newest}" if first <= newest else "last=30d"
        message = say(
            "{last} is in the future. The last date that can be asked for is {newest}: {end}.",
            last=last,
            newest=newest,
            end=end,
        )
        raise AskAgain(message, (end,))
    if first > as_of:
        raise _no_data(first, as_of)


def _no_data(first: date, as_of: date) -> AskAgain:
    return AskAgain(
        say(
            "from={first} is after the as-of date {as_of}, up to which data is counted. Ask for an earlier range.",
            first=str(first),
            as_of=as_of,
        ),
        ("last=30d",),
    )


def _beyond(as_of: date) -> str:
    return say(
        "The range runs past the as-of date {as_of}: nothing is known of the dates after it, "
        "so seats without use are unknown.",
        as_of=as_of,
    )
