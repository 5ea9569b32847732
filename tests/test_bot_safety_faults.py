"""Slack failing at each call of `/usage`: the asker is told within ten seconds, nothing wrong, and nothing twice."""

import asyncio
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest

from reporting_core.core import Core
from tests.playground_cast import BOT, Stage
from tests.safe_company import Holder, Seat, on_stage, opened, write

TOLD_WITHIN = 10
ROWS = 7
FAULTS = ("429", "500", "503", "drop", "drop_after", "invalid_blocks", "ratelimited", "internal_error")
# The reply to a message that was posted is lost: better seen twice than never.
LOST = {"drop_after"}
APOLOGIES = ("again", "Something went wrong")


@pytest.fixture(scope="module")
def core(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Core]:
    folder = tmp_path_factory.mktemp("faults")
    seats = [Seat(f"p{n}@example.com", f"Person{n}", number=f"A{n}") for n in range(ROWS)]
    with opened(f"sqlite:///{folder / 'x.db'}", write(folder, seats, [Holder("ada@example.com")])) as made:
        yield made


@pytest.fixture
async def stage(core: Core, tmp_path: Path) -> AsyncIterator[Stage]:
    async with on_stage(core, tmp_path) as (made, _running):
        yield made


async def told(stage: Stage) -> list[Any]:
    """Answers that Ada can see, in the channel or in her direct message with the bot, without the working line."""
    page = stage.page.acting_as("U0PRIMARY")
    seen = [*await page.messages(), *await page.messages(await page.im())]
    return [each for each in seen if each["user"] == BOT and not each["text"].startswith("⏳")]


async def answers(stage: Stage, seconds: float) -> list[Any]:
    began, found = time.monotonic(), list[Any]()
    while time.monotonic() - began < seconds:
        found = await told(stage)
        if found:
            break
        await asyncio.sleep(0.05)
    return found


def figures(message: Any) -> bool:
    return f"{ROWS} assigned" in message["text"] and f"of {ROWS}" in message["text"]


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("method", ["users.info", "response_url"])
async def test_one_fault_at_any_call_is_told_or_overcome(stage: Stage, method: str, fault: str) -> None:
    stage.playground.faults.order(method, fault)
    await stage.page.acting_as("U0PRIMARY").say("/usage last=30d")
    found = await answers(stage, TOLD_WITHIN)
    assert found, "nobody was told anything"
    for message in found:
        assert figures(message) or "Slack did not say who you are" in message["text"], message["text"]
    await asyncio.sleep(0.1)
    assert len(await told(stage)) <= (2 if fault in LOST else 1)


@pytest.mark.parametrize("fault", ["500", "drop", "invalid_blocks", "used_url"])
async def test_a_response_address_that_stays_broken_is_gone_round(stage: Stage, fault: str) -> None:
    stage.playground.faults.order("response_url", fault, 9)
    await stage.page.acting_as("U0PRIMARY").say("/usage last=30d")
    found = await answers(stage, TOLD_WITHIN)
    assert [figures(each) for each in found] == [True]


async def test_when_channel_and_response_address_are_broken_the_direct_message_is_left(stage: Stage) -> None:
    stage.playground.faults.order("response_url", "500", 9)
    stage.playground.faults.order("chat.postEphemeral", "channel_not_found", 9)
    await stage.page.acting_as("U0PRIMARY").say("/usage last=30d")
    assert [figures(each) for each in await answers(stage, TOLD_WITHIN)] == [True]


@pytest.mark.parametrize("fault", ["429", "500", "drop"])
@pytest.mark.parametrize("method", ["views.open", "views.update"])
async def test_a_form_that_cannot_be_opened_or_filled_says_so(stage: Stage, method: str, fault: str) -> None:
    stage.playground.faults.order(method, fault)
    await stage.page.acting_as("U0PRIMARY").say("/usage")
    await form_or_apology(stage)


async def form_or_apology(stage: Stage) -> None:
    began = time.monotonic()
    while time.monotonic() - began < TOLD_WITHIN:
        shown = str([view.content for view in stage.playground.world.views.stacks.get("U0PRIMARY", [])])
        if await told(stage) or "submit" in shown or any(word in shown for word in APOLOGIES):
            return
        await asyncio.sleep(0.05)
    raise AssertionError("nobody was told anything")


async def test_a_slack_that_hangs_at_any_call_keeps_nobody_waiting(core: Core, tmp_path: Path) -> None:
    async def hangs(method: str, text: str) -> None:
        async with on_stage(core, tmp_path) as (stage, _running):
            stage.playground.faults.order(method, "hang", 1, 4.0)
            await stage.page.acting_as("U0PRIMARY").say(text)
            await (answers(stage, TOLD_WITHIN) if text != "/usage" else form_or_apology(stage))
            assert text == "/usage" or await told(stage), method

    calls = (("users.info", "/usage last=30d"), ("response_url", "/usage last=30d"))
    forms = (("views.open", "/usage"), ("views.update", "/usage"), ("users.info", "/usage"))
    await asyncio.gather(*(hangs(method, text) for method, text in (*calls, *forms)))
