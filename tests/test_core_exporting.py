"""Spreadsheets: one of a kind at a time, kept for two weeks, handed out to whoever may still see what is in them."""

import asyncio
import os
import stat
import subprocess
import sys
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from reporting_core.storage.engines import open_store
from reporting_core.usecases.exporting import Exports
from reporting_core.words.errors import SettingWrong
from reporting_core.words.people import Asker
from reporting_core.words.report import UsageReport
from reporting_core.words.spreadsheets import KEPT, LEASE, Claimed, Fetched, State, Turn, Withheld
from reporting_core.words.terms import Role
from tests.company import ANN, BEN, DESIGN, NOW, WEST, Company

PRIMARY = frozenset({Role.PRIMARY_ADMIN})


class Shelf:
    """The company's spreadsheets, with a clock that is moved by hand."""

    def __init__(self, company: Company, folder: Path) -> None:
        self.company = company
        self.now = NOW
        core = company.core
        self.exports = Exports(core.store, core.account_id, lambda: self.now, core.token, folder)
        self.folder = folder / str(company.core.account_id)
        self.asker = replace(company.core.operator, slack_user_id="U1")

    def report(self, text: str = "team=Design last=30d", asker: Asker | None = None) -> UsageReport:
        return self.company.ask(text, asker or self.asker).report

    async def request(self, text: str = "team=Design last=30d", asker: Asker | None = None) -> Claimed:
        report = self.report(text, asker)
        return await self.exports.request(asker or self.asker, report, await self.exports.version())

    async def made(self, text: str = "team=Design last=30d", asker: Asker | None = None) -> Claimed:
        """A spreadsheet that was made and sent."""
        claimed = await self.request(text, asker)
        assert claimed.turn is Turn.MAKE
        await self.finished(claimed)
        await self.exports.settled(claimed.spreadsheet.token)
        return claimed

    async def finished(self, claimed: Claimed) -> Fetched:
        claimed.path.write_bytes(b"a workbook")
        return await self.exports.made(claimed.spreadsheet.token, 3)

    async def withheld(self, claimed: Claimed, asker: Asker | None = None) -> Withheld | None:
        return (await self.exports.file_of(asker or self.asker, claimed.spreadsheet.token)).withheld

    @property
    def files(self) -> list[str]:
        return sorted(each.name for each in self.folder.iterdir())


@pytest.fixture
def shelf(company: Company, tmp_path: Path) -> Shelf:
    company.load(
        company.report(ANN.holds("Revit"), BEN.of(WEST).holds("Revit")), company.usage(ANN.used("Revit", 1, 2))
    )
    return Shelf(company, tmp_path / "exports")


async def test_a_file_is_made_kept_and_fetched_again(shelf: Shelf) -> None:
    claimed = await shelf.request()
    assert (claimed.turn, claimed.spreadsheet.state) == (Turn.MAKE, State.MAKING)
    done = await shelf.finished(claimed)
    assert done.path is not None
    assert done.path.read_bytes() == b"a workbook"
    (listed,) = await shelf.exports.listed(shelf.asker)
    assert (listed.state, listed.rows, listed.size) == (State.READY, 3, 10)
    assert (listed.query, listed.hashed) == ("team=Design last=30d", False)
    assert listed.expires_at == NOW + timedelta(days=14)
    fetched = await shelf.exports.file_of(shelf.asker, listed.token)
    assert fetched.path == done.path


async def test_nobody_else_on_the_machine_can_read_a_file_at_any_time(shelf: Shelf) -> None:
    claimed = await shelf.request()
    being_made = stat.S_IMODE(claimed.path.stat().st_mode)
    done = await shelf.finished(claimed)
    assert done.path is not None
    assert (being_made, stat.S_IMODE(done.path.stat().st_mode)) == (0o600, 0o600)
    assert stat.S_IMODE(shelf.folder.stat().st_mode) == 0o700
    assert stat.S_IMODE(shelf.folder.parent.stat().st_mode) == 0o700


async def test_a_folder_that_was_open_to_others_is_closed(shelf: Shelf) -> None:
    shelf.folder.mkdir(parents=True, mode=0o755)
    shelf.folder.chmod(0o755)
    await shelf.request()
    assert stat.S_IMODE(shelf.folder.stat().st_mode) == 0o700


async def test_asked_for_twice_one_is_made_and_then_the_same_is_sent(shelf: Shelf) -> None:
    first = await shelf.request()
    assert (await shelf.request()).turn is Turn.WAIT
    await shelf.finished(first)
    assert (await shelf.request()).turn is Turn.WAIT, "it is being sent"
    await shelf.exports.settled(first.spreadsheet.token)
    again = await shelf.request()
    assert (again.turn, again.spreadsheet.token) == (Turn.SEND, first.spreadsheet.token)
    assert again.path.read_bytes() == b"a workbook"
    assert (await shelf.request()).turn is Turn.WAIT


@pytest.mark.parametrize("round_", range(5))
async def test_of_many_presses_at_once_one_makes_it(shelf: Shelf, round_: int) -> None:
    report, version = shelf.report(), await shelf.exports.version()
    stores = [open_store(shelf.company.core.store.engine.url.render_as_string(hide_password=False)) for _ in range(2)]
    both = [replace(shelf.exports, store=store) for store in stores]
    claimed = await asyncio.gather(*(each.request(shelf.asker, report, version) for each in both * 4))
    for store in stores:
        store.close()
    assert sorted(each.turn for each in claimed) == [Turn.MAKE] + [Turn.WAIT] * 7
    assert len({each.spreadsheet.token for each in claimed}) == 1
    assert len(shelf.files) == 1


_OTHER_PROCESS = """
import asyncio, sys
from datetime import date
from pathlib import Path
from reporting_core.core import Core
from reporting_core.storage.engines import open_store
from dataclasses import replace
from tests.company import KEY, NOW

store = open_store(sys.argv[1])
core = Core(store, "main", 1, lambda: NOW, KEY)
core.exports.folder = Path(sys.argv[2])
asker = replace(core.operator, slack_user_id="U1")
report = core.answer("team=Design last=30d", asker)
print("ready", flush=True)
sys.stdin.readline()
print(asyncio.run(core.exports.request(asker, report, 1)).turn, flush=True)
"""


def test_of_two_processes_one_makes_it(shelf: Shelf) -> None:
    url = shelf.company.core.store.engine.url.render_as_string(hide_password=False)
    command = [sys.executable, "-c", _OTHER_PROCESS, url, str(shelf.folder.parent)]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[1])}
    both = [subprocess.Popen(command, env=environment, **pipes) for _ in range(2)]  # type: ignore[call-overload]
    assert [each.stdout.readline() for each in both] == ["ready\n"] * 2
    for each in both:
        each.stdin.write("go\n")
        each.stdin.flush()
    assert sorted(each.communicate()[0].strip() for each in both) == ["make", "wait"]


async def test_what_makes_two_files_differ_makes_two(shelf: Shelf) -> None:
    first = await shelf.request()
    others = [
        await shelf.request("team=Design last=90d"),
        await shelf.request(asker=replace(shelf.asker, slack_user_id="U2")),
        await shelf.exports.request(shelf.asker, shelf.report(), 1, "de"),
        await shelf.exports.request(shelf.asker, shelf.report(), 99),
        await shelf.exports.request(shelf.asker, replace(shelf.report(), hashed=True), 1),
    ]
    assert {each.turn for each in (first, *others)} == {Turn.MAKE}
    assert len({each.spreadsheet.token for each in (first, *others)}) == 6


async def test_the_same_words_on_another_day_are_another_file(shelf: Shelf) -> None:
    await shelf.made()
    report = shelf.report()
    tomorrow = replace(report, as_of=report.as_of + timedelta(days=1))
    assert (await shelf.exports.request(shelf.asker, tomorrow, 1)).turn is Turn.MAKE


async def test_newer_data_make_a_new_file(shelf: Shelf) -> None:
    await shelf.made()
    shelf.company.load(shelf.company.usage(ANN.used("Revit", 5)))
    assert (await shelf.request()).turn is Turn.MAKE


async def test_a_lease_runs_out_when_its_process_has_died(shelf: Shelf) -> None:
    dead = await shelf.request()
    shelf.now += LEASE - timedelta(seconds=1)
    assert (await shelf.request()).turn is Turn.WAIT
    shelf.now += timedelta(seconds=1)
    again = await shelf.request()
    assert again.turn is Turn.MAKE
    assert again.spreadsheet.token != dead.spreadsheet.token
    # The first one was not dead but slow: what it made is not taken, and does not stay.
    assert (await shelf.finished(dead)).withheld is Withheld.GONE
    assert [each.state for each in await shelf.exports.listed(shelf.asker)] == [State.MAKING, State.FAILED]
    assert len(shelf.files) == 1


async def test_a_lease_is_prolonged_by_signs_of_life(shelf: Shelf) -> None:
    claimed = await shelf.request()
    for _ in range(5):
        shelf.now += LEASE / 2
        await shelf.exports.alive(claimed.spreadsheet.token)
    assert (await shelf.request()).turn is Turn.WAIT
    assert (await shelf.finished(claimed)).path is not None


async def test_a_failure_frees_the_way_and_says_why(shelf: Shelf) -> None:
    claimed = await shelf.request()
    await shelf.exports.failed(claimed.spreadsheet.token, "error")
    assert shelf.files == []
    assert (await shelf.request()).turn is Turn.MAKE
    assert (await shelf.exports.listed(shelf.asker))[1].reason == "error"
    assert await shelf.withheld(claimed) is Withheld.GONE


async def test_a_file_that_was_not_sent_is_kept_with_the_reason(shelf: Shelf) -> None:
    claimed = await shelf.request()
    await shelf.finished(claimed)
    await shelf.exports.settled(claimed.spreadsheet.token, "archived")
    (listed,) = await shelf.exports.listed(shelf.asker)
    assert (listed.state, listed.reason) == (State.READY, "archived")
    assert await shelf.withheld(claimed) is None


async def test_a_file_that_was_taken_away_by_hand_is_made_anew(shelf: Shelf) -> None:
    claimed = await shelf.made()
    (shelf.folder / shelf.files[0]).unlink()
    assert await shelf.withheld(claimed) is Withheld.GONE
    assert (await shelf.request()).turn is Turn.MAKE


async def test_two_weeks_later_the_file_is_gone_and_the_record_stays(shelf: Shelf) -> None:
    claimed = await shelf.made()
    shelf.now += KEPT - timedelta(seconds=1)
    assert await shelf.exports.expire() == 0
    assert await shelf.withheld(claimed) is None
    shelf.now += timedelta(seconds=1)
    assert await shelf.withheld(claimed) is Withheld.GONE, "also before the job has run"
    assert sum(await asyncio.gather(shelf.exports.expire(), shelf.exports.expire())) == 1
    assert await shelf.exports.expire() == 0
    assert shelf.files == []
    assert await shelf.withheld(claimed) is Withheld.GONE
    (record,) = shelf.company.stored()["made_exports"]
    assert "team=Design last=30d" in record


async def test_files_of_makers_that_died_are_swept_away(shelf: Shelf) -> None:
    claimed = await shelf.request()
    claimed.path.write_bytes(b"half a workb")
    assert await shelf.exports.expire() == 0
    shelf.now += LEASE
    assert await shelf.exports.expire() == 1
    assert shelf.files == []
    (listed,) = await shelf.exports.listed(shelf.asker)
    assert (listed.state, listed.reason) == (State.FAILED, "abandoned")


async def test_files_that_nobody_knows_are_swept_away_when_they_are_old(shelf: Shelf) -> None:
    await shelf.made()
    over = (NOW - KEPT).timestamp()
    old, young, other = (shelf.folder / name for name in ("old.xlsx", "young.part", "notes.txt"))
    for each in (old, young, other):
        each.write_text("x")
        os.utime(each, (over, over))
    os.utime(young, (NOW.timestamp(), NOW.timestamp()))
    assert await shelf.exports.expire() == 1
    assert (old.exists(), young.exists(), other.exists()) == (False, True, True)
    assert len(shelf.files) == 3


async def test_what_a_killed_writer_left_goes_after_an_hour(shelf: Shelf) -> None:
    await shelf.made()
    for name, minutes in ((".old.part", 60), (".young.part", 59)):
        (shelf.folder / name).write_text("half a workb")
        at = (NOW - timedelta(minutes=minutes)).timestamp()
        os.utime(shelf.folder / name, (at, at))
    assert await shelf.exports.expire() == 1
    assert [name for name in shelf.files if name.startswith(".")] == [".young.part"]


async def test_a_deleted_file_is_gone_at_once_and_its_record_stays(shelf: Shelf) -> None:
    claimed = await shelf.made()
    stranger = replace(shelf.asker, slack_user_id="U2")
    assert not await shelf.exports.delete(stranger, claimed.spreadsheet.token)
    assert await shelf.exports.delete(shelf.asker, claimed.spreadsheet.token)
    assert not await shelf.exports.delete(shelf.asker, claimed.spreadsheet.token)
    assert shelf.files == []
    assert await shelf.withheld(claimed) is Withheld.GONE
    (listed,) = await shelf.exports.listed(shelf.asker)
    assert listed.deleted_at == NOW
    assert (await shelf.request()).turn is Turn.MAKE


async def test_a_file_deleted_while_it_is_made_does_not_come_back(shelf: Shelf) -> None:
    claimed = await shelf.request()
    assert await shelf.exports.delete(shelf.asker, claimed.spreadsheet.token)
    assert (await shelf.exports.made(claimed.spreadsheet.token, 3)).withheld is Withheld.GONE
    late = await shelf.request()
    assert await shelf.exports.delete(shelf.asker, late.spreadsheet.token)
    assert (await shelf.finished(late)).withheld is Withheld.GONE
    assert shelf.files == []


@pytest.mark.parametrize("token", ["", "unknown", "../../etc/passwd", "\x00", "%", "\ud800"])
async def test_a_token_that_is_none_leads_nowhere(shelf: Shelf, token: str) -> None:
    await shelf.made()
    assert (await shelf.exports.file_of(shelf.asker, token)).withheld is Withheld.UNKNOWN
    assert not await shelf.exports.delete(shelf.asker, token)


async def test_a_file_is_its_askers_alone(shelf: Shelf) -> None:
    claimed = await shelf.made()
    stranger = replace(shelf.asker, slack_user_id="U2")
    assert await shelf.withheld(claimed, stranger) is Withheld.UNKNOWN
    assert await shelf.exports.listed(stranger) == []


async def test_who_lost_a_team_gets_no_file_with_it_any_more(shelf: Shelf) -> None:
    claimed = await shelf.made("last=30d")
    design, west = sorted(claimed.spreadsheet.team_ids)
    account = shelf.company.core.account_id
    admin = Asker(account, "U1", "Ann", "ann@example.com", teams={design: PRIMARY, west: PRIMARY})
    assert await shelf.withheld(claimed, admin) is None
    assert await shelf.withheld(claimed, replace(admin, teams={design: PRIMARY})) is Withheld.TEAMS
    assert await shelf.withheld(claimed, replace(admin, teams={})) is Withheld.TEAMS


async def test_a_file_of_merged_teams_follows_the_team_they_became(shelf: Shelf) -> None:
    claimed = await shelf.made("team=Design last=30d")
    (west,) = shelf.report(f'team="{WEST}" last=30d').team_ids
    shelf.company.core.merge_teams("Design", WEST)
    admin = Asker(shelf.company.core.account_id, "U1", "Ann", "", teams={west: PRIMARY})
    assert await shelf.withheld(claimed, admin) is None


async def test_a_file_with_names_is_withheld_when_one_of_its_teams_hides_them(shelf: Shelf) -> None:
    named = await shelf.made("last=30d")
    shelf.company.core.set_personal_data(WEST, shown=False)
    assert await shelf.withheld(named) is Withheld.NAMES
    hashed = await shelf.made("last=30d")
    assert hashed.spreadsheet.hashed
    assert await shelf.withheld(hashed) is None
    only_design = await shelf.made("team=Design last=30d")
    assert await shelf.withheld(only_design) is None
    shelf.company.core.set_personal_data(WEST, shown=True)
    assert await shelf.withheld(named) is None


async def test_accounts_never_see_each_others(shelf: Shelf, tmp_path: Path) -> None:
    mine = await shelf.made()
    other = Shelf(shelf.company.another("other"), shelf.folder.parent)
    other.company.load(other.company.report(ANN.holds("Revit")), other.company.usage(ANN.used("Revit", 1)))
    theirs = await other.made()
    assert other.folder != shelf.folder
    assert await other.withheld(mine) is Withheld.UNKNOWN
    assert not await other.exports.delete(other.asker, mine.spreadsheet.token)
    assert [each.token for each in await other.exports.listed(other.asker)] == [theirs.spreadsheet.token]
    other.now += KEPT
    assert await other.exports.expire() == 1
    assert len(shelf.files) == 1
    stranger = replace(shelf.asker, account_id=other.company.core.account_id)
    assert await shelf.withheld(mine, stranger) is Withheld.TEAMS


async def test_a_folder_that_cannot_be_used_is_named(shelf: Shelf, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    shelf.exports.folder = tmp_path / "file"
    with pytest.raises(SettingWrong, match="USAGEBOT_EXPORTS"):
        await shelf.request()
    shelf.exports.folder = None
    with pytest.raises(SettingWrong, match="USAGEBOT_EXPORTS"):
        await shelf.request()


async def test_expiry_without_any_folder_does_nothing(shelf: Shelf) -> None:
    assert await shelf.exports.expire() == 0
    assert not shelf.folder.exists()


async def test_who_was_asked_about_is_not_named_once_a_team_hides_its_people(shelf: Shelf) -> None:
    claimed = await shelf.made('user="Ann Lee" last=30d')
    token = claimed.spreadsheet.token
    shelf.company.core.set_personal_data(DESIGN, shown=False)
    (listed,) = await shelf.exports.listed(shelf.asker)
    withheld = await shelf.exports.file_of(shelf.asker, token)
    assert withheld.spreadsheet is not None
    assert withheld.withheld is Withheld.NAMES
    assert listed.query == withheld.spreadsheet.query == "user=***** last=30d"
    shelf.company.core.set_personal_data(DESIGN, shown=True)
    assert (await shelf.exports.listed(shelf.asker))[0].query == 'user="Ann Lee" last=30d'
