"""Two processes, one database and Slack, in steps that any order may have: each step is one thing that others see.

A process may die between any two steps, or stand still while time passes; the clock of all may be put forward and back.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from sqlalchemy import delete, select

from reporting_core.storage import post_rows
from reporting_core.storage.engines import Store
from reporting_core.storage.scheduling import posts, schedules
from reporting_core.usecases.schedules import falling_due, sending, subscribing
from reporting_core.usecases.schedules.books import DAY, Books
from reporting_core.usecases.schedules.subscribing import Wish
from reporting_core.words.people import Asker
from reporting_core.words.schedules import OPEN, Cadence, Kind, Post, Rhythm, State, Why

START = datetime(2026, 11, 24, 11, 59, tzinfo=UTC)
EVERY = timedelta(hours=3)
THREE_HOURLY = Cadence(Rhythm.CRON, cron="0 */3 * * *")


@dataclass
class SlackKept:
    """What stands in Slack: key and name of each message."""

    messages: list[tuple[str, str]] = field(default_factory=list)
    sent: int = 0
    strays: set[str] = field(default_factory=set)
    """Sent by one that stood still while another sent it as well, and the answer was lost: what cannot be mended."""

    def post(self, key: str) -> str:
        self.sent += 1
        self.messages.append((key, f"{self.sent}.0"))
        return f"{self.sent}.0"

    def remove(self, ts: str) -> None:
        self.messages = [each for each in self.messages if each[1] != ts]

    def find(self, key: str) -> str | None:
        return next((ts for found, ts in self.messages if found == key), None)


@dataclass
class Process:
    """One process. `extra` is a message that it has to delete: who dies now leaves it behind, which is not promised."""

    books: Books
    slack: SlackKept
    is_lost: Callable[[], bool]
    steps: Iterator[None] = field(default_factory=lambda: iter(()))
    extra: bool = False

    def step(self) -> bool:
        """Go on to the next thing that others see; False at the end of a round."""
        if next(self.steps, "over") == "over":
            self.steps = self.round()
            return False
        return True

    def round(self) -> Iterator[None]:
        """Do what the rounds of the bot do."""
        falling_due.due_now(self.books, self.books.clock())
        yield
        for post in sending.claim(self.books, self.books.clock(), 5):
            yield
            yield from self._sent(post)
        for post in sending.doubtful(self.books, self.books.clock(), 5):
            yield
            ts = self.slack.find(post.key)
            yield
            if ts:
                sending.arrived(self.books, post, ts)
            else:
                sending.not_arrived(self.books, post)
            yield

    def _sent(self, post: Post) -> Iterator[None]:
        if not sending.may_post(self.books, post, (None, None), "{}"):
            return
        yield
        if not sending.holds(self.books, post):
            return
        self.extra = True
        yield  # it may stand still even here, with the request half written
        ts = self.slack.post(post.key)
        yield
        if self.is_lost():
            if not sending.lost(self.books, post):
                self.slack.strays.add(ts)
        elif not sending.posted(self.books, post, "D1", ts):
            self.slack.remove(ts)
            sending.taken_back(self.books, post, ts)
        self.extra = False
        yield


@dataclass
class World:
    """All of it, at a time that it says itself."""

    store: Store
    account_id: int
    now: datetime = START
    latest: datetime = START
    slack: SlackKept = field(default_factory=SlackKept)
    losing: int = 0
    """Answers that are lost from now on."""
    deaths: int = 0
    calm: datetime = START
    """From when on time passes evenly and nobody dies: no slot is missed that comes only then."""
    processes: list[Process] = field(default_factory=list)
    schedule: str = ""

    def open(self) -> None:
        """Begin anew, with one schedule and two processes of which one is forty seconds behind."""
        with self.store.writing() as connection:
            for table in (posts, schedules):
                connection.execute(delete(table).where(table.c.account_id == self.account_id))
        self.processes = [self.process(0), self.process(1)]
        asker = Asker(self.account_id, "U1", "", "", owner=True)
        wish = Wish(Kind.DIGEST, "team=Design", THREE_HOURLY, "UTC")
        self.schedule = subscribing.subscribe(self.processes[0].books, asker, wish).token

    def process(self, number: int) -> Process:
        """Start a process."""
        behind = timedelta(seconds=40 * number)
        holder = f"{number} after {self.deaths}"
        books = Books(self.store, self.account_id, lambda: self.now - behind, lambda: "word", holder)
        return Process(books, self.slack, self.is_lost)

    def is_lost(self) -> bool:
        self.losing, lost = max(self.losing - 1, 0), self.losing > 0
        return lost

    def passes(self, seconds: float) -> None:
        """Let time pass, or put the clock."""
        self.now += timedelta(seconds=seconds)
        self.latest = max(self.latest, self.now)

    def dies(self, number: int) -> None:
        """Kill a process and start it anew. Not more often than a post is tried."""
        if self.deaths < 6 and not self.processes[number].extra:
            self.deaths += 1
            self.processes[number] = self.process(number)

    def settles(self) -> None:
        """Let everybody go on, past the latest time there was, until nothing is under way."""
        self.calm = self.now
        while self.now < self.latest:
            self.passes(3600)
            self._round()
        for _ in range(12):
            self.passes(120)
            self._round()
            self._round()
            if not self._open():
                return

    def _round(self) -> None:
        for each in self.processes:
            while each.step():
                pass

    def wrong(self) -> list[str]:
        """Say what is not as it should be, from what stands in Slack and from counting every three hours."""
        rows = {each.slot: each for each in self._posts()}
        due, slots = START.replace(minute=0) + timedelta(hours=1), list[str]()
        while due <= self.latest - timedelta(minutes=2):
            slots.append(f"{due:%Y-%m-%dT%H:%M}")
            due += EVERY
        found = [f"no row: {each}" for each in slots if each not in rows]
        newest = max((each for each in slots if each in rows and rows[each].due <= self.now), default=None)
        if newest and rows[newest].state is not State.POSTED:
            found.append(f"the newest was not sent: {rows[newest]}")
        return found + [f"{why}: {post}" for post in rows.values() if (why := self._wrong(post, rows))]

    def _wrong(self, post: Post, rows: dict[str, Post]) -> str:
        seen = [ts for key, ts in self.slack.messages if key == post.key]
        seen = [ts for ts in seen if ts not in self.slack.strays] or seen
        if post.state is State.POSTED:
            return "" if seen == [post.message_ts] else f"{len(seen)} messages"
        if seen:
            return "sent and not known"
        is_to_come = post.state is State.DUE and post.due > self.now - timedelta(minutes=5)
        return "" if is_to_come or self._rightly_missed(post, rows) else "left over, or missed"

    def _rightly_missed(self, post: Post, rows: dict[str, Post]) -> bool:
        is_new = post.due > self.calm and not post.fence
        if post.state is not State.MISSED or post.finished_at is None or is_new:
            return False
        if post.cause == Why.TOO_LATE:
            return post.finished_at - post.due > DAY
        return any(slot > post.slot and each.due <= post.finished_at for slot, each in rows.items())

    def _posts(self) -> list[Post]:
        with self.store.reading() as connection:
            return post_rows.history(connection, self.account_id, self.schedule, 10_000)

    def _open(self) -> bool:
        with self.store.reading() as connection:
            waiting = select(posts.c.id).where(posts.c.account_id == self.account_id, posts.c.state.in_(sorted(OPEN)))
            return connection.execute(waiting.where(posts.c.due_at <= self.now)).first() is not None
