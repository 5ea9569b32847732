"""Slack takes about one message a second in a channel: whoever sends several waits for a turn."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

BETWEEN = 1.0
"""Seconds between two messages of a channel (slack.md, Delivery)."""
_MOST = 4_096


@dataclass(slots=True)
class Pace:
    """Turns in each channel, in the order in which they are asked for."""

    now: Callable[[], float] = time.monotonic
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    free: dict[str, float] = field(default_factory=dict)

    async def turn(self, channel: str) -> None:
        """Wait until a message may go to a channel. Nothing is waited for between asking and taking the place."""
        now = self.now()
        mine = max(self.free.get(channel, now), now)
        self.free[channel] = mine + BETWEEN
        if len(self.free) > _MOST:
            self.free = {each: at for each, at in self.free.items() if at > now}
        if mine > now:
            await self.sleep(mine - now)

    def rest(self, channel: str, seconds: float) -> None:
        """Leave a channel alone for as long as Slack asks."""
        self.free[channel] = max(self.free.get(channel, 0.0), self.now() + seconds)
