"""When something is due: from a cadence and a time zone to slots. What is posted then, and who sends it, is elsewhere.

cronsim walks the calendar over naive wall times, so that a slot is named once whatever the clocks do; the moment at
which it is due is looked up afterwards: the first at which the zone's wall clock shows that time or a later one.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import takewhile
from zoneinfo import ZoneInfo

from cronsim import CronSim, CronSimError

from reporting_core.metrics.calendar import month_length, month_number
from reporting_core.words.schedules import Cadence, Rhythm, Slot

_DATES = {
    Rhythm.DAILY: "* * *",
    Rhythm.WEEKDAYS: "* * 1-5",
    Rhythm.WEEKLY: "* * {weekday}",
    Rhythm.FORTNIGHTLY: "* * {weekday}",
    Rhythm.MONTHLY: "{days} * *",
    Rhythm.QUARTERLY: "{days} 1,4,7,10 *",
}
"""Day of the month, month and weekday of the cron line of each rhythm."""

_SURE = 28
"""The last day that every month has."""


def next_slot(cadence: Cadence, zone: str, after: datetime, anchor: date) -> Slot | None:
    """First slot due after an aware moment; `None` where nothing is ever due, as on 31 February.

    Of slots due at the same moment (an hourly one where an hour does not exist) there is the first alone. A zone that
    this machine does not know is a `KeyError`.
    """
    return next(_slots(cadence, zone, after, anchor), None)


def slots_between(cadence: Cadence, zone: str, after: datetime, until: datetime, anchor: date) -> Iterator[Slot]:
    """Slots due after one aware moment and not later than another, oldest first, as `next_slot` finds one by one."""
    return takewhile(lambda slot: slot.due <= until, _slots(cadence, zone, after, anchor))


def line(cadence: Cadence) -> str:
    """Five fields that hold on every date of a cadence; a few dates more of fortnights and of days after the 28th."""
    if cadence.rhythm is Rhythm.CRON:
        return cadence.cron
    days = str(cadence.day) if cadence.day <= _SURE else f"{_SURE}-31"
    dates = _DATES[cadence.rhythm].format(weekday=(cadence.weekday + 1) % 7, days=days)
    return f"{cadence.at.minute} {cadence.at.hour} {dates}"


def moment(local: datetime, zone: ZoneInfo) -> datetime:
    """First moment, in UTC, at which a zone's wall clock shows a naive time or a later one."""
    usual = local.replace(tzinfo=zone).astimezone(UTC)
    if _wall(usual, zone) == local:
        return usual
    # The time does not exist: by the offset before the gap it is past its end, by the one after it before its start.
    low, high = local.replace(tzinfo=zone, fold=1).astimezone(UTC), usual
    while high - low > timedelta(seconds=1):
        middle = low + timedelta(seconds=(high - low) // timedelta(seconds=2))
        low, high = (low, middle) if _wall(middle, zone) >= local else (middle, high)
    return high


def _slots(cadence: Cadence, zone: str, after: datetime, anchor: date) -> Iterator[Slot]:
    # Whatever is due later than `after` has a later wall time than `after`: `moment` is the first that reaches it.
    where, newest = ZoneInfo(zone), after
    for local in _locals(cadence, _wall(after, where), anchor):
        due = moment(local, where)
        if due > newest:
            newest = due
            yield Slot(local, due)


def _locals(cadence: Cadence, after: datetime, anchor: date) -> Iterator[datetime]:
    try:
        walk = CronSim(line(cadence), after)
    except CronSimError:
        return iter(())
    return (local for local in walk if _holds(cadence, local.date(), anchor))


def _holds(cadence: Cadence, day: date, anchor: date) -> bool:
    """Decide what a cron line cannot say: every other week, and the last day where a month is shorter."""
    if cadence.rhythm is Rhythm.FORTNIGHTLY:
        monday = anchor.toordinal() - anchor.weekday()
        return (day.toordinal() - monday) // 7 % 2 == 0
    if cadence.rhythm in (Rhythm.MONTHLY, Rhythm.QUARTERLY):
        return day.day == min(cadence.day, month_length(month_number(day)))
    return True


def _wall(at: datetime, zone: ZoneInfo) -> datetime:
    return at.astimezone(zone).replace(tzinfo=None, fold=0)
