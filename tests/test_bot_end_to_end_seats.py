"""Seats taken back in the local workspace: from the command to the message and the data, by one admin and by two."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from bot import app
from bot.opening import provided
from handlers import seat_cards, seat_rights
from reporting_core.core import Core, open_core
from reporting_core.storage.engines import open_store
from reporting_core.words.people import Asker
from reporting_core.words.seats import State
from tests.playground_cast import Page, Stage, until
from tests.test_bot_end_to_end import SAMPLE, given, workspace

KEY = "a key for tests that is long enough"
OLGA, HUGO = "U0PRIMARY", "U0DESIGN"
INACTIVE = "team=Design status=inactive last=30d"


@dataclass
class Clock:
    now: datetime = datetime(2026, 11, 24, 12, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


@dataclass
class Scene:
    """The bot in the local workspace over the sample's data; Olga administers every team, Hugo Design."""

    stage: Stage
    core: Core
    clock: Clock
    running: app.Running

    def page(self, user: str) -> Page:
        return self.stage.page.acting_as(user)

    async def form(self, user: str, command: str) -> dict[str, Any]:
        """Type a command, and return the form once it has been filled in."""
        assert (await self.page(user).say(command))["ok"]
        stacks = self.stage.playground.world.views.stacks
        await until(lambda: stacks.get(user) and "One moment" not in str(stacks[user][-1].content))
        view = stacks[user][-1]
        return {"id": view.id, **view.content}

    async def send(self, user: str, form: dict[str, Any]) -> None:
        """Send a form as it was filled in."""
        values = {
            block["block_id"]: {
                block["element"]["action_id"]: {
                    "type": "checkboxes",
                    "selected_options": block["element"].get("initial_options", []),
                }
            }
            for block in form["blocks"]
            if block["type"] == "input"
        }
        sent = await self.page(user).post("view", view_id=form["id"], do="submit", state={"values": values})
        assert sent["ok"], sent

    async def told(self, user: str) -> list[dict[str, Any]]:
        """Messages of the bot to somebody alone."""
        await self.running.desk.idle(20)
        page = self.page(user)
        return [each for each in await page.messages(await page.im()) if each["user"] != user]

    async def undo(self, user: str) -> None:
        """Press *Undo* on the newest message."""
        message = (await self.told(user))[-1]
        block = next(each for each in message["blocks"] if each.get("accessory", {}).get("action_id") == "seats_undo")
        what = {"block_id": block["block_id"], "action_id": "seats_undo", "value": block["accessory"]["value"]}
        page = self.page(user)
        pressed = await page.post("action", channel=await page.im(), message_ts=message["ts"], **what)
        assert pressed["ok"], pressed
        await self.running.desk.idle(20)

    def inactive(self) -> list[int]:
        report = self.core.answer(INACTIVE, self.core.operator)
        return [row.assignment_id for row in report.rows]

    def assigned(self, id_: int) -> int:
        with self.core.store.reading() as connection:
            return int(
                connection.execute(text("SELECT assigned FROM assignments WHERE id = :id"), {"id": id_}).scalar_one()
            )


@asynccontextmanager
async def playing(database_url: str, folder: Path) -> AsyncIterator[Scene]:
    store, clock = open_store(database_url), Clock()
    core = open_core(store, "main", clock=clock, key=KEY.encode())
    core.load(sorted(SAMPLE.glob("*.csv")))
    with store.writing() as connection:  # the sample has its inactive seats from groups
        connection.execute(text("UPDATE assignments SET origin = 'individual', origin_group = ''"))
    async with workspace() as stage:
        settings = given(stage.playground.api_url, folder, database_url, USAGEBOT_PROVIDER="ledger")
        core.seats.provided_by(provided(settings, core))
        running = await app.start(settings, "socket", core)
        running.desk.patience = 60
        try:
            yield Scene(stage, core, clock, running)
        finally:
            await running.stop()
            store.close()


async def test_a_seat_is_taken_told_and_given_back(database_url: str, tmp_path: Path) -> None:
    async with playing(database_url, tmp_path) as scene:
        seat, *_others = scene.inactive()
        form = await scene.form(OLGA, f"/usage unassign {INACTIVE} top=1")
        assert "What it does" in str(form)
        await scene.send(OLGA, form)
        (message,) = await scene.told(OLGA)
        assert f"unassigned by <@{OLGA}>" in message["text"]
        assert scene.assigned(seat) == 0
        assert seat not in scene.inactive()
        await scene.undo(OLGA)
        (message,) = await scene.told(OLGA)
        assert f"given back by <@{OLGA}>" in message["text"]
        assert scene.assigned(seat) == 1


async def test_several_are_taken_in_one_press_and_told_in_one_message(database_url: str, tmp_path: Path) -> None:
    async with playing(database_url, tmp_path) as scene:
        seats = scene.inactive()
        assert len(seats) > 1
        await scene.send(OLGA, await scene.form(OLGA, f"/usage unassign {INACTIVE}"))
        (message,) = await scene.told(OLGA)
        assert message["text"].count("unassigned by") == len(seats)
        assert [scene.assigned(each) for each in seats] == [0] * len(seats)


async def test_of_two_admins_the_loser_is_told_who_won(database_url: str, tmp_path: Path) -> None:
    async with playing(database_url, tmp_path) as scene:
        command = f"/usage unassign {INACTIVE} top=1"
        forms = [(user, await scene.form(user, command)) for user in (OLGA, HUGO)]
        await asyncio.gather(*(scene.send(*each) for each in forms))
        texts = [(await scene.told(user))[-1]["text"] for user in (OLGA, HUGO)]
        won = [user for user, said in zip((OLGA, HUGO), texts, strict=True) if "✅" in said]
        assert len(won) == 1
        (lost,) = [said for said in texts if "✅" not in said]
        assert "faster" in lost or "unassigned already" in lost
        assert f"(by <@{won[0]}> at <!date^" in lost
        actions = await scene.core.seats.recent(scene.core.operator)
        assert sorted(each.state for each in actions) == [State.DONE, State.REFUSED]


async def test_a_form_left_open_for_a_day_does_not_take_a_seat_that_changed(database_url: str, tmp_path: Path) -> None:
    async with playing(database_url, tmp_path) as scene:
        seat, *_others = scene.inactive()
        form = await scene.form(OLGA, f"/usage unassign {INACTIVE} top=1")
        scene.clock.now += timedelta(days=1)
        with scene.core.store.writing() as connection:
            connection.execute(
                text("UPDATE assignments SET assigned_on = assigned_on + 1 WHERE id = :id"), {"id": seat}
            )
        await scene.send(OLGA, form)
        (message,) = await scene.told(OLGA)
        assert "has changed since it was shown" in message["text"]
        assert scene.assigned(seat) == 1


async def test_what_a_crash_left_behind_is_carried_out_and_told_once(database_url: str, tmp_path: Path) -> None:
    async with playing(database_url, tmp_path) as scene:
        seat, *_others = scene.inactive()
        desk = scene.running.desk
        olga: Asker = await desk.core.identify(await desk.directory.person(OLGA))
        (verdict,) = await scene.core.seats.preview(olga, [seat])
        await scene.core.seats.confirm(olga, "V0CRASH", [(seat, verdict.seat.print)])
        scene.clock.now += timedelta(seconds=100)
        assert await seat_rights.heal(desk) == 1
        scene.clock.now += timedelta(seconds=60)
        await asyncio.gather(*(seat_cards.tell(desk) for _ in range(3)))
        await seat_cards.tell(desk)
        (message,) = await scene.told(OLGA)
        assert f"unassigned by <@{OLGA}>" in message["text"]
        assert scene.assigned(seat) == 0


@pytest.mark.parametrize("user", ["U0MEMBER", "U0GUEST"])
async def test_whoever_administers_nothing_gets_no_form(user: str, tmp_path: Path) -> None:
    async with playing(f"sqlite:///{tmp_path / 'x.db'}", tmp_path) as scene:
        await scene.page(user).say(f"/usage unassign {INACTIVE}")
        await scene.running.desk.idle(20)
        assert not scene.stage.playground.world.views.stacks.get(user)
