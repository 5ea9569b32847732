"""Plain questions: written down, read as a query or as a question that an entry answers, and kept for the owner.

The search over the entries is handed in: what they say belongs to the templates.
"""

import hashlib
from asyncio import to_thread
from collections import OrderedDict
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Lock
from typing import Literal, Protocol

from reporting_core import grammar, questions
from reporting_core.storage import asking
from reporting_core.storage.asking import Question
from reporting_core.storage.engines import Store
from reporting_core.usecases.naming import Spoken, Vocabularies
from reporting_core.usecases.understanding import decide, narrowed, typed
from reporting_core.words.errors import StoreBusy, UsagebotError
from reporting_core.words.names import storable
from reporting_core.words.people import Asker, Need
from reporting_core.words.query import UsageQuery, Vocabulary
from reporting_core.words.questions import Asked, AskedBefore, Found, Kind, OpenQuestions

KEPT = timedelta(days=90)
"""How long a question is kept: it may name people."""

LONGEST = 1_000
"""Characters of a plain question; a longer text is no question but a letter."""

PAGE = 10

_MOST_IN_MEMORY = 1_000
_KEPT_PREPARED = 64


class Search(Protocol):
    """Finds the reviewed entry that answers a question."""

    def find(self, text: str) -> Found:
        """Return how sure it is, and the nearest entries."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a question was asked; `said` names the message it stands in, the same when Slack tells of it again."""

    kind: Literal["direct", "channel", "command"]
    said: str


class Asking:
    """One account's plain questions. Any thread may use it.

    No answer waits for the database to write a question down: while something else holds it, questions stay in memory
    and are written with the next one.
    """

    def __init__(
        self,
        store: Store,
        account_id: int,
        clock: Callable[[], datetime],
        names: Vocabularies,
        parse: Callable[[str, Asker], UsageQuery],
    ) -> None:
        """Begin with nothing in memory."""
        self._store = store
        self._account_id = account_id
        self._clock = clock
        self._names = names
        self._parse = parse
        self._waiting: OrderedDict[str, Question] = OrderedDict()
        self._prepared: OrderedDict[int, tuple[Vocabulary, questions.Prepared]] = OrderedDict()
        self._lock = Lock()

    async def ask(self, text: str, asker: Asker, search: Search, at: Place) -> tuple[str, Asked] | None:
        """Write a question down, and make out what is asked; returns its token with it, or None if it was asked before.

        Raises `BadQuery` and `NotAllowed` for what is written like a command.
        """
        return await to_thread(self._ask, text, asker, search, at)

    async def before(self, token: str, slack_user_id: str) -> AskedBefore | None:
        """Return a question that this person asked."""
        return await to_thread(self._before, token, slack_user_id)

    async def chosen(self, token: str, slack_user_id: str, asked: Asked) -> None:
        """Keep which of the things that may have been meant was, by the word of whoever asked."""
        if await self.before(token, slack_user_id) is not None:
            await to_thread(self._became, token, asked)

    async def judge(self, token: str, slack_user_id: str, *, helped: bool) -> bool:
        """Keep somebody's thumb on an answer, in place of an earlier one of theirs; False for a question long gone."""
        return await to_thread(self._judge, token, slack_user_id, 1 if helped else -1)

    async def open(self, page: int = 1) -> OpenQuestions:
        """Return a page of what waits for the owner."""
        return await to_thread(self._open, page)

    async def settle(self, token: str) -> bool:
        """Take a question off the owner's list; False if it was not on it."""
        return await to_thread(self._settle, token)

    async def expire(self) -> int:
        """Delete questions that were kept long enough; returns how many."""
        return await to_thread(self.forget_old)

    def warm(self, asker: Asker) -> None:
        """Prepare the names of an asker, so that the first question finds them ready."""
        self._ready(self._names.spoken(asker).vocabulary)

    def forget_old(self) -> int:
        """Delete what has been kept long enough; returns how many questions that were."""
        with self._store.writing() as connection:
            return asking.forget(connection, self._account_id, self._clock() - KEPT)

    def make_out(self, text: str, asker: Asker, search: Search) -> Asked:
        """Make out what is asked, in this thread."""
        text = storable(text)
        command = typed(text)
        if command is not None and not asker.may(Need.REPORTS):
            # Refused whatever it names: how a command is read would tell which teams there are.
            return Asked(Kind.QUERY, command.act)
        if command is not None:
            query = self._parse(command.rest, asker)
            return Asked(Kind.QUERY, command.act, grammar.canonical(query))
        if len(text) > LONGEST:
            return Asked(Kind.UNKNOWN)
        # Who may not see anything names nothing: what exists must not show in how a question is understood.
        names = self._names.spoken(asker) if asker.may(Need.REPORTS) else Spoken(Vocabulary())
        readings = questions.read(text, self._ready(names.vocabulary), self._clock().date())
        return decide(narrowed(readings, names.teams), search.find(text))

    def _ask(self, text: str, asker: Asker, search: Search, at: Place) -> tuple[str, Asked] | None:
        token = self._write_down(text, asker.slack_user_id, at)
        if token is None:
            return None
        try:
            asked = self.make_out(text, asker, search)
        except UsagebotError:
            # It was understood as a command, and who typed it is told what is wrong with it: nothing for the owner.
            self._became(token, Asked(Kind.QUERY))
            raise
        self._became(token, asked)
        return token, asked

    def _before(self, token: str, slack_user_id: str) -> AskedBefore | None:
        with self._lock:
            found = self._waiting.get(token)
        if found is None:
            with self._store.reading() as connection:
                found = asking.asked(connection, self._account_id, storable(token))
        if found is None or found.slack_user_id != slack_user_id:
            return None
        return AskedBefore(found.question, Kind(found.kind), found.answer)

    def _ready(self, names: Vocabulary) -> questions.Prepared:
        with self._lock:
            kept = self._prepared.get(id(names))
        # The vocabulary is kept beside what was made of it, so that its id stays its own.
        if kept is not None and kept[0] is names:
            return kept[1]
        prepared = questions.prepare(names)
        with self._lock:
            living = {key: each for key, each in self._prepared.items() if self._names.lives(each[0])}
            self._prepared = OrderedDict(list(living.items())[-_KEPT_PREPARED:])
            self._prepared[id(names)] = (names, prepared)
        return prepared

    def _write_down(self, text: str, slack_user_id: str, at: Place) -> str | None:
        token = hashlib.blake2b(f"{self._account_id}:{at.said}".encode(errors="replace"), digest_size=12).hexdigest()
        asked = Question(token, slack_user_id, storable(text)[:LONGEST], str(Kind.UNKNOWN), "", at.kind, self._clock())
        with self._lock:
            if token in self._waiting:
                return None
        try:
            return token if self._noted(asked) else None
        except StoreBusy:
            self._hold(asked)
            return token

    def _noted(self, asked: Question) -> bool:
        with self._lock:
            held = list(self._waiting.values())
        with self._store.noting() as connection:
            for each in held:
                asking.note(connection, self._account_id, each)
            first = asking.note(connection, self._account_id, asked)
        with self._lock:
            for each in held:
                self._waiting.pop(each.token, None)
        return first

    def _hold(self, asked: Question) -> None:
        with self._lock:
            self._waiting[asked.token] = asked
            while len(self._waiting) > _MOST_IN_MEMORY:
                self._waiting.popitem(last=False)

    def _became(self, token: str, asked: Asked) -> None:
        answer = asked.canonical or asked.faq
        with self._lock:
            if (held := self._waiting.get(token)) is not None:
                self._waiting[token] = held._replace(kind=str(asked.kind), answer=answer)
                return
        # Nobody waits for it: left out, the question stays on the owner's list as one without an answer.
        with suppress(StoreBusy), self._store.noting() as connection:
            asking.answered(connection, self._account_id, token, str(asked.kind), answer)

    def _judge(self, token: str, slack_user_id: str, verdict: int) -> bool:
        with self._store.writing() as connection:
            found = asking.asked(connection, self._account_id, storable(token))
            if found is None:
                return False
            if found.slack_user_id != slack_user_id:
                # Somebody else in the channel has a thumb of their own, kept as if they had asked the same.
                own = found._replace(token=f"{found.token}:{slack_user_id}", slack_user_id=slack_user_id)
                asking.note(connection, self._account_id, own)
                token = own.token
            return asking.judge(connection, self._account_id, token, verdict)

    def _open(self, page: int) -> OpenQuestions:
        with self._store.reading() as connection:
            counts = asking.counts(connection, self._account_id)
            total = asking.open_total(connection, self._account_id)
            pages = max(-(-total // PAGE), 1)
            page = min(max(page, 1), pages)
            found = asking.waiting(connection, self._account_id, (page - 1) * PAGE, PAGE)
        return OpenQuestions(tuple(found), page, pages, total, *counts)

    def _settle(self, token: str) -> bool:
        with self._store.writing() as connection:
            return asking.settle(connection, self._account_id, storable(token)) > 0
