"""The audit as it is read by whoever may: which rows, and what they say to this reader."""

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from typing import Any

from reporting_core.metrics.periods import resolve
from reporting_core.metrics.personal import must_hash
from reporting_core.storage import audited, catalog, seats
from reporting_core.storage.audited import Wanted
from reporting_core.storage.auditing import Chain, Sealed
from reporting_core.storage.engines import Connection, Store
from reporting_core.storage.teams import Team, merged_into, teams
from reporting_core.usecases.narrowing import chosen
from reporting_core.words.audit import MASK, Line, Page
from reporting_core.words.errors import AskAgain, NotAllowed
from reporting_core.words.people import Asker
from reporting_core.words.query import Key, UsageQuery
from reporting_core.words.said import say

PAGE = 10
MOST = 100_000
"""Rows in one spreadsheet."""


@dataclass(frozen=True, slots=True)
class Book:
    """One account's audit for readers."""

    store: Store
    chain: Chain
    pseudonym: Callable[[int], str] = field(repr=False)

    def listed(self, asker: Asker, after: int = 0, most: int | None = None) -> list[Line]:
        """List rows, newest first: an owner sees all, an admin those of the own teams. Raises `NotAllowed`."""
        with self.store.reading() as connection:
            known = self._names(connection)
            mine = known.of(asker)
            rows = [row for row in self.chain.rows(connection, after) if mine is None or row.team_id in mine]
            known.hide(row.team_id for row in rows)
            return [known.line(row) for row in list(reversed(rows))[:most]]

    def page(self, asker: Asker, query: UsageQuery, today: date, size: int = PAGE) -> Page:
        """Return the page that a question names (`page=`). Raises `NotAllowed`, `AskAgain`."""
        period = resolve(_checked(query).range, today, today).period
        with self.store.reading() as connection:
            known = self._names(connection)
            wanted = Wanted(self.chain.account_id, period.first, period.last, known.picked(asker, query))
            count = audited.count(connection, wanted)
            pages = max(-(-count // size), 1)
            number = min(query.page, pages)
            hidden = known.hide(audited.teams_of(connection, wanted))
            lines = tuple(map(known.line, audited.newest(connection, wanted, (number - 1) * size, size)))
        return Page(replace(query, page=number), lines, count, number, pages, period.first, period.last, hidden)

    def _names(self, connection: Connection) -> "_Names":
        return _Names(connection, self.chain.account_id, self.pseudonym)


def _checked(query: UsageQuery) -> UsageQuery:
    if any(each.key is not Key.TEAM for each in query.filters) or query.sort or query.top:
        raise AskAgain(say("The audit can be narrowed down by team= and by dates, as in: team=Design last=90d"))
    return query


class _Names:
    """The account's names inside one snapshot, as far as this reader may see them."""

    def __init__(self, connection: Connection, account_id: int, pseudonym: Callable[[int], str]) -> None:
        self.connection, self.account_id, self.pseudonym = connection, account_id, pseudonym
        self.teams: dict[int, Team] = {team.id: team for team in teams(connection, account_id)}
        self.into = merged_into(connection, account_id)
        self.products = catalog.products(connection, account_id)
        self.people: dict[int, str] = {}
        self.hashed = True

    def of(self, asker: Asker) -> frozenset[int] | None:
        """Return the teams whose rows somebody may read, None for all; raises `NotAllowed`."""
        same = asker.account_id == self.account_id
        if not same or not (asker.owner or asker.administers):
            raise NotAllowed(
                say("The audit is for admins of a team, each for their teams, and for owners of usagebot.")
            )
        return None if asker.owner else self._with_merged(asker.administers)

    def picked(self, asker: Asker, query: UsageQuery) -> frozenset[int] | None:
        """Return the teams among them that a question names."""
        mine, filters = self.of(asker), query.of(Key.TEAM)
        if not filters:
            return mine
        named = self._with_merged(chosen(filters, {id_: team.name for id_, team in self.teams.items()}))
        return named if mine is None else named & mine

    def _with_merged(self, ids: Iterable[int]) -> frozenset[int]:
        living = frozenset(ids)
        return living | {old for old, new in self.into.items() if new in living}

    def hide(self, counted: Iterable[int]) -> tuple[str, ...]:
        """Hash everybody if one of these teams hides names; returns the names of those that do."""
        off = {id_ for id_, team in self.teams.items() if not team.personal_data}
        hiding = must_hash([self.into.get(each, each) for each in counted], off)
        self.hashed = bool(hiding)
        return tuple(sorted(self.teams[each].name for each in hiding))

    def line(self, row: Sealed) -> Line:
        """Return a row in words."""
        team = self.teams.get(self.into.get(row.team_id, row.team_id))
        details = _details(row)
        if (product := details.get("product")) and isinstance(product, int):
            details["product"] = self.products.get(product, product)
        if self.hashed and row.kind == "exempt" and details.get("reason"):
            details["reason"] = MASK  # written by hand, so it may name somebody
        about = (row.kind, row.actor, row.subject, team.name if team else "")
        return Line(row.seq, _at(row), *about, self._person(row.person_id), details)

    def _person(self, person_id: int) -> str:
        if person_id and person_id not in self.people:
            name = "" if self.hashed else seats.person_name(self.connection, self.account_id, person_id)
            self.people[person_id] = name or self.pseudonym(person_id)
        return self.people.get(person_id, "")


# A row that somebody altered is shown as far as it can be read: what is wrong with it, `usagebot audit verify` says.


def _details(row: Sealed) -> dict[str, Any]:
    try:
        found = json.loads(row.details)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _at(row: Sealed) -> datetime:
    try:
        found = datetime.fromisoformat(row.at)
    except ValueError:
        return datetime.min.replace(tzinfo=UTC)
    return found if found.tzinfo else found.replace(tzinfo=UTC)
