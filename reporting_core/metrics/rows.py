"""Rows ready to show, made only when somebody looks at them: a page of a report makes 15 rows, not 100,000."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import cached_property
from itertools import islice
from typing import overload

from reporting_core.metrics.figures import days_inactive, monthly_average, months, tokens
from reporting_core.metrics.ordering import Names
from reporting_core.metrics.status import assigned_at
from reporting_core.metrics.why import Grounds, Span, why
from reporting_core.words.report import Fact, Row
from reporting_core.words.terms import Access, Status


@dataclass(frozen=True)
class Showing:
    """How facts become rows. `groups(team_id, person_id)` are a person's groups now; `hashed` leaves e-mails out."""

    grounds: Grounds
    names: Names
    hashed: bool
    groups: Callable[[int, int], tuple[str, ...]]

    @cached_property
    def months(self) -> Fraction:
        """Months that averages of this range are taken over."""
        return months(self.grounds.period)


def person(pseudonym: Callable[[int], str], *, hashed: bool) -> Callable[[Fact], str]:
    """How people are called: their hash if personal data is hidden, else name or e-mail, the hash if both are blank."""
    if hashed:
        return lambda fact: pseudonym(fact.person_id)
    return lambda fact: fact.person_name or fact.email or pseudonym(fact.person_id)


def row(fact: Fact, status: Status, showing: Showing) -> Row:
    """One assignment as it is shown: dates as dates, averages, names, and why it has its status."""
    grounds, names = showing.grounds, showing.names
    return Row(
        assignment_id=fact.assignment_id,
        team=names.teams[fact.team_id],
        product=names.products[fact.product_id],
        access=fact.access,
        person=names.person(fact),
        email=None if showing.hashed else fact.email or None,
        status=status,
        assigned_by=fact.origin,
        origin_group=fact.origin_group,
        groups=showing.groups(fact.team_id, fact.person_id),
        assigned_on=_date(fact.assigned_on),
        unassigned_on=_date(fact.unassigned_on),
        days_used=fact.days_used,
        monthly_average=None if fact.days_used is None else monthly_average(fact.days_used, showing.months),
        last_accessed=_date(fact.last_accessed),
        days_inactive=days_inactive(fact.last_accessed, grounds.as_of),
        tokens_used=_tokens(fact),
        stale=bool(fact.stale),
        why=why(fact, status, grounds),
        person_id=fact.person_id,
        assigned=assigned_at(fact, grounds.as_of.toordinal()),
    )


def _date(day: int | None) -> date | None:
    return None if day is None else date.fromordinal(day)


def _tokens(fact: Fact) -> float | None:
    if fact.millitokens is None:
        # Only Flex is charged: a seat's use costs no tokens, whatever was loaded.
        return None if fact.access == Access.FLEX else 0.0
    return tokens(fact.millitokens)


class Rows(Sequence[Row]):
    """All rows of an answer in their order; each is made when it is asked for and not kept."""

    def __init__(
        self, order: Sequence[int], facts: Sequence[Fact], found: Sequence[Status | None], showing: Showing
    ) -> None:
        """Keep the order (indices into `facts`, whose statuses are `found`) and how rows are shown."""
        self._order = order
        self._facts = facts
        self._found = found
        self._showing = showing

    def __len__(self) -> int:
        return len(self._order)

    @overload
    def __getitem__(self, at: int) -> Row: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[Row]: ...
    def __getitem__(self, at: int | slice) -> Row | Sequence[Row]:
        if isinstance(at, slice):
            return [self._row(index) for index in self._order[at]]
        return self._row(self._order[at])

    def __iter__(self) -> Iterator[Row]:
        return map(self._row, self._order)

    def of(self, assignment_id: int) -> Row | None:
        """Return the row of an assignment, if this answer has it; no other row is made."""
        facts = self._facts
        return next((self._row(index) for index in self._order if facts[index].assignment_id == assignment_id), None)

    def named(self, typed: str, most: int) -> list[Row]:
        """Return the first rows whose person, product or team holds all the words typed; no other row is made."""
        words = typed.casefold().split()
        found = (self._row(index) for index in self._order if self._holds(self._facts[index], words))
        return list(islice(found, most))

    def gaps(self, assignment_id: int) -> Sequence[Span]:
        """Return the dates of the range, as ordinals, for which no data of an assignment's team is loaded."""
        teams = (fact.team_id for fact in self._facts if fact.assignment_id == assignment_id)
        return self._showing.grounds.gaps.get(next(teams, 0), ())

    def _holds(self, fact: Fact, words: Sequence[str]) -> bool:
        names = self._showing.names
        shown = f"{names.person(fact)} {names.products[fact.product_id]} {names.teams[fact.team_id]}".casefold()
        # An e-mail finds its person only where e-mails are shown.
        text = shown if self._showing.hashed else f"{shown} {(fact.email or '').casefold()}"
        return all(word in text for word in words)

    def _row(self, index: int) -> Row:
        status = self._found[index]
        if status is None:
            raise LookupError(f"assignment {self._facts[index].assignment_id} is not listed, so it has no row")
        return row(self._facts[index], status, self._showing)
