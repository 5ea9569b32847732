"""From a command typed in the local workspace to the right report: real exports, core and bot, both transports."""

import asyncio
import os
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, ExitStack, asynccontextmanager, contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from bot import app, settings
from bot.settings import Settings
from reporting_core.core import Core, open_core
from reporting_core.storage.engines import open_store
from tests.playground_cast import CAST, CREDENTIALS, Stage, raise_curtain, until

SAMPLE = Path(__file__).parent / "samples" / "snake-2023"
# The sample's people: Olga administers every team, Hugo Design only, Ben none.
EMAILS = {"U0PRIMARY": "olga.0@example.com", "U0DESIGN": "hugo.3@example.com", "U0MEMBER": "ben.4@example.com"}


def as_of_the_sample() -> datetime:
    return datetime(2026, 11, 24, 12, tzinfo=UTC)


def given(api_url: str, folder: Path, database_url: str, **more: str) -> Settings:
    return settings.read(environment(api_url, folder, database_url) | more)


def environment(api_url: str, folder: Path, database_url: str) -> dict[str, str]:
    return {
        "SLACK_BOT_TOKEN": CREDENTIALS.bot_token,
        "SLACK_APP_TOKEN": CREDENTIALS.app_token,
        "SLACK_SIGNING_SECRET": CREDENTIALS.signing_secret,
        "SLACK_API_URL": api_url,
        "USAGEBOT_DATA": str(folder),
        "USAGEBOT_DATABASE_URL": database_url,
        "USAGEBOT_KEY": "a key for tests that is long enough",
        "USAGEBOT_PORT": "0",
    }


@contextmanager
def loaded(database_url: str) -> Iterator[Core]:
    store = open_store(database_url)
    core = open_core(store, "main", clock=as_of_the_sample, key=b"a key for tests that is long enough")
    core.load(sorted(SAMPLE.glob("*.csv")))
    yield core
    store.close()


@asynccontextmanager
async def workspace() -> AsyncIterator[Stage]:
    people = tuple(replace(person, email=EMAILS.get(person.id, person.email)) for person in CAST.people)
    async with AsyncExitStack() as stack:
        yield await raise_curtain(stack, time.time, cast=replace(CAST, people=people))


async def answer(stage: Stage, user: str, text: str) -> dict[str, Any]:
    """Say something as somebody and wait for the bot's private answer to it."""
    page = stage.page.acting_as(user)
    before = len(await page.messages())
    said = await page.say(text)
    assert said["ok"], said
    found: list[Any] = []
    for _ in range(500):
        found = await page.messages()
        if len(found) > before and not found[-1]["text"].startswith(("⏳", "Working")):
            break
        await asyncio.sleep(0.02)
    assert len(found) > before, "no answer came"
    last: dict[str, Any] = found[-1]
    return last


@pytest.mark.parametrize("transport", ["socket", "http"])
async def test_an_admin_types_a_command_and_gets_the_right_report(
    database_url: str, transport: app.Transport, tmp_path: Path
) -> None:
    with loaded(database_url) as core:
        async with workspace() as stage:
            running = await app.start(given(stage.playground.api_url, tmp_path, database_url), transport, core)
            if transport == "http":
                stage.playground.use_http(f"{running.address}/slack/events")
            message = await answer(stage, "U0PRIMARY", "/usage team=Design last=30d")
            await running.stop()
    assert message["ephemeral"]
    table = next(block for block in message["blocks"] if block["type"] == "data_table")
    assert len(table["rows"]) == 1 + 6
    assert "Design" in message["blocks"][0]["text"]["text"]
    for figure in ("3 assigned", "1 active", "2 inactive"):
        assert figure in message["text"]


async def test_a_member_a_guest_and_another_teams_admin_are_refused_and_told_why(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'x.db'}"
    with loaded(url) as core:
        async with workspace() as stage:
            running = await app.start(given(stage.playground.api_url, tmp_path, url), "socket", core)
            texts = {
                user: (await answer(stage, user, "/usage team=Design last=30d"))["text"]
                for user in ("U0MEMBER", "U0GUEST")
            }
            other = (await answer(stage, "U0DESIGN", '/usage team="Structural West"'))["text"]
            own = (await answer(stage, "U0DESIGN", "/usage last=30d"))["text"]
            await running.stop()
    assert "admin" in texts["U0MEMBER"].casefold()
    assert "guest" in texts["U0GUEST"].casefold()
    assert "Your role does not cover" in other
    assert "Design" in own
    assert "Structural" not in own


@contextmanager
def process(environ: dict[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    command = [sys.executable, "-m", "bot.cli", "run", "--socket"]
    with subprocess.Popen(command, env=os.environ | environ, stdout=subprocess.DEVNULL) as running:
        try:
            yield running
        finally:
            running.terminate()
            running.wait(20)


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
async def test_two_processes_on_one_database_answer_alike(database_url: str, tmp_path: Path) -> None:
    with loaded(database_url):
        pass
    async with workspace() as stage:
        environ = environment(stage.playground.api_url, tmp_path, database_url)
        connections = stage.playground.socket.connections
        with ExitStack() as both:
            started = [both.enter_context(process(environ)) for _ in range(2)]
            await until(lambda: len(connections) == 2, seconds=30)
            texts = [(await answer(stage, "U0PRIMARY", "/usage team=Design last=30d"))["text"] for _ in range(6)]
    assert len(set(texts)) == 1, texts
    assert "3 assigned" in texts[0]
    assert [each.returncode for each in started] == [0, 0]
