"""How long tokens last: packs are used in the order in which they end, at the pace of the last four weeks."""

from collections.abc import Iterable
from datetime import date
from fractions import Fraction
from math import ceil, inf
from typing import NamedTuple

RATE_DAYS = 28
"""Days the pace is taken from: whole weeks, so that each has its weekends."""
LEAST_DAYS = 14
"""Days with data of them that a pace needs."""


class Pack(NamedTuple):
    """Thousandths of tokens left in a pack, and the ordinal of the last day on which they can be used (None: never)."""

    remaining: int
    ends: int | None


class Forecast(NamedTuple):
    """`run_out` is the day on which the last token is used; None where the packs end first, or nothing is used.

    `renewal` is the end of the last pack, `lost` the thousandths that ends of packs take away unused.
    """

    run_out: date | None
    renewal: date | None
    lost: Fraction


def forecast(packs: Iterable[Pack], stated: date, rate: Fraction) -> Forecast:
    """Say how long packs, as stated at the end of a day, last at a rate of thousandths a day."""
    first = stated.toordinal()
    left = sorted((pack for pack in packs if pack.remaining > 0), key=lambda pack: (pack.ends or inf, pack.remaining))
    if not left:
        return Forecast(stated, None, Fraction(0))
    ends = left[-1].ends
    renewal = None if ends is None else date.fromordinal(ends)
    if not rate:
        return Forecast(None, renewal, Fraction(0 if ends is None else sum(pack.remaining for pack in left)))
    days, lost, used_up = Fraction(0), Fraction(0), False
    for pack in left:
        room = None if pack.ends is None else max(pack.ends - first - days, Fraction(0)) * rate
        used_up = room is None or pack.remaining <= room
        taken = Fraction(pack.remaining) if room is None or used_up else room
        lost += pack.remaining - taken
        days += taken / rate
    return Forecast(date.fromordinal(first + ceil(days)) if used_up else None, renewal, lost)
