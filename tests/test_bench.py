"""The benchmark runs, on a company of a few rows. Nothing here is timed: a slow machine must not fail the tests."""

import json
from pathlib import Path

from bench import __main__ as bench
from bench import company, digests, files, filters, kept, many_teams, page, postgresql, reports
from tests.postgres import Postgres


def test_a_small_run_measures_everything_and_fills_the_page(tmp_path: Path) -> None:
    small = ["--days", "2000", "--rows", "1000", "--postgresql-rows", "0", "--repeat", "1"]
    told: list[str] = []
    wanted = bench.options([*small, "--folder", str(tmp_path / "kept")])
    run = bench.measured(wanted, told.append)
    assert told[0] == "making the company"
    assert run.days >= 2000
    assert (run.sqlite.rows, list(run.sqlite.seconds)) == (1000, ["read", "match", "store"])
    assert {"one team, 30 days", "all teams, 365 days", reports.DAILY} <= run.reports.asked.keys()
    assert len(json.loads(json.dumps(run.plain()))["targets"]) == len(run.targets()) == 7
    before = f"# Performance\n\n{page.BEGIN}\nold\n{page.END}\nafter\n"
    once = page.written(before, run)
    assert "old" not in once
    assert (once[:13], once[-6:]) == ("# Performance", "after\n")
    assert page.written(once, run) == once


def test_the_calendar_and_the_daily_rows_answer_alike(tmp_path: Path) -> None:
    path = kept.database(tmp_path, 3000)
    assert reports.same(path)
    assert kept.database(tmp_path, 3000).stat().st_mtime_ns == path.stat().st_mtime_ns


def test_a_file_has_the_rows_asked_for(tmp_path: Path) -> None:
    files.write(tmp_path / "usage.csv", 777)
    core = company.opened(f"sqlite:///{tmp_path / 'a.db'}")
    (found,) = core.load([tmp_path / "usage.csv"]).files
    core.store.close()
    assert (found.read, found.stored, found.refused) == (777, 777, ())


def test_postgresql_is_measured_with_a_file_of_its_own(postgres: Postgres, tmp_path: Path) -> None:
    file = kept.usage_file(tmp_path, 500)
    with postgres.database() as url:
        found = postgresql.figures(url, "18", file, 1)
    assert found.imported.rows == 500
    assert found.times.keys() == postgresql.QUESTIONS.keys()


def test_filters_are_pressed_over_a_small_company(tmp_path: Path) -> None:
    run = filters.measured(kept.database(tmp_path, 3000), 1)
    assert run.rows > 1
    assert list(run.presses) == [*filters.PRESSES, "next page", "Why?"]
    page = f"# Performance\n\n{filters.FIRST}\nold\n{filters.LAST}\nafter\n"
    once = filters.written(page, filters.table(run))
    assert "old" not in once
    assert filters.written(once, filters.table(run)) == once


def test_the_digests_of_many_teams_are_computed_at_once(tmp_path: Path) -> None:
    path = kept.in_many_teams(tmp_path, 60_000)
    run = digests.measured(path, 1)
    assert (run.digests, run.told["digests"]) == (many_teams.TEAMS, many_teams.TEAMS)
    assert run.days >= 60_000
    assert all(run.told[name] for name in ("newly_inactive", "back_again", "unused_14", "freed", "waiting"))
    before = f"# Performance\n\n{digests.FIRST}\nold\n{digests.LAST}\nafter\n"
    once = digests.written(before, digests.table(run))
    assert "old" not in once
    assert digests.written(once, digests.table(run)) == once
