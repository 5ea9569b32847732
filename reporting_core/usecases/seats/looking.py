"""Looks at a seat whose action has an unknown end: at the provider first, then at newer data."""

import asyncio

from reporting_core.storage import actions as sql
from reporting_core.usecases.seats import deciding
from reporting_core.usecases.seats.deciding import Step
from reporting_core.usecases.seats.machine import Machine, within
from reporting_core.usecases.seats.moving import in_data
from reporting_core.words.seats import Action, SeatOrder, Seen


async def look(machine: Machine, action: Action) -> Step | None:
    """Return what follows from how the seat stands now; None: look again later."""
    seen = await _seen(machine, action, await asyncio.to_thread(_order, machine, action))
    # Read after the provider, which takes its time: data that came meanwhile counts.
    data = await asyncio.to_thread(_data, machine, action)
    return deciding.after_look(action, seen, data, machine.records.clock())


async def _seen(machine: Machine, action: Action, order: SeatOrder) -> Seen:
    if action.provider != machine.control.name:
        return Seen.UNKNOWN  # it went to another provider, which was set before
    try:
        seen: object = await within(machine.control.state(order), machine.waits.look)
    except Exception:  # noqa: BLE001 - one that cannot be read says nothing
        return Seen.UNKNOWN
    return seen if isinstance(seen, Seen) else Seen.UNKNOWN


def _order(machine: Machine, action: Action) -> SeatOrder:
    with machine.records.store.reading() as connection:
        return sql.order(connection, machine.records.account_id, action)


def _data(machine: Machine, action: Action) -> Seen:
    with machine.records.store.reading() as connection:
        return in_data(machine, connection, action)
