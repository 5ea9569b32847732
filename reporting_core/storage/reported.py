"""Stores the Usage Report: assignments of its teams as they are now, and what it says of their use over its range."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, bindparam, select, update

from reporting_core.storage import schema
from reporting_core.storage.dialects import one_of
from reporting_core.storage.directory import chunks
from reporting_core.storage.registry import Dated, Registry, Values, newest_rows, stored_rows
from reporting_core.words.imports import ReportRow
from reporting_core.words.terms import Access

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
    by_id: dict[Any, list[Dated]] = defaultdict(list)
    for dated in rows:
        by_id[_assignment(registry, dated)].append(dated)
    registry.assignments.write(connection)
    _mark_reported(connection, registry, rows)
    known = _known_assignments(connection, registry, {registry.teams.id(dated.row.team) for dated in rows})
    reported_on = _reported_on(connection, registry.account_id)
    changed, writes = set(), []
    for id_, same in by_id.items():
        exported_on = max(dated.exported_on for dated in same)
        before_on, before, team = known[id_]
        if before_on > exported_on:
            continue
        after = _merged_report(newest_rows(same), before, span, older=exported_on < reported_on[team])
        if before_on == exported_on and _is_from_before(before, after, exported_on):
            continue
        changed |= {id_} if after != before else set()
        if (after, exported_on) != (before, before_on):
            writes.append({"b_id": id_, "exported_on": exported_on, **dict(zip(_REPORTED, after, strict=True))})
    for some in chunks(writes):
        connection.execute(_REPORT, some)
    stale = _mark_stale(connection, registry, rows, by_id, known)
    return stored_rows(by_id, changed), stale


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


def _known_assignments(
    connection: Connection, registry: Registry, teams: set[int]
) -> dict[Any, tuple[int, Values, int]]:
    a = schema.assignments.c
    columns = [a[name] for name in _REPORTED]
    statement = select(a.id, a.exported_on, a.team_id, *columns).where(
        a.account_id == registry.account_id, one_of(a.team_id, bindparam("teams"))
    )
    found = connection.execute(statement, {"teams": str(sorted(teams))})
    return {row[0]: (row[1], tuple(row[3:]), row[2]) for row in found}


def _reported_on(connection: Connection, account_id: int) -> dict[int, int]:
    t = schema.teams.c
    rows = connection.execute(select(t.id, t.reported_on).where(t.account_id == account_id))
    return {team: on or 0 for team, on in rows}


def _merged_report(
    same: Sequence[Dated], before: Values, span: tuple[int | None, int | None], *, older: bool
) -> Values:
    """One assignment can stand in several rows (given back and assigned again): assigned if any row says so.

    `older`: the team has a newer report, in which the assignment does not stand any more, so it is stale.
    """
    rows: list[ReportRow] = sorted((dated.row for dated in same), key=_rank)
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
        int(row.assigned and older),
        _most(each.last_accessed for each in rows),
        first,
        last if last is not None else same[0].exported_on,
        _most(each.days_used for each in rows),
        _most(each.millitokens for each in rows),
    )


def _is_from_before(before: Values, after: Values, day: int) -> bool:
    """Tell whether a report of the day on which a seat was given back still has it as it was earlier that day."""
    given_back = (before[0], before[2]) == (0, day)
    return given_back and (after[0], after[1]) == (1, before[1])


def _rank(row: ReportRow) -> tuple[bool, int, int, str, str]:
    """Which of several rows of one assignment counts: the order they stand in must not decide."""
    return row.assigned, row.assigned_on or 0, row.last_accessed or 0, str(row.origin or ""), row.origin_group


def _most(values: Iterable[int | None]) -> int | None:
    return max((value for value in values if value is not None), default=None)


def _mark_stale(
    connection: Connection,
    registry: Registry,
    rows: Sequence[Dated],
    listed: Mapping[Any, Any],
    known: Mapping[Any, tuple[int, Values, int]],
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
        connection.execute(
            update(schema.assignments).where(schema.assignments.c.id == bindparam("b_id")).values(stale=1), fresh
        )
    return gone


def _mark_reported(connection: Connection, registry: Registry, rows: Sequence[Dated]) -> None:
    t = schema.teams
    registry.teams.write(connection)
    for team in {registry.teams.id(dated.row.team) for dated in rows}:
        newest = max(dated.exported_on for dated in rows if registry.teams.id(dated.row.team) == team)
        older = (t.c.reported_on.is_(None)) | (t.c.reported_on < newest)
        connection.execute(update(t).where(t.c.id == team, older).values(reported_on=newest))
