"""What each report message in Slack shows, so that a press goes on from there, also after a restart.

As in `notebook`, no answer waits for a lock: while something else holds the database, such as a long import, changes
stay in memory, count from there, and are written with the next one.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from threading import Lock

from reporting_core.storage import showing
from reporting_core.storage.engines import Connection, Store
from reporting_core.storage.showing import Stands
from reporting_core.words.errors import StoreBusy
from reporting_core.words.names import storable
from reporting_core.words.shown import Shown

KEPT = timedelta(days=30)
"""How long after its last change a message can be changed; then its question has to be asked anew."""

MOST_IN_MEMORY = 10_000

PATIENCE = timedelta(seconds=1)
"""How long a held database is left alone before somebody waits for it again."""


class ShownReports:
    """One account's report messages. Any thread may use it."""

    def __init__(self, store: Store, account_id: int, clock: Callable[[], datetime], token: Callable[[], str]) -> None:
        """Begin with nothing in memory."""
        self._store = store
        self._account_id = account_id
        self._clock = clock
        self._token = token
        self._waiting: OrderedDict[str, list[Stands]] = OrderedDict()
        self._held_until = datetime.min.replace(tzinfo=UTC)
        self._lock = Lock()

    async def open(self, slack_user_id: str, query: str) -> Shown:
        """Write down a new message with its question; raises nothing, whatever holds the database."""
        token = self._token()
        first = Stands(slack_user_id, query, 1)
        await asyncio.to_thread(self._put, token, first)
        return Shown(token, *first)

    async def of(self, token: str) -> Shown | None:
        """Return what the message of a token shows now; None for one that is too old, or no token of ours."""
        return await asyncio.to_thread(self._of, storable(token))

    async def change(self, standing: Shown, query: str) -> Shown | None:
        """Let a message show another question; None if it was changed since `standing` was read: read it again."""
        following = Stands(standing.slack_user_id, query, standing.revision + 1)
        changed = await asyncio.to_thread(self._put, standing.token, following)
        return Shown(standing.token, *following) if changed else None

    async def forget(self) -> int:
        """Delete what nobody changed for so long; returns how many messages."""
        return await asyncio.to_thread(self._forget)

    def _of(self, token: str) -> Shown | None:
        with self._lock:
            if waiting := self._waiting.get(token):
                return Shown(token, *waiting[-1])
        with self._store.reading() as connection:
            found = showing.find(connection, self._account_id, token, self._clock() - KEPT)
        return Shown(token, *found) if found else None

    def _put(self, token: str, stands: Stands) -> bool:
        # One at a time in this process, so that what waits is written in order and only once.
        with self._lock:
            waiting = self._waiting.get(token)
            if waiting and waiting[-1].revision != stands.revision - 1:
                return False
            if self._clock() < self._held_until:
                return self._kept_waiting(token, stands)
            try:
                return self._written(token, stands)
            except StoreBusy:
                self._held_until = self._clock() + PATIENCE
                return self._kept_waiting(token, stands)

    def _written(self, token: str, stands: Stands) -> bool:
        with self._store.noting() as connection:
            for waiting, changes in self._waiting.items():
                for each in changes:
                    self._write(connection, waiting, each)
            written = self._write(connection, token, stands)
            if stands.revision == 1:
                showing.forget(connection, self._account_id, self._clock() - KEPT)
        self._waiting.clear()
        return written

    def _write(self, connection: Connection, token: str, stands: Stands) -> bool:
        if stands.revision > 1:
            return showing.move(connection, self._account_id, token, stands, self._clock())
        showing.add(connection, self._account_id, token, stands, self._clock())
        return True

    def _kept_waiting(self, token: str, stands: Stands) -> bool:
        if token not in self._waiting and stands.revision > 1:
            with self._store.reading() as connection:
                found = showing.find(connection, self._account_id, token, self._clock() - KEPT)
            if found is None or found.revision != stands.revision - 1:
                return False
        self._waiting.setdefault(token, []).append(stands)
        self._waiting.move_to_end(token)
        while len(self._waiting) > MOST_IN_MEMORY:
            self._waiting.popitem(last=False)
        return True

    def _forget(self) -> int:
        with self._store.writing() as connection:
            return showing.forget(connection, self._account_id, self._clock() - KEPT)
