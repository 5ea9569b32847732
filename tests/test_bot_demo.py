"""`usagebot demo` as somebody would try it: workspace, bot and company together, and nothing left behind."""

import asyncio
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from bot.demo import Demo, Stage, raised
from bot.demo_cast import TRY
from reporting_core.words.errors import SettingWrong
from reporting_core.words.people import Asker
from reporting_core.words.schedules import Cadence, Kind, Rhythm
from tests.playground_cast import Page


def demo(told: list[str], **changes: Any) -> Demo:
    return replace(Demo({}, lambda: datetime.now(UTC), told.append, port=0), **changes)


@asynccontextmanager
async def running(**changes: Any) -> AsyncIterator[tuple[Stage, Page, list[str]]]:
    told: list[str] = []
    async with raised(demo(told, **changes)) as stage, aiohttp.ClientSession() as session:
        yield stage, Page(stage.address, session, "U0MAEVE"), told


async def answer(page: Page, text: str, place: str = "C0GENERAL") -> str:
    """Type a line and return all that the bot shows for it."""
    before = len(await page.messages(place))
    assert (await page.say(text, place))["ok"]
    for _ in range(200):
        said = [each for each in (await page.messages(place))[before:] if each["user"] != page.user]
        if said and "Working on it" not in str(said):
            return str(said)
        await asyncio.sleep(0.05)
    raise AssertionError(f"no answer to {text}")


def core_owner(stage: Stage) -> Asker:
    """The primary admin, for the core."""
    email = "maeve.ohara@northgate.example"
    return Asker(stage.core.account_id, "U0MAEVE", "Maeve O'Hara", email, owner=True, every_team=True)


def left(folder: Path) -> list[Path]:
    """Folders of the demo that are still there."""
    return list(folder.glob("usagebot-demo-*"))


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of our own for what the demo makes for a while, so that only its leftovers are found."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


async def test_everybody_gets_what_the_role_allows(temporary: Path) -> None:
    async with running() as (_stage, maeve, told):
        assert "Data through" in await answer(maeve, "/usage team=Design last=30d")
        assert "🔒" in await answer(maeve, "/usage last=30d")
        tomas, priya = maeve.acting_as("U0TOMAS"), maeve.acting_as("U0PRIYA")
        assert "assigned = " in await answer(tomas, "/usage team=Design")
        assert "Your role does not cover a team" in await answer(tomas, "/usage team=Manufacturing")
        assert "assigned = " in await answer(priya, '/usage team="Structural West"')
        assert "Reports are for admins" in await answer(maeve.acting_as("U0BEN"), "/usage team=Design")
        assert "Guests" in await answer(maeve.acting_as("U0GUEST"), "/usage team=Design")
        assert any("Imported" in line for line in told)
    assert left(temporary) == []


async def test_somebody_reads_slack_in_german_and_there_is_a_place_to_ask(temporary: Path) -> None:
    async with running() as (stage, maeve, _told):
        ruth = maeve.acting_as("U0RUTH")
        me = (await ruth.get("state"))["me"]
        assert (me["role_label"], me["tz"]) == ("Reporter of Design, Slack in German", "Europe/Berlin")
        assert stage.playground.world.people["U0RUTH"].locale == "de-DE"
        assert "Design" in await answer(ruth, "/usage team=Design last=30d")
        place = stage.playground.world.channels["C0ITHELP"]
        assert (place.name, stage.playground.world.bot.id in place.members) == ("it-help", True)


async def test_a_stranger_in_a_shared_channel_gets_nothing(temporary: Path) -> None:
    async with running() as (_stage, maeve, _told):
        lena = maeve.acting_as("U0LENA")
        await lena.say("/usage team=Design", "C0PARTNER")
        await answer(maeve, "/usage team=Design", "C0PARTNER")
        assert await lena.messages("C0PARTNER") == []


async def test_whatever_is_suggested_is_answered(temporary: Path) -> None:
    async with running() as (_stage, maeve, _told):
        for suggestion in TRY:
            if suggestion.text.removeprefix("/usage").split()[:1] not in ([], ["unassign"]):  # those open a form
                shown = await answer(maeve, suggestion.text)
                assert ("Did you mean" in shown) == ("mistake" in suggestion.title)
                assert "Something went wrong" not in shown
        state = await maeve.get("state")
        assert [each["text"] for each in state["app"]["suggestions"]] == [each.text for each in TRY]


async def test_settings_of_a_real_bot_do_not_reach_in(temporary: Path) -> None:
    real = {"USAGEBOT_DATABASE_URL": "postgresql://real/one", "SLACK_BOT_TOKEN": "xoxb-real", "USAGEBOT_KEY": "short"}
    async with running(environment=real) as (stage, _page, _told):
        assert str(stage.core.store.engine.url).startswith(f"sqlite:///{temporary}")


async def test_a_port_that_is_taken_gives_way_to_the_next(temporary: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        async with running(port=port) as (stage, _page, told):
            assert stage.address != f"http://127.0.0.1:{port}"
            assert any(f"Port {port} is taken, so the demo is on port " in line for line in told)


async def test_no_port_at_all_is_told_and_leaves_nothing(temporary: Path) -> None:
    with socket.create_server(("127.0.0.1", 65_535)), pytest.raises(SettingWrong, match="usagebot demo --port"):
        async with running(port=65_535):
            pass
    assert left(temporary) == []


async def test_kept_data_is_there_the_next_time(tmp_path: Path) -> None:
    async with running(kept=tmp_path / "demo") as (stage, _page, _told):
        stage.core.set_personal_data("Visualisation", shown=True)
    async with running(kept=tmp_path / "demo") as (stage, maeve, told):
        assert any("kept" in line for line in told)
        assert "🔒" not in await answer(maeve, "/usage last=30d")


async def test_a_kept_demo_goes_on_at_its_own_time(tmp_path: Path) -> None:
    noon = datetime(2026, 11, 25, 12, tzinfo=UTC)
    async with running(kept=tmp_path / "demo", clock=lambda: noon) as (stage, maeve, _told):
        assert stage.core.data_through() == date(2026, 11, 24)
        assert (await maeve.post("clock", to=(noon + timedelta(3)).timestamp()))["ok"]
        assert stage.core.data_through() == date(2026, 11, 27)
    async with running(kept=tmp_path / "demo", clock=lambda: noon + timedelta(2)) as (stage, _page, told):
        assert stage.core.clock() == noon + timedelta(5)
        assert told[1:3] == ["Making up Sat 28 Nov to Sun 29 Nov …",
                             "Importing the exports of Sat 28 Nov to Sun 29 Nov, 1 of 2 …"]  # fmt: skip
        assert "No daily data" not in str(stage.core.answer("team=Design last=30d", stage.core.operator).caveats)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_says_where_it_is_and_a_signal_ends_it_cleanly(tmp_path: Path, number: signal.Signals) -> None:
    environment = {**os.environ, "TMPDIR": str(tmp_path), "USAGEBOT_DATA": str(tmp_path / "data")}
    command = [sys.executable, "-m", "bot.cli", "demo", "--port", "0"]
    with subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        ready = next(line for line in process.stdout if "The demo is ready" in line)
        assert re.search(r"http://127\.0\.0\.1:\d+$", ready)
        process.send_signal(number)
        assert process.wait(20) == 0
        assert process.stderr.read() == ""
    assert list(tmp_path.iterdir()) == []


async def test_what_is_due_on_the_way_is_sent_when_it_is_due(tmp_path: Path) -> None:
    noon = datetime(2026, 11, 25, 12, tzinfo=UTC)
    async with running(kept=tmp_path / "demo", clock=lambda: noon) as (stage, maeve, _told):
        core = stage.core
        owner = core_owner(stage)
        daily = Cadence(Rhythm.DAILY, time(9))
        schedule = await core.schedules.subscribe(owner, Kind.DIGEST, "team=Design", daily, "UTC")
        assert (await maeve.post("clock", to=(noon + timedelta(2)).timestamp()))["ok"]
        posts = await core.schedules.history(owner, schedule.token)
        assert [(each.slot, str(each.as_of), each.late) for each in posts] == [
            ("2026-11-27T09:00", "2026-11-26", False),
            ("2026-11-26T09:00", "2026-11-25", False),
        ]
        assert {str(each.state) for each in posts} <= {"posted", "skipped"}


async def test_after_a_weekend_on_which_few_work_nobody_is_unknown_for_it(tmp_path: Path) -> None:
    """Also where something is due on each of its days, so that each is exported by itself."""
    friday = datetime(2026, 11, 27, 12, tzinfo=UTC)
    async with running(kept=tmp_path / "demo", clock=lambda: friday) as (stage, maeve, _told):
        core, everybody = stage.core, core_owner(stage)
        await core.schedules.subscribe(everybody, Kind.DIGEST, "team=Design", Cadence(Rhythm.DAILY, time(9)), "UTC")
        before = (await core.usage('team="Structural West"', everybody)).tiles.subscriptions
        assert (await maeve.post("clock", to=(friday + timedelta(3)).timestamp()))["ok"]
        report = await core.usage('team="Structural West"', everybody)
        assert (str(report.as_of), report.tiles.subscriptions.unknown) == ("2026-11-29", before.unknown)
        assert report.tiles.subscriptions.inactive
