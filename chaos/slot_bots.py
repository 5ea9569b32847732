"""Bots in processes of their own that post what is due, of which the first is struck wherever it is."""

import asyncio
import logging
import multiprocessing
import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple

import aiohttp
import structlog

from chaos.blows import Blow
from chaos.bots import Where, running
from handlers import posting
from reporting_core.usecases.schedules.books import Waits
from tests.company import NOW

PAUSE = 0.1

WAITS = Waits(lease=2.0, send=0.8, skew=0.4, look=0.4, again=(0.5,) * 7)
"""A sixtieth of what holds otherwise, so that hundreds of leases run out in minutes."""


class Way(NamedTuple):
    """How a process is struck."""

    name: str
    before: bool
    """Before an operation on the database or over HTTP has its effect, or after it."""
    signal: signal.Signals


WAYS = (
    Way("killed before", True, signal.SIGKILL),  # noqa: FBT003 - a table
    Way("killed after", False, signal.SIGKILL),  # noqa: FBT003 - a table
    Way("frozen before", True, signal.SIGSTOP),  # noqa: FBT003 - a table
    Way("frozen after", False, signal.SIGSTOP),  # noqa: FBT003 - a table
)


@dataclass
class Shared:
    """What the processes and the scenario know of each other: numbers in shared memory."""

    started: float
    days: Any
    left: Any
    """Operations of the first process until it is struck; below zero: it is not."""
    way: Any
    struck: Any
    waits: Any
    """The second process does nothing."""
    rounds: Any
    counted: Any

    @classmethod
    def made(cls) -> "Shared":
        system = _system()
        plain = [system.Value("i", 0, lock=False) for _ in range(3)]
        return cls(
            started=time.time(),
            days=system.Value("d", 0.0),
            left=system.Value("i", -1),
            way=plain[0],
            struck=plain[1],
            waits=plain[2],
            rounds=system.Array("i", 2, lock=False),
            counted=system.Value("i", 0),
        )

    def clock(self) -> datetime:
        """The time of all processes: real seconds, and days that the scenario lets pass."""
        return NOW + timedelta(days=self.days.value, seconds=time.time() - self.started)


@dataclass
class Strike(Blow):
    """Stands in the first process between it and everything around it."""

    shared: Shared | None = None

    def before(self) -> int:
        number = self._number()
        self._hit(number, before=True)
        return number

    def after(self, number: int) -> None:
        self._hit(number, before=False)

    async def over_http(
        self, request: aiohttp.ClientRequest, handler: aiohttp.ClientHandlerType
    ) -> aiohttp.ClientResponse:
        number = self.before()
        response = await handler(request)
        self.after(number)
        return response

    def _number(self) -> int:
        assert self.shared is not None
        with self.shared.counted.get_lock():
            self.shared.counted.value += 1
        with self.shared.left.get_lock():
            number: int = self.shared.left.value
            self.shared.left.value = max(number - 1, -1)
        return number

    def _hit(self, number: int, *, before: bool) -> None:
        assert self.shared is not None
        way = WAYS[self.shared.way.value]
        if number == 0 and way.before is before:
            self.shared.struck.value = 1
            os.kill(os.getpid(), way.signal)


@dataclass
class Process:
    """A bot in a process of the operating system."""

    number: int
    where: Where
    shared: Shared
    child: Any = None

    def start(self) -> None:
        self.child = _system().Process(target=_live, args=(self.where, self.number, self.shared), daemon=True)
        self.child.start()

    def goes_on(self) -> None:
        """Go on after it was struck: it is there again, or wakes up."""
        if self.child.is_alive() and WAYS[self.shared.way.value].signal is signal.SIGSTOP:
            os.kill(self.child.pid, signal.SIGCONT)
            return
        self.child.join()
        self.start()


@contextmanager
def processes(where: Where, shared: Shared) -> Iterator[list[Process]]:
    bots = [Process(number, where, shared) for number in range(2)]
    for each in bots:
        each.start()
    try:
        yield bots
    finally:
        for each in bots:
            each.child.kill()
            each.child.join()


def _live(where: Where, number: int, shared: Shared) -> None:
    """Be a bot that does its rounds."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))

    async def live() -> None:
        async with running(where, shared.clock, None if number else Strike(shared=shared)) as bot:
            bot.core.schedules.waiting(WAITS)
            while True:
                if not (number and shared.waits.value):
                    with suppress(Exception):
                        await posting.post_due(bot.desk)
                        await posting.look_again(bot.desk)
                shared.rounds[number] += 1
                await asyncio.sleep(PAUSE)

    asyncio.run(live())


def _system() -> Any:
    system = multiprocessing.get_context("forkserver")
    system.set_forkserver_preload(["chaos.slot_bots"])
    return system
