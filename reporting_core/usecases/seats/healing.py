"""Finds out what became of actions that nobody works on any more, and brings each to its end.

Several processes may heal at once: what one has taken, the others leave alone.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial

from reporting_core.storage import actions as sql
from reporting_core.storage.actions import Held
from reporting_core.usecases.seats.carrying_out import carry_out
from reporting_core.usecases.seats.deciding import PATIENCE, Step
from reporting_core.usecases.seats.looking import look
from reporting_core.usecases.seats.machine import Machine, May
from reporting_core.usecases.seats.moving import move, note, postpone, settled
from reporting_core.words.seats import Reason, State

MOST = 100
"""Actions of a state in one round; the next round takes the next ones."""

AT_ONCE = 8
"""Actions worked on at the same time, so that a provider that hangs holds up few others."""


@dataclass(slots=True)
class Healed:
    """What a round brought: tokens of actions that moved on, and kinds of errors by which others did not."""

    moved: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)


async def heal(machine: Machine, may: May | None = None, now: datetime | None = None) -> Healed:
    """Do one round. What fails for one action leaves the others alone, and the next round tries it again.

    Without a provider nothing can have begun. Raises `StoreBusy` where the database cannot be used at all.
    """
    if machine.provider is None:
        return Healed()
    healed, now = Healed(), now or machine.records.clock()
    healed.moved += await asyncio.to_thread(_given_up, machine, now)
    for state in (State.UNKNOWN, State.ACCEPTED):
        await _each(healed, await asyncio.to_thread(_due, machine, state, now), partial(_looked_at, machine, state))
    # Those of which it has just turned out that nothing happened are due, too.
    now = max(now, machine.records.clock())
    again = await asyncio.to_thread(_due, machine, State.CONFIRMED, now)
    await _each(healed, again, partial(_carried_out, machine, may))
    return healed


def _due(machine: Machine, state: State, now: datetime) -> list[str]:
    with machine.records.store.reading() as connection:
        return sql.due(connection, machine.records.account_id, state, now, MOST)


async def _each(healed: Healed, tokens: Iterable[str], work: Callable[[str], Awaitable[bool]]) -> None:
    gate = asyncio.Semaphore(AT_ONCE)

    async def one(token: str) -> None:
        async with gate:
            try:
                if await work(token):
                    healed.moved.append(token)
            except Exception as error:  # noqa: BLE001 - the next round tries again
                healed.errors.append(type(error).__name__)

    await asyncio.gather(*map(one, tokens))


async def _looked_at(machine: Machine, state: State, token: str) -> bool:
    held = await asyncio.to_thread(_taken, machine, state, token)
    if held is None:
        return False
    step = await look(machine, held.action)
    if step is None:
        await asyncio.to_thread(postpone, machine, held)
        return False
    await settled(machine, held, step)
    return True


def _taken(machine: Machine, state: State, token: str) -> Held | None:
    records = machine.records
    with records.store.writing() as connection:
        return sql.take(connection, records.account_id, token, state, machine.lease(records.clock()))


async def _carried_out(machine: Machine, may: May | None, token: str) -> bool:
    return await carry_out(machine, token, may) is not None


def _given_up(machine: Machine, now: datetime) -> list[str]:
    """Take actions from processes that went away, and end those for which no second admin came."""
    return [
        token
        for tokens, end in ((_abandoned(machine, now), _abandon), (_unconfirmed(machine, now), _too_late))
        for token in tokens
        if end(machine, token, now)
    ]


def _abandoned(machine: Machine, now: datetime) -> Sequence[str]:
    with machine.records.store.reading() as connection:
        return sql.over(connection, machine.records.account_id, now, MOST)


def _unconfirmed(machine: Machine, now: datetime) -> Sequence[str]:
    with machine.records.store.reading() as connection:
        waiting = sql.waiting(connection, machine.records.account_id, [State.SECOND])
    return [each.token for each in waiting if now - each.asked_at >= PATIENCE]


def _abandon(machine: Machine, token: str, now: datetime) -> bool:
    records = machine.records
    with records.store.lasting() as connection:
        taken = sql.abandoned(connection, records.account_id, token, now)
        action = sql.of_token(connection, records.account_id, token)
        if taken and action is not None:
            note(machine, connection, action, now, kind=State.UNKNOWN)
        return taken


def _too_late(machine: Machine, token: str, _now: datetime) -> bool:
    records = machine.records
    with records.store.lasting() as connection:
        action = sql.of_token(connection, records.account_id, token)
        if action is None or action.state is not State.SECOND:
            return False
        held = sql.intercept(connection, records.account_id, action, machine.lease(records.clock()))
        return held is not None and move(machine, connection, held, Step(State.REFUSED, Reason.TOO_LATE))
