"""The clock of the local workspace: moved forward by whoever is at the page, seen by all, followed by all else."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, field, replace
from email.utils import parsedate_to_datetime
from typing import Any

import pytest
import pytest_asyncio
from slack_sdk.errors import SlackApiError

from bot.playground import MovableClock, NotPossible, Options, Tell
from tests.playground_cast import BOT, CAST, Hand, Stage, raise_curtain, until

DAY = 86_400
VIEW = {"type": "modal", "title": {"type": "plain_text", "text": "Late"}, "blocks": [{"type": "divider"}]}


@dataclass
class Moves:
    """What the workspace is told to let happen when its clock is moved."""

    clock: MovableClock
    asked: list[float] = field(default_factory=list)
    fault: str = ""
    ready: asyncio.Event = field(default_factory=asyncio.Event)

    async def __call__(self, moment: float, tell: Tell) -> None:
        self.asked.append(moment)
        tell("Importing …")
        await self.ready.wait()
        if self.fault:
            raise NotPossible("refused", self.fault)
        self.clock.move_to(moment)


@pytest.fixture
def moves() -> Moves:
    made = Moves(MovableClock(Hand()))
    made.ready.set()
    return made


@pytest_asyncio.fixture
async def stage(moves: Moves) -> AsyncIterator[Stage]:
    async with AsyncExitStack() as stack:
        yield await raise_curtain(stack, moves.clock, Options(move=moves))


async def test_a_move_is_told_to_every_page_while_it_lasts(stage: Stage, moves: Moves) -> None:
    before = (await stage.page.get("clock"))["now"]
    async with stage.page.session.ws_connect(f"{stage.page.base_url}/page/live?as=U0MEMBER") as socket:
        answer = await stage.page.post("clock", to=before + DAY)
        told = [await socket.receive_json() for _ in range(3)]
    assert answer == {"ok": True, "now": before + DAY, "movable": True, "doing": ""}
    assert [(each["type"], each["doing"]) for each in told] == [
        ("clock", "Moving the clock …"), ("clock", "Importing …"), ("clock", "")
    ]  # fmt: skip
    assert (moves.asked, told[-1]["now"]) == ([before + DAY], before + DAY)


@pytest.mark.parametrize(
    ("to", "sentence"),
    [
        (-1.0, "forward only"),
        (0.0, "forward only"),
        (367 * DAY, "366 days at most"),
        ("monday", "Choose a date"),
        (None, "Choose a date"),
    ],
)
async def test_where_it_cannot_go_is_said(stage: Stage, moves: Moves, to: object, sentence: str) -> None:
    now = (await stage.page.get("clock"))["now"]
    answer = await stage.page.post("clock", to=now + to if isinstance(to, float | int) else to)
    assert sentence in answer["message"]
    assert (moves.asked, (await stage.page.get("clock"))["now"]) == ([], now)


async def test_a_body_that_is_none_is_a_bad_request(stage: Stage) -> None:
    async with stage.page.session.post(f"{stage.page.base_url}/page/clock", data=b"{") as response:
        assert response.status == 400


async def test_a_move_that_fails_says_why_and_moves_nothing(stage: Stage, moves: Moves) -> None:
    moves.fault = "The exports were refused."
    now = (await stage.page.get("clock"))["now"]
    assert (await stage.page.post("clock", to=now + DAY))["message"] == "The exports were refused."
    assert await stage.page.get("clock") == {"ok": True, "now": now, "movable": True, "doing": ""}


async def test_one_move_at_a_time_which_goes_on_when_the_page_is_left(stage: Stage, moves: Moves) -> None:
    moves.ready.clear()
    now = (await stage.page.get("clock"))["now"]
    left = asyncio.create_task(stage.page.post("clock", to=now + DAY))
    await until(lambda: moves.asked)
    assert (await stage.page.post("clock", to=now + DAY))["error"] == "clock_moving"
    left.cancel()
    await asyncio.sleep(0.05)
    moves.ready.set()
    await until(lambda: moves.clock() == now + DAY)
    assert (await stage.page.get("clock"))["doing"] == ""


async def test_a_workspace_with_the_clock_of_the_machine_has_no_hands() -> None:
    async with AsyncExitStack() as stack:
        stage = await raise_curtain(stack, Hand())
        assert (await stage.page.get("clock"))["movable"] is False
        assert (await stage.page.post("clock", to=9e9))["error"] == "clock_fixed"


async def test_what_slack_lends_for_a_while_runs_out_when_the_clock_is_moved(stage: Stage) -> None:
    world = stage.playground.world
    trigger = world.triggers.give("U0PRIMARY")
    key = world.response_urls.give("U0PRIMARY", world.channels["C0GENERAL"])
    first = await stage.client.chat_postMessage(channel="C0GENERAL", text="before")
    await stage.page.post("clock", to=world.clock() + 31 * 60)
    with pytest.raises(SlackApiError, match="expired_trigger_id"):
        await stage.client.views_open(trigger_id=trigger, view=VIEW)
    async with stage.page.session.post(f"{stage.page.base_url}/response/{key}", json={"text": "late"}) as response:
        assert "expired_url" in await response.text()
    second = await stage.client.chat_postMessage(channel="C0GENERAL", text="after")
    assert float(second["ts"]) - float(first["ts"]) >= 31 * 60


async def test_each_answer_says_what_time_it_is_here(stage: Stage) -> None:
    later = (await stage.page.get("clock"))["now"] + DAY
    await stage.page.post("clock", to=later)
    answer = await stage.client.auth_test()
    assert parsedate_to_datetime(answer.headers["Date"]).timestamp() == int(later)


def test_a_clock_follows_the_one_beneath_and_never_goes_back() -> None:
    beneath = Hand(1_000.0)
    clock = MovableClock(beneath, 50.0)
    clock.move_to(2_000.0)
    clock.move_to(1_500.0)
    beneath.now += 5
    assert (clock(), clock.ahead) == (2_005.0, 1_000.0)


async def test_a_channel_is_archived_and_opened_again_by_its_menu(stage: Stage) -> None:
    assert (await stage.page.post("archive", channel="C0LONELY", archived=True))["ok"]
    assert (await stage.page.post("archive", channel="C0LONELY", archived=True))["ok"]
    texts = [each["text"] for each in await stage.page.messages("C0LONELY")]
    assert texts == ["<@U0PRIMARY> archived the channel"]
    assert (await stage.page.say("late", "C0LONELY"))["error"] == "is_archived"
    assert (await stage.page.post("archive", channel="C0LONELY", archived=False))["ok"]
    assert (await stage.page.say("again", "C0LONELY"))["ok"]


async def test_an_app_hears_of_it_and_can_neither_post_nor_change_anything_there(moves: Moves) -> None:
    subscribed = replace(CAST.app, events=(*CAST.app.events, "channel_archive", "channel_unarchive"))
    async with AsyncExitStack() as stack:
        stage = await raise_curtain(stack, moves.clock, cast=replace(CAST, app=subscribed))
        heard_of: list[tuple[str, ...]] = []
        app = stage.app()

        @app.event({"type": "channel_archive"})
        async def archived(event: dict[str, Any]) -> None:
            heard_of.append((event["type"], event["channel"], event["user"]))

        await stage.bot(app)
        stage.playground.happenings.join(stage.playground.world.channels["C0LONELY"], BOT)
        sent = await stage.client.chat_postMessage(channel="C0LONELY", text="before")
        await stage.page.post("archive", channel="C0LONELY", archived=True)
        await until(lambda: heard_of)
        assert heard_of == [("channel_archive", "C0LONELY", "U0PRIMARY")]
        with pytest.raises(SlackApiError, match="is_archived"):
            await stage.client.chat_postMessage(channel="C0LONELY", text="after")
        with pytest.raises(SlackApiError, match="is_inactive"):
            await stage.client.chat_update(channel="C0LONELY", ts=sent["ts"], text="after")


@pytest.mark.parametrize(("channel", "error"), [("C0GENERAL", "cant_archive_general"), ("C0NONE", "not_in_channel")])
async def test_what_cannot_be_archived_is_said(stage: Stage, channel: str, error: str) -> None:
    assert (await stage.page.post("archive", channel=channel, archived=True))["error"] == error
    assert (await stage.page.post("archive", channel=await stage.page.im(), archived=True))["error"] == (
        "method_not_supported_for_channel_type"
    )
