"""Actions on seats: begun once a seat, claimed by one process at a time, moved only by whoever holds them.

An action is held by a lease and a fencing number. The number grows with every holder, so that one that was frozen and
wakes up later can write nothing.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, Select, and_, case, exists, func, insert, or_, select, update
from sqlalchemy.exc import IntegrityError

from reporting_core.storage import schema
from reporting_core.storage.acting import audit_rows
from reporting_core.storage.acting import seat_actions as table
from reporting_core.storage.teams import merged_into
from reporting_core.words.names import storable
from reporting_core.words.seats import FINAL, OPEN, Action, Change, SeatOrder, State
from reporting_core.words.terms import Origin

INTENT = "intent"
"""Kind of the audit row without which nothing is carried out."""

LONGEST_LEASE, LONGEST_WAIT = timedelta(minutes=10), timedelta(hours=3)
"""Nothing is held or put off for so long: what is set further ahead was set by a clock that went wrong."""

_c = table.c
_COLUMNS = (
    *(_c.token, _c.batch, _c.change, _c.state, _c.seat_print, _c.assignment_id, _c.team_id, _c.person_id),
    *(_c.product_id, _c.asked_by, _c.asked_at, _c.attempt, _c.reason, _c.detail, _c.provider, _c.reference),
    *(_c.second_by, _c.undoes, _c.undo_until, _c.finished_at, _c.channel, _c.message_ts, _c.assigned_on),
    *(_c.origin, _c.origin_group, _c.since, _c.doubt),
)


class Lease(NamedTuple):
    """Who holds an action, from when, and until when."""

    holder: str
    now: datetime
    until: datetime


class Held(NamedTuple):
    """An action and the fencing number under which it is held."""

    action: Action
    fence: int
    until: datetime


def begin(
    connection: Connection, account_id: int, action: Action, due_at: datetime | None, *, told: bool = False
) -> bool:
    """Write an action down; False if another one on the same seat is open. `told`: the asker hears of it at once."""
    values = {name: _stored(getattr(action, name)) for name in Action.__slots__}
    values |= {"told": _TOLD if told else 0, "due_at": due_at}
    claim = str(action.assignment_id) if action.state in OPEN else None
    try:
        with connection.begin_nested():
            connection.execute(insert(table).values(account_id=account_id, claim=claim, **values))
    except IntegrityError:
        return False
    return True


def of_token(connection: Connection, account_id: int, token: str) -> Action | None:
    """Return an action. The token may have been typed or altered, so it is made one that can be asked for."""
    return next(iter(_found(connection, account_id, _c.token == storable(token))), None)


def of_batch(connection: Connection, account_id: int, batch: str) -> list[Action]:
    """Load what was confirmed in one press, in that order; also what was refused there."""
    return _found(connection, account_id, _c.batch == storable(batch))


def open_on(connection: Connection, account_id: int, assignment_id: int) -> Action | None:
    """Return the open action on a seat."""
    return next(iter(_found(connection, account_id, _c.claim == str(assignment_id))), None)


def undoing(connection: Connection, account_id: int, token: str) -> Action | None:
    """Return the action that undoes this one, or is about to."""
    living = _c.state.not_in([State.REFUSED, State.FAILED])
    return next(iter(_found(connection, account_id, _c.undoes == token, living)), None)


def undoings(connection: Connection, account_id: int, tokens: Iterable[str]) -> dict[str, Action]:
    """Load the newest undoing of each of these actions, however it stands."""
    return {each.undoes: each for each in _found(connection, account_id, _c.undoes.in_(list(tokens)))}


def newest_on(connection: Connection, account_id: int, assignments: Iterable[int]) -> dict[int, Action]:
    """Load the newest unassignment of each of these seats that took it, or is about to."""
    living = (_c.change == Change.UNASSIGN, _c.state.not_in([State.REFUSED, State.FAILED]))
    found = _found(connection, account_id, _c.assignment_id.in_(list(assignments)), *living)
    return {each.assignment_id: each for each in found}


def waiting(connection: Connection, account_id: int, states: Iterable[State], most: int = 200) -> list[Action]:
    """Load the actions in some states, oldest first."""
    return _found(connection, account_id, _c.state.in_(sorted(states)), most=most)


def newest(connection: Connection, account_id: int, since: datetime, most: int = 200) -> list[Action]:
    """Load the actions asked for since then, newest first."""
    statement = select(*_COLUMNS).where(_c.account_id == account_id, _c.asked_at >= since)
    return _actions(connection, account_id, statement.order_by(_c.id.desc()).limit(most))


def untold(connection: Connection, account_id: int, most: int = 200) -> list[Action]:
    """Load the actions of which the asker has yet to hear."""
    return _found(connection, account_id, _untold(), most=most)


def tell(connection: Connection, account_id: int, token: str) -> bool:
    """Take the turn to tell the asker; False if somebody else has it, or there is nothing to tell."""
    stage = case((_c.state == State.PERSON, _ASKED), else_=_TOLD)
    return bool(_changed(connection, account_id, token, _untold(), told=stage))


def untell(connection: Connection, account_id: int, token: str) -> bool:
    """Give the turn back: the message certainly did not reach anybody."""
    return bool(_changed(connection, account_id, token, _c.told > 0, told=0))


_ASKED, _TOLD = 1, 2
"""In `told`: the asker knows of a decision to take; knows the end."""


def _untold() -> ColumnElement[bool]:
    return or_(and_(_c.state == State.PERSON, _c.told == 0), and_(_c.state.in_(sorted(FINAL)), _c.told < _TOLD))


def place(connection: Connection, account_id: int, batch: str, message: tuple[str, str]) -> None:
    """Note in which message a batch is shown."""
    channel, ts = message
    statement = update(table).where(_c.account_id == account_id, _c.batch == batch)
    connection.execute(statement.values(channel=channel, message_ts=ts))


def confirmed_twice(
    connection: Connection, account_id: int, token: str, by: str, times: tuple[datetime, datetime]
) -> bool:
    """Note the second person; `times` are now and when others may carry it out."""
    now, due = times
    values = {"state": State.CONFIRMED, "second_by": by, "since": now, "due_at": due}
    return bool(_changed(connection, account_id, token, _c.state == State.SECOND, **values))


def claim(connection: Connection, account_id: int, token: str, lease: Lease) -> Held | None:
    """Take a confirmed action that is due, to carry it out; None if somebody else was faster.

    Without its row in the audit there is no action. The first attempt waits for no date: whoever confirmed goes on.
    """
    proved = exists().where(
        audit_rows.c.account_id == account_id, audit_rows.c.subject == token, audit_rows.c.kind == INTENT
    )
    due = or_(_c.attempt == 0, _is_due(lease.now))
    values = {"state": State.SENDING, "attempt": _c.attempt + 1, "since": lease.now}
    taken = _changed(connection, account_id, token, _c.state == State.CONFIRMED, due, proved, **_held(lease), **values)
    return _taken(connection, account_id, token, lease) if taken else None


def hand_over(connection: Connection, account_id: int, token: str, provider: str) -> None:
    """Note that another provider than at the press carries an action out; once it was sent, it is too late for that."""
    _changed(connection, account_id, token, _c.doubt == 0, provider=provider)


def take(connection: Connection, account_id: int, token: str, state: State, lease: Lease) -> Held | None:
    """Take an action that is due to be looked at; None if somebody else looks, or it is no longer in that state."""
    free = (_c.state == state, _is_due(lease.now), _is_free(lease.now))
    taken = _changed(connection, account_id, token, *free, **_held(lease))
    return _taken(connection, account_id, token, lease) if taken else None


def intercept(connection: Connection, account_id: int, action: Action, lease: Lease) -> Held | None:
    """Take an action from whoever holds it: a provider or a person has the last word on it."""
    taken = _changed(connection, account_id, action.token, _c.state == action.state, **_held(lease))
    return _taken(connection, account_id, action.token, lease) if taken else None


def abandoned(connection: Connection, account_id: int, token: str, now: datetime) -> bool:
    """Take an action away from a process whose lease is over; what it did is not known."""
    over = (_c.state == State.SENDING, _is_free(now))
    values = {"state": State.UNKNOWN, "doubt": 1, "since": now, "due_at": now, "lease_until": None, "holder": ""}
    return bool(_changed(connection, account_id, token, *over, fence=_c.fence + 1, **values))


def moved(connection: Connection, account_id: int, held: Held, now: datetime, **values: Any) -> bool:
    """Move a held action on and let go of it; False if it was lost meanwhile: then nothing must be written."""
    action, fence, _until = held
    mine = (_c.state == action.state, _c.fence == fence, _c.lease_until > now)
    rest = {"holder": "", "lease_until": None}
    return bool(_changed(connection, account_id, action.token, *mine, **{**rest, **values}))


def is_held(connection: Connection, account_id: int, held: Held, now: datetime) -> bool:
    """Tell whether an action is still held."""
    where = (_c.account_id == account_id, _c.token == held.action.token, _c.state == held.action.state)
    mine = (_c.fence == held.fence, _c.lease_until > now)
    return connection.execute(select(_c.id).where(*where, *mine)).first() is not None


def over(connection: Connection, account_id: int, now: datetime, most: int) -> list[str]:
    """Load the tokens of actions whose process has not been heard of for the length of a lease."""
    return _tokens(connection, account_id, most, _c.state == State.SENDING, _is_free(now))


def due(connection: Connection, account_id: int, state: State, now: datetime, most: int) -> list[str]:
    """Load the tokens of actions in a state that are due and that nobody holds, the longest due first."""
    return _tokens(connection, account_id, most, _c.state == state, _is_due(now), _is_free(now))


def assigning(connection: Connection, account_id: int, action: Action) -> int:
    """Count the other open actions that are about to take a seat of the same product in the same team."""
    same = (_c.team_id == action.team_id, _c.product_id == action.product_id, _c.token != action.token)
    opened = (_c.account_id == account_id, _c.claim.is_not(None), _c.change == Change.ASSIGN)
    return connection.execute(select(func.count()).where(*opened, *same)).scalar_one()


def take_seat(connection: Connection, account_id: int, action: Action, today: date) -> int:
    """Note that a seat was taken; one that was assigned anew meanwhile is left as it is."""
    a = schema.assignments.c
    same = a.assigned_on.is_not_distinct_from(action.assigned_on.toordinal() if action.assigned_on else None)
    values = {"assigned": 0, "unassigned_on": today.toordinal()}
    return _noted(connection, account_id, action, today, (a.assigned == 1, same), values)


def give_seat(connection: Connection, account_id: int, action: Action, today: date) -> int:
    """Note that a seat was given back: it is held since it was held before, unless newer data names another day."""
    a = schema.assignments.c
    since = func.coalesce(a.assigned_on, action.assigned_on.toordinal() if action.assigned_on else None)
    values = {"assigned": 1, "assigned_on": since, "unassigned_on": None}
    return _noted(connection, account_id, action, today, (a.assigned == 0,), values)


def order(connection: Connection, account_id: int, action: Action, reference: str = "") -> SeatOrder:
    """Say what a provider is asked to do: the assignment as it was asked for, the names as they are now."""
    p, where = schema.people.c, (schema.people.c.account_id == account_id, schema.people.c.id == action.person_id)
    columns = (p.email, p.first_name, p.last_name, p.autodesk_id, p.hashed_autodesk_id)
    email, first, last, own_id, hashed_id = connection.execute(select(*columns).where(*where)).first() or (None,) * 5
    return SeatOrder(
        key=action.token,
        change=action.change,
        account=_name(connection, schema.accounts, schema.accounts.c.id == account_id),
        team=_own_name(connection, schema.teams, account_id, action.team_id),
        product=_own_name(connection, schema.products, account_id, action.product_id),
        assignment_id=action.assignment_id,
        assigned_on=action.assigned_on,
        origin=action.origin,
        origin_group=action.origin_group,
        email=email,
        name=" ".join(filter(None, (first, last))),
        autodesk_id=own_id,
        hashed_autodesk_id=hashed_id,
        asked_by=action.asked_by,
        reference=reference or action.reference,
    )


def _own_name(connection: Connection, names: Any, account_id: int, id_: int) -> str:
    return _name(connection, names, and_(names.c.account_id == account_id, names.c.id == id_))


def _name(connection: Connection, names: Any, where: ColumnElement[bool]) -> str:
    return str(connection.execute(select(names.c.name).where(where)).scalar() or "")


def _noted(
    connection: Connection,
    account_id: int,
    action: Action,
    today: date,
    still: Iterable[ColumnElement[bool]],
    values: dict[str, Any],
) -> int:
    a, day = schema.assignments.c, today.toordinal()
    newest_word = case((a.exported_on < day, day), else_=a.exported_on)
    where = (a.account_id == account_id, a.id == action.assignment_id, *still)
    statement = update(schema.assignments).where(*where).values(stale=0, exported_on=newest_word, **values)
    return connection.execute(statement).rowcount


def _is_due(now: datetime) -> ColumnElement[bool]:
    return or_(_c.due_at <= now, _c.due_at > now + LONGEST_WAIT)


def _is_free(now: datetime) -> ColumnElement[bool]:
    return or_(_c.lease_until.is_(None), _c.lease_until <= now, _c.lease_until > now + LONGEST_LEASE)


def _held(lease: Lease) -> dict[str, Any]:
    return {"holder": lease.holder, "lease_until": lease.until, "fence": _c.fence + 1}


def _taken(connection: Connection, account_id: int, token: str, lease: Lease) -> Held | None:
    action = of_token(connection, account_id, token)
    fence = connection.execute(select(_c.fence).where(_c.account_id == account_id, _c.token == token)).scalar_one()
    return Held(action, fence, lease.until) if action is not None else None


def _changed(connection: Connection, account_id: int, token: str, *where: ColumnElement[bool], **values: Any) -> int:
    mine = (_c.account_id == account_id, _c.token == token)
    claim_ends = {"claim": None} if values.get("state") in FINAL else {}
    return connection.execute(update(table).where(*mine, *where).values(**values, **claim_ends)).rowcount


def _tokens(connection: Connection, account_id: int, most: int, *where: ColumnElement[bool]) -> list[str]:
    statement = select(_c.token).where(_c.account_id == account_id, *where).order_by(_c.due_at, _c.id).limit(most)
    return list(connection.execute(statement).scalars())


def _found(
    connection: Connection, account_id: int, *where: ColumnElement[bool], most: int | None = None
) -> list[Action]:
    statement = select(*_COLUMNS).where(_c.account_id == account_id, *where).order_by(_c.id).limit(most)
    return _actions(connection, account_id, statement)


def _actions(connection: Connection, account_id: int, statement: Select[Any]) -> list[Action]:
    """Load actions; those of a team that was merged since are of the team that it has become."""
    found = [_action(row) for row in connection.execute(statement)]
    into = merged_into(connection, account_id) if found else {}
    return [replace(each, team_id=into.get(each.team_id, each.team_id)) for each in found] if into else found


def _stored(value: Any) -> Any:
    if isinstance(value, date) and not isinstance(value, datetime):
        return value.toordinal()
    return int(value) if isinstance(value, bool) else value


def _action(row: Any) -> Action:
    found = dict(row._mapping)  # noqa: SLF001 - SQLAlchemy's public name for it begins with an underscore
    for name in ("asked_at", "undo_until", "finished_at", "since"):
        found[name] = _aware(found[name])
    day = found["assigned_on"]
    kinds = {"change": Change(row.change), "state": State(row.state), "origin": Origin(row.origin)}
    return Action(**{**found, **kinds, "assigned_on": date.fromordinal(day) if day else None, "doubt": bool(row.doubt)})


def _aware(at: datetime | None) -> datetime | None:
    """SQLite keeps no zone; all that is written is UTC."""
    if at is None:
        return None
    return at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC)
