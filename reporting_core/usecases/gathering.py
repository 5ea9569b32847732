"""Turns stored rows into facts: what is certain about each assignment in a period, with the gaps of its team's data."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple, Protocol

from reporting_core.metrics import buckets
from reporting_core.metrics.calendar import month_number, month_start, window
from reporting_core.metrics.evidence import Span, Stored, TeamData, gaps, use
from reporting_core.metrics.replacing import Source, spans
from reporting_core.storage import facts as sql
from reporting_core.storage.covering import Known
from reporting_core.storage.engines import Connection
from reporting_core.storage.facts import Scope, Windows
from reporting_core.storage.teams import Team
from reporting_core.words.report import Fact, Period
from reporting_core.words.terms import Access, Origin

_ACCESS = (Access.SUBSCRIPTION, Access.FLEX)
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
        holes = gaps(covered, *self.days)
        return TeamData(bool(covered), holes, holes == (self.days,), tuple(covered))

    def gaps(self, team: int) -> tuple[Span, ...]:
        """Days of the period without daily data on a team's seats; none where a Usage Report alone decides."""
        data = self.of_team[team, 0]
        return data.gaps if data.daily else ()

    def tokens_loaded(self, team: int) -> bool:
        """Tell whether any day of the period has Token Usage of the team."""
        first, last = self.days
        return any(piece.first <= last and piece.last >= first for piece in self.known.get((team, Source.TOKEN), ()))


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


def gather(source: FactSource, connection: Connection, scope: Scope, data: Data) -> Gathered:
    """Fetch the facts of a scope. With releases set, only assignments with use under them are facts."""
    found = source.facts(connection, scope, data.buckets, data.days)
    older = _last_used_then(connection, scope, data, found.rows)
    facts = [_fact(row, days, data, older) for row, days in zip(found.rows, found.days, strict=True)]
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


def _fact(row: Any, counted: int, data: Data, older: Mapping[int, int | None]) -> Fact:
    id_, team, person, product, flex, assigned, assigned_on, unassigned_on, origin, group, stale = row[:11]
    charged, last_used, reported_last, reported_from, reported_to, reported_days, reported_tokens = row[11:18]
    first_name, last_name, email = row[18:21]
    last_used = older.get(id_, last_used)
    loaded = data.of_team[team, flex]
    if loaded.daily and not loaded.gaps and (reported_last is None or reported_last == last_used):
        days, used, last = counted, int(counted > 0), last_used  # what most facts are; `use` would say the same
    else:
        stored = Stored(counted, last_used, reported_last, reported_from, reported_to, reported_days)
        days, used, last = use(stored, loaded, *data.days)  # type: ignore[assignment]
        last = None if last is not None and last > data.at else last
    tokens = 0 if not flex else _millitokens(data, team, (charged, reported_tokens), used, (reported_from, reported_to))
    if assigned is None and data.teams[team].reported_on is not None:
        assigned = 0  # the Usage Report of the team does not know of it
    name = f"{first_name} {last_name}".strip()
    return Fact(
        id_, team, person, product, _ACCESS[flex], assigned, assigned_on, unassigned_on, _ORIGIN[origin], group, stale,
        days, used, tokens, last, name or email or "", email,
    )  # fmt: skip


def _millitokens(
    data: Data, team: int, told: tuple[Any, int | None], used: int | None, span: tuple[int | None, int | None]
) -> int | None:
    charged, reported = told
    if charged is not None or data.tokens_loaded(team):
        return int(charged or 0)
    if span == data.days and reported is not None:
        return reported
    return 0 if used == 0 else None
