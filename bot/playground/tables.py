"""The newest blocks: `table`, `data_table` and `data_visualization`, which some workspaces still refuse.

Where Slack's pages have given two numbers over time the smaller one is used, so that what passes here passes there.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

from bot.playground.rich_text import RICH_TEXT
from bot.playground.schema import (
    Check,
    Problem,
    anything,
    boolean,
    integer,
    is_number,
    items,
    mapping,
    number,
    one_of,
    string,
    tagged,
)

MOST_COLUMNS = 20
MOST_TABLE_ROWS = 100
MOST_CELL_TEXT = 10_000
MOST_SERIES = 6
MOST_POINTS = 20
MOST_LABEL = 20

_RAW_TEXT = mapping({"type": anything, "text": string(), "emoji": boolean}, ("type", "text"))
_RAW_NUMBER = mapping({"type": anything, "value": number, "text": string()}, ("type", "value", "text"))


def text_of(value: Any) -> str:
    """All the words in a cell, list or block, as a reader would see them."""
    if isinstance(value, dict):
        own = value["text"] if isinstance(value.get("text"), str) else ""
        return own + "".join(text_of(item) for key, item in value.items() if key != "text" or not own)
    return "".join(text_of(item) for item in value) if isinstance(value, list) else ""


def _rich_cell(value: object, pointer: str) -> Iterator[Problem]:
    problems = [*RICH_TEXT(value, pointer)]
    yield from problems
    if not problems and not _shows_something(value):
        yield Problem("must be more than 0 characters", pointer)


def _shows_something(value: Any) -> bool:
    if isinstance(value, dict):
        shown = ("user_id", "usergroup_id", "channel_id", "name", "range", "url", "timestamp")
        return bool(value.get("text")) or any(key in value for key in shown) or _shows_something(value.get("elements"))
    return isinstance(value, list) and any(_shows_something(item) for item in value)


CELL = tagged({"raw_text": _RAW_TEXT, "raw_number": _RAW_NUMBER, "rich_text": _rich_cell})
HEADER_CELL = tagged({"raw_text": _RAW_TEXT, "raw_number": _RAW_NUMBER})


def _same_width(value: Any, pointer: str) -> Iterator[Problem]:
    widths = {len(row) for row in value["rows"]}
    if len(widths) > 1:
        yield Problem("all rows must have the same number of cells", f"{pointer}/rows")


def _little_text(value: Any, pointer: str) -> Iterator[Problem]:
    if len(text_of(value["rows"])) > MOST_CELL_TEXT:
        yield Problem(f"must be less than {MOST_CELL_TEXT + 1} characters in all cells", f"{pointer}/rows")


def _header_and_index(value: Any, pointer: str) -> Iterator[Problem]:
    for column, cell in enumerate(value["rows"][0]):
        yield from HEADER_CELL(cell, f"{pointer}/rows/0/{column}")
    if value.get("row_header_column_index", 0) >= len(value["rows"][0]):
        yield Problem("must be the index of a column", f"{pointer}/row_header_column_index")


_ROW = items(CELL, 1, MOST_COLUMNS)
_COLUMN = mapping({"align": one_of("left", "center", "right"), "is_wrapped": boolean})


def _column_or_null(value: object, pointer: str) -> Iterator[Problem]:
    # Slack skips a column's settings with null.
    return iter(()) if value is None else _COLUMN(value, pointer)


TABLE = mapping(
    {
        "type": anything,
        "block_id": string(255),
        "rows": items(_ROW, 1, MOST_TABLE_ROWS),
        "column_settings": items(_column_or_null, 0, MOST_COLUMNS),
    },
    ("type", "rows"),
    _little_text,
)
DATA_TABLE = mapping(
    {
        "type": anything,
        "block_id": string(255),
        "rows": items(_ROW, 2, MOST_TABLE_ROWS + 1),
        "caption": string(),
        "page_size": integer(1, 100),
        "row_header_column_index": integer(0),
    },
    ("type", "rows", "caption"),
    _same_width,
    _little_text,
    _header_and_index,
)


def _finite(value: object, pointer: str) -> Iterator[Problem]:
    if not is_number(value) or not math.isfinite(value):  # type: ignore[arg-type]
        yield Problem("must provide a number", pointer)


def _positive(value: object, pointer: str) -> Iterator[Problem]:
    if not is_number(value) or not value > 0:  # type: ignore[operator]
        yield Problem("must be greater than 0", pointer)


_LABEL = string(MOST_LABEL)
_SEGMENT = mapping({"label": _LABEL, "value": _positive}, ("label", "value"))
_POINT = mapping({"label": _LABEL, "value": _finite}, ("label", "value"))
_SERIES = mapping({"name": _LABEL, "data": items(_POINT, 1, MOST_POINTS)}, ("name", "data"))
_AXIS = mapping(
    {"categories": items(_LABEL, 1, MOST_POINTS), "x_label": string(50), "y_label": string(50)}, ("categories",)
)


def _points_fit_axis(value: Any, pointer: str) -> Iterator[Problem]:
    names = [series["name"] for series in value["series"]]
    categories = value["axis_config"]["categories"]
    if len(set(names)) < len(names):
        yield Problem("series names must be unique", f"{pointer}/series")
    if len(set(categories)) < len(categories):
        yield Problem("categories must be unique", f"{pointer}/axis_config/categories")
    for index, series in enumerate(value["series"]):
        if sorted(point["label"] for point in series["data"]) != sorted(categories):
            yield Problem("must have one point for every category", f"{pointer}/series/{index}/data")


def _axis_chart() -> Check:
    keys = {"type": anything, "series": items(_SERIES, 1, MOST_SERIES), "axis_config": _AXIS}
    return mapping(keys, ("type", "series", "axis_config"), _points_fit_axis)


_PIE = mapping({"type": anything, "segments": items(_SEGMENT, 1, MOST_SERIES)}, ("type", "segments"))
CHART = tagged({"pie": _PIE, "bar": _axis_chart(), "area": _axis_chart(), "line": _axis_chart()})
DATA_VISUALIZATION = mapping(
    {"type": anything, "block_id": string(255), "title": string(50), "chart": CHART}, ("type", "title", "chart")
)
