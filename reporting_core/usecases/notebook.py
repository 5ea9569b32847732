"""What is noted beside answers: last questions, texts too long for a button, events already handled.

No answer waits for a note. While something else holds the database, such as a long import, notes stay in memory, count
from there, and are written with the next one.
"""

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Lock

from reporting_core.storage import keeping
from reporting_core.storage.engines import Store
from reporting_core.words.errors import StoreBusy
from reporting_core.words.names import storable

REMEMBERED = timedelta(hours=48)
"""How long an event is known as handled; Slack retries for minutes (slack.md)."""

MOST_IN_MEMORY = 10_000

ASKED = "asked:"
"""Begins the tokens of questions that somebody asked; what is kept for a button is no last question."""


@dataclass(frozen=True, slots=True)
class Note:
    """A question or another text of somebody's under a token."""

    slack_user_id: str
    text: str
    token: str
    at: datetime


class Notebook:
    """One account's notes. Any thread may use it."""

    def __init__(self, store: Store, account_id: int, clock: Callable[[], datetime]) -> None:
        """Begin with nothing in memory."""
        self._store = store
        self._account_id = account_id
        self._clock = clock
        self._waiting: list[Note] = []
        self._events: OrderedDict[str, None] = OrderedDict()
        self._lock = Lock()

    def asked(self, slack_user_id: str, text: str, token: str) -> None:
        """Keep what somebody asked as their last question."""
        self.keep(slack_user_id, text, f"{ASKED}{token}")

    def keep(self, slack_user_id: str, text: str, token: str) -> None:
        """Keep a text, in the database if that can be done at once."""
        with self._lock:
            self._waiting.append(Note(slack_user_id, text, token, self._clock()))
            notes, self._waiting = self._waiting, []
        try:
            with self._store.noting() as connection:
                for note in notes:
                    keeping.keep(connection, self._account_id, note.slack_user_id, note.text, note.token, note.at)
        except StoreBusy:
            with self._lock:
                self._waiting = [*notes, *self._waiting][-MOST_IN_MEMORY:]

    def kept(self, slack_user_id: str, token: str) -> str | None:
        """Return the question that this person kept under a token."""
        mine = [note.text for note in self._of(slack_user_id) if note.token == token]
        if mine:
            return mine[-1]
        with self._store.reading() as connection:
            return keeping.kept(connection, self._account_id, slack_user_id, storable(token))

    def is_kept(self, slack_user_id: str, text: str) -> bool:
        """Tell whether this person asked exactly this before."""
        if any(note.text == text for note in self._of(slack_user_id)):
            return True
        with self._store.reading() as connection:
            return keeping.is_kept(connection, self._account_id, slack_user_id, text)

    def last(self, slack_user_id: str) -> str | None:
        """Return what a person asked last."""
        if mine := [note for note in self._of(slack_user_id) if note.token.startswith(ASKED)]:
            return mine[-1].text
        with self._store.reading() as connection:
            return keeping.newest(connection, self._account_id, slack_user_id, ASKED)

    def first_time(self, event_id: str) -> bool:
        """Return True the first time only, in all processes; under a lock, the first time in this one."""
        # Two accounts in one database may be told of events of one id.
        event = f"{self._account_id}:{storable(event_id)}"
        if not self._claim(event):
            return False
        now = self._clock()
        try:
            with self._store.noting() as connection:
                return keeping.first_time(connection, event, now, now - REMEMBERED)
        except StoreBusy:
            with self._store.reading() as connection:
                return not keeping.was_seen(connection, event)

    def _claim(self, event: str) -> bool:
        with self._lock:
            if event in self._events:
                return False
            self._events[event] = None
            if len(self._events) > MOST_IN_MEMORY:
                self._events.popitem(last=False)
            return True

    def _of(self, slack_user_id: str) -> list[Note]:
        with self._lock:
            return [note for note in self._waiting if note.slack_user_id == slack_user_id]
