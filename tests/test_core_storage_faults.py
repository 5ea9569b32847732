"""A locked database, a full disk, a killed import: a clear sentence, and before or after, never between."""

import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from sqlalchemy import event, text

from reporting_core.storage.engines import Store, open_store
from reporting_core.storage.upgrade import upgrade
from reporting_core.usecases.staging import LoadOptions
from reporting_core.words.errors import SettingWrong, StoreBusy
from tests.company import ANN, BEN, CLEO, DESIGN, WEST, Company, ago
from tests.reading_here import load_here

ROOT = Path(__file__).parents[1]
SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def impatient(company: Company, url: str, folder: Path) -> Company:
    """The same account, by a process that waits for nobody."""
    return Company(open_store(url, busy_seconds=0.1), folder)


@contextmanager
def somebody_writes(store: Store) -> Iterator[None]:
    with store.writing() as connection:
        connection.execute(text("UPDATE accounts SET version = version + 0"))
        yield


def test_a_locked_database_is_said_to_be_busy_and_nothing_is_changed(
    company: Company, database_url: str, tmp_path: Path
) -> None:
    company.load(company.usage(ANN.used("Revit", 1)))
    other, before = impatient(company, database_url, tmp_path), company.stored()
    with somebody_writes(company.core.store), pytest.raises(StoreBusy, match="busy with another change") as busy:
        other.load(other.usage(BEN.used("Revit", 1, 2)))
    assert "Nothing was changed" in str(busy.value)
    assert company.stored() == before
    other.load(other.usage(BEN.used("Revit", 1, 2)), replace=True)
    assert company.ask("last=30d").days("ben", "Revit") == 2
    other.core.store.close()


def test_reports_are_answered_from_the_state_before_while_an_import_runs(company: Company) -> None:
    company.load(company.usage(ANN.used("Revit", 1)))
    with somebody_writes(company.core.store):
        assert company.ask("last=30d").days("ann", "Revit") == 1


@SQLITE
def test_a_full_disk_is_named_and_nothing_is_changed(company: Company) -> None:
    company.load(company.usage(ANN.used("Revit", 1)))
    before, pages = company.stored(), 0

    def limit(connection: sqlite3.Connection, *_: object) -> None:
        # The one way to fill a disk of a test's own: SQLite reports the same error as for a full disk.
        connection.execute(f"PRAGMA max_page_count={pages}")

    with company.core.store.reading() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
    company.core.store.engine.dispose()
    event.listen(company.core.store.engine, "connect", limit)
    many = [BEN.called(name=f"person-{number}").used("Revit", 1)[0] for number in range(3000)]
    many += ANN.used("Revit", 1)
    with pytest.raises(StoreBusy, match=r"disk .* is full.*Nothing was changed"):
        company.load(company.usage(many))
    assert company.stored() == before
    event.remove(company.core.store.engine, "connect", limit)
    company.core.store.engine.dispose()
    assert company.load(company.usage(many)).files[0].stored == 3000


@SQLITE
def test_a_file_that_is_no_database_or_may_not_be_written_is_named(company: Company, tmp_path: Path) -> None:
    (tmp_path / "note.txt").write_text("this is no database, but long enough to be looked at " * 50)
    with pytest.raises(StoreBusy, match="damaged or something else"):
        upgrade(open_store(f"sqlite:///{tmp_path / 'note.txt'}"))
    (tmp_path / "folder").mkdir()
    with pytest.raises(StoreBusy, match="cannot be opened"):
        upgrade(open_store(f"sqlite:///{tmp_path / 'folder'}"))
    with pytest.raises(SettingWrong, match="USAGEBOT_DATABASE_URL"):
        open_store("nonsense")


def test_a_server_that_does_not_answer_is_named_without_its_password() -> None:
    with pytest.raises(StoreBusy, match=r"admin:\*\*\*@127\.0\.0\.1:1/usage does not answer") as busy:
        upgrade(open_store("postgresql://admin:secret@127.0.0.1:1/usage"))
    assert "secret" not in str(busy.value)


class Stopped(Exception):
    """The import was stopped at some statement."""


@contextmanager
def stopped_at(store: Store, number: int) -> Iterator[list[int]]:
    """Fail at the `number`-th statement; gives the count so far."""
    seen = [0]

    def count(*_: object) -> None:
        seen[0] += 1
        if seen[0] == number:
            raise Stopped

    event.listen(store.engine, "before_cursor_execute", count)
    yield seen
    event.remove(store.engine, "before_cursor_execute", count)


def test_an_import_that_fails_at_any_statement_changes_nothing(company: Company) -> None:
    company.load(
        company.usage(ANN.used("Revit", 1, 2)), company.report(ANN.holds("Revit")), company.users(ANN.is_a("User"))
    )
    paths = [
        company.usage(ANN.used("Revit", 2, 3), BEN.used("Forma", 1, access="Flex")),
        company.token_usage(BEN.charged("Forma", 1)),
        company.report(BEN.holds("Revit", last=1, group="CAD users"), ANN.called(autodesk_id="A1").holds("Revit")),
        company.users(ANN.is_a("Primary admin"), BEN.is_a("User")),
        company.groups(ANN.is_in("CAD users")),
        company.subscriptions(("S-1", "Revit", 5)),
        company.balances((10, 5, 90)),
    ]
    before = company.stored(leave_out=())
    number, statements = 0, 1
    while number < statements:
        number += 1
        with stopped_at(company.core.store, number) as seen:
            try:
                load_here(company.core, paths, LoadOptions(replace=True))
            except Stopped:
                assert company.stored(leave_out=()) == before
                statements = number + 1
    assert number > 20
    assert seen[0] == number - 1
    assert not company.load(*paths).changed


CHILD = """
import os, sys, time
from pathlib import Path
from sqlalchemy import event
from tests.company import Company
from reporting_core.storage.engines import open_store
url, folder, stop = sys.argv[1], Path(sys.argv[2]), int(sys.argv[3])
company = Company(open_store(url), folder)
seen = 0
def halt(*_):
    global seen
    seen += 1
    if seen == stop:
        print("reached", flush=True)
        time.sleep(60)
event.listen(company.core.store.engine, "before_cursor_execute", halt)
event.listen(company.core.store.engine, "commit", halt)
company.load(*sorted(folder.glob("in-*.csv")), replace=True)
print("finished", seen, flush=True)
"""


@contextmanager
def child(url: str, folder: Path, stop: int) -> Iterator[subprocess.Popen[str]]:
    with subprocess.Popen(
        [sys.executable, "-c", CHILD, url, str(folder), str(stop)],
        stdout=subprocess.PIPE, text=True, cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)},
    ) as process:  # fmt: skip
        try:
            yield process
        finally:
            process.kill()


def said(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


def test_a_killed_import_leaves_what_was_before_and_can_be_run_again(
    company: Company, database_url: str, tmp_path: Path
) -> None:
    company.load(company.usage(ANN.used("Revit", *range(1, 30)), CLEO.of(WEST).used("AutoCAD", 3)))
    before = company.stored()
    company.file([*ANN.used("Revit", *range(1, 20)), *BEN.used("Forma", *range(5))], name="in-usage.csv")
    company.file([*BEN.holds("Forma", last=1), *ANN.holds("Revit", last=2)], name="in-report.csv")
    for stop in (12, 27, 39):
        with child(database_url, tmp_path, stop) as process:
            assert said(process) == "reached"
            process.send_signal(signal.SIGKILL)
            process.wait()
        assert company.stored() == before
    with child(database_url, tmp_path, 0) as process:
        assert said(process).startswith("finished")
    assert company.ask("last=30d").days("ben", "Forma") == 5
    assert not company.load(*sorted(tmp_path.glob("in-*.csv")), replace=True).changed


def test_several_processes_importing_at_once_lose_nothing(company: Company, database_url: str, tmp_path: Path) -> None:
    folders = [tmp_path / name for name in ("one", "two", "three")]
    for number, folder in enumerate(folders):
        folder.mkdir()
        team = ANN.of(f"Team {number}")
        company.folder = folder
        for part in range(2):
            rows = team.called(name=f"ann{part}").used("Revit", *range(1 + 10 * part, 11 + 10 * part))
            company.file([*rows, *BEN.of(f"Team {number}").used("Forma", 1 + 10 * part)], name=f"in-{part}.csv")
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", CHILD, database_url, str(folder), "0"],
            stdout=subprocess.PIPE, text=True, cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)},
        )
        for folder in folders
    ]  # fmt: skip
    for process in processes:
        assert process.communicate(timeout=60)[0].startswith("finished")
    report = company.ask("last=30d").report
    assert sum(row.days_used or 0 for row in report.rows) == 3 * (20 + 2)
    assert report.row_count == 3 * 3
    with company.core.store.reading() as connection:
        assert connection.scalar(text("SELECT count(*) FROM imports")) == 3
        assert connection.scalar(text("SELECT count(*) FROM products")) == 2


def test_accounts_with_equal_names_never_meet(company: Company) -> None:
    other = company.another("other")
    ann = ANN.called(autodesk_id="A1", hashed_autodesk_id="h1")
    company.load(company.usage(ann.used("Revit", 1, 2)), company.report(ann.holds("Revit", group="CAD users")))
    before = company.stored()
    other.load(
        other.usage(ann.used("Revit", 2, 3, 4), CLEO.used("AutoCAD", 1)),
        other.report(ann.gave_back("Revit", on=1), CLEO.holds("AutoCAD", group="CAD users")),
        other.users(ann.is_a("Primary admin")),
        other.groups(ann.is_in("Everyone")),
        other.subscriptions(("S-1", "Revit", 500)),
        other.balances((1000, 900, 9)),
        other.file([{"team": DESIGN, "product": "Revit", "assigned_by": "Default"}]),
    )
    other.core.set_personal_data(DESIGN, shown=False)
    assert company.stored() == before
    answer = company.ask("last=30d")
    assert answer.people == ["ann"]
    assert (answer.days("ann", "Revit"), answer.report.hashed) == (2, False)
    assert answer.report.tiles.subscriptions.seats is None
    assert answer.report.tiles.flex.tokens_remaining is None
    other.load(other.usage(CLEO.of(WEST).used("AutoCAD", 1)))
    other.core.merge_teams(DESIGN, WEST)
    other.core.merge_teams(DESIGN, WEST, undo=True)
    assert company.stored() == before
    assert [team.name for team in company.core.teams()] == [DESIGN]


@SQLITE
def test_readers_of_other_processes_see_a_whole_import_or_none(
    company: Company, database_url: str, tmp_path: Path
) -> None:
    company.load(company.usage(ANN.used("Revit", 1)))
    company.file(BEN.used("Forma", *range(5)), name="in-usage.csv")
    path = str(company.core.store.engine.url.database)
    with child(database_url, tmp_path, 25) as process:
        assert said(process) == "reached"
        with closing(sqlite3.connect(path)) as reader:
            assert reader.execute("SELECT count(*) FROM assignments").fetchone() == (1,)
            assert reader.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    assert company.ask("last=30d", as_of=ago(0)).people == ["ann"]
