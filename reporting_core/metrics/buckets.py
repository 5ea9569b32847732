"""The dates of a chart's points: days, weeks or months, whichever needs at most 20 points."""

from collections.abc import Callable, Mapping
from datetime import date, timedelta

from reporting_core.metrics.calendar import month_end, month_number, window
from reporting_core.metrics.figures import tokens
from reporting_core.words.report import Chart, ChartPoint, DayUse, Period
from reporting_core.words.terms import Access

MOST = 20
"""Points in a chart that Slack draws (slack.md)."""

Span = tuple[date, date]

_DAY = timedelta(days=1)


def buckets(period: Period) -> tuple[str, tuple[Span, ...]]:
    """Grain (`day`, `week` or `month`) and dates of each point, cut at the range's ends; weeks run Monday to Sunday."""
    if period.days <= MOST:
        return "day", _split(period, lambda day: day)
    weeks = _split(period, _sunday)
    if len(weeks) <= MOST:
        return "week", weeks
    return "month", _split(period, lambda day: month_end(month_number(day)))


def windows(spans: tuple[Span, ...]) -> tuple[dict[int, int], ...]:
    """Masks of each point's dates by month, for counting under them."""
    return tuple(window(first, last) for first, last in spans)


def chart(period: Period, count: Callable[[Mapping[int, int]], Mapping[Access, int]]) -> Chart:
    """Chart of a range; `count` gives the usage days of each access option under one point's masks (month → mask)."""
    grain, spans = buckets(period)
    points = []
    for first, last in spans:
        used = count(window(first, last))
        points.append(ChartPoint(first, last, used.get(Access.SUBSCRIPTION, 0), used.get(Access.FLEX, 0)))
    return Chart(grain, tuple(points))


def days(span: Span, used: Mapping[int, tuple[int, int]], charged: Mapping[int, int]) -> tuple[DayUse, ...]:
    """Use of each date of [first, last], from (subscription, flex) and thousandths of tokens by ordinal."""
    every = range(span[0].toordinal(), span[1].toordinal() + 1)
    found = ((day, *used.get(day, (0, 0)), tokens(charged.get(day, 0))) for day in every)
    return tuple(DayUse(date.fromordinal(day), seats, flex, amount) for day, seats, flex, amount in found)


def _sunday(day: date) -> date:
    return day + timedelta(days=7 - day.isoweekday())


def _split(period: Period, end_of: Callable[[date], date]) -> tuple[Span, ...]:
    spans, first = [], period.first
    while first <= period.last:
        last = min(end_of(first), period.last)
        spans.append((first, last))
        first = last + _DAY
    return tuple(spans)
