"""Answers a question about use: which facts, what is counted, which rows, and what must be said beside them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import NamedTuple

from reporting_core import grammar
from reporting_core.metrics import buckets, caveats, ordering, periods, picking, rows, status, tiles
from reporting_core.metrics.personal import must_hash
from reporting_core.metrics.why import Grounds
from reporting_core.storage import by_day, catalog, seats
from reporting_core.storage.covering import coverage
from reporting_core.storage.engines import Connection, Store
from reporting_core.storage.facts import Scope
from reporting_core.storage.teams import Team, teams
from reporting_core.usecases import saying
from reporting_core.usecases.collecting import no_search_for_cycles
from reporting_core.usecases.gathering import Data, FactSource, Gathered, gather
from reporting_core.usecases.narrowing import chosen, in_groups, of_people
from reporting_core.words.errors import AskAgain, NotAllowed
from reporting_core.words.people import Asker
from reporting_core.words.query import Filter, Key, UsageQuery
from reporting_core.words.report import Chart, DayUse, Fact, Period, UsageReport
from reporting_core.words.said import say
from reporting_core.words.terms import Access

PAGES = (10, 25)
"""Fewest and most rows of a page that is shown: groups of people on it are fetched with the facts, others' later."""


NOTHING_LOADED = say("No exports have been loaded yet. Load the vendor's exports with: usagebot import FILE…")


@dataclass(frozen=True, slots=True)
class Asking:
    """A question with everything that is handed in.

    Who asks, today's date, the as-of date if told, Slack ids to e-mails, how hashes are made, where facts come from.
    """

    query: UsageQuery
    asker: Asker
    today: date
    as_of: date | None
    mentions: Mapping[str, str]
    pseudonym: Callable[[int], str]
    source: FactSource


def report(store: Store, asking: Asking) -> UsageReport:
    """Answer a question. Raises `AskAgain` for a range without data, `NotAllowed` for teams the asker may not see."""
    with no_search_for_cycles, store.reading() as connection:
        return _Answer(store, connection, asking).report()


def by_date(store: Store, asking: Asking) -> tuple[DayUse, ...]:
    """Return the use of each date of the question's range, as the chart of its answer counts it. Raises as `report`."""
    with no_search_for_cycles, store.reading() as connection:
        return _Answer(store, connection, asking).by_day()


class Looked(NamedTuple):
    """What a question counts at its as-of date: the dates, the facts, the scope of them, and that of their use."""

    period: Period
    facts: list[Fact]
    scope: Scope
    counted: Scope


def looked(store: Store, connection: Connection, asking: Asking) -> Looked:
    """Look a question up without answering it, inside a snapshot. Raises as `report`, but for a range without data."""
    answer = _Answer(store, connection, asking)
    return Looked(answer.resolved.period, answer.facts, answer.scope, answer.counted)


def teams_of(store: Store, connection: Connection, asking: Asking) -> tuple[int, ...]:
    """Return the teams that a question counts. Raises `AskAgain` or `NotAllowed` where there is none."""
    return tuple(_Answer(store, connection, asking).teams)


def visible_teams(connection: Connection, asker: Asker) -> list[Team]:
    """Load the teams the asker may see reports of."""
    return [
        team
        for team in teams(connection, asker.account_id)
        if asker.owner or asker.every_team or team.id in asker.teams
    ]


def hides(store: Store, asker: Asker, query: UsageQuery) -> bool:
    """Tell whether any team that a question counts hides its people now."""
    with store.reading() as connection:
        found = {team.id: team for team in visible_teams(connection, asker)}
    counted = chosen(query.of(Key.TEAM), {id_: team.name for id_, team in found.items()})
    return not all(found[id_].personal_data for id_ in counted)


class _Answer:
    """One answer in the making, inside one snapshot of the database."""

    def __init__(self, store: Store, connection: Connection, asking: Asking) -> None:
        self.store = store
        self.connection = connection
        self.asking = asking
        self.query = asking.query
        self.account_id = asking.asker.account_id
        self.similar: tuple[str, ...] = ()

    @cached_property
    def visible(self) -> dict[int, Team]:
        found = {team.id: team for team in visible_teams(self.connection, self.asking.asker)}
        if not found and self.sees_all:
            raise AskAgain(NOTHING_LOADED)
        if not found:
            raise NotAllowed(
                say("You have no team whose reports you may see. Ask an owner of usagebot to give you a role.")
            )
        return found

    @cached_property
    def teams(self) -> dict[int, Team]:
        names = {id_: team.name for id_, team in self.visible.items()}
        kept = {id_: self.visible[id_] for id_ in chosen(self.query.of(Key.TEAM), names)}
        if not kept:
            raise AskAgain(
                say(
                    "The team filters leave no team over; you may ask about {teams}.", teams=saying.teams(self.visible)
                ),
                [grammar.canonical(self.query.with_filters(f for f in self.query.filters if f.key is not Key.TEAM))],
            )
        return kept

    @cached_property
    def through(self) -> int:
        data = catalog.data_through(self.connection, self.account_id)
        newest = data.daily if data.daily is not None else data.reported
        if newest is None:
            raise AskAgain(NOTHING_LOADED)
        return newest

    @cached_property
    def as_of(self) -> date:
        asked = self.asking.as_of
        if asked is not None and asked > self.asking.today:
            raise AskAgain(
                say(
                    "The as-of date {asked} lies in the future; today is {today}.", asked=asked, today=self.asking.today
                )
            )
        return asked or date.fromordinal(self.through)

    @cached_property
    def resolved(self) -> periods.Resolved:
        try:
            return periods.resolve(self.query.range, self.as_of, self.asking.today)
        except AskAgain as error:
            raise AskAgain(error.message, saying.with_ranges(self.query, error.suggestions)) from None

    @cached_property
    def products(self) -> dict[int, str]:
        return catalog.products(self.connection, self.account_id)

    @cached_property
    def data(self) -> Data:
        return Data(
            self.teams, coverage(self.connection, self.account_id), self.resolved.period, self.as_of.toordinal()
        )

    @cached_property
    def scope(self) -> Scope:
        query, access = self.query, None
        for some in query.of(Key.ACCESS):
            kept = {Access.SUBSCRIPTION: 0, Access.FLEX: 1}
            flags = {flex for name, flex in kept.items() if (name in some.values) != some.negated}
            access = (access if access is not None else {0, 1}) & flags
        return Scope(
            self.account_id,
            teams=None if len(self.teams) == len(self.visible) and self.sees_all else tuple(self.teams),
            products=tuple(chosen(query.of(Key.PRODUCT), self.products)) if query.of(Key.PRODUCT) else None,
            flex=next(iter(access))
            if access is not None and len(access) == 1
            else (-1 if access is not None and not access else None),
            releases=tuple(chosen(query.of(Key.VERSION), catalog.releases(self.connection, self.account_id)))
            if query.of(Key.VERSION)
            else None,
        )

    @property
    def sees_all(self) -> bool:
        return self.asking.asker.owner or self.asking.asker.every_team

    @cached_property
    def hashing(self) -> frozenset[int]:
        return must_hash(self.teams, frozenset(team.id for team in self.teams.values() if not team.personal_data))

    @cached_property
    def person(self) -> Callable[[Fact], str]:
        return rows.person(self.asking.pseudonym, hashed=bool(self.hashing))

    def _gathered(self, scope: Scope) -> Gathered:
        return gather(self.asking.source, self.connection, scope, self.data)

    @cached_property
    def gathered(self) -> Gathered:
        return self._gathered(self.scope)

    @cached_property
    def facts(self) -> list[Fact]:
        found = self.gathered.facts
        if wanted := self.query.of(Key.GROUP):
            found = in_groups(found, wanted, catalog.memberships(self.connection, self.account_id))
        if wanted := self.query.of(Key.USER):
            found = self._of_people(found, wanted)
        return found

    def _of_people(self, found: list[Fact], wanted: Sequence[Filter]) -> list[Fact]:
        kept = of_people(found, wanted, self.person, self._known_as(), hashed=bool(self.hashing))
        if not kept and self.hashing:
            self.similar = saying.in_one_team(self.query, self._open_teams_of(found, wanted))
        elif not kept:
            self.similar = saying.similar_people(self.query, found, self.person)
        return kept

    def _open_teams_of(self, found: list[Fact], wanted: Sequence[Filter]) -> list[str]:
        """Name the teams that show their people and know the one asked for: asked alone, they would answer."""
        named = rows.person(self.asking.pseudonym, hashed=False)
        shown = [fact for fact in found if fact.team_id not in self.hashing]
        kept = of_people(shown, wanted, named, self._known_as(), hashed=False)
        return sorted({self.teams[fact.team_id].name for fact in kept})

    def _known_as(self) -> dict[str, str]:
        """What `me` and Slack ids stand for in `user=`: an e-mail, which hashing hides like any other."""
        return {"me": self.asking.asker.email, **{f"<@{id_}>": email for id_, email in self.asking.mentions.items()}}

    def report(self) -> UsageReport:
        """Put the answer together."""
        self._refuse_without_data()
        facts, period, query = self.facts, self.resolved.period, self.query
        found = status.statuses(facts, period, self.as_of, asked=picking.asks_for_unassigned(query))
        one_team = len(self.teams) == 1
        about = tiles.scope(query, period, self.as_of, one_team=one_team)
        pools = catalog.pools(self.connection, self.account_id, tuple(self.teams), self.scope.products)
        tally = tiles.tiles(
            facts, found, about, pools, catalog.balances(self.connection, self.account_id, tuple(self.teams))
        )
        picked = picking.picked(facts, found, query, self.as_of)
        names = ordering.Names({id_: team.name for id_, team in self.teams.items()}, self.products, self.person)
        order = picking.top(ordering.ordered(picked, facts, found, query.sort, names), query)
        showing = rows.Showing(self._grounds(), names, bool(self.hashing), self._groups(order))
        return UsageReport(
            query=query,
            canonical=grammar.canonical(query),
            period=period,
            as_of=self.as_of,
            data_through=date.fromordinal(self.through),
            team=next(iter(self.teams.values())).name if one_team else None,
            team_count=len(self.teams),
            hashed=bool(self.hashing),
            hashed_because=tuple(sorted(self.teams[id_].name for id_ in self.hashing)),
            tiles=tally.tiles,
            rows=rows.Rows(order, facts, found, showing),
            row_count=len(picked),
            chart=self._chart(),
            accesses=frozenset(Access(facts[index].access) for index in order),
            statuses=frozenset(each for index in order if (each := found[index]) is not None),
            withheld=tally.withheld,
            caveats=(
                *caveats.caveats(tally, about, pools_loaded=pools is not None),
                *saying.about_data(self.data, facts, self.teams),
            ),
            notes=(
                *query.guesses,
                *self.resolved.notes,
                *saying.about_scope(self.asking.asker, query, self.teams, sees_all=self.sees_all),
                *self._taken_since(),
            ),
            team_ids=frozenset(self.teams),
            incomplete=tiles.incomplete(tally.counts),
            nearest=() if picked else (*self.similar, *saying.nearest(query, facts))[:3],
        )

    def _taken_since(self) -> tuple[str, ...]:
        """Say that seats were unassigned after the newest data: a report counts them as they were then."""
        if self.asking.as_of is not None:
            return ()
        count = seats.taken_since(self.connection, self.account_id, tuple(self.teams), self.as_of.toordinal())
        return saying.taken_since(count, self.as_of)

    def _refuse_without_data(self) -> None:
        if any(not data.nothing or not data.daily for data in self.data.of_team.values()):
            return
        loaded = [span for data in self.data.of_team.values() for span in data.covered]
        first, last = (
            date.fromordinal(min(span[0] for span in loaded)),
            date.fromordinal(max(span[1] for span in loaded)),
        )
        period = self.resolved.period
        raise AskAgain(
            say(
                "No use is loaded for {asked_first} to {asked_last}. The data of {teams} covers {first} to {last}.",
                asked_first=period.first,
                asked_last=period.last,
                teams=saying.teams(self.teams),
                first=first,
                last=last,
            ),
            [grammar.canonical(replace(self.query, range=UsageQuery().range, page=1))],
        )

    def _grounds(self) -> Grounds:
        return Grounds(self.resolved.period, self.as_of, {team: self.data.gaps(team) for team in self.teams})

    def _groups(self, order: Sequence[int]) -> Callable[[int, int], tuple[str, ...]]:
        fewest, most = PAGES
        page = order[(self.query.page - 1) * fewest : self.query.page * most] or order[-most:]
        people = {self.facts[index].person_id for index in page}
        at_hand = catalog.memberships(self.connection, self.account_id, sorted(people))
        return saying.Groups(people, at_hand, self._all_memberships).of

    def _all_memberships(self) -> dict[int, list[catalog.Membership]]:
        with self.store.reading() as connection:
            return catalog.memberships(connection, self.account_id)

    @cached_property
    def counted(self) -> Scope:
        """What is counted, by assignments where groups or people are named."""
        if not self.query.of(Key.GROUP) and not self.query.of(Key.USER):
            return self.scope
        return replace(self.scope, assignments=tuple(fact.assignment_id for fact in self.facts))

    def by_day(self) -> tuple[DayUse, ...]:
        """Count what the chart counts for each date that is not after the as-of date."""
        self._refuse_without_data()
        scope, windows = self.counted, self.data.windows
        used = by_day.used(self.connection, scope, windows)
        if scope.releases is not None:
            # Tokens know no release; they are those of the assignments that are counted.
            scope = replace(scope, assignments=tuple(fact.assignment_id for fact in self.facts))
        first, last = self.data.days
        span = date.fromordinal(first), date.fromordinal(last)
        return buckets.days(span, used, by_day.charged(self.connection, scope, (first, last)))

    def _chart(self) -> Chart:
        gathered = self.gathered if self.counted is self.scope else self._gathered(self.counted)
        counted = iter(gathered.buckets)
        return buckets.chart(
            self.resolved.period,
            lambda _masks: dict(zip((Access.SUBSCRIPTION, Access.FLEX), next(counted), strict=True)),
        )
