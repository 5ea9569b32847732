"""The sheet of days: how many assignments were used on each date, as a table and as a chart that Excel draws itself."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from openpyxl import Workbook
from openpyxl.chart import BarChart, Reference
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from handlers.sentences import label
from handlers.views.sheets import paper
from handlers.views.sheets.paper import AMOUNT, COUNT, DATE
from reporting_core.words.report import DayUse, UsageReport
from reporting_core.workbooks import heading, native_table

COLOURS = {"subscription": "1F3864", "flex": "ED7D31"}
_CHART_CM = (26, 11)


class Span(NamedTuple):
    """Use on the dates [first, last]; `tokens` is None where it is not known by date."""

    first: date
    last: date
    subscription: int
    flex: int
    tokens: float | None


class Column(NamedTuple):
    """A column: the name of its heading, its number format, its values."""

    name: str
    form: str
    values: list[float | date | None]


def spans(report: UsageReport, daily: Sequence[DayUse]) -> list[Span]:
    """Return the days; where nobody counted them, what the chart of the message shows."""
    if daily:
        return [Span(day.day, day.day, day.subscription, day.flex, day.tokens) for day in daily]
    return [Span(point.first, point.last, point.subscription, point.flex, None) for point in report.chart.points]


def total(found: Sequence[Span]) -> int:
    """Return all days of use."""
    return sum(span.subscription + span.flex for span in found)


def use_columns(found: Sequence[Span]) -> tuple[str, str]:
    """Return the letters of the columns of use."""
    names = [column.name for column in _columns(found)]
    return get_column_letter(names.index("subscription") + 1), get_column_letter(names.index("flex") + 1)


def add_to(book: Workbook, found: Sequence[Span]) -> None:
    """Add the sheet."""
    page = book.create_sheet(label("spreadsheet.sheet_daily"))
    columns = _columns(found)
    paper.sheet(page, [14] * len(columns))
    page.sheet_view.showGridLines = True
    page.freeze_panes = "A2"
    page.row_dimensions[1].height = 24
    for number, column in enumerate(columns, 1):
        letter = get_column_letter(number)
        heading(page[f"{letter}1"], label(f"spreadsheet.{column.name}"), right=True)
        for row, value in enumerate(column.values, 2):
            paper.figure(page, f"{letter}{row}", value, column.form)
    ref = f"A1:{get_column_letter(len(columns))}{max(len(found), 1) + 1}"
    page.add_table(native_table(page.title, [label(f"spreadsheet.{column.name}") for column in columns], ref))
    _draw(page, columns, len(found))


def _columns(found: Sequence[Span]) -> list[Column]:
    longer = any(span.first != span.last for span in found)
    charged = any(span.tokens for span in found)
    return [
        Column("first" if longer else "day", DATE, [span.first for span in found]),
        *([Column("last", DATE, [span.last for span in found])] if longer else []),
        Column("subscription", COUNT, [span.subscription for span in found]),
        Column("flex", COUNT, [span.flex for span in found]),
        *([Column("tokens", AMOUNT, [span.tokens for span in found])] if charged else []),
    ]


def _draw(page: Worksheet, columns: Sequence[Column], rows: int) -> None:
    if not rows:
        return
    names = [column.name for column in columns]
    first = names.index("subscription") + 1
    chart = BarChart()
    chart.type, chart.grouping, chart.overlap, chart.gapWidth = "col", "stacked", 100, 30
    chart.title = label("spreadsheet.chart")
    chart.x_axis.title, chart.y_axis.title = label("chart.dates"), label("chart.usage_days")
    chart.add_data(
        Reference(page, min_col=first, max_col=first + 1, min_row=1, max_row=rows + 1), titles_from_data=True
    )
    chart.set_categories(Reference(page, min_col=1, min_row=2, max_row=rows + 1))
    for series, colour in zip(chart.series, COLOURS.values(), strict=True):
        series.graphicalProperties.solidFill = series.graphicalProperties.line.solidFill = colour
    # openpyxl leaves both axes out unless told otherwise.
    chart.x_axis.delete = chart.y_axis.delete = False
    chart.x_axis.number_format, chart.y_axis.number_format = "d mmm", "#,##0"
    chart.x_axis.tickLblSkip = chart.x_axis.tickMarkSkip = max(rows // 15, 1)
    chart.legend.position = "b"
    chart.width, chart.height = _CHART_CM
    page.add_chart(chart, f"{get_column_letter(len(columns) + 2)}2")
