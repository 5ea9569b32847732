"""Two admins in two processes of the operating system press on the same seat at the same moment."""

import asyncio
import multiprocessing
from collections import Counter
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path
from threading import Barrier

from chaos import history
from chaos.bots import ADMINS, Bot, Where, running
from chaos.offices import scene

PATIENCE = 60

Seat = tuple[int, str]
End = tuple[str, str]
"""The state of the action, or the reason of the refusal; and whom the loser is told of."""


@dataclass
class Tally:
    """What became of the races on one database."""

    database: str
    races: int = 0
    ends: Counter[str] = field(default_factory=Counter)
    told_who: int = 0
    calls: int = 0
    effects: int = 0
    wrong: list[str] = field(default_factory=list)

    def line(self) -> str:
        ends = ", ".join(f"{count} {end}" for end, count in self.ends.most_common())
        return (
            f"{self.database}: {self.races} races, {self.calls} calls, {self.effects} effects; the loser was told "
            f"who won in {self.told_who} ({ends}); {len(self.wrong)} wrong"
        )


async def run(database: tuple[str, str, Path], races: int) -> Tally:
    name, url, folder = database
    tally = Tally(name)
    async with scene(url, folder) as here:
        seats = here.office.shown(*here.office.hire(races))  # of one report: another would make them old
        ends = await asyncio.to_thread(_raced, here.where, seats)
        found = history.checked(url, here.log)
        lines = history.lines(here.log)
    tally.races, tally.calls, tally.effects = len(seats), found.calls, found.effects
    calls = Counter(each["key"] for each in lines if each["kind"] == "order")
    tally.wrong += [] if found.wrong == 0 else [str(found)]
    tally.wrong += [key for key, count in calls.items() if count != 1]
    for pair in zip(*ends, strict=True):
        _judge(tally, dict(zip(ADMINS, pair, strict=True)))
    return tally


def _judge(tally: Tally, ends: dict[str, End]) -> None:
    winners = [user for user, (state, _who) in ends.items() if state == "done"]
    losers = [user for user in ends if user not in winners]
    if len(winners) != 1:
        tally.wrong.append(str(ends))
        return
    reason, told = ends[losers[0]]
    tally.ends[reason] += 1
    tally.told_who += told == winners[0]
    if reason not in {"busy", "gone"} or told != winners[0]:
        tally.wrong.append(str(ends))


def _raced(where: Where, seats: list[Seat]) -> list[list[End]]:
    system = multiprocessing.get_context("forkserver")
    system.set_forkserver_preload(["chaos.races"])
    barrier = system.Barrier(len(ADMINS))
    pipes = [system.Pipe() for _ in ADMINS]
    started = [
        system.Process(target=_process, args=(where, user, seats, barrier, pipe[1]))
        for user, pipe in zip(ADMINS, pipes, strict=True)
    ]
    for each in started:
        each.start()
    found = [pipe[0].recv() for pipe in pipes]
    for each in started:
        each.join(PATIENCE)
    return found


def _process(where: Where, user: str, seats: list[Seat], barrier: Barrier, out: Connection) -> None:
    async def press() -> list[End]:
        async with running(where, lambda: where.now) as bot:
            await bot.asker(user)
            ends = []
            for seat in seats:
                barrier.wait(PATIENCE)
                ends.append(await _pressed(bot, seat, user))
            return ends

    out.send(asyncio.run(press()))


async def _pressed(bot: Bot, seat: Seat, user: str) -> End:
    batch = f"{user} {seat[0]}"
    ((end, _rival),) = await bot.press(seat, batch, user)
    # What the message says, read once the other is over: it is drawn anew when something moves.
    (line,) = (await bot.core.cards.card(await bot.asker(user), batch)).lines
    return end, line.winner.asked_by if line.winner else line.action.detail
