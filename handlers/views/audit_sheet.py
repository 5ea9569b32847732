"""The audit as an xlsx file: all rows that were asked for, and a sheet about the file."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from openpyxl import Workbook

from handlers.sentences import label
from handlers.views import audit as view
from handlers.views import wording
from handlers.views.sheets import paper
from reporting_core import workbooks
from reporting_core.words.audit import Page
from reporting_core.workbooks import Around, Column, Kind, Known, Row, Table, Written

AUTHOR = "usagebot"
_WIDTHS = (24, 100)


@dataclass(frozen=True, slots=True)
class About:
    """Who asked, when (UTC), and the version of the bot."""

    asked_by: str
    made_at: datetime
    version: str


def name(found: Page) -> str:
    """Return what the file is called."""
    return f"usage audit {found.first.isoformat()} to {found.last.isoformat()}.xlsx"


def write(found: Page, path: Path, about: About, names: Mapping[str, str] | None = None) -> Written:
    """Write the file, whole or not at all, in the language that is spoken; for a worker thread.

    `names` are those of Slack people by id. Personal data is as in the page: hashed where a team hides names.
    """
    table = Table(label("audit.sheet_rows"), _columns(), _rows(found, names or {}), len(found.lines))

    def finish(book: Workbook) -> Known:
        _about(book, found, about)
        return {}

    return workbooks.write(path, table, Around(about.made_at, AUTHOR, finish))


_COLUMNS: Mapping[str, tuple[Kind, float, str]] = {
    "seq": (Kind.NUMBER, 8, paper.COUNT),
    "date": (Kind.DATE, 12, paper.DATE),
    "time": (Kind.TEXT, 10, paper.TEXT),
    "kind": (Kind.TEXT, 34, paper.TEXT),
    "actor": (Kind.TEXT, 22, paper.TEXT),
    "actor_id": (Kind.TEXT, 14, paper.TEXT),
    "person": (Kind.TEXT, 26, paper.TEXT),
    "product": (Kind.TEXT, 20, paper.TEXT),
    "team": (Kind.TEXT, 20, paper.TEXT),
    "reason": (Kind.TEXT, 40, paper.TEXT),
    "details": (Kind.TEXT, 60, paper.TEXT),
    "subject": (Kind.TEXT, 28, paper.TEXT),
}


def _columns() -> list[Column]:
    return [Column(label(f"audit.column_{each}"), kind, width, form) for each, (kind, width, form) in _COLUMNS.items()]


def _rows(found: Page, names: Mapping[str, str]) -> Iterator[Row]:
    for line in found.lines:
        who = label("seats.operator") if line.actor == "operator" else names.get(line.actor, line.actor)
        about = (line.person, view.product(line), line.team, view.reason(line), view.rest(line), line.subject)
        yield (line.seq, line.at.date(), f"{line.at:%H:%M:%S}", view.kind(line), who, line.actor, *about)


def _about(book: Workbook, found: Page, about: About) -> None:
    page = book.create_sheet(label("spreadsheet.sheet_about"))
    paper.sheet(page, _WIDTHS)
    paper.text(page, "A1", label("audit.title"), paper.TITLE)
    page.row_dimensions[1].height = 24
    for row, (title, words) in enumerate(_facts(found, about), 3):
        paper.text(page, f"A{row}", title, paper.BOLD)
        paper.wrapped(paper.text(page, f"B{row}", words))
        paper.grown(page, row, words, _WIDTHS[1])
        paper.ruled(page, row, "AB")


def _facts(found: Page, about: About) -> Iterator[tuple[str, str]]:
    shown, count = wording.number(len(found.lines)), wording.number(found.count)
    facts = {
        "command": f"/usage audit {view.command(found.query)}",
        "range": f"{wording.day(found.first)} – {wording.day(found.last)} (UTC)",  # noqa: RUF001 - a range of dates
        "asked_by": about.asked_by,
        "made_at": f"{wording.day(about.made_at.date())}, {about.made_at:%H:%M} UTC",
        "rows": shown if shown == count else label("spreadsheet.rows_of").format(shown=shown, found=count),
        "personal_data": view.hashed(found) if found.hashed_because else label("spreadsheet.shown"),
        "version": f"usagebot {about.version}",
    }
    return ((label(f"spreadsheet.about_{name}"), words) for name, words in facts.items())
