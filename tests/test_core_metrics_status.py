"""Status of one assignment: every line of the table, every ruling, and the as-of date in the past."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reporting_core.metrics.status import is_assigned, status, statuses
from reporting_core.words.report import Fact
from reporting_core.words.terms import Access, Status
from tests.facts import AS_OF, FIRST, PERIOD, Twist, flex, seat

BEFORE, AFTER = FIRST - timedelta(days=1), FIRST + timedelta(days=1)
LATER = AS_OF + timedelta(days=1)


@pytest.mark.parametrize(
    ("fact", "expected"),
    [
        (seat(days=1, assigned_on=BEFORE), Status.ACTIVE),
        (seat(days=1, assigned_on=AFTER), Status.ACTIVE),
        (seat(days=1, assigned_on=None), Status.ACTIVE),
        (seat(days=0, assigned_on=BEFORE), Status.INACTIVE),
        (seat(days=0, assigned_on=FIRST), Status.INACTIVE),
        (seat(days=0, assigned_on=AFTER), Status.NOT_YET_ACTIVE),
        (seat(days=0, assigned_on=AS_OF), Status.NOT_YET_ACTIVE),
        (seat(days=0, assigned_on=None), Status.UNKNOWN),
        (seat(days=1, assigned=0), Status.UNASSIGNED),
        (seat(days=0, assigned=0), None),
        (flex(days=1), Status.ACTIVE),
        (flex(days=1, assigned=0), Status.ACTIVE),
        (flex(days=0), Status.NOT_APPLICABLE),
        (flex(days=0, assigned_on=None), Status.NOT_APPLICABLE),
        (flex(days=0, assigned=0), None),
    ],
)
def test_every_line_of_the_table(fact: Fact, expected: Status | None) -> None:
    assert status(fact, PERIOD, AS_OF) is expected


@pytest.mark.parametrize(
    ("fact", "expected"),
    [
        (seat(days=None, assigned_on=BEFORE), Status.UNKNOWN),
        (seat(days=None, assigned_on=AFTER), Status.UNKNOWN),
        (seat(days=None, used=1), Status.ACTIVE),
        (seat(days=None, used=0), Status.INACTIVE),
        (seat(days=None, assigned=0), None),
        (flex(days=None), Status.NOT_APPLICABLE),
        (flex(days=None, used=1), Status.ACTIVE),
        (flex(days=None, assigned=0), None),
    ],
)
def test_dates_without_data_make_an_unused_seat_unknown(fact: Fact, expected: Status | None) -> None:
    assert status(fact, PERIOD, AS_OF) is expected


@pytest.mark.parametrize(
    ("fact", "expected"),
    [
        (seat(days=5, assigned=None), Status.UNKNOWN),
        (seat(days=0, assigned=None), Status.UNKNOWN),
        (flex(days=5, assigned=None), Status.ACTIVE),
        (flex(days=0, assigned=None), Status.NOT_APPLICABLE),
    ],
)
def test_without_a_usage_report_nobody_knows_who_holds_a_seat(fact: Fact, expected: Status) -> None:
    assert status(fact, PERIOD, AS_OF) is expected


@pytest.mark.parametrize("asked", [False, True])
@pytest.mark.parametrize("assigned", [0, 1])
def test_an_assignment_in_the_future_is_not_in_the_report(assigned: int, asked: bool) -> None:
    for fact in (seat(assigned=assigned, assigned_on=LATER), flex(assigned=assigned, assigned_on=LATER)):
        assert status(fact, PERIOD, AS_OF, asked=asked) is None


def test_use_before_an_assignment_in_the_future_is_not_lost() -> None:
    assert status(seat(days=2, assigned_on=LATER), PERIOD, AS_OF) is Status.UNASSIGNED
    assert status(flex(days=2, assigned_on=LATER), PERIOD, AS_OF) is Status.ACTIVE


def test_an_unused_seat_that_is_not_assigned_is_listed_when_asked_for() -> None:
    assert status(seat(assigned=0), PERIOD, AS_OF, asked=True) is Status.UNASSIGNED
    assert status(seat(assigned=0, days=None), PERIOD, AS_OF, asked=True) is Status.UNASSIGNED
    assert status(seat(assigned=0, assigned_on=None), PERIOD, AS_OF, asked=True) is Status.UNASSIGNED
    assert status(flex(assigned=0), PERIOD, AS_OF, asked=True) is None


@pytest.mark.parametrize(
    ("twist", "expected"),
    [
        (Twist(assigned=1), True),
        (Twist(assigned=1, assigned_on=None), True),
        (Twist(assigned=1, assigned_on=AS_OF), True),
        (Twist(assigned=1, assigned_on=LATER), False),
        (Twist(assigned=0), False),
        (Twist(assigned=0, unassigned_on=LATER), True),
        (Twist(assigned=0, unassigned_on=LATER, assigned_on=None), True),
        (Twist(assigned=0, unassigned_on=AS_OF), False),
        (Twist(assigned=0, unassigned_on=LATER, assigned_on=LATER), False),
        (Twist(assigned=None), None),
    ],
)
def test_assignments_are_those_of_the_as_of_date_as_far_as_dates_tell(twist: Twist, expected: bool | None) -> None:
    assert is_assigned(seat(**twist), AS_OF) is expected


def test_a_seat_taken_away_after_the_as_of_date_was_inactive_then() -> None:
    assert status(seat(assigned=0, unassigned_on=LATER), PERIOD, AS_OF) is Status.INACTIVE


MAYBE = st.sampled_from([None, 0, 1])
SOME_DAY = st.none() | st.integers(-400, 40).map(lambda days: AS_OF + timedelta(days=days))
FACTS = st.builds(
    lambda access, **twist: (seat if access is Access.SUBSCRIPTION else flex)(**twist),
    st.sampled_from(Access),
    assigned=MAYBE,
    assigned_on=SOME_DAY,
    unassigned_on=SOME_DAY,
    used=MAYBE,
    days=st.none(),
)


@given(st.lists(FACTS, max_size=20), st.booleans())
def test_many_are_decided_as_each_one(facts: list[Fact], asked: bool) -> None:
    assert statuses(facts, PERIOD, AS_OF, asked=asked) == [status(fact, PERIOD, AS_OF, asked=asked) for fact in facts]


@given(FACTS, st.booleans())
def test_nobody_is_called_inactive_without_proof(fact: Fact, asked: bool) -> None:
    if status(fact, PERIOD, AS_OF, asked=asked) is not Status.INACTIVE:
        return
    assert fact.access is Access.SUBSCRIPTION
    assert fact.used == 0
    assert fact.assigned_on is not None
    assert date.fromordinal(fact.assigned_on) <= FIRST
    assert is_assigned(fact, AS_OF)


@given(FACTS)
def test_asking_for_the_unassigned_only_adds_rows(fact: Fact) -> None:
    plain = status(fact, PERIOD, AS_OF)
    assert status(fact, PERIOD, AS_OF, asked=True) in {plain, plain or Status.UNASSIGNED}
