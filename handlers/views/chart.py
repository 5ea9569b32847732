"""The chart of use over the range: one native chart of at most 20 points."""

from collections.abc import Callable

from handlers.sentences import label
from handlers.views.blocks import Block
from handlers.views.wording import dated, iso
from reporting_core.words.report import Chart, ChartPoint


def chart(drawn: Chart) -> list[Block]:
    """Return the chart, or nothing when there was no use to draw."""
    series = [each for each in (_series(drawn, *kind) for kind in _KINDS) if each]
    if not series:
        return []
    axis = {"categories": labels(drawn), "x_label": label("chart.dates"), "y_label": label("chart.usage_days")}
    bars = {"type": "bar", "series": series, "axis_config": axis}
    return [{"type": "data_visualization", "title": label(f"chart.per_{drawn.grain}"), "chart": bars}]


def labels(drawn: Chart) -> list[str]:
    """One label for each point, all different, at most 20 characters long."""
    short = [_label(drawn.grain, point) for point in drawn.points]
    return short if len(set(short)) == len(short) else [iso(point.first) for point in drawn.points]


_KINDS: tuple[tuple[str, Callable[[ChartPoint], int]], ...] = (
    ("subscription", lambda point: point.subscription),
    ("flex", lambda point: point.flex),
)


def _series(drawn: Chart, name: str, count: Callable[[ChartPoint], int]) -> Block | None:
    if not any(count(point) for point in drawn.points):
        return None
    pairs = zip(labels(drawn), drawn.points, strict=True)
    data = [{"label": under, "value": count(point)} for under, point in pairs]
    return {"name": label(f"words.{name}"), "data": data}


def _label(grain: str, point: ChartPoint) -> str:
    first, last = point.first, point.last
    if grain == "month":
        return dated(first, "month")
    if first == last:
        return dated(first, "day_of_year")
    beginning = dated(first, "day_of_month" if first.month == last.month else "day_of_year")
    return f"{beginning}–{dated(last, 'day_of_year')}"  # noqa: RUF001 - a range of dates
