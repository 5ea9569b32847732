"""Many counts in few integers: the use of an assignment in every bucket of a chart, from one pass over its calendar.

A month has at most 31 days, so eight counts stand in one integer of 64 bits, a byte each. One column of a statement
then counts eight months, and the bytes of all rows, added up, are the chart.
"""

import sys
from array import array
from collections.abc import Mapping, Sequence
from functools import reduce
from itertools import groupby
from operator import itemgetter
from typing import Any, NamedTuple

from sqlalchemy import BigInteger, ColumnElement, Integer, case, cast, func, literal

from reporting_core.metrics.calendar import month_length
from reporting_core.storage import schema
from reporting_core.storage.dialects import popcount

AT_ONCE = 8
_c = schema.calendar.c


class Slot(NamedTuple):
    """The days of one bucket in one month."""

    month: int
    mask: int
    bucket: int

    @property
    def whole(self) -> bool:
        """Tell whether every day of the month counts."""
        return self.mask == (1 << month_length(self.month)) - 1


Column = tuple[Slot, ...]
"""Up to eight slots that share an integer, in order of months; the first is the lowest byte."""

_Place = tuple[int, Slot]


def columns(buckets: Sequence[Mapping[int, int]]) -> list[Column]:
    """Lay the months of all buckets (month → mask of the days that count) out in columns."""
    slots = sorted(
        Slot(month, mask, number) for number, one in enumerate(buckets) for month, mask in one.items() if mask
    )
    return [tuple(slots[start : start + AT_ONCE]) for start in range(0, len(slots), AT_ONCE)]


def packed(column: Column) -> ColumnElement[int]:
    """Sum of a column's counts over calendar rows.

    A day is in `own` of one row only, so no byte spills into the next.
    """
    by_month = [list(some) for _, some in groupby(enumerate(column), key=lambda place: place[1].month)]
    whole = [places[0] for places in by_month if len(places) == 1 and places[0][1].whole]
    cut = [places for places in by_month if places[0] not in whole]
    branches = [_run(whole)] if whole else []
    branches += [(_c.month == places[0][1].month, _counts(places)) for places in cut]
    return func.coalesce(cast(func.sum(case(*branches, else_=0)), BigInteger), 0)


def _run(places: Sequence[_Place]) -> tuple[ColumnElement[bool], ColumnElement[int]]:
    """Whole months, one beside the other, need no counting of bits and no branch for each of them."""
    place, first = places[0]
    byte = _c.month - (first.month - place)
    return _c.month.between(first.month, places[-1][1].month), cast(_c.days, BigInteger).op("<<")(byte * 8)


def _counts(places: Sequence[_Place]) -> ColumnElement[int]:
    return reduce(lambda one, other: one + other, (_count(slot.mask).op("<<")(_bits(8 * at)) for at, slot in places))


def _count(mask: int) -> ColumnElement[int]:
    if mask.bit_count() == 1:
        return _c.own.op(">>")(_bits(mask.bit_length() - 1)).op("&")(1)
    return popcount(_c.own.op("&")(mask))


def _bits(count: int) -> ColumnElement[int]:
    # PostgreSQL shifts by an INTEGER only, whatever is shifted.
    return literal(count, Integer)


def days(rows: Sequence[Any], at: range) -> list[int]:
    """Count the days of each row, whose packed columns stand at `at`.

    The remainder by 255 is the sum of the bytes, as casting out nines sums digits; it is below 255, since eight months
    have at most 248 days.
    """
    if len(at) == 1:
        return [row[at[0]] % 255 for row in rows]
    found = [0] * len(rows)
    for place in at:
        found = [known + row[place] % 255 for known, row in zip(found, rows, strict=True)]
    return found


def by_bucket(laid_out: Sequence[Column], rows: Sequence[Any], at: range) -> dict[int, int]:
    """Add up all rows: bucket → days."""
    totals: dict[int, int] = {}
    for column, place in zip(laid_out, at, strict=True):
        content = array("q", map(itemgetter(place), rows))
        if sys.byteorder == "big":
            content.byteswap()
        counts = content.tobytes()
        for byte, slot in enumerate(column):
            totals[slot.bucket] = totals.get(slot.bucket, 0) + sum(counts[byte::AT_ONCE])
    return totals
