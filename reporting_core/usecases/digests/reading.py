"""From a wish to what is counted: the query, its teams, the two dates. Names may have changed since it was typed."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import cached_property

from reporting_core import grammar
from reporting_core.storage.engines import Connection, Store
from reporting_core.storage.teams import Team
from reporting_core.usecases.digests.books import Books
from reporting_core.usecases.gathering import FactSource
from reporting_core.usecases.narrowing import chosen
from reporting_core.usecases.usage import Asking, Looked, looked, teams_of
from reporting_core.words.digests import DigestWish
from reporting_core.words.errors import AskAgain, BadQuery, NotAllowed
from reporting_core.words.names import fold
from reporting_core.words.people import Asker
from reporting_core.words.query import Between, Filter, Key, Last, Range, UsageQuery, Vocabulary
from reporting_core.words.said import say

PLAIN = frozenset({Key.TEAM, Key.STATUS, Key.ASSIGNED})
"""Keys of questions that are answered together: what is counted is whole teams."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where facts are looked at: the as-of date, the range as asked, the date of today for ranges that name it."""

    at: date
    range: Range
    today: date

    def earlier(self, at: date) -> "Place":
        """The same range at an earlier as-of date; a range that names today had the today of then."""
        today = self.today - (self.at - at) if _names_today(self.range) else self.today
        return place(at, self.range, today)


def place(at: date, asked: Range, today: date) -> Place:
    """Return a place; a range that rolls has the same dates whatever today is."""
    return Place(at, asked, at if isinstance(asked, Last) else today)


def _names_today(asked: Range) -> bool:
    return isinstance(asked, Between) and any(isinstance(end, str) for end in (asked.first, asked.last))


@dataclass(frozen=True)
class Asked:
    """A wish that was read. `look(at, today)` looks at it alone; for those that are not plain."""

    wish: DigestWish
    query: UsageQuery
    teams: tuple[int, ...]
    as_of: date
    look: Callable[[date, date], Looked] = field(repr=False)

    @property
    def plain(self) -> bool:
        """Tell whether it asks for whole teams, so that it is answered together with others."""
        return all(each.key in PLAIN for each in self.query.filters)

    @cached_property
    def now(self) -> Place:
        """Where it looks now."""
        return place(self.as_of, self.query.range, max(self.wish.today, self.as_of))

    @cached_property
    def before(self) -> Place | None:
        """Where it looked the time before."""
        return None if self.wish.since is None else self.now.earlier(min(self.wish.since, self.as_of))


@dataclass(frozen=True)
class Reader:
    """Reads wishes. `parse` knows all names of an asker; `contact` is whom to ask for rights."""

    store: Store
    connection: Connection
    books: Books
    parse: Callable[[str, Asker], UsageQuery]
    pseudonym: Callable[[int], str]
    source: FactSource
    contact: str

    def read(self, wish: DigestWish) -> Asked:
        """Read one. Raises `AskAgain` and `NotAllowed`."""
        query = self._query(wish)
        self._check_merged(query, wish.asker)

        def asking(at: date, today: date) -> Asking:
            return Asking(query, wish.asker, today, at, {}, self.pseudonym, self.source)

        def look(at: date, today: date) -> Looked:
            return looked(self.store, self.connection, asking(at, today))

        # Whoever may see nothing, or no team that is named, hears what a report would say.
        teams = self._named(query, wish.asker)
        teams = teams or teams_of(self.store, self.connection, asking(wish.today, wish.today))
        known = [self.books.newest[team] for team in teams if team in self.books.newest]
        if not known:
            raise AskAgain(say("No use is loaded for this question yet. Load the vendor's exports of its teams."))
        return Asked(wish, query, teams, date.fromordinal(max(known)), look)

    def _query(self, wish: DigestWish) -> UsageQuery:
        text, asker = wish.question, wish.asker
        try:
            # Teams and products are enough for nearly all, and all names of an account take long to load.
            query = grammar.parse(text, self._vocabulary(asker), wish.today, limit=max(len(text), grammar.LONGEST))
        except BadQuery:
            query = self.parse(text, asker)
        return replace(query, page=1)

    def _vocabulary(self, asker: Asker) -> Vocabulary:
        if asker.owner or asker.every_team:
            return self._everything
        return self._names_with(self._visible(asker).values())

    @cached_property
    def _everything(self) -> Vocabulary:
        return self._names_with(self.books.teams.values())

    def _names_with(self, teams: Iterable[Team]) -> Vocabulary:
        return Vocabulary((*(team.name for team in teams), *self._merged_names), tuple(self.books.products.values()))

    @cached_property
    def _merged_names(self) -> tuple[str, ...]:
        return tuple(name for name, _into in self.books.merged.values())

    def _visible(self, asker: Asker) -> Mapping[int, Team]:
        teams = self.books.teams
        if asker.owner or asker.every_team:
            return teams
        return {id_: teams[id_] for id_ in sorted(asker.teams.keys() & teams.keys(), key=lambda id_: teams[id_].name)}

    def _check_merged(self, query: UsageQuery, asker: Asker) -> None:
        for name in _names(query.of(Key.TEAM)):
            if fold(name) in self.books.merged and fold(name) not in self.books.by_key:
                raise self._has_merged(query, asker, fold(name))

    def _has_merged(self, query: UsageQuery, asker: Asker, key: str) -> AskAgain | NotAllowed:
        old, into = self.books.merged[key]
        if into not in self._visible(asker):
            message = say(
                "The team {old} was merged into one that your role does not cover. Ask {contact} for a role in it.",
                old=old,
                contact=self.contact,
            )
            return NotAllowed(message)
        new = self.books.teams[into].name
        message = say("The team {old} was merged into {new}. Ask for {new} instead.", old=old, new=new)
        return AskAgain(message, [grammar.canonical(_renamed(query, key, new))])

    def _named(self, query: UsageQuery, asker: Asker) -> tuple[int, ...]:
        visible, filters = self._visible(asker), query.of(Key.TEAM)
        if not filters:
            return tuple(visible)
        if len(filters) == 1 and not filters[0].negated:
            ids = {self.books.by_key.get(fold(name)) for name in _names(filters)}
            if len(ids) == len(filters[0].values) and ids <= visible.keys():
                return tuple(id_ for id_ in (ids if len(ids) == 1 else visible) if id_ in ids and id_ is not None)
        return tuple(chosen(filters, {id_: team.name for id_, team in visible.items()}))


def _names(filters: Iterable[Filter]) -> list[str]:
    values = (grammar.literal(value) for each in filters for value in each.values)
    return [name for name in values if name is not None]


def _renamed(query: UsageQuery, key: str, new: str) -> UsageQuery:
    def values(each: Filter) -> Sequence[str]:
        named = ((grammar.literal(value), value) for value in each.values)
        return [grammar.encode(new, Key.TEAM) if fold(name or "") == key else value for name, value in named]

    return query.with_filters(
        replace(each, values=tuple(dict.fromkeys(values(each)))) if each.key is Key.TEAM else each
        for each in query.filters
    )


def weeks(as_of: date, count: int) -> list[tuple[date, date]]:
    """Return weeks of seven days, the last ending on the as-of date."""
    ends = (as_of - timedelta(days=7 * back) for back in reversed(range(count)))
    return [(end - timedelta(days=6), end) for end in ends]
