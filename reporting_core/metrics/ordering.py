"""In which order rows stand: riskiest first, or by the columns asked for; ties by person, product, team."""

import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

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
    """The rows to be sorted, looked up by index; names have become their places in the order of letters."""

    facts: Sequence[Fact]
    found: Sequence[Status | None]
    people: Mapping[int, int]
    products: Mapping[int, int]
    teams: Mapping[int, int]

    def tie(self, index: int) -> int:
        """Where a row stands among equals: by person, product, team and access option, as one number."""
        fact = self.facts[index]
        place = self.people[fact.person_id] * len(self.products) + self.products[fact.product_id]
        return 2 * (place * len(self.teams) + self.teams[fact.team_id]) + (fact.access == Access.FLEX)


def ordered(
    indices: Iterable[int], facts: Sequence[Fact], found: Sequence[Status | None], sort: Sequence[Sort], names: Names
) -> list[int]:
    """Sort indices of facts; no `sort` means riskiest first. Not known comes last, never accessed is longest ago."""
    rows = list(indices)
    table = _table(rows, facts, found, names)
    if not sort:
        return sorted(rows, key=lambda index: (_risk(facts[index], found[index]), table.tie(index)))
    rows.sort(key=table.tie)
    for each in reversed(sort):
        _sort_by(rows, each, table)
    return rows


def by_letters(text: str) -> str:
    """Form of a name to sort by: case and accents do not separate names that a reader looks up together."""
    if text.isascii():
        return text.casefold()
    plain = unicodedata.normalize("NFKD", text)
    return "".join(letter for letter in plain if not unicodedata.combining(letter)).casefold()


def _table(rows: Sequence[int], facts: Sequence[Fact], found: Sequence[Status | None], names: Names) -> _Table:
    people = {facts[index].person_id: facts[index] for index in rows}
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


def _risk(fact: Fact, status: Status | None) -> int:
    """Class of risk, then what makes it worse: fewest days if active, longest held, longest not accessed."""
    risk = len(RISK) if status is None else RISK[status]
    worse, last = 0, fact.last_accessed or 0
    if status is Status.ACTIVE:
        worse = MANY if fact.days_used is None else fact.days_used
    elif status is Status.NOT_YET_ACTIVE:
        worse = fact.assigned_on or 0
    elif status is Status.NOT_APPLICABLE:
        last = 0
    return (risk * _WIDE + worse) * _WIDE + last


def _sort_by(rows: list[int], by: Sort, table: _Table) -> None:
    """Sort stably by one column, what is not known last."""
    column, sign = _COLUMNS[by.key], -1 if by.descending else 1

    def place(index: int) -> tuple[bool, int]:
        value = column(index, table)
        return value is None, sign * (value or 0)

    rows.sort(key=place)


_COLUMNS: Mapping[SortKey, Callable[[int, _Table], int | None]] = {
    SortKey.PERSON: lambda index, table: table.people[table.facts[index].person_id],
    SortKey.TEAM: lambda index, table: table.teams[table.facts[index].team_id],
    SortKey.PRODUCT: lambda index, table: table.products[table.facts[index].product_id],
    SortKey.STATUS: lambda index, table: RISK[status] if (status := table.found[index]) else None,
    SortKey.DAYS: lambda index, table: table.facts[index].days_used,
    SortKey.LAST: lambda index, table: table.facts[index].last_accessed or 0,
    SortKey.TOKENS: lambda index, table: table.facts[index].millitokens,
    SortKey.ASSIGNED: lambda index, table: table.facts[index].assigned_on,
}
