"""Writing the file: the rows of the large table as they come, and around them the book that openpyxl makes."""

import re
import zipfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import IO

from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from reporting_core.workbooks import long_texts, packing, skeleton
from reporting_core.workbooks.long_texts import LongTexts
from reporting_core.workbooks.rendering import Renderer
from reporting_core.workbooks.tables import Limits, Row, Table, Words, Written, WrongCount

AT_ONCE = 250
"""Rows drawn and compressed together: a few milliseconds in which no other thread gets its turn."""
TOLD_AFTER = 1000
"""Rows after which it is told how far the writing is, and once more at the end."""
LARGE = 200_000
"""Rows from which a sheet may have 2 GB before it is compressed."""

_FIRST = ("docProps/app.xml", packing.CORE, "xl/theme/theme1.xml")
"""What programs tell a spreadsheet by that look at the beginning of a file only; it does not depend on the rows."""
_ROWS = re.compile(rb"(<sheetData><row .*?</row>).*(</sheetData>)", re.DOTALL)
_DIMENSION = re.compile(rb'<dimension ref="[^"]*"')

Known = Mapping[str, packing.Results]
"""Sheet → cell → what its formula comes to."""


@dataclass(frozen=True, slots=True)
class Around:
    """What a file has besides the rows.

    `finish` adds the small sheets when all rows have gone by, and says what their formulas come to; `made_at` is when
    the file says that it was made, `author` by whom; `progress` hears (rows done, rows in all).
    """

    made_at: datetime
    author: str
    finish: Callable[[Workbook], Known] = lambda _book: {}
    progress: Callable[[int, int], None] = lambda _done, _all: None
    limits: Limits = field(default_factory=Limits)
    words: Words = field(default_factory=Words)


def sheets_of(table: Table, limits: Limits) -> list[tuple[str, int]]:
    """Return the title and the number of rows of each sheet that a table needs: “Report”, “Report 2”, …."""
    starts = range(0, max(table.count, 1), limits.rows)
    return [
        (table.title if number == 1 else f"{table.title} {number}", min(limits.rows, table.count - start))
        for number, start in enumerate(starts, 1)
    ]


def write(path: Path, table: Table, around: Around) -> Written:
    """Write a file that is there whole or not at all; raises `WrongCount`, `OSError`, and whatever the rows raise."""
    with _beside(path) as file:
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=packing.FASTEST) as archive:
            texts = _Writing(archive, table, around, path.parent).write()
        size = file.tell()
    return Written(table.count, size, texts)


@contextmanager
def _beside(path: Path) -> Iterator[IO[bytes]]:
    """Give a file in the same folder that gets the name at the end; only its owner may read it."""
    with NamedTemporaryFile(dir=path.parent, prefix=".", suffix=".part", delete=False) as file:
        part = Path(file.name)
        try:
            yield file
        except BaseException:
            part.unlink(missing_ok=True)
            raise
    part.replace(path)


class _Writing:
    """One file in the making."""

    def __init__(self, archive: zipfile.ZipFile, table: Table, around: Around, folder: Path) -> None:
        self.archive = archive
        self.table = table
        self.around = around
        self.folder = folder
        self.done = 0
        self.book = Workbook()
        self.book.remove(self.book.worksheets[0])
        self.book.properties.creator = around.author
        self.book.properties.created = around.made_at.astimezone(UTC).replace(tzinfo=None, microsecond=0)

    def write(self) -> int:
        """Write all parts; returns how many texts were too long for their cell."""
        counts = [count for _title, count in sheets_of(self.table, self.around.limits)]
        sheets = [
            skeleton.table_sheet(self.book, title, self.table.columns, count)
            for title, count in sheets_of(self.table, self.around.limits)
        ]
        with closing(self._long_texts()) as kept:
            content = packing.parts(self.book)
            packing.copy(self.archive, content, _FIRST)
            rows = iter(self.table.rows)
            for sheet, count in zip(sheets, counts, strict=True):
                self._stream(content, sheet, count, self._drawn(islice(rows, count), sheet, kept))
            self._all_came(rows)
            known = self.around.finish(self.book)
            self._rest(known, kept, streamed=len(sheets))
            return kept.texts

    def _long_texts(self) -> LongTexts:
        # The sheet comes last, if there is anything for it; what its cells look like is needed before.
        words, limits = self.around.words, self.around.limits
        sample = skeleton.table_sheet(self.book, words.long_texts, long_texts.columns(words), 1)
        styles = skeleton.styles(sample)
        self.book.remove(sample)
        return LongTexts(words, styles, limits.characters, self.folder)

    def _drawn(self, rows: Iterator[Row], sheet: Worksheet, kept: LongTexts) -> Iterator[bytes]:
        keep = lambda text, cell: kept.keep(text, sheet.title, cell)  # noqa: E731 - a value handed on
        renderer = Renderer(self.table.columns, skeleton.styles(sheet), self.around.limits.characters, keep)
        first = 2
        while some := list(islice(rows, AT_ONCE)):
            yield renderer.rows(some, first)
            first += len(some)
            self.done += len(some)
            if self.done % TOLD_AFTER == 0 or self.done == self.table.count:
                self.around.progress(self.done, self.table.count)

    def _all_came(self, rows: Iterator[Row]) -> None:
        more = sum(1 for _row in rows)
        if self.done + more != self.table.count:
            raise WrongCount(self.table.count, self.done + more)

    def _stream(self, content: Mapping[str, bytes], sheet: Worksheet, count: int, drawn: Iterator[bytes]) -> None:
        name = _part(self.book, sheet)
        ref = f'<dimension ref="A1:{sheet.dimensions.rpartition(":")[2].rstrip("0123456789")}{count + 1}"'
        before, after = _around_rows(_DIMENSION.sub(ref.encode(), content[name], count=1))
        with packing.entry(self.archive, name, large=count > LARGE) as out:
            out.write(before)
            for some in drawn:
                out.write(some)
            out.write(after)

    def _rest(self, known: Known, kept: LongTexts, streamed: int) -> None:
        pieces = self._add_long_texts(kept) if kept.rows else None
        content = packing.parts(self.book)
        done = {*_FIRST, *(_part(self.book, sheet) for sheet in self.book.worksheets[:streamed])}
        if pieces is not None:
            kept.drawn.seek(0)
            self._stream(content, pieces, kept.rows, iter(lambda: kept.drawn.read(1 << 20), b""))
            done.add(_part(self.book, pieces))
        for sheet in self.book.worksheets[streamed:]:
            name = _part(self.book, sheet)
            content[name] = packing.calculated(content[name], known.get(sheet.title, {}))
        packing.copy(self.archive, content, [name for name in content if name not in done])

    def _add_long_texts(self, kept: LongTexts) -> Worksheet:
        words = self.around.words
        return skeleton.table_sheet(self.book, words.long_texts, long_texts.columns(words), kept.rows)


def _part(book: Workbook, sheet: Worksheet) -> str:
    return f"xl/worksheets/sheet{book.sheetnames.index(sheet.title) + 1}.xml"


def _around_rows(sheet: bytes) -> tuple[bytes, bytes]:
    """Return what stands before the rows of a table, its headings included, and what stands after them."""
    found = _ROWS.search(sheet)
    if found is None:
        raise LookupError("openpyxl wrote a sheet without rows")
    return sheet[: found.end(1)], sheet[found.start(2) :]
