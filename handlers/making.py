"""Making a spreadsheet beside the event loop, while whoever waits sees how far it is."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from importlib.metadata import version
from typing import Protocol, TypeVar

from handlers.delivery import Private, Reply, Thread
from handlers.desk import Visit
from handlers.progress import Line as Posted
from handlers.views import exports as view
from handlers.views.blocks import Message
from handlers.views.spreadsheet import About
from reporting_core.words.errors import StoreBusy
from reporting_core.words.report import UsageReport
from reporting_core.words.spreadsheets import Claimed

T = TypeVar("T")

ALIVE_EVERY = 10
"""Edits between two signs of life: far more often than a lease runs out."""


class Line(Protocol):
    """What whoever waits sees: how far it is, and in its place the end."""

    @property
    def is_shown(self) -> bool:
        """Tell whether something stands there already."""

    async def show(self, message: Message) -> None:
        """Show how far it is."""

    async def end(self, message: Message) -> None:
        """Show the end."""


def line(visit: Visit) -> Line:
    """Return the line for whoever asked."""
    reply = visit.reply
    if isinstance(reply, Thread):
        return InThread(Posted(reply.client, reply.channel, reply.thread_ts))
    if isinstance(reply, Private) and (reply.waiting or not reply.replaces):
        return Edited(reply)
    return Beside(reply)


@dataclass(slots=True)
class InThread:
    """A message of its own, edited as often as need be."""

    posted: Posted

    @property
    def is_shown(self) -> bool:
        """It is, once it was posted."""
        return bool(self.posted.ts)

    async def show(self, message: Message) -> None:
        """Post or edit it."""
        await self.posted.show(message)

    async def end(self, message: Message) -> None:
        """Edit it a last time."""
        await self.posted.end(message)


@dataclass(slots=True)
class Edited:
    """The answer to a command. A `response_url` serves five times, so it is edited twice on the way."""

    reply: Private
    calls: int = 0

    @property
    def is_shown(self) -> bool:
        """It is, once it was said."""
        return self.reply.waiting

    async def show(self, message: Message) -> None:
        """Say it after two seconds, and once more after ten."""
        self.calls += 1
        if self.calls in {1, 5}:
            await self.reply.say(message)
            self.reply.replaces = self.reply.waiting = True

    async def end(self, message: Message) -> None:
        """Say it in place of what stands there."""
        await self.reply.refuse(message)


@dataclass(slots=True)
class Beside:
    """Beside a report, which stays. What stands beside it cannot be edited, so it is said once."""

    reply: Reply
    is_shown: bool = False

    async def show(self, message: Message) -> None:
        """Say it the first time only."""
        if not self.is_shown:
            self.is_shown = True
            await self.reply.refuse(message)

    async def end(self, message: Message) -> None:
        """Say it beside the report as well."""
        await self.reply.refuse(message)


async def written(visit: Visit, claimed: Claimed, report: UsageReport, shown: Line) -> int:
    """Write the workbook and return the number of its rows."""
    far = [0, len(report.rows)]

    def tell(done: int, total: int) -> None:
        far[:] = done, total

    work = asyncio.to_thread(_write, visit, claimed, report, tell)
    return await watched(visit, claimed.spreadsheet.token, work, shown, lambda: view.making(*far))


async def watched(visit: Visit, token: str, work: Awaitable[T], shown: Line, tell: Callable[[], Message]) -> T:
    """Wait for work on a spreadsheet: whoever asked sees how far it is, and nobody else begins with it meanwhile."""
    task = asyncio.ensure_future(work)
    ticks = 0
    while not (await asyncio.wait({task}, timeout=visit.desk.workshop.every))[0]:
        ticks += 1
        if ticks % ALIVE_EVERY == 0:
            with suppress(StoreBusy):
                await visit.desk.core.exports.alive(token)
        await shown.show(tell())
    return await task


def _write(visit: Visit, claimed: Claimed, report: UsageReport, tell: Callable[[int, int], None]) -> int:
    asker = visit.asker
    about = About(asked_by=asker.name or asker.email, made_at=claimed.spreadsheet.asked_at, version=version("usagebot"))
    daily = visit.desk.core.daily_use(report.query, asker)
    return visit.desk.workshop.write(report, claimed.path, about, tell, daily).rows
