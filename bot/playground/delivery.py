"""Bringing things to the bot: what is sent, what may come back, and how often an event is tried.

`socket_mode` and `http_mode` are the two ways there.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal, Protocol, TypeAlias

from bot.playground.identity import Sleep
from bot.playground.schema import Json

Kind: TypeAlias = Literal["slash_commands", "interactive", "events_api"]
Outcome: TypeAlias = Literal["acknowledged", "timeout", "failed", "nobody"]

# Slack tries an event again at once, after a minute and after five.
RETRY_DELAYS = (0.0, 60.0, 300.0)
ACK_SECONDS = 3.0


@dataclass(frozen=True, slots=True)
class Dispatch:
    """One thing for the bot; `what` names it in the inspector."""

    kind: Kind
    payload: Json
    what: str
    accepts_response: bool = False


@dataclass(frozen=True, slots=True)
class Retry:
    """Which further try this is, and why."""

    number: int = 0
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """What the bot did with it: `payload` is JSON, or text from a slash command's body."""

    outcome: Outcome
    payload: Any = None
    may_retry: bool = True


class Link(Protocol):
    """A way to the bot."""

    async def send(self, dispatch: Dispatch, retry: Retry) -> Answer:
        """Deliver once and wait for the acknowledgement, three seconds at most."""
        ...


class Switch:
    """The way in use: HTTP once an address is set, Socket Mode otherwise, as in an app's settings."""

    def __init__(self, otherwise: Link) -> None:
        self.http: Link | None = None
        self._otherwise = otherwise

    async def send(self, dispatch: Dispatch, retry: Retry) -> Answer:
        """Deliver by whichever way is in use now."""
        return await (self.http or self._otherwise).send(dispatch, retry)


class Events:
    """Sends events in the background, each again until the bot has taken it or Slack would give up."""

    def __init__(self, link: Link, sleep: Sleep, delays: Sequence[float] = RETRY_DELAYS) -> None:
        self._link = link
        self._sleep = sleep
        self._delays = tuple(delays)
        self._running: set[asyncio.Task[None]] = set()

    def send(self, dispatch: Dispatch) -> None:
        """Start delivering one event."""
        task = asyncio.get_running_loop().create_task(self._deliver(dispatch))
        self._running.add(task)
        task.add_done_callback(self._running.discard)

    async def _deliver(self, dispatch: Dispatch) -> None:
        answer = await self._link.send(dispatch, Retry())
        for number, delay in enumerate(self._delays, start=1):
            if answer.outcome == "acknowledged" or not answer.may_retry:
                return
            await self._sleep(delay)
            reason = "timeout" if answer.outcome == "timeout" else "error"
            answer = await self._link.send(dispatch, Retry(number, reason))

    async def settle(self) -> None:
        """Wait until every event under way has been taken or given up."""
        while self._running:
            await asyncio.wait(self._running)

    async def stop(self) -> None:
        """Give up what is under way."""
        running = [*self._running]
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)
