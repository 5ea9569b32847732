"""Applies the filters that say what is counted: names to ids, groups, and people as they are shown."""

from collections.abc import Callable, Mapping, Sequence

from reporting_core.grammar import patterns
from reporting_core.storage.catalog import Membership
from reporting_core.words.query import Filter
from reporting_core.words.report import Fact


def chosen(filters: Sequence[Filter], names: Mapping[int, str]) -> list[int]:
    """Return the ids whose names pass all filters of one key."""
    passing = list(names)
    for each in filters:
        passing = [
            id_ for id_ in passing if any(patterns.matches(value, names[id_]) for value in each.values) != each.negated
        ]
    return passing


def in_groups(
    facts: Sequence[Fact], filters: Sequence[Filter], memberships: Mapping[int, Sequence[Membership]]
) -> list[Fact]:
    """Keep the facts of people who are in the groups now; `none` stands for people in no group.

    A group counts in its own team.
    """

    def passes(fact: Fact) -> bool:
        names = [member.name for member in memberships.get(fact.person_id, ()) if member.team_id in (0, fact.team_id)]
        return all(any(_is_in(value, names) for value in each.values) != each.negated for each in filters)

    return [fact for fact in facts if passes(fact)]


def _is_in(value: str, names: Sequence[str]) -> bool:
    return not names if value == patterns.NONE else any(patterns.matches(value, name) for name in names)


def of_people(
    facts: Sequence[Fact],
    filters: Sequence[Filter],
    person: Callable[[Fact], str],
    known_as: Mapping[str, str],
    *,
    hashed: bool,
) -> list[Fact]:
    """Keep the facts of people whose name or e-mail matches; where people are hashed, only the hash can be searched."""
    filters = [
        Filter(each.key, tuple(_meant(value, known_as) for value in each.values), each.negated) for each in filters
    ]
    verdicts: dict[int, bool] = {}

    def passes(fact: Fact) -> bool:
        if fact.person_id not in verdicts:
            shown = [person(fact)] if hashed else [person(fact), fact.email or ""]
            verdicts[fact.person_id] = all(
                any(_is_called(value, shown) for value in each.values) != each.negated for each in filters
            )
        return verdicts[fact.person_id]

    return [fact for fact in facts if passes(fact)]


def _meant(value: str, known_as: Mapping[str, str]) -> str:
    return known_as.get(value, known_as.get(value.casefold(), value))


def _is_called(value: str, names: Sequence[str]) -> bool:
    # An e-mail means exactly that person; a part of it would also mean others.
    return any(patterns.matches(value, name, part="@" not in value) for name in names if name)
