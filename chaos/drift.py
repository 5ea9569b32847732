"""The world moves between a decision and its act: seats assigned anew, other groups, an audit that takes no rows."""

import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from time import sleep
from typing import Any

from sqlalchemy import event
from sqlalchemy.exc import OperationalError

from reporting_core.core import Core
from reporting_core.words.people import Asker
from reporting_core.words.seats import Action, Cause, Reason, Seen, State
from tests.company import TODAY, open_company
from tests.provider_stand_in import Act, ProviderStandIn
from tests.seat_faults import Office, admin, anybody

Changes = dict[str, Any]
CHANGES: tuple[Changes, ...] = ({"origin": "group", "origin_group": "CAD"}, {"origin": "default"})
WHEN = ("after it was shown", "after it was confirmed", "between claim and call", "before another try")
FAILURES = ("error before", "error after", "hangs", "disk full", "never written")


@dataclass
class Tally:
    what: str
    runs: int = 0
    ends: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)

    def line(self) -> str:
        ends = ", ".join(f"{count} {end}" for end, count in self.ends.most_common())
        return f"{self.what}: {self.runs} runs, {ends}; {len(self.wrong)} wrong"


@contextmanager
def office(url: str, folder: Path) -> Iterator[tuple[Office, ProviderStandIn]]:
    company = open_company(url, folder)
    provider = ProviderStandIn()
    opened = Office(company, url, provider)
    try:
        yield opened, provider
    finally:
        opened.close()
        company.core.store.close()


async def assigned_anew(database: tuple[str, str, Path], runs: int, dice: Random) -> Tally:
    """Nobody knows what became of a call; meanwhile somebody assigns the seat anew, at any moment of the healing."""
    name, url, folder = database
    tally = Tally(f"{name}, assigned anew while healing")
    with office(url, folder) as (here, provider):
        bots = [here.process(), here.process()]
        for seat in here.hire(runs):
            action = await _lost(here, dice.choice(bots), seat, dice.choice([Act.LOST_BEFORE, Act.LOST_AFTER]))
            provider.sees = [Seen.SAME] * dice.choice([0, 0, 1])  # 1: after the first look, before the second
            provider.world.assign_anew(seat)
            if dice.random() < 0.5:  # newer data says so, too
                here.change(seat, assigned_on=TODAY.toordinal())
            here.clock.forward(20)
            await dice.choice(bots).seats.heal()
            await here.heal(dice.choice(bots))
            now = next(each for each in reversed(here.actions()) if each.token == action.token)
            tally.runs += 1
            tally.ends[f"{now.state} {now.reason}"] += 1
            kept = seat not in provider.world.taken and provider.calls[action.token] == 1
            if (now.state, now.reason) != (State.PERSON, Cause.ASSIGNED_ANEW) or not kept:
                tally.wrong.append(str(now))
        tally.wrong += provider.world.wrong
    return tally


async def _lost(here: Office, core: Core, seat: int, act: Act) -> Action:
    provider = core.seats.machine.control
    assert isinstance(provider, ProviderStandIn)
    provider.acts = [act]
    confirmed = await core.seats.confirm(admin(), f"lost {seat}", here.shown(seat))
    action = await core.seats.carry_out(confirmed.actions[0].token)
    assert action is not None
    return action


async def flipped(database: tuple[str, str, Path], runs: int, dice: Random) -> Tally:
    """A seat becomes one of a group, or of a default, at each step between its showing and a call."""
    name, url, folder = database
    tally = Tally(f"{name}, group or default in between")
    with office(url, folder) as (here, provider):
        core = here.process()
        for number, seat in enumerate(here.hire(runs)):
            when, change = WHEN[number % len(WHEN)], dice.choice(CHANGES)
            calls = await _flipped(here, core, seat, (when, change))
            tally.runs += 1
            tally.ends[when] += 1
            now = next(each for each in reversed(here.actions()) if each.assignment_id == seat)
            refused = now.state is State.REFUSED and now.reason in {Reason.GROUP, Reason.DEFAULT}
            if calls or not refused or provider.world.effects[now.token]:
                tally.wrong.append(f"{when}: {now}")
    return tally


async def _flipped(here: Office, core: Core, seat: int, what: tuple[str, Changes]) -> int:
    """Take a seat that changes at some step; returns how often the provider was called after that."""
    (when, change), provider = what, here.provider
    assert isinstance(provider, ProviderStandIn)

    async def may(name: str) -> Asker:
        here.change(seat, **change)
        return admin(name)

    shown = here.shown(seat)
    if when == WHEN[0]:
        here.change(seat, **change)
    confirmed = await core.seats.confirm(admin(), f"flip {seat}", shown)
    if when == WHEN[1]:
        here.change(seat, **change)
    before = provider.calls.total() + (when == WHEN[3])
    provider.acts = [Act.LOST_BEFORE] if when == WHEN[3] else []
    for action in confirmed.actions:
        await core.seats.carry_out(action.token, may if when == WHEN[2] else anybody)
    if when == WHEN[3]:
        here.change(seat, **change)
    await here.heal(core)
    return provider.calls.total() - before


async def unrecorded(database: tuple[str, str, Path], runs: int) -> Tally:
    """The audit cannot be written, in five ways, at the press or at the claim: then nothing is called."""
    name, url, folder = database
    tally = Tally(f"{name}, the audit cannot be written")
    with office(url, folder) as (here, provider):
        healthy = here.process()
        for number, seat in enumerate(here.hire(runs)):
            way, step = FAILURES[number % len(FAILURES)], ("intent", "sending")[number // len(FAILURES) % 2]
            core = here.process()
            before = provider.calls.total()
            with _broken(core, way, "intent" if way == "never written" else step):
                with suppress(Exception):
                    confirmed = await core.seats.confirm(admin(), f"audit {seat}", here.shown(seat))
                    await core.seats.carry_out(confirmed.actions[0].token, anybody)
                with suppress(Exception):
                    here.clock.forward(100)
                    await core.seats.heal()
            tally.runs += 1
            tally.ends[way] += 1
            if provider.calls.total() != before:
                tally.wrong.append(f"{way} at {step}")
            core.store.close()
            await _written_again(here, healthy)
    return tally


async def _written_again(here: Office, healthy: Core) -> None:
    """Once the audit can be written, what has its intent in there is carried out, so that the next run finds none."""
    for _ in range(3):
        here.clock.forward(100)
        await healthy.seats.heal()


@contextmanager
def _broken(core: Core, way: str, kind: str) -> Iterator[None]:
    """Let rows of one kind not reach the audit."""
    engine = core.store.engine
    if way == "never written":
        chain = core.seats.records.chain
        chain.append = lambda *_: 0  # type: ignore[method-assign] # what it would be if it only seemed to write
        yield
        del chain.append
        return
    before, after = _failing(way, kind)
    event.listen(engine, "before_cursor_execute", before)
    event.listen(engine, "after_cursor_execute", after)
    yield
    event.remove(engine, "before_cursor_execute", before)
    event.remove(engine, "after_cursor_execute", after)


def _failing(way: str, kind: str) -> tuple[Callable[..., None], Callable[..., None]]:
    def meant(statement: str, values: Any) -> bool:
        given = values.values() if isinstance(values, dict) else values
        return statement.startswith("INSERT INTO audit_rows") and kind in list(given)

    def before(_c: object, _cursor: object, statement: str, values: Any, *_rest: object) -> None:
        if way == "error after" or not meant(statement, values):
            return
        if way == "hangs":
            sleep(0.05)
        words = "database or disk is full" if way == "disk full" else "connection lost"
        raise OperationalError("", {}, sqlite3.OperationalError(words))

    def after(_c: object, _cursor: object, statement: str, values: Any, *_rest: object) -> None:
        if way == "error after" and meant(statement, values):
            raise OperationalError("", {}, sqlite3.OperationalError("connection lost"))

    return before, after
