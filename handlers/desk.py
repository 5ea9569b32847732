"""What every handler works with: the core's answers as far as Slack asks for them, who asks, and where to reply."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic
from typing import Any, Protocol, TypeVar

import structlog
from slack_sdk.web.async_client import AsyncWebClient

from handlers import language
from handlers.coming import Alerts, Digests, Schedules
from handlers.delivery import Reply
from handlers.identity import Directory
from handlers.meter import Meter
from handlers.pacing import Pace
from handlers.seat_books import Audit, Cards, Requests, SeatRules, Seats, Tasks
from handlers.shelf import Shelf
from handlers.views.support import Support
from handlers.workshop import Workshop
from reporting_core.exports import Progress
from reporting_core.usecases.asking import Place, Search
from reporting_core.usecases.staging import LoadOptions
from reporting_core.words.condition import CheckUp
from reporting_core.words.evidence import Explanation
from reporting_core.words.imports import ImportResult
from reporting_core.words.people import Asker, SlackPerson
from reporting_core.words.query import UsageQuery, Vocabulary
from reporting_core.words.questions import Asked, AskedBefore, OpenQuestions
from reporting_core.words.report import DayUse, Row, UsageReport
from reporting_core.words.shown import Shown

T = TypeVar("T")


class People(Protocol):
    """What `/usage people` shows: persons without a match, links made by hand, reporters."""

    @property
    def unmatched(self) -> Sequence[str]:
        """One line a Slack person."""

    @property
    def links(self) -> Sequence[tuple[str, str]]:
        """Slack id and e-mail."""

    @property
    def reporters(self) -> Sequence[tuple[str, str | None]]:
        """E-mail and team, None for every team."""


class Questions(Protocol):
    """Plain questions: made out, written down, judged."""

    async def ask(self, text: str, asker: Asker, search: Search, at: Place) -> tuple[str, Asked] | None:
        """Write a question down, make out what is asked; None if it came before. Raises BadQuery, NotAllowed."""

    async def before(self, token: str, slack_user_id: str) -> AskedBefore | None:
        """Return a question that this person asked."""

    async def chosen(self, token: str, slack_user_id: str, asked: Asked) -> None:
        """Keep which of the things that may have been meant was."""

    async def judge(self, token: str, slack_user_id: str, *, helped: bool) -> bool:
        """Keep somebody's thumb; False for a question long gone."""

    async def open(self, page: int = 1) -> OpenQuestions:
        """Return a page of what waits for the owner."""

    async def settle(self, token: str) -> bool:
        """Take a question off the owner's list; False if it was not on it."""

    async def expire(self) -> int:
        """Delete questions that were kept long enough; returns how many."""


class Showings(Protocol):
    """What each report message shows, as `reporting_core.usecases.showing` keeps it."""

    async def open(self, slack_user_id: str, query: str) -> Shown:
        """Write down a new message with its question."""

    async def of(self, token: str) -> Shown | None:
        """Return what the message of a token shows now; None for one that is too old."""

    async def change(self, standing: Shown, query: str) -> Shown | None:
        """Let a message show another question; None if it was changed since `standing` was read."""


class Answers(Protocol):
    """The part of the core's facade that Slack's side uses."""

    @property
    def seats(self) -> Seats:
        """Taking seats back."""

    @property
    def tasks(self) -> Tasks:
        """Tasks for admins."""

    @property
    def cards(self) -> Cards:
        """What became of seats."""

    @property
    def seat_rules(self) -> SeatRules:
        """Exemptions, and what an owner set."""

    @property
    def requests(self) -> Requests:
        """Requests to whoever owns a group."""

    @property
    def audit(self) -> Audit:
        """Who did what."""

    @property
    def schedules(self) -> Schedules:
        """Digests and spreadsheets that come by themselves."""

    @property
    def digests(self) -> Digests:
        """What digests say."""

    @property
    def alerts(self) -> Alerts:
        """What is told as soon as it is so."""

    @property
    def exports(self) -> Shelf:
        """The spreadsheets."""

    def daily_use(
        self, query: UsageQuery, asker: Asker, *, mentions: Mapping[str, str] | None = ...
    ) -> Sequence[DayUse]:
        """Return the use of each date of a question's range, in the calling thread."""

    @property
    def shown(self) -> Showings:
        """What each report message shows."""

    async def evidence(
        self, text: str, asker: Asker, *, assignment: int | None = ..., mentions: Mapping[str, str] | None = ...
    ) -> Explanation:
        """Say why the rows of a question have their status: one of them, or all where they are few."""

    async def candidates(
        self, text: str, asker: Asker, typed: str, *, first: int = ..., mentions: Mapping[str, str] | None = ...
    ) -> Sequence[Row]:
        """Return rows of a question to choose one from, beginning with the place `first`, or those with these words."""

    async def identify(self, person: SlackPerson) -> Asker:
        """Return who this is in the account; raises NotAllowed."""

    async def usage(self, text: str, asker: Asker, *, mentions: Mapping[str, str] | None = ...) -> UsageReport:
        """Answer a typed question; raises BadQuery, AskAgain, NotAllowed, StoreBusy."""

    async def query(self, text: str, asker: Asker) -> UsageQuery:
        """Read a typed question without answering it; raises BadQuery."""

    async def vocabulary(self, asker: Asker) -> Vocabulary:
        """Return the names this asker may use."""

    async def last_query(self, asker: Asker) -> str | None:
        """Return the asker's last question in canonical form."""

    async def keep(self, asker: Asker, text: str) -> str:
        """Keep a text too long for a button; returns its token."""

    async def kept(self, asker: Asker, token: str) -> str | None:
        """Return a kept text, if this asker kept it and it is still there."""

    @property
    def asking(self) -> Questions:
        """Plain questions."""

    async def peek(self, text: str, asker: Asker, *, mentions: Mapping[str, str] | None = ...) -> UsageReport:
        """Answer a question that the asker did not ask themselves, without remembering it."""

    async def first_time(self, event_id: str) -> bool:
        """Return True the first time only, in all processes and after a restart."""

    async def load_for(
        self, asker: Asker, paths: Sequence[Path], options: LoadOptions, progress: Callable[[Progress], None] = ...
    ) -> ImportResult:
        """Import what an asker brought, for their own teams alone."""

    async def check_up(self) -> CheckUp:
        """Return how the installation stands, for an owner; raises StoreBusy."""

    async def people(self, asker: Asker) -> People:
        """Return who is who."""

    async def link(self, asker: Asker, slack_user_id: str, email: str) -> None:
        """Match a Slack person by hand."""

    async def grant(self, asker: Asker, email: str, team: str | None) -> None:
        """Make somebody a reporter."""

    async def take_back(self, asker: Asker, who: str) -> int:
        """Take back what was given by hand to an e-mail, or the match of a Slack id; returns how much that was."""


@dataclass(slots=True)
class Desk:
    """What is the same for all requests; `patience`: how long an answer may take before the working line is shown."""

    core: Answers
    client: AsyncWebClient
    directory: Directory
    incident: Callable[[], str]
    contact: str = ""
    support: Support = field(default_factory=Support)
    patience: float = 0.7
    language: str = language.AUTO
    """What USAGEBOT_LANGUAGE says."""
    log: Any = field(default_factory=structlog.get_logger)
    in_flight: set[asyncio.Task[Any]] = field(default_factory=set)
    workshop: Workshop = field(default_factory=Workshop)
    pace: Pace = field(default_factory=Pace)
    """When the next message may go to a channel."""
    began: float = field(default_factory=monotonic)
    heard: dict[str, float] = field(default_factory=dict)
    """When an event of a kind was heard last, by the same clock."""
    meter: Meter = field(default_factory=Meter)
    """Counts what is answered."""
    is_stopping: bool = False
    """The process is about to end: nothing new is begun, such as the next message of a round."""
    loading: asyncio.Lock = field(default_factory=asyncio.Lock)
    """Held while files are loaded."""

    def speaks_to(self, person: SlackPerson | None = None) -> str:
        """Return the language for somebody; for nobody in particular that of the account."""
        return language.of(person.locale if person else "", self.language)

    @contextmanager
    def busy(self) -> Iterator[None]:
        """Count the current task as work that a graceful stop waits for."""
        task = asyncio.current_task()
        if task is None:
            yield
            return
        self.in_flight.add(task)
        try:
            yield
        finally:
            self.in_flight.discard(task)

    async def idle(self, within: float) -> None:
        """Wait until running work is done, at most so many seconds."""
        if self.in_flight:
            await asyncio.wait(self.in_flight, timeout=within)


@dataclass(slots=True)
class Visit:
    """One request of one person. `asker` is set where the listener needs an account behind the person."""

    desk: Desk
    body: Mapping[str, Any]
    ack: Callable[..., Awaitable[Any]]
    reply: Reply
    person: SlackPerson
    asker: Asker

    async def soon(self, work: Awaitable[T]) -> T:
        """Wait for an answer, and show the working line if it takes longer than people wait patiently."""
        task = asyncio.ensure_future(work)
        done, _ = await asyncio.wait({task}, timeout=self.desk.patience)
        if not done:
            await self.reply.working()
        return await task
