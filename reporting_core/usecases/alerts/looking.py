"""What is so now, against the thresholds: tokens, packs, seats, the age of data, what waits. Decides nothing else."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any

from reporting_core.metrics import crossing, pools
from reporting_core.metrics.crossing import Crossing
from reporting_core.storage import alerting, digesting, seats
from reporting_core.storage.alerting import Place, Statement
from reporting_core.usecases.digests.books import Books
from reporting_core.usecases.digests.tokening import Lasting, TokenBooks
from reporting_core.words.alerts import AlertKind, AlertRule

SOON = 30
"""Days ahead within which tokens that run out are told where no pack says when it ends."""


@dataclass(frozen=True, slots=True)
class Observation:
    """What one look says about one thing, and the figures that it says it from."""

    place: Place
    crossing: Crossing
    value: Mapping[str, Any] = field(default_factory=dict)


@dataclass
class Look:
    """One look inside one snapshot."""

    books: Books
    rules: Mapping[AlertKind, AlertRule]
    now: datetime

    def all(self, kinds: Iterable[AlertKind]) -> Iterator[Observation]:
        """Say what is so, of some kinds."""
        for kind in kinds:
            yield from _LOOKS[kind](self)

    @cached_property
    def today(self) -> date:
        """The date of the look, in UTC."""
        return self.now.date()

    @cached_property
    def statements(self) -> dict[int, list[Statement]]:
        """The packs of each living team that have not ended."""
        found: dict[int, list[Statement]] = defaultdict(list)
        for each in alerting.newest_statements(self.books.connection, self.books.account_id):
            if each.team in self.books.teams and (each.ends is None or each.ends >= self.today.toordinal()):
                found[each.team].append(each)
        return found


def _tokens_low(look: Look) -> Iterator[Observation]:
    least = look.rules[AlertKind.TOKENS_LOW].threshold
    for team, packs in look.statements.items():
        left, bought = sum(each.left for each in packs), sum(each.bought for each in packs)
        value = {"left": left, "bought": bought, "stated": packs[0].stated}
        yield Observation((AlertKind.TOKENS_LOW, team, ""), crossing.tokens_low(left, bought, least), value)


def _run_out(look: Look) -> Iterator[Observation]:
    least, at = look.rules[AlertKind.RUN_OUT].threshold, look.today.toordinal()
    tokens = TokenBooks(look.books, sorted(look.statements), at, at)
    for team in look.statements:
        lasting = tokens.lasting(team)
        if lasting is not None and lasting.left:
            judged = crossing.run_out(_days_before(look, lasting, least), least)
            yield Observation((AlertKind.RUN_OUT, team, ""), judged, _figures(lasting))


def _days_before(look: Look, lasting: Lasting, least: int) -> int | None:
    run_out, renewal = lasting.forecast.run_out, lasting.forecast.renewal
    if run_out is None:
        return None
    if renewal is None:
        return least if (run_out - look.today).days <= SOON else None
    return (renewal - run_out).days


def _pack_ends(look: Look) -> Iterator[Observation]:
    least = look.rules[AlertKind.PACK_ENDS].threshold
    for team, packs in look.statements.items():
        for each in packs:
            if each.ends is not None and each.left > 0:
                judged = crossing.pack_ends(each.ends - look.today.toordinal(), least)
                place = (AlertKind.PACK_ENDS, team, f"{each.ends}")
                yield Observation(place, judged, {"left": each.left, "ends": each.ends})


def _seats_full(look: Look) -> Iterator[Observation]:
    least, known = look.rules[AlertKind.SEATS_FULL].threshold, look.books
    bought = digesting.pools_by_team(known.connection, known.account_id) or {}
    assigned = seats.assigned_counts(known.connection, known.account_id, list(known.teams))
    for team in bought.keys() & known.teams.keys():
        for product, count in _seats(look, bought[team]).items():
            held = assigned.get((team, product), 0)
            place = (AlertKind.SEATS_FULL, team, f"{product}")
            yield Observation(place, crossing.seats_full(count - held, least), {"bought": count, "assigned": held})


def _seats(look: Look, some: list[tuple[int, pools.Pool]]) -> dict[int, int]:
    """Add up the seats of each product whose term holds today; one that ended is no longer full."""
    found: dict[int, list[pools.Pool]] = defaultdict(list)
    for product, pool in some:
        found[product].append(pool)
    counts = {product: pools.seats(each, look.today) for product, each in found.items()}
    return {product: count for product, count in counts.items() if count}


def _data_stale(look: Look) -> Iterator[Observation]:
    living = [day for team, day in look.books.newest.items() if team in look.books.teams]
    if living:
        days = look.today.toordinal() - max(living)
        judged = crossing.over_days(days, look.rules[AlertKind.DATA_STALE].threshold)
        yield Observation((AlertKind.DATA_STALE, 0, ""), judged, {"through": max(living), "days": days})


def _tasks_waiting(look: Look) -> Iterator[Observation]:
    since = alerting.waiting(look.books.connection, look.books.account_id)
    least = look.rules[AlertKind.TASKS_WAITING].threshold
    late = [at for at in since if look.now - at > timedelta(days=least)]
    judged = Crossing.RAISED if late else Crossing.OVER
    value = {"count": len(late), "since": late[0].date().toordinal()} if late else {}
    yield Observation((AlertKind.TASKS_WAITING, 0, ""), judged, value)


_LOOKS: Mapping[AlertKind, Callable[[Look], Iterator[Observation]]] = {
    AlertKind.TOKENS_LOW: _tokens_low,
    AlertKind.RUN_OUT: _run_out,
    AlertKind.PACK_ENDS: _pack_ends,
    AlertKind.SEATS_FULL: _seats_full,
    AlertKind.DATA_STALE: _data_stale,
    AlertKind.TASKS_WAITING: _tasks_waiting,
}


OF_TIME = frozenset({AlertKind.DATA_STALE, AlertKind.TASKS_WAITING})
"""What can become so without new data, within a day."""


def _figures(lasting: Lasting) -> dict[str, Any]:
    outcome = lasting.forecast
    rate = lasting.rate
    return {
        "left": lasting.left,
        "stated": lasting.stated.toordinal(),
        "charged": lasting.charged,
        "days": lasting.days,
        "rate": None if rate is None else [rate.numerator, rate.denominator],
        "run_out": None if outcome.run_out is None else outcome.run_out.toordinal(),
        "renewal": None if outcome.renewal is None else outcome.renewal.toordinal(),
        "lost": int(outcome.lost),
    }
