"""What the bot does by itself every hour, beside answering: what was kept long enough is deleted."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from typing import Any

import structlog

Errand = Callable[[], Awaitable[int]]
"""Deletes what is due, and returns how many that were."""

EVERY = 3600.0
"""Seconds between two rounds."""


class Housekeeping:
    """The rounds. Each may be done by several processes at once; one that fails is logged, and the next comes."""

    def __init__(
        self, errands: Mapping[str, Errand], sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    ) -> None:
        self._errands = errands
        self._sleep = sleep
        self._log: Any = structlog.get_logger()
        self._rounds: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin with a round at once: what was due while the bot was away is done first."""
        self._rounds = asyncio.create_task(self._go_round())

    async def stop(self) -> None:
        """End after the step that is under way."""
        if self._rounds is not None:
            self._rounds.cancel()
            with suppress(asyncio.CancelledError):
                await self._rounds

    async def _go_round(self) -> None:
        while True:
            for what, errand in self._errands.items():
                await self._run(what, errand)
            await self._sleep(EVERY)

    async def _run(self, what: str, errand: Errand) -> None:
        try:
            deleted = await errand()
        except Exception as error:  # noqa: BLE001 - the bot goes on answering, and the next round tries again
            self._log.error("expiry_failed", what=what, error=type(error).__name__)  # its words stay out of the log
        else:
            if deleted:
                self._log.info("expired", **{what: deleted})
