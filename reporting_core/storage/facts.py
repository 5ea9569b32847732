"""Facts from SQL: one row for each assignment in scope, its use counted in the buckets of a chart."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any, NamedTuple

from sqlalchemy import Connection, Select, and_, bindparam, case, func, literal, null, select

from reporting_core.storage import schema, slots
from reporting_core.storage.dialects import bit_or, one_of

_a, _c, _t, _p, _r = (
    schema.assignments.c,
    schema.calendar.c,
    schema.token_days.c,
    schema.people.c,
    schema.assignment_rules.c,
)

Windows = Mapping[int, int]
"""month → bits of its days that count."""

STORED = 20
"""Columns of a row before those of use."""


@dataclass(frozen=True, slots=True)
class Scope:
    """Which assignments: ids of teams, products, people, assignments, releases (None = all), and an access option."""

    account_id: int
    teams: Sequence[int] | None = None
    products: Sequence[int] | None = None
    flex: int | None = None
    people: Sequence[int] | None = None
    assignments: Sequence[int] | None = None
    releases: Sequence[int] | None = None


class Found(NamedTuple):
    """Facts as stored, and use in buckets.

    Columns of a row: id, team, person, product, flex, assigned, assigned on, unassigned on, origin, origin group,
    stale, millitokens, last used, reported last/from/to/days/millitokens, name, e-mail; what follows is the source's
    own. `days` are the usage days of each row, `buckets` those of all: (subscription, flex) for each bucket.
    """

    rows: Sequence[Any]
    days: Sequence[int]
    buckets: Sequence[tuple[int, int]]


def facts(connection: Connection, scope: Scope, buckets: Sequence[Windows], days: tuple[int, int]) -> Found:
    """Fetch rows of assignments with their use in the buckets; `days` is the period in ordinals, for tokens."""
    columns = slots.columns(buckets) if scope.releases is None else []
    statement = facts_statement(scope, columns)
    rows = connection.execute(statement, {**scope_ids(scope), "first": days[0], "last": days[1]}).all()
    if scope.releases is not None:
        return _of_releases(rows, released(connection, scope, buckets), len(buckets))
    at = range(STORED, STORED + len(columns))
    seats, flex = ([row for row in rows if row[4] == which] for which in (0, 1))
    counted = [slots.by_bucket(columns, some, at) for some in (seats, flex)]
    return Found(
        rows, slots.days(rows, at), [(counted[0].get(n, 0), counted[1].get(n, 0)) for n in range(len(buckets))]
    )


def let_go(rows: Sequence[Any]) -> None:
    """Free rows in pieces: 100,000 at once hold up every other thread for some hundredths of a second."""
    while rows and isinstance(rows, list):
        del rows[-_PIECE:]


_PIECE = 2_000


def facts_statement(scope: Scope, columns: Sequence[slots.Column]) -> Select[Any]:
    """Return the one statement behind every report."""
    origin = (
        func.coalesce(_a.origin, _r.origin),
        case((_a.origin.is_(None), func.coalesce(_r.group_name, "")), else_=_a.origin_group),
    )
    reported = (_a.reported_last, _a.reported_from, _a.reported_to, _a.reported_days, _a.reported_millitokens)
    return (
        select(
            *(_a.id, _a.team_id, _a.person_id, _a.product_id, _a.flex, _a.assigned, _a.assigned_on, _a.unassigned_on),
            *origin,
            _a.stale,
            _tokens(scope),
            _a.last_used,
            *reported,
            func.trim(_p.first_name + literal(" ") + _p.last_name),
            _p.email,
            *(_use(scope, column) for column in columns),
        )
        .select_from(schema.assignments)
        # Outer, although everybody is known: SQLite then starts from the assignments and not from all people.
        .outerjoin(schema.people, and_(_p.account_id == _a.account_id, _p.id == _a.person_id))
        .outerjoin(
            schema.assignment_rules,
            and_(_r.account_id == _a.account_id, _r.team_id == _a.team_id, _r.product_id == _a.product_id),
        )
        .where(*in_scope(scope))
    )


def _use(scope: Scope, column: slots.Column) -> Any:
    of_assignment = and_(
        _c.account_id == scope.account_id,
        _c.assignment_id == _a.id,
        _c.month.between(column[0].month, column[-1].month),
    )
    return select(slots.packed(column)).where(of_assignment).correlate(schema.assignments).scalar_subquery()


def _tokens(scope: Scope) -> Any:
    charged = select(func.sum(_t.millitokens)).where(
        _t.account_id == scope.account_id,
        _t.assignment_id == _a.id,
        _t.day.between(bindparam("first"), bindparam("last")),
    )
    return case((_a.flex == 1, charged.correlate(schema.assignments).scalar_subquery()), else_=null()).label(
        "millitokens"
    )


def in_scope(scope: Scope) -> list[Any]:
    """Return the conditions of a scope on assignments, whose ids are parameters (`scope_ids`)."""
    conditions: list[Any] = [_a.account_id == scope.account_id]
    for name, column in (
        ("teams", _a.team_id),
        ("products", _a.product_id),
        ("people", _a.person_id),
        ("assignments", _a.id),
    ):
        if getattr(scope, name) is not None:
            conditions.append(one_of(column, bindparam(name)))
    if scope.flex is not None:
        conditions.append(_a.flex == scope.flex)
    return conditions


def scope_ids(scope: Scope) -> dict[str, str]:
    """Return the parameters of `in_scope`, and those of its releases."""
    named = ("teams", "products", "people", "assignments", "releases")
    return {name: str(list(ids)) for name in named if (ids := getattr(scope, name)) is not None}


def released(connection: Connection, scope: Scope, buckets: Sequence[Windows]) -> Mapping[int, Mapping[int, int]]:
    """Count days under some releases only: assignment → bucket → days, for those with any.

    Their child products can share days, so each month is united before it is counted.
    """
    of_month = _by_month(buckets)
    united = (
        select(_c.assignment_id, _c.month, bit_or(_c.mask).label("mask"))
        .join(schema.assignments, and_(_a.account_id == _c.account_id, _a.id == _c.assignment_id))
        .where(_c.account_id == scope.account_id, _c.month.between(min(of_month), max(of_month)))
        .where(one_of(_c.release_id, bindparam("releases")), *in_scope(scope))
        .group_by(_c.assignment_id, _c.month)
    )
    found: dict[int, dict[int, int]] = {}
    for assignment_id, month, mask in connection.execute(united, scope_ids(scope)):
        for bucket, window in of_month.get(month, ()):
            if count := (mask & window).bit_count():
                counts = found.setdefault(assignment_id, {})
                counts[bucket] = counts.get(bucket, 0) + count
    return found


def _by_month(buckets: Sequence[Windows]) -> dict[int, list[tuple[int, int]]]:
    found: dict[int, list[tuple[int, int]]] = {}
    for number, bucket in enumerate(buckets):
        for month, mask in bucket.items():
            found.setdefault(month, []).append((number, mask))
    return found


def _of_releases(rows: Sequence[Any], used: Mapping[int, Mapping[int, int]], buckets: int) -> Found:
    """Only assignments with use under the releases are facts (docs/decisions.md)."""
    kept = [row for row in rows if row[0] in used]
    totals = [[0, 0] for _ in range(buckets)]
    for row in kept:
        for bucket, count in used[row[0]].items():
            totals[bucket][row[4]] += count
    return Found(kept, [sum(used[row[0]].values()) for row in kept], [(seats, flex) for seats, flex in totals])


def last_days_until(
    connection: Connection, account_id: int, ids: Sequence[int], until: tuple[int, int]
) -> dict[int, tuple[int, int]]:
    """Find for some assignments the newest (month, day of month) with use up to `until` (month, bits that count)."""
    month, bits = until
    statement = (
        select(_c.assignment_id, _c.month, _c.mask)
        .where(_c.account_id == account_id, one_of(_c.assignment_id, bindparam("ids")), _c.month <= month)
        .order_by(_c.assignment_id, _c.month)
    )
    newest: dict[int, tuple[int, int]] = {}
    for id_, rows in groupby(connection.execute(statement, {"ids": str(list(ids))}), key=lambda row: row[0]):
        seen = [(at, (mask & bits if at == month else mask).bit_length()) for _, at, mask in rows]
        newest[id_] = max((place for place in seen if place[1]), default=(0, 0))
    return newest
