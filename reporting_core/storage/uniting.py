"""Makes two assignments one (days: union; tokens: sum.

Assigned if either is, on the earlier date), for people and for teams.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, delete, func, insert, select, update

from reporting_core.metrics.replacing import Series, own_bits
from reporting_core.storage import schema
from reporting_core.storage.acting import exemptions, seat_actions
from reporting_core.storage.calendars import refresh_last_used


def unite_people(connection: Connection, account_id: int, same: Mapping[int, int]) -> None:
    """Give everything of some people to the persons they turned out to be."""
    for old, new in same.items():
        move_assignments(connection, account_id, {"person_id": (old, new)})
        for table in (exemptions, seat_actions):
            where = (table.c.account_id == account_id, table.c.person_id == old)
            connection.execute(update(table).where(*where).values(person_id=new))
        for table, keys in ((schema.roles, ("team_id", "role")), (schema.group_members, ("group_id", "source"))):
            _move_links(connection, account_id, table, keys, (old, new))


def _move_links(
    connection: Connection, account_id: int, table: Any, keys: tuple[str, ...], pair: tuple[int, int]
) -> None:
    old, new = pair
    t = table.c
    columns = [t[key] for key in keys]
    has = {
        tuple(row) for row in connection.execute(select(*columns).where(t.account_id == account_id, t.person_id == new))
    }
    for row in connection.execute(select(*columns).where(t.account_id == account_id, t.person_id == old)).all():
        where = [
            t.account_id == account_id,
            t.person_id == old,
            *(t[key] == value for key, value in zip(keys, row, strict=True)),
        ]
        change = delete(table) if tuple(row) in has else update(table).values(person_id=new)
        connection.execute(change.where(*where))


def move_assignments(connection: Connection, account_id: int, change: Mapping[str, tuple[int, int]]) -> dict[int, int]:
    """Move all assignments of one person or team to another.

    Returns those that became one with another, from id to id.
    """
    ((column, (old, new)),) = change.items()
    a = schema.assignments
    moving = connection.execute(select(a).where(a.c.account_id == account_id, a.c[column] == old)).mappings().all()
    there = connection.execute(select(a).where(a.c.account_id == account_id, a.c[column] == new)).mappings().all()
    keys = [key for key in ("team_id", "person_id", "product_id", "flex") if key != column]
    targets = {tuple(row[key] for key in keys): row for row in there}
    united = {}
    for row in moving:
        target = targets.get(tuple(row[key] for key in keys))
        if target is None:
            connection.execute(update(a).where(a.c.id == row["id"]).values({column: new}))
        else:
            _unite(connection, account_id, dict(row), dict(target))
            united[row["id"]] = target["id"]
    refresh_last_used(connection, account_id, dict.fromkeys(united.values(), 0))
    return united


def _unite(connection: Connection, account_id: int, old: Mapping[str, Any], new: Mapping[str, Any]) -> None:
    _unite_calendars(connection, account_id, old["id"], new["id"])
    _unite_tokens(connection, account_id, old["id"], new["id"])
    a = schema.assignments
    connection.execute(update(a).where(a.c.id == new["id"]).values(_united_values(old, new)))
    connection.execute(delete(a).where(a.c.id == old["id"]))


def _united_values(old: Mapping[str, Any], new: Mapping[str, Any]) -> dict[str, Any]:
    """Assigned if either is, on the earlier date (domain.md §6, team merge)."""
    first, second = sorted((old, new), key=lambda row: row["assigned"] or 0, reverse=True)
    dates = [row["assigned_on"] for row in (first, second) if row["assigned_on"] is not None]
    values: dict[str, Any] = {
        "assigned": first["assigned"],
        "assigned_on": min(dates, default=None),
        "unassigned_on": first["unassigned_on"],
        "origin": first["origin"] or second["origin"],
        "origin_group": first["origin_group"] or second["origin_group"],
        "stale": min(old["stale"], new["stale"]),
        "exported_on": max(old["exported_on"], new["exported_on"]),
    }
    return values | _united_figures([row for row in (old, new) if row["reported_to"] is not None])


_FIGURES = ("reported_last", "reported_from", "reported_to", "reported_days", "reported_millitokens")


def _united_figures(told: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """What reports say of both together: days are a union only where the others have none, sums need one range."""
    if len(told) < 2:  # noqa: PLR2004 - both
        return {name: told[0][name] if told else None for name in _FIGURES}
    same_range = len({(row["reported_from"], row["reported_to"]) for row in told}) == 1
    used = [row["reported_days"] for row in told if row["reported_days"]]
    days = (used[0] if used else 0) if len(used) < 2 and all(row["reported_days"] is not None for row in told) else None  # noqa: PLR2004
    tokens = [row["reported_millitokens"] for row in told if row["reported_millitokens"] is not None]
    return {
        "reported_last": max((row["reported_last"] for row in told if row["reported_last"] is not None), default=None),
        "reported_from": told[0]["reported_from"] if same_range else None,
        "reported_to": min(row["reported_to"] for row in told),
        "reported_days": days if same_range else None,
        "reported_millitokens": sum(tokens) if tokens and same_range else None,
    }


def _unite_calendars(connection: Connection, account_id: int, old: int, new: int) -> None:
    c = schema.calendar
    columns = (c.c.month, c.c.product_id, c.c.release_id, c.c.source, c.c.mask)
    both = (c.c.account_id == account_id, c.c.assignment_id.in_((old, new)))
    months: dict[int, dict[Series, int]] = defaultdict(dict)
    for month, product, release, source, mask in connection.execute(select(*columns).where(*both)):
        series = (product, release, source)
        months[month][series] = months[month].get(series, 0) | mask
    connection.execute(delete(c).where(*both))
    rows = [
        _calendar_row((account_id, new, month), series, masks) for month, masks in months.items() for series in masks
    ]
    if rows:
        connection.execute(insert(c), rows)


def _calendar_row(place: tuple[int, int, int], series: Series, masks: Mapping[Series, int]) -> dict[str, int]:
    account_id, assignment_id, month = place
    own = own_bits(masks)[series]
    product, release, source = series
    return {
        "account_id": account_id,
        "assignment_id": assignment_id,
        "month": month,
        "product_id": product,
        "release_id": release,
        "source": source,
        "mask": masks[series],
        "own": own,
        "days": own.bit_count(),
    }


def _unite_tokens(connection: Connection, account_id: int, old: int, new: int) -> None:
    t = schema.token_days
    both = (t.c.account_id == account_id, t.c.assignment_id.in_((old, new)))
    sums = connection.execute(select(t.c.day, func.sum(t.c.millitokens)).where(*both).group_by(t.c.day)).all()
    connection.execute(delete(t).where(*both))
    rows = [
        {"account_id": account_id, "assignment_id": new, "day": day, "millitokens": int(amount)} for day, amount in sums
    ]
    if rows:
        connection.execute(insert(t), rows)
