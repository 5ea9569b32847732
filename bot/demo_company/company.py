"""Puts the made-up company together: people into teams, products to people, days of use to products."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from bot.demo_company import stories
from bot.demo_company.habits import NEVER, ORDINARY, UNDER_FLEX, Habit, days_of_use, holidays
from bot.demo_company.people import CAST, Employee, employees
from bot.demo_company.teams import CHILDREN, RATES, TEAMS, Offer, Team

NAME = "Northgate Studio (made up)"
SEED = 1887
HISTORY = 430
"""Days of use that are made up: a whole year back from any day of the last two months."""
GAP = (25, 12)
"""Days ago between which nobody exported the use of Manufacturing."""


@dataclass(frozen=True, slots=True)
class Use:
    """One day of use: an ordinal, the product that was started, its release, tokens if they are charged."""

    day: int
    child: str
    release: str
    tokens: int = 0
    feature: str = ""


@dataclass(frozen=True, slots=True)
class Seat:
    """An assignment with its use. Dates are ordinals; without `assigned_on` nobody knows since when."""

    team: Team
    person: Employee
    product: str
    flex: bool
    origin: str
    assigned_on: int | None
    unassigned_on: int | None
    uses: tuple[Use, ...]
    habit: Habit = NEVER

    @property
    def days(self) -> frozenset[int]:
        """Days of use."""
        return frozenset(use.day for use in self.uses)


@dataclass(frozen=True, slots=True)
class Company:
    """Everything there is to export. `through` is the last day with use; `made_through` was when it was made up."""

    through: date
    people: dict[str, Employee]
    members: dict[str, tuple[Employee, ...]]
    seats: tuple[Seat, ...]
    groups: dict[str, tuple[tuple[str, Employee], ...]]
    made_through: date

    @property
    def first(self) -> date:
        """First day with use."""
        return self.made_through - timedelta(days=HISTORY - 1)

    def seats_of(self, *teams: Team) -> list[Seat]:
        """Return the assignments of some teams."""
        return [seat for seat in self.seats if seat.team in teams]


def make_up(today: date) -> Company:
    """Return the company as it was at the end of yesterday. The same date gives the same company."""
    return _Making(today).company()


def used(random: Random, product: str, day: int, release: str, *, flex: bool) -> Iterator[Use]:
    """Draw what somebody does with a product on a day of use."""
    if flex:
        yield from _charged(random, product, day, release)
        return
    children = CHILDREN.get(product, (product,))
    yield Use(day, children[0], release)
    if len(children) > 1 and random.random() < 0.4:  # noqa: PLR2004 - who has several products uses them
        yield Use(day, random.choice(children[1:]), release)


def _charged(random: Random, product: str, day: int, release: str) -> Iterator[Use]:
    # Opened for under five minutes: a day of use that costs nothing (domain.md §1).
    short = random.random() < 0.07  # noqa: PLR2004 - now and then
    yield Use(day, product, release, 0 if short else RATES[product])
    if not short and random.random() < 0.1:  # noqa: PLR2004 - now and then
        yield Use(day, product, release, 3, "Cloud rendering")


class _Making:
    """The company in the making: one source of chance, used in one order."""

    def __init__(self, today: date) -> None:
        self.random = Random(SEED)  # noqa: S311 - made up, and the same every time
        self.through = today - timedelta(days=1)
        self.last = self.through.toordinal()
        self.first = self.last - HISTORY + 1
        self.source = employees(self.random)
        self.cast = {key: next(self.source) for _first, _last, key in CAST}
        self.off: dict[str, frozenset[int]] = {}
        self.taken: set[tuple[str, str, str, bool]] = set()

    def company(self) -> Company:
        members = {team.name: self._members(team) for team in TEAMS}
        told = [self._told(story) for story in stories.STORIES]
        others = [seat for team in TEAMS for seat in self._ordinary(team, members[team.name])]
        # Drawn last: what was drawn before stays as it was.
        newest = [self._told(story) for story in stories.newest(self.through.weekday())]
        everybody = {person.key: person for some in members.values() for person in some} | self.cast
        groups = {team.name: tuple(self._groups(team, members[team.name])) for team in TEAMS}
        seats = (*told, *others, *newest)
        return Company(self.through, everybody, members, seats, groups, self.through)

    def _members(self, team: Team) -> tuple[Employee, ...]:
        known = [self.cast[key] for key in stories.members(team)]
        return (*known, *(next(self.source) for _ in range(team.people - len(known))))

    def _told(self, story: stories.Story) -> Seat:
        assigned_on = self.last - story.assigned_ago if story.assigned_ago is not None else None
        unassigned_on = self.last - story.unassigned_ago if story.unassigned_ago is not None else None
        offer = Offer(story.product, 1, flex=story.flex, origin=story.origin)
        return self._seat(story.team, self.cast[story.key], offer, story.habit, (assigned_on, unassigned_on))

    def _ordinary(self, team: Team, members: Sequence[Employee]) -> Iterator[Seat]:
        place = len(stories.members(team))
        for offer in team.offers:
            for _ in range(offer.people):
                person = members[place % len(members)]
                place += 1
                habits, weights = zip(*(UNDER_FLEX if offer.flex else ORDINARY), strict=True)
                habit = self.random.choices(habits, weights)[0]
                assigned_on = self.last - self.random.randrange(130, 1500)
                if self._free(team, person, offer):
                    yield self._seat(team, person, offer, habit, (assigned_on, None))

    def _free(self, team: Team, person: Employee, offer: Offer) -> bool:
        return (team.name, person.key, offer.product, offer.flex) not in self.taken

    def _seat(
        self, team: Team, person: Employee, offer: Offer, habit: Habit, dates: tuple[int | None, int | None]
    ) -> Seat:
        self.taken.add((team.name, person.key, offer.product, offer.flex))
        if person.key not in self.off:
            self.off[person.key] = holidays(self.random, self.first, self.last)
        assigned_on, unassigned_on = dates
        span = max(self.first, assigned_on or 0), min(self.last - habit.stopped, (unassigned_on or self.last + 1) - 1)
        days = days_of_use(self.random, habit, self.off[person.key], span)
        uses = tuple(use for day in days for use in self._uses(offer, day))
        return Seat(team, person, offer.product, offer.flex, offer.origin, assigned_on, unassigned_on, uses, habit)

    def _uses(self, offer: Offer, day: int) -> Iterator[Use]:
        release = "2027" if day > self.last - 200 + self.random.randrange(60) else "2026"
        yield from used(self.random, offer.product, day, release, flex=offer.flex)

    def _groups(self, team: Team, members: Sequence[Employee]) -> Iterator[tuple[str, Employee]]:
        for place, person in enumerate(members):
            # One in six is in no group, one in six in two.
            if place % 6:
                yield team.groups[place % len(team.groups)], person
            if place % 6 == 1 and len(team.groups) > 1:
                yield team.groups[(place + 1) % len(team.groups)], person
