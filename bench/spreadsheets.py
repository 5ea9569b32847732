"""`python -m bench.spreadsheets`: 100,000 rows of 20 cells beside openpyxl's fast mode, and a whole report's file.

Each writing runs in a process of its own, where the rows are there before it begins, so that seconds and memory are
those of the writing.
"""

import argparse
import asyncio
import json
import random
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path
from statistics import median
from typing import NamedTuple

import psutil
from openpyxl import Workbook

from bench import kept, machine
from bench.company import AS_OF, FIRST, LAST, PRODUCTS, SEED, TEAMS, clock, opened
from bench.measuring import lags
from handlers.views import spreadsheet
from handlers.views.spreadsheet import About
from reporting_core.core import Core
from reporting_core.workbooks import Around, Column, Kind, Row, Table, write

PAGE = Path(__file__).parent.parent / "docs" / "performance.md"
BEGIN, END = "<!-- spreadsheets: written by `python -m bench.spreadsheets --write` -->", "<!-- end of spreadsheets -->"
ROWS = 100_000
COLUMNS = (
    *(Column(f"Text {number}", format="@") for number in range(1, 13)),
    *(Column(f"Number {number}", Kind.NUMBER) for number in range(1, 6)),
    *(Column(f"Date {number}", Kind.DATE, format="yyyy-mm-dd") for number in range(1, 4)),
)
SAMPLE_SECONDS = 0.005


class Wrote(NamedTuple):
    """Seconds, bytes of memory beyond what was held before, bytes of the file."""

    seconds: float
    memory: int
    size: int


class Spreadsheets(NamedTuple):
    """Ours and openpyxl's; then the spreadsheet of a report: rows, seconds, and by how many the event loop lags.

    `answer` are the seconds that the report and its use by day take before, `idle` is the lag without any work.
    """

    rows: int
    ours: Wrote
    openpyxl: Wrote
    report_rows: int
    answer: float
    report: float
    idle: float
    lag: float

    def targets(self) -> list[tuple[str, str, str, bool]]:
        """Compare with the figures of the project's third issue."""
        ratio, memory, lag = self.openpyxl.seconds / self.ours.seconds, self.ours.memory / 2**20, self.lag * 1000
        return [
            (f"{self.rows:,} rows of 20 cells: faster than openpyxl", ">= 8 times", f"{ratio:.1f} times", ratio >= 8),
            ("memory beyond what was held before", "<= 100 MB", f"{memory:.0f} MB", memory <= 100),
            ("event loop's lag meanwhile", "<= 50 ms", f"{lag:.0f} ms", lag <= 50),
        ]


def measured(path: Path, repeat: int, rows: int = ROWS) -> Spreadsheets:
    """Measure; `path` is a database of `bench.kept`. The two ways take turns."""
    turns = [(_apart("ours", rows), _apart("openpyxl", rows)) for _ in range(repeat)]
    ours, theirs = (_best(some) for some in zip(*turns, strict=True))
    core = opened(f"sqlite:///{path}")
    with closing(core.store), tempfile.TemporaryDirectory() as folder:
        reports = [asyncio.run(_of_report(core, Path(folder) / f"{turn}.xlsx")) for turn in range(repeat)]
    count, answer, seconds, idle, lag = zip(*reports, strict=True)
    return Spreadsheets(rows, ours, theirs, count[0], median(answer), median(seconds), max(idle), max(lag))


def _best(several: Sequence[Wrote]) -> Wrote:
    """Return the fewest seconds of both ways alike: the machine's other work only ever adds to them."""
    seconds, memory, size = zip(*several, strict=True)
    return Wrote(min(seconds), max(memory), size[0])


def _apart(how: str, rows: int) -> Wrote:
    """Write in a process of its own: once while its memory is watched, once more for the time."""
    command = [sys.executable, "-m", "bench.spreadsheets", "--write-with", how, "--rows", str(rows)]
    output = subprocess.run(command, stdout=subprocess.PIPE, check=True).stdout
    return Wrote(*json.loads(output))


async def _of_report(core: Core, file: Path) -> tuple[int, float, float, float, float]:
    start = time.perf_counter()
    report = await core.usage("last=365d", core.operator)
    daily = await asyncio.to_thread(core.daily_use, report.query, core.operator)
    answer = time.perf_counter() - start
    about = About("a measurement", clock(), "0")
    async with lags() as busy:
        start = time.perf_counter()
        written = await asyncio.to_thread(spreadsheet.write, report, file, about, None, daily)
        seconds = time.perf_counter() - start
    async with lags() as idle:
        await asyncio.sleep(seconds)
    return written.rows, answer, seconds, max(idle), max(busy)


def made_up(rows: int) -> list[Row]:
    """Rows as those of reports: names, sentences, a few empty cells."""
    rng = random.Random(SEED)
    return [_row(rng, number) for number in range(rows)]


def _row(rng: random.Random, number: int) -> Row:
    name = f"{rng.choice(FIRST)} {rng.choice(LAST)} {number}"
    days, since = rng.randrange(30), AS_OF - timedelta(days=rng.randrange(900))
    why = f"Active: the seat is assigned since {since} and was used on {days} days of the range 2026-10-26 to {AS_OF}."
    texts = (
        name, f"{name.replace(' ', '.')}@example.com", f"Team {rng.randrange(TEAMS)}", rng.choice(PRODUCTS),
        "Subscription", "Active", "Individual", f"CAD {number % 50}; BIM authors", f"A{number:08d}", "2027", "Yes", why,
    )  # fmt: skip
    last: date | None = AS_OF - timedelta(days=rng.randrange(200)) if days else None
    return (*texts, days, float(days), rng.randrange(300), rng.randrange(9000) / 10, number, since, last, None)


def by_us(rows: Sequence[Row], file: Path) -> None:
    """Write as the product does."""
    write(file, Table("Report", COLUMNS, rows, len(rows)), Around(clock(), "bench"))


def by_openpyxl(rows: Sequence[Row], file: Path) -> None:
    """Write in openpyxl's fastest mode, without any formats."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet("Report")
    sheet.append([column.heading for column in COLUMNS])
    for row in rows:
        sheet.append(row)
    book.save(file)


WAYS: dict[str, Callable[[Sequence[Row], Path], None]] = {"ours": by_us, "openpyxl": by_openpyxl}


def write_with(how: str, count: int) -> Wrote:
    """Write in this process."""
    rows, work = made_up(count), WAYS[how]
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "rows.xlsx"
        work(rows[:10], file)
        memory = _most_memory(lambda: work(rows, file))
        start = time.perf_counter()
        work(rows, file)
        return Wrote(time.perf_counter() - start, memory, file.stat().st_size)


def _most_memory(work: Callable[[], None]) -> int:
    process, ended = psutil.Process(), threading.Event()
    before, most = process.memory_info().rss, [0]

    def watch() -> None:
        while not ended.wait(SAMPLE_SECONDS):
            most[0] = max(most[0], process.memory_info().rss)

    watcher = threading.Thread(target=watch)
    watcher.start()
    work()
    ended.set()
    watcher.join()
    return max(most[0] - before, 0)


def table(run: Spreadsheets) -> str:
    """Return the figures of a run as they stand in docs/performance.md."""
    about = machine.described()
    load = about["Load when the run ended (1, 5, 15 minutes)"]
    lines = [
        f"{about['Processor']}; Python {about['Python']}; load when the run ended (1, 5, 15 minutes): {load}.",
        "",
        "| figure | at least / at most | measured | reached |",
        "|---|---|---|---|",
        *(f"| {' | '.join(told)} | {'yes' if fine else '**no**'} |" for *told, fine in run.targets()),
        "",
        "| writing | rows | seconds | memory | size |",
        "|---|---|---|---|---|",
        *(
            f"| {name} | {run.rows:,} | {one.seconds:.1f} | {one.memory / 2**20:.0f} MB | {one.size / 2**20:.1f} MB |"
            for name, one in (("ours, all features", run.ours), ("openpyxl, write-only, no formats", run.openpyxl))
        ),
        "",
        f"The spreadsheet of a report over all teams and 365 days has {run.report_rows:,} rows.",
        f"The answer and its use by day take {run.answer:.1f} s; the file then takes {run.report:.1f} s,",
        "in which every row's sentence of reasons is made, too. Meanwhile the event loop lags by",
        f"{run.lag * 1000:.0f} ms at most, and by {run.idle * 1000:.0f} ms in as long a time without any work.",
    ]
    return "\n".join(lines)


def written(page: str, figures: str) -> str:
    """Return the page with these figures in place of the older ones."""
    before, _, rest = page.partition(BEGIN)
    return f"{before}{BEGIN}\n\n{figures}\n{END}{rest.partition(END)[2]}"


def main(arguments: Sequence[str]) -> int:
    """Measure and tell; ends with status 1 when a figure is missed."""
    parser = argparse.ArgumentParser(prog="python -m bench.spreadsheets", description=__doc__)
    parser.add_argument(
        "--days", type=int, default=20_000_000, help="usage days of the company whose report is written"
    )
    parser.add_argument("--rows", type=int, default=ROWS, help="rows that are written in both ways")
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--folder", type=Path, default=Path(tempfile.gettempdir()) / "usagebot-bench")
    parser.add_argument("--write", action="store_true", help="write the figures into docs/performance.md")
    parser.add_argument("--write-with", choices=WAYS, help=argparse.SUPPRESS)
    wanted = parser.parse_args(arguments)
    if wanted.write_with:
        print(json.dumps(write_with(wanted.write_with, wanted.rows)))
        return 0
    run = measured(kept.calendar_only(wanted.folder, wanted.days), wanted.repeat, wanted.rows)
    print(table(run))
    if wanted.write:
        PAGE.write_text(written(PAGE.read_text(encoding="utf-8"), table(run)), encoding="utf-8")
    return int(not all(fine for *_, fine in run.targets()))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
