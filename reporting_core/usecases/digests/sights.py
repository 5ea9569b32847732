"""Facts of whole teams, fetched once for all digests that look at the same place; then each takes its teams' share."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import cached_property

from reporting_core.metrics import buckets, periods, status
from reporting_core.metrics.changes import Moment
from reporting_core.storage import digesting
from reporting_core.storage.facts import Scope
from reporting_core.usecases.digests.books import Books
from reporting_core.usecases.digests.reading import Asked, Place, weeks
from reporting_core.usecases.gathering import Data, FactSource, gather
from reporting_core.words.errors import AskAgain
from reporting_core.words.report import Chart, ChartPoint, Fact, Period
from reporting_core.words.terms import Status

WEEKS = 12
"""Points of a digest's chart."""


class Sight:
    """The facts of some teams at one place, by team. Raises what resolving its range raises when first looked at."""

    def __init__(self, books: Books, source: FactSource, place: Place, teams: Sequence[int], *, dated: bool) -> None:
        """Fetch nothing yet. `dated`: last accessed is needed as it was at this place, not statuses alone."""
        self.books = books
        self.source = source
        self.place = place
        self.teams = teams
        self.dated = dated

    @cached_property
    def period(self) -> Period:
        """The dates of the range here."""
        return periods.resolve(self.place.range, self.place.at, self.place.today).period

    def _found(self) -> tuple[list[Fact], list[Status | None]]:
        some = {team: self.books.teams[team] for team in self.teams}
        data = Data(some, self.books.known, self.period, self.place.at.toordinal())
        every = len(some) == len(self.books.teams)
        scope = Scope(self.books.account_id, teams=None if every else tuple(some))
        facts = gather(self.source, self.books.connection, scope, data, dated=self.dated).facts
        if every:
            facts = [fact for fact in facts if fact.team_id in some]
        return facts, status.statuses(facts, self.period, self.place.at)

    @cached_property
    def _by_team(self) -> dict[int, tuple[list[Fact], list[Status | None]]]:
        found: dict[int, tuple[list[Fact], list[Status | None]]] = defaultdict(lambda: ([], []))
        for fact, each in zip(*self._found(), strict=True):
            facts, statuses = found[fact.team_id]
            facts.append(fact)
            statuses.append(each)
        return found

    def moment(self, teams: Iterable[int]) -> Moment:
        """Return the share of some teams."""
        shares = [self._by_team[team] for team in teams if team in self._by_team]
        at = self.place.at.toordinal()
        if len(shares) == 1:
            return Moment(*shares[0], at)
        return Moment(
            [fact for facts, _ in shares for fact in facts], [each for _, some in shares for each in some], at
        )

    @cached_property
    def statuses(self) -> dict[int, Status | None]:
        """The statuses of all by assignment."""
        found = {
            fact.assignment_id: each
            for facts, statuses in self._by_team.values()
            for fact, each in zip(facts, statuses, strict=True)
        }
        if not self.dated:
            self.forget()
        return found

    def forget(self) -> None:
        """Let facts go team by team: all at once, freeing them would hold up every other thread."""
        known = self.__dict__.get("_by_team", {})
        while known:
            known.popitem()


class Sights:
    """All places that a round of digests looks at."""

    def __init__(self, books: Books, source: FactSource, asked: Sequence[Asked]) -> None:
        """Note which teams are looked at where, so that each place is fetched once."""
        wanted: dict[Place, set[int]] = defaultdict(set)
        for each in asked:
            for place in filter(None, (each.now, each.before)):
                wanted[place].update(each.teams)
        self.books = books
        shown = {each.now for each in asked}
        self._at = {
            place: Sight(books, source, place, sorted(teams), dated=place in shown) for place, teams in wanted.items()
        }
        self._use: dict[Place, dict[int, digesting.Counts]] = {}

    def at(self, place: Place) -> Sight:
        """Return what is seen at a place."""
        return self._at[place]

    def chart(self, place: Place, teams: Sequence[int]) -> Chart:
        """Draw the use of some teams by weeks."""
        spans = weeks(place.at, WEEKS)
        if place not in self._use:
            sight, windows = self._at[place], buckets.windows(tuple(spans))
            self._use[place] = digesting.use_by_team(self.books.connection, self.books.account_id, sight.teams, windows)
        shares = [self._use[place][team] for team in teams if team in self._use[place]]
        counted = [(sum(one[0] for one in week), sum(one[1] for one in week)) for week in zip(*shares, strict=True)]
        return chart(spans, counted)

    def forget(self) -> None:
        """Let all go that was seen."""
        for sight in self._at.values():
            sight.forget()


def chart(spans: Sequence[buckets.Span], counted: Sequence[tuple[int, int]]) -> Chart:
    """Make a chart of weeks and their usage days under (Subscription, Flex)."""
    use = counted or [(0, 0)] * len(spans)
    return Chart("week", tuple(ChartPoint(*span, *week) for span, week in zip(spans, use, strict=True)))


def before_or_none(sight: Sight) -> Sight | None:
    """Return the sight, or None where the range had no dates yet: then there is nothing to compare with."""
    try:
        _ = sight.period
    except AskAgain:
        return None
    return sight
