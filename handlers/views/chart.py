"""The chart of use over the range: one native chart of at most 20 points."""

from collections.abc import Callable

from handlers.views.blocks import Block
from handlers.views.wording import day, iso
from reporting_core.words.report import Chart, ChartPoint


def chart(drawn: Chart) -> list[Block]:
    """Return the chart, or nothing when there was no use to draw."""
    series = [each for each in (_series(drawn, *kind) for kind in _KINDS) if each]
    if not series:
        return []
    axis = {"categories": labels(drawn), "x_label": "Dates in UTC", "y_label": "Usage days"}
    bars = {"type": "bar", "series": series, "axis_config": axis}
    return [{"type": "data_visualization", "title": f"Use per {drawn.grain}", "chart": bars}]


def labels(drawn: Chart) -> list[str]:
    """One label for each point, all different, at most 20 characters long."""
    short = [_label(drawn.grain, point) for point in drawn.points]
    return short if len(set(short)) == len(short) else [iso(point.first) for point in drawn.points]


_KINDS: tuple[tuple[str, Callable[[ChartPoint], int]], ...] = (
    ("Subscription", lambda point: point.subscription),
    ("Flex", lambda point: point.flex),
)


def _series(drawn: Chart, name: str, count: Callable[[ChartPoint], int]) -> Block | None:
    if not any(count(point) for point in drawn.points):
        return None
    pairs = zip(labels(drawn), drawn.points, strict=True)
    return {"name": name, "data": [{"label": label, "value": count(point)} for label, point in pairs]}


def _label(grain: str, point: ChartPoint) -> str:
    date, month, year = day(point.first).split()
    if grain == "month":
        return f"{month} {year}"
    last, last_month, _ = day(point.last).split()
    if point.first == point.last:
        return f"{date} {month}"
    return f"{date}–{last} {month}" if month == last_month else f"{date} {month}–{last} {last_month}"  # noqa: RUF001
