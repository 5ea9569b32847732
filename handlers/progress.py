"""Progress of long work, shown in one message that is edited and that its result takes the place of."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, TypeVar

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from handlers.delivery import Thread, content
from handlers.views.blocks import Message

T = TypeVar("T")

EVERY = 2.0
"""Seconds between two edits: often enough to be believed, and far from Slack's limit."""


@dataclass(slots=True)
class Line:
    """One message in a thread. `ts` is empty until it is posted; where it cannot be edited another one is posted."""

    client: AsyncWebClient
    channel: str
    thread_ts: str
    ts: str = ""

    async def show(self, message: Message) -> None:
        """Put something there; on the way nobody is told what could not be shown."""
        try:
            await (self._edit if self.ts else self._post)(message)
        except (SlackApiError, aiohttp.ClientError, TimeoutError):
            return

    async def end(self, message: Message) -> None:
        """Put the result there, or beside it where the message cannot be edited any more."""
        try:
            await self._edit(message)
        except (SlackApiError, aiohttp.ClientError, TimeoutError):
            await Thread(self.client, self.channel, self.thread_ts).say(message)

    async def _post(self, message: Message) -> None:
        posted = await self.client.chat_postMessage(channel=self.channel, thread_ts=self.thread_ts, **content(message))
        self.ts = str(posted["ts"])

    async def _edit(self, message: Message) -> None:
        if not self.ts:
            await self._post(message)
            return
        # Slack leaves the blocks that stood there where none are given.
        cleared: dict[str, Any] = {"blocks": []}
        await self.client.chat_update(channel=self.channel, ts=self.ts, **cleared | content(message))


async def watched(work: Awaitable[T], line: Line, tell: Callable[[], Message], every: float = EVERY) -> T:
    """Wait for work, and show how far it is from time to time."""
    task = asyncio.ensure_future(work)
    while not (await asyncio.wait({task}, timeout=every))[0]:
        await line.show(tell())
    return await task
