"""Use of each day, over all assignments of a scope: what a chart shows, day by day. Nobody's name is in it."""

import sys
from array import array
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from operator import itemgetter
from typing import Any

from sqlalchemy import BigInteger, Connection, Select, and_, bindparam, cast, func, select

from reporting_core.metrics.calendar import days as days_of
from reporting_core.metrics.calendar import month_start
from reporting_core.storage import schema
from reporting_core.storage.dialects import bit_or, one_of
from reporting_core.storage.facts import Scope, Windows, in_scope, scope_ids

_a, _c, _t = schema.assignments.c, schema.calendar.c, schema.token_days.c
_BITS = 31
"""Of a month; two months fit into a number of 64 bits."""

Counts = dict[int, tuple[int, int]]
"""Day → assignments used on it: (under Subscription, under Flex)."""


def used(connection: Connection, scope: Scope, windows: Windows) -> Counts:
    """Count the days that `windows` shows (month → bits of its days)."""
    return (_of_all if scope.releases is None else _of_releases)(connection, scope, windows)


def use_statement(scope: Scope, pairs: Sequence[Sequence[int]]) -> Select[Any]:
    """Return the statement that fetches the masks of each assignment, two months to a column.

    Months of one assignment add up: a day is in `own` of one row only.
    """
    return select(_a.flex, *map(_masks, pairs)).where(*in_scope(scope))


def _masks(months: Sequence[int]) -> Any:
    place = (_c.month - months[0]) * _BITS
    return (
        select(func.coalesce(cast(func.sum(_c.own.op("<<")(place)), BigInteger), 0))
        .where(
            _c.account_id == _a.account_id,
            _c.assignment_id == _a.id,
            _c.month.between(months[0], months[-1]),
        )
        .correlate(schema.assignments)
        .scalar_subquery()
    )


def _of_all(connection: Connection, scope: Scope, windows: Windows) -> Counts:
    months = sorted(windows)
    pairs = [months[place : place + 2] for place in range(0, len(months), 2)]
    rows = connection.execute(use_statement(scope, pairs), scope_ids(scope)).all()
    found: Counter[tuple[int, int]] = Counter()
    for flex in (0, 1):
        some = [row for row in rows if row[0] == flex]
        for column, pair in enumerate(pairs, 1):
            counts = _bit_counts(map(itemgetter(column), some), len(some))
            for place, month in enumerate(pair):
                start = month_start(month).toordinal()
                for day in days_of(month, windows[month]):
                    found[day, flex] += counts(place * _BITS + day - start)
    return _paired(found)


def _bit_counts(masks: Iterable[int], count: int) -> Callable[[int], int]:
    """Return how to count in how many masks a bit is set: all of them are one long number, looked at through a grid."""
    laid_out = array("q", masks)
    if sys.byteorder == "big":
        laid_out.byteswap()
    whole = int.from_bytes(laid_out.tobytes(), "little")
    grid = int.from_bytes((1).to_bytes(laid_out.itemsize, "little") * count, "little")
    return lambda bit: (whole & grid << bit).bit_count()


def _of_releases(connection: Connection, scope: Scope, windows: Windows) -> Counts:
    """Child products can share days under one release, so each assignment's month is united before it is counted."""
    statement = (
        _calendar(scope, windows, _c.month, _a.flex, bit_or(_c.mask))
        .where(one_of(_c.release_id, bindparam("releases")))
        .group_by(_c.assignment_id, _c.month, _a.flex)
    )
    found: Counter[tuple[int, int]] = Counter()
    for month, flex, mask in connection.execute(statement, scope_ids(scope)):
        found.update((day, flex) for day in days_of(month, mask & windows[month]))
    return _paired(found)


def _paired(found: Counter[tuple[int, int]]) -> Counts:
    return {day: (found[day, 0], found[day, 1]) for day, _flex in found}


def _calendar(scope: Scope, windows: Windows, *columns: Any) -> Select[Any]:
    of_assignment = and_(_a.account_id == _c.account_id, _a.id == _c.assignment_id)
    return (
        select(*columns)
        .select_from(schema.calendar)
        .join(schema.assignments, of_assignment)
        .where(_c.account_id == scope.account_id, _c.month.in_(list(windows)), *in_scope(scope))
    )


def charged(connection: Connection, scope: Scope, days: tuple[int, int]) -> dict[int, int]:
    """Add up the tokens of each day of [first, last], in thousandths; only Flex is charged, whatever was loaded."""
    statement = (
        select(_t.day, func.sum(_t.millitokens))
        .join(schema.assignments, and_(_a.account_id == _t.account_id, _a.id == _t.assignment_id))
        .where(_t.account_id == scope.account_id, _t.day.between(*days), _a.flex == 1, *in_scope(scope))
        .group_by(_t.day)
    )
    return {day: int(millitokens) for day, millitokens in connection.execute(statement, scope_ids(scope))}
