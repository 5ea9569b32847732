"""The names an asker may use, kept until the data changes.

Building them for a large account takes longer than answering.
"""

from collections.abc import Callable
from threading import Lock

from reporting_core.storage import catalog
from reporting_core.storage.engines import Connection, Store
from reporting_core.usecases.usage import visible_teams
from reporting_core.words.names import display_name
from reporting_core.words.people import Asker
from reporting_core.words.query import Vocabulary

MOST_PEOPLE = 20_000
"""People whose names are offered to guess bare words; in a larger account `user=` must be typed."""
KEPT_ASKERS = 64


class Vocabularies:
    """Vocabularies by asker's teams and data version."""

    def __init__(self, store: Store, pseudonym: Callable[[int], str]) -> None:
        """Start empty."""
        self._store = store
        self._pseudonym = pseudonym
        self._known: dict[tuple[object, ...], Vocabulary] = {}
        self._lock = Lock()

    def of(self, asker: Asker) -> Vocabulary:
        """Return what an asker may name."""
        with self._store.reading() as connection:
            version = catalog.data_version(connection, asker.account_id)
            seen = None if asker.owner or asker.every_team else frozenset(asker.teams)
            key = (asker.account_id, version, seen)
            found = self._known.get(key)
            return found if found is not None else self._keep(key, _vocabulary(connection, asker))

    def _keep(self, key: tuple[object, ...], found: Vocabulary) -> Vocabulary:
        with self._lock:
            newest = {old: kept for old, kept in self._known.items() if old[:2] == key[:2]}
            self._known = {**dict(list(newest.items())[-KEPT_ASKERS:]), key: found}
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
