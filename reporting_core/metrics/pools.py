"""What was bought: seats whose term holds a date, and tokens left. Known for whole teams and products only."""

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple


class Pool(NamedTuple):
    """Seats bought with one subscription for a term [starts, ends], both included (ordinals); None = open there."""

    seats: int
    starts: int | None
    ends: int | None


class Balance(NamedTuple):
    """Tokens left (in thousandths) of one pack of a team, as stated on `as_of`; days are ordinals, None = unstated."""

    team_id: int
    remaining: int
    expires_on: int | None
    as_of: int | None


class Left(NamedTuple):
    """Thousandths of tokens left and the newest day on which a team stated them; None = nobody did."""

    millitokens: int | None
    stated_on: int | None


def seats(pools: Iterable[Pool], as_of: date) -> int:
    """Seats whose term holds the as-of date. The term alone decides: “Expired” is as of the export, not of then."""
    at = as_of.toordinal()
    return sum(pool.seats for pool in pools if _holds(pool, at))


def _holds(pool: Pool, at: int) -> bool:
    return (pool.starts is None or pool.starts <= at) and (pool.ends is None or at <= pool.ends)


def left(balances: Iterable[Balance], as_of: date) -> Left:
    """Tokens left: each team's newest statement, all packs in it, without packs that ended before the as-of date."""
    known = list(balances)
    if not known:
        return Left(None, None)
    newest: dict[int, int] = {}
    for each in known:
        newest[each.team_id] = max(newest.get(each.team_id, 0), each.as_of or 0)
    at = as_of.toordinal()
    current = [each for each in known if (each.as_of or 0) == newest[each.team_id]]
    total = sum(each.remaining for each in current if each.expires_on is None or each.expires_on >= at)
    return Left(total, max(newest.values()) or None)
