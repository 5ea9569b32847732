"""Where a report may stand: names never land where others in a channel can read them."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.bot_under_test import bot_under_test
from tests.playground_cast import Stage, until
from tests.safe_company import Holder, Seat, on_stage, opened, write


async def thread_answer(stage: Stage, text: str) -> Any:
    """Mention the bot in a channel and return its public answer."""
    page = stage.page.acting_as("U0PRIMARY")
    before = {each["ts"] for each in await page.messages()}
    assert (await page.say(text))["ok"]
    for _ in range(300):
        new = [each for each in await page.messages() if each["ts"] not in before and each.get("thread_ts")]
        if new:
            return new[-1]
        await asyncio.sleep(0.02)
    raise AssertionError("the bot said nothing")


def element_of(message: Any, action_id: str) -> tuple[str, Any]:
    for block in message["blocks"]:
        found = [*block.get("elements", ()), *([block["accessory"]] if "accessory" in block else ())]
        for element in found:
            if isinstance(element, dict) and element.get("action_id") == action_id:
                return str(block["block_id"]), element
    raise AssertionError(f"no {action_id} in {message}")


async def press(stage: Stage, user: str, message: Any, action_id: str) -> None:
    block_id, element = element_of(message, action_id)
    pressed = await stage.page.acting_as(user).post(
        "action",
        channel="C0GENERAL",
        message_ts=message["ts"],
        block_id=block_id,
        action_id=action_id,
        value=element.get("value", ""),
    )
    assert pressed["ok"], pressed


async def sees_soon(stage: Stage, user: str, word: str) -> bool:
    for _ in range(300):
        if word in repr(await stage.page.acting_as(user).messages()):
            return True
        await asyncio.sleep(0.02)
    return False


@asynccontextmanager
async def channel(tmp_path: Path) -> AsyncIterator[Stage]:
    seats = [Seat("canary@example.com", "Canary", "Bird"), Seat("ada@example.com")]
    paths = write(tmp_path / "in", seats, [Holder("ada@example.com")])
    with opened(f"sqlite:///{tmp_path / 'x.db'}", paths) as core:
        async with on_stage(core, tmp_path) as (stage, _running):
            yield stage


async def told_to_one_alone(stage: Stage, public: Any) -> None:
    assert await sees_soon(stage, "U0PRIMARY", "Canary")
    others = await stage.page.acting_as("U0MEMBER").messages()
    assert "Canary" not in repr(others)
    # What stood there for everybody still does.
    assert any(each["text"] == public["text"] for each in others)


@pytest.mark.parametrize("spent", [False, True])
async def test_a_question_tried_from_a_public_message_is_answered_to_its_presser_alone(
    tmp_path: Path, *, spent: bool
) -> None:
    async with channel(tmp_path) as stage:
        public = await thread_answer(stage, "@usagebot examples")
        if spent:
            stage.playground.faults.order("response_url", "500", 4)
        await press(stage, "U0PRIMARY", public, "run_0")
        await told_to_one_alone(stage, public)


async def test_a_form_opened_from_a_public_message_is_answered_to_its_presser_alone(tmp_path: Path) -> None:
    async with channel(tmp_path) as stage:
        public = await thread_answer(stage, "@usagebot help")
        await press(stage, "U0PRIMARY", public, "form")
        stacks = stage.playground.world.views.stacks
        await until(lambda: stacks.get("U0PRIMARY") and "submit" in stacks["U0PRIMARY"][-1].content)
        view = {"view_id": stacks["U0PRIMARY"][-1].id, "do": "submit", "state": {"values": {}}}
        assert (await stage.page.acting_as("U0PRIMARY").post("view", **view))["ok"]
        await told_to_one_alone(stage, public)


async def test_after_the_working_line_a_public_message_is_not_changed_either() -> None:
    async with bot_under_test() as bot:
        bot.core.takes = 0.2
        bot.slack.faults["response"] = [200, 500, 500]
        container = {"type": "message", "message_ts": "5.5", "is_ephemeral": False}
        action = {"type": "button", "action_id": "run_0", "value": '{"q":"last=30d"}'}
        await bot.press(action, container=container)
        assert bot.slack.named("chat.update") == []
        assert [call.method for call in bot.slack.posted][-1] == "chat.postEphemeral"
