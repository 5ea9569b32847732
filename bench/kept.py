"""Made-up databases and files, kept between runs in a folder of their own so that a second run starts at once."""

import shutil
import sqlite3
import zlib
from collections.abc import Callable
from pathlib import Path

from bench import company, daily_rows, files, many_teams
from reporting_core.storage import schema


def cleared(folder: Path) -> None:
    """Throw everything away that was kept."""
    shutil.rmtree(folder, ignore_errors=True)


def database(folder: Path, days: int) -> Path:
    """Return a database with `days` usage days and, beside the calendar, the same use as daily rows."""

    def make(path: Path) -> None:
        company.make(path, days)
        daily_rows.add(path)

    shape = zlib.crc32(Path(schema.__file__).read_bytes())
    return _kept(folder / f"company-{company.GENERATION}-{shape:08x}-{days}.db", make)


def calendar_only(folder: Path, days: int) -> Path:
    """Return a database with `days` usage days, without the daily rows."""
    shape = zlib.crc32(Path(schema.__file__).read_bytes())
    return _kept(folder / f"calendar-{company.GENERATION}-{shape:08x}-{days}.db", lambda path: company.make(path, days))


def in_many_teams(folder: Path, days: int) -> Path:
    """Return a database with `days` usage days of people in 2,000 teams."""
    shape = zlib.crc32(Path(schema.__file__).read_bytes() + Path(many_teams.__file__).read_bytes())
    path = folder / f"teams-{company.GENERATION}-{shape:08x}-{days}.db"
    return _kept(path, lambda path: many_teams.make(path, days))


def usage_file(folder: Path, rows: int) -> Path:
    """Return a daily export of `rows` rows."""
    return _kept(folder / f"usage-{company.GENERATION}-{rows}.csv", lambda path: files.write(path, rows))


def _kept(path: Path, make: Callable[[Path], None]) -> Path:
    """Make a file unless it is there; a half-made one never gets the name of a whole one."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        growing = path.with_name(f"growing-{path.name}")
        for left in path.parent.glob(f"{growing.name}*"):
            left.unlink()
        make(growing)
        if path.suffix == ".db":
            # One file with everything in it can be renamed; a log beside it could not.
            sqlite3.connect(growing).execute("PRAGMA journal_mode = DELETE").connection.close()
        growing.rename(path)
    return path
