"""What every kind of row needs to be stored: names to ids for the time of one import, and rows beside their file."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import Connection, Table, and_, bindparam, insert, select, update

from reporting_core.storage.directory import AssignmentIds, Names, chunks, next_id
from reporting_core.storage.persons import People
from reporting_core.words.imports import PersonKey

Values = tuple[Any, ...]


class Dated(NamedTuple):
    """A row of file number `file`, whose export was made on `exported_on`."""

    file: int
    exported_on: int
    row: Any


@dataclass(slots=True)
class Registry:
    """Names to ids of the account for the time of one import."""

    account_id: int
    teams: Names
    products: Names
    releases: Names
    people: People
    assignments: AssignmentIds

    def person(self, key: PersonKey, exported_on: int) -> int:
        """Return the person a row is about."""
        return self.people.root(self.people.id(key, exported_on))


def stored_rows(rows: Mapping[Any, list[Dated]], changed: Iterable[Any]) -> Counter[int]:
    """Count by file the rows whose key changed."""
    return Counter(dated.file for key in changed for dated in rows[key])


def newest_rows(rows: Sequence[Dated]) -> list[Dated]:
    """Keep the rows of the newest export among rows of one key."""
    newest = max(dated.exported_on for dated in rows)
    return [dated for dated in rows if dated.exported_on == newest]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table whose rows are known by key: what is new or differs is written, the rest is left alone."""

    table: Table
    keys: tuple[str, ...]
    values: tuple[str, ...]

    def known(self, connection: Connection, account_id: int) -> dict[Values, Values]:
        """Load what is stored: key to values."""
        columns = [self.table.c[name] for name in (*self.keys, *self.values)]
        rows = connection.execute(select(*columns).where(self.table.c.account_id == account_id))
        return {tuple(row[: len(self.keys)]): tuple(row[len(self.keys) :]) for row in rows}

    def store(self, connection: Connection, account_id: int, wanted: Mapping[Values, Values]) -> set[Values]:
        """Store values by key; return the keys that changed."""
        known = self.known(connection, account_id)
        changed = {key for key, values in wanted.items() if known.get(key) != values}
        new = [key for key in sorted(changed, key=str) if key not in known]
        first = next_id(connection, self.table) if "id" in self.table.c else None
        self._insert(connection, account_id, {key: wanted[key] for key in new}, first)
        self._update(connection, account_id, {key: wanted[key] for key in changed & known.keys()})
        return changed

    def _insert(self, connection: Connection, account_id: int, new: Mapping[Values, Values], first: int | None) -> None:
        names = (*self.keys, *self.values)
        rows = [{"account_id": account_id, **dict(zip(names, (*key, *new[key]), strict=True))} for key in new]
        if first is not None:
            rows = [{"id": number, **row} for number, row in enumerate(rows, first)]
        for some in chunks(rows):
            connection.execute(insert(self.table), some)

    def _update(self, connection: Connection, account_id: int, old: Mapping[Values, Values]) -> None:
        c = self.table.c
        # A key may hold a blank (a pack of tokens without an end), which equals itself here.
        same = and_(
            c.account_id == account_id, *(c[name].is_not_distinct_from(bindparam(f"b_{name}")) for name in self.keys)
        )
        statement = update(self.table).where(same).values({name: bindparam(name) for name in self.values})
        names = (*(f"b_{name}" for name in self.keys), *self.values)
        if old:
            connection.execute(statement, [dict(zip(names, (*key, *old[key]), strict=True)) for key in old])
