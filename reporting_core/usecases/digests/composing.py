"""Puts a digest together from what was seen: lists of seats with names or hashes, tiles, tokens, the chart."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import cached_property
from heapq import nsmallest
from typing import NamedTuple

from reporting_core import grammar
from reporting_core.metrics import buckets, figures, rows, status, tiles
from reporting_core.metrics.changes import Before, Changes, Moment, changes
from reporting_core.metrics.personal import must_hash
from reporting_core.metrics.pools import Pool
from reporting_core.storage import by_day, catalog, digesting
from reporting_core.usecases import saying
from reporting_core.usecases.digests.books import Books
from reporting_core.usecases.digests.reading import Asked, Place, weeks
from reporting_core.usecases.digests.sights import WEEKS, Sights, before_or_none, chart
from reporting_core.usecases.digests.tokening import TokenBooks, tokens
from reporting_core.usecases.gathering import FactSource
from reporting_core.usecases.usage import Looked
from reporting_core.words.digests import MOST_ROWS, Digest, DigestRow, Listed, Memo, Tokens
from reporting_core.words.errors import AskAgain
from reporting_core.words.report import Chart, Fact, Period, SubscriptionTiles
from reporting_core.words.said import say
from reporting_core.words.terms import Access, Status

NEWS_DAYS = 7
"""A forecast that moved by fewer days is no news."""
MOST_TOLD = 1_000
"""Freed seats that a memo remembers."""

OF_WHOLE_TEAMS = say("How long tokens last is worked out for whole teams only.")


class Seen(NamedTuple):
    """What one digest is made of, wherever it was looked up."""

    now: Moment
    before: Mapping[int, Status | None] | None
    period: Period
    pools: Sequence[Pool] | None
    chart: Chart
    tokens: Tokens | None


@dataclass
class Composer:
    """Makes digests inside one snapshot. `takeable` tells which of some inactive seats may be taken back."""

    books: Books
    sights: Sights
    source: FactSource
    pseudonym: Callable[[int], str]
    takeable: Callable[[Sequence[Fact]], frozenset[int]]
    everyone: Sequence[Asked]
    _made: dict[object, tuple[Digest, list[Fact]]] = field(default_factory=dict)

    def digest(self, asked: Asked) -> Digest:
        """Make one. Raises `AskAgain` for a range that has no dates yet."""
        found, inactive = self._shared(asked)
        wish = asked.wish
        mine = inactive if wish.asker.owner else [one for one in inactive if one.team_id in wish.asker.administers]
        waiting = [fact for fact in mine if fact.assignment_id in self._takeable(asked)]
        question = grammar.canonical(asked.query)
        return replace(found, question=question, waiting=self._listed(waiting, asked.teams))

    def forget(self) -> None:
        """Let go of what digests had in common, one after the other, as `Sight.forget` does."""
        while self._made:
            self._made.popitem()

    def _shared(self, asked: Asked) -> tuple[Digest, list[Fact]]:
        """Digests of the same teams and dates are the same but for what their readers may do."""
        key = _likeness(asked) if asked.plain else asked.wish.token
        if key not in self._made:
            self._made[key] = self._composed(asked, self._together(asked) if asked.plain else self._alone(asked))
        return self._made[key]

    def _takeable(self, asked: Asked) -> frozenset[int]:
        if not asked.plain:
            return self.takeable(self._shared(asked)[1])
        return self._takeable_together

    @cached_property
    def _takeable_together(self) -> frozenset[int]:
        """Judge all inactive seats at once; a seat that two digests name is judged once."""
        plain = [each for each in self.everyone if each.plain]
        facts = {fact.assignment_id: fact for each in plain for fact in self._safely_inactive(each)}
        return self.takeable(list(facts.values()))

    def _safely_inactive(self, asked: Asked) -> list[Fact]:
        try:
            return self._shared(asked)[1]
        except AskAgain:
            return []  # told when its own turn comes

    def _composed(self, asked: Asked, seen: Seen) -> tuple[Digest, list[Fact]]:
        before = _before(asked, seen)
        at = seen.now.at
        found = changes(seen.now, before, lambda team, first: self.books.has_gap(team, first, at))
        hashing = self.hashing(asked.teams)

        def listed(facts: Sequence[Fact]) -> Listed:
            return self._listed(facts, asked.teams)

        digest = Digest(
            question="",
            team=self.books.teams[asked.teams[0]].name if len(asked.teams) == 1 else None,
            team_count=len(asked.teams),
            as_of=asked.as_of,
            since=date.fromordinal(before.at) if before else None,
            hashed=bool(hashing),
            hashed_because=tuple(sorted(self.books.teams[id_].name for id_ in hashing)),
            team_ids=frozenset(asked.teams),
            seats=_tiles(asked, seen),
            newly_inactive=listed(found.newly_inactive),
            back_again=listed(found.back_again),
            unused_14=listed(found.unused),
            freed=listed(found.freed),
            corrected=listed(found.corrected),
            tokens=seen.tokens,
            chart=seen.chart,
            notes=saying.taken_since(self.books.taken_since(asked.teams, asked.as_of.toordinal()), asked.as_of),
        )
        digest = replace(digest, memo=_memo(digest, found))
        return replace(digest, nothing_new=not _is_news(digest, asked.wish.memo)), found.inactive

    def hashing(self, teams: Iterable[int]) -> frozenset[int]:
        """Return the teams that oblige a digest of some teams to hash everybody."""
        return must_hash(teams, self._off)

    @cached_property
    def _off(self) -> frozenset[int]:
        return frozenset(id_ for id_, team in self.books.teams.items() if not team.personal_data)

    def _listed(self, facts: Sequence[Fact], teams: Iterable[int]) -> Listed:
        person = rows.person(self.pseudonym, hashed=bool(self.hashing(teams)))
        products = self.books.products

        def place(fact: Fact) -> tuple[object, ...]:
            return fact.last_accessed or 0, person(fact).casefold(), products[fact.product_id], fact.assignment_id

        # Hashes of people take their time, so only those that may be shown are asked for.
        oldest = nsmallest(MOST_ROWS, (fact.last_accessed or 0 for fact in facts))
        near = [fact for fact in facts if (fact.last_accessed or 0) <= oldest[-1]]
        return Listed(len(facts), tuple(self._row(fact, person) for fact in nsmallest(MOST_ROWS, near, key=place)))

    def _row(self, fact: Fact, person: Callable[[Fact], str]) -> DigestRow:
        days = (fact.assigned_on, fact.last_accessed, fact.unassigned_on)
        dates = (None if day is None else date.fromordinal(day) for day in days)
        names = person(fact), self.books.teams[fact.team_id].name, self.books.products[fact.product_id]
        return DigestRow(fact.assignment_id, *names, *dates)

    def _together(self, asked: Asked) -> Seen:
        sight = self.sights.at(asked.now)
        earlier = before_or_none(self.sights.at(asked.before)) if asked.before else None
        begin = _begin(asked, sight.period, compared=earlier is not None)
        return Seen(
            now=sight.moment(asked.teams),
            before=earlier.statuses if earlier else None,
            period=sight.period,
            pools=self._pools(asked.teams),
            chart=self.sights.chart(asked.now, asked.teams),
            tokens=tokens(self._token_books(asked.now), asked.teams, begin),
        )

    def _pools(self, teams: Sequence[int]) -> list[Pool] | None:
        if self._bought is None:
            return None
        return [pool for team in teams for _product, pool in self._bought.get(team, ())]

    @cached_property
    def _bought(self) -> dict[int, list[tuple[int, Pool]]] | None:
        return digesting.pools_by_team(self.books.connection, self.books.account_id)

    def _token_books(self, place: Place) -> TokenBooks:
        if place not in self._token_books_at:
            plain = [each for each in self.everyone if each.plain and each.now == place]
            sight = self.sights.at(place)
            firsts = [_begin(each, sight.period, compared=compared) for each in plain for compared in (True, False)]
            self._token_books_at[place] = TokenBooks(self.books, sight.teams, min(firsts), place.at.toordinal())
        return self._token_books_at[place]

    @cached_property
    def _token_books_at(self) -> dict[Place, TokenBooks]:
        return {}

    def _alone(self, asked: Asked) -> Seen:
        """Look at a question of its own: people, groups, products, releases or one access option are set."""
        found, spans = asked.look(asked.as_of, asked.now.today), weeks(asked.as_of, WEEKS)
        at = asked.as_of.toordinal()
        windows = buckets.windows(tuple(spans))
        # Under a release, only those who used it in the range are counted: the chart shows nobody else.
        ids = tuple(fact.assignment_id for fact in found.facts)
        scope = found.counted if found.scope.releases is None else replace(found.counted, assignments=ids)
        counted = self.source.facts(self.books.connection, scope, windows, (at, at)).buckets
        before = _statuses(asked)
        return Seen(
            now=Moment(found.facts, status.statuses(found.facts, found.period, asked.as_of), at),
            before=before,
            period=found.period,
            pools=catalog.pools(self.books.connection, self.books.account_id, asked.teams, found.scope.products),
            chart=chart(spans, counted),
            tokens=self._tokens_alone(asked, found, _begin(asked, found.period, compared=before is not None)),
        )

    def _tokens_alone(self, asked: Asked, found: Looked, begin: int) -> Tokens | None:
        if all(fact.access != Access.FLEX for fact in found.facts):
            return None
        ids = tuple(fact.assignment_id for fact in found.facts)
        scope = replace(found.scope, assignments=ids, releases=None)
        charged = by_day.charged(self.books.connection, scope, (begin, asked.as_of.toordinal()))
        used = figures.tokens(sum(charged.values()))
        return Tokens(used, date.fromordinal(begin), None, None, None, None, None, 0.0, OF_WHOLE_TEAMS)


def _likeness(asked: Asked) -> object:
    about = (asked.wish.memo.get(name) for name in ("told", "freed", "run_out"))
    # Tiles follow the range, lists and chart the teams; what picks rows of a report changes nothing here.
    return asked.teams, asked.now, asked.before, *map(repr, about)


def _statuses(asked: Asked) -> dict[int, Status | None] | None:
    if asked.before is None:
        return None
    try:
        then = asked.look(asked.before.at, asked.before.today)
    except AskAgain:
        return None  # the range had no dates yet
    found = status.statuses(then.facts, then.period, asked.before.at)
    return {fact.assignment_id: each for fact, each in zip(then.facts, found, strict=True)}


def _before(asked: Asked, seen: Seen) -> Before | None:
    if asked.before is None or seen.before is None:
        return None
    told, freed = (_ids(asked.wish.memo, name) for name in ("told", "freed"))
    return Before(asked.before.at.toordinal(), seen.before, told or frozenset(), freed)


def _ids(memo: Memo, name: str) -> frozenset[int] | None:
    kept = memo.get(name)
    return frozenset(id_ for id_ in kept if isinstance(id_, int)) if isinstance(kept, list | tuple) else None


def _begin(asked: Asked, period: Period, *, compared: bool) -> int:
    """Return the day from which tokens are counted: after the digest before, in a first one since the range begins."""
    return (asked.before.at + timedelta(days=1) if asked.before and compared else period.first).toordinal()


def _tiles(asked: Asked, seen: Seen) -> SubscriptionTiles:
    about = tiles.scope(asked.query, seen.period, asked.as_of, one_team=len(asked.teams) == 1)
    return tiles.tiles(seen.now.facts, seen.now.found, about, seen.pools, None).tiles.subscriptions


def _memo(digest: Digest, found: Changes) -> Memo:
    told = [row.assignment_id for row in (*digest.newly_inactive.rows, *digest.unused_14.rows)]
    run_out = digest.tokens.run_out if digest.tokens and digest.tokens.too_early else None
    return {
        "told": told,
        "freed": found.freed_lately[:MOST_TOLD],
        "run_out": run_out.isoformat() if run_out else "",
    }


def _is_news(digest: Digest, memo: Memo) -> bool:
    changed = (digest.newly_inactive, digest.back_again, digest.unused_14, digest.freed, digest.corrected)
    return digest.first or any(each.count for each in changed) or _runs_out_anew(digest.tokens, memo)


def _runs_out_anew(known: Tokens | None, memo: Memo) -> bool:
    if known is None or not known.too_early or known.run_out is None:
        return False
    try:
        told = date.fromisoformat(str(memo.get("run_out", "")))
    except ValueError:
        return True
    return abs((known.run_out - told).days) >= NEWS_DAYS
