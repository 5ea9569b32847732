"""Small versions of `make chaos`: each scenario is gone through, and finds nothing wrong. The full ones print seeds."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, time
from pathlib import Path
from random import Random

import pytest

from chaos import __main__ as chaos
from chaos import crowd, drift, every, history, matrix, page, races, revoking, slots, tampering, zones
from chaos.blows import Way
from reporting_core.words.schedules import Cadence, Rhythm

SEED = 20_261_125

Database = tuple[str, str, Path]


@pytest.fixture
def database(database_url: str, tmp_path: Path) -> Database:
    return database_url.partition(":")[0], database_url, tmp_path


@pytest.mark.parametrize("way", list(Way))
async def test_whichever_operation_fails_of_the_whole_flow(database: Database, way: Way) -> None:
    """One in thirty-one here, each in full; over HTTP as well as in the database."""
    (tally,) = await every.run(database, [way], 2 + list(Way).index(way) * 5, 31)
    assert tally.wrong == []
    assert tally.operations >= 3
    assert tally.effects <= 1


async def test_of_two_admins_in_two_processes_one_takes_a_seat(database: Database) -> None:
    tally = await races.run(database, 8)
    assert tally.wrong == []
    assert (tally.calls, tally.effects, tally.told_who) == (8, 8, 8)


async def test_what_is_assigned_anew_while_healing_stays(database: Database) -> None:
    tally = await drift.assigned_anew(database, 6, Random(SEED))
    assert (tally.runs, tally.wrong) == (6, [])


async def test_what_became_one_of_a_group_or_default_stays(database: Database) -> None:
    tally = await drift.flipped(database, 8, Random(SEED))
    assert (tally.runs, tally.wrong) == (8, [])


async def test_without_its_record_nothing_is_called(database: Database) -> None:
    tally = await drift.unrecorded(database, 10)
    assert (tally.runs, tally.wrong) == (10, [])


def test_changes_of_the_audit_are_found_anywhere(tmp_path: Path) -> None:
    tally = tampering.run(tmp_path, 4, Random(SEED), rows=120)
    assert tally.tried.total() == 4 * len(tampering.KINDS)
    assert (tally.missed, tally.misplaced) == ([], [])


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_who_may_do_what_where_is_as_in_the_table(database: Database) -> None:
    for tally in await matrix.run(database, 160, Random(SEED)):
        assert tally.cells > 30
        assert tally.wrong == []


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_rights_taken_away_in_between_are_gone(database: Database) -> None:
    tally = await revoking.run(database, 20, Random(SEED))
    assert (tally.runs, tally.wrong) == (20, [])


async def test_a_slot_is_posted_once_though_a_bot_dies_or_stands_still(database: Database) -> None:
    tally = await slots.run(database, 4, Random(SEED))
    assert (tally.slots, tally.ways.total(), tally.wrong) == (4, 4, [])


def test_every_slot_comes_once_in_zones_and_years_with_all_their_nights() -> None:
    """One zone in fifty here, two years."""
    tally = zones.run(50, Random(SEED), years=2)
    assert tally.wrong == []
    assert (tally.zones >= 11, tally.skipped > 0, tally.twice > 0) == (True, True, True)


def test_the_checker_knows_the_nights_on_which_clocks_change() -> None:
    berlin, daily = zones.Zone("Europe/Berlin", 1), Cadence(Rhythm.DAILY, time(2, 30))
    due = zones.expected(berlin, daily)
    assert len(due) == 365
    assert due["2027-03-28T02:30"] == datetime(2027, 3, 28, 1, tzinfo=UTC)
    assert due["2027-10-31T02:30"] == datetime(2027, 10, 31, 0, 30, tzinfo=UTC)


def test_a_slot_that_is_missed_double_or_at_another_moment_is_noticed() -> None:
    berlin, weekly, tally = zones.Zone("Europe/Berlin", 1), Cadence(Rhythm.WEEKLY), zones.Tally()
    first, second, *others = zones.sent(berlin, weekly, Random(SEED), tally)
    zones.judge(berlin, weekly, [first, first, replace(second, due=first.due), *others[1:]], tally)
    assert (tally.missed, tally.double, tally.astray, len(tally.wrong)) == (1, 1, 1, 3)


# On a busy machine it takes as long to start again as it took to be killed.
@pytest.mark.timeout(400)
def test_a_database_and_bots_that_are_killed_lose_nothing(tmp_path: Path) -> None:
    tally = asyncio.run(crowd.run(tmp_path, 30, Random(SEED), ((0.7, 2.0), (1.0, 2.0)), until_told=False))
    assert tally.wrong == 0, tally
    assert (tally.bots > 0, tally.databases > 0, len(tally.answered)) == (True, True, tally.presses)


def test_the_checker_finds_what_is_wrong() -> None:
    order = {"kind": "order", "key": "a", "change": "unassign", "seat": ["ann", "Revit"]}
    effect, look = {**order, "kind": "effect"}, {**order, "kind": "state"}
    found = history.Verdict()
    for seen, recorded, state in (
        ([order, effect], ["intent", "done"], "done"),
        ([order, look, order, effect], ["intent", "done"], "done"),
        ([], ["intent", "failed"], "failed"),
    ):
        history.judge(found, ("a", "b", "unassign", state, 1), seen, recorded)
    assert found.wrong == 0
    for seen, recorded, state, kind in (
        ([order], ["intent", "done"], "done", "lost"),
        ([order, effect], ["intent", "failed"], "failed", "lost"),
        ([order, effect, look, order, effect], ["intent", "done"], "done", "double"),
        ([order, order, effect], ["intent", "done"], "done", "double"),
        ([order, effect], ["intent", "done", "done"], "done", "double"),
        ([order], ["intent"], "unknown", "stuck"),
        ([order, effect], ["done"], "done", "unrecorded"),
    ):
        found = history.Verdict()
        history.judge(found, ("a", "b", "unassign", state, 1), seen, recorded)
        assert getattr(found, kind) == ["a"], (seen, recorded, state)


def test_figures_are_written_in_place_and_others_stay() -> None:
    seen = [page.Seen(name, name.title(), f"make chaos ARGS={name}", 1.0, ["fine"]) for name in ("one", "two")]
    first = page.written("# Promises\n\ntext\n", "2026-11-25", seen)
    again = page.written(first, "2026-11-26", [page.Seen("two", "Two", "make chaos", 2.0, ["finer"])])
    assert again.startswith("# Promises\n\ntext\n")
    assert ("fine\n" in again, "finer\n" in again, again.count("### ")) == (True, True, 2)
    assert page.written(again, "2026-11-26", [page.Seen("two", "Two", "make chaos", 2.0, ["finer"])]) == again


def test_every_scenario_can_be_named() -> None:
    assert chaos.SCENARIOS.keys() == chaos.FULL.keys() == chaos.PROMISES.keys()
    assert chaos.options(["races", "--size", "5"]).scenarios == ["races"]
