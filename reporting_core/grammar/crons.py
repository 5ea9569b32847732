"""Cron lines: five fields, at most once an hour, and at least once in fifty years."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, time
from typing import NamedTuple

from cronsim import CronSim, CronSimError

from reporting_core.words.said import say

FIELDS = 5
EXAMPLE = 'cron "0 9 * * 1-5"'

_TAKES = (
    (say("minute"), "0-59"),
    (say("hour"), "0-23"),
    (say("day of the month"), "1-31"),
    (say("month"), "1-12"),
    (say("day of the week"), "0-7"),
)
_DAY = 2
_LAST_DAY = "L"


class BadLine(NamedTuple):
    """What is wrong with a line; `field` the one at fault, -1 the line as a whole, `instead` a line that runs."""

    message: str
    field: int = -1
    instead: str = ""


def bad_line(fields: Sequence[str], today: date) -> BadLine | None:
    """Say what is wrong with a line, `None` where nothing is."""
    return next(_faults(list(fields), datetime.combine(today, time())), None)


def _faults(fields: list[str], start: datetime) -> Iterator[BadLine]:
    if len(fields) != FIELDS:
        yield _not_five(fields, start)
        return
    for at, field in enumerate(fields):
        if not _read(["*"] * at + [field] + ["*"] * (FIELDS - 1 - at), start):
            name, takes = _TAKES[at]
            said = say("“{field}” is no {name} of a cron line: {takes}.", field=field, name=name, takes=takes)
            yield BadLine(said, at)
    walk = _read(fields, start)
    if walk is None or next(walk, None) is None:
        yield _never(fields, start)
    # Two minutes of one hour lie less than an hour apart, one minute each hour never does.
    elif len(walk.minutes) > 1:
        yield _too_often([str(min(walk.minutes)), *fields[1:]])


def _not_five(fields: list[str], start: datetime) -> BadLine:
    said = say("A cron line has five fields, as in {example}; here are {count}.", example=EXAMPLE, count=len(fields))
    # Six fields begin with seconds; of four, the day of the week was left out.
    likely = {FIELDS + 1: fields[1:], FIELDS - 1: [*fields, "*"]}.get(len(fields))
    return BadLine(said, instead=" ".join(likely) if likely and _read(likely, start) else "")


def _never(fields: list[str], start: datetime) -> BadLine:
    last = [*fields[:_DAY], _LAST_DAY, *fields[_DAY + 1 :]]
    walk = _read(last, start)
    instead = " ".join(last) if walk and next(walk, None) else ""
    return BadLine(say("“{line}” falls on no date, so nothing would ever come.", line=" ".join(fields)), _DAY, instead)


def _too_often(hourly: list[str]) -> BadLine:
    line = " ".join(hourly)
    return BadLine(say("At most once an hour: name one minute, as in {example}.", example=f'cron "{line}"'), 0, line)


def _read(fields: Sequence[str], start: datetime) -> CronSim | None:
    try:
        return CronSim(" ".join(fields), start)
    except CronSimError:
        return None
