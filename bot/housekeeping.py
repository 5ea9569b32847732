"""What the bot does by itself beside answering: what was kept long enough is deleted, and what else is due is done."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import structlog

Errand = Callable[[], Awaitable[int]]
"""Deletes what is due, and returns how many that were."""

EVERY = 3600.0
"""Seconds between two rounds of errands."""

SOON = 15.0
"""Seconds between two rounds of what somebody waits for."""


class Counted(Protocol):
    """Hears what each round took, and whether it failed."""

    def __call__(self, name: str, seconds: float, *, failed: bool) -> None:
        """Count it."""


@dataclass(frozen=True, slots=True)
class Round:
    """Something that is done again and again; it may be done by several processes at once."""

    name: str
    every: float
    work: Callable[[], Awaitable[object]]


def _nobody_counts(name: str, seconds: float, *, failed: bool) -> None:
    """Hear it and do nothing."""


class Housekeeping:
    """The rounds. Each may be done by several processes at once; one that fails is logged, and the next comes."""

    def __init__(
        self,
        errands: Mapping[str, Errand],
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        more: Sequence[Round] = (),
        counted: Counted = _nobody_counts,
    ) -> None:
        self._errands = errands
        self._counted = counted
        self._at_work: set[asyncio.Task[None] | None] = set()
        self._is_stopping = False
        self._more = more
        self._sleep = sleep
        self._log: Any = structlog.get_logger()
        self._rounds: list[asyncio.Task[None]] = []

    def start(self) -> None:
        """Begin each with a round at once: what was due while the bot was away is done first."""
        every = [(EVERY, self._delete), *((each.every, self._guarded(each)) for each in self._more)]
        self._rounds = [asyncio.create_task(self._go_round(seconds, work)) for seconds, work in every]

    async def at_once(self) -> None:
        """Do every round now, twice where one sends what another finds due."""
        await self._delete()
        for each in (*self._more, *self._more):
            await self._guarded(each)()

    async def stop(self, within: float = 0.0) -> None:
        """End after the round that is under way, which gets so many seconds: half of one may have sent something."""
        self._is_stopping = True
        at_work = [each for each in self._rounds if each in self._at_work]
        for each in set(self._rounds) - set(at_work):
            each.cancel()
        if at_work and within:
            await asyncio.wait(at_work, timeout=within)
        for each in self._rounds:
            each.cancel()
        await asyncio.gather(*self._rounds, return_exceptions=True)

    async def _go_round(self, every: float, work: Callable[[], Awaitable[object]]) -> None:
        me = asyncio.current_task()
        while not self._is_stopping:
            self._at_work.add(me)
            await work()
            self._at_work.discard(me)
            if not self._is_stopping:
                await self._sleep(every)

    def _guarded(self, each: Round) -> Callable[[], Awaitable[object]]:
        async def work() -> None:
            began, failed = asyncio.get_running_loop().time(), False
            try:
                await each.work()
            except Exception as error:  # noqa: BLE001 - as below
                failed = True
                self._log.error("round_failed", round=each.name, error=type(error).__name__)
            self._counted(each.name, asyncio.get_running_loop().time() - began, failed=failed)

        return work

    async def _delete(self) -> None:
        for what, errand in self._errands.items():
            await self._run(what, errand)

    async def _run(self, what: str, errand: Errand) -> None:
        try:
            deleted = await errand()
        except Exception as error:  # noqa: BLE001 - the bot goes on answering, and the next round tries again
            self._log.error("expiry_failed", what=what, error=type(error).__name__)  # its words stay out of the log
        else:
            if deleted:
                self._log.info("expired", **{what: deleted})
