"""Turns stored rows into facts: what is certain about each assignment in a period, with the gaps of its team's data."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple, Protocol

from reporting_core.metrics import buckets
from reporting_core.metrics.calendar import month_number, month_start, window
from reporting_core.metrics.evidence import Span, Stored, TeamData, Use, gaps, use
from reporting_core.metrics.replacing import Source, spans
from reporting_core.storage import facts as sql
from reporting_core.storage.covering import Known
from reporting_core.storage.engines import Connection
from reporting_core.storage.facts import Scope, Windows
from reporting_core.storage.teams import Team
from reporting_core.words.report import Fact, Period
from reporting_core.words.terms import Access, Origin

_ACCESS = (Access.SUBSCRIPTION, Access.FLEX)
_TUPLE: Callable[[type[Fact], tuple[Any, ...]], Fact] = tuple.__new__
_ORIGIN: dict[str | None, Origin] = {None: Origin.UNKNOWN, **{str(origin): origin for origin in Origin}}


@dataclass(frozen=True)
class Data:
    """What is loaded of the teams in question, cut at the as-of date (`at`, an ordinal)."""

    teams: Mapping[int, Team]
    known: Known
    period: Period
    at: int

    @cached_property
    def days(self) -> Span:
        """First and last day that count, as ordinals: use after the as-of date is left out."""
        return self.period.first.toordinal(), min(self.period.last.toordinal(), self.at)

    @cached_property
    def whole(self) -> Span:
        """First and last day of the period, as ordinals."""
        return self.period.first.toordinal(), self.period.last.toordinal()

    @cached_property
    def windows(self) -> Windows:
        """Bits of the days that count, by month."""
        _first, last = self.days
        return window(self.period.first, min(self.period.last, type(self.period.last).fromordinal(last))) or {
            month_number(self.period.first): 0
        }

    @cached_property
    def buckets(self) -> list[Windows]:
        """The same days, cut at the points of the chart."""
        _grain, spans = buckets.buckets(self.period)
        return [
            {month: bits & self.windows.get(month, 0) for month, bits in one.items()} for one in buckets.windows(spans)
        ]

    @cached_property
    def of_team(self) -> Mapping[tuple[int, int], TeamData]:
        """What is loaded of each team for Subscription (0) and Flex (1)."""
        return {(team, flex): self._team(team, flex) for team in self.teams for flex in (0, 1)}

    def _team(self, team: int, flex: int) -> TeamData:
        sources = (Source.USAGE, Source.TOKEN if flex else Source.SEAT)
        covered = spans([piece for source in sources for piece in self.known.get((team, source), ())])
        counted = [(first, min(last, self.at)) for first, last in covered if first <= self.at]
        # The days after the as-of date are a gap, too: nothing is known of them.
        holes = gaps(counted, *self.whole)
        return TeamData(bool(covered), holes, holes == (self.whole,), tuple(covered))

    def gaps(self, team: int) -> tuple[Span, ...]:
        """Days of the period without daily data on a team's seats; none where a Usage Report alone decides."""
        data = self.of_team[team, 0]
        return data.gaps if data.daily else ()

    @cached_property
    def certain(self) -> frozenset[tuple[int, int]]:
        """Teams, for Subscription (0) and Flex (1), whose daily data has every day: the calendar alone decides."""
        return frozenset(place for place, loaded in self.of_team.items() if loaded.daily and not loaded.gaps)

    @cached_property
    def charged(self) -> frozenset[int]:
        """Teams with Token Usage of any day of the period."""
        first, last = self.days
        pieces = {team: self.known.get((team, Source.TOKEN), ()) for team in self.teams}
        return frozenset(
            team for team, some in pieces.items() if any(one.first <= last and one.last >= first for one in some)
        )

    @cached_property
    def reported(self) -> frozenset[int]:
        """Teams with a Usage Report: whom it does not list has no seat."""
        return frozenset(id_ for id_, team in self.teams.items() if team.reported_on is not None)


class FactSource(Protocol):
    """The seam behind which facts come from SQL, or from wherever else they can be had."""

    def facts(
        self, connection: Connection, scope: Scope, buckets: Sequence[Windows], days: tuple[int, int], /
    ) -> sql.Found:
        """Return a row for each assignment in scope, with its use (see `storage.facts.facts`)."""
        ...


class Gathered(NamedTuple):
    """The facts of a scope, and their usage days at each point of the chart: (subscription, flex)."""

    facts: list[Fact]
    buckets: Sequence[tuple[int, int]]


def gather(source: FactSource, connection: Connection, scope: Scope, data: Data, *, dated: bool = True) -> Gathered:
    """Fetch the facts of a scope. With releases set, only assignments with use under them are facts.

    Without `dated`, last accessed may be later than the as-of date, where it does not decide a status: for an as-of
    date in the past it has to be looked for in the whole calendar.
    """
    found = source.facts(connection, scope, data.buckets, data.days)
    rows = found.rows if dated else [row for row in found.rows if (row[1], row[4]) not in data.certain]
    older = _last_used_then(connection, scope, data, rows)
    facts = list(_facts(found, data, older))
    sql.let_go(rows)
    sql.let_go(found.rows)
    return Gathered(facts, found.buckets)


def _last_used_then(connection: Connection, scope: Scope, data: Data, rows: Sequence[Any]) -> dict[int, int | None]:
    """For an as-of date in the past: the last use until then of assignments that were used later, too."""
    later = [row[0] for row in rows if row[12] is not None and row[12] > data.at]
    if not later:
        return {}
    at = type(data.period.first).fromordinal(data.at)
    newest = sql.last_days_until(connection, scope.account_id, later, (month_number(at), (1 << at.day) - 1))
    return {
        id_: month_start(month).toordinal() + day - 1 if day else None
        for id_ in later
        for month, day in [newest.get(id_, (0, 0))]
    }


def _facts(found: sql.Found, data: Data, older: Mapping[int, int | None]) -> Iterator[Fact]:
    certain, reported = data.certain, data.reported
    days: int | None
    used: int | None
    for row, counted in zip(found.rows, found.days, strict=True):
        id_, team, person, product, flex, assigned, assigned_on, unassigned_on, origin, group, stale = row[:11]
        charged, last_used, reported_last = row[11:14]
        if older:
            last_used = older.get(id_, last_used)
        if (team, flex) in certain and (reported_last is None or reported_last == last_used):
            # What most facts are; `use` would say the same.
            days, used, last = counted, 1 if counted else 0, last_used
        else:
            days, used, last = _use(row, counted, last_used, data)
        tokens: int | None = _millitokens(data, row, charged, used) if flex else 0
        if assigned is None and team in reported:
            assigned = 0
        name, email = row[18], row[19]
        # `Fact(...)` by way of the tuple it is: a third of the time, for each of 100,000.
        yield _TUPLE(Fact, (
            id_, team, person, product, _ACCESS[flex], assigned, assigned_on, unassigned_on, _ORIGIN[origin], group,
            stale, days, used, tokens, last, name or email or "", email,
        ))  # fmt: skip


def _use(row: Any, counted: int, last_used: int | None, data: Data) -> Use:
    reported_last, reported_from, reported_to, reported_days = row[13:17]
    stored = Stored(counted, last_used, reported_last, reported_from, reported_to, reported_days)
    return use(stored, data.of_team[row[1], row[4]], *data.whole, data.at)


def _millitokens(data: Data, row: Any, charged: int | None, used: int | None) -> int | None:
    if charged is not None or row[1] in data.charged:
        return int(charged or 0)
    reported_from, reported_to, _days, reported = row[14:18]
    if (reported_from, reported_to) == data.days and reported is not None:
        return int(reported)
    return 0 if used == 0 else None
