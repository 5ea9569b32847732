"""From a press on *Spreadsheet* in the local workspace to a file that opens and holds what the message says."""

import io
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from bot import app
from reporting_core.core import Core
from tests.playground_cast import Page, Stage, until
from tests.test_bot_end_to_end import answer, as_of_the_sample, given, loaded, workspace

DESIGN = "/usage team=Design last=30d"


@dataclass
class Scene:
    """The bot in the local workspace, over the sample's data; `core.clock` can be moved."""

    stage: Stage
    core: Core
    running: app.Running
    folder: Path

    @property
    def page(self) -> Page:
        return self.stage.page.acting_as("U0PRIMARY")

    async def press(self, message: dict[str, Any], action_id: str, user: str = "U0PRIMARY", **more: Any) -> None:
        """Press a button of a message, and wait until the bot has done what it says."""
        blocks = [block for block in message["blocks"] if block["type"] == "actions"]
        block, button = next((b, e) for b in blocks for e in b["elements"] if e["action_id"] == action_id)
        place = {"channel": more.get("channel", "C0GENERAL"), "message_ts": message["ts"]}
        what = {"block_id": block["block_id"], "action_id": action_id, "value": button.get("value", "")}
        pressed = await self.stage.page.acting_as(user).post("action", **place, **what)
        assert pressed["ok"], pressed
        await self.running.desk.idle(20)

    async def newest(self, channel: str = "C0GENERAL") -> dict[str, Any]:
        last: dict[str, Any] = (await self.page.messages(channel))[-1]
        return last

    async def files(self, user: str = "U0PRIMARY") -> list[dict[str, Any]]:
        """Files in the direct message with the bot, oldest first."""
        page = self.stage.page.acting_as(user)
        return [file for message in await page.messages(await page.im()) for file in message.get("files", ())]

    async def download(self, file: dict[str, Any], user: str = "U0PRIMARY") -> bytes:
        """Fetch a file as the page does; nothing for whom it is not."""
        page = self.stage.page.acting_as(user)
        async with page.session.get(f"{page.base_url}/page/file/{file['id']}", params={"as": user}) as response:
            return await response.read() if response.status == 200 else b""

    @property
    def kept(self) -> list[Path]:
        return sorted((self.folder / "exports").rglob("*.xlsx"))


@asynccontextmanager
async def playing(
    database_url: str, folder: Path, clock: Callable[[], datetime] = as_of_the_sample
) -> AsyncIterator[Scene]:
    with loaded(database_url) as core:
        core.clock = core.exports.clock = clock
        settings = given("http://127.0.0.1/api/", folder, database_url)
        core.exports.folder = settings.exports
        async with workspace() as stage:
            running = await app.start(given(stage.playground.api_url, folder, database_url), "socket", core)
            try:
                yield Scene(stage, core, running, folder)
            finally:
                await running.stop()


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'usagebot.db'}"


def figures(message: dict[str, Any]) -> tuple[int, set[str]]:
    """Rows of the message's table, and the people in it."""
    table = next(block for block in message["blocks"] if block["type"] == "data_table")
    return len(table["rows"]) - 1, {row[0]["text"] for row in table["rows"][1:]}


def opened(content: bytes) -> tuple[list[str], list[dict[str, Any]]]:
    """Return the names of the sheets, and the rows of the first by their heading."""
    book = openpyxl.load_workbook(io.BytesIO(content))
    lines = [row for row in book.worksheets[0].iter_rows(values_only=True) if any(cell is not None for cell in row)]
    return book.sheetnames, [dict(zip(map(str, lines[0]), row, strict=True)) for row in lines[1:]]


async def test_the_file_holds_the_rows_of_the_message(database_url: str, tmp_path: Path) -> None:
    async with playing(database_url, tmp_path) as scene:
        message = await answer(scene.stage, "U0PRIMARY", DESIGN)
        await scene.press(message, "spreadsheet")
        said, (file,) = await scene.newest(), await scene.files()
        content = await scene.download(file)
        report = (await scene.page.messages())[-2]
        (kept,) = scene.kept
        assert content == kept.read_bytes()
    count, people = figures(message)
    names, rows = opened(content)
    assert (len(names), len(rows)) == (4, count)
    assert f"Spreadsheet with {count} rows is in our direct message." in said["text"]
    assert "/files/" in str(said["blocks"])
    assert {str(row["Person"]) for row in rows} == people
    seats = [str(row["Status"]) for row in rows if row["Access"] == "Subscription"]
    for status in ("Active", "Inactive"):
        assert f"{status.casefold()} {seats.count(status)}" in message["text"]
    assert report["blocks"] == message["blocks"], "the report stays as it was"
    assert file["name"] == "usage Design 30d 2026-11-24.xlsx"


async def test_nobody_else_gets_the_file_and_no_web_door_leads_to_it(url: str, tmp_path: Path) -> None:
    async with playing(url, tmp_path) as scene:
        await answer(scene.stage, "U0PRIMARY", "/usage export team=Design last=30d")
        await scene.running.desk.idle(20)
        (file,) = await scene.files()
        assert await scene.download(file)
        assert await scene.download(file, "U0MEMBER") == b""
        assert await scene.download(file, "U0DESIGN") == b""
        assert await scene.files("U0DESIGN") == []


async def test_the_history_fetches_again_after_a_restart_and_deletes(url: str, tmp_path: Path) -> None:
    async with playing(url, tmp_path) as scene:
        await answer(scene.stage, "U0PRIMARY", "/usage export team=Design last=30d")
        await scene.running.desk.idle(20)
    async with playing(url, tmp_path) as scene:
        history = await answer(scene.stage, "U0PRIMARY", "/usage exports")
        assert history["text"].startswith("1 spreadsheet of the last 14 days.")
        await scene.press(history, "fetch_0")
        (file,) = await scene.files()
        assert await scene.download(file) == scene.kept[0].read_bytes()
        await scene.press(history, "export_delete_0")
        assert scene.kept == []
        assert "deleted 24 Nov 2026" in (await shown(scene, history))["text"]


async def shown(scene: Scene, message: dict[str, Any]) -> dict[str, Any]:
    """What stands now where a message stood."""
    return next(each for each in await scene.page.messages() if each["ts"] == message["ts"])


async def test_two_weeks_later_the_hourly_round_has_deleted_the_file(url: str, tmp_path: Path) -> None:
    now = [as_of_the_sample()]
    async with playing(url, tmp_path, lambda: now[0]) as scene:
        await answer(scene.stage, "U0PRIMARY", "/usage export team=Design last=30d")
        await scene.running.desk.idle(20)
        assert len(scene.kept) == 1
    now[0] += timedelta(days=14)
    async with playing(url, tmp_path, lambda: now[0]) as scene:
        await until(lambda: not scene.kept)


@pytest.mark.parametrize(
    ("method", "kind", "told"),
    [
        ("files.getUploadURLExternal", "missing_scope", "files:write"),
        ("upload", "500", "could not be reached"),
        ("files.completeUploadExternal", "storage_limit", "takes no more files"),
        ("files.completeUploadExternal", "drop", "Slack lost the file on the way"),
    ],
)
async def test_an_upload_that_fails_is_told_and_done_at_the_next_press(
    url: str, tmp_path: Path, method: str, kind: str, told: str
) -> None:
    async with playing(url, tmp_path) as scene:
        scene.running.desk.workshop = replace(scene.running.desk.workshop, looks=(0.0, 0.0))
        scene.stage.playground.faults.order(method, kind, times=3)
        failed = await answer(scene.stage, "U0PRIMARY", "/usage export team=Design last=30d")
        await scene.running.desk.idle(20)
        failed = await shown(scene, failed)
        assert told in failed["text"]
        assert await scene.files() == []
        scene.stage.playground.faults.clear()
        await scene.press(failed, "fetch_0")
        assert len(await scene.files()) == 1


async def test_a_lost_answer_is_found_out_and_the_file_is_there_once(url: str, tmp_path: Path) -> None:
    async with playing(url, tmp_path) as scene:
        scene.running.desk.workshop = replace(scene.running.desk.workshop, looks=(0.0, 0.0))
        scene.stage.playground.faults.order("files.completeUploadExternal", "drop_after")
        said = await answer(scene.stage, "U0PRIMARY", "/usage export team=Design last=30d")
        await scene.running.desk.idle(20)
        assert "is in our direct message" in (await shown(scene, said))["text"]
        assert len(await scene.files()) == 1


async def test_names_hidden_since_are_not_handed_out_and_made_anew_without(url: str, tmp_path: Path) -> None:
    async with playing(url, tmp_path) as scene:
        await answer(scene.stage, "U0PRIMARY", "/usage export team=Design last=30d")
        await scene.running.desk.idle(20)
        scene.core.set_personal_data("Design", shown=False)
        await scene.press(await answer(scene.stage, "U0PRIMARY", "/usage exports"), "fetch_0")
        refused = await scene.newest()
        assert "hides the names of its people" in refused["text"]
        await scene.press(refused, "spreadsheet")
        named, hashed = [await scene.download(file) for file in await scene.files()]
    people = {str(row["Person"]) for row in opened(named)[1]}
    assert people.isdisjoint(str(row["Person"]) for row in opened(hashed)[1])
    assert len(opened(named)[1]) == len(opened(hashed)[1])
