"""Statements of the providers that work on our own database: the seat behind an order, effects, tasks for admins."""

from datetime import UTC, datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, and_, case, func, insert, select, update

from reporting_core.storage import schema
from reporting_core.storage.acting import ledger_effects, provider_tasks
from reporting_core.words.names import fold
from reporting_core.words.seats import Change, SeatOrder
from reporting_core.words.tasks import Task, TaskState

_a, _r, _p = schema.assignments.c, schema.assignment_rules.c, schema.people.c
_t, _f = schema.teams.c, schema.products.c
_e, _k = ledger_effects.c, provider_tasks.c


class Holding(NamedTuple):
    """A seat as it is now, behind the names of an order."""

    team_id: int
    product_id: int
    flex: int
    assigned: int | None
    assigned_on: int | None
    stale: int
    origin: str
    origin_group: str
    team: str
    product: str
    email: str | None
    reported_on: int | None
    """Of the team's newest Usage Report."""

    def is_of(self, order: SeatOrder) -> bool:
        """Tell whether it is the seat that the order names; ids alone could be another account's or mistyped."""
        names = (fold(self.team), fold(self.product), fold(self.email or ""))
        return names == (fold(order.team), fold(order.product), fold(order.email or ""))

    def is_as_ordered(self, order: SeatOrder) -> bool:
        """Tell whether it is still the very assignment that the order is about."""
        day = order.assigned_on.toordinal() if order.assigned_on else None
        way = (self.origin or "unknown", fold(self.origin_group))
        return (self.assigned_on, *way) == (day, str(order.origin), fold(order.origin_group))


def holding(connection: Connection, account_id: int, assignment_id: int) -> Holding | None:
    """Read a seat."""
    group = case((_a.origin.is_(None), func.coalesce(_r.group_name, "")), else_=_a.origin_group)
    statement = (
        select(_a.team_id, _a.product_id, _a.flex, _a.assigned, _a.assigned_on, _a.stale)
        .add_columns(func.coalesce(_a.origin, _r.origin, ""), group, _t.name, _f.name, _p.email, _t.reported_on)
        .select_from(schema.assignments)
        .join(schema.people, and_(_p.account_id == _a.account_id, _p.id == _a.person_id))
        .join(schema.teams, and_(_t.account_id == _a.account_id, _t.id == _a.team_id))
        .join(schema.products, and_(_f.account_id == _a.account_id, _f.id == _a.product_id))
        .outerjoin(
            schema.assignment_rules,
            and_(_r.account_id == _a.account_id, _r.team_id == _a.team_id, _r.product_id == _a.product_id),
        )
        .where(_a.account_id == account_id, _a.id == assignment_id)
    )
    found = connection.execute(statement).first()
    return Holding(*found) if found else None


def had_effect(connection: Connection, account_id: int, key: str) -> bool:
    """Tell whether an order was carried out here before."""
    where = (_e.account_id == account_id, _e.key == key)
    return connection.execute(select(_e.id).where(*where)).first() is not None


def carry_out(connection: Connection, account_id: int, order: SeatOrder, now: datetime) -> None:
    """Take the seat of an order, or give it back, and note the order's key; all inside the caller's transaction."""
    day, before = now.date().toordinal(), order.assigned_on
    taken = {"assigned": 0, "unassigned_on": day}
    since = func.coalesce(_a.assigned_on, before.toordinal() if before else None)
    given = {"assigned": 1, "assigned_on": since, "unassigned_on": None}
    values = taken if order.change is Change.UNASSIGN else given
    newest_word = case((_a.exported_on < day, day), else_=_a.exported_on)
    where = (_a.account_id == account_id, _a.id == order.assignment_id)
    connection.execute(
        insert(ledger_effects).values(
            account_id=account_id, key=order.key, change=str(order.change), assignment_id=order.assignment_id, at=now
        )
    )
    connection.execute(update(schema.assignments).where(*where).values(stale=0, exported_on=newest_word, **values))


def open_task(connection: Connection, account_id: int, task: Task) -> None:
    """Write a new task down."""
    values = {name: getattr(task, name) for name in ("key", "opened_at", "remind_at", "reminders")}
    connection.execute(
        insert(provider_tasks).values(account_id=account_id, change=str(task.change), state=str(task.state), **values)
    )


def task_of(connection: Connection, account_id: int, key: str) -> Task | None:
    """Return the task of an order."""
    return next(iter(_tasks(connection, account_id, _k.key == key)), None)


def open_tasks(connection: Connection, account_id: int, due: datetime | None = None) -> list[Task]:
    """Load the open tasks, oldest first; with `due`, those of which somebody is to be reminded by then."""
    reminded = () if due is None else (_k.remind_at <= due,)
    return _tasks(connection, account_id, _k.state == TaskState.OPEN, *reminded)


def close_task(connection: Connection, account_id: int, key: str, state: TaskState, at: datetime) -> bool:
    """Close a task; False if it was closed before, or there is none."""
    where = (_k.account_id == account_id, _k.key == key, _k.state == TaskState.OPEN)
    values = {"state": str(state), "closed_at": at, "remind_at": None}
    return connection.execute(update(provider_tasks).where(*where).values(**values)).rowcount == 1


def note_reminder(connection: Connection, account_id: int, task: Task, following: datetime | None) -> bool:
    """Take the turn to remind somebody of a task; False if another process has it."""
    where = (_k.account_id == account_id, _k.key == task.key, _k.state == TaskState.OPEN)
    values = {"reminders": task.reminders + 1, "remind_at": following}
    turn = update(provider_tasks).where(*where, _k.reminders == task.reminders).values(**values)
    return connection.execute(turn).rowcount == 1


def forget_reminder(connection: Connection, account_id: int, task: Task, due: datetime) -> bool:
    """Give the turn for `task` as it was before back; False if something else happened to it meanwhile."""
    where = (_k.account_id == account_id, _k.key == task.key, _k.state == TaskState.OPEN)
    values = {"reminders": task.reminders, "remind_at": due}
    back = update(provider_tasks).where(*where, _k.reminders == task.reminders + 1).values(**values)
    return connection.execute(back).rowcount == 1


def _tasks(connection: Connection, account_id: int, *where: ColumnElement[bool]) -> list[Task]:
    columns = (_k.id, _k.key, _k.change, _k.state, _k.opened_at, _k.remind_at, _k.reminders, _k.closed_at)
    rows = connection.execute(select(*columns).where(_k.account_id == account_id, *where).order_by(_k.id))
    return [_task(row) for row in rows]


def _task(row: Any) -> Task:
    return Task(
        row.id,
        row.key,
        Change(row.change),
        TaskState(row.state),
        _aware(row.opened_at) or row.opened_at,
        _aware(row.remind_at),
        row.reminders,
        _aware(row.closed_at),
    )


def _aware(at: datetime | None) -> datetime | None:
    """SQLite keeps no zone; all that is written is UTC."""
    if at is None:
        return None
    return at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC)
