"""Facts from SQL: one row for each assignment in scope, use counted under the window masks.

And use in buckets for a chart.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, Select, and_, bindparam, case, func, literal, null, select

from reporting_core.storage import schema
from reporting_core.storage.dialects import bit_or, one_of, popcount

_a, _c, _t, _p, _r = (
    schema.assignments.c,
    schema.calendar.c,
    schema.token_days.c,
    schema.people.c,
    schema.assignment_rules.c,
)

Windows = Mapping[int, int]
"""month → bits of its days that count."""


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


def facts(connection: Connection, scope: Scope, windows: Windows, days: tuple[int, int]) -> Sequence[Any]:
    """Fetch rows of assignments with their use; `days` is the period in ordinals, for tokens.

    Columns: id, team, person, product, flex, assigned, assigned on, unassigned on, origin, origin group, stale, days,
    millitokens, last used,
    reported last/from/to/days/millitokens, first name, last name, e-mail); `days` is the period in ordinals, for
    tokens.
    """
    return (
        connection.execute(facts_statement(scope, windows), {**_ids(scope), "first": days[0], "last": days[1]})
        .tuples()
        .all()
    )


def facts_statement(scope: Scope, windows: Windows) -> Select[Any]:
    """Return the one statement behind every report."""
    columns = (_a.id, _a.team_id, _a.person_id, _a.product_id, _a.flex, _a.assigned, _a.assigned_on, _a.unassigned_on)
    origin = (
        func.coalesce(_a.origin, _r.origin),
        case((_a.origin.is_(None), func.coalesce(_r.group_name, "")), else_=_a.origin_group),
    )
    reported = (_a.reported_last, _a.reported_from, _a.reported_to, _a.reported_days, _a.reported_millitokens)
    return (
        select(
            *columns,
            *origin,
            _a.stale,
            _days(scope, windows),
            _tokens(scope),
            _a.last_used,
            *reported,
            _p.first_name,
            _p.last_name,
            _p.email,
        )
        .select_from(schema.assignments)
        .join(schema.people, and_(_p.account_id == _a.account_id, _p.id == _a.person_id))
        .outerjoin(
            schema.assignment_rules,
            and_(_r.account_id == _a.account_id, _r.team_id == _a.team_id, _r.product_id == _a.product_id),
        )
        .where(*_in_scope(scope))
    )


def _days(scope: Scope, windows: Windows) -> Any:
    of_assignment = and_(
        _c.account_id == scope.account_id, _c.assignment_id == _a.id, _c.month.between(min(windows), max(windows))
    )
    if scope.releases is not None:
        return literal(0).label("days")  # `release_days` counts them
    counted = select(func.coalesce(func.sum(popcount(_c.own.op("&")(_window(windows)))), 0)).where(of_assignment)
    return counted.correlate(schema.assignments).scalar_subquery().label("days")


def _window(windows: Windows) -> Any:
    whole = 0x7FFFFFFF
    first, last = min(windows), max(windows)
    return case(
        (_c.month == first, literal(windows[first])), (_c.month == last, literal(windows[last])), else_=literal(whole)
    )


def _tokens(scope: Scope) -> Any:
    charged = select(func.sum(_t.millitokens)).where(
        _t.account_id == scope.account_id,
        _t.assignment_id == _a.id,
        _t.day.between(bindparam("first"), bindparam("last")),
    )
    return case((_a.flex == 1, charged.correlate(schema.assignments).scalar_subquery()), else_=null()).label(
        "millitokens"
    )


def _in_scope(scope: Scope) -> list[Any]:
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


def _ids(scope: Scope) -> dict[str, str]:
    named = ("teams", "products", "people", "assignments", "releases")
    return {name: str(list(ids)) for name in named if (ids := getattr(scope, name)) is not None}


def release_days(connection: Connection, scope: Scope, windows: Windows) -> dict[int, int]:
    """Count days under some releases only.

    Their child products can share days, so each month is united before it is counted.
    """
    united = (
        select(_c.assignment_id, _c.month, bit_or(_c.mask).label("mask"))
        .join(schema.assignments, and_(_a.account_id == _c.account_id, _a.id == _c.assignment_id))
        .where(_c.account_id == scope.account_id, _c.month.between(min(windows), max(windows)))
        .where(one_of(_c.release_id, bindparam("releases")), *_in_scope(scope))
        .group_by(_c.assignment_id, _c.month)
    )
    days: dict[int, int] = {}
    for assignment_id, month, mask in connection.execute(united, _ids(scope)):
        days[assignment_id] = days.get(assignment_id, 0) + (mask & windows.get(month, 0)).bit_count()
    return days


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


def bucket_counts(connection: Connection, scope: Scope, buckets: Sequence[Windows]) -> list[tuple[int, int]]:
    """Count usage days of all assignments in scope under each bucket's masks: (subscription, flex) for each."""
    slots: dict[int, list[tuple[int, int]]] = {}
    for number, bucket in enumerate(buckets):
        for month, mask in bucket.items():
            slots.setdefault(month, []).append((number, mask))
    rows = connection.execute(_buckets_statement(scope, slots), _ids(scope)).all()
    totals = [[0, 0] for _ in buckets]
    for flex, month, *sums in rows:
        for (number, _mask), count in zip(slots[month], sums, strict=False):
            totals[number][flex] += int(count or 0)
    return [(subscription, flex) for subscription, flex in totals]


def _buckets_statement(scope: Scope, slots: Mapping[int, Sequence[tuple[int, int]]]) -> Select[Any]:
    width = max(len(some) for some in slots.values())
    columns = []
    for index in range(width):
        masks = {month: some[index][1] for month, some in slots.items() if index < len(some)}
        mask = case(masks, value=_c.month, else_=0)
        single = all(each.bit_count() == 1 for each in masks.values())
        under = _c.own.op("&")(mask)
        columns.append(func.sum(case((under != 0, 1), else_=0) if single else popcount(under)).label(f"slot_{index}"))
    conditions = _in_scope(scope)
    if scope.releases is not None:
        conditions.append(one_of(_c.release_id, bindparam("releases")))
    return (
        select(_a.flex, _c.month, *columns)
        .join(schema.calendar, and_(_c.account_id == _a.account_id, _c.assignment_id == _a.id))
        .where(*conditions, _c.account_id == scope.account_id, _c.month.between(min(slots), max(slots)))
        .group_by(_a.flex, _c.month)
    )
