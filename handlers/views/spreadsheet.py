"""A report as an xlsx file of four sheets: all rows, a summary to check, use by day, and what the words mean."""

from collections.abc import Callable, Sequence
from pathlib import Path

from openpyxl import Workbook

from handlers.sentences import label
from handlers.views.sheets import about as about_sheet
from handlers.views.sheets import daily as daily_sheet
from handlers.views.sheets import rows
from handlers.views.sheets.about import About
from handlers.views.sheets.rows import Tally
from handlers.views.sheets.summary import Sources, Summary
from reporting_core import workbooks
from reporting_core.usecases.collecting import no_search_for_cycles
from reporting_core.words.report import DayUse, UsageReport
from reporting_core.workbooks import Around, Known, Limits, Words, Written

AUTHOR = "usagebot"

__all__ = ("About", "Written", "write")


def write(
    report: UsageReport,
    path: Path,
    about: About,
    progress: Callable[[int, int], None] | None = None,
    daily: Sequence[DayUse] = (),
    *,
    limits: Limits | None = None,
) -> Written:
    """Write the file, whole or not at all, in the language that is spoken; for a worker thread.

    `daily` is `Core.daily_use` of the question; without it the sheet of days shows the points of the chart. `progress`
    hears (rows done, rows in all); what it raises ends the writing.
    """
    tally, limits = Tally(), limits or Limits()
    table = rows.table(report, tally)
    spans = daily_sheet.spans(report, daily)

    def finish(book: Workbook) -> Known:
        sources = Sources(
            workbooks.sheets_of(table, limits),
            label("spreadsheet.sheet_daily"),
            daily_sheet.use_columns(spans),
            len(spans),
            daily_sheet.total(spans),
        )
        results = Summary(report, tally, sources).add_to(book)
        daily_sheet.add_to(book, spans)
        about_sheet.add_to(book, report, about)
        return {label("spreadsheet.sheet_summary"): results}

    around = Around(about.made_at, AUTHOR, finish, progress or (lambda _done, _all: None), limits, _words())
    with no_search_for_cycles:
        return workbooks.write(path, table, around)


def _words() -> Words:
    names = ("sheet", "cell", "piece", "text")
    sheet, cell, piece, text = (label(f"spreadsheet.long_{name}") for name in names)
    return Words(label("spreadsheet.sheet_long"), (sheet, cell, piece, text), label("spreadsheet.long_more"))
