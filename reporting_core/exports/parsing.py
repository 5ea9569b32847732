"""One file from its bytes to messages, inside the child process: opens, recognises, reads, sends."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from operator import itemgetter
from pathlib import Path
from typing import Any

from reporting_core.exports.archives import is_workbook
from reporting_core.exports.asking import Limits, ReadOptions, Refused, Unreadable
from reporting_core.exports.cells import Cells
from reporting_core.exports.daily import Batch, DailyFile, Shortcut
from reporting_core.exports.dates import DateReader, Decision, Survey
from reporting_core.exports.frames import batch_message, plain, tail_message
from reporting_core.exports.gathering import Gathered
from reporting_core.exports.keys import Days, Keys
from reporting_core.exports.locating import Locator, Place, flat
from reporting_core.exports.numbers import NumberReader
from reporting_core.exports.recognising import Layout, layout
from reporting_core.exports.records import BUILDERS, newest_of, person_of
from reporting_core.exports.rows import Chunk, PlainLines, Table, of_lines
from reporting_core.exports.sheets import SheetTable
from reporting_core.exports.texts import TextTable
from reporting_core.exports.tokens import TokenFile
from reporting_core.words.imports import Refusal
from reporting_core.words.said import say
from reporting_core.words.terms import DAILY_KINDS, Kind

DATE_COLUMNS = (
    "day_used",
    "assigned_on",
    "unassigned_on",
    "last_accessed",
    "start_date",
    "end_date",
    "expires_on",
    "as_of",
)
RECORDS_AT_ONCE = 5000
PROGRESS_SECONDS = 0.2

Send = Callable[..., None]
"""Hands a message to the parent process; waits until the parent has taken earlier ones."""


@dataclass(slots=True)
class Pace:
    """Tells how far reading is, a few times a second, and says after each step that there was one."""

    send: Send
    alive: Callable[[], None]
    total: int
    told: float = 0.0

    def step(self, done: int, rows: int) -> None:
        """Note progress."""
        self.alive()
        now = time.monotonic()
        if now - self.told >= PROGRESS_SECONDS:
            self.told = now
            self.send("progress", min(done, self.total), self.total, rows)


class OpenFile:
    """One file, opened and recognised, with everything that reads its rows."""

    def __init__(self, path: Path, options: ReadOptions, limits: Limits, pace: Pace) -> None:
        """Open the file. Raises Unreadable."""
        self.limits = limits
        self.pace = pace
        self.table: Table = _open(path, limits, pace)
        self.layout: Layout = layout(self.table.header)
        self.today = options.today.toordinal()
        dates = DateReader(options.dates, self._survey)
        self.cells = Cells(self.layout, dates, NumberReader(self.table.delimiter), self.today)
        self.gathered = Gathered(limits)

    def _survey(self) -> Decision:
        """Look through every date of the file, once, because one of them may be read in two ways."""
        columns = [self.layout.places[concept] for concept in DATE_COLUMNS if concept in self.layout.places]
        survey = Survey(columns, sheet=not self.table.delimiter)
        for block in self.table.blocks():
            chunk = self.table.chunk(block)
            for column in columns:
                survey.look(column, list(map(itemgetter(column), chunk.rows)), chunk.lines)
            self.pace.step(0, self.gathered.tail.read)
        return survey.decide()

    def blocks(self) -> Iterator[Chunk | PlainLines]:
        """Go through the rows, noting progress."""
        for block in self.table.blocks():
            # A look through the whole file for the order of its dates may come in between, and move the position.
            done = self.table.position()
            yield block
            self.pace.step(done, self.gathered.tail.read)


def _open(path: Path, limits: Limits, pace: Pace) -> Table:
    def tick() -> None:
        pace.step(0, 0)

    return SheetTable(path, limits, tick) if is_workbook(path) else TextTable(path, tick)


def read_file(path: Path, options: ReadOptions, limits: Limits, pace: Pace) -> None:
    """Send head, rows and tail of a file. Raises Unreadable."""
    file = OpenFile(path, options, limits, pace)
    kind, generation = file.layout.kind, file.layout.generation
    pace.send("head", str(kind.value), generation, (*file.layout.ignored, *file.table.ignored))
    if kind in DAILY_KINDS:
        _read_daily(file)
    else:
        _read_records(file, pace.send)
    pace.send("tail", *tail_message(file.gathered.finished()))


def _read_daily(file: OpenFile) -> None:
    def hand_over(batch: Batch) -> None:
        file.pace.send("use", *batch_message(batch))

    keys, days = Keys(file.layout, file.cells, file.gathered), Days(file.layout, file.cells)
    daily = DailyFile(keys, days, file.gathered, hand_over)
    tokens = TokenFile(file.cells, daily) if file.layout.kind is Kind.TOKEN_USAGE else None
    shortcut = Shortcut(file.table, file.layout.width, daily)
    for block in file.blocks():
        if tokens:
            tokens.take(file.table.chunk(block))
        elif isinstance(block, PlainLines):
            shortcut.take(block)
        else:
            daily.take(block)
    daily.flush()


def _read_records(file: OpenFile, send: Send) -> None:
    kind = file.layout.kind
    for block in file.blocks():
        chunk = file.table.chunk(block)
        file.gathered.refuse(chunk.broken)
        rows = list(_built(file, chunk))
        file.gathered.tail.read += len(rows)
        for start in range(0, len(rows), RECORDS_AT_ONCE):
            send("records", str(kind.value), rows[start : start + RECORDS_AT_ONCE])


def _built(file: OpenFile, chunk: Chunk) -> Iterator[Any]:
    """Build the records of a chunk, as plain values, and note the rows that are refused."""
    build, tail = BUILDERS[file.layout.kind], file.gathered.tail
    for row, line in of_lines(chunk):
        try:
            record = build(file.cells, row, line)
        except Refused as refused:
            file.gathered.refuse([Refusal(line, str(refused))])
            continue
        if record.team:
            file.gathered.meet_team(record.team, masked=person_of(record) is not None and file.cells.masked)
        tail.newest = max(tail.newest or 0, newest_of(record, file.today)) or None
        yield plain(record)


def locate_rows(path: Path, options: ReadOptions, limits: Limits, pace: Pace, wanted: list[Place]) -> None:
    """Send the lines of some rows of a daily file."""
    file = OpenFile(path, options, limits, pace)
    if file.layout.kind not in DAILY_KINDS:
        raise Unreadable(say("This is no file of daily use any more; it was changed while it was imported."))
    locator = Locator(Keys(file.layout, file.cells, file.gathered), Days(file.layout, file.cells), wanted)
    for block in file.blocks():
        locator.take(file.table.chunk(block))
    pace.send("found", [(plain(key), day, lines) for key, day, lines in flat(locator.found)])
