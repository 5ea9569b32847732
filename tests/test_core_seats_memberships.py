"""Seats that are memberships: what was tried is remembered, and what follows from it."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from reporting_core.storage import attempts
from reporting_core.usecases.seats import memberships
from reporting_core.words.memberships import Attempt, Tried, Way
from reporting_core.words.seats import Change, Done, OutOfGroups, ProviderError, SeatOrder, Seen
from reporting_core.words.terms import Origin
from tests.company import Company

NOW = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)
SENT, MARKED = Attempt(Tried.SENT, "", NOW), Attempt(Tried.SENT, "m1", NOW)
ENDED = Attempt(Tried.DONE, "m1", NOW)
ORDER = SeatOrder(
    key="k",
    change=Change.UNASSIGN,
    account="main",
    team="Design",
    product="Revit",
    assignment_id=1,
    assigned_on=date(2026, 5, 8),
    origin=Origin.GROUP,
    origin_group="Revit users",
    email="ann@example.com",
    name="Ann Lee",
)
BACK = replace(ORDER, change=Change.ASSIGN)


def test_an_attempt_is_remembered_once_and_forgotten_only_while_it_is_open(company: Company) -> None:
    core = company.core
    with core.store.lasting() as connection:
        assert attempts.attempt_of(connection, core.account_id, "k") is None
        attempts.begin(connection, core.account_id, "k", MARKED)
        attempts.begin(connection, core.account_id, "k", replace(MARKED, mark="m2"))
        assert attempts.attempt_of(connection, core.account_id, "k") == MARKED
        attempts.forget(connection, core.account_id, "k")
        assert attempts.attempt_of(connection, core.account_id, "k") is None
        attempts.begin(connection, core.account_id, "k", MARKED)
        attempts.end(connection, core.account_id, "k", NOW + timedelta(seconds=1))
        attempts.forget(connection, core.account_id, "k")
    with core.store.reading() as connection:
        found = attempts.attempt_of(connection, core.account_id, "k")
        assert found == Attempt(Tried.DONE, "m1", NOW + timedelta(seconds=1))
        assert attempts.attempt_of(connection, core.account_id + 1, "k") is None


@pytest.mark.parametrize(
    ("order", "way", "attempt", "answer"),
    [
        (ORDER, Way.DIRECT, None, None),
        (ORDER, Way.DIRECT, MARKED, None),
        (ORDER, Way.DIRECT, ENDED, Done.DONE),
        (ORDER, Way.ELSEWHERE, None, Done.REFUSED),
        (ORDER, Way.NONE, None, Done.REFUSED),
        (ORDER, Way.NONE, SENT, Done.DONE),
        (BACK, Way.NONE, None, None),
        (BACK, Way.NONE, SENT, None),
        (BACK, Way.DIRECT, None, Done.REFUSED),
        (BACK, Way.DIRECT, SENT, Done.DONE),
        (BACK, Way.ELSEWHERE, SENT, Done.REFUSED),
    ],
)
def test_what_is_left_to_be_done(order: SeatOrder, way: Way, attempt: Attempt | None, answer: Done | None) -> None:
    found = memberships.judged(order, way, attempt, "m1")
    assert (found and found.done) == answer


@pytest.mark.parametrize(("attempt", "mark"), [(SENT, ""), (SENT, "m1"), (MARKED, "m2"), (MARKED, "")])
def test_nobody_is_taken_out_in_doubt(attempt: Attempt, mark: str) -> None:
    with pytest.raises(ProviderError) as caught:
        memberships.judged(ORDER, Way.DIRECT, attempt, mark)
    assert (caught.value.sent, caught.value.permanent) == (True, False)


@pytest.mark.parametrize(
    ("order", "way", "attempt", "minutes", "seen"),
    [
        (ORDER, Way.DIRECT, None, 0, Seen.SAME),
        (ORDER, Way.DIRECT, MARKED, 0, Seen.SAME),
        (ORDER, Way.DIRECT, SENT, 99, Seen.UNKNOWN),
        (ORDER, Way.DIRECT, ENDED, 4, Seen.UNKNOWN),
        (ORDER, Way.DIRECT, ENDED, 5, Seen.OTHER),
        (ORDER, Way.ELSEWHERE, None, 0, Seen.OTHER),
        (ORDER, Way.NONE, None, 0, Seen.GONE),
        (BACK, Way.DIRECT, SENT, 0, Seen.SAME),
        (BACK, Way.NONE, SENT, 0, Seen.GONE),
    ],
)
def test_how_the_seat_stands(order: SeatOrder, way: Way, attempt: Attempt | None, minutes: int, seen: Seen) -> None:
    assert memberships.seen(order, way, attempt, "m1", NOW + timedelta(minutes=minutes)) is seen


def test_a_group_of_the_team_comes_before_one_of_every_team() -> None:
    groups = {memberships.place(" Revit "): "all", memberships.place("DESIGN / Revit"): "own"}
    assert memberships.carrier(groups, ORDER) == "own"
    assert memberships.carrier(groups, replace(ORDER, team="West")) == "all"
    assert memberships.against(ORDER, groups, OutOfGroups.ALONE) is None
