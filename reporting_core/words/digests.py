"""What a digest says, as values: what changed since the one before, tokens and how long they last, what may be decided.

Counts are of seats (person, team, product): one person may have several.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from reporting_core.words.people import Asker
from reporting_core.words.report import Chart, SubscriptionTiles
from reporting_core.words.said import Said

MOST_ROWS = 25
"""Rows of a list that are made; its `count` says how many there are."""

Memo = Mapping[str, object]
"""What a digest leaves for the next one: JSON of ids and dates, never names."""


@dataclass(frozen=True, slots=True)
class DigestWish:
    """A digest that is asked for. `token` finds it in the answer again."""

    token: str
    asker: Asker
    question: str
    """Canonical. What is counted counts; `status=`, `assigned=`, `sort=`, `top=` and the page only pick rows."""
    since: date | None
    """The as-of date of the digest before; None: the first one."""
    today: date
    memo: Memo = field(default_factory=dict)
    """`Digest.memo` of the digest before, as far as it was kept: corrections by late data are told by it."""


class DigestRow(NamedTuple):
    """One seat that is named: the person as reports show people, by name or by hash."""

    assignment_id: int
    person: str
    team: str
    product: str
    assigned_on: date | None
    last_accessed: date | None
    unassigned_on: date | None


@dataclass(frozen=True, slots=True)
class Listed:
    """How many seats, and the first of them: at most `MOST_ROWS`, whoever has been away longest first."""

    count: int = 0
    rows: tuple[DigestRow, ...] = ()


@dataclass(frozen=True, slots=True)
class Tokens:
    """Flex tokens of the teams: what was used since the last digest, what is left, how long that lasts."""

    used: float
    """From `used_from` on: since the last digest, in a first one since the question's range begins."""
    used_from: date
    remaining: float | None
    """As stated last; None: no balance is loaded."""
    stated_on: date | None
    per_day: float | None
    """What the forecast goes on; None: use of tokens is not loaded for long enough."""
    run_out: date | None
    """The day on which the last token is used; None: they outlast their packs, or nobody can tell."""
    renewal: date | None
    """When the last of the packs ends; None: no end is stated."""
    unused: float
    """Tokens that their packs' ends will take away unused, at this rate."""
    arithmetic: Said
    """How the forecast comes about, or what is missing for one."""
    team: str = ""
    """Over several teams, whose tokens run out first: the forecast is that team's."""

    @property
    def too_early(self) -> bool:
        """Tell whether the tokens run out before the last pack ends."""
        return self.run_out is not None and (self.renewal is None or self.run_out < self.renewal)


@dataclass(frozen=True, slots=True)
class Digest:
    """What a digest says. Where `stale` is set, it says nothing else: the data is that many days old."""

    question: str
    """Canonical; the report behind the digest."""
    team: str | None
    """The team's name if it is about exactly one."""
    team_count: int
    as_of: date
    """The newest day with data of these teams."""
    since: date | None
    """None: the first digest, which tells the state as it is: all inactive seats, not only new ones."""
    hashed: bool
    hashed_because: tuple[str, ...] = ()
    team_ids: frozenset[int] = frozenset()
    """The teams whose rows are named: whoever may not see all of them may not read it."""
    stale: int | None = None
    seats: SubscriptionTiles | None = None
    """The state as it is on the as-of date, for places where nobody may be named; None where stale."""
    newly_inactive: Listed = Listed()
    back_again: Listed = Listed()
    unused_14: Listed = Listed()
    """Assigned fourteen days ago since the last digest (a first one: or longer), and never used since."""
    freed: Listed = Listed()
    """Seats unassigned since the last digest, by the dates in the data."""
    corrected: Listed = Listed()
    """Named by the last digest as not used, which newer exports correct: they were in use then."""
    waiting: Listed = Listed()
    """Inactive seats that the asker may unassign now."""
    tokens: Tokens | None = None
    """None where the teams have no Flex."""
    chart: Chart | None = None
    """Use by weeks of seven days, the last ending on the as-of date."""
    notes: tuple[str, ...] = ()
    """What a reader has to know beside the figures, such as seats unassigned after the data ends."""
    nothing_new: bool = False
    """Nothing changed that is worth a message; what waits for a decision was told before."""
    memo: Memo = field(default_factory=dict)
    """To be kept with the post, and handed to the next digest."""

    @property
    def first(self) -> bool:
        """Tell whether there is none before it."""
        return self.since is None
