"""A stand-in for the core's facade: answers made by hand, and what it was asked. The grammar is the real one."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from pathlib import Path

from handlers.shelf import Shelf
from reporting_core import grammar
from reporting_core.exports import Progress
from reporting_core.usecases.staging import LoadOptions
from reporting_core.words.condition import CheckUp, Condition
from reporting_core.words.errors import NotAllowed
from reporting_core.words.evidence import Evidence, Explanation
from reporting_core.words.imports import FileResult, ImportResult
from reporting_core.words.people import Asker, SlackPerson
from reporting_core.words.query import UsageQuery, Vocabulary
from reporting_core.words.report import DayUse, Row, UsageReport
from reporting_core.words.terms import Kind
from tests import hand_made
from tests.asking_stand_in import AskingStandIn
from tests.exports_stand_in import ExportsStandIn
from tests.schedules_stand_in import AlertsStandIn, DigestsStandIn, SchedulesStandIn
from tests.seat_rules_stand_in import AuditStandIn, SeatRulesStandIn
from tests.seats_stand_in import CardsStandIn, RequestsStandIn, SeatsStandIn
from tests.shown_stand_in import ShownStandIn
from tests.tasks_stand_in import TasksStandIn

MARCH = (date(2026, 3, 1), date(2026, 3, 31))


@dataclass(slots=True)
class Known:
    unmatched: tuple[str, ...] = ("U9 Zoe zoe@example.com",)
    links: tuple[tuple[str, str], ...] = ()
    reporters: tuple[tuple[str, str | None], ...] = ()


@dataclass
class StandIn:
    """`takes` seconds a report needs; `fails` is raised instead of one; `admins` and `owners` are Slack ids."""

    admins: set[str] = field(default_factory=lambda: {"U1"})
    owners: set[str] = field(default_factory=set)
    report: UsageReport = field(default_factory=hand_made.report)
    words: Vocabulary = field(default_factory=lambda: Vocabulary(("Design", "Build"), ("Revit", "AutoCAD")))
    takes: float = 0.0
    fails: Exception | None = None
    asked: list[str] = field(default_factory=list)
    mentions: list[Mapping[str, str] | None] = field(default_factory=list)
    events: set[str] = field(default_factory=set)
    texts: dict[tuple[str, str], str] = field(default_factory=dict)
    last: str | None = None
    changes: list[tuple[str, ...]] = field(default_factory=list)
    bound: list[tuple[str, str]] = field(default_factory=list)
    stands: Condition = field(default_factory=lambda: Condition(is_current=True))
    clock: Callable[[], datetime] = lambda: datetime(2026, 4, 1, tzinfo=UTC)
    asking: AskingStandIn = field(default_factory=AskingStandIn)
    shown: ShownStandIn = field(default_factory=ShownStandIn)
    tasks: TasksStandIn = field(default_factory=TasksStandIn)
    seats: SeatsStandIn = field(default_factory=SeatsStandIn)
    requests: RequestsStandIn = field(init=False)
    seat_rules: SeatRulesStandIn = field(default_factory=SeatRulesStandIn)
    audit: AuditStandIn = field(default_factory=AuditStandIn)
    exports: Shelf = field(default_factory=ExportsStandIn)
    schedules: SchedulesStandIn = field(default_factory=SchedulesStandIn)
    digests: DigestsStandIn = field(default_factory=DigestsStandIn)
    alerts: AlertsStandIn = field(default_factory=AlertsStandIn)
    explained: list[tuple[str, int | None]] = field(default_factory=list)
    loaded: list[tuple[list[bytes], LoadOptions]] = field(default_factory=list)
    result: FileResult = field(default_factory=lambda: FileResult("", Kind.USAGE, 3, 2, 1, ()))

    def __post_init__(self) -> None:
        self.requests = RequestsStandIn(self.seats)

    @property
    def cards(self) -> CardsStandIn:
        return CardsStandIn(self.seats)

    async def condition(self) -> Condition:
        if self.fails:
            raise self.fails
        return self.stands

    async def check_up(self) -> CheckUp:
        return CheckUp(await self.condition())

    async def hand_back(self) -> int:
        self.changes.append(("hand_back",))
        return 0

    async def identify(self, person: SlackPerson) -> Asker:
        if person.user_id not in self.admins | self.owners:
            raise NotAllowed("You are no administrator. Ask Ann.")
        owner = person.user_id in self.owners
        return Asker(1, person.user_id, person.name, person.email, owner=owner, every_team=True)

    async def usage(self, text: str, asker: Asker, *, mentions: Mapping[str, str] | None = None) -> UsageReport:
        self.asked.append(text)
        self.mentions.append(mentions)
        await asyncio.sleep(self.takes)
        if self.fails:
            raise self.fails
        query = await self.query(text, asker)
        return replace(self.report, query=query, canonical=grammar.canonical(query))

    async def evidence(
        self,
        text: str,
        asker: Asker,
        *,
        assignment: int | None = None,
        mentions: Mapping[str, str] | None = None,
    ) -> Explanation:
        self.explained.append((text, assignment))
        if self.fails:
            raise self.fails
        query = await self.query(text, asker)
        report = replace(self.report, query=query, canonical=grammar.canonical(query))
        few = report.rows if len(report.rows) <= 10 else []
        chosen = few if assignment is None else [row for row in report.rows if row.assignment_id == assignment]
        return Explanation(report, tuple(Evidence(row) for row in chosen))

    async def candidates(
        self, text: str, asker: Asker, typed: str, *, first: int = 0, mentions: Mapping[str, str] | None = None
    ) -> list[Row]:
        rows = [row for row in self.report.rows if typed.casefold() in row.person.casefold()]
        return [*rows[first:], *rows[:first]][:100]

    async def peek(self, text: str, asker: Asker, *, mentions: Mapping[str, str] | None = None) -> UsageReport:
        return await self.usage(text, asker, mentions=mentions)

    async def query(self, text: str, asker: Asker) -> UsageQuery:
        return grammar.parse(text, self.words, hand_made.TODAY)

    def daily_use(
        self, query: UsageQuery, asker: Asker, *, mentions: Mapping[str, str] | None = None
    ) -> Sequence[DayUse]:
        return [DayUse(hand_made.TODAY, 1, 0, 0.0)]

    async def vocabulary(self, asker: Asker) -> Vocabulary:
        if self.fails:
            raise self.fails
        return self.words

    async def last_query(self, asker: Asker) -> str | None:
        return self.last

    async def keep(self, asker: Asker, text: str) -> str:
        token = f"token{len(self.texts)}"
        self.texts[asker.slack_user_id, token] = text
        return token

    async def kept(self, asker: Asker, token: str) -> str | None:
        return self.texts.get((asker.slack_user_id, token))

    async def first_time(self, event_id: str) -> bool:
        first = event_id not in self.events
        self.events.add(event_id)
        return first

    async def load_for(
        self, asker: Asker, paths: Sequence[Path], options: LoadOptions, progress: Callable[[Progress], None] = print
    ) -> ImportResult:
        self.loaded.append(([path.read_bytes() for path in paths], options))
        progress(Progress(paths[0].name, 50, 100, 1_234))
        await asyncio.sleep(self.takes)
        if self.fails:
            raise self.fails
        return ImportResult(tuple(replace(self.result, name=path.name) for path in paths), {"Design": (MARCH,)})

    async def people(self, asker: Asker) -> Known:
        return Known()

    async def link(self, asker: Asker, slack_user_id: str, email: str) -> None:
        self.changes.append(("link", slack_user_id, email))

    async def grant(self, asker: Asker, email: str, team: str | None) -> None:
        self.changes.append(("grant", email, team or "*"))

    async def take_back(self, asker: Asker, who: str) -> int:
        self.changes.append(("take back", who))
        return 0 if who.startswith("nobody") else 1

    async def warm(self) -> None:
        self.changes.append(("warm",))

    async def bind_workspace(self, workspace_id: str, enterprise_id: str = "") -> None:
        self.bound.append((workspace_id, enterprise_id))
