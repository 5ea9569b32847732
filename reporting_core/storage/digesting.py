"""Statements for many digests at once: use by week, tokens and seats bought of each team, in one pass over all."""

from collections.abc import Mapping, Sequence
from itertools import groupby
from operator import itemgetter
from typing import Any

from sqlalchemy import Connection, and_, bindparam, func, select

from reporting_core.metrics.pools import Pool
from reporting_core.storage import schema, slots
from reporting_core.storage.dialects import one_of
from reporting_core.storage.facts import let_go

_a, _c, _t, _s, _teams = (
    schema.assignments.c,
    schema.calendar.c,
    schema.token_days.c,
    schema.subscriptions.c,
    schema.teams.c,
)

Buckets = Sequence[Mapping[int, int]]
Counts = tuple[tuple[int, int], ...]
"""(subscription, flex) usage days of each bucket."""


def use_by_team(connection: Connection, account_id: int, teams: Sequence[int], buckets: Buckets) -> dict[int, Counts]:
    """Count usage days of each team in buckets (month → bits of the days that count)."""
    columns = slots.columns(buckets)
    statement = (
        select(_a.team_id, _a.flex, *(_use(account_id, column) for column in columns))
        .where(_a.account_id == account_id, one_of(_a.team_id, bindparam("teams")))
        .order_by(_a.team_id)
    )
    rows = connection.execute(statement, {"teams": str(list(teams))}).all()
    at = range(2, 2 + len(columns))
    found = {team: _counts(columns, list(some), at, len(buckets)) for team, some in groupby(rows, key=itemgetter(0))}
    let_go(rows)
    return found


def _use(account_id: int, column: slots.Column) -> Any:
    of_assignment = and_(
        _c.account_id == account_id,
        _c.assignment_id == _a.id,
        _c.month.between(column[0].month, column[-1].month),
    )
    return select(slots.packed(column)).where(of_assignment).correlate(schema.assignments).scalar_subquery()


def _counts(columns: Sequence[slots.Column], rows: Sequence[Any], at: range, buckets: int) -> Counts:
    seats, flex = (slots.by_bucket(columns, [row for row in rows if row[1] == which], at) for which in (0, 1))
    return tuple((seats.get(number, 0), flex.get(number, 0)) for number in range(buckets))


def taken_after(connection: Connection, account_id: int, day: int) -> dict[int, list[int]]:
    """Return the days after `day` on which seats of each team were unassigned that still are, by team (ordinals)."""
    statement = select(_a.team_id, _a.unassigned_on).where(
        _a.account_id == account_id, _a.flex == 0, _a.assigned == 0, _a.unassigned_on > day
    )
    found: dict[int, list[int]] = {}
    for team, unassigned_on in connection.execute(statement):
        found.setdefault(team, []).append(unassigned_on)
    return found


def charged_by_team(
    connection: Connection, account_id: int, teams: Sequence[int], days: tuple[int, int]
) -> dict[int, dict[int, int]]:
    """Add up the tokens of each team and day of [first, last], in thousandths; only Flex is charged."""
    statement = (
        select(_a.team_id, _t.day, func.sum(_t.millitokens))
        .join(schema.assignments, and_(_a.account_id == _t.account_id, _a.id == _t.assignment_id))
        .where(_t.account_id == account_id, _t.day.between(*days), _a.flex == 1)
        .where(one_of(_a.team_id, bindparam("teams")))
        .group_by(_a.team_id, _t.day)
    )
    found: dict[int, dict[int, int]] = {}
    for team, day, millitokens in connection.execute(statement, {"teams": str(list(teams))}):
        found.setdefault(team, {})[day] = int(millitokens)
    return found


def pools_by_team(connection: Connection, account_id: int) -> dict[int, list[tuple[int, Pool]]] | None:
    """Load the seats bought by each team as (product, pool); None when no Subscriptions export was loaded."""
    statement = select(_s.team_id, _s.product_id, _s.seats, _s.starts, _s.ends).where(_s.account_id == account_id)
    found: dict[int, list[tuple[int, Pool]]] = {}
    for team, product, *pool in connection.execute(statement):
        found.setdefault(team, []).append((product, Pool(*pool)))
    return found or None


def merged_names(connection: Connection, account_id: int) -> dict[int, str]:
    """Load the names of the teams that were merged into others, as they were spelt last."""
    statement = select(_teams.id, _teams.name).where(_teams.account_id == account_id, _teams.merged_into.is_not(None))
    return {id_: name for id_, name in connection.execute(statement)}  # noqa: C416 - rows are no plain pairs
