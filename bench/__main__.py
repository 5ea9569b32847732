"""`python -m bench`: measures, prints the figures, and writes them into docs/performance.md when asked to."""

import argparse
import json
import sqlite3
import sys
import tempfile
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

from bench import company, daily_rows, importing, kept, machine, page, postgresql, reports
from bench.run import Run

PAGE = Path(__file__).parent.parent / "docs" / "performance.md"


def options(arguments: Sequence[str]) -> argparse.Namespace:
    """Read the command's options."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--days", type=int, default=20_000_000, help="usage days in the database that is asked")
    parser.add_argument("--rows", type=int, default=5_000_000, help="rows of the file that is imported into SQLite")
    parser.add_argument(
        "--postgresql-rows", type=int, default=1_000_000, help="the same for PostgreSQL; 0: leave it out"
    )
    parser.add_argument("--repeat", type=int, default=15, help="times each question is asked")
    parser.add_argument(
        "--folder", type=Path, default=Path(tempfile.gettempdir()) / "usagebot-bench", help="keeps data"
    )
    parser.add_argument("--clean", action="store_true", help="throw the kept data away afterwards")
    parser.add_argument("--write", action="store_true", help="write the figures into docs/performance.md")
    parser.add_argument("--strict", action="store_true", help="end with status 1 when a figure is missed")
    parser.add_argument("--json", type=Path, help="write the figures into this file, too")
    return parser.parse_args(arguments)


def measured(wanted: argparse.Namespace, say: Callable[[str], None]) -> Run:
    """Make what is not there yet, and measure."""
    say("making the company")
    path = kept.database(wanted.folder, wanted.days)
    if not reports.same(path):
        raise SystemExit("The calendar and the daily rows answer differently; nothing was measured.")
    say("asking for reports")
    asked = reports.measured(path, wanted.repeat)
    say("making the file")
    file = kept.usage_file(wanted.folder, wanted.rows)
    say("importing it into SQLite")
    into_sqlite = importing.into_sqlite(wanted.folder, file)
    on_postgresql = None
    if wanted.postgresql_rows:
        say("PostgreSQL")
        smaller = kept.usage_file(wanted.folder, wanted.postgresql_rows)
        with postgresql.running() as (url, version):
            on_postgresql = postgresql.figures(url, version, smaller, wanted.repeat)
    return Run(
        on=datetime.now(UTC).date().isoformat(),
        command=f"make bench ARGS='--days {wanted.days} --rows {wanted.rows}'",
        machine=machine.described(),
        days=daily_rows.count(path),
        assignments=_assignments(path),
        teams=company.TEAMS,
        reports=asked,
        sqlite=into_sqlite,
        postgresql=on_postgresql,
    )


def _assignments(path: Path) -> int:
    connection = sqlite3.connect(path)
    (found,) = connection.execute("SELECT count(*) FROM assignments").fetchone()
    connection.close()
    return int(found)


def main(arguments: Sequence[str]) -> int:
    """Measure and tell; returns the exit status."""
    wanted = options(arguments)
    run = measured(wanted, lambda what: print(f"… {what}", file=sys.stderr, flush=True))
    if wanted.clean:
        kept.cleared(wanted.folder)
    print(page.figures(run))
    if wanted.write:
        PAGE.write_text(page.written(PAGE.read_text(encoding="utf-8"), run), encoding="utf-8")
    if wanted.json:
        wanted.json.write_text(json.dumps(run.plain(), indent=1), encoding="utf-8")
    return int(wanted.strict and not all(each.reached for each in run.targets()))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
