"""Fails every operation of the whole flow once: the press, the call, its answer, the end, the message."""

import asyncio
import multiprocessing
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from chaos import history
from chaos.blows import KILLS, Blow, Way
from chaos.bots import Bot, Where, running
from chaos.offices import Scene, at, scene
from reporting_core.words.seats import FINAL, Action, State
from tests.seat_faults import HEALED, MOVING, ROUND

MOST = 400
"""More operations than there are: the loop ends where an operation is not reached any more."""

LONGEST_UNTOLD = 300.0

Seat = tuple[int, str]


@dataclass
class Tally:
    """What was seen on one database in one way."""

    database: str
    way: Way
    operations: int = 0
    http: int = 0
    """Of them, requests; not counted where a process dies."""
    states: Counter[str] = field(default_factory=Counter)
    healed: float = 0.0
    told: float = 0.0
    messages: Counter[int] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    effects: int = 0

    def line(self) -> str:
        """Say it in one line."""
        ends = ", ".join(f"{count} {state or 'not begun'}" for state, count in self.states.items())
        posts = ", ".join(f"{posted} in {count}" for posted, count in sorted(self.messages.items()))
        http = f" ({self.http} over HTTP)" if self.http else ""
        return (
            f"{self.database}, {self.way}: {self.operations} operations{http}, {ends}; effects <= {self.effects}; "
            f"ended within {self.healed:.0f} s, told within {self.told:.0f} s; messages: {posts}; "
            f"{len(self.wrong)} wrong"
        )


async def run(database: tuple[str, str, Path], ways: list[Way], first: int = 1, step: int = 1) -> list[Tally]:
    """Go through one database; `step` leaves operations out."""
    name, url, folder = database
    async with scene(url, folder) as here, running(here.where, here.office.clock) as healthy:
        tallies = [await _through(here, healthy, Tally(name, way), range(first, MOST, step)) for way in ways]
        found = history.checked(url, here.log)
    for each in tallies:
        each.wrong += [str(found)] if found.wrong else []
    return tallies


async def _through(here: Scene, healthy: Bot, tally: Tally, numbers: range) -> Tally:
    async for number in _each(numbers):
        (seat,) = here.office.shown(*here.office.hire(1))
        before = len(here.slack.named("chat.postMessage"))
        effects = len([each for each in history.lines(here.log) if each["kind"] == "effect"])
        struck, over_http = await struck_at(here, Blow(at=number, way=tally.way), seat)
        await _healed(here, healthy, tally, f"{tally.way} {seat[0]}")
        if not struck:
            break
        tally.operations += 1
        tally.http += over_http
        tally.messages[len(here.slack.named("chat.postMessage")) - before] += 1
        now = len([each for each in history.lines(here.log) if each["kind"] == "effect"])
        tally.effects = max(tally.effects, now - effects)
    return tally


async def _each(numbers: range) -> AsyncIterator[int]:
    for number in numbers:
        yield number


async def struck_at(here: Scene, blow: Blow, seat: Seat) -> tuple[bool, bool]:
    """Press while an operation goes wrong; tells whether there was such an operation, and whether over HTTP."""
    batch = f"{blow.way} {seat[0]}"
    where = at(here.where, here.office)
    if blow.way in KILLS:
        return await asyncio.to_thread(_in_a_process, where, blow, seat, batch)
    async with running(where, here.office.clock, blow) as bot:
        with suppress(Exception):
            await bot.press(seat, batch)
        return blow.count >= blow.at, "http" in blow.struck


def _in_a_process(where: Where, blow: Blow, seat: Seat, batch: str) -> tuple[bool, bool]:
    system = multiprocessing.get_context("forkserver")
    system.set_forkserver_preload(["chaos.every"])
    child = system.Process(target=_dies, args=(where, blow.at, blow.way, seat, batch))
    child.start()
    child.join(60)
    return child.exitcode is not None and child.exitcode < 0, False


def _dies(where: Where, number: int, way: Way, seat: Seat, batch: str) -> None:
    """Press in a process of its own, which does not survive."""

    async def press() -> None:
        async with running(where, lambda: where.now, Blow(at=number, way=way)) as bot:
            with suppress(Exception):
                await bot.press(seat, batch)

    asyncio.run(press())


async def _healed(here: Scene, healthy: Bot, tally: Tally, batch: str) -> None:
    """Let time pass, round by round, until all is over and told; another process heals."""
    office, began, ended = here.office, here.office.clock.now, 0.0
    while True:
        passed = (office.clock.now - began).total_seconds()
        mine = _mine(office.actions(), batch)
        ended = passed if any(each.state in MOVING for each in mine) else ended
        if passed > LONGEST_UNTOLD or not (
            any(each.state in MOVING for each in mine) or await healthy.core.seats.to_tell()
        ):
            break
        office.clock.forward(ROUND)
        await healthy.round()
    _noted(tally, mine, (ended + ROUND if ended else 0.0, passed))


def _noted(tally: Tally, mine: list[Action], times: tuple[float, float]) -> None:
    tally.healed, tally.told = max(tally.healed, times[0]), max(tally.told, times[1])
    tally.states[mine[0].state if mine else ""] += 1
    if len(mine) > 1 or times[0] > HEALED or times[1] > LONGEST_UNTOLD:
        tally.wrong.append(str((times, mine)))
    if mine and mine[0].state not in FINAL | {State.PERSON}:
        tally.wrong.append(str(mine[0]))


def _mine(actions: list[Action], batch: str) -> list[Action]:
    return [each for each in actions if each.batch == batch]
