"""In which order rows stand: riskiest first, or by the columns asked for; ties by person, product, team."""

import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import inf
from operator import itemgetter

from reporting_core.words.query import Sort, SortKey
from reporting_core.words.report import Fact
from reporting_core.words.terms import Access, Status

RISK = {
    Status.INACTIVE: 0,
    Status.UNKNOWN: 1,
    Status.NOT_YET_ACTIVE: 2,
    Status.UNASSIGNED: 3,
    Status.ACTIVE: 4,
    Status.NOT_APPLICABLE: 5,
}
"""Riskiest first (ruling): seats to look at before seats in use, Flex without use last."""


_WIDE = 1 << 22
"""More than any day's ordinal, so that values stand beside one another in one number, which sorts fast."""

MANY = 1 << 20
"""Sorts active rows whose days are not known behind those with known ones."""


@dataclass(frozen=True, slots=True)
class Names:
    """How rows are called: teams and products by id, people by fact, hashed already where they must be."""

    teams: Mapping[int, str]
    products: Mapping[int, str]
    person: Callable[[Fact], str]


@dataclass(frozen=True, slots=True)
class _Table:
    """The rows to be sorted, by position; names have become their places in the order of letters."""

    facts: Sequence[Fact]
    found: Sequence[Status | None]
    people: Mapping[int, int]
    products: Mapping[int, int]
    teams: Mapping[int, int]

    def ties(self) -> list[int]:
        """Where rows stand among equals: by person, product, team and access option, as one number."""
        people, products, teams = self.people, self.products, self.teams
        wide, wider = 2 * len(teams), 2 * len(teams) * len(products)
        return [
            people[person] * wider + products[product] * wide + 2 * teams[team] + (access == Access.FLEX)
            for team, person, product, access in map(_PLACE, self.facts)
        ]


_PLACE = itemgetter(*map(Fact._fields.index, ("team_id", "person_id", "product_id", "access")))


def ordered(
    indices: Iterable[int], facts: Sequence[Fact], found: Sequence[Status | None], sort: Sequence[Sort], names: Names
) -> list[int]:
    """Sort indices of facts; no `sort` means riskiest first. Not known comes last, never accessed is longest ago."""
    rows = list(indices)
    table = _table([facts[index] for index in rows], [found[index] for index in rows], names)
    order = list(range(len(rows)))
    _sort(order, table.ties())
    for each in reversed(sort):
        _sort(order, _values(each, table))
    if not sort:
        _sort(order, list(map(_risk, table.facts, table.found)))
    return [rows[position] for position in order]


RUN = 20_000
"""Rows sorted at once; while they are, no other thread gets its turn (some milliseconds)."""


def _sort(order: list[int], keys: Sequence[float]) -> None:
    """Sort positions stably by their keys: in runs, which the last sort finds sorted and only merges.

    Keys are floats or small integers, which Python compares three times as fast as integers in general.
    """
    for start in range(0, len(order), RUN):
        order[start : start + RUN] = sorted(order[start : start + RUN], key=keys.__getitem__)
    order.sort(key=keys.__getitem__)


def by_letters(text: str) -> str:
    """Form of a name to sort by: case and accents do not separate names that a reader looks up together."""
    if text.isascii():
        return text.casefold()
    plain = unicodedata.normalize("NFKD", text)
    return "".join(letter for letter in plain if not unicodedata.combining(letter)).casefold()


def _table(facts: Sequence[Fact], found: Sequence[Status | None], names: Names) -> _Table:
    people = {fact.person_id: fact for fact in facts}
    return _Table(
        facts,
        found,
        people=_places({person: names.person(fact) for person, fact in people.items()}),
        products=_places(names.products),
        teams=_places(names.teams),
    )


def _places(names: Mapping[int, str]) -> dict[int, int]:
    """Place of each id in the order of its name; equal names stand in the order of ids."""
    letters = {of: by_letters(names[of]) for of in sorted(names)}
    return {of: place for place, of in enumerate(sorted(letters, key=letters.__getitem__))}


def _risk(fact: Fact, status: Status | None) -> float:
    """Class of risk, then what makes it worse: fewest days if active, longest held, longest not accessed."""
    risk = len(RISK) if status is None else RISK[status]
    worse, last = 0, fact.last_accessed or 0
    if status is Status.ACTIVE:
        worse = MANY if fact.days_used is None else fact.days_used
    elif status is Status.NOT_YET_ACTIVE:
        worse = fact.assigned_on or 0
    elif status is Status.NOT_APPLICABLE:
        last = 0
    # 47 bits: a float holds them exactly.
    return float((risk * _WIDE + worse) * _WIDE + last)


def _values(by: Sort, table: _Table) -> list[float]:
    """Values of one column, what is not known last."""
    column, sign = _COLUMNS[by.key], -1.0 if by.descending else 1.0
    values = (column(fact, status, table) for fact, status in zip(table.facts, table.found, strict=True))
    return [inf if value is None else sign * value for value in values]


_COLUMNS: Mapping[SortKey, Callable[[Fact, Status | None, _Table], int | None]] = {
    SortKey.PERSON: lambda fact, _status, table: table.people[fact.person_id],
    SortKey.TEAM: lambda fact, _status, table: table.teams[fact.team_id],
    SortKey.PRODUCT: lambda fact, _status, table: table.products[fact.product_id],
    SortKey.STATUS: lambda _fact, status, _table: RISK[status] if status else None,
    SortKey.DAYS: lambda fact, _status, _table: fact.days_used,
    SortKey.LAST: lambda fact, _status, _table: fact.last_accessed or 0,
    SortKey.TOKENS: lambda fact, _status, _table: fact.millitokens,
    SortKey.ASSIGNED: lambda fact, _status, _table: fact.assigned_on,
}
