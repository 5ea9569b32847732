"""What every kind of row needs to be stored: names to ids for the time of one import, and rows beside their file."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import Connection, Table, and_, bindparam, insert, select, update

from reporting_core.storage.directory import AssignmentIds, Names, chunks
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


def write_rows(
    connection: Connection, table: Table, keys: Sequence[str], rows: Sequence[Mapping[str, Any]], known: set[Values]
) -> None:
    """Insert or update rows by key."""
    new = [dict(row) for row in rows if tuple(row[key] for key in keys) not in known]
    old = [row for row in rows if tuple(row[key] for key in keys) in known]
    for some in chunks(new):
        connection.execute(insert(table), some)
    if old:
        values: dict[str, Any] = {name: bindparam(name) for name in old[0] if name not in keys and name != "id"}
        statement = update(table).where(and_(*(table.c[key] == bindparam(f"b_{key}") for key in keys))).values(values)
        connection.execute(
            statement,
            [{(f"b_{name}" if name in keys else name): row[name] for name in row if name != "id"} for row in old],
        )


def known_rows(
    connection: Connection, table: Table, account_id: int, keys: Sequence[str], values: Sequence[str]
) -> dict[Values, Values]:
    """Load what is stored of a table: key to values."""
    columns = [table.c[name] for name in (*keys, *values)]
    rows = connection.execute(select(*columns).where(table.c.account_id == account_id))
    return {tuple(row[: len(keys)]): tuple(row[len(keys) :]) for row in rows}
