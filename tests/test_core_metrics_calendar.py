"""Months as integers, held equal to plain sets of days; and the dates of a chart's points."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reporting_core.metrics import buckets, calendar
from reporting_core.words.report import ChartPoint, Period
from reporting_core.words.terms import Access

DATES = st.dates(date(2023, 1, 1), date(2029, 12, 31))
DAYS = st.sets(DATES.map(date.toordinal), max_size=60)


def test_a_day_is_one_bit_of_its_month() -> None:
    assert calendar.bit(date(2026, 11, 24).toordinal()) == (2026 * 12 + 10, 1 << 23)


def test_the_window_of_a_range_within_one_month_leaves_out_both_ends() -> None:
    assert calendar.window(date(2026, 11, 2), date(2026, 11, 4)) == {2026 * 12 + 10: 0b1110}


def test_a_window_over_three_months_holds_the_middle_one_whole() -> None:
    months = calendar.window(date(2026, 1, 31), date(2026, 3, 1))
    assert list(months.values()) == [1 << 30, (1 << 28) - 1, 1]


def test_a_range_that_runs_backwards_has_no_window() -> None:
    assert calendar.window(date(2026, 11, 2), date(2026, 11, 1)) == {}


@pytest.mark.parametrize(
    ("month", "length"),
    [(date(2024, 2, 1), 29), (date(2026, 2, 1), 28), (date(2026, 4, 1), 30), (date(9999, 12, 1), 31)],
)
def test_months_end_on_their_last_day(month: date, length: int) -> None:
    assert calendar.month_end(calendar.month_number(month)) == month.replace(day=length)


@given(DAYS)
def test_masks_lose_no_day(days: set[int]) -> None:
    assert calendar.all_days(calendar.masks(days)) == sorted(days)


@given(DAYS, DATES, st.integers(0, 400))
def test_counting_through_a_window_is_counting_days_in_the_range(days: set[int], first: date, length: int) -> None:
    last = first + timedelta(days=length)
    naive = sum(first <= date.fromordinal(day) <= last for day in days)
    assert calendar.count(calendar.masks(days), calendar.window(first, last)) == naive


@given(st.lists(DAYS, max_size=4))
def test_the_union_counts_a_day_once(several: list[set[int]]) -> None:
    assert calendar.all_days(calendar.union(map(calendar.masks, several))) == sorted(set().union(*several))


@pytest.mark.parametrize(
    ("first", "last", "grain", "points"),
    [
        (date(2026, 11, 24), date(2026, 11, 24), "day", 1),
        (date(2026, 11, 5), date(2026, 11, 24), "day", 20),
        (date(2026, 11, 4), date(2026, 11, 24), "week", 4),
        (date(2026, 10, 26), date(2026, 11, 24), "week", 5),
        (date(2026, 8, 24), date(2026, 11, 24), "week", 14),
        (date(2026, 5, 24), date(2026, 11, 24), "month", 7),
        (date(2025, 11, 24), date(2026, 11, 24), "month", 13),
    ],
)
def test_a_chart_has_days_then_weeks_then_months(first: date, last: date, grain: str, points: int) -> None:
    found, spans = buckets.buckets(Period(first, last))
    assert (found, len(spans)) == (grain, points)


def test_weeks_of_a_chart_run_from_monday_to_sunday_between_the_ends() -> None:
    _, spans = buckets.buckets(Period(date(2026, 10, 29), date(2026, 11, 24)))
    assert spans[0] == (date(2026, 10, 29), date(2026, 11, 1))
    assert spans[1] == (date(2026, 11, 2), date(2026, 11, 8))
    assert spans[-1] == (date(2026, 11, 23), date(2026, 11, 24))


@given(DATES, st.integers(1, 367))
def test_the_points_of_a_chart_hold_each_date_once_and_are_at_most_20(first: date, length: int) -> None:
    period = Period(first, first + timedelta(days=length - 1))
    _, spans = buckets.buckets(period)
    covered = [low.toordinal() + step for low, high in spans for step in range((high - low).days + 1)]
    assert covered == list(range(period.first.toordinal(), period.last.toordinal() + 1))
    assert len(spans) <= buckets.MOST


def test_a_chart_counts_each_access_option_under_each_points_masks() -> None:
    used = {Access.SUBSCRIPTION: calendar.masks([date(2026, 11, day).toordinal() for day in (1, 2, 2)])}

    chart = buckets.chart(
        Period(date(2026, 11, 1), date(2026, 11, 3)),
        lambda window: {access: calendar.count(masks, window) for access, masks in used.items()},
    )

    assert chart.grain == "day"
    assert chart.points[1] == ChartPoint(date(2026, 11, 2), date(2026, 11, 2), subscription=1, flex=0)
    assert [point.subscription for point in chart.points] == [1, 1, 0]


def test_windows_of_points_do_not_overlap() -> None:
    _, spans = buckets.buckets(Period(date(2026, 10, 26), date(2026, 11, 24)))
    windows = buckets.windows(spans)
    assert sum(mask.bit_count() for window in windows for mask in window.values()) == 30
    assert calendar.union(windows) == calendar.window(date(2026, 10, 26), date(2026, 11, 24))
