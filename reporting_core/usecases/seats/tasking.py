"""Tasks as Slack's side needs them: whose seat it is as somebody may see it, and the end by an admin's word."""

import asyncio
from dataclasses import dataclass

from reporting_core.usecases.seats.facade import Seats
from reporting_core.usecases.seats.judging import judged
from reporting_core.usecases.seats.tasks import Tasks, Waiting
from reporting_core.words.people import Asker
from reporting_core.words.seats import Action, Seat
from reporting_core.words.tasks import Task


@dataclass(frozen=True, slots=True)
class TaskDesk:
    """The tasks of an account, as coroutines that run in worker threads: `core.tasks`."""

    tasks: Tasks
    seats: Seats

    async def due(self) -> list[Waiting]:
        """Take the turn for every message about a task that is due now. Raises `StoreBusy`."""
        return await asyncio.to_thread(self.tasks.due_reminders)

    async def give_back(self, task: Task) -> bool:
        """Give the turn back after a message that reached nobody. Raises `StoreBusy`."""
        return await asyncio.to_thread(self.tasks.give_back, task)

    async def seat(self, asker: Asker, action: Action) -> Seat | None:
        """Return the seat of an action as this person may see it; None without rights. Raises `StoreBusy`."""
        return await asyncio.to_thread(self._seat, asker, action)

    async def close(self, asker: Asker, token: str, *, done: bool) -> Action:
        """End a task and its action by an admin's word. Raises `AskAgain`, `NotAllowed`, `StoreBusy`."""
        action = await self.seats.settle(asker, token, done=done)
        await asyncio.to_thread(self.tasks.close, token, done=done)
        return action

    def _seat(self, asker: Asker, action: Action) -> Seat | None:
        records = self.seats.records
        if not (asker.owner or action.team_id in asker.administers):
            return None
        with records.store.reading() as connection:
            found = judged(connection, records.bench(connection), asker, [action.assignment_id])
        return found[0].seat if found else None
