"""The made-up company on later days, drawn day by day: days before stay as they were, however time moves."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from random import Random

from bot.demo_company.company import SEED, Company, Seat, Use, used
from bot.demo_company.habits import NEVER, REGULAR, Habit, is_closed

RELEASE = "2027"
WEEK = 7
STOPS, COMES_BACK, IS_AWAY = 0.015, 0.02, 0.05
"""Chances in a week: that somebody stops using a seat, takes up an idle one, is on holiday."""

BACK = frozenset({("Design", "jeanluc.damico", "AutoCAD LT"), ("Field Office", "ben.carter", "AutoCAD LT")})
"""Team, person and product of idle seats that are used again from the first day on, so that a digest has something."""
CATCHES_UP = Habit((1.0, 1.0, 1.0, 1.0, 1.0), 1.0)


@dataclass(frozen=True, slots=True)
class Change:
    """A seat that was taken away or given again since the company was made up; the newest word counts."""

    team: str
    product: str
    person: str
    """E-mail, or the hashed id where the team hides its people."""
    day: int
    taken: bool


def grown(company: Company, today: date, changes: Iterable[Change] = ()) -> Company:
    """Return the company as it is at the end of the day before; a day that has passed already changes nothing."""
    last = max(company.through.toordinal(), today.toordinal() - 1)
    days = range(company.through.toordinal() + 1, last + 1)
    newest = {(each.team, each.product, each.person): each for each in changes}
    seats = tuple(_grown(company, _changed(seat, newest), days) for seat in company.seats)
    return replace(company, through=date.fromordinal(last), seats=seats)


def _changed(seat: Seat, changes: dict[tuple[str, str, str], Change]) -> Seat:
    person = seat.person.hashed_id if seat.team.masked else seat.person.email
    change = changes.get((seat.team.name, seat.product, person))
    if change is None or seat.flex:
        return seat
    if change.taken:
        return replace(seat, unassigned_on=change.day)
    return replace(seat, assigned_on=change.day, unassigned_on=None)


def _grown(company: Company, seat: Seat, days: range) -> Seat:
    start = company.made_through.toordinal() + 1
    later = (use for day in days for use in _uses(seat, start, day))
    return replace(seat, uses=(*seat.uses, *later))


def _uses(seat: Seat, start: int, day: int) -> Iterator[Use]:
    if seat.unassigned_on is not None and day >= seat.unassigned_on:
        return
    week, random = (day - start) // WEEK, _chance(_name(seat), day)
    habit = _habit(_name(seat), seat.habit, week)
    is_working = not habit.stopped and random.random() < habit.chance((day - 1) % WEEK)
    if is_working and not is_closed(date.fromordinal(day)) and not _is_away(seat.person.key, week):
        yield from used(random, seat.product, day, RELEASE, flex=seat.flex)


def _name(seat: Seat) -> tuple[str, str, str, bool]:
    return seat.team.name, seat.person.key, seat.product, seat.flex


@lru_cache(maxsize=4096)
def _habit(name: tuple[str, str, str, bool], before: Habit, week: int) -> Habit:
    """Return how a seat is used in a week, counted from the first; each follows from the one before."""
    if week < 1 and name[:3] in BACK:
        return REGULAR if week else CATCHES_UP
    if week < 0:
        return before
    habit, draw = _habit(name, before, week - 1), _chance(name, f"week {week}").random()
    if habit.stopped:
        return REGULAR if draw < COMES_BACK else habit
    return replace(habit, stopped=1) if draw < STOPS and habit != NEVER else habit


@lru_cache(maxsize=4096)
def _is_away(person: str, week: int) -> bool:
    return _chance(person, f"away {week}").random() < IS_AWAY


def _chance(*about: object) -> Random:
    """Return a source of chance of its own: what is drawn for one day depends on no other."""
    return Random(f"{SEED} {about}")  # noqa: S311 - made up, and the same every time
