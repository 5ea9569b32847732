"""Time in the demo. When somebody moves the clock, the days between are exported, and what is due happens at once.

The exports come in before the clock shows the later time: who reads it must not find days without data.
"""

import asyncio
import json
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import asdict, dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from bot import demo_company
from bot.demo_company import Change, Company
from bot.playground import MovableClock, NotPossible, Tell
from reporting_core.core import Core
from reporting_core.usecases.staging import LoadOptions
from reporting_core.words.errors import UsagebotError
from reporting_core.words.schedules import Standing
from reporting_core.words.seats import Change as Order
from reporting_core.words.seats import Done, ProviderAnswer, SeatControl, SeatOrder, Seen

MOST_STOPS = 100
"""Of one move. What would be due after so many, such as every hour of a year, comes together at the end."""

Opened = Callable[[datetime], AbstractContextManager[Core]]
"""Opens the demo's account as it is at a moment, beside the bot that is running."""


@dataclass(frozen=True, slots=True)
class Kept:
    """What of the demo's time outlives it with --keep; beside its database."""

    made_on: str
    ahead: float = 0.0
    changes: Sequence[Change] = ()

    @classmethod
    def read(cls, folder: Path, today: date) -> "Kept":
        """Read it; a demo that begins is made up today."""
        try:
            found = json.loads((folder / "time.json").read_text(encoding="utf-8"))
        except FileNotFoundError:
            return cls(today.isoformat())
        return cls(found["made_on"], found["ahead"], [Change(**each) for each in found["changes"]])

    def write(self, folder: Path) -> None:
        """Write it whole or not at all."""
        new = folder / "time.json.new"
        new.write_text(json.dumps(asdict(self)), encoding="utf-8")
        new.replace(folder / "time.json")


@dataclass(slots=True)
class Passing:
    """The demo's clock, the company as it is by it, and what happens when time passes."""

    clock: MovableClock
    folder: Path
    kept: Kept
    company: Company = field(init=False)
    opened: Opened | None = None
    at_once: Callable[[], Awaitable[None]] | None = None
    """Does everything that is due."""
    following: Callable[[], Awaitable[datetime | None]] | None = None
    """Tells when something is due next."""

    def __post_init__(self) -> None:
        """Make the company up as it was when the demo began."""
        self.clock.ahead = self.kept.ahead
        self.company = demo_company.make_up(date.fromisoformat(self.kept.made_on))

    def now(self) -> datetime:
        """Return the time for the bot and its core."""
        return datetime.fromtimestamp(self.clock(), UTC)

    async def to(self, moment: float, tell: Tell) -> None:
        """Let time pass until a moment, and do what is due on the way when it is due. Raises `NotPossible`."""
        if self.at_once is None or self.following is None:
            raise NotPossible("starting", "The demo is still starting.")
        until = datetime.fromtimestamp(moment, UTC)
        for _ in range(MOST_STOPS):
            due = await self.following()
            if due is None or not self.now() < due < until:
                break
            await self._step(due, tell)
        await self._step(until, tell)

    async def _step(self, until: datetime, tell: Tell) -> None:
        loop = asyncio.get_running_loop()

        def from_thread(line: str) -> None:
            loop.call_soon_threadsafe(tell, line)

        try:
            await asyncio.to_thread(self.export, until, from_thread)
        except UsagebotError as error:
            raise NotPossible("not_exported", error.message) from None
        self.clock.move_to(until.timestamp())
        self._keep()
        tell(f"Doing what is due on {until:%a %d %b} …")
        if self.at_once:
            await self.at_once()

    def export(self, until: datetime, tell: Tell) -> None:
        """Make up the days until then and import their exports, in this thread. Raises `ImportRefused`, `StoreBusy`."""
        later = demo_company.grown(self.company, until.date(), self.kept.changes)
        since = self.company.through
        if self.opened is None or later.through <= since:
            return
        tell(f"Making up {_days(since, later.through)} …")
        folder = self.folder / "exports" / later.through.isoformat()
        folder.mkdir(parents=True, exist_ok=True)
        with self.opened(until) as core:
            deliveries = demo_company.write_later(later, folder, since)
            # A file without a row on a Sunday speaks for it all the same: it was exported of all these days.
            asked = LoadOptions(first=since - demo_company.AGAIN, last=later.through)
            for number, delivery in enumerate(deliveries, 1):
                tell(f"Importing the exports of {_days(since, later.through)}, {number} of {len(deliveries)} …")
                core.load(delivery, asked)
        self.company = later

    def note(self, order: SeatOrder) -> None:
        """Keep in mind that a seat was taken or given, so that later exports say so too."""
        person = order.hashed_autodesk_id if order.email is None else order.email
        taken = order.change is Order.UNASSIGN
        change = Change(order.team, order.product, person or "", self.now().date().toordinal(), taken)
        self.kept = Kept(self.kept.made_on, self.clock.ahead, [*self.kept.changes, change])
        self._keep()

    def _keep(self) -> None:
        self.kept = Kept(self.kept.made_on, self.clock.ahead, self.kept.changes)
        self.kept.write(self.folder)


def _days(since: date, through: date) -> str:
    first = since + timedelta(days=1)
    return f"{through:%a %d %b}" if first == through else f"{first:%a %d %b} to {through:%a %d %b}"


async def following(core: Core) -> datetime | None:
    """Return when a schedule is due next, if any goes on."""
    living = (await core.check_up()).schedules
    dues = [each.next.due for each in living if each.standing is Standing.ON and each.next]
    return min(dues, default=None)


@dataclass(frozen=True, slots=True)
class Noted:
    """A provider whose work the made-up vendor hears of."""

    provider: SeatControl
    note: Callable[[SeatOrder], None]

    @property
    def name(self) -> str:
        """That of the provider."""
        return self.provider.name

    async def unassign(self, order: SeatOrder) -> ProviderAnswer:
        """Take the seat."""
        return self._told(order, await self.provider.unassign(order))

    async def assign(self, order: SeatOrder) -> ProviderAnswer:
        """Give the seat again."""
        return self._told(order, await self.provider.assign(order))

    async def state(self, order: SeatOrder) -> Seen:
        """Read how the seat stands."""
        return await self.provider.state(order)

    def _told(self, order: SeatOrder, answer: ProviderAnswer) -> ProviderAnswer:
        if answer.done is Done.DONE:
            self.note(order)
        return answer
