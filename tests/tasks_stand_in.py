"""A stand-in for the core's tasks: what is due, who may see it, and how each ended."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime

from reporting_core.usecases.seats.tasks import Waiting
from reporting_core.words.errors import NotAllowed
from reporting_core.words.people import Asker
from reporting_core.words.seats import Action, Change, Seat, State
from reporting_core.words.tasks import Task, TaskState
from reporting_core.words.terms import Access, Origin

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)

SEAT = Seat(
    *(7, "print", 1, "Design", 1, "Revit", 1, "Ben Lee", "ben@example.com", Access.SUBSCRIPTION, True),
    *(Origin.INDIVIDUAL, "", date(2026, 5, 8), None, 0, 0, 12, 3),
)


def waiting(asked_by: str = "U1", reminders: int = 0, change: Change = Change.UNASSIGN) -> Waiting:
    task = Task(41, "token", change, TaskState.OPEN, NOW, NOW, reminders)
    return Waiting(task, Action("token", "b", change, State.ACCEPTED, "", 7, 1, 1, 1, asked_by, NOW))


@dataclass
class TasksStandIn:
    queue: list[Waiting] = field(default_factory=list)
    shown: Seat | None = SEAT
    given_back: list[Task] = field(default_factory=list)
    closed: list[tuple[str, str, bool]] = field(default_factory=list)
    fails: Exception | None = None

    async def due(self) -> Sequence[Waiting]:
        found, self.queue = self.queue, []
        return found

    async def give_back(self, task: Task) -> bool:
        self.given_back.append(task)
        return True

    async def seat(self, asker: Asker, action: Action) -> Seat | None:
        return self.shown

    async def close(self, asker: Asker, token: str, *, done: bool) -> Action:
        if self.fails:
            raise self.fails
        if not asker.every_team:
            raise NotAllowed("Only an admin of the team may decide about this seat.")
        self.closed.append((asker.slack_user_id, token, done))
        return waiting().action
