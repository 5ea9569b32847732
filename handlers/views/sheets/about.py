"""The sheet about the file: what was asked, by whom and when, how fresh the data is, and what each word in it means."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from handlers.sentences import label, sentence
from handlers.views import wording
from handlers.views.sheets import paper, rows
from handlers.views.table import whose_use
from reporting_core import grammar
from reporting_core.words.query import Filter, Key
from reporting_core.words.report import UsageReport
from reporting_core.words.terms import Status

SCHEMA = 1
"""Changes when a program that reads the file would misread the new form."""

WIDTHS = (30, 110)
_HASH = re.compile(r"[0-9a-f]{6,}\**|\*+[0-9a-f]{6,}\**|me")


@dataclass(frozen=True, slots=True)
class About:
    """Who asked, the moment at which the file says it was made (UTC), and the version of the bot."""

    asked_by: str
    made_at: datetime
    version: str


def question(report: UsageReport) -> str:
    """Return the canonical command; names that were typed do not get into a file of hashes."""
    if not report.hashed or not report.query.of(Key.USER):
        return report.canonical
    return grammar.canonical(report.query.with_filters(map(_masked, report.query.filters)))


def _masked(one: Filter) -> Filter:
    if one.key is not Key.USER:
        return one
    return replace(one, values=tuple(value if _HASH.fullmatch(value) else grammar.MASK for value in one.values))


def add_to(book: Workbook, report: UsageReport, about: About) -> None:
    """Add the sheet."""
    page = book.create_sheet(label("spreadsheet.sheet_about"))
    paper.sheet(page, WIDTHS)
    paper.text(page, "A1", label("spreadsheet.about_title"), paper.TITLE)
    page.row_dimensions[1].height = 24
    row = _listed(page, 3, _facts(report, about))
    parts = (("about_remarks", _remarks(report)), ("about_statuses", _statuses()), ("about_columns", _columns()))
    for title, lines in parts:
        found = list(lines)
        if found:
            paper.text(page, f"A{row + 1}", label(f"spreadsheet.{title}"), paper.SECTION)
            row = _listed(page, row + 2, iter(found))


def _listed(page: Worksheet, row: int, lines: Iterator[tuple[str, str]]) -> int:
    for name, words in lines:
        paper.text(page, f"A{row}", name, paper.BOLD)
        paper.wrapped(paper.text(page, f"B{row}", words))
        paper.grown(page, row, words, WIDTHS[1])
        paper.ruled(page, row, "AB")
        row += 1
    return row


def _facts(report: UsageReport, about: About) -> Iterator[tuple[str, str]]:
    made = about.made_at.strftime("%H:%M")
    shown, found = wording.number(len(report.rows)), wording.number(report.row_count)
    facts = {
        "command": question(report),
        "whose": whose_use(report),
        "range": f"{wording.dates(report.period)} (UTC)",
        "asked_by": label("spreadsheet.hidden") if report.hashed else about.asked_by,
        "made_at": f"{wording.day(about.made_at.date())}, {made} UTC",
        "data_through": wording.day(report.data_through),
        "as_of": wording.day(report.as_of),
        "rows": shown if shown == found else label("spreadsheet.rows_of").format(shown=shown, found=found),
        "personal_data": _personal(report),
        "schema": str(SCHEMA),
        "version": f"usagebot {about.version}",
    }
    return ((label(f"spreadsheet.about_{name}"), words) for name, words in facts.items())


def _personal(report: UsageReport) -> str:
    return sentence("hashed", teams=", ".join(report.hashed_because)) if report.hashed else label("spreadsheet.shown")


def _remarks(report: UsageReport) -> Iterator[tuple[str, str]]:
    # Guesses repeat what was typed, which may be somebody's name.
    notes = report.notes[len(report.query.guesses) :] if report.hashed else report.notes
    for index, remark in enumerate([*map(wording.told, notes), *map(wording.told, report.caveats)], 1):
        yield str(index), remark


def _statuses() -> Iterator[tuple[str, str]]:
    return ((wording.status_word(status), label(f"spreadsheet_words.{status}")) for status in Status)


def _columns() -> Iterator[tuple[str, str]]:
    return ((rows.heading(name), label(f"spreadsheet_words.{name}")) for name in rows.COLUMNS)
