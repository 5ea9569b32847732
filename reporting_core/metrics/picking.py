"""Which rows a report shows: the filters `status` and `assigned`, and `top`. They leave what is counted alone."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date

from reporting_core.metrics.status import is_assigned
from reporting_core.words.query import Filter, Key, UsageQuery
from reporting_core.words.report import Fact
from reporting_core.words.terms import Origin, Status

ASSIGNED, NOT_ASSIGNED = "yes", "no"
"""Values of `assigned` that are about now; the others say how the assignment was made."""

Picks = Callable[[Fact, Status], bool]


def asks_for_unassigned(query: UsageQuery) -> bool:
    """Whether a query wants the unassigned and unused, too: `status=unassigned`, `assigned=no`, `assigned!=yes`."""
    wanted = {
        (Key.STATUS, Status.UNASSIGNED.value, False),
        (Key.ASSIGNED, NOT_ASSIGNED, False),
        (Key.ASSIGNED, ASSIGNED, True),
    }
    return any((each.key, value, each.negated) in wanted for each in query.filters for value in each.values)


def picked(facts: Sequence[Fact], found: Sequence[Status | None], query: UsageQuery, as_of: date) -> list[int]:
    """Indices of the facts that are listed and pass `status` and `assigned`; `found` are the statuses of `facts`."""
    tests = [*_status_tests(query.of(Key.STATUS)), *_assigned_tests(query.of(Key.ASSIGNED), as_of)]
    listed = [index for index, status in enumerate(found) if status is not None]
    for test in tests:
        listed = [index for index in listed if (status := found[index]) is not None and test(facts[index], status)]
    return listed


def top(order: Sequence[int], query: UsageQuery) -> Sequence[int]:
    """Cut sorted rows to the first N of `top=N`."""
    return order if query.top is None else order[: query.top]


def _status_tests(filters: Iterable[Filter]) -> Iterable[Picks]:
    return [_status_test(each) for each in filters]


def _status_test(asked: Filter) -> Picks:
    wanted = frozenset(Status(value) for value in asked.values)
    negated = asked.negated
    return lambda _fact, status: (status in wanted) is not negated


def _assigned_tests(filters: Iterable[Filter], as_of: date) -> Iterable[Picks]:
    return [_assigned_test(each, as_of) for each in filters]


def _assigned_test(asked: Filter, as_of: date) -> Picks:
    now = {value == ASSIGNED for value in asked.values if value in {ASSIGNED, NOT_ASSIGNED}}
    how = frozenset(Origin(value) for value in asked.values if value not in {ASSIGNED, NOT_ASSIGNED})
    negated = asked.negated

    def test(fact: Fact, _status: Status) -> bool:
        matches = fact.origin in how or (bool(now) and is_assigned(fact, as_of) in now)
        return matches is not negated

    return test
