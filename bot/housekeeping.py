"""What the bot does by itself every hour, beside answering: files whose time is over are deleted."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any

import structlog

from handlers.shelf import Shelf

EVERY = 3600.0
"""Seconds between two rounds."""


class Housekeeping:
    """The rounds. Each may be done by several processes at once; one that fails is logged, and the next comes."""

    def __init__(self, exports: Shelf, sleep: Callable[[float], Awaitable[None]] = asyncio.sleep) -> None:
        self._exports = exports
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
            await self._expire()
            await self._sleep(EVERY)

    async def _expire(self) -> None:
        try:
            deleted = await self._exports.expire()
        except Exception as error:  # noqa: BLE001 - the bot goes on answering, and the next round tries again
            self._log.error("expiry_failed", error=type(error).__name__)  # its words stay out of the log
        else:
            if deleted:
                self._log.info("expired", spreadsheets=deleted)
