"""Stores who is what: roles from the Users export, memberships from the Groups export or the cells of a Usage Report.

Each function takes rows beside their file, and answers how many rows of each file were stored; the others changed
nothing.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, and_, bindparam, delete, func, insert, select

from reporting_core.storage import schema
from reporting_core.storage.directory import next_id
from reporting_core.storage.registry import Dated, Registry, stored_rows
from reporting_core.words.imports import GroupRow, PersonKey, UserRow
from reporting_core.words.names import fold
from reporting_core.words.terms import Role

_ROLES = {
    "primary admin": Role.PRIMARY_ADMIN,
    "primary administrator": Role.PRIMARY_ADMIN,
    "secondary admin": Role.SECONDARY_ADMIN,
    "secondary administrator": Role.SECONDARY_ADMIN,
    "sso admin": Role.SSO_ADMIN,
    "sso administrator": Role.SSO_ADMIN,
    "contract manager": Role.CONTRACT_MANAGER,
    "user": Role.USER,
}


def role_of(text: str) -> Role:
    """Read a role of the Users export; what is not known brings no rights."""
    return _ROLES.get(fold(text.replace("_", " ").replace("-", " ")), Role.USER)


def store_users(connection: Connection, registry: Registry, rows: Sequence[Dated]) -> Counter[int]:
    """Take roles as the export says.

    For the teams that occur in it, roles that are not listed any more are taken away.
    """
    table = schema.roles
    by_key: dict[Any, list[Dated]] = defaultdict(list)
    status: dict[int, str] = {}
    for dated in sorted(rows, key=lambda dated: dated.exported_on):
        row: UserRow = dated.row
        person = registry.person(row.person, dated.exported_on)
        by_key[person, registry.teams.id(row.team), str(role_of(row.role))].append(dated)
        status[person] = row.account_status
    teams = {key[1] for key in by_key}
    r = table.c
    found = connection.execute(select(r.person_id, r.team_id, r.role).where(r.account_id == registry.account_id))
    known = {tuple(row) for row in found if row.team_id in teams}
    gone, new = known - set(by_key), set(by_key) - known
    keys = ("person_id", "team_id", "role")
    if gone:
        where = and_(r.account_id == registry.account_id, *(r[key] == bindparam(f"b_{key}") for key in keys))
        connection.execute(
            delete(table).where(where), [{f"b_{k}": v for k, v in zip(keys, key, strict=True)} for key in gone]
        )
    if new:
        values = [{"account_id": registry.account_id, **dict(zip(keys, key, strict=True))} for key in new]
        connection.execute(insert(table), values)
    moved = _note_account_status(registry, status)
    changed = {key for key in by_key if key in new or key[0] in moved}
    return stored_rows(by_key, changed)


def _note_account_status(registry: Registry, status: Mapping[int, str]) -> set[int]:
    people = registry.people.by_id
    moved = {id_ for id_, text in status.items() if people[id_].account_status != text}
    for id_ in moved:
        people[id_].account_status, people[id_].dirty = status[id_], True
    return moved


FROM_GROUPS, FROM_REPORT = 0, 1


def store_groups(connection: Connection, registry: Registry, rows: Sequence[Dated]) -> Counter[int]:
    """Take memberships as the Groups export says.

    Memberships it does not list are gone (it is the truth about them).
    """
    entries: dict[Any, list[Dated]] = defaultdict(list)
    groups = _Groups(connection, registry.account_id)
    for dated in rows:
        row: GroupRow = dated.row
        team = registry.teams.id(row.team) if row.team else 0
        person = registry.person(PersonKey("", "", row.email, "", ""), 0)
        entries[groups.id(team, row.group, row.group_type), person, row.role].append(dated)
    groups.write(connection)
    return stored_rows(entries, _replace_members(connection, registry.account_id, set(entries), FROM_GROUPS))


def store_report_groups(connection: Connection, registry: Registry, rows: Sequence[Dated]) -> None:
    """Keep the groups that the newest Usage Report names for a person in a team.

    They count where no Groups export was loaded. Needs the assignments of the same rows to be stored.
    """
    groups = _Groups(connection, registry.account_id)
    newest = _newest_reports(connection, registry.account_id)
    whose: set[tuple[int, int]] = set()
    members = set()
    for dated in rows:
        place = registry.teams.id(dated.row.team), registry.person(dated.row.person, dated.exported_on)
        if dated.row.groups is not None and dated.exported_on >= newest.get(place, 0):
            whose.add(place)
            members |= {(groups.id(place[0], name, ""), place[1], "") for name in dated.row.groups}
    groups.write(connection)
    of_team = groups.teams()
    _replace_members(
        connection, registry.account_id, members, FROM_REPORT, whose=lambda key: (of_team[key[0]], key[1]) in whose
    )


def _newest_reports(connection: Connection, account_id: int) -> dict[tuple[int, int], int]:
    """Date of the newest Usage Report that lists a person in a team."""
    a = schema.assignments.c
    newest = (
        select(a.team_id, a.person_id, func.max(a.exported_on))
        .where(a.account_id == account_id)
        .group_by(a.team_id, a.person_id)
    )
    return {(team, person): on for team, person, on in connection.execute(newest)}


def _replace_members(
    connection: Connection,
    account_id: int,
    wanted: set[Any],
    source: int,
    whose: Callable[[tuple[int, int, str]], bool] = lambda _member: True,
) -> set[Any]:
    table = schema.group_members
    m = table.c
    of_source = and_(m.account_id == account_id, m.source == source)
    rows = {(group, person): role for group, person, role in sorted(wanted)}
    known = {
        (row.group_id, row.person_id): row.role
        for row in connection.execute(select(m.group_id, m.person_id, m.role).where(of_source))
        if whose(tuple(row))
    }
    one = and_(of_source, m.group_id == bindparam("b_group"), m.person_id == bindparam("b_person"))
    gone = [key for key, role in known.items() if rows.get(key) != role]
    if gone:
        connection.execute(delete(table).where(one), [{"b_group": group, "b_person": person} for group, person in gone])
    new = {key: role for key, role in rows.items() if known.get(key) != role}
    if new:
        values = [
            {"account_id": account_id, "group_id": group, "person_id": person, "source": source, "role": role}
            for (group, person), role in new.items()
        ]
        connection.execute(insert(table), values)
    return {(group, person, role) for (group, person), role in new.items()}


class _Groups:
    """Groups by (team, name); asking for a new one adds it."""

    def __init__(self, connection: Connection, account_id: int) -> None:
        g = schema.groups.c
        self.account_id = account_id
        self.ids: dict[tuple[int, str], int] = {
            (row.team_id, row.key): row.id
            for row in connection.execute(select(g.id, g.team_id, g.key).where(g.account_id == account_id))
        }
        self.next_id = next_id(connection, schema.groups)
        self.new: list[dict[str, Any]] = []

    def id(self, team_id: int, name: str, group_type: str) -> int:
        key = (team_id, fold(name))
        if key not in self.ids:
            self.ids[key] = self.next_id
            row = {"id": self.next_id, "account_id": self.account_id, "team_id": team_id, "name": name, "key": key[1]}
            self.new.append({**row, "group_type": group_type})
            self.next_id += 1
        return self.ids[key]

    def teams(self) -> dict[int, int]:
        return {id_: team for (team, _name), id_ in self.ids.items()}

    def write(self, connection: Connection) -> None:
        if self.new:
            connection.execute(insert(schema.groups), self.new)
        self.new = []
