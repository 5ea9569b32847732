"""Ranges become dates: rolling, calendar and custom ones; what cannot be answered is asked back."""

import calendar as plain
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reporting_core.metrics.periods import LONGEST, resolve
from reporting_core.words.errors import AskAgain
from reporting_core.words.query import Between, Calendar, Last, Range, Unit
from reporting_core.words.report import Period
from tests.facts import AS_OF

DATES = st.dates(date(2001, 1, 1), date(2090, 12, 31))


def dates(asked: Range, as_of: date = AS_OF, today: date | None = None) -> tuple[str, str]:
    period = resolve(asked, as_of, today or as_of).period
    return str(period.first), str(period.last)


def refusal(asked: Range, as_of: date = AS_OF, today: date | None = None) -> AskAgain:
    with pytest.raises(AskAgain) as caught:
        resolve(asked, as_of, today or as_of)
    return caught.value


@pytest.mark.parametrize(
    ("asked", "first"),
    [
        (Last(1, Unit.DAYS), "2026-11-24"),
        (Last(7, Unit.DAYS), "2026-11-18"),
        (Last(30, Unit.DAYS), "2026-10-26"),
        (Last(90, Unit.DAYS), "2026-08-27"),
        (Last(366, Unit.DAYS), "2025-11-24"),
        (Last(1, Unit.WEEKS), "2026-11-18"),
        (Last(2, Unit.WEEKS), "2026-11-11"),
        (Last(1, Unit.MONTHS), "2026-10-24"),
        (Last(3, Unit.MONTHS), "2026-08-24"),
        (Last(9, Unit.MONTHS), "2026-02-24"),
        (Last(12, Unit.MONTHS), "2025-11-24"),
        (Last(1, Unit.YEARS), "2025-11-24"),
    ],
)
def test_rolling_ranges_end_on_the_as_of_date(asked: Last, first: str) -> None:
    assert dates(asked) == (first, "2026-11-24")


def test_three_months_are_the_vendors_own_example() -> None:
    assert dates(Last(3, Unit.MONTHS), date(2026, 1, 10)) == ("2025-10-10", "2026-01-10")


@pytest.mark.parametrize(
    ("as_of", "months", "first"),
    [
        (date(2026, 5, 31), 3, "2026-02-28"),
        (date(2024, 5, 31), 3, "2024-02-29"),
        (date(2026, 12, 31), 1, "2026-11-30"),
        (date(2024, 2, 29), 12, "2023-02-28"),
    ],
)
def test_a_day_the_month_does_not_have_becomes_its_last(as_of: date, months: int, first: str) -> None:
    assert dates(Last(months, Unit.MONTHS), as_of)[0] == first


@pytest.mark.parametrize(
    ("asked", "months"), [(Last(3, Unit.MONTHS), 3), (Last(1, Unit.YEARS), 12), (Last(90, Unit.DAYS), None)]
)
def test_only_ranges_given_in_months_or_years_know_their_months(asked: Last, months: int | None) -> None:
    assert resolve(asked, AS_OF, AS_OF).period.months == months


@pytest.mark.parametrize(
    ("name", "as_of", "first", "last"),
    [
        ("week", date(2026, 11, 24), "2026-11-16", "2026-11-22"),
        ("week", date(2026, 11, 22), "2026-11-16", "2026-11-22"),
        ("week", date(2026, 11, 23), "2026-11-16", "2026-11-22"),
        ("month", date(2026, 11, 24), "2026-10-01", "2026-10-31"),
        ("month", date(2026, 11, 30), "2026-11-01", "2026-11-30"),
        ("month", date(2026, 1, 15), "2025-12-01", "2025-12-31"),
        ("quarter", date(2026, 11, 24), "2026-07-01", "2026-09-30"),
        ("quarter", date(2026, 12, 31), "2026-10-01", "2026-12-31"),
        ("quarter", date(2026, 12, 30), "2026-07-01", "2026-09-30"),
        ("quarter", date(2026, 2, 1), "2025-10-01", "2025-12-31"),
        ("year", date(2026, 11, 24), "2025-01-01", "2025-12-31"),
        ("year", date(2026, 12, 31), "2026-01-01", "2026-12-31"),
        ("2026-09", date(2026, 11, 24), "2026-09-01", "2026-09-30"),
        ("2024-02", date(2026, 11, 24), "2024-02-01", "2024-02-29"),
        ("2026-q3", date(2026, 11, 24), "2026-07-01", "2026-09-30"),
        ("2025-Q4", date(2026, 11, 24), "2025-10-01", "2025-12-31"),
        ("2025", date(2026, 11, 24), "2025-01-01", "2025-12-31"),
    ],
)
def test_calendar_ranges_are_whole_ones(name: str, as_of: date, first: str, last: str) -> None:
    assert dates(Calendar(name), as_of) == (first, last)
    assert resolve(Calendar(name), as_of, as_of).notes == ()


@pytest.mark.parametrize(
    ("name", "first"), [("2026-11", "2026-11-01"), ("2026-q4", "2026-10-01"), ("2026", "2026-01-01")]
)
def test_a_named_range_still_running_is_cut_at_the_as_of_date_and_says_so(name: str, first: str) -> None:
    assert dates(Calendar(name)) == (first, "2026-11-24")
    assert "the report ends on the as-of date 2026-11-24" in resolve(Calendar(name), AS_OF, AS_OF).notes[0]


@pytest.mark.parametrize("name", ["2026-12", "2027", "2027-q1", "9999-12"])
def test_a_named_range_after_the_data_is_asked_back(name: str) -> None:
    assert "after the as-of date 2026-11-24" in refusal(Calendar(name)).message


@pytest.mark.parametrize("name", ["2026-13", "2026-00", "2026-q5", "0000", "fortnight", "２０２６", ""])
def test_what_is_no_calendar_range_is_told_how_to_name_one(name: str) -> None:
    error = refusal(Calendar(name))
    assert "2026-q3" in error.message
    assert "last=month" in error.suggestions


@pytest.mark.parametrize(
    ("asked", "first", "last"),
    [
        (Between(date(2026, 2, 1), date(2026, 2, 28)), "2026-02-01", "2026-02-28"),
        (Between(date(2026, 11, 24), date(2026, 11, 24)), "2026-11-24", "2026-11-24"),
        (Between(date(2026, 11, 1)), "2026-11-01", "2026-11-24"),
        (Between(date(2025, 11, 24), date(2026, 11, 24)), "2025-11-24", "2026-11-24"),
        (Between("2026-02-01", "2026-02-28"), "2026-02-01", "2026-02-28"),
        (Between("yesterday", "today"), "2026-11-23", "2026-11-24"),
        (Between("yesterday", "yesterday"), "2026-11-23", "2026-11-23"),
    ],
)
def test_custom_ranges_hold_both_ends(asked: Between, first: str, last: str) -> None:
    assert dates(asked) == (first, last)


def test_a_custom_range_past_the_data_is_kept_and_says_what_is_not_known() -> None:
    resolved = resolve(Between(date(2026, 11, 1), "today"), AS_OF, date(2026, 11, 26))
    assert resolved.period == Period(date(2026, 11, 1), date(2026, 11, 26))
    assert "past the as-of date 2026-11-24" in resolved.notes[0]


def test_data_newer_than_the_clock_is_no_future() -> None:
    assert dates(Between(date(2026, 11, 1), date(2026, 11, 24)), today=date(2026, 1, 1)) == ("2026-11-01", "2026-11-24")


def test_a_range_that_runs_backwards_is_offered_the_right_way_round() -> None:
    error = refusal(Between(date(2026, 2, 28), date(2026, 2, 1)))
    assert error.suggestions == ("from=2026-02-01 to=2026-02-28",)


def test_more_than_366_dates_are_refused_with_the_newest_366() -> None:
    error = refusal(Between(date(2025, 11, 23), date(2026, 11, 24)))
    assert "367 dates" in error.message
    assert error.suggestions == ("from=2025-11-24 to=2026-11-24",)


def test_an_end_in_the_future_is_refused_with_the_last_date_there_is() -> None:
    error = refusal(Between(date(2026, 11, 1), date(2026, 11, 25)))
    assert "2026-11-25 is in the future" in error.message
    assert error.suggestions == ("from=2026-11-01 to=2026-11-24",)


@pytest.mark.parametrize("last", [None, date(2026, 11, 26), "today"])
def test_a_range_that_begins_after_the_data_is_refused(last: date | str | None) -> None:
    error = refusal(Between(date(2026, 11, 25), last), today=date(2026, 11, 26))
    assert "after the as-of date 2026-11-24" in error.message


def test_both_ends_in_the_future_are_refused_with_a_range_that_works() -> None:
    assert refusal(Between(date(2027, 1, 1), date(2027, 2, 1))).suggestions == ("last=30d",)


@pytest.mark.parametrize(
    "asked",
    [Last(0, Unit.DAYS), Last(367, Unit.DAYS), Last(53, Unit.WEEKS), Last(13, Unit.MONTHS), Last(2, Unit.YEARS)],
)
def test_rolling_ranges_have_a_longest(asked: Last) -> None:
    assert "The longest is last=" in refusal(asked).message


def test_a_word_that_is_no_date_is_asked_back() -> None:
    assert "“someday” is no date" in refusal(Between("someday")).message


def test_months_before_the_calendar_begins_are_asked_back() -> None:
    assert "12 months back" in refusal(Last(12, Unit.MONTHS), date(1, 5, 1)).message


@given(DATES, st.integers(1, LONGEST))
def test_last_n_days_are_n_dates(as_of: date, count: int) -> None:
    period = resolve(Last(count, Unit.DAYS), as_of, as_of).period
    assert (period.days, period.last) == (count, as_of)


@given(DATES, st.integers(1, 12))
def test_rolling_months_begin_on_the_same_day_or_the_months_last(as_of: date, count: int) -> None:
    period = resolve(Last(count, Unit.MONTHS), as_of, as_of).period
    last_day = plain.monthrange(period.first.year, period.first.month)[1]
    assert (as_of.year - period.first.year) * 12 + as_of.month - period.first.month == count
    assert period.first.day == min(as_of.day, last_day)


@given(DATES, st.sampled_from(["week", "month", "quarter", "year"]))
def test_the_last_whole_range_has_ended_and_the_next_has_not(as_of: date, name: str) -> None:
    period = resolve(Calendar(name), as_of, as_of).period
    following = resolve(Calendar(name), as_of + timedelta(days=366), as_of).period
    assert period.last <= as_of
    assert (as_of - period.last).days < {"week": 7, "month": 31, "quarter": 92, "year": 366}[name]
    assert following.first > period.last
