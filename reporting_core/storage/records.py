"""Stores the rows of the exports that are lists (all but daily use): what is new or differs is written, the rest is left alone.

Each function takes rows beside their file's number and date, and answers how many rows of each file were stored; the others changed nothing.
"""

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import Connection, Table, and_, bindparam, delete, insert, select, update

from reporting_core.storage import schema
from reporting_core.storage.dialects import one_of
from reporting_core.storage.directory import AssignmentIds, Names, chunks, next_id
from reporting_core.storage.persons import People
from reporting_core.words.imports import BalanceRow, GroupRow, PersonKey, ReportRow, RuleRow, SubscriptionRow, UserRow
from reporting_core.words.names import fold
from reporting_core.words.terms import Access, Role


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


Values = tuple[Any, ...]


def _stored(rows: Mapping[Hashable, list[Dated]], changed: Iterable[Hashable]) -> Counter[int]:
    return Counter(dated.file for key in changed for dated in rows[key])


def _newest(rows: Sequence[Dated]) -> list[Dated]:
    newest = max(dated.exported_on for dated in rows)
    return [dated for dated in rows if dated.exported_on == newest]


def _write(connection: Connection, table: Table, keys: Sequence[str], rows: Sequence[Mapping[str, Any]], known: set[Values]) -> None:
    """Insert or update rows by key."""
    new = [dict(row) for row in rows if tuple(row[key] for key in keys) not in known]
    old = [row for row in rows if tuple(row[key] for key in keys) in known]
    for some in chunks(new):
        connection.execute(insert(table), some)
    if old:
        values = {name: bindparam(name) for name in old[0] if name not in keys and name != "id"}
        statement = update(table).where(and_(*(table.c[key] == bindparam(f"b_{key}") for key in keys))).values(values)
        connection.execute(statement, [{(f"b_{name}" if name in keys else name): row[name] for name in row if name != "id"} for row in old])


# --- Usage Report -----------------------------------------------------------------------------------------------------------------

_REPORTED = (
    "assigned",
    "assigned_on",
    "unassigned_on",
    "origin",
    "origin_group",
    "stale",
    "reported_last",
    "reported_from",
    "reported_to",
    "reported_days",
    "reported_millitokens",
)


def store_report(
    connection: Connection, registry: Registry, rows: Sequence[Dated], span: tuple[int | None, int | None]
) -> tuple[Counter[int], list[int]]:
    """Take assignments as the report says; `span` is the range its figures are about, as far as it was told.

    Also answers the assignments that a newer report of their team does not list any more.
    """
    by_id: dict[Hashable, list[Dated]] = defaultdict(list)
    for dated in rows:
        by_id[_assignment(registry, dated)].append(dated)
    registry.assignments.write(connection)
    known = _known_assignments(connection, registry, {registry.teams.id(dated.row.team) for dated in rows})
    changed, writes = set(), []
    for id_, same in by_id.items():
        exported_on = max(dated.exported_on for dated in same)
        before, before_on = known[id_][1], known[id_][0]
        if before_on > exported_on:
            continue
        after = _merged_report(_newest(same), before, span)
        changed |= {id_} if after != before else set()
        if (after, exported_on) != (before, before_on):
            writes.append({"b_id": id_, "exported_on": exported_on, **dict(zip(_REPORTED, after, strict=True))})
    for some in chunks(writes):
        connection.execute(_REPORT, some)
    stale = _mark_stale(connection, registry, rows, by_id, known)
    _mark_reported(connection, registry, rows)
    return _stored(by_id, changed), stale


_REPORT = (
    update(schema.assignments)
    .where(schema.assignments.c.id == bindparam("b_id"))
    .values({name: bindparam(name) for name in (*_REPORTED, "exported_on")})
)


def _assignment(registry: Registry, dated: Dated) -> int:
    row: ReportRow = dated.row
    person = registry.person(row.person, dated.exported_on)
    key = (registry.teams.id(row.team), person, registry.products.id(row.offering), int(row.access is Access.FLEX))
    return registry.assignments.id(key)


def _known_assignments(connection: Connection, registry: Registry, teams: set[int]) -> dict[Hashable, tuple[int, Values, int]]:
    a = schema.assignments.c
    columns = [a[name] for name in _REPORTED]
    statement = select(a.id, a.exported_on, a.team_id, *columns).where(
        a.account_id == registry.account_id, one_of(a.team_id, bindparam("teams"))
    )
    found = connection.execute(statement, {"teams": str(sorted(teams))})
    return {row[0]: (row[1], tuple(row[3:]), row[2]) for row in found}


def _merged_report(same: Sequence[Dated], before: Values, span: tuple[int | None, int | None]) -> Values:
    """One assignment can stand in several rows (given back and assigned again): assigned if any row says so."""
    rows: list[ReportRow] = sorted((dated.row for dated in same), key=lambda row: (row.assigned, row.assigned_on or 0))
    row = rows[-1]
    # A file without the column does not take away what another one told.
    origin, group = (row.origin, row.origin_group) if row.origin is not None else (before[3], before[4])
    first, last = span
    return (
        int(row.assigned),
        row.assigned_on,
        None if row.assigned else row.unassigned_on,
        origin,
        group or "",
        0,
        _most(each.last_accessed for each in rows),
        first,
        last if last is not None else same[0].exported_on,
        _most(each.days_used for each in rows),
        _most(each.millitokens for each in rows),
    )


def _most(values: Iterable[int | None]) -> int | None:
    return max((value for value in values if value is not None), default=None)


def _mark_stale(
    connection: Connection,
    registry: Registry,
    rows: Sequence[Dated],
    listed: Mapping[Hashable, Any],
    known: Mapping[Hashable, tuple[int, Values, int]],
) -> list[int]:
    newest: dict[int, int] = {}
    for dated in rows:
        team = registry.teams.id(dated.row.team)
        newest[team] = max(newest.get(team, 0), dated.exported_on)
    gone = [
        id_
        for id_, (exported_on, values, team) in known.items()
        if id_ not in listed and values[0] == 1 and exported_on <= newest.get(team, 0)
    ]
    fresh = [{"b_id": id_} for id_ in gone if not known[id_][1][5]]
    if fresh:
        connection.execute(update(schema.assignments).where(schema.assignments.c.id == bindparam("b_id")).values(stale=1), fresh)
    return gone


def _mark_reported(connection: Connection, registry: Registry, rows: Sequence[Dated]) -> None:
    t = schema.teams
    for team in {registry.teams.id(dated.row.team) for dated in rows}:
        newest = max(dated.exported_on for dated in rows if registry.teams.id(dated.row.team) == team)
        older = (t.c.reported_on.is_(None)) | (t.c.reported_on < newest)
        connection.execute(update(t).where(t.c.id == team, older).values(reported_on=newest))


# --- Subscriptions, balances, rules -----------------------------------------------------------------------------------------------


def store_subscriptions(connection: Connection, registry: Registry, rows: Sequence[Dated]) -> Counter[int]:
    """Take seat pools by (team, product, subscription); rows without an id are told apart by contract and term."""
    table, keys = schema.subscriptions, ("team_id", "product_id", "subscription_id")
    by_key: dict[Hashable, list[Dated]] = defaultdict(list)
    for dated in rows:
        row: SubscriptionRow = dated.row
        mark = row.subscription_id or f"{row.contract}/{row.starts}/{row.ends}"
        by_key[registry.teams.id(row.team), registry.products.id(row.offering), mark].append(dated)
    known = _known_rows(connection, table, registry.account_id, keys, (*_POOL, "exported_on"))
    wanted = {key: (_pool(_newest(same)), max(dated.exported_on for dated in same)) for key, same in by_key.items()}
    changed = {key for key, (values, on) in wanted.items() if key not in known or (known[key][:-1] != values and known[key][-1] <= on)}
    first = next_id(connection, table)
    writes = [
        {
            "id": first + index,
            "account_id": registry.account_id,
            **dict(zip(keys, key, strict=True)),
            **dict(zip(_POOL, wanted[key][0], strict=True)),
            "exported_on": wanted[key][1],
        }
        for index, key in enumerate(sorted(changed, key=str))
    ]
    _write(connection, table, keys, writes, set(known))
    return _stored(by_key, changed)


_POOL = ("seats", "starts", "ends", "status", "contract", "term")


def _pool(same: Sequence[Dated]) -> Values:
    row: SubscriptionRow = same[-1].row
    return (row.seats, row.starts, row.ends, row.status, row.contract, row.term)


def _known_rows(connection: Connection, table: Table, account_id: int, keys: Sequence[str], values: Sequence[str]) -> dict[Values, Values]:
    columns = [table.c[name] for name in (*keys, *values)]
    rows = connection.execute(select(*columns).where(table.c.account_id == account_id))
    return {tuple(row[: len(keys)]): tuple(row[len(keys) :]) for row in rows}


def store_balances(connection: Connection, registry: Registry, rows: Sequence[Dated]) -> Counter[int]:
    """Take token balances by (team, as of, end of the pack)."""
    table, keys = schema.token_balances, ("team_id", "as_of", "expires_on")
    by_key: dict[Hashable, list[Dated]] = defaultdict(list)
    for dated in rows:
        row: BalanceRow = dated.row
        by_key[registry.teams.id(row.team), row.as_of if row.as_of is not None else dated.exported_on, row.expires_on].append(dated)
    known = _known_rows(connection, table, registry.account_id, keys, ("purchased", "remaining"))
    wanted = {key: (same[-1].row.purchased, same[-1].row.remaining) for key, same in by_key.items()}
    changed = {key for key, values in wanted.items() if known.get(key) != values}  # type: ignore[call-overload]
    for key in changed & set(known):
        where = [table.c[name].is_(value) if value is None else table.c[name] == value for name, value in zip(keys, key, strict=True)]  # type: ignore[call-overload]
        connection.execute(delete(table).where(table.c.account_id == registry.account_id, *where))
    first = next_id(connection, table)
    new = [
        {
            "id": first + index,
            "account_id": registry.account_id,
            **dict(zip(keys, key, strict=True)),  # type: ignore[call-overload]
            "purchased": wanted[key][0],
            "remaining": wanted[key][1],
        }
        for index, key in enumerate(sorted(changed, key=str))
    ]
    if new:
        connection.execute(insert(table), new)
    return _stored(by_key, changed)


def store_rules(connection: Connection, registry: Registry, rows: Sequence[Dated]) -> Counter[int]:
    """Take assignment rules by (team, product); the last row of a pair counts."""
    table, keys = schema.assignment_rules, ("team_id", "product_id")
    by_key: dict[Hashable, list[Dated]] = defaultdict(list)
    for dated in rows:
        row: RuleRow = dated.row
        by_key[registry.teams.id(row.team), registry.products.id(row.offering)].append(dated)
    known = _known_rows(connection, table, registry.account_id, keys, ("origin", "group_name"))
    wanted = {key: (str(same[-1].row.origin), same[-1].row.group) for key, same in by_key.items()}
    changed = {key for key, values in wanted.items() if known.get(key) != values}  # type: ignore[call-overload]
    writes = [
        {
            "account_id": registry.account_id,
            **dict(zip(keys, key, strict=True)),  # type: ignore[call-overload]
            "origin": wanted[key][0],
            "group_name": wanted[key][1],
        }
        for key in sorted(changed, key=str)
    ]
    _write(connection, table, keys, writes, set(known))
    return _stored(by_key, changed)


# --- Users and groups -------------------------------------------------------------------------------------------------------------

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
    """Take roles as the export says: for the teams that occur in it, roles that are not listed any more are taken away."""
    table = schema.roles
    by_key: dict[Hashable, list[Dated]] = defaultdict(list)
    status: dict[int, str] = {}
    for dated in sorted(rows, key=lambda dated: dated.exported_on):
        row: UserRow = dated.row
        person = registry.person(row.person, dated.exported_on)
        by_key[person, registry.teams.id(row.team), str(role_of(row.role))].append(dated)
        status[person] = row.account_status
    teams = {key[1] for key in by_key}  # type: ignore[index]
    r = table.c
    found = connection.execute(select(r.person_id, r.team_id, r.role).where(r.account_id == registry.account_id))
    known = {tuple(row) for row in found if row.team_id in teams}
    gone, new = known - set(by_key), set(by_key) - known
    keys = ("person_id", "team_id", "role")
    if gone:
        where = and_(r.account_id == registry.account_id, *(r[key] == bindparam(f"b_{key}") for key in keys))
        connection.execute(delete(table).where(where), [{f"b_{k}": v for k, v in zip(keys, key, strict=True)} for key in gone])
    if new:
        values = [{"account_id": registry.account_id, **dict(zip(keys, key, strict=True))} for key in new]  # type: ignore[call-overload]
        connection.execute(insert(table), values)
    moved = _store_account_status(connection, registry, status)
    changed = {key for key in by_key if key in new or key[0] in moved}  # type: ignore[index]
    return _stored(by_key, changed)


def _store_account_status(connection: Connection, registry: Registry, status: Mapping[int, str]) -> set[int]:
    registry.people.write(connection)
    p = schema.people.c
    known = dict(connection.execute(select(p.id, p.account_status).where(p.account_id == registry.account_id)).tuples())
    moved = {person: text for person, text in status.items() if known.get(person) != text}
    if moved:
        statement = update(schema.people).where(p.id == bindparam("b_id")).values(account_status=bindparam("account_status"))
        connection.execute(statement, [{"b_id": person, "account_status": text} for person, text in moved.items()])
    return set(moved)


FROM_GROUPS, FROM_REPORT = 0, 1


def store_groups(connection: Connection, registry: Registry, rows: Sequence[Dated]) -> Counter[int]:
    """Take memberships as the Groups export says; memberships it does not list are gone (it is the truth about them)."""
    entries: dict[Hashable, list[Dated]] = defaultdict(list)
    groups = _Groups(connection, registry.account_id)
    for dated in rows:
        row: GroupRow = dated.row
        team = registry.teams.id(row.team) if row.team else 0
        person = registry.person(PersonKey("", "", row.email, "", ""), 0)
        entries[groups.id(team, row.group, row.group_type), person, row.role].append(dated)
    groups.write(connection)
    return _stored(entries, _replace_members(connection, registry.account_id, set(entries), FROM_GROUPS, whose=None))


def store_report_groups(connection: Connection, registry: Registry, rows: Sequence[Dated]) -> None:
    """Keep the groups named in a Usage Report for the people in it; they count where no Groups export was loaded."""
    groups = _Groups(connection, registry.account_id)
    told = [dated for dated in rows if dated.row.groups is not None]
    members = {
        (groups.id(0, name, ""), registry.person(dated.row.person, dated.exported_on), "") for dated in told for name in dated.row.groups
    }
    groups.write(connection)
    whose = {registry.person(dated.row.person, dated.exported_on) for dated in told}
    _replace_members(connection, registry.account_id, members, FROM_REPORT, whose=whose)


def _replace_members(connection: Connection, account_id: int, wanted: set[Any], source: int, whose: set[int] | None) -> set[Hashable]:
    table = schema.group_members
    m = table.c
    of_source = and_(m.account_id == account_id, m.source == source)
    known = {tuple(row) for row in connection.execute(select(m.group_id, m.person_id, m.role).where(of_source))}
    known = known if whose is None else {key for key in known if key[1] in whose}
    one = and_(of_source, m.group_id == bindparam("b_group"), m.person_id == bindparam("b_person"))
    if gone := known - wanted:
        connection.execute(delete(table).where(one), [{"b_group": group, "b_person": person} for group, person, _ in gone])
    new = wanted - known
    rows = {(group, person): role for group, person, role in sorted(new)}
    if rows:
        values = [
            {"account_id": account_id, "group_id": group, "person_id": person, "source": source, "role": role}
            for (group, person), role in rows.items()
        ]
        connection.execute(insert(table), values)
    return set(new)


class _Groups:
    """Groups by (team, name); asking for a new one adds it."""

    def __init__(self, connection: Connection, account_id: int) -> None:
        g = schema.groups.c
        self.account_id = account_id
        self.ids = {
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

    def write(self, connection: Connection) -> None:
        if self.new:
            connection.execute(insert(schema.groups), self.new)
        self.new = []
