"""The facade: all the bot can be asked, as coroutines that run in worker threads so that the event loop stays free."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from pathlib import Path

from reporting_core import exports as vendor
from reporting_core import grammar
from reporting_core.metrics.personal import Pseudonyms
from reporting_core.storage import directory, facts
from reporting_core.storage.engines import Store
from reporting_core.storage.upgrade import upgrade
from reporting_core.usecases import (
    allowance,
    explaining,
    identity,
    loading,
    naming,
    notebook,
    showing,
    staging,
    teams,
    usage,
    watching,
)
from reporting_core.usecases.alerts.facade import Alerts
from reporting_core.usecases.asking import Asking
from reporting_core.usecases.auditing import Audit, audit_of
from reporting_core.usecases.digests.facade import Digests
from reporting_core.usecases.exporting import Exports
from reporting_core.usecases.gathering import FactSource
from reporting_core.usecases.identity import People, Rules
from reporting_core.usecases.schedules.facade import Schedules, opened
from reporting_core.usecases.seats.cards import Cards
from reporting_core.usecases.seats.facade import Seats
from reporting_core.usecases.seats.records import Records
from reporting_core.usecases.seats.requesting import Requests
from reporting_core.usecases.seats.ruling import SeatRules
from reporting_core.usecases.seats.tasking import TaskDesk
from reporting_core.usecases.seats.tasks import Tasks
from reporting_core.usecases.staging import LoadOptions
from reporting_core.usecases.usage import Asking as UsageAsking
from reporting_core.words.condition import CheckUp, Condition
from reporting_core.words.errors import BadQuery, NotAllowed
from reporting_core.words.evidence import Explanation
from reporting_core.words.imports import ImportResult, Step
from reporting_core.words.names import storable
from reporting_core.words.people import Asker, SlackPerson
from reporting_core.words.query import Key, UsageQuery, Vocabulary
from reporting_core.words.report import DayUse, Row, UsageReport
from reporting_core.words.said import say
from reporting_core.words.tokens import random_word


@dataclass(slots=True)
class Core:
    """One account's answers.

    `clock` gives aware UTC datetimes, `key` is the master key of hashes, `token` makes random words,
    `source` is where facts come from.
    """

    store: Store
    account: str
    account_id: int
    clock: Callable[[], datetime]
    key: bytes = field(repr=False)
    rules: Rules = field(default_factory=Rules)
    token: Callable[[], str] = random_word
    source: FactSource = facts
    pseudonyms: Pseudonyms = field(init=False)
    names: naming.Vocabularies = field(init=False)
    notes: notebook.Notebook = field(init=False)
    exports: Exports = field(init=False)
    asking: Asking = field(init=False)
    shown: showing.ShownReports = field(init=False)
    seats: Seats = field(init=False)
    tasks: TaskDesk = field(init=False)
    cards: Cards = field(init=False)
    audit: Audit = field(init=False)
    seat_rules: SeatRules = field(init=False)
    schedules: Schedules = field(init=False)
    digests: Digests = field(init=False)
    alerts: Alerts = field(init=False)
    requests: Requests = field(init=False)

    def __post_init__(self) -> None:
        """Derive what is kept between questions."""
        self.pseudonyms = Pseudonyms(self.key, self.account_id)
        self.names = naming.Vocabularies(self.store, self.pseudonyms.of)
        self.notes = notebook.Notebook(self.store, self.account_id, self.clock)
        self.exports = Exports(self.store, self.account_id, self.clock, lambda: self.token())  # noqa: PLW0108 - may be set later
        self.shown = showing.ShownReports(self.store, self.account_id, self.clock, lambda: self.token())  # noqa: PLW0108 - may be set later
        self.asking = Asking(self.store, self.account_id, self.clock, self.names, self._parsed)
        kept = (self.store, self.account_id, self.key)
        self.audit = audit_of(kept, lambda: self.clock(), self.pseudonyms.of, self._parsed)  # noqa: PLW0108 - may be set later
        self.seats = Seats(self._records(), self.operator, self._assignments, self.audit.mark)
        self.seat_rules = SeatRules(self.seats, self._asked_why)
        self.requests = Requests(self.seats)
        self.tasks = TaskDesk(Tasks(self.store, self.account_id, lambda: self.clock()), self.seats)  # noqa: PLW0108 - may be set later
        self.cards = Cards(self.seats, lambda: self.rules)
        words = lambda: self.clock(), lambda: self.token()  # noqa: PLW0108 - may be set later
        self.schedules = opened(self.store, self.account_id, *words, self._canonical)
        self.digests = Digests(self.seats.records, self._parsed, lambda: self.source, lambda: self.rules.contact)
        self.alerts = Alerts(self.seats.records, lambda: self.rules.owners, self.audit.mark, self.schedules.enqueue)

    def _records(self) -> Records:
        word, hashed = lambda: self.token(), self.pseudonyms.of  # noqa: PLW0108 - may be set later
        return Records(self.store, self.account_id, self.clock, word, hashed, self.audit.chain, self.key)

    def _assignments(self, text: str, asker: Asker, mentions: Mapping[str, str] | None) -> list[int]:
        report = self._answered(lambda: self._parsed(text, asker), asker, None, mentions)
        return [row.assignment_id for row in report.rows]

    @property
    def operator(self) -> Asker:
        """Whoever runs commands on the bot's machine: sees every team."""
        return Asker(self.account_id, "", "operator", "", owner=True, every_team=True)

    async def identify(self, person: SlackPerson) -> Asker:
        """Return the asker behind a Slack person; raises `NotAllowed`."""
        return await asyncio.to_thread(identity.identify, self.store, self.account_id, person, self.rules, self.clock())

    async def vocabulary(self, asker: Asker) -> Vocabulary:
        """Return the names this asker may use."""
        return await asyncio.to_thread(self.names.of, asker)

    async def warm(self) -> None:
        """Prepare what the first question would wait for: the names of the account."""
        await asyncio.to_thread(self.asking.warm, self.operator)

    async def query(self, text: str, asker: Asker) -> UsageQuery:
        """Read a typed question without answering it; raises `BadQuery`."""
        return await asyncio.to_thread(self._parsed, text, asker)

    async def usage(
        self, text: str, asker: Asker, *, as_of: date | None = None, mentions: Mapping[str, str] | None = None
    ) -> UsageReport:
        """Answer a typed question and remember it as the asker's last.

        Raises `AskAgain` (`BadQuery`), `NotAllowed`, `StoreBusy`.
        """
        return await asyncio.to_thread(self.answer, text, asker, as_of=as_of, mentions=mentions)

    def answer(
        self, text: str, asker: Asker, *, as_of: date | None = None, mentions: Mapping[str, str] | None = None
    ) -> UsageReport:
        """Answer a typed question in this thread."""
        report = self._answered(lambda: self._parsed(text, asker), asker, as_of, mentions)
        if asker.slack_user_id:
            self.notes.asked(asker.slack_user_id, report.canonical, self.token())
        return report

    def _answered(
        self, read: Callable[[], UsageQuery], asker: Asker, as_of: date | None, mentions: Mapping[str, str] | None
    ) -> UsageReport:
        query = read()
        report = self.report(query, asker, as_of=as_of, mentions=mentions)
        if report.hashed and query != (query := read()):
            # Names were guessed while they were shown, and a team has hidden them since.
            report = self.report(query, asker, as_of=as_of, mentions=mentions)
        return report

    async def evidence(
        self, text: str, asker: Asker, *, assignment: int | None = None, mentions: Mapping[str, str] | None = None
    ) -> Explanation:
        """Say why the rows of a question have their status: one of them, or all where they are few.

        Raises what `usage` raises.
        """
        report = await asyncio.to_thread(self._asked_why, text, asker, mentions)
        return await asyncio.to_thread(explaining.explained, self.store, self.account_id, report, assignment)

    async def candidates(
        self, text: str, asker: Asker, typed: str, *, first: int = 0, mentions: Mapping[str, str] | None = None
    ) -> list[Row]:
        """Return rows of a question to choose one from, those that hold all the words typed; a hundred at most."""
        report = await asyncio.to_thread(self._asked_why, text, asker, mentions)
        return await asyncio.to_thread(explaining.candidates, report, typed, 100, first)

    def _canonical(self, text: str, asker: Asker) -> str:
        return grammar.canonical(self._parsed(text, asker))

    def _asked_why(self, text: str, asker: Asker, mentions: Mapping[str, str] | None) -> UsageReport:
        def read() -> UsageQuery:
            return explaining.question(text, lambda typed: self._parsed(typed, asker))

        return self._answered(read, asker, None, mentions)

    def report(
        self, query: UsageQuery, asker: Asker, *, as_of: date | None = None, mentions: Mapping[str, str] | None = None
    ) -> UsageReport:
        """Answer a question that was read before."""
        return usage.report(self.store, self._asked(query, asker, as_of, mentions))

    def daily_use(
        self, query: UsageQuery, asker: Asker, *, as_of: date | None = None, mentions: Mapping[str, str] | None = None
    ) -> tuple[DayUse, ...]:
        """Return the use of each date of a question's range, in this thread: what the chart of its answer counts."""
        return usage.by_date(self.store, self._asked(query, asker, as_of, mentions))

    def _asked(
        self, query: UsageQuery, asker: Asker, as_of: date | None, mentions: Mapping[str, str] | None
    ) -> UsageAsking:
        today = self.clock().date()
        return UsageAsking(query, asker, today, as_of, mentions or {}, self.pseudonyms.of, self.source)

    async def peek(self, text: str, asker: Asker, *, mentions: Mapping[str, str] | None = None) -> UsageReport:
        """Answer a question without remembering it: what somebody did not ask themselves."""
        return await asyncio.to_thread(lambda: self._answered(lambda: self._parsed(text, asker), asker, None, mentions))

    def _parsed(self, text: str, asker: Asker) -> UsageQuery:
        today, limit, text = self.clock().date(), grammar.LONGEST, storable(text)
        if len(text) > limit and self.notes.is_kept(asker.slack_user_id, text):
            limit = len(text)  # our own words, from a button or a form: they were read before
        try:
            return grammar.parse(text, self.names.of(asker), today, limit=limit)
        except BadQuery as error:
            # A team of somebody else is no spelling mistake; its name is said back only to who knew it.
            if not asker.every_team and self._is_somebody_elses(text, asker):
                raise NotAllowed(
                    say(
                        "Your role does not cover a team named there. Ask {contact} for a role in it.",
                        contact=self.rules.contact or say("an owner of usagebot"),
                    )
                ) from error
            raise

    def _is_somebody_elses(self, text: str, asker: Asker) -> bool:
        if "*" in text:
            return False  # with a wildcard the names of others could be found out, letter by letter
        everybody = self.names.of(self.operator)
        mine = self.names.of(asker)
        try:
            grammar.parse(text, replace(mine, teams=everybody.teams), self.clock().date())
        except BadQuery:
            return False
        return True

    async def last_query(self, asker: Asker) -> str | None:
        """Return the asker's last question in canonical form, without whom it named if a team in it hides names now."""
        return await asyncio.to_thread(self._last, asker)

    def _last(self, asker: Asker) -> str | None:
        text = self.notes.last(asker.slack_user_id)
        try:
            query = self._parsed(text or "", asker)
        except (BadQuery, NotAllowed):
            return text
        if not query.of(Key.USER) or not usage.hides(self.store, asker, query):
            return text
        return grammar.canonical(query.with_filters(each for each in query.filters if each.key is not Key.USER))

    async def keep(self, asker: Asker, text: str) -> str:
        """Keep a text too long for a button; returns its token."""
        token = self.token()
        await asyncio.to_thread(self.notes.keep, asker.slack_user_id, text, token)
        return token

    async def kept(self, asker: Asker, token: str) -> str | None:
        """Return a text this asker kept."""
        return await asyncio.to_thread(self.notes.kept, asker.slack_user_id, token)

    async def first_time(self, event_id: str) -> bool:
        """Return True the first time only, in all processes and after a restart."""
        return await asyncio.to_thread(self.notes.first_time, event_id)

    async def people(self, asker: Asker) -> People:
        """Return who is who, for an owner."""
        return await asyncio.to_thread(identity.who_is_who, self.store, asker, self.rules)

    async def link(self, asker: Asker, slack_user_id: str, email: str) -> None:
        """Match a Slack person by hand."""
        await asyncio.to_thread(identity.link, self.store, asker, slack_user_id, email)

    async def grant(self, asker: Asker, email: str, team: str | None) -> None:
        """Make somebody a reporter of a team, or of every team."""
        await asyncio.to_thread(identity.grant, self.store, asker, email, team)

    async def take_back(self, asker: Asker, who: str) -> int:
        """Take back the reporter roles given by hand to an e-mail, or the match of a Slack id; returns how many."""
        return await asyncio.to_thread(identity.take_back, self.store, asker, who)

    async def bind_workspace(self, workspace_id: str, enterprise_id: str = "") -> None:
        """Bind the account to the workspace of the bot's token; raises `SettingWrong` when either belongs elsewhere."""
        await asyncio.to_thread(
            identity.bind_workspace, self.store, self.account_id, self.account, workspace_id, enterprise_id
        )

    def load(
        self,
        paths: Sequence[Path],
        options: LoadOptions | None = None,
        progress: Callable[[vendor.Progress], None] = lambda _progress: None,
        limits: vendor.Limits | None = None,
        step: Callable[[Step], None] = lambda _step: None,
    ) -> ImportResult:
        """Import export files; raises `ImportRefused` when nothing was stored because of an error.

        `progress` hears how far reading is; a last time, without a file's name, when all is read and storing begins.
        `step` hears what is done from then on.
        """
        told = options or LoadOptions()

        def stored() -> ImportResult:
            reading = vendor.ReadOptions(told.dates, self.clock().date())
            read = vendor.read(paths, reading, limits or vendor.Limits(), progress)
            staged = staging.stage(paths, read, reading.today)
            if any(file.kind for file in staged):
                progress(vendor.Progress("", 0, 0, sum(file.tail.read for file in staged)))
            locate = lambda path, wanted: vendor.locate(path, reading, wanted)  # noqa: E731 - a value handed on, not a function of its own
            about = loading.Loading(self.store, self.account_id, self.clock(), told, self.pseudonyms, locate, step)
            return loading.store_files(about, staged)

        return self.alerts.noted(paths, stored, attended=told.teams is not None)

    async def load_for(
        self,
        asker: Asker,
        paths: Sequence[Path],
        options: LoadOptions,
        progress: Callable[[vendor.Progress], None] = lambda _progress: None,
    ) -> ImportResult:
        """Import what an asker brought, for their own teams alone.

        Raises `NotAllowed`, `ImportRefused`, `StoreBusy`.
        """
        options = replace(options, teams=allowance.teams_of(asker))
        return await asyncio.to_thread(self.load, paths, options, progress)

    def teams(self) -> list[teams.TeamLine]:
        """List the teams."""
        return teams.listed(self.store, self.account_id)

    def merge_teams(self, old: str, new: str, *, undo: bool = False) -> tuple[str, str]:
        """Merge a team into another, or undo that."""
        if undo:
            return teams.undo_merge(self.store, self.account_id, (old, new))
        return teams.merge(self.store, self.account_id, (old, new), self.clock())

    def set_personal_data(self, team: str, *, shown: bool, by: str = "operator") -> str:
        """Turn a team's personal data on or off."""
        return teams.set_personal_data(self.store, self.account_id, team, shown=shown, by=by)

    def data_through(self) -> date | None:
        """Return the newest date with loaded data."""
        with self.store.reading() as connection:
            return watching.data_through(connection, self.account_id)

    async def hand_back(self) -> int:
        """Give back what this process holds of posts that it has not begun to send; returns how many."""
        return await self.schedules.hand_back()

    async def condition(self) -> Condition:
        """Return how this installation stands, for whoever watches over it; raises `StoreBusy`."""
        return await asyncio.to_thread(watching.condition, self.store, self.account_id, self.clock())

    async def check_up(self) -> CheckUp:
        """Return what an owner is told about this installation; raises `StoreBusy`."""
        return await asyncio.to_thread(watching.check_up, self.store, self.account_id, self.clock())


def open_core(
    store: Store,
    account: str,
    *,
    clock: Callable[[], datetime],
    key: bytes,
    rules: Rules | None = None,
    token: Callable[[], str] | None = None,
) -> Core:
    """Bring the database to this version's shape and open one account of it, adding the account if it is new."""
    upgrade(store)
    core = Core(store, account, _account_id(store, account), clock, key, rules or Rules())
    if token is not None:
        core.token = token
    return core


def _account_id(store: Store, account: str) -> int:
    # Looked up before it is added: an import may hold the database for a while, and reading needs no lock.
    with store.reading() as connection:
        found = directory.known_account(connection, account)
    if found is not None:
        return found
    with store.writing() as connection:
        return directory.account_id(connection, account)
