"""Slack takes a message a second in a channel and some hundred a minute in all: who sends many waits for a turn."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

BETWEEN = 1.0
"""Seconds between two messages of a channel (slack.md, Delivery)."""

ANYWHERE = 0.2
"""Seconds between any two messages: 300 a minute."""
_MOST = 4_096


@dataclass(slots=True)
class Pace:
    """Turns, in the order in which they are asked for."""

    now: Callable[[], float] = time.monotonic
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    free: dict[str, float] = field(default_factory=dict)
    anywhere: float = 0.0

    async def turn(self, channel: str) -> None:
        """Wait until a message may go to a channel. Nothing is waited for between asking and taking the place."""
        now = self.now()
        slot = max(self.anywhere, now)
        mine = max(self.free.get(channel, slot), slot)
        self.anywhere, self.free[channel] = slot + ANYWHERE, mine + BETWEEN
        if len(self.free) > _MOST:
            self.free = {each: at for each, at in self.free.items() if at > now}
        if mine > now:
            await self.sleep(mine - now)

    def rest(self, seconds: float) -> None:
        """Send nothing for as long as Slack asks, which does not say whether it means one channel or all."""
        self.anywhere = max(self.anywhere, self.now() + seconds)
