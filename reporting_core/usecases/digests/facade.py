"""`core.digests`: many digests in one go, because hundreds are due at the same minute of a Monday."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from reporting_core.storage import alerting
from reporting_core.storage.engines import Connection
from reporting_core.usecases.collecting import no_search_for_cycles
from reporting_core.usecases.digests.books import Books
from reporting_core.usecases.digests.composing import Composer
from reporting_core.usecases.digests.reading import Asked, Reader
from reporting_core.usecases.digests.sights import Sights
from reporting_core.usecases.gathering import FactSource
from reporting_core.usecases.seats.judging import takeable
from reporting_core.usecases.seats.records import Records
from reporting_core.words.alerts import AlertKind
from reporting_core.words.digests import Digest, DigestWish
from reporting_core.words.errors import AskAgain, NotAllowed
from reporting_core.words.people import Asker
from reporting_core.words.query import UsageQuery
from reporting_core.words.report import Fact

Answered = Digest | AskAgain | NotAllowed
Given = TypeVar("Given")
Made = TypeVar("Made")


@dataclass(frozen=True, slots=True)
class Digests:
    """One account's digests. `parse` reads a question with all names of an asker, `contact` is whom to ask for rights.

    Digests are computed when they are sent, with the rights and the personal data of that moment.
    """

    records: Records
    parse: Callable[[str, Asker], UsageQuery]
    source: Callable[[], FactSource]
    contact: Callable[[], str]

    async def of(self, wishes: Sequence[DigestWish]) -> Mapping[str, Answered]:
        """Make all that are wished for; what cannot be answered has its error in its place. Raises `StoreBusy`."""
        return await asyncio.to_thread(self.made, wishes)

    def made(self, wishes: Sequence[DigestWish]) -> dict[str, Answered]:
        """Make them in this thread."""
        with no_search_for_cycles, self.records.store.reading() as connection:
            round_ = _Round(self, connection)
            read = {wish.token: _or_error(round_.reader.read, wish) for wish in wishes}
            asked = {token: each for token, each in read.items() if isinstance(each, Asked)}
            return {**{token: each for token, each in read.items() if not isinstance(each, Asked)}, **round_.all(asked)}


class _Round:
    """One round inside one snapshot."""

    def __init__(self, digests: Digests, connection: Connection) -> None:
        records = digests.records
        self.records = records
        self.connection = connection
        self.books = Books(connection, records.account_id)
        self.source = digests.source()
        # One value says from when on data is too old, whether or not anybody is told by an alert.
        self.most_days = alerting.rules(connection, records.account_id)[AlertKind.DATA_STALE].threshold
        about = (records.pseudonym, self.source, digests.contact())
        self.reader = Reader(records.store, connection, self.books, digests.parse, *about)

    def all(self, asked: Mapping[str, Asked]) -> dict[str, Answered]:
        """Answer what was read."""
        old = {token: late for token, each in asked.items() if (late := self._stale(each)) is not None}
        fresh = {token: each for token, each in asked.items() if token not in old}
        plain = [each for each in fresh.values() if each.plain]
        sights = Sights(self.books, self.source, plain)
        about = (self.source, self.records.pseudonym, self._takeable, list(fresh.values()))
        composer = Composer(self.books, sights, *about)
        made = {token: _or_error(composer.digest, each) for token, each in fresh.items()}
        composer.forget()
        sights.forget()
        return {**old, **made}

    def _stale(self, asked: Asked) -> Digest | None:
        days = (asked.wish.today - asked.as_of).days
        if days <= self.most_days:
            return None
        team = self.books.teams[asked.teams[0]].name if len(asked.teams) == 1 else None
        wish = asked.wish
        return Digest(
            *(wish.question, team, len(asked.teams), asked.as_of, wish.since),
            hashed=True,
            team_ids=frozenset(asked.teams),
            stale=days,
            memo=wish.memo,
        )

    def _takeable(self, facts: Sequence[Fact]) -> frozenset[int]:
        bench = self.records.bench(self.connection)
        # The hours in which seats may be taken back are another matter than what there is to decide.
        return takeable(self.connection, replace(bench, policy=replace(bench.policy, hours=None)), facts)


def _or_error(make: Callable[[Given], Made], given: Given) -> Made | AskAgain | NotAllowed:
    try:
        return make(given)
    except (AskAgain, NotAllowed) as error:
        return error
