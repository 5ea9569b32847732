"""Every time zone, ten years on a clock that jumps and is set back: each slot once, at its moment.

The checker shares no code with `metrics.due`, and no calendar library: it knows how far a zone is from UTC at a moment,
and on the days on which that changes it goes from minute to minute.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo, available_timezones

from reporting_core.metrics.due import next_slot
from reporting_core.words.schedules import Cadence, Rhythm, Slot

START = datetime(2026, 11, 26, tzinfo=UTC)
YEARS = 10
ANCHOR = date(2026, 11, 23)

_MINUTE, _DAY = timedelta(minutes=1), timedelta(days=1)
_STEPS = [timedelta(hours=hours) for hours in (0.02, 0.25, 1, 3, 9, 26, 71)]
_FORTNIGHT = 14

Due = dict[str, datetime]


@dataclass
class Tally:
    zones: int = 0
    schedules: int = 0
    slots: int = 0
    skipped: int = 0
    """Slots whose wall time does not exist."""
    twice: int = 0
    """Slots whose wall time exists twice."""
    missed: int = 0
    double: int = 0
    astray: int = 0
    """Slots that nobody expects, or at another moment."""
    wrong: list[str] = field(default_factory=list)

    def line(self) -> str:
        return (
            f"{self.zones} zones, {YEARS} years, {self.schedules:,} schedules, {self.slots:,} slots "
            f"({self.skipped:,} at times that do not exist, {self.twice:,} at times that exist twice): "
            f"{self.missed} missed, {self.double} double, {self.astray} at another moment"
        )


def run(one_in: int, dice: Random, years: int = YEARS) -> Tally:
    """Go through one zone in so many."""
    tally = Tally()
    names = sorted(available_timezones() - {"localtime", "Factory"})
    for name in names[dice.randrange(one_in) :: one_in]:
        tally.zones += 1
        zone = Zone(name, years)
        for cadence in cadences(zone, dice):
            _one(zone, cadence, dice, tally)
    return tally


class Zone:
    """How far a zone is from UTC, day by day, and where that changes."""

    def __init__(self, name: str, years: int) -> None:
        self.name = name
        self.zone = ZoneInfo(name)
        self.end = START.replace(year=START.year + years)
        days = (self.end - START).days + 8
        self.first = START.date() - 3 * _DAY
        midnights = [START + (number - 3) * _DAY for number in range(days)]
        self.offsets = [self.wall(at) - at.replace(tzinfo=None) for at in midnights]
        self.changes = [at for at, day in enumerate(self.offsets[1:], 1) if day != self.offsets[at - 1]]

    def wall(self, at: datetime) -> datetime:
        return at.astimezone(self.zone).replace(tzinfo=None, fold=0)

    def due(self, local: datetime) -> datetime:
        """First moment at which the wall clock shows this or later."""
        at = (local.date() - self.first).days
        around = set(self.offsets[max(at - 1, 0) : at + 3])
        if len(around) == 1:
            return (local - around.pop()).replace(tzinfo=UTC)
        moment = (local - timedelta(hours=15)).replace(tzinfo=UTC)
        while self.wall(moment) < local:
            moment += _MINUTE
        return moment

    def nights(self) -> Iterator[tuple[str, datetime]]:
        """Wall times in the middle of what is skipped, and of what comes twice."""
        for at in self.changes:
            moment = START + (at - 4) * _DAY
            for _ in range(24 * 60):
                jump = self.wall(moment + _MINUTE) - self.wall(moment) - _MINUTE
                if jump:
                    yield "skipped" if jump > timedelta() else "twice", self.wall(moment) + _MINUTE + jump / 2
                moment += _MINUTE


def cadences(zone: Zone, dice: Random) -> Iterator[Cadence]:
    """Daily and weekly at a time that is skipped, at one that comes twice and at any; the others at one of these."""
    times = {kind: wall for kind, wall in zone.nights() if wall.second == 0}
    drawn = datetime(2026, 1, 1 + dice.randrange(7), dice.randrange(24), dice.choice([0, 17, 30, 59]), tzinfo=UTC)
    at = [*times.values(), drawn.replace(tzinfo=None)]
    for wall in at:
        yield Cadence(Rhythm.DAILY, wall.time())
        yield Cadence(Rhythm.WEEKLY, wall.time(), wall.weekday())
    wall = dice.choice(at)
    yield Cadence(Rhythm.WEEKDAYS, wall.time())
    yield Cadence(Rhythm.FORTNIGHTLY, wall.time(), wall.weekday())
    yield Cadence(Rhythm.MONTHLY, wall.time(), day=dice.choice([1, 15, 28, 29, 30, 31]))
    yield Cadence(Rhythm.QUARTERLY, wall.time(), day=dice.choice([1, 29, 30, 31]))


def expected(zone: Zone, cadence: Cadence) -> Due:
    """Every slot of the years by name, each date judged by itself."""
    found: Due = {}
    day, end = zone.first, zone.end.date() + 2 * _DAY
    while day <= end:
        if _on(cadence, day):
            local = datetime.combine(day, cadence.at)
            moment = zone.due(local)
            if START < moment <= zone.end:
                found[f"{local:%Y-%m-%dT%H:%M}"] = moment
        day += _DAY
    return found


def _on(cadence: Cadence, day: date) -> bool:
    number = (day - ANCHOR).days
    last = (day + _DAY).day == 1
    dated = day.day == cadence.day or (last and day.day < cadence.day)
    return {
        Rhythm.DAILY: True,
        Rhythm.WEEKDAYS: number % 7 < 5,
        Rhythm.WEEKLY: number % 7 == cadence.weekday,
        Rhythm.FORTNIGHTLY: number % _FORTNIGHT == cadence.weekday,
        Rhythm.MONTHLY: dated,
        Rhythm.QUARTERLY: dated and day.month in (1, 4, 7, 10),
    }[cadence.rhythm]


def sent(zone: Zone, cadence: Cadence, dice: Random, tally: Tally) -> list[Slot]:
    """What comes on a clock that goes in jumps, is set back at times, and is read anew after restarts."""
    found: list[Slot] = []
    now = newest = START
    coming = next_slot(cadence, zone.name, START, ANCHOR)
    while now < zone.end and coming is not None:
        now += dice.choice(_STEPS) if dice.random() > 0.02 else -timedelta(minutes=dice.randrange(150))
        while coming is not None and coming.due <= min(now, zone.end):
            found.append(coming)
            newest = coming.due
            coming = next_slot(cadence, zone.name, newest, ANCHOR)
        asked = newest < now < zone.end and dice.random() < 0.05
        if asked and next_slot(cadence, zone.name, now, ANCHOR) != coming:
            tally.wrong.append(f"{zone.name}, {cadence}: another slot is next when asked at {now}")
    return found


def _one(zone: Zone, cadence: Cadence, dice: Random, tally: Tally) -> None:
    judge(zone, cadence, sent(zone, cadence, dice, tally), tally)


def judge(zone: Zone, cadence: Cadence, found: list[Slot], tally: Tally) -> None:
    """Hold what came against what was to come."""
    due = expected(zone, cadence)
    times = Counter(slot.name for slot in found)
    missed = [name for name in due if name not in times]
    double = [name for name, count in times.items() if count > 1]
    astray = [slot.name for slot in found if due.get(slot.name) != slot.due]
    tally.schedules += 1
    tally.slots += len(found)
    for slot in found:
        _count_night(zone, slot, tally)
    for what, names in (("missed", missed), ("double", double), ("astray", astray)):
        setattr(tally, what, getattr(tally, what) + len(names))
        tally.wrong += [f"{zone.name}, {cadence}: {name} {what}" for name in names]


def _count_night(zone: Zone, slot: Slot, tally: Tally) -> None:
    tally.skipped += zone.wall(slot.due) != slot.local
    late = [zone.wall(slot.due + timedelta(minutes=minutes)) for minutes in (30, 60, 120)]
    tally.twice += slot.local in late
