"""The names an asker may use, kept until the data changes.

Building them for a large account takes longer than answering.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from threading import Lock

from reporting_core.storage import catalog
from reporting_core.storage.engines import Connection, Store
from reporting_core.usecases.usage import visible_teams
from reporting_core.words.names import display_name, fold
from reporting_core.words.people import Asker
from reporting_core.words.query import Vocabulary

MOST_PEOPLE = 20_000
"""People whose names are offered to guess bare words; in a larger account `user=` must be typed."""
KEPT_ASKERS = 64


@dataclass(frozen=True, slots=True)
class Spoken:
    """Names for plain questions. Where some team hides names, `teams` says in which others a name may be read.

    Asked of those teams alone, an answer shows the person; asked of all, it would hide everybody.
    """

    vocabulary: Vocabulary
    teams: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Folded name or e-mail → teams that show it; empty where no team hides names, or all do."""


class Vocabularies:
    """Vocabularies by asker's teams and data version."""

    def __init__(self, store: Store, pseudonym: Callable[[int], str]) -> None:
        """Start empty."""
        self._store = store
        self._pseudonym = pseudonym
        self._known: dict[tuple[object, ...], Vocabulary] = {}
        # By the identity of the vocabulary that each is made from, which is kept beside it.
        self._spoken_of: dict[int, tuple[Vocabulary, Spoken]] = {}
        self._lock = Lock()

    def of(self, asker: Asker) -> Vocabulary:
        """Return what an asker may name."""
        with self._store.reading() as connection:
            version = catalog.data_version(connection, asker.account_id)
            seen = None if asker.owner or asker.every_team else frozenset(asker.teams)
            key = (asker.account_id, version, seen)
            found = self._known.get(key)
            return found if found is not None else self._keep(key, _vocabulary(connection, asker))

    def spoken(self, asker: Asker) -> Spoken:
        """Return what an asker may name in a plain question: people too, as long as any team shows its own."""
        typed = self.of(asker)
        with self._lock:
            kept = self._spoken_of.get(id(typed))
        if kept is not None and kept[0] is typed:
            return kept[1]
        with self._store.reading() as connection:
            made = _spoken(connection, asker, typed)
        with self._lock:
            self._spoken_of = {**dict(list(self._spoken_of.items())[-KEPT_ASKERS:]), id(typed): (typed, made)}
        return made

    def lives(self, vocabulary: Vocabulary) -> bool:
        """Tell whether names are still those of the newest data, for whoever keeps what was made of them."""
        with self._lock:
            spoken = (each.vocabulary for _, each in self._spoken_of.values())
            return any(each is vocabulary for each in (*self._known.values(), *spoken))

    def _keep(self, key: tuple[object, ...], found: Vocabulary) -> Vocabulary:
        with self._lock:
            newest = {old: kept for old, kept in self._known.items() if old[:2] == key[:2]}
            self._known = {**dict(list(newest.items())[-KEPT_ASKERS:]), key: found}
            # The names of a large account take megabytes: those of older data go.
            ids = {id(each) for each in self._known.values()}
            self._spoken_of = {typed: kept for typed, kept in self._spoken_of.items() if typed in ids}
        return found


def _vocabulary(connection: Connection, asker: Asker) -> Vocabulary:
    teams = visible_teams(connection, asker)
    account = asker.account_id
    # Names of people only help to guess; where any team hides them, guessing would give them away.
    sees_all = asker.owner or asker.every_team
    shown = all(team.personal_data for team in teams)
    mine = None if sees_all else [team.id for team in teams]
    people = catalog.people_names(connection, account, MOST_PEOPLE + 1, mine) if shown else []
    named = [
        name for first, last, email in people for name in (display_name(first, last, None, ""), email or "") if name
    ]
    return Vocabulary(
        teams=tuple(team.name for team in teams),
        products=tuple(catalog.products(connection, account).values()),
        groups=tuple(catalog.group_names(connection, account, mine)),
        versions=tuple(catalog.releases(connection, account).values()),
        people=tuple(dict.fromkeys(named)) if len(people) <= MOST_PEOPLE else (),
    )


def _spoken(connection: Connection, asker: Asker, typed: Vocabulary) -> Spoken:
    teams = {team.id: team for team in visible_teams(connection, asker)}
    shown = [team.id for team in teams.values() if team.personal_data]
    if not shown or len(shown) == len(teams):
        return Spoken(typed)
    found = catalog.people_of_teams(connection, asker.account_id, MOST_PEOPLE + 1, shown)
    if len(found) > MOST_PEOPLE:
        return Spoken(typed)
    people: dict[str, set[str]] = defaultdict(set)
    spelt: dict[str, str] = {}
    for first, last, email, team in found:
        for name in filter(None, (display_name(first, last, None, ""), email or "")):
            people[fold(name)].add(teams[team].name)
            spelt.setdefault(fold(name), name)
    named = {key: tuple(sorted(some)) for key, some in people.items()}
    return Spoken(replace(typed, people=tuple(spelt.values())), named)
