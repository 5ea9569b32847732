"""What is shown of actions: read in one snapshot, for one reader, so that a message can always be drawn anew."""

import asyncio
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypeVar

from reporting_core.metrics.personal import must_hash
from reporting_core.storage import actions as sql
from reporting_core.storage import catalog, rights
from reporting_core.storage import seats as reading
from reporting_core.storage.engines import Connection
from reporting_core.storage.teams import teams
from reporting_core.usecases.identity import Rules
from reporting_core.usecases.seats import exempting
from reporting_core.usecases.seats.facade import Seats
from reporting_core.usecases.seats.judging import judged
from reporting_core.usecases.seats.machine import Machine, administers
from reporting_core.words.audit import MASK
from reporting_core.words.cards import Admins, Card, Kept, Line, News
from reporting_core.words.people import Asker
from reporting_core.words.seats import OPEN, Action, Reason, State

T = TypeVar("T")

SETTLED = 45.0
"""Seconds without a change for which whoever pressed is left to tell it; then anybody does."""

AGAIN = 120.0
"""Seconds between two attempts to post a card that stands nowhere yet."""


@dataclass(frozen=True, slots=True)
class Cards:
    """The cards of an account, as coroutines that run in worker threads: `core.cards`."""

    seats: Seats
    rules: Callable[[], Rules] = Rules

    @property
    def provider(self) -> str:
        """Name of whoever carries actions out."""
        provider = self.seats.machine.provider
        return provider.name if provider else ""

    async def card(self, asker: Asker, batch: str) -> Card:
        """Return everything of one press that is about this person's teams."""
        return await self._read(_card, asker, batch)

    async def with_action(self, asker: Asker, token: str) -> Card | None:
        """Return the card on which an action, or the action that it undoes, stands; None if there is none."""
        return await self._read(_with_action, asker, token)

    async def open(self, asker: Asker) -> Card:
        """Return what is under way or waits for somebody in this person's teams, oldest first."""
        return await self._read(_open, asker)

    async def admins(self, card: Card) -> Admins:
        """Return who could confirm all of a card: the admins of all its teams, and the owners."""

        def read(machine: Machine, connection: Connection) -> Admins:
            return _admins(machine, connection, {each.action.team_id for each in card.lines}, self.rules())

        return await self._read(read)

    async def kept(self, asker: Asker) -> list[Kept]:
        """Return the exemptions in this person's teams, those that end first in front."""
        return await self._read(_kept, asker)

    async def news(self) -> list[News]:
        """Return the cards that are due to be told or drawn anew; of each press and undo anybody may tell."""
        return await asyncio.to_thread(_news, self.seats.machine)

    async def _read(self, read: Callable[..., T], *args: object) -> T:
        def work() -> T:
            with self.seats.records.store.reading() as connection:
                return read(self.seats.machine, connection, *args)

        return await asyncio.to_thread(work)


_TOO_SLOW = {Reason.BUSY, Reason.GONE}


def _card(machine: Machine, connection: Connection, asker: Asker, batch: str) -> Card:
    found = sql.of_batch(connection, machine.records.account_id, batch)
    return _drawn(machine, connection, asker, found, batch)


def _with_action(machine: Machine, connection: Connection, asker: Asker, token: str) -> Card | None:
    action = sql.of_token(connection, machine.records.account_id, token)
    if action is not None and action.undoes:
        action = sql.of_token(connection, machine.records.account_id, action.undoes) or action
    return _card(machine, connection, asker, action.batch) if action is not None else None


def _open(machine: Machine, connection: Connection, asker: Asker) -> Card:
    return _drawn(machine, connection, asker, sql.waiting(connection, machine.records.account_id, OPEN), "")


def _drawn(machine: Machine, connection: Connection, asker: Asker, found: Iterable[Action], batch: str) -> Card:
    mine = [
        each for each in found if asker.account_id == machine.records.account_id and administers(asker, each.team_id)
    ]
    bench = machine.records.bench(connection)
    verdicts = judged(connection, bench, asker, [each.assignment_id for each in mine])
    seats = {each.seat.assignment_id: each for each in verdicts}
    undone = sql.undoings(connection, machine.records.account_id, [each.token for each in mine])
    late = [each.assignment_id for each in mine if each.state is State.REFUSED and each.reason in _TOO_SLOW]
    won = sql.newest_on(connection, machine.records.account_id, late)
    lines = tuple(
        Line(
            each,
            seats.get(each.assignment_id),
            undone.get(each.token),
            won.get(each.assignment_id) if each.assignment_id in late else None,
        )
        for each in mine
    )
    place = (mine[0].channel, mine[0].message_ts) if mine else ("", "")
    provider = machine.provider.name if machine.provider else ""
    return Card(batch, lines, bench.now, provider, place)


def _admins(machine: Machine, connection: Connection, wanted: set[int], rules: Rules) -> Admins:
    account_id = machine.records.account_id
    administered = rights.admins_of(connection, account_id, wanted)
    emails = {email for email, found in administered.items() if found >= wanted}
    emails |= {each for each in rules.owners if "@" in each}
    linked = {id_: email for id_, email in rights.links(connection, account_id) if email in emails}
    ids = {each for each in rules.owners if "@" not in each} | set(linked)
    return Admins(tuple(sorted(ids)), tuple(sorted(emails - set(linked.values()))))


def _kept(machine: Machine, connection: Connection, asker: Asker) -> list[Kept]:
    found = exempting.listed(machine.records, asker)
    known = {team.id: team for team in teams(connection, machine.records.account_id)}
    off = {id_ for id_, team in known.items() if not team.personal_data}
    hashed = must_hash(tuple({each.team_id for each in found}), off)
    products = catalog.products(connection, machine.records.account_id)

    def person(person_id: int) -> str:
        name = "" if hashed else reading.person_name(connection, machine.records.account_id, person_id)
        return name or machine.records.pseudonym(person_id)

    return [
        Kept(
            replace(each, reason=MASK) if hashed else each,  # written by hand, so it may name somebody
            known[each.team_id].name,
            person(each.person_id),
            products.get(each.product_id or 0, ""),
        )
        for each in found
        if each.team_id in known
    ]


def _news(machine: Machine) -> list[News]:
    records = machine.records
    with records.store.reading() as connection:
        untold = sql.untold(connection, records.account_id)
        batches: dict[str, list[str]] = defaultdict(list)
        for action in untold:
            undone = sql.of_token(connection, records.account_id, action.undoes) if action.undoes else None
            batches[(undone or action).batch].append(action.token)
        now = records.clock()
        found = [
            _new(sql.of_batch(connection, records.account_id, batch), tokens, now) for batch, tokens in batches.items()
        ]
    return [each for each in found if _is_due(each)]


def _new(actions: Sequence[Action], untold: Sequence[str], now: datetime) -> News:
    first = actions[0]
    quiet = (now - max(each.since or each.asked_at for each in actions)).total_seconds()
    place = (first.channel, first.message_ts)
    return News(first.batch, first.asked_by, place, tuple(untold), quiet, max(int(quiet // AGAIN), 0))


def _is_due(news: News) -> bool:
    return bool(news.place[1]) or news.quiet >= SETTLED
