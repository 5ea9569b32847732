"""Figures of a row and of tokens, in round numbers; what was bought."""

from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reporting_core.metrics.figures import days_inactive, monthly_average, months, tokens, tokens_a_month
from reporting_core.metrics.pools import Balance, Left, Pool, left, seats
from reporting_core.words.report import Period
from tests.facts import AS_OF, DESIGN, STRUCTURAL


def ago(days: int) -> int:
    return AS_OF.toordinal() - days


@pytest.mark.parametrize(
    ("days", "known", "expected"),
    [
        (1, None, Fraction(1)),
        (7, None, Fraction(1)),
        (30, None, Fraction(1)),
        (31, None, Fraction(31, 30)),
        (90, None, Fraction(3)),
        (366, None, Fraction(122, 10)),
        (93, 3, Fraction(3)),
        (366, 12, Fraction(12)),
    ],
)
def test_months_are_those_asked_for_or_thirty_days(days: int, known: int | None, expected: Fraction) -> None:
    assert months(Period(AS_OF - timedelta(days=days - 1), AS_OF, known)) == expected


@pytest.mark.parametrize(
    ("days", "length", "expected"),
    [
        (12, Fraction(1), 12.0),
        (0, Fraction(12), 0.0),
        (1, Fraction(4), 0.3),
        (1, Fraction(12), 0.1),
        (3, Fraction(12), 0.3),
        (16, Fraction(75, 30), 6.4),
        (61, Fraction(20), 3.1),
        (84, Fraction(12), 7.0),
    ],
)
def test_the_monthly_average_has_one_decimal_half_up(days: int, length: Fraction, expected: float) -> None:
    assert monthly_average(days, length) == expected


@given(st.integers(0, 400), st.integers(1, 400))
def test_the_monthly_average_is_what_decimal_rounding_gives(days: int, length: int) -> None:
    exact = Decimal(days * 30) / Decimal(length)
    assert Decimal(str(monthly_average(days, Fraction(length, 30)))) == exact.quantize(Decimal("0.1"), ROUND_HALF_UP)


def test_days_inactive_count_from_last_accessed_to_the_as_of_date() -> None:
    assert days_inactive(ago(4), AS_OF) == 4
    assert days_inactive(ago(0), AS_OF) == 0
    assert days_inactive(ago(-1), AS_OF) == 0
    assert days_inactive(None, AS_OF) is None


def test_tokens_keep_their_decimals() -> None:
    assert tokens(1_234_500) == 1234.5
    assert tokens_a_month(1_234_500, Fraction(1)) == 1234.5
    assert tokens_a_month(512_000, Fraction(3)) == 170.7
    assert tokens_a_month(150, Fraction(1)) == 0.2


@pytest.mark.parametrize(
    ("starts", "ends", "expected"),
    [
        (ago(10), ago(-10), 5),
        (ago(0), ago(0), 5),
        (None, None, 5),
        (None, ago(0), 5),
        (ago(10), ago(1), 0),
        (ago(-1), None, 0),
    ],
)
def test_seats_are_those_whose_term_holds_the_as_of_date(starts: int | None, ends: int | None, expected: int) -> None:
    assert seats([Pool(5, starts, ends)], AS_OF) == expected


def test_seats_of_several_subscriptions_add_up() -> None:
    assert seats([Pool(5, None, None), Pool(7, None, None), Pool(9, None, ago(1))], AS_OF) == 12


def test_tokens_left_are_each_teams_newest_statement() -> None:
    known = [
        Balance(DESIGN, 900_000, None, ago(40)),
        Balance(DESIGN, 500_000, None, ago(10)),
        Balance(STRUCTURAL, 70_000, None, ago(20)),
    ]
    assert left(known, AS_OF) == Left(570_000, ago(10))


def test_packs_of_one_statement_add_up_and_those_that_ended_hold_nothing() -> None:
    known = [
        Balance(DESIGN, 100_000, ago(0), ago(1)),
        Balance(DESIGN, 200_000, None, ago(1)),
        Balance(DESIGN, 400_000, ago(1), ago(1)),
    ]
    assert left(known, AS_OF).millitokens == 300_000


def test_a_balance_without_a_date_counts_until_there_is_one_with_it() -> None:
    undated = Balance(DESIGN, 1_000, None, None)
    assert left([undated], AS_OF) == Left(1_000, None)
    assert left([undated, Balance(DESIGN, 2_000, None, ago(99))], AS_OF).millitokens == 2_000


def test_without_balances_tokens_left_are_not_known() -> None:
    assert left([], AS_OF) == Left(None, None)


def test_the_as_of_date_decides_which_term_counts() -> None:
    renewal = date(2026, 7, 1).toordinal()
    pools = [Pool(10, None, renewal - 1), Pool(20, renewal, None)]
    assert (seats(pools, date(2026, 6, 30)), seats(pools, date(2026, 7, 1))) == (10, 20)
