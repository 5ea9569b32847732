"""Sentences about a report's data and scope, and what to try when nothing was found."""

from collections.abc import Callable, Container, Mapping, Sequence
from dataclasses import replace
from datetime import date
from difflib import get_close_matches

from reporting_core import grammar
from reporting_core.grammar import patterns
from reporting_core.storage.catalog import Membership
from reporting_core.storage.teams import Team
from reporting_core.usecases.gathering import Data
from reporting_core.words.people import Asker
from reporting_core.words.query import Filter, Key, UsageQuery
from reporting_core.words.report import Fact
from reporting_core.words.said import both, counted, joined, say
from reporting_core.words.terms import Access

SHOWN = 5

Memberships = Mapping[int, Sequence[Membership]]
"""Person → groups."""


def teams(some: Mapping[int, Team]) -> str:
    """Name some teams: “Design”, “Design and West”, or “12 teams”."""
    names = [team.name for team in some.values()]
    few = 2  # more would not be read
    return both(names) if 0 < len(names) <= few else say("{count} teams", count=len(names))


def about_data(data: Data, facts: Sequence[Fact], some: Mapping[int, Team]) -> tuple[str, ...]:
    """Say which days have no data, which teams have no Usage Report, and which rows are stale."""
    sentences = [*_gaps(data, some), *_without_report(some)]
    stale = sum(fact.stale for fact in facts)
    if stale:
        sentences.append(
            counted(
                stale,
                "1 assignment is not in the newest Usage Report of the team any more; the last known state is shown.",
                "{count} assignments are not in the newest Usage Report of the team any more; "
                "the last known state is shown.",
            )
        )
    if any(fact.days_used is None for fact in facts if fact.access == Access.SUBSCRIPTION):
        sentences.append(
            say("A dash stands for days that are not known for this range. Load the daily Usage export of these dates.")
        )
    return tuple(sentences)


def _gaps(data: Data, some: Mapping[int, Team]) -> list[str]:
    missing = [(team.name, data.gaps(id_)) for id_, team in some.items() if data.gaps(id_)]
    if not missing:
        return []
    listed = [joined((name, joined(map(_dates, spans[:SHOWN]), ", ")), ": ") for name, spans in missing[:SHOWN]]
    if beyond := len(missing) - len(listed):
        listed.append(say("and {count} more teams", count=beyond))
    sentence = say(
        "No daily data is loaded for {listed}. An unused seat is unknown there, not inactive. "
        "Load the Usage export of these dates.",
        listed=joined(listed, "; "),
    )
    return [sentence]


def _dates(span: tuple[int, int]) -> str:
    first, last = (date.fromordinal(day) for day in span)
    return say("{first}", first=first) if first == last else say("{first} to {last}", first=first, last=last)


def _without_report(some: Mapping[int, Team]) -> list[str]:
    names = sorted(team.name for team in some.values() if team.reported_on is None)
    if not names:
        return []
    listed = joined(names[:SHOWN], ", ")
    if len(names) > SHOWN:
        listed = say("{names} and {count} more", names=listed, count=len(names) - SHOWN)
    return [say("No Usage Report is loaded for {listed}: who has a seat there is not known.", listed=listed)]


def about_scope(asker: Asker, query: UsageQuery, some: Mapping[int, Team], *, sees_all: bool) -> tuple[str, ...]:
    """Say that an answer about all teams holds only the asker's."""
    if sees_all or query.of(Key.TEAM) or asker.every_team:
        return ()
    return (say("You see {teams}, because your role is there.", teams=teams(some)),)


def taken_since(count: int, as_of: date) -> tuple[str, ...]:
    """Say that some seats were unassigned after the data ends."""
    if not count:
        return ()
    return (
        counted(
            count,
            "1 seat was unassigned after {as_of}, where the data ends; it counts here as it was then.",
            "{count} seats were unassigned after {as_of}, where the data ends; they count here as they were then.",
            as_of=as_of,
        ),
    )


def nearest(query: UsageQuery, facts: Sequence[Fact]) -> tuple[str, ...]:
    """When nothing was found: commands that find the nearest thing, best first, three at most."""
    loosened = [*_without_picking(query, facts), *_without_people(query)]
    return tuple(dict.fromkeys(grammar.canonical(each) for each in loosened))[:3]


def _without_picking(query: UsageQuery, facts: Sequence[Fact]) -> list[UsageQuery]:
    picking = [each for each in query.filters if each.key in (Key.STATUS, Key.ASSIGNED)]
    if not (picking and facts):
        return []
    return [query.with_filters(each for each in query.filters if each not in picking)]


def _without_people(query: UsageQuery) -> list[UsageQuery]:
    narrow = (Key.USER, Key.VERSION, Key.GROUP, Key.ACCESS, Key.PRODUCT)
    return [
        query.with_filters(each for each in query.filters if each.key is not key) for key in narrow if query.of(key)
    ]


def similar_people(query: UsageQuery, everybody: Sequence[Fact], person: Callable[[Fact], str]) -> tuple[str, ...]:
    """For `user=` that matches nobody: the same question about the nearest names."""
    wanted = [value for each in query.of(Key.USER) if not each.negated for value in each.values]
    names = sorted({person(fact) for fact in everybody})
    folded = {name.casefold(): name for name in names} | {
        part: name for name in names for part in name.casefold().split()
    }
    close = dict.fromkeys(
        folded[match] for value in wanted for match in get_close_matches(value.casefold(), folded, n=3, cutoff=0.6)
    )
    others = [each for each in query.filters if each.key is not Key.USER]
    asked = [
        replace(query, page=1).with_filters([*others, Filter(Key.USER, (patterns.encode(name, Key.USER),))])
        for name in close
    ]
    return tuple(grammar.canonical(each) for each in asked)[:3]


def with_ranges(query: UsageQuery, ranges: Sequence[str]) -> tuple[str, ...]:
    """Ask the same question for each of some ranges, so that a press on one keeps the filters."""
    filters = [grammar.spell_filter(each) for each in query.filters]
    return tuple(" ".join([*filters, each]) for each in ranges)


def in_one_team(query: UsageQuery, names: Sequence[str]) -> tuple[str, ...]:
    """Ask the same question for one team each."""
    others = [each for each in query.filters if each.key is not Key.TEAM]
    asked = [
        replace(query, page=1).with_filters([Filter(Key.TEAM, (patterns.encode(name, Key.TEAM),)), *others])
        for name in names
    ]
    return tuple(grammar.canonical(each) for each in asked)[:3]


class Groups:
    """A person's groups now in a team: at hand for some people; asked for another's, it fetches everybody's."""

    def __init__(
        self, people: Container[int], memberships: Memberships, everybody: Callable[[], Memberships] | None
    ) -> None:
        """Keep the memberships of `people`."""
        self._people = people
        self._memberships = memberships
        self._everybody = everybody

    def of(self, team_id: int, person_id: int) -> tuple[str, ...]:
        """Return the names of the groups, by name."""
        if self._everybody is not None and person_id not in self._people:
            self._memberships, self._everybody = self._everybody(), None
        return tuple(
            sorted({member.name for member in self._memberships.get(person_id, ()) if member.team_id in (0, team_id)})
        )
