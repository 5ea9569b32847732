"""Moves a held action on: the state, the row of the audit and what follows for the seat, in one transaction."""

import asyncio
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from reporting_core.storage import actions as sql
from reporting_core.storage import merges
from reporting_core.storage.actions import Held
from reporting_core.storage.auditing import Entry
from reporting_core.storage.directory import bump_version
from reporting_core.storage.engines import Connection
from reporting_core.usecases.seats.deciding import Step
from reporting_core.usecases.seats.judging import judged
from reporting_core.usecases.seats.machine import Machine
from reporting_core.usecases.seats.policy import policy
from reporting_core.words.names import storable
from reporting_core.words.seats import FINAL, Action, Change, Policy, Reason, Seen, State

_TRIES = 2
"""How often a step is written down: what the provider said should not be lost for one broken connection."""

# To see what data says of a seat alone, whatever may be done with it.
_NEUTRAL = Policy(grace_days=0, old_data_days=1_000_000)
_ELSE = {Reason.GROUP, Reason.DEFAULT, Reason.CHANGED, Reason.FLEX}


async def settled(machine: Machine, held: Held, step: Step) -> Action | None:
    """Write a step down and return the action as it is then; another one's, where it was lost meanwhile."""
    for left in reversed(range(_TRIES)):
        try:
            return await asyncio.to_thread(settle, machine, held, step)
        except Exception:
            if not left:
                raise
    return None


def settle(machine: Machine, held: Held, step: Step) -> Action | None:
    """Do the same in this thread, once."""
    records = machine.records
    with records.store.lasting() as connection:
        move(machine, connection, held, step)
        return sql.of_token(connection, records.account_id, held.action.token)


def move(machine: Machine, connection: Connection, held: Held, step: Step, by: str = "") -> bool:
    """Move an action inside a transaction; False, and nothing written, if it is no longer held."""
    now = machine.records.clock()
    account_id, values = machine.records.account_id, _values(machine, connection, held.action, step, now)
    if not sql.moved(connection, account_id, held, now, **values):
        return False
    if step.to is State.DONE:
        _note_seat(connection, account_id, held.action, now)
        merges.forget(connection, account_id)  # undone, a merge would bring the seat back as it was
    note(machine, connection, replace(held.action, **_told(step)), now, kind=step.to, by=by)
    return True


def postpone(machine: Machine, held: Held) -> None:
    """Let go of an action that is looked at again later: the longer it waits, the later."""
    records = machine.records
    with records.store.writing() as connection:
        now = records.clock()
        waited = (now - (held.action.since or now)).total_seconds()
        due = machine.after(now, max(machine.waits.again * 2, waited / 2))
        sql.moved(connection, records.account_id, held, now, due_at=due)


def note(
    machine: Machine, connection: Connection, action: Action, now: datetime, *, kind: str, by: str = "", **more: Any
) -> None:
    """Write a row of the audit about an action: ids and words of machines, no names."""
    known = {name: found for name in _NOTED if (found := getattr(action, name))}
    about = {"change": action.change, "assignment": action.assignment_id, "product": action.product_id}
    entry = Entry(now, kind, by or action.asked_by, action.token, action.team_id, action.person_id)
    final = action.token if kind in FINAL else None
    machine.records.chain.append(connection, replace(entry, details={**about, **known, **more}, final_of=final))


_NOTED = ("attempt", "reason", "provider", "reference", "undoes")


def in_data(machine: Machine, connection: Connection, action: Action) -> Seen:
    """Return how the seat stands in the newest data, against how it stood when the action was asked for."""
    bench = replace(machine.records.bench(connection), policy=_NEUTRAL)
    prints = {action.assignment_id: action.seat_print}
    found = judged(connection, bench, machine.operator, [action.assignment_id], prints, action.token)
    if not found:
        return Seen.UNKNOWN
    if found[0].reason is Reason.GONE:
        return Seen.GONE
    # Some refuse a seat as it always was, such as one of a group where the policy allows that.
    return Seen.OTHER if found[0].reason in _ELSE and found[0].seat.print != action.seat_print else Seen.SAME


def _values(machine: Machine, connection: Connection, action: Action, step: Step, now: datetime) -> dict[str, Any]:
    values: dict[str, Any] = {"state": step.to, "since": now, "due_at": None, **_told(step)}
    match step.to:
        case State.CONFIRMED:
            values["due_at"] = machine.not_before(now, action.attempt, step.after) if step.reason else now
        case State.UNKNOWN | State.ACCEPTED:
            values |= {"doubt": 1, "due_at": machine.after(now, machine.waits.again * 2)}
        case State.DONE | State.REFUSED | State.FAILED:
            values["finished_at"] = now
    if step.to is State.DONE and action.change is Change.UNASSIGN:
        days = policy(connection, machine.records.account_id).undo_days
        values["undo_until"] = now + timedelta(days=days)
    return values


def _told(step: Step) -> dict[str, Any]:
    told: dict[str, Any] = {"reason": str(step.reason), "detail": storable(step.detail)[:LONGEST]}
    return {**told, "reference": storable(step.reference)[:LONGEST]} if step.reference else told


LONGEST = 500
"""Characters of what a provider says; whatever is longer is no sentence."""


def _note_seat(connection: Connection, account_id: int, action: Action, now: datetime) -> None:
    noted = sql.take_seat if action.change is Change.UNASSIGN else sql.give_seat
    if noted(connection, account_id, action, now.date()):
        bump_version(connection, account_id)
