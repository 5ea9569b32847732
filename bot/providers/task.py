"""Opens a tracked task for an admin: for the vendor, who has no way for programs to take a seat (domain.md §5).

The task's sentences, with link and steps, are `handlers/views/seat_tasks.py`; it holds no names itself.
"""

import asyncio
from collections.abc import Callable
from typing import TypeVar

from bot.ground import Ground
from reporting_core.usecases.seats.tasks import Tasks, Waiting
from reporting_core.words.errors import StoreBusy
from reporting_core.words.seats import ProviderAnswer, ProviderError, SeatOrder, Seen

T = TypeVar("T")


def made(ground: Ground) -> "TaskForAdmins":
    """Make it; it needs no settings."""
    return TaskForAdmins(Tasks(ground.store, ground.account_id, ground.clock))


class TaskForAdmins:
    """Accepts orders as tasks; they are done once newer data or an admin says so."""

    name = "task"

    def __init__(self, tasks: Tasks) -> None:
        self.tasks = tasks

    async def unassign(self, order: SeatOrder) -> ProviderAnswer:
        """Open a task to take the seat."""
        return await _told(lambda: self.tasks.open(order), sent=True)

    async def assign(self, order: SeatOrder) -> ProviderAnswer:
        """Open a task to give the seat again."""
        return await _told(lambda: self.tasks.open(order), sent=True)

    async def state(self, order: SeatOrder) -> Seen:
        """Read how the seat stands, by newer data and by what an admin said."""
        return await _told(lambda: self.tasks.seen(order), sent=False)

    async def close(self, key: str, *, done: bool) -> bool:
        """Close a task by an admin's word; False if it was closed before."""
        return await _told(lambda: self.tasks.close(key, done=done), sent=True)

    async def due_reminders(self) -> list[Waiting]:
        """Take the turn for every reminder that is due now."""
        return await _told(self.tasks.due_reminders, sent=False)


async def _told(ask: Callable[[], T], *, sent: bool) -> T:
    try:
        return await asyncio.to_thread(ask)
    except StoreBusy as error:
        raise ProviderError(error.message, sent=sent) from None
