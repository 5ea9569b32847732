"""An office whose seats are taken back while things fail: processes that die, a provider that does not answer.

Used with small numbers by the tests and with large ones by `make chaos`. Time is a number that the harness moves on.
"""

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import event, select, update

from reporting_core.core import Core
from reporting_core.storage import actions as sql
from reporting_core.storage import schema
from reporting_core.storage.engines import Connection, Store, open_store
from reporting_core.usecases.seats import policy
from reporting_core.usecases.seats.judging import judged
from reporting_core.usecases.seats.machine import Waits
from reporting_core.words.people import Asker
from reporting_core.words.seats import FINAL, Action, Change, SeatControl, State
from tests.company import KEY, NOW, Company, Person
from tests.provider_stand_in import ProviderStandIn

ROUND = 15.0
"""Seconds between two rounds of healing, as the bot has them."""
HEALED = 120.0
"""Seconds after which everything must have come to its end."""
WAITS = Waits(call=0.2, look=0.2, rights=0.2)
"""Short where a test really waits; the lease runs by the harness's clock."""


class Mode(StrEnum):
    """How the chosen operation goes wrong."""

    RAISE_BEFORE = "raise_before"
    RAISE_AFTER = "raise_after"
    DIE_BEFORE = "die_before"
    DIE_AFTER = "die_after"


class Fault(Exception):
    """An operation failed."""


class Died(BaseException):
    """The process is gone: nothing that it does from now on has any effect."""


@dataclass
class Faults:
    """Counts operations of one process on the database and the provider; the `at`-th goes wrong."""

    at: int = 0
    mode: Mode = Mode.RAISE_BEFORE
    count: int = 0
    dead: bool = False

    def before(self) -> int:
        """An operation begins; returns its number."""
        if self.dead:
            raise Died
        self.count += 1
        self._strike(self.count, Mode.RAISE_BEFORE, Mode.DIE_BEFORE)
        return self.count

    def after(self, number: int) -> None:
        """It has had its effect."""
        if self.dead:
            raise Died
        self._strike(number, Mode.RAISE_AFTER, Mode.DIE_AFTER)

    def _strike(self, number: int, raising: Mode, dying: Mode) -> None:
        if number == self.at and self.mode is dying:
            self.dead = True
            raise Died
        if number == self.at and self.mode is raising:
            raise Fault


class FaultyStore(Store):
    """A database whose statements and commits can go wrong."""

    def __init__(self, url: str, faults: Faults) -> None:
        super().__init__(open_store(url).engine)
        self.faults = faults
        event.listen(self.engine, "before_cursor_execute", self._before)
        event.listen(self.engine, "after_cursor_execute", self._after)

    def _before(self, _connection: object, _cursor: object, _sql: str, _values: object, *context: Any) -> None:
        context[0].number = self.faults.before()

    def _after(self, _connection: object, cursor: Any, _sql: str, _values: object, *context: Any) -> None:
        try:
            self.faults.after(context[0].number)
        except Died:
            cursor.close()  # half-read, it would hold the database even after its connection is closed
            raise

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """The commit is an operation of its own."""
        with self._committed(super().writing()) as connection:
            yield connection

    @contextmanager
    def lasting(self) -> Iterator[Connection]:
        """The commit is an operation of its own."""
        with self._committed(super().lasting()) as connection:
            yield connection

    @contextmanager
    def _committed(self, transaction: AbstractContextManager[Connection]) -> Iterator[Connection]:
        with transaction as connection:
            yield connection
            number = self.faults.before()
        self.faults.after(number)


@dataclass
class Clock:
    """The time, the same for all processes."""

    now: datetime = NOW

    def __call__(self) -> datetime:
        return self.now

    def forward(self, seconds: float) -> None:
        """Time passes."""
        self.now += timedelta(seconds=seconds)


async def anybody(name: str) -> Asker:
    """Whoever asks is an owner."""
    return admin(name)


def admin(name: str = "U1", account_id: int = 1) -> Asker:
    """An owner by Slack id."""
    return Asker(account_id, name, name, f"{name}@example.com", owner=True)


@dataclass
class Office:
    """A company in which everybody holds a seat of Revit; `seats` are the assignments."""

    company: Company
    url: str
    provider: SeatControl
    clock: Clock = field(default_factory=Clock)
    cores: list[Core] = field(default_factory=list)

    def hire(self, count: int, **row: str) -> list[int]:
        """Give so many new people a seat; returns their assignments."""
        before = set(self.seats())
        number = len(before)
        people = [Person(f"person-{number + index}") for index in range(count)]
        changes = {"assigned_by": "Individual", **row}
        held = [each.holds("Revit", 300, 1, **changes) for each in people]
        self.company.load(self.company.report(*held))
        return [each for each in self.seats() if each not in before]

    def seats(self) -> list[int]:
        """All assignments."""
        with self.company.core.store.reading() as connection:
            found = connection.exec_driver_sql("SELECT id FROM assignments ORDER BY id")
            return [row[0] for row in found]

    def process(self, faults: Faults | None = None, provider: SeatControl | None = None) -> Core:
        """Another bot on the same database."""
        store = FaultyStore(self.url, faults) if faults else open_store(self.url)
        core = Core(store, "main", self.company.core.account_id, self.clock, KEY)
        core.seats.provided_by(provider or self.provider, anybody, WAITS, lambda: 0.5)
        self.cores.append(core)
        return core

    def close(self) -> None:
        """Give back the connections of all processes."""
        for core in self.cores:
            core.store.close()

    def change(self, assignment: int, **values: Any) -> None:
        """Newer data says something else of a seat."""
        a = schema.assignments
        with self.company.core.store.writing() as connection:
            connection.execute(update(a).where(a.c.id == assignment).values(**values))

    def row(self, assignment: int) -> Any:
        """A seat as the data has it."""
        a = schema.assignments
        with self.company.core.store.reading() as connection:
            return connection.execute(select(a).where(a.c.id == assignment)).one()

    def rule(self, name: str, value: str) -> None:
        """An owner sets something."""
        records = self.company.core.seats.records
        with records.store.writing() as connection:
            policy.set_value(records.chain, connection, self.company.core.operator, name, value, self.clock())

    def shown(self, *ids: int) -> list[tuple[int, str]]:
        """The seats as a preview shows them: assignment and fingerprint."""
        core = self.company.core
        with core.store.reading() as connection:
            bench = core.seats.records.bench(connection)
            return [
                (each.seat.assignment_id, each.seat.print) for each in judged(connection, bench, core.operator, ids)
            ]

    def actions(self) -> list[Action]:
        """All actions, oldest first."""
        with self.company.core.store.reading() as connection:
            return sql.waiting(connection, self.company.core.account_id, list(State), most=1_000_000)

    def audit(self, token: str) -> list[str]:
        """Kinds of the audit rows about an action, in order."""
        core = self.company.core
        with core.store.reading() as connection:
            return [row.kind for row in core.seats.records.chain.rows(connection) if row.subject == token]

    async def heal(self, core: Core, most: float = HEALED) -> float:
        """Heal round by round until nothing moves by itself any more; returns the seconds that took."""
        began = self.clock.now
        while any(each.state in MOVING for each in self.actions()):
            assert (self.clock.now - began).total_seconds() <= most, [
                each for each in self.actions() if each.state in MOVING
            ]
            self.clock.forward(ROUND)
            await core.seats.heal()
        return (self.clock.now - began).total_seconds()


MOVING = {State.CONFIRMED, State.SENDING, State.UNKNOWN}
"""States that an action leaves by itself."""


async def press(core: Core, seats: Sequence[tuple[int, str]], name: str = "U1", batch: str = "b") -> None:
    """What a press does: confirm, then carry out one after the other. Whatever goes wrong ends it."""
    with suppress(Exception, Died):
        confirmed = await core.seats.confirm(admin(name, core.account_id), batch, seats)
        for action in confirmed.actions:
            await core.seats.carry_out(action.token)


@dataclass(frozen=True)
class Outcome:
    """What became of one action among whose operations one went wrong. `state` None: nothing had begun."""

    faults: Faults
    hit: bool
    """Whether there was such an operation."""
    state: State | None
    effects: int
    finals: int
    told: int
    seconds: float

    def check(self) -> None:
        """Hold it to the promises."""
        where = f"operation {self.faults.at}, {self.faults.mode}: {self}"
        assert self.seconds <= HEALED, where
        if self.state is None:
            assert (self.effects, self.finals, self.told) == (0, 0, 0), where
        else:
            assert self.finals == self.told == 1, where
            assert self.effects == (1 if self.state is State.DONE else 0), where


async def struck(office: Office, healthy: Core, faults: Faults, change: Change = Change.UNASSIGN) -> Outcome:
    """Take a seat, or give it again, while an operation of the process goes wrong; another process heals."""
    provider = office.provider
    assert isinstance(provider, ProviderStandIn)
    (seat,) = office.hire(1)
    batch = f"{change} {seat}"
    before = {each.token for each in office.actions()}
    if change is Change.ASSIGN:
        await press(healthy, office.shown(seat), batch=batch)
        (undone,) = [each for each in office.actions() if each.token not in before]
        before.add(undone.token)
    effects = provider.world.effects.total()
    faulty = office.process(faults, replace(provider, before=faults.before, after=faults.after))
    if change is Change.UNASSIGN:
        await press(faulty, office.shown(seat), batch=batch)
    else:
        await undo(faulty, undone.token)
    hit = faults.count >= faults.at
    faulty.store.close()
    seconds = await office.heal(healthy)
    effects = provider.world.effects.total() - effects
    found = [each for each in office.actions() if each.token not in before]
    assert len(found) <= 1
    if not found:
        return Outcome(faults, hit, None, effects, 0, 0, seconds)
    (action,) = found
    rows = office.audit(action.token)
    told = sum([await healthy.seats.told(action.token), await healthy.seats.told(action.token)])
    finals = sum(rows.count(state) for state in FINAL)
    return Outcome(faults, hit, action.state, effects, finals, told, seconds)


async def undo(core: Core, token: str) -> None:
    """A press on Undo. Whatever goes wrong ends it."""
    with suppress(Exception, Died):
        action = await core.seats.undo(admin("U1", core.account_id), token)
        await core.seats.carry_out(action.token)
