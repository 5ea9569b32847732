"""Tasks for admins: opened once an order, done when newer data or an admin says so, and never before."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from reporting_core.storage import actions
from reporting_core.storage import providing as sql
from reporting_core.storage.engines import Connection, Store
from reporting_core.storage.providing import Holding
from reporting_core.usecases.seats import standing
from reporting_core.words.said import say
from reporting_core.words.seats import FINAL, Action, Change, Done, ProviderAnswer, SeatOrder, Seen
from reporting_core.words.tasks import REMINDERS, Task, TaskState

AGAIN = timedelta(minutes=10)
"""Before a message that reached nobody is tried again."""

_DECLINED = say("An admin said that it will not be done.")


class Waiting(NamedTuple):
    """A task and the action it belongs to: whose seat it is, and who asked."""

    task: Task
    action: Action


@dataclass(frozen=True, slots=True)
class Tasks:
    """The tasks of one account. Everything here blocks and is called in worker threads."""

    store: Store
    account_id: int
    clock: Callable[[], datetime]

    def open(self, order: SeatOrder) -> ProviderAnswer:
        """Open the task of an order, or say how the one stands that was opened before. Raises `StoreBusy`."""
        with self.store.lasting() as connection:
            if task := sql.task_of(connection, self.account_id, order.key):
                return _standing(task)
            seat = sql.holding(connection, self.account_id, order.assignment_id)
            if against := standing.against(order, seat):
                return against
            sql.open_task(connection, self.account_id, _new(order, self.clock()))
            opened = sql.task_of(connection, self.account_id, order.key)
        return _standing(opened) if opened else ProviderAnswer(Done.ACCEPTED)

    def seen(self, order: SeatOrder) -> Seen:
        """Say how the seat of an order stands: by newer data first, then by what an admin said. Raises `StoreBusy`."""
        with self.store.reading() as connection:
            task = sql.task_of(connection, self.account_id, order.key)
            seat = sql.holding(connection, self.account_id, order.assignment_id)
        if _unlisted(seat, task):
            return Seen.GONE
        found = standing.seen(order, seat)
        return _by_word(task, order.change) if found is _BEFORE[order.change] else found

    def close(self, key: str, *, done: bool) -> bool:
        """Close a task by an admin's word; False if it was closed before or there is none. Raises `StoreBusy`.

        Whether the admin may, and the end of the action itself, is `core.seats.settle`, which is called first.
        """
        state = TaskState.DONE if done else TaskState.DECLINED
        with self.store.lasting() as connection:
            return sql.close_task(connection, self.account_id, key, state, self.clock())

    def waiting(self) -> list[Waiting]:
        """List the open tasks, oldest first. Raises `StoreBusy`."""
        with self.store.reading() as connection:
            return self._open(connection, None)

    def due_reminders(self) -> list[Waiting]:
        """Take the turn for every message that is due: the task itself, then its reminders (`Task.reminders` of 0, 1…).

        Each is handed out once, whoever asks. Raises `StoreBusy`.
        """
        now = self.clock()
        with self.store.reading() as connection:
            if not sql.open_tasks(connection, self.account_id, now):
                return []  # the pen is not taken for nothing
        with self.store.writing() as connection:
            return [each for each in self._open(connection, now) if self._turn(connection, each, now)]

    def give_back(self, task: Task) -> bool:
        """Give the turn back after a message that did not reach anybody; it comes again. Raises `StoreBusy`."""
        with self.store.writing() as connection:
            return sql.forget_reminder(connection, self.account_id, task, self.clock() + AGAIN)

    def _open(self, connection: Connection, due: datetime | None) -> list[Waiting]:
        found = []
        for task in sql.open_tasks(connection, self.account_id, due):
            action = actions.of_token(connection, self.account_id, task.key)
            if action is not None:
                found.append(Waiting(task, action))
        return found

    def _turn(self, connection: Connection, each: Waiting, now: datetime) -> bool:
        """A task whose action has ended without it is closed instead: newer data showed it, or somebody settled it."""
        task, action = each
        if action.state in FINAL:
            sql.close_task(connection, self.account_id, task.key, TaskState.SHOWN, now)
            return False
        passed = sum(task.opened_at + wait <= now for wait in REMINDERS)
        following = task.opened_at + REMINDERS[passed] if passed < len(REMINDERS) else None
        return sql.note_reminder(connection, self.account_id, task, following)


def _new(order: SeatOrder, now: datetime) -> Task:
    # Whoever asked hears of it at once: that is the first of its messages.
    return Task(0, order.key, order.change, TaskState.OPEN, now, now)


def _standing(task: Task) -> ProviderAnswer:
    number = str(task.number)
    match task.state:
        case TaskState.OPEN:
            return ProviderAnswer(Done.ACCEPTED, number)
        case TaskState.DECLINED:
            return ProviderAnswer(Done.REFUSED, number, _DECLINED)
        case TaskState.DONE | TaskState.SHOWN:
            return ProviderAnswer(Done.DONE, number)


_BEFORE = {Change.UNASSIGN: Seen.SAME, Change.ASSIGN: Seen.GONE}
_AFTER = {Change.UNASSIGN: Seen.GONE, Change.ASSIGN: Seen.SAME}


def _by_word(task: Task | None, change: Change) -> Seen:
    """Data that shows no effect yet leaves it to the admin's word."""
    if task is None or task.state is TaskState.DECLINED:
        return _BEFORE[change]
    return Seen.PENDING if task.state is TaskState.OPEN else _AFTER[change]


def _unlisted(seat: Holding | None, task: Task | None) -> bool:
    """Tell whether a report made on a later day than the task does not list the seat any more.

    One of the same day may have been made before it, or be one with filters of somebody who was looking at it.
    """
    if seat is None or task is None or task.change is Change.ASSIGN:
        return False
    return bool(seat.stale and seat.reported_on and seat.reported_on > task.opened_at.date().toordinal())
