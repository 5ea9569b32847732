"""Rows as they are shown: figures, dates, hashed names, and why each has its status."""

from datetime import date, timedelta
from itertools import product

import pytest

from reporting_core.metrics.ordering import Names
from reporting_core.metrics.personal import Pseudonyms, must_hash
from reporting_core.metrics.rows import Rows, Showing, person, row
from reporting_core.metrics.status import statuses
from reporting_core.metrics.why import Grounds, why
from reporting_core.words.errors import SettingWrong
from reporting_core.words.report import Fact, Period, Row
from reporting_core.words.terms import Access, Origin, Status
from tests.facts import ANN, AS_OF, BEN, DESIGN, FIRST, PERIOD, REVIT, STRUCTURAL, flex, seat

KEY = b"a key that nobody else has, 32 b"
GROUNDS = Grounds(PERIOD, AS_OF)
NEW = FIRST + timedelta(days=1)


def showing(*, hashed: bool = False) -> Showing:
    names = Names({DESIGN: "Design"}, {REVIT: "Revit"}, person(Pseudonyms(KEY, 1).of, hashed=hashed))
    return Showing(GROUNDS, names, hashed, lambda team, who: ("CAD users",) if (team, who) == (DESIGN, ANN) else ())


def test_a_row_holds_dates_figures_and_names() -> None:
    fact = seat(days=12, assigned_on=date(2026, 1, 31), last=date(2026, 11, 20))
    found = row(fact, Status.ACTIVE, showing())
    assert found == Row(
        assignment_id=1,
        team="Design",
        product="Revit",
        access=Access.SUBSCRIPTION,
        person="Ann Lee",
        email="ann@example.com",
        status=Status.ACTIVE,
        assigned_by=Origin.INDIVIDUAL,
        origin_group="",
        groups=("CAD users",),
        assigned_on=date(2026, 1, 31),
        unassigned_on=None,
        days_used=12,
        monthly_average=12.0,
        last_accessed=date(2026, 11, 20),
        days_inactive=4,
        tokens_used=0.0,
        stale=False,
        why=why(fact, Status.ACTIVE, GROUNDS),
        person_id=ANN,
        assigned=True,
    )


def test_what_is_not_known_is_empty_and_not_0() -> None:
    found = row(flex(days=None, millitokens=None, last=None, assigned_on=None), Status.NOT_APPLICABLE, showing())
    assert (found.days_used, found.monthly_average, found.tokens_used) == (None, None, None)
    assert (found.last_accessed, found.days_inactive, found.assigned_on) == (None, None, None)


def test_a_seat_costs_no_tokens_whatever_was_loaded() -> None:
    assert row(seat(millitokens=None), Status.INACTIVE, showing()).tokens_used == 0.0


def test_hashed_rows_hold_neither_name_nor_email() -> None:
    found = row(seat(), Status.INACTIVE, showing(hashed=True))
    assert found.person == Pseudonyms(KEY, 1).of(ANN)
    assert found.email is None
    assert "Ann" not in repr(found)
    assert "ann@" not in repr(found)


@pytest.mark.parametrize(
    ("name", "email", "shown"), [("Ann Lee", "ann@example.com", "Ann Lee"), ("", "ann@example.com", "ann@example.com")]
)
def test_people_without_a_name_are_called_by_their_email(name: str, email: str, shown: str) -> None:
    assert row(seat(name=name, email=email), Status.INACTIVE, showing()).person == shown


def test_people_without_any_name_are_called_by_their_hash() -> None:
    found = row(seat(name="", email=""), Status.INACTIVE, showing())
    assert (found.person, found.email) == (Pseudonyms(KEY, 1).of(ANN), None)


def test_rows_are_a_sequence_in_the_given_order() -> None:
    facts = [seat(assignment=1, days=1), seat(assignment=2), flex(assignment=3)]
    rows = Rows([2, 0, 1], facts, statuses(facts, PERIOD, AS_OF), showing())
    assert [each.assignment_id for each in rows] == [3, 1, 2]
    assert (len(rows), rows[-1].assignment_id) == (3, 2)
    assert [each.assignment_id for each in rows[1:]] == [1, 2]
    assert [each.assignment_id for each in reversed(rows)] == [2, 1, 3]
    with pytest.raises(IndexError):
        rows[3]


def test_what_is_not_listed_has_no_row() -> None:
    facts = [seat(assigned=0)]
    with pytest.raises(LookupError, match="assignment 1 is not listed"):
        Rows([0], facts, statuses(facts, PERIOD, AS_OF), showing())[0]


RANGE = "2026-10-26 to 2026-11-24 (30 dates)"


@pytest.mark.parametrize(
    ("fact", "status", "sentence"),
    [
        (
            seat(days=12, last=date(2026, 11, 20)),
            Status.ACTIVE,
            (
                f"Active: the seat is assigned since 2026-01-01 and was used on 12 days of the range {RANGE}; "
                "last accessed on 2026-11-20, 4 days before 2026-11-24."
            ),
        ),
        (
            seat(days=None, used=1, assigned_on=None, last=AS_OF),
            Status.ACTIVE,
            (
                f"Active: the seat is assigned and was used in the range {RANGE}; "
                "last accessed on 2026-11-24, the as-of date."
            ),
        ),
        (
            seat(),
            Status.INACTIVE,
            (
                f"Inactive: the seat is assigned since 2026-01-01, for the whole range {RANGE}, and was used on none "
                "of its dates; it was never accessed; work while offline is never reported."
            ),
        ),
        (
            seat(assigned_on=NEW, last=date(2026, 10, 1)),
            Status.NOT_YET_ACTIVE,
            (
                f"Not yet active: the seat is assigned since 2026-10-27, after the range {RANGE} began, and was used "
                "on none of its dates; last accessed on 2026-10-01, 54 days before 2026-11-24."
            ),
        ),
        (
            seat(assigned=0, days=1, unassigned_on=NEW, last=FIRST),
            Status.UNASSIGNED,
            (
                f"Unassigned: the seat is not assigned since 2026-10-27, but was used on 1 day of the range {RANGE}; "
                "last accessed on 2026-10-26, 29 days before 2026-11-24."
            ),
        ),
        (
            seat(assigned=0),
            Status.UNASSIGNED,
            f"Unassigned: the seat is not assigned; no use is known in the range {RANGE}; it was never accessed.",
        ),
        (
            seat(assigned_on=None),
            Status.UNKNOWN,
            (
                f"Unknown: the seat was used on none of the dates {RANGE}, but since when it is assigned is not known; "
                "it was never accessed."
            ),
        ),
        (
            seat(days=None),
            Status.UNKNOWN,
            (
                f"Unknown: no use of the seat is known, but no data was loaded for part of the range {RANGE}, "
                "so it cannot be called inactive."
            ),
        ),
        (
            seat(assigned=None, days=3, last=AS_OF),
            Status.UNKNOWN,
            (
                "Unknown: no Usage Report says whether a seat is assigned; the product was used on 3 days of the range "
                f"{RANGE}; last accessed on 2026-11-24, the as-of date."
            ),
        ),
        (
            seat(assigned=None, days=None),
            Status.UNKNOWN,
            (
                "Unknown: no Usage Report says whether a seat is assigned; the product has no known use in the range "
                f"{RANGE}."
            ),
        ),
        (
            flex(days=2, last=AS_OF),
            Status.ACTIVE,
            f"Active: Flex was used on 2 days of the range {RANGE}; last accessed on 2026-11-24, the as-of date.",
        ),
        (
            flex(),
            Status.NOT_APPLICABLE,
            (
                "Not applicable: Flex is paid by the day of use, so nobody is expected to come regularly; "
                f"no use is known in the range {RANGE}; it was never accessed."
            ),
        ),
        (
            flex(stale=1),
            Status.NOT_APPLICABLE,
            (
                "Not applicable: Flex is paid by the day of use, so nobody is expected to come regularly; "
                f"no use is known in the range {RANGE}; it was never accessed; "
                "the newest Usage Report no longer lists it, so this is the last known state."
            ),
        ),
    ],
)
def test_each_status_says_what_it_was_decided_from(fact: Fact, status: Status, sentence: str) -> None:
    assert why(fact, status, GROUNDS) == sentence


@pytest.mark.parametrize(
    ("gaps", "said"),
    [
        ([(1, 1)], "2026-10-26,"),
        ([(1, 3)], "2026-10-26 to 2026-10-28,"),
        ([(1, 1), (5, 5), (7, 7), (9, 9), (11, 11)], "2026-10-26, 2026-10-30, 2026-11-01 and 2 more gaps,"),
        ([(1, 1), (5, 5), (7, 7), (9, 9)], "2026-10-26, 2026-10-30, 2026-11-01 and 1 more gap,"),
    ],
)
def test_the_dates_without_data_are_named(gaps: list[tuple[int, int]], said: str) -> None:
    start = FIRST.toordinal() - 1
    grounds = Grounds(PERIOD, AS_OF, {DESIGN: [(start + low, start + high) for low, high in gaps]})
    assert f"no data was loaded for {said}" in why(seat(days=None), Status.UNKNOWN, grounds)


def test_a_range_of_one_date_is_named_by_it() -> None:
    one = Grounds(Period(AS_OF, AS_OF), AS_OF)
    assert "the whole range 2026-11-24 (1 date)" in why(seat(), Status.INACTIVE, one)


def test_why_names_nobody() -> None:
    sentences = [why(seat(name="CANARY", email="canary@example.com", days=1), status, GROUNDS) for status in Status]
    assert "canary" not in " ".join(sentences).casefold()


def test_one_person_has_one_hash_in_all_reports_of_an_account() -> None:
    first, second = Pseudonyms(KEY, 1), Pseudonyms(KEY, 1)
    assert first.of(ANN) == first.of(ANN) == second.of(ANN)
    assert len(first.of(ANN)) == 16
    assert int(first.of(ANN), 16) >= 0


def test_people_accounts_and_keys_have_different_hashes() -> None:
    hashes = {
        Pseudonyms(KEY, 1).of(ANN),
        Pseudonyms(KEY, 1).of(BEN),
        Pseudonyms(KEY, 2).of(ANN),
        Pseudonyms(KEY[::-1], 1).of(ANN),
    }
    assert len(hashes) == 4


def test_a_key_that_can_be_guessed_is_refused_with_a_good_one() -> None:
    with pytest.raises(SettingWrong, match="openssl rand -hex 32"):
        Pseudonyms(b"short", 1)


@pytest.mark.parametrize(
    ("counted", "off"), list(product([[DESIGN], [STRUCTURAL], [DESIGN, STRUCTURAL], []], repeat=2))
)
def test_everybody_is_hashed_if_personal_data_of_any_counted_team_is_off(counted: list[int], off: list[int]) -> None:
    assert must_hash(counted, frozenset(off)) == {team for team in counted if team in off}
