"""XLSX workbooks: the first sheet with a known header row, its cells as texts. Macros and formulas are never run."""

import sys
import zipfile
from collections.abc import Callable, Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

from reporting_core.exports import archives
from reporting_core.exports.asking import Limits, Unreadable
from reporting_core.exports.recognising import familiar, layout
from reporting_core.exports.rows import Chunk, PlainLines, long
from reporting_core.words.imports import Refusal
from reporting_core.words.said import say

HEADER_ROWS = 6
WIDEST = 256
"""Columns looked at; an export has 19."""
LAST_ROW = 1_048_576
ROWS_AT_ONCE = 2000
MOST_SHEETS = 100


class SheetTable:
    """A sheet whose header row has been found (see `Table`)."""

    delimiter = ""

    def __init__(self, path: Path, limits: Limits, tick: Callable[[], None]) -> None:
        """Look the archive over, open it and find the sheet. Raises Unreadable."""
        self._file = path.open("rb")
        with zipfile.ZipFile(self._file) as archive:
            archives.check(archive, limits, tick)
        # openpyxl takes numpy along where it finds it, and numpy's own memory would not fit into the limit.
        sys.modules.setdefault("numpy", None)  # type: ignore[arg-type]  # None makes the import fail, as documented
        from openpyxl import load_workbook  # noqa: PLC0415 - a CSV file needs none of it

        self._book: Any = load_workbook(self._file, read_only=True, data_only=True, keep_links=False)
        self._sheet, self._skipped, self.header, others = _choose(self._book.worksheets[:MOST_SHEETS])
        self.ignored = tuple(f"sheet “{name[:80]}”" for name in others)

    def position(self) -> int:
        """Return how far into the file reading is, in bytes of the packed file."""
        return self._file.tell()

    def chunk(self, block: Chunk | PlainLines) -> Chunk:
        """Return the block: a sheet has no plain lines."""
        assert isinstance(block, Chunk)  # noqa: S101 - `blocks` below yields nothing else
        return block

    def blocks(self) -> Iterator[Chunk]:
        """Go through the rows below the header."""
        width = max((place + 1 for place, name in enumerate(self.header) if name.strip()), default=0)
        rows, lines, broken, number = list[list[str]](), list[int](), list[Refusal](), 0
        for number, cells in enumerate(_rows(self._sheet), 1):
            if number % ROWS_AT_ONCE == 0:
                yield Chunk(rows, lines, broken)
                rows, lines, broken = [], [], []
            if number <= self._skipped + 1 or cells.count(None) == len(cells):
                continue
            row = [_text(cell) for cell in cells]
            if any(row[width:]):
                broken.append(Refusal(number, long(max(place + 1 for place, cell in enumerate(row) if cell), width)))
            elif any(cell.strip() for cell in row):
                rows.append((row + [""] * width)[:width])
                lines.append(number)
        yield Chunk(rows, lines, broken)


def _rows(sheet: Any) -> Iterator[tuple[Any, ...]]:
    """Go through the rows of a sheet by what is there, not by the size it claims to have."""
    sheet.reset_dimensions()
    for number, cells in enumerate(sheet.iter_rows(max_col=WIDEST, values_only=True), 1):
        if number > LAST_ROW:
            raise Unreadable(
                say(
                    "The sheet claims more than {most} rows; no spreadsheet program writes that. Export it again.",
                    most=LAST_ROW,
                )
            )
        yield cells


def _choose(sheets: list[Any]) -> tuple[Any, int, list[str], list[str]]:
    """Return the first sheet with a known header row, how many rows are above it, that row, and other sheets' names."""
    failure: Unreadable | None = None
    for sheet in sheets:
        try:
            skipped, header = _header(sheet)
            layout(header)
        except Unreadable as error:
            failure = failure or error
        else:
            return sheet, skipped, header, [other.title for other in sheets if other is not sheet]
    raise failure or Unreadable(say("The workbook has no sheet with cells."))


def _header(sheet: Any) -> tuple[int, list[str]]:
    """Return the row among the first ones that has most known headers, and how many rows stand above it."""
    heads = []
    for cells, _ in zip(_rows(sheet), range(HEADER_ROWS), strict=False):
        row = [_text(cell) for cell in cells]
        heads.append(row[: max((place + 1 for place, cell in enumerate(row) if cell.strip()), default=0)])
    if not any(heads):
        raise Unreadable(say("The sheet is empty."))
    best = max(range(len(heads)), key=lambda place: (familiar(heads[place]), bool(heads[place]), -place))
    return best, heads[best]


def _text(cell: Any) -> str:
    """Return a cell as the text a CSV file would hold: ISO dates, numbers without a needless fraction."""
    if cell is None:
        return ""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else f"{cell:.10f}".rstrip("0")
    return str(cell)
