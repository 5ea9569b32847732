"""An answer about use, as values: facts from a source, the period, tiles, rows, the whole report."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from reporting_core.words.query import UsageQuery
from reporting_core.words.terms import Access, Origin, Status


@dataclass(frozen=True, slots=True)
class Period:
    """Dates [first, last], both included, UTC.

    `months` is N for `last=Nmo` and 12·N for `last=Ny`, else None (days / 30 is used).
    """

    first: date
    last: date
    months: int | None = None

    @property
    def days(self) -> int:
        """Number of dates in the period, at least 1."""
        return (self.last - self.first).days + 1


class Fact(NamedTuple):
    """What a source of facts says about one assignment in a period. Days are ordinals (`date.toordinal`): cheap.

    `assigned` is 1, 0 or None (no Usage Report says); `days_used` None = cannot be known for this period; `used` is 1
    if any use in the period is certain, 0 if none is certain, None if it cannot be known (days without data);
    `millitokens` is tokens x 1000, None = unknown. `person_name` and `email` are as exported: apply the personal-data
    rule before anything is sorted, searched, shown or logged.
    """

    assignment_id: int
    team_id: int
    person_id: int
    product_id: int
    access: Access
    assigned: int | None
    assigned_on: int | None
    unassigned_on: int | None
    origin: Origin
    origin_group: str
    stale: int
    days_used: int | None
    used: int | None
    millitokens: int | None
    last_accessed: int | None
    person_name: str
    email: str | None


@dataclass(frozen=True, slots=True)
class SubscriptionTiles:
    """Seats: bought, assigned, available, and the parts that assigned is the sum of. None = not known or withheld."""

    seats: int | None
    assigned: int
    available: int | None
    active: int
    inactive: int | None
    not_yet_active: int
    unknown: int


@dataclass(frozen=True, slots=True)
class FlexTiles:
    """Tokens in the range, tokens left now (None = no balance loaded), people with Flex use, tokens a month."""

    tokens_used: float
    tokens_remaining: float | None
    users: int
    monthly_average: float


@dataclass(frozen=True, slots=True)
class Tiles:
    """The figures above a report's table."""

    subscriptions: SubscriptionTiles
    flex: FlexTiles


@dataclass(frozen=True, slots=True)
class Row:
    """One assignment in a report, ready to show.

    Personal data already hashed where it must be (`email` is None then).
    """

    assignment_id: int
    team: str
    product: str
    access: Access
    person: str
    email: str | None
    status: Status
    assigned_by: Origin
    origin_group: str
    groups: tuple[str, ...]
    assigned_on: date | None
    unassigned_on: date | None
    days_used: int | None
    monthly_average: float | None
    last_accessed: date | None
    days_inactive: int | None
    tokens_used: float | None
    stale: bool
    why: str
    person_id: int = 0
    """Our own number of the person: two rows of one are of one person, whatever they are called."""
    assigned: bool | None = None
    """Whether it held on the as-of date, as far as dates tell; None if no Usage Report covers the team."""


@dataclass(frozen=True, slots=True)
class ChartPoint:
    """Usage days (person x product x day) in one bucket of dates [first, last]."""

    first: date
    last: date
    subscription: int
    flex: int


@dataclass(frozen=True, slots=True)
class Chart:
    """Use over the period in at most 20 buckets: `grain` is day, week or month."""

    grain: str
    points: tuple[ChartPoint, ...]


class DayUse(NamedTuple):
    """Use on one date: assignments used under each access option, as a chart counts them, and tokens charged."""

    day: date
    subscription: int
    flex: int
    tokens: float


@dataclass(frozen=True, slots=True)
class UsageReport:
    """The answer to a `UsageQuery`.

    `rows` are all rows of the answer (after sort and top); `row_count` says how many were found.
    """

    query: UsageQuery
    canonical: str
    period: Period
    as_of: date
    data_through: date | None
    team: str | None
    """The team's name if exactly one was asked for, else None."""
    team_count: int
    hashed: bool
    hashed_because: tuple[str, ...]
    """Teams with personal data off that caused hashing."""
    tiles: Tiles
    rows: Sequence[Row]
    row_count: int
    chart: Chart
    accesses: frozenset[Access] = frozenset(Access)
    """What occurs among the rows; known without making 100,000 of them. Like `statuses`, for views."""
    statuses: frozenset[Status] = frozenset(Status)
    withheld: Mapping[str, str] = field(default_factory=dict)
    caveats: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    """What was guessed or narrowed, for the asker."""
    team_ids: frozenset[int] = frozenset()
    """The teams that are counted; who may not see all of them may not see this answer."""
    nearest: tuple[str, ...] = ()
    """When nothing was found: canonical commands that would find something, best first."""
    incomplete: frozenset[str] = frozenset()
    """Tiles that leave out what no export tells: `assigned` with all that is worked out from it, `tokens_used`."""
