"""Names to ids for one account while an import runs.

What exists is loaded once, what is new is numbered here and written in bulk.

Only used inside `Store.writing()`: the single writer may number rows itself, on both databases alike.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from sqlalchemy import Connection, Table, bindparam, func, insert, select, update

from reporting_core.storage import schema
from reporting_core.storage.dialects import one_of
from reporting_core.words.names import fold

C = TypeVar("C")


@dataclass(slots=True)
class Names:
    """Names of one kind (teams, products, releases) and their ids; asking for a new name adds it."""

    table: Table
    account_id: int
    ids: dict[str, int]
    next_id: int
    new: list[dict[str, Any]] = field(default_factory=list)
    written: int = 0

    def id(self, name: str) -> int:
        """Return the id of a name, adding it when it is new."""
        key = fold(name)
        found = self.ids.get(key)
        return found if found is not None else self._add(key, name)

    def _add(self, key: str, name: str) -> int:
        row: dict[str, Any] = {"id": self.next_id, "account_id": self.account_id, "name": " ".join(name.split())}
        if "key" in self.table.c:
            row["key"] = key
        self.new.append(row)
        self.ids[key] = self.next_id
        self.next_id += 1
        return self.next_id - 1

    def write(self, connection: Connection) -> None:
        """Store what was added since the last time."""
        if fresh := self.new[self.written :]:
            connection.execute(insert(self.table), fresh)
        self.written = len(self.new)


def next_id(connection: Connection, table: Table) -> int:
    """Return the first free id of a table."""
    newest: int | None = connection.execute(select(func.max(table.c.id))).scalar()
    return (newest or 0) + 1


def product_names(connection: Connection, account_id: int) -> Names:
    """Load the products of an account."""
    return _names(connection, schema.products, account_id)


def release_names(connection: Connection, account_id: int) -> Names:
    """Load the releases of an account."""
    return _names(connection, schema.releases, account_id)


def _names(connection: Connection, table: Table, account_id: int) -> Names:
    rows = connection.execute(select(table.c.id, table.c.name).where(table.c.account_id == account_id))
    return Names(table, account_id, {fold(row.name): row.id for row in rows}, next_id(connection, table))


def team_names(connection: Connection, account_id: int) -> Names:
    """Load the teams; the name of a merged team leads to the team it was merged into."""
    table = schema.teams
    rows = connection.execute(
        select(table.c.id, table.c.key, table.c.merged_into).where(table.c.account_id == account_id)
    ).all()
    into = {row.id: row.merged_into for row in rows}
    return Names(table, account_id, {row.key: _root(into, row.id) for row in rows}, next_id(connection, table))


def _root(into: dict[int, int | None], team_id: int) -> int:
    while (target := into.get(team_id)) is not None:
        team_id = target
    return team_id


@dataclass(slots=True)
class AssignmentIds:
    """Assignments of one account by (team, person, product, flex).

    Asking for a new one adds it without saying that it is assigned.
    """

    account_id: int
    ids: dict[tuple[int, int, int, int], int]
    next_id: int
    new: dict[int, tuple[int, int, int, int]] = field(default_factory=dict)

    def id(self, key: tuple[int, int, int, int]) -> int:
        """Return the id of an assignment, adding it when it is new."""
        found = self.ids.get(key)
        if found is None:
            found = self.ids[key] = self.next_id
            self.new[found] = key
            self.next_id += 1
        return found

    def write(self, connection: Connection) -> None:
        """Store what was added."""
        rows = [
            {
                "id": id_,
                "account_id": self.account_id,
                "team_id": team,
                "person_id": person,
                "product_id": product,
                "flex": flex,
            }
            for id_, (team, person, product, flex) in self.new.items()
        ]
        if rows:
            connection.execute(insert(schema.assignments), rows)
        self.new.clear()


def assignment_ids(connection: Connection, account_id: int) -> AssignmentIds:
    """Load the assignments of an account."""
    a = schema.assignments.c
    rows = connection.execute(
        select(a.id, a.team_id, a.person_id, a.product_id, a.flex).where(a.account_id == account_id)
    )
    ids = {(team, person, product, flex): id_ for id_, team, person, product, flex in rows}
    return AssignmentIds(account_id, ids, next_id(connection, schema.assignments))


def note_collections(connection: Connection, account_id: int, pairs: set[tuple[int, int]]) -> None:
    """Keep which child products were launched under which collection."""
    table = schema.collection_products
    known = set(
        connection.execute(
            select(table.c.collection_id, table.c.product_id).where(table.c.account_id == account_id)
        ).all()
    )
    new = [
        {"account_id": account_id, "collection_id": collection, "product_id": child}
        for collection, child in sorted(pairs - known)
    ]
    if new:
        connection.execute(insert(table), new)


def hide_personal_data(connection: Connection, account_id: int, team_ids: set[int]) -> list[str]:
    """Turn personal data off for teams whose export came masked, unless a person has set it.

    Return the names of those changed.
    """
    t = schema.teams.c
    where = (
        t.account_id == account_id,
        one_of(t.id, bindparam("teams")),
        t.personal_data == 1,
        t.personal_data_set_by.is_(None),
    )
    ids = {"teams": str(sorted(team_ids))}
    changed = [str(name) for name in connection.execute(select(t.name).where(*where).order_by(t.name), ids).scalars()]
    if changed:
        connection.execute(update(schema.teams).where(*where).values(personal_data=0), ids)
    return changed


def by_team_name(
    connection: Connection, account_id: int, known: Mapping[tuple[int, int], list[C]]
) -> dict[str, list[C]]:
    """Regroup what is known by (team, source) under the names of the teams."""
    t = schema.teams.c
    names = dict(connection.execute(select(t.id, t.name).where(t.account_id == account_id).order_by(t.name)).all())
    return {
        name: found
        for id_, name in names.items()
        if (found := [piece for (team, _), some in known.items() if team == id_ for piece in some])
    }


def bump_version(connection: Connection, account_id: int) -> None:
    """Count up the account's data version, by which copies kept elsewhere know that they are old."""
    table = schema.accounts
    connection.execute(update(table).where(table.c.id == account_id).values(version=table.c.version + 1))


def known_account(connection: Connection, name: str) -> int | None:
    """Return the id of an account, None when there is none of that name yet."""
    table = schema.accounts
    found: int | None = connection.execute(select(table.c.id).where(table.c.name == name)).scalar()
    return found


def account_id(connection: Connection, name: str) -> int:
    """Return the id of an account, adding it when it is new."""
    found = known_account(connection, name)
    if found is not None:
        return found
    table = schema.accounts
    return int(connection.execute(insert(table).values(name=name).returning(table.c.id)).scalar_one())


def chunks(rows: list[Any], size: int = 20_000) -> Iterable[list[Any]]:
    """Cut a list into pieces that a statement can carry."""
    return (rows[start : start + size] for start in range(0, len(rows), size))
