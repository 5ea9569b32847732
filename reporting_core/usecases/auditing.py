"""The audit as it is read: whether it is whole, and what it says to whoever may see it."""

import hmac
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from reporting_core.metrics.personal import must_hash
from reporting_core.storage import catalog, seats
from reporting_core.storage.auditing import FIRST, Chain, Sealed
from reporting_core.storage.checkpoints import Checkpoints, Mark
from reporting_core.storage.engines import Connection, Store
from reporting_core.storage.teams import Team, teams
from reporting_core.words.errors import NotAllowed
from reporting_core.words.people import Asker
from reporting_core.words.said import Said, say


@dataclass(frozen=True, slots=True)
class Finding:
    """What is wrong with the audit, and at which row it begins."""

    seq: int
    what: Said


@dataclass(frozen=True, slots=True)
class Verified:
    """The rows looked at, the marks they were held against, and the first thing that is wrong, if any."""

    rows: int
    marks: int
    finding: Finding | None = None
    warnings: tuple[Said, ...] = ()

    @property
    def whole(self) -> bool:
        """Tell whether nothing was found."""
        return self.finding is None


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the audit in words of the account; names are hashed as in reports."""

    seq: int
    at: datetime
    kind: str
    actor: str
    subject: str
    team: str
    person: str
    details: dict[str, Any]


@dataclass(slots=True)
class Audit:
    """One account's audit. `marks` are outside the database."""

    store: Store
    chain: Chain
    marks: Checkpoints
    clock: Callable[[], datetime]
    pseudonym: Callable[[int], str] = field(repr=False)

    def mark(self) -> None:
        """Write down outside the database how far the audit goes; to be called after what was recorded is committed."""
        with self.store.reading() as connection:
            newest = list(self.chain.rows(connection, max(0, self.chain.last(connection) - 1)))
        if newest:
            self.marks.add(Mark(newest[-1].seq, newest[-1].hash), self.clock())

    def verify(self) -> Verified:
        """Look at every row and every mark; the first thing that is wrong is named."""
        marks, broken = self.marks.read()
        with self.store.reading() as connection:
            count, finding, hashes = self._rows(connection, {mark.seq for mark in marks})
        finding = _earlier(finding, _against(marks, hashes, count))
        return Verified(count, len(marks), finding, tuple(_warnings(self.marks, len(marks), broken)))

    def listed(self, asker: Asker, after: int = 0, most: int | None = None) -> list[Line]:
        """List rows, newest first: an owner sees all, an admin those of the own teams. Raises `NotAllowed`."""
        if not (asker.owner or asker.administers):
            raise NotAllowed(
                say("The audit is for admins of a team, each for their teams, and for owners of usagebot.")
            )
        with self.store.reading() as connection:
            known = {team.id: team for team in teams(connection, self.chain.account_id)}
            seen = [
                row for row in self.chain.rows(connection, after) if asker.owner or row.team_id in asker.administers
            ]
            newest = list(reversed(seen))[:most]
            return [self._line(connection, row, known) for row in newest]

    def _line(self, connection: Connection, row: Sealed, known: dict[int, Team]) -> Line:
        team = known.get(row.team_id)
        hidden = must_hash([row.team_id], {id_ for id_, each in known.items() if not each.personal_data})
        details = json.loads(row.details)
        if product := details.get("product"):
            details["product"] = catalog.products(connection, self.chain.account_id).get(product, product)
        about = (row.kind, row.actor, row.subject, team.name if team else "")
        person = self._person(connection, row.person_id, hidden=bool(hidden)) if row.person_id else ""
        return Line(row.seq, datetime.fromisoformat(row.at), *about, person, details)

    def _person(self, connection: Connection, person_id: int, *, hidden: bool) -> str:
        name = "" if hidden else seats.person_name(connection, self.chain.account_id, person_id)
        return name or self.pseudonym(person_id)

    def _rows(self, connection: Connection, wanted: set[int]) -> tuple[int, Finding | None, dict[int, str]]:
        previous, count, finding, hashes = FIRST, 0, None, {}
        for count, row in enumerate(self.chain.rows(connection), 1):
            finding = finding or self._wrong(row, count, previous)
            previous = row.hash
            if row.seq in wanted:
                hashes[row.seq] = row.hash
        return count, finding, hashes

    def _wrong(self, row: Sealed, expected: int, previous: str) -> Finding | None:
        if row.seq != expected:
            return Finding(expected, say("Row {seq} is missing, or rows were put in or moved.", seq=expected))
        if row.previous != previous:
            return Finding(row.seq, say("Row {seq} does not follow the row before it.", seq=row.seq))
        if not hmac.compare_digest(row.hash, self.chain.seal(row)):
            return Finding(row.seq, say("Row {seq} was altered.", seq=row.seq))
        return None


def _against(marks: Sequence[Mark], hashes: dict[int, str], count: int) -> Finding | None:
    return next(_misses(marks, hashes, count), None)


def _misses(marks: Sequence[Mark], hashes: dict[int, str], count: int) -> Iterator[Finding]:
    for mark in sorted(marks, key=lambda mark: mark.seq):
        if mark.seq > count:
            last = max(each.seq for each in marks)
            yield Finding(count + 1, say("Rows {first} to {last} were cut off at the end.", first=count + 1, last=last))
        elif hashes.get(mark.seq) != mark.hash:
            yield Finding(mark.seq, say("Row {seq} is not the one that was marked outside the database.", seq=mark.seq))


def _earlier(one: Finding | None, other: Finding | None) -> Finding | None:
    found = [each for each in (one, other) if each]
    return min(found, key=lambda each: each.seq, default=None)


def _warnings(marks: Checkpoints, count: int, broken: int) -> Iterator[Said]:
    if broken:
        yield say("{count} lines of the marks outside the database are altered or cut.", count=broken)
    if marks.path is None or not count:
        yield say("There are no marks outside the database, so rows cut off at the end would not be missed.")
