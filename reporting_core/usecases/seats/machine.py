"""What actions are carried out with: the books, the provider, who may, and how long is waited for what."""

import asyncio
import hashlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, TypeVar

from reporting_core.storage.actions import Lease
from reporting_core.usecases.seats.records import Records
from reporting_core.words.errors import NotAllowed, SettingWrong
from reporting_core.words.people import Asker
from reporting_core.words.said import say
from reporting_core.words.seats import Action, SeatControl

T = TypeVar("T")

May = Callable[[str], Awaitable[Asker | None]]
"""Looks somebody up anew by Slack id, with the rights of this moment. None, or any error: no rights."""

OPERATOR = "operator"
"""Stands for whoever runs commands on the bot's machine."""


@dataclass(frozen=True, slots=True)
class Waits:
    """Seconds. A lease outlasts all that is done under it: rights looked up, the provider read and called."""

    lease: float = 60.0
    rights: float = 8.0
    look: float = 10.0
    call: float = 20.0
    first: float = 45.0
    """So long others leave a confirmed action to whoever confirmed it."""
    again: float = 5.0
    """Before the second attempt; doubled each time."""
    longest: float = 3600.0


@dataclass(slots=True)
class Machine:
    """One account's machine in one process. `random` gives numbers from 0 to 1."""

    records: Records
    operator: Asker
    holder: str
    random: Callable[[], float]
    waits: Waits = field(default_factory=Waits)
    provider: SeatControl | None = None
    may: May | None = None

    @property
    def control(self) -> SeatControl:
        """The provider; raises `SettingWrong` where there is none."""
        if self.provider is None:
            raise SettingWrong("No provider is set that could carry this out. Set USAGEBOT_PROVIDER.")
        return self.provider

    def lease(self, now: datetime) -> Lease:
        """Return a lease from now on."""
        return Lease(self.holder, now, now + timedelta(seconds=self.waits.lease))

    def after(self, now: datetime, seconds: float) -> datetime:
        """Return when to go on: about so many seconds later, so that processes do not march in step."""
        return now + timedelta(seconds=min(seconds, self.waits.longest) * (0.75 + self.random() / 2))

    def backoff(self, now: datetime, attempt: int) -> datetime:
        """Return when to try again after so many attempts."""
        return self.after(now, self.waits.again * 2 ** max(attempt - 1, 0))

    def not_before(self, now: datetime, attempt: int, asked: float) -> datetime:
        """Return the same, and not before the provider asks for: so many seconds from now."""
        return max(self.backoff(now, attempt), now + timedelta(seconds=min(asked, self.waits.longest)))


def name_of(asker: Asker) -> str:
    """Return what stands in the books for an asker."""
    return asker.slack_user_id or OPERATOR


def own(machine: Machine, asker: Asker) -> None:
    """Refuse somebody of another account."""
    if asker.account_id != machine.records.account_id:
        raise NotAllowed(say("Your account is another one."))


def administers(asker: Asker, team_id: int) -> bool:
    """Tell whether somebody may change who has a seat in a team."""
    return asker.owner or team_id in asker.administers


def sees(asker: Asker, team_id: int) -> bool:
    """Tell whether somebody sees who has a seat in a team, whether or not they may change it."""
    return asker.owner or asker.every_team or team_id in asker.teams


def in_charge(machine: Machine, asker: Asker, action: Action) -> None:
    """Refuse whoever does not administer the team of an action."""
    own(machine, asker)
    if not administers(asker, action.team_id):
        raise NotAllowed(say("Only an admin of the team may decide about this seat."))


def derived(*parts: str) -> str:
    """Return a key of keys: the same for the same, and no part of it can be read."""
    return hashlib.sha256("\x00".join(parts).encode()).hexdigest()[:32]


async def within(awaitable: Awaitable[T], seconds: float) -> T:
    """Wait so long and no longer, also for something that does not let itself be stopped. Raises `TimeoutError`."""
    task = asyncio.ensure_future(awaitable)
    try:
        done, _ = await asyncio.wait({task}, timeout=seconds)
    finally:
        if not task.done():
            task.cancel()
            task.add_done_callback(_forgotten)
    if not done:
        raise TimeoutError
    return task.result()


def _forgotten(task: "asyncio.Future[Any]") -> None:
    # Nobody waits any more; asking for the error keeps it from being reported as one that nobody saw.
    if not task.cancelled():
        task.exception()
