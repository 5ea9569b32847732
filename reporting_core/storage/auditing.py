"""The audit: rows that are only ever added, each sealed with a keyed hash over itself and the one before.

`append` is called inside the transaction of what it records, so that there is no act without its record.
"""

import hmac
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, insert, select

from reporting_core.storage.acting import audit_rows

_a = audit_rows.c
FIRST = "0" * 64
"""Stands for the row before the first one."""

COLUMNS = (
    *(_a.seq, _a.at, _a.kind, _a.actor, _a.subject, _a.team_id, _a.person_id, _a.details, _a.final_of),
    *(_a.previous, _a.hash),
)
"""As in `Sealed`."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that was done, tried or decided.

    `actor` is a Slack id or `operator`; `subject` what it is about, such as an action's token; `details` go as JSON and
    hold ids instead of names, so that whoever reads them sees only the names they may see. `final_of` is the token of
    the action that ended: the database takes it once.
    """

    at: datetime
    kind: str
    actor: str
    subject: str = ""
    team_id: int = 0
    person_id: int = 0
    details: Mapping[str, Any] = field(default_factory=dict)
    final_of: str | None = None


@dataclass(frozen=True, slots=True)
class Sealed:
    """A row as stored."""

    seq: int
    at: str
    kind: str
    actor: str
    subject: str
    team_id: int
    person_id: int
    details: str
    final_of: str | None
    previous: str
    hash: str


class Chain:
    """The audit of one account."""

    def __init__(self, account_id: int, master: bytes) -> None:
        """Derive the account's key from the master key, which is kept outside the database."""
        self.account_id = account_id
        self._key = hmac.digest(master, b"usagebot audit, account %d" % account_id, "sha256")

    def append(self, connection: Connection, entry: Entry) -> int:
        """Add a row inside a transaction of the one writer (`Store.writing`); returns its number, from 1 on."""
        last = connection.execute(
            select(_a.seq, _a.hash).where(_a.account_id == self.account_id).order_by(_a.seq.desc()).limit(1)
        ).first()
        seq, previous = (last[0] + 1, last[1]) if last else (1, FIRST)
        row = self._sealed(seq, entry, previous)
        values = {name: getattr(row, name) for name in Sealed.__slots__}
        connection.execute(insert(audit_rows).values(account_id=self.account_id, **values))
        return int(seq)

    def seal(self, row: Sealed) -> str:
        """Return the hash that a row must have: keyed, over everything in it and the hash before it."""
        parts = [self.account_id, *(getattr(row, name) for name in Sealed.__slots__ if name != "hash")]
        written = json.dumps(parts, ensure_ascii=True, separators=(",", ":"))
        return hmac.digest(self._key, written.encode(), "sha256").hex()

    def rows(self, connection: Connection, after: int = 0) -> Iterator[Sealed]:
        """Yield the rows in their order, from behind a number on."""
        statement = select(*COLUMNS).where(_a.account_id == self.account_id, _a.seq > after).order_by(_a.seq, _a.id)
        for row in connection.execute(statement):
            yield Sealed(*row)

    def last(self, connection: Connection) -> int:
        """Return the number of the newest row, 0 where there is none."""
        found = connection.execute(select(func.max(_a.seq)).where(_a.account_id == self.account_id)).scalar()
        return int(found or 0)

    def _sealed(self, seq: int, entry: Entry, previous: str) -> Sealed:
        details = json.dumps(entry.details, ensure_ascii=True, sort_keys=True, separators=(",", ":"))
        about = (entry.subject, entry.team_id, entry.person_id, details, entry.final_of)
        bare = Sealed(seq, entry.at.isoformat(), entry.kind, entry.actor, *about, previous, "")
        return replace(bare, hash=self.seal(bare))
