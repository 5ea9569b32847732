"""The same rows as text, for workspaces that refuse the newest blocks with `invalid_blocks`."""

from collections.abc import Iterator, Sequence

from handlers.views import wording
from handlers.views.blocks import Block, mrkdwn, section
from handlers.views.paging import Page
from handlers.views.table import Column, columns_of
from handlers.views.wording import escaped
from reporting_core.words.report import Row, UsageReport

LONGEST_SECTION = 3_000
_WIDTH = 24
_FENCE = "```"


def fenced(report: UsageReport, page: Page, width: int) -> list[Block]:
    """Return heading and rows as sections of fixed width, each within Slack's limit for one."""
    return [section(mrkdwn(f"{_FENCE}\n{part}\n{_FENCE}")) for part in _parts(table_lines(report, page, width))]


def fenced_text(report: UsageReport, page: Page) -> str:
    """Return the same rows for the message's own text."""
    lines = "\n".join(_safe(line) for line in table_lines(report, page, _WIDTH))
    return f"{_FENCE}\n{lines}\n{_FENCE}"


def table_lines(report: UsageReport, page: Page, width: int) -> list[str]:
    """Return heading and rows in columns of equal width."""
    columns = columns_of(report, page)
    rows = [[_words(column, row, min(width, _WIDTH)) for column in columns] for row in page.rows]
    grid = [[column.heading for column in columns], *rows]
    widths = [max(len(line[place]) for line in grid) for place in range(len(columns))]
    return ["  ".join(cell.ljust(wide) for cell, wide in zip(line, widths, strict=True)).rstrip() for line in grid]


def _words(column: Column, row: Row, width: int) -> str:
    # The symbol is two columns wide in most fonts and would push the rest of its line aside.
    return wording.status_word(row.status) if column.name == "status" else column.words(row, width)


def _safe(line: str) -> str:
    """Keep a name from closing the fence: a backtick becomes its twin."""
    return escaped(line.replace("`", wording.TWINS["`"]))


def _parts(lines: Sequence[str]) -> Iterator[str]:
    """Join lines into pieces that fit one section with its fence."""
    most, piece = LONGEST_SECTION - 2 * len(_FENCE) - 2, ""
    for line in map(_safe, lines):
        if piece and len(piece) + 1 + len(line) > most:
            yield piece
            piece = ""
        piece = f"{piece}\n{line}" if piece else line
    yield piece
