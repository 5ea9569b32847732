"""What changed between two as-of dates, from facts and statuses at both: pure, and decided only here.

Both moments are judged by the data as it is now, so a newer export that brings use of days before the first moment
changes both alike; whoever was told otherwise is told what was corrected.
"""

from collections.abc import Callable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from typing import NamedTuple

from reporting_core.metrics.status import assigned_at
from reporting_core.words.report import Fact
from reporting_core.words.terms import Access, Status

UNUSED_DAYS = 14
"""Days a seat may stand unused after it was assigned before a digest names it."""
LOOK_BACK = 31
"""Days within which a freed seat is named late, because the export that tells it came after a digest."""


class Moment(NamedTuple):
    """The facts of a range that ends on or before a day (`at`, an ordinal), and their statuses."""

    facts: Sequence[Fact]
    found: Sequence[Status | None]
    at: int


@dataclass(frozen=True, slots=True)
class Before:
    """The moment that is compared with: its day, statuses by assignment, and what was told then.

    `told` were named as not used, `freed` as freed; None: what was told is not known any more.
    """

    at: int
    statuses: Mapping[int, Status | None]
    told: AbstractSet[int] = frozenset()
    freed: AbstractSet[int] | None = None


@dataclass(slots=True)
class Changes:
    """Seats by what became of them; a seat is in one list at most."""

    newly_inactive: list[Fact] = field(default_factory=list)
    back_again: list[Fact] = field(default_factory=list)
    unused: list[Fact] = field(default_factory=list)
    freed: list[Fact] = field(default_factory=list)
    corrected: list[Fact] = field(default_factory=list)
    inactive: list[Fact] = field(default_factory=list)
    """All that are inactive now, whether newly or not."""
    freed_lately: list[int] = field(default_factory=list)
    """Assignments freed within `LOOK_BACK` days, so that the next digest names none of them again."""


def changes(now: Moment, before: Before | None, has_gap: Callable[[int, int], bool]) -> Changes:
    """Compare. Without a `before`, what is so now counts as new.

    `has_gap(team, first)` tells whether use of a team is not known for some day from `first` to the moment.
    """
    found = Changes()
    known = before.statuses if before else {}
    for fact, status in zip(now.facts, now.found, strict=True):
        if fact.access == Access.FLEX:
            continue
        # What most seats are comes first.
        if status is Status.ACTIVE:
            _used(found, fact, known, before)
        elif status is Status.INACTIVE or status is Status.NOT_YET_ACTIVE:
            _idle(found, fact, status, (now.at, before), has_gap)
        elif not fact.assigned:
            _freed(found, fact, now.at, before)
    return found


def _used(found: Changes, fact: Fact, known: Mapping[int, Status | None], before: Before | None) -> None:
    then = known.get(fact.assignment_id)
    if then is Status.INACTIVE:
        found.back_again.append(fact)
    elif before and then is Status.ACTIVE and fact.assignment_id in before.told:
        found.corrected.append(fact)


def _idle(
    found: Changes, fact: Fact, status: Status, when: tuple[int, Before | None], has_gap: Callable[[int, int], bool]
) -> None:
    at, before = when
    if status is Status.INACTIVE:
        found.inactive.append(fact)
        if before is None or before.statuses.get(fact.assignment_id) is not Status.INACTIVE:
            found.newly_inactive.append(fact)
            return
    if is_unused(fact, at, before.at if before else None) and not has_gap(fact.team_id, fact.assigned_on or 0):
        found.unused.append(fact)


def is_unused(fact: Fact, at: int, since: int | None) -> bool:
    """Tell whether a seat has gone unused for fourteen days, and did so only after `since` (None: whenever)."""
    if fact.assigned_on is None or (fact.last_accessed is not None and fact.last_accessed >= fact.assigned_on):
        return False
    day = fact.assigned_on + UNUSED_DAYS
    return day <= at and (since is None or day > since)


def _freed(found: Changes, fact: Fact, at: int, before: Before | None) -> None:
    day = fact.unassigned_on
    if day is None or day > at or assigned_at(fact, at) is not False:
        return
    if day > at - LOOK_BACK:
        found.freed_lately.append(fact.assignment_id)
    if before is None:
        return
    # An export of assignments may come after the digest that was to tell of them; what was told is not told again.
    first = before.at if before.freed is None else before.at - LOOK_BACK
    if day > first and fact.assignment_id not in (before.freed or ()):
        found.freed.append(fact)
