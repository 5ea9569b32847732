"""How people of the made-up company use a product: which days of the week, until when, and their holidays."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from random import Random

SATURDAY = 5


@dataclass(frozen=True, slots=True)
class Habit:
    """Chance of use on Monday to Friday, and on Saturday; `stopped` is how many days ago use ended."""

    week: tuple[float, float, float, float, float] = (0.0, 0.0, 0.0, 0.0, 0.0)
    saturday: float = 0.0
    stopped: int = 0

    def chance(self, weekday: int) -> float:
        """Chance on a day of the week, Monday is 0."""
        return self.week[weekday] if weekday < SATURDAY else self.saturday * (weekday == SATURDAY)


HEAVY = Habit((0.97, 0.96, 0.97, 0.95, 0.9), 0.1)
REGULAR = Habit((0.7, 0.75, 0.75, 0.7, 0.5), 0.02)
PART_TIME = Habit((0.95, 0.95, 0.9, 0.02, 0.0))
SITE_DAYS = Habit((0.1, 0.1, 0.1, 0.6, 0.7), 0.05)
OCCASIONAL = Habit((0.1, 0.08, 0.12, 0.1, 0.06))
RARE = Habit((0.03, 0.02, 0.03, 0.03, 0.02))
NEVER = Habit()


def lapsed(days_ago: int) -> Habit:
    """Somebody who worked with it every day and has stopped, for another project perhaps."""
    return Habit(HEAVY.week, HEAVY.saturday, days_ago)


ORDINARY = (
    (HEAVY, 30), (REGULAR, 30), (PART_TIME, 10), (SITE_DAYS, 6), (OCCASIONAL, 12),
    (lapsed(47), 3), (lapsed(118), 3), (lapsed(260), 2), (NEVER, 4),
)  # fmt: skip
"""Habits of seats, with how often each occurs."""

UNDER_FLEX = ((OCCASIONAL, 60), (RARE, 25), (REGULAR, 5), (NEVER, 10))
"""The same for people who are charged by the day."""


def holidays(random: Random, first: int, last: int) -> frozenset[int]:
    """Return a person's days off, as ordinals: about three times a year, and the end of the year like everybody."""
    days = {day for day in range(first, last + 1) if is_closed(date.fromordinal(day))}
    start = first + random.randrange(100)
    while start < last:
        days.update(range(start, start + random.choice((5, 9, 12, 16))))
        start += random.randrange(70, 150)
    return frozenset(days)


def is_closed(day: date) -> bool:
    """Tell whether nobody works on a day."""
    return (day.month, day.day) in {(1, 1), (5, 1)} or (day.month == 12 and day.day >= 24)  # noqa: PLR2004 - Christmas


def days_of_use(random: Random, habit: Habit, off: frozenset[int], span: tuple[int, int]) -> Iterator[int]:
    """Draw the days, as ordinals, of a seat held over a span of days, both included."""
    first, last = span
    for day in range(first, last + 1):
        # Day 1 of the calendar was a Monday. Drawn for every day, so that holidays do not shift what follows.
        if random.random() < habit.chance((day - 1) % 7) and day not in off:
            yield day
