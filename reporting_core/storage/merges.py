"""Team merges that can be undone until the next import, and the record of imports."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Table, bindparam, delete, insert, select, update

from reporting_core.metrics.replacing import cover
from reporting_core.storage import schema
from reporting_core.storage.bought import ANOTHER
from reporting_core.storage.covering import coverage, replace_coverage
from reporting_core.storage.dialects import one_of
from reporting_core.storage.uniting import move_assignments
from reporting_core.words.imports import ImportResult

_BY_ASSIGNMENT = (schema.calendar, schema.token_days)
_BY_TEAM = (schema.coverage, schema.roles, schema.subscriptions, schema.token_balances, schema.assignment_rules)


def note_import(connection: Connection, account_id: int, now: datetime, result: ImportResult) -> None:
    """Keep what an import did: counts only, no names of people."""
    files = [
        {
            "name": file.name,
            "kind": file.kind,
            "read": file.read,
            "stored": file.stored,
            "unchanged": file.unchanged,
            "refused": len(file.refused),
        }
        for file in result.files
    ]
    summary = json.dumps({"files": files, "changed": result.changed})
    connection.execute(insert(schema.imports).values(account_id=account_id, finished_at=now, summary=summary))


def forget(connection: Connection, account_id: int) -> None:
    """An import changed something: earlier merges cannot be undone any more."""
    connection.execute(delete(schema.merges).where(schema.merges.c.account_id == account_id))


def merge_teams(connection: Connection, account_id: int, teams: tuple[int, int], now: datetime) -> None:
    """Make everything of the first team the second's; what both have becomes one (domain.md §6)."""
    old, new = teams
    before = _snapshot(connection, account_id, teams)
    move_assignments(connection, account_id, {"team_id": teams})
    _merge_coverage(connection, account_id, old, new)
    for table, keys in (
        (schema.roles, ("person_id", "role")),
        (schema.subscriptions, ("product_id", "subscription_id")),
        (schema.token_balances, ("as_of", "expires_on")),
        (schema.assignment_rules, ("product_id",)),
    ):
        _move_rows(connection, account_id, table, keys, teams)
    _merge_team_rows(connection, old, new)
    values = {"from_team": old, "into_team": new, "merged_at": now, "before": json.dumps(before)}
    connection.execute(insert(schema.merges).values(account_id=account_id, **values))


def _merge_team_rows(connection: Connection, old: int, new: int) -> None:
    t = schema.teams
    rows = {row["id"]: row for row in connection.execute(select(t).where(t.c.id.in_((old, new)))).mappings()}
    reported = [row["reported_on"] for row in rows.values() if row["reported_on"] is not None]
    shown = min(row["personal_data"] for row in rows.values())
    connection.execute(
        update(t).where(t.c.id == new).values(personal_data=shown, reported_on=max(reported, default=None))
    )
    connection.execute(update(t).where(t.c.id == old).values(merged_into=new))


def _merge_coverage(connection: Connection, account_id: int, old: int, new: int) -> None:
    known = coverage(connection, account_id)
    sources = {source for team, source in known if team == old}
    merged = {}
    for source in sources:
        pieces = known.get((new, source), [])
        for piece in known[old, source]:
            pieces = cover(pieces, piece)
        merged[new, source] = pieces
    replace_coverage(connection, account_id, {**{(old, source): [] for source in sources}, **merged})


def _move_rows(
    connection: Connection, account_id: int, table: Table, keys: tuple[str, ...], teams: tuple[int, int]
) -> None:
    old, new = teams
    t = table.c
    columns = [t[key] for key in keys]
    has = {
        tuple(row) for row in connection.execute(select(*columns).where(t.account_id == account_id, t.team_id == new))
    }
    for row in connection.execute(select(*columns).where(t.account_id == account_id, t.team_id == old)).all():
        same = [t[key].is_(None) if value is None else t[key] == value for key, value in zip(keys, row, strict=True)]
        where = (t.account_id == account_id, t.team_id == old, *same)
        if tuple(row) in has:
            _keep_both(connection, table, where, (t.account_id == account_id, t.team_id == new, *same), teams)
        else:
            connection.execute(update(table).values(team_id=new).where(*where))


def _keep_both(
    connection: Connection, table: Table, theirs: tuple[Any, ...], ours: tuple[Any, ...], teams: tuple[int, int]
) -> None:
    """Lose nothing that was bought: a pool becomes a further pool of the subscription, packs add up."""
    t, (old, new) = table.c, teams
    if table is schema.subscriptions:
        further = t.subscription_id.concat(f"{ANOTHER}{old}")
        connection.execute(update(table).where(*theirs).values(team_id=new, subscription_id=further))
        return
    if table is schema.token_balances:
        pack = connection.execute(select(t.purchased, t.remaining).where(*theirs)).one()
        more = {"purchased": t.purchased + pack.purchased, "remaining": t.remaining + pack.remaining}
        connection.execute(update(table).where(*ours).values(more))
    connection.execute(delete(table).where(*theirs))


def _snapshot(connection: Connection, account_id: int, teams: tuple[int, int]) -> dict[str, Any]:
    both = str(list(teams))
    a = schema.assignments
    assignments = _rows(
        connection, select(a).where(a.c.account_id == account_id, one_of(a.c.team_id, bindparam("ids"))), both
    )
    ids = str([row["id"] for row in assignments])
    found: dict[str, Any] = {
        "teams": _rows(connection, select(schema.teams).where(one_of(schema.teams.c.id, bindparam("ids"))), both)
    }
    found["assignments"] = assignments
    for table in _BY_TEAM:
        where = (table.c.account_id == account_id, one_of(table.c.team_id, bindparam("ids")))
        found[table.name] = _rows(connection, select(table).where(*where), both)
    for table in _BY_ASSIGNMENT:
        where = (table.c.account_id == account_id, one_of(table.c.assignment_id, bindparam("ids")))
        found[table.name] = _rows(connection, select(table).where(*where), ids)
    return found


def _rows(connection: Connection, statement: Any, ids: str) -> list[dict[str, Any]]:
    return [dict(row) for row in connection.execute(statement, {"ids": ids}).mappings()]


def undo_merge(connection: Connection, account_id: int, teams: tuple[int, int]) -> bool:
    """Put two teams back as they were before their merge; False when there is no such merge to undo."""
    m = schema.merges.c
    newest = connection.execute(
        select(m.id, m.from_team, m.into_team, m.before).where(m.account_id == account_id).order_by(m.id.desc())
    ).first()
    if newest is None or (newest.from_team, newest.into_team) != teams:
        return False
    _clear(connection, account_id, teams)
    _restore(connection, json.loads(newest.before))
    connection.execute(delete(schema.merges).where(m.id == newest.id))
    return True


def _clear(connection: Connection, account_id: int, teams: tuple[int, int]) -> None:
    a, both = schema.assignments, str(list(teams))
    of_teams = (a.c.account_id == account_id, one_of(a.c.team_id, bindparam("ids")))
    ids = str(list(connection.execute(select(a.c.id).where(*of_teams), {"ids": both}).scalars()))
    for table in _BY_ASSIGNMENT:
        where = (table.c.account_id == account_id, one_of(table.c.assignment_id, bindparam("ids")))
        connection.execute(delete(table).where(*where), {"ids": ids})
    for table in (a, *_BY_TEAM):
        where = (table.c.account_id == account_id, one_of(table.c.team_id, bindparam("ids")))
        connection.execute(delete(table).where(*where), {"ids": both})


def _restore(connection: Connection, before: Mapping[str, list[dict[str, Any]]]) -> None:
    t = schema.teams
    for row in before["teams"]:
        values = {name: row[name] for name in ("personal_data", "personal_data_set_by", "merged_into", "reported_on")}
        connection.execute(update(t).where(t.c.id == row["id"]).values(**values))
    for table in (schema.assignments, *_BY_TEAM, *_BY_ASSIGNMENT):
        if rows := before[table.name]:
            connection.execute(insert(table), rows)
