"""Carries a confirmed action out: claimed, checked once more, asked of the provider once, and the answer kept.

Between the claim and the answer the action is `sending`. A process that dies there leaves it so, and the healing finds
out what became of it.
"""

import asyncio
from collections.abc import Awaitable
from dataclasses import replace
from datetime import timedelta

from reporting_core.storage import actions as sql
from reporting_core.storage.actions import Held
from reporting_core.storage.engines import Connection
from reporting_core.usecases.seats import deciding
from reporting_core.usecases.seats.deciding import Step
from reporting_core.usecases.seats.judging import judged
from reporting_core.usecases.seats.looking import look
from reporting_core.usecases.seats.machine import OPERATOR, Machine, May, administers, within
from reporting_core.usecases.seats.moving import note, settled
from reporting_core.words.people import Asker
from reporting_core.words.seats import Action, Change, ProviderAnswer, Reason, SeatOrder, State, Verdict

SENDING = "sending"
"""Kind of the audit row of each attempt."""


async def carry_out(machine: Machine, token: str, may: May | None = None) -> Action | None:
    """Carry an action out and return it as it is then; None if there is none.

    Where somebody else does it, or nothing is left to be done, it is returned as it is. Raises `StoreBusy`,
    `SettingWrong`.
    """
    _ = machine.control
    held = await asyncio.to_thread(_claimed, machine, token)
    if held is None:
        return await asyncio.to_thread(_known, machine, token)
    return await settled(machine, held, await _carried(machine, held, may or machine.may))


def _known(machine: Machine, token: str) -> Action | None:
    with machine.records.store.reading() as connection:
        return sql.of_token(connection, machine.records.account_id, token)


def _claimed(machine: Machine, token: str) -> Held | None:
    records = machine.records
    with records.store.lasting() as connection:
        now = records.clock()
        held = sql.claim(connection, records.account_id, token, machine.lease(now))
        if held is None:
            return None
        if not held.action.doubt and held.action.provider != machine.control.name:
            sql.hand_over(connection, records.account_id, token, machine.control.name)
            held = held._replace(action=replace(held.action, provider=machine.control.name))
        note(machine, connection, held.action, now, kind=SENDING)
        return held


async def _carried(machine: Machine, held: Held, may: May | None) -> Step:
    try:
        checked = await _checked(machine, held, may)
    except Exception as error:  # noqa: BLE001 - nothing was sent, whatever failed
        return deciding.unchecked(held.action, type(error).__name__)
    return checked if isinstance(checked, Step) else await _asked(machine, held, checked)


async def _checked(machine: Machine, held: Held, may: May | None) -> Step | SeatOrder:
    """Return the order, or why there is none. The provider is read again where it may have acted before."""
    if held.action.doubt:
        seen = await look(machine, held.action) or Step(State.UNKNOWN)
        if seen.to is not State.CONFIRMED:
            return seen
    askers = await _with_rights(machine, held.action, may)
    found = await asyncio.to_thread(_reread, machine, held, askers)
    if isinstance(found, Reason):
        return Step(State.REFUSED, found)
    return found


async def _with_rights(machine: Machine, action: Action, may: May | None) -> list[Asker]:
    """Return whoever asked and whoever confirmed a second time, as they are now.

    Empty where one may not any more, or where both turn out to be one person.
    """
    names = [name for name in (action.asked_by, action.second_by) if name]
    try:
        askers = [await _looked_up(machine, name, may) for name in names]
    except Exception:  # noqa: BLE001 - in doubt, no
        return []
    found = [each for each in askers if each is not None and administers(each, action.team_id)]
    alone = len(found) > 1 and found[0].is_also(found[1])
    return found if len(found) == len(names) and not alone else []


async def _looked_up(machine: Machine, name: str, may: May | None) -> Asker | None:
    if name == OPERATOR:
        return machine.operator
    if may is None:
        return None
    asker = await within(may(name), machine.waits.rights)
    same = asker is not None and (asker.account_id, asker.slack_user_id) == (machine.records.account_id, name)
    return asker if same else None


def _reread(machine: Machine, held: Held, askers: list[Asker]) -> SeatOrder | Reason:
    """Judge the seat as it is now, and make the order from the same snapshot."""
    records, action = machine.records, held.action
    if not askers:
        return Reason.NO_RIGHTS
    with records.store.reading() as connection:
        now = records.clock()
        _still_mine(machine, connection, held)
        if action.change is Change.ASSIGN:
            reason = against_assigning(machine, connection, action, askers[0])
        else:
            prints = {action.assignment_id: action.seat_print}
            bench = replace(records.bench(connection), now=now)
            found = judged(connection, bench, askers[0], [action.assignment_id], prints, action.token)
            reason = found[0].reason if found else Reason.CHANGED
        return reason or sql.order(connection, records.account_id, action)


def _still_mine(machine: Machine, connection: Connection, held: Held) -> None:
    # What is begun now has to be over while the lease lasts.
    over = machine.records.clock() + timedelta(seconds=machine.waits.call)
    if not sql.is_held(connection, machine.records.account_id, held, over):
        raise TimeoutError


def against_assigning(machine: Machine, connection: Connection, action: Action, asker: Asker) -> Reason | None:
    """Return why a seat cannot be given again; switched off and hours are about taking alone."""
    bench = machine.records.bench(connection)
    bench = replace(bench, policy=replace(bench.policy, switched_on=True, hours=None))
    found = judged(connection, bench, asker, [action.assignment_id], {}, action.token)
    if not found:
        return Reason.CHANGED
    if found[0].reason is not Reason.GONE:
        return Reason.NO_RIGHTS if found[0].reason is Reason.NO_RIGHTS else Reason.CHANGED
    return None if _is_free(machine, connection, action, found[0]) else Reason.NO_SEAT


def _is_free(machine: Machine, connection: Connection, action: Action, verdict: Verdict) -> bool:
    if verdict.seat.seats is None:
        return True
    taken = verdict.seat.assigned_seats + sql.assigning(connection, machine.records.account_id, action)
    return verdict.seat.seats > taken


async def _asked(machine: Machine, held: Held, order: SeatOrder) -> Step:
    """Ask the provider, once. A process that slept since it looked has no time left: somebody else may be at it."""
    if machine.records.clock() + timedelta(seconds=machine.waits.call) >= held.until:
        return deciding.unchecked(held.action, TimeoutError.__name__)
    try:
        answer = await within(_call(machine, order), machine.waits.call)
    except Exception as error:  # noqa: BLE001 - whatever it is, what was done is not known
        return deciding.after_error(error, held.action.attempt)
    return deciding.after_answer(answer)


def _call(machine: Machine, order: SeatOrder) -> Awaitable[ProviderAnswer]:
    control = machine.control
    return control.unassign(order) if order.change is Change.UNASSIGN else control.assign(order)
