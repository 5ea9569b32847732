"""Two bots on one PostgreSQL and many presses, while the bots and the database are killed again and again."""

import asyncio
import logging
import multiprocessing
import os
import signal
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from multiprocessing.connection import Connection
from pathlib import Path
from random import Random
from threading import Lock
from typing import Any

import aiohttp
import psycopg
import structlog
from aiohttp import web

from chaos import history
from chaos.bots import ADMINS, Bot, Where, running
from chaos.offices import Scene, scene
from reporting_core.usecases.seats.machine import Waits
from tests import postgres
from tests.company import NOW
from tests.seat_faults import MOVING

TEN_TIMES = Waits(lease=6, rights=0.8, look=1, call=2, first=4.5, again=0.5, longest=60)
"""A tenth of what holds otherwise, so that a run of minutes sees what else takes an hour."""

ROUND = 1.5
SETTLES = 180.0
Lives = tuple[tuple[float, float], tuple[float, float]]
LIVES: Lives = ((3.0, 10.0), (5.0, 40.0))
"""Seconds between two kills: of a bot, of the database."""

FAULTY = 0.1
"""Share of requests with which the automation does something bad."""

AT_ONCE = 6
TRIES = 200
AGAIN_BY_ANOTHER = 0.1
"""Share of seats on which the other admin presses, too."""

Seat = tuple[int, str]


@dataclass
class Tally:
    actions: int = 0
    presses: int = 0
    again: int = 0
    """Presses that were repeated because nobody answered."""
    bots: int = 0
    databases: int = 0
    seconds: float = 0.0
    settled: float = 0.0
    found: history.Verdict = field(default_factory=history.Verdict)
    untold: int = 0
    messages: int = 0
    broken_audit: str = ""
    answered: list[str] = field(default_factory=list)
    """Batches of presses that somebody was told of."""
    unanswered: list[str] = field(default_factory=list)

    @property
    def wrong(self) -> int:
        return self.found.wrong + self.untold + bool(self.broken_audit) + len(self.unanswered)

    def line(self) -> str:
        ends = ", ".join(f"{count} {state}" for state, count in self.found.states.most_common())
        found = self.found
        return (
            f"{self.actions} seats, {self.presses} presses ({self.again} repeated), {self.bots} bots and "
            f"{self.databases} databases killed in {self.seconds:.0f} s: {ends}; {found.calls} calls, {found.effects} "
            f"effects; {len(found.lost)} lost, {len(found.double)} double, {len(found.stuck)} stuck, "
            f"{len(found.unrecorded)} without record; settled {self.settled:.0f} s after the last press; "
            f"{self.untold} untold, {self.messages} messages"
        )


async def run(folder: Path, actions: int, dice: Random, lives: Lives = LIVES, *, until_told: bool = True) -> Tally:
    """Go through it; `until_told` waits for the last message, which may come minutes after the last end."""
    with cluster() as (url, killed):
        async with scene(url, folder, faulty=FAULTY, seconds=0.01) as here:
            here.automation.dice = dice
            seats = here.office.shown(*here.office.hire(actions))  # of one report: another would make them old
            tally = Tally(actions)
            await _through(here, tally, seats, _Killing(dice, lives, killed, until_told))
            tally.found = history.checked(url, here.log, tally.answered)
            tally.messages = len(here.slack.named("chat.postMessage"))
            audit = here.office.company.core.audit.verify()
            tally.broken_audit = "" if audit.finding is None else str(audit.finding)
            return tally


@contextmanager
def cluster() -> Any:
    """Lend a database of a server that survives being killed, and what kills it and starts it anew."""
    with postgres.serving() as server:
        with psycopg.connect(server.get_uri(), autocommit=True) as admin:
            for name in ("fsync", "autovacuum"):  # what is committed must survive the server, not the machine
                admin.execute(f"ALTER SYSTEM SET {name} = off".encode())
            admin.execute("SELECT pg_reload_conf()")
        folder = postgres.socket_folder(server.get_uri())

        alone = Lock()

        def killed(pause: float) -> None:
            with alone:
                os.kill(server.get_pid(), signal.SIGQUIT)  # every process of it ends at once, nothing is written down
                _gone(server.get_pid())
                time.sleep(pause)
                server.ensure_postgres_running()

        yield f"postgresql+psycopg://postgres@/postgres?host={folder}", killed


def _gone(pid: int) -> None:
    for _ in range(1000):
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return
        with suppress(ChildProcessError):
            os.waitpid(pid, os.WNOHANG)
        time.sleep(0.01)


@dataclass
class Process:
    """A bot in a process of the operating system, started anew whenever it is killed."""

    where: Where
    started: float
    address: str = ""
    child: Any = None

    async def start(self) -> None:
        system = multiprocessing.get_context("forkserver")
        system.set_forkserver_preload(["chaos.crowd"])
        here, there = system.Pipe()
        self.child = system.Process(target=_bot, args=(self.where, self.started, there), daemon=True)
        self.child.start()
        there.close()
        self.address = await asyncio.to_thread(here.recv)

    async def killed(self, pause: float) -> None:
        self.child.kill()
        await asyncio.to_thread(self.child.join)
        await asyncio.sleep(pause)
        await self.start()


def _bot(where: Where, started: float, out: Connection) -> None:
    """Be a bot: take presses over HTTP, heal and tell every round."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))

    def clock() -> datetime:
        return NOW + timedelta(seconds=time.time() - started)

    async def live() -> None:
        async with running(where, clock) as bot, _served(bot) as address:
            out.send(address)
            while True:
                with suppress(Exception):
                    await bot.round()
                await asyncio.sleep(ROUND)

    asyncio.run(live())


@asynccontextmanager
async def _served(bot: Bot) -> AsyncIterator[str]:
    async def press(request: web.Request) -> web.Response:
        asked = await request.json()
        try:
            return web.json_response(await bot.press(tuple(asked["seat"]), asked["batch"], asked["user"]))
        except Exception as error:  # noqa: BLE001 - whoever presses is told to try again
            return web.Response(status=503, text=type(error).__name__)

    served = web.Application()
    served.router.add_post("/press", press)
    runner = web.AppRunner(served, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield f"http://127.0.0.1:{runner.addresses[0][1]}/press"
    await runner.cleanup()


@dataclass(frozen=True)
class _Killing:
    dice: Random
    lives: Lives
    database: Callable[[float], None]
    until_told: bool


async def _through(here: Scene, tally: Tally, seats: list[Seat], killing: _Killing) -> None:
    began = time.time()
    where = Where(here.where.url, here.where.automation, here.where.slack, NOW, here.where.account_id, TEN_TIMES, 0.8)
    bots = [Process(where, began), Process(where, began)]
    for each in bots:
        await each.start()
    killers = [
        asyncio.create_task(_kill_bots(tally, bots, killing)),
        asyncio.create_task(_kill_databases(tally, killing)),
    ]
    await _pressed(tally, bots, seats, killing.dice)
    tally.seconds = time.time() - began
    for killer in killers:
        killer.cancel()
    await asyncio.gather(*killers, return_exceptions=True)
    await asyncio.to_thread(killing.database, 0)  # it may have been down
    for each in bots:
        if not each.child.is_alive():
            await each.start()
    here.automation.faulty = 0.0
    await _settled(here, tally, until_told=killing.until_told)
    for each in bots:
        each.child.kill()


async def _kill_bots(tally: Tally, bots: list[Process], killing: _Killing) -> None:
    dice = killing.dice
    while True:
        await asyncio.sleep(dice.uniform(*killing.lives[0]))
        tally.bots += 1
        await dice.choice(bots).killed(dice.uniform(0.1, 1.0))


async def _kill_databases(tally: Tally, killing: _Killing) -> None:
    while True:
        await asyncio.sleep(killing.dice.uniform(*killing.lives[1]))
        tally.databases += 1
        # A thread cannot be stopped: what has begun is waited for, so that no server is left half started.
        await asyncio.shield(asyncio.to_thread(killing.database, killing.dice.uniform(0.2, 2.0)))


async def _pressed(tally: Tally, bots: list[Process], seats: list[Seat], dice: Random) -> None:
    left = [(seat, ADMINS[0]) for seat in seats]
    left += [(seat, ADMINS[1]) for seat in seats if dice.random() < AGAIN_BY_ANOTHER]
    # Both presses on a seat stand close to each other.
    left.sort(key=lambda each: -each[0][0])

    async def one() -> None:
        async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=15)) as session:
            while left:
                await _press(tally, bots, session, left.pop(), dice)

    await asyncio.gather(*(one() for _ in range(AT_ONCE)))


async def _press(
    tally: Tally, bots: list[Process], session: aiohttp.ClientSession, what: tuple[Seat, str], dice: Random
) -> None:
    seat, user = what
    batch = f"{user} {seat[0]}"
    asked = {"seat": seat, "user": user, "batch": batch}
    tally.presses += 1
    for _ in range(TRIES):
        with suppress(aiohttp.ClientError, TimeoutError):
            async with session.post(dice.choice(bots).address, json=asked) as answer:
                if answer.status == 200:
                    tally.answered.append(batch)
                    return
        tally.again += 1
        await asyncio.sleep(0.3)
    tally.unanswered.append(batch)


async def _settled(here: Scene, tally: Tally, *, until_told: bool) -> None:
    began = time.time()
    core = here.office.company.core
    while time.time() - began < SETTLES:
        moving = await asyncio.to_thread(lambda: [each for each in here.office.actions() if each.state in MOVING])
        if not moving:
            tally.settled = tally.settled or time.time() - began
            if not (until_told and await core.seats.to_tell()):
                break
        await asyncio.sleep(1)
    tally.untold = len(await core.seats.to_tell()) if until_told else 0
