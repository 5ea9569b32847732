"""Requests to whoever owns a group: whose seats one may be about, and its row of the audit before it is sent.

A request is known by the form it was pressed in and by the seat, so that a double click sends one. The audit itself is
where that is looked up: what is not in it was not sent.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from reporting_core.storage import audited, rights
from reporting_core.storage.auditing import Entry
from reporting_core.storage.engines import Connection
from reporting_core.usecases.seats.facade import Seats
from reporting_core.usecases.seats.judging import judged
from reporting_core.usecases.seats.machine import administers, derived, name_of
from reporting_core.words.cards import Admins
from reporting_core.words.names import fold
from reporting_core.words.people import Asker
from reporting_core.words.seats import Reason, Verdict

SENT, UNSENT = "request_sent", "request_unsent"
"""Kinds of rows of the audit."""


class Press(NamedTuple):
    """Who pressed, in which form, on which seats."""

    asker: Asker
    form: str
    ids: Sequence[int]


@dataclass(frozen=True, slots=True)
class Requests:
    """The requests of an account, as coroutines that run in worker threads: `core.requests`."""

    seats: Seats

    async def about(self, asker: Asker, ids: Sequence[int]) -> list[Verdict]:
        """Return those of the seats that the group of the first one brings, and about which its owner may be asked."""

        def read() -> list[Verdict]:
            with self.seats.records.store.reading() as connection:
                return self._about(connection, asker, ids)

        return await asyncio.to_thread(read)

    async def owners(self, about: Sequence[Verdict]) -> Admins:
        """Return who owns the group of these seats: those matched with a Slack id by hand, and e-mails of the rest."""

        def read() -> Admins:
            emails = {email for each in about if each.group for email in each.group.emails}
            with self.seats.records.store.reading() as connection:
                links = rights.links(connection, self.seats.records.account_id)
            linked = {id_: email for id_, email in links if email in emails}
            return Admins(tuple(sorted(linked)), tuple(sorted(emails - set(linked.values()))))

        return await asyncio.to_thread(read)

    async def begin(self, press: Press, to: Sequence[str]) -> list[Verdict]:
        """Write down that these Slack ids are asked; returns the seats to ask about, without those asked before.

        Whoever sends without it sends without a record. Raises `StoreBusy`.
        """
        return await self.seats.recorded(self._begin, press, to)

    async def unsent(self, press: Press, about: Sequence[Verdict], to: Sequence[str]) -> None:
        """Write down that a request about these seats reached nobody; it may be pressed again. Raises `StoreBusy`."""

        def write() -> None:
            with self.seats.records.store.lasting() as connection:
                self._write(connection, press, UNSENT, about, to)

        await self.seats.recorded(write)

    def _about(self, connection: Connection, asker: Asker, ids: Sequence[int]) -> list[Verdict]:
        if asker.account_id != self.seats.records.account_id:
            return []
        found = judged(connection, self.seats.records.bench(connection), asker, ids)
        mine = [each for each in found if _may_ask(asker, each)]
        return [each for each in mine if _place(each) == _place(mine[0])]

    def _begin(self, press: Press, to: Sequence[str]) -> list[Verdict]:
        with self.seats.records.store.lasting() as connection:
            found = {_subject(press, each): each for each in self._about(connection, press.asker, press.ids)}
            before = audited.newest_kinds(connection, self.seats.records.account_id, list(found))
            new = [each for subject, each in found.items() if before.get(subject) != SENT]
            self._write(connection, press, SENT, new, to)
        return new

    def _write(
        self, connection: Connection, press: Press, kind: str, about: Sequence[Verdict], to: Sequence[str]
    ) -> None:
        records = self.seats.records
        now = records.clock()
        for each in about:
            seat = each.seat
            details = {"assignment": seat.assignment_id, "product": seat.product_id, "to": list(to)}
            where = (_subject(press, each), seat.team_id, seat.person_id)
            records.chain.append(connection, Entry(now, kind, name_of(press.asker), *where, details))


def _subject(press: Press, verdict: Verdict) -> str:
    return derived("request", name_of(press.asker), press.form, str(verdict.seat.assignment_id))


def _may_ask(asker: Asker, verdict: Verdict) -> bool:
    group = verdict.group
    return verdict.reason is Reason.GROUP and administers(asker, verdict.seat.team_id) and not (group and group.hidden)


def _place(verdict: Verdict) -> tuple[int, str]:
    return verdict.seat.team_id, fold(verdict.seat.origin_group)
