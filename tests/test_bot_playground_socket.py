"""The local workspace through Socket Mode, with the real Bolt and SDK."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from typing import Any

import pytest_asyncio

from tests.playground_cast import Stage, raise_curtain, until


@pytest_asyncio.fixture
async def stage() -> AsyncIterator[Stage]:
    async with AsyncExitStack() as stack:
        yield await raise_curtain(stack, time.time)


async def test_a_slash_command_reaches_the_bot_and_its_answer_only_the_asker(stage: Stage) -> None:
    app = stage.app()
    seen: list[Any] = []

    @app.command("/usage")
    async def usage(ack: Any, respond: Any, command: Any) -> None:
        await ack()
        seen.append(command)
        await respond("here it is")

    await stage.bot(app)
    assert await stage.page.say("/usage user=@ben in #general a<b & mail ann@example.com") == {"ok": True}
    await until(lambda: seen)
    expected = "user=<@U0DESIGN|ben> in <#C0GENERAL|general> a&lt;b &amp; mail ann@example.com"
    assert seen[0]["text"] == expected
    assert seen[0]["channel_name"] == "general"
    shown = await stage.page.messages()
    assert [m["text"] for m in shown if m["ephemeral"]] == ["here it is"]
    assert await stage.page.acting_as("U0MEMBER").messages() == []
