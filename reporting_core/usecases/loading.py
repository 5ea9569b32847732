"""Loads exports: all is read first, then stored in one transaction; every row is accounted for (domain.md §6)."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from operator import attrgetter
from pathlib import Path

from reporting_core.metrics.replacing import Covered, spans
from reporting_core.storage import belonging, bought, directory, merges, persons, reported
from reporting_core.storage.covering import Known, add_coverage, coverage
from reporting_core.storage.engines import Connection, Store
from reporting_core.storage.people_labels import Hashes, assignment_labels
from reporting_core.storage.registry import Dated, Registry
from reporting_core.storage.uniting import unite_people
from reporting_core.usecases import allowance
from reporting_core.usecases.collecting import no_search_for_cycles
from reporting_core.usecases.daily import DailyResult, store_daily
from reporting_core.usecases.staging import LoadOptions, Staged, clusters
from reporting_core.words.errors import ImportRefused, NothingRead
from reporting_core.words.imports import FileResult, ImportResult, Refusal, Step, UseKey
from reporting_core.words.said import joined, say
from reporting_core.words.terms import Kind

Locate = Callable[[Path, set[tuple[UseKey, int]]], Mapping[tuple[UseKey, int], list[int]]]
"""Finds the lines of some use rows (key, day) in a file that was read before."""


@dataclass(frozen=True, slots=True)
class Loading:
    """Everything an import needs besides the files: where, whose, when, and how to name people."""

    store: Store
    account_id: int
    now: datetime
    options: LoadOptions
    pseudonyms: Hashes
    locate: Locate
    step: Callable[[Step], None] = lambda _step: None
    """Told what begins."""


LISTED = 20
"""Names that a note lists: as many as a screen holds."""


def store_files(loading: Loading, files: Sequence[Staged]) -> ImportResult:
    """Store all that was read, or nothing.

    Raises `ImportRefused` when no file could be read, the dates told are reversed, or too much use would go.
    """
    first, last = loading.options.first, loading.options.last
    if first and last and first > last:
        raise ImportRefused(
            say("--from {first} is after --to {last}: exchange them. Nothing was stored.", first=first, last=last)
        )
    if not any(file.kind for file in files):
        raise _nothing_read(files)
    loading.step(Step.MATCH)
    with no_search_for_cycles, loading.store.writing() as connection:
        return _Import(loading, connection, [file for file in files if file.kind]).run(files)


def _nothing_read(files: Sequence[Staged]) -> ImportRefused:
    if not files:
        return ImportRefused(say("No file was named. Write: usagebot import FILE…"))
    reasons = (joined([file.name, file.error or ""], ": ") for file in files)
    return NothingRead(joined([say("Nothing was stored."), *reasons], "\n"), [_unread(file) for file in files])


def _unread(file: Staged) -> FileResult:
    return FileResult(file.name, None, 0, 0, 0, (), error=file.error)


class _Import:
    """One import inside its transaction."""

    def __init__(self, loading: Loading, connection: Connection, files: Sequence[Staged]) -> None:
        self.loading = loading
        self.options = loading.options
        self.connection = connection
        self.files = files
        self.notes: list[str] = []
        self.stored: Counter[int] = Counter()
        account = loading.account_id
        self.registry = Registry(
            account,
            directory.team_names(connection, account),
            directory.product_names(connection, account),
            directory.release_names(connection, account),
            persons.load_people(connection, account),
            directory.assignment_ids(connection, account),
        )
        self.known: Known = coverage(connection, account)

    def run(self, files: Sequence[Staged]) -> ImportResult:
        """Store kind by kind: people first, so that persons that turn out to be one are one in all that follows."""
        if self.options.teams is not None:
            allowance.check_files(files, self.registry.teams, self.options.teams)
        self._meet_people()
        self.loading.step(Step.STORE)
        self._store_records()
        daily = store_daily(self.loading, self.connection, self.registry, self.known, self.files)
        self.stored.update(daily.stored)
        newly = self._cover()
        self._finish()
        changed = bool(self.stored.total() or daily.changed or newly)
        if changed:
            directory.bump_version(self.connection, self.registry.account_id)
            merges.forget(self.connection, self.registry.account_id)
        result = self._result(files, daily, changed=changed)
        merges.note_import(self.connection, self.registry.account_id, self.loading.now, result)
        return result

    def _meet_people(self) -> None:
        for file in self.files:
            exported_on = file.exported_on(self.options)
            for record in file.records:
                if (key := getattr(record, "person", None)) is not None:
                    self.registry.people.id(key, exported_on)
            for batch in file.batches:
                for use in batch.keys:
                    self.registry.people.id(use.person, exported_on)
        if self.options.teams is not None:
            allowance.check_people(self.registry.people)
        unite_people(self.connection, self.registry.account_id, self.registry.people.united())
        self.registry.people.write(self.connection)
        self.registry.assignments = directory.assignment_ids(self.connection, self.registry.account_id)

    def _dated(self, kind: Kind) -> list[Dated]:
        return [
            Dated(file.number, file.exported_on(self.options), record)
            for file in self.files
            if file.kind is kind
            for record in file.records
        ]

    def _store_records(self) -> None:
        if rows := self._dated(Kind.USAGE_REPORT):
            span = tuple(day.toordinal() if day else None for day in (self.options.first, self.options.last))
            stored, stale = reported.store_report(self.connection, self.registry, rows, (span[0], span[1]))
            self.stored.update(stored)
            self._note_stale(stale)
            belonging.store_report_groups(self.connection, self.registry, rows)
        for kind, store in (
            (Kind.SUBSCRIPTIONS, bought.store_subscriptions),
            (Kind.USERS, belonging.store_users),
            (Kind.GROUPS, belonging.store_groups),
            (Kind.TOKEN_BALANCES, bought.store_balances),
            (Kind.ASSIGNMENT_RULES, bought.store_rules),
        ):
            if rows := self._dated(kind):
                self.stored.update(store(self.connection, self.registry, rows))

    def _note_stale(self, stale: Sequence[int]) -> None:
        if stale:
            self.registry.people.write(self.connection)
            labels = assignment_labels(self.connection, self.registry.account_id, self.loading.pseudonyms, list(stale))
            names = sorted(labels.values())
            listed = joined(names[:LISTED], "; ")
            if len(names) > LISTED:
                listed = say("{names} and {count} more", names=listed, count=len(names) - LISTED)
            self.notes.append(
                say(
                    "{count} assignments are not in the newest Usage Report of their team any more; "
                    "their last known state is kept and marked stale: {listed}.",
                    count=len(stale),
                    listed=listed,
                )
            )

    def _cover(self) -> bool:
        source = {Kind.USAGE: 0, Kind.SEAT_USAGE: 1, Kind.TOKEN_USAGE: 2}
        new = [
            (
                self.registry.teams.id(team),
                source[cluster.kind],
                Covered(cluster.first, cluster.last, cluster.exported_on),
            )
            for cluster in clusters(self.files, self.options)
            for team in cluster.teams
        ]
        return add_coverage(self.connection, self.registry.account_id, self.known, sorted(set(new)))

    def _finish(self) -> None:
        registry = self.registry
        for names in (registry.teams, registry.products, registry.releases):
            names.write(self.connection)
        registry.people.write(self.connection)
        registry.assignments.write(self.connection)
        masked = {registry.teams.id(team) for file in self.files for team in file.tail.masked_teams}
        hidden = directory.hide_personal_data(self.connection, registry.account_id, masked)
        if hidden:
            self.notes.append(
                say(
                    "The export of {teams} is masked: personal data of that team is now off.",
                    teams=joined(hidden, ", "),
                )
            )
        if added := [row["name"] for row in registry.products.new]:
            self.notes.append(
                say("New products, added to the catalogue: {products}.", products=joined(sorted(added), ", "))
            )

    def _result(self, files: Sequence[Staged], daily: DailyResult, *, changed: bool) -> ImportResult:
        covered = {
            team: tuple((date.fromordinal(first), date.fromordinal(last)) for first, last in spans(pieces))
            for team, pieces in directory.by_team_name(self.connection, self.registry.account_id, self.known).items()
        }
        return ImportResult(
            files=tuple(self._file(file, daily.refused.get(file.number, [])) for file in files),
            coverage=covered,
            notes=(*self.notes, *daily.notes),
            changed=changed,
        )

    def _file(self, file: Staged, late: Iterable[Refusal]) -> FileResult:
        if file.kind is None:
            return _unread(file)
        refused = tuple(sorted((*file.tail.refused, *late), key=attrgetter("line")))
        stored = self.stored[file.number]
        unchanged = file.tail.read - stored - len(refused)
        ignored = file.head.ignored_columns if file.head else ()
        return FileResult(file.name, file.kind, file.tail.read, stored, unchanged, refused, ignored)
