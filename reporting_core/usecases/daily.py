"""Stores daily use and tokens.

Which days an export speaks for, what it changes there, and which rows came too late to count.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from reporting_core.metrics.calendar import days, month_number, window
from reporting_core.metrics.replacing import Covered, Series, Source
from reporting_core.storage.calendars import (
    MONTH_SHIFT,
    MOST_FILES,
    Incoming,
    Reach,
    Replacement,
    refresh_last_used,
    replace_use,
)
from reporting_core.storage.covering import Known
from reporting_core.storage.directory import note_collections
from reporting_core.storage.engines import Connection
from reporting_core.storage.people_labels import label_people
from reporting_core.storage.registry import Registry
from reporting_core.storage.tokens import TokenDays, TokenReplacement, replace_tokens
from reporting_core.usecases.staging import Cluster, LoadOptions, Staged, clusters
from reporting_core.words.errors import ImportRefused, WouldRemove
from reporting_core.words.imports import Refusal, Step, UseBatch, UseKey
from reporting_core.words.said import advised, joined, say
from reporting_core.words.terms import Access, Kind

if TYPE_CHECKING:
    from reporting_core.usecases.loading import Loading

SOURCES = {Kind.USAGE: Source.USAGE, Kind.SEAT_USAGE: Source.SEAT, Kind.TOKEN_USAGE: Source.TOKEN}
TOO_MUCH = 10
"""An export may take away one part in so many of the use known in its days and teams.

More needs `--replace` (domain.md §6).
"""


Late = tuple[int, Series | None]
"""An assignment with the series of a day of use, or with None for a charge of tokens."""


@dataclass(slots=True)
class DailyResult:
    """Rows stored and refused by file number, and whether anything changed."""

    stored: Counter[int] = field(default_factory=Counter)
    refused: dict[int, list[Refusal]] = field(default_factory=lambda: defaultdict(list))
    notes: list[str] = field(default_factory=list)
    changed: bool = False


def store_daily(
    loading: "Loading", connection: Connection, registry: Registry, known: Known, files: Sequence[Staged]
) -> DailyResult:
    """Replace use in the days the exports cover; raises `ImportRefused` if that takes away too much."""
    daily = [file for file in files if file.daily]
    found = clusters(daily, loading.options)
    if not found:
        return DailyResult()
    return _Daily(loading, connection, registry, known, daily).store(found)


class _Daily:
    """The daily files of one import inside its transaction."""

    def __init__(
        self, loading: "Loading", connection: Connection, registry: Registry, known: Known, files: Sequence[Staged]
    ) -> None:
        self.loading = loading
        self.connection = connection
        self.registry = registry
        self.known = known
        self.files = files
        self.incoming = Incoming()
        self.tokens = TokenDays()
        self.collections: set[tuple[int, int]] = set()

    def store(self, found: Sequence[Cluster]) -> DailyResult:
        """Gather, replace, check, account for."""
        self.loading.step(Step.MATCH)
        self._gather()
        self.loading.step(Step.STORE)
        account = self.registry.account_id
        self.registry.assignments.write(self.connection)
        note_collections(self.connection, account, self.collections)
        spoken = _Spoken(found, self.registry, self.known, _months(self.files))
        places = {id_: (key[0], key[3]) for key, id_ in self.registry.assignments.ids.items() if key[0] in spoken.teams}
        use = replace_use(self.connection, account, self.incoming, spoken.reach(places))
        tokens = replace_tokens(self.connection, account, self.tokens, spoken.token_spans(), places)
        self._guard(say("usage days"), use.known, use.removed)
        self._guard(say("days with token charges"), tokens.known, tokens.removed)
        refresh_last_used(self.connection, account, use.newest)
        return self._result(use, tokens)

    def _gather(self) -> None:
        if len(self.files) > MOST_FILES:
            raise ImportRefused(
                say(
                    "{count} daily files in one command are too many; give at most {most} at a time.",
                    count=len(self.files),
                    most=MOST_FILES,
                )
            )
        for index, file in enumerate(self.files):
            for batch in file.batches:
                prefixes = [self._prefix(file, index, key) for key in batch.keys]
                _add_masks(self.incoming.masks, batch, prefixes)
                self._add_tokens(file, batch)

    def _prefix(self, file: Staged, index: int, key: UseKey) -> int:
        return self.incoming.prefix(self._assignment(file, key), self._series(file, key), index)

    def _assignment(self, file: Staged, key: UseKey) -> int:
        registry = self.registry
        person = registry.person(key.person, file.exported_on(self.loading.options))
        flex = int(key.access is Access.FLEX)
        return registry.assignments.id((registry.teams.id(key.team), person, registry.products.id(key.offering), flex))

    def _series(self, file: Staged, key: UseKey) -> Series:
        offering = self.registry.products.id(key.offering)
        child = self.registry.products.id(key.child) if key.child else offering
        if child != offering:
            self.collections.add((offering, child))
        return child, self.registry.releases.id(key.release), SOURCES[Kind(str(file.kind))]

    def _add_tokens(self, file: Staged, batch: UseBatch) -> None:
        ids = [self._assignment(file, key) for key in batch.keys] if batch.millitokens else []
        for (key, day, feature), amount in batch.millitokens.items():
            self.tokens.add(ids[key], day, feature, (amount, file.number))
        batch.millitokens.clear()

    def _guard(self, what: str, known: int, removed: Mapping[int, int]) -> None:
        gone = sum(removed.values())
        if gone * TOO_MUCH <= known or self.loading.options.replace:
            return
        whose = label_people(self.connection, self.registry.account_id, self.loading.pseudonyms, removed)
        loss = say(
            "Nothing was stored: these files would take away {gone} of the {known} {what} "
            "known for their teams and days ({whose}).",
            gone=gone,
            known=known,
            what=what,
            whose=joined(whose, "; "),
        )
        way_on = say(
            "If that is right, run the same command with --replace. "
            "If the files cover fewer days than it seems, say which with --from and --to."
        )
        raise WouldRemove(advised(loss, way_on))

    def _result(self, use: Replacement, tokens: TokenReplacement) -> DailyResult:
        result = DailyResult(changed=use.changed or tokens.changed)
        for index, file in enumerate(self.files):
            taken = tokens.stored.get(file.number, 0) if file.kind is Kind.TOKEN_USAGE else use.stored.get(index, 0)
            result.stored[file.number] = taken
        late = self._late(use, tokens)
        for number, wanted in late.items():
            result.refused[number] = self._refusals(number, wanted)
        removed = sum(use.removed.values())
        if removed:
            result.notes.append(
                say("{count} usage days that the newer exports do not list any more were taken away.", count=removed)
            )
        return result

    def _late(self, use: Replacement, tokens: TokenReplacement) -> dict[int, set[tuple[Late, int]]]:
        """Use by file and day that a newer export speaks for, or that lies outside the days stated."""
        late: dict[int, set[tuple[Late, int]]] = defaultdict(set)
        for index, assignment_id, month, series, bits in use.late:
            file = self.files[index]
            if file.kind is not Kind.TOKEN_USAGE:
                late[file.number] |= {((assignment_id, series), day) for day in days(month, bits)}
        for number, assignment_id, day in tokens.late:
            late[number].add(((assignment_id, None), day))
        return late

    def _refusals(self, number: int, wanted: set[tuple[Late, int]]) -> list[Refusal]:
        file = next(file for file in self.files if file.number == number)
        keys: dict[Late, list[UseKey]] = defaultdict(list)
        for batch in file.batches:
            for key in batch.keys:
                charge = file.kind is Kind.TOKEN_USAGE
                keys[self._assignment(file, key), None if charge else self._series(file, key)].append(key)
        places = {(key, day) for late, day in wanted for key in keys[late]}
        lines = self.loading.locate(file.path, places)
        options = self.loading.options
        return [Refusal(line, _too_late(day, options)) for (_key, day), found in lines.items() for line in found]


def _too_late(day: int, options: LoadOptions) -> str:
    on = date.fromordinal(day)
    if (options.first and on < options.first) or (options.last and on > options.last):
        return f"{on} lies outside the days that --from and --to say this export covers"
    return (
        f"a newer export covers {on} and does not list this use; "
        "if this file is the newer one, say when it was made with --exported-on"
    )


def _add_masks(masks: dict[int, int], batch: UseBatch, prefixes: Sequence[int]) -> None:
    for (key, month), mask in batch.masks.items():
        place = prefixes[key] + (month << MONTH_SHIFT)
        masks[place] = masks.get(place, 0) | mask
    batch.masks.clear()


def _months(files: Iterable[Staged]) -> frozenset[int]:
    """First and last months with use in some daily files."""
    days = (day for file in files for day in (file.tail.first_day, file.tail.last_day) if day is not None)
    return frozenset(month_number(date.fromordinal(day)) for day in days)


class _Spoken:
    """Which days the exports of this command speak for, newer exports' days left out."""

    def __init__(self, found: Sequence[Cluster], registry: Registry, known: Known, months: AbstractSet[int]) -> None:
        self.spans: dict[tuple[int, int], list[tuple[int, int]]] = defaultdict(list)
        for cluster in found:
            source = SOURCES[cluster.kind]
            for name in cluster.teams:
                team = registry.teams.id(name)
                newer = [piece for piece in known.get((team, source), []) if piece.exported_on > cluster.exported_on]
                self.spans[team, source] += _open(cluster, newer)
        self.teams = frozenset(team for team, _ in self.spans)
        self.told = months
        """Months in which the files list use: even where they do not speak for it, it may be known already."""

    def reach(self, places: Mapping[int, tuple[int, int]]) -> Reach:
        """Return the windows as bits, for the calendar."""
        windows: dict[tuple[int, int], dict[int, int]] = defaultdict(lambda: defaultdict(int))
        for (team, source), some in self.spans.items():
            for first, last in some:
                for month, bits in window(date.fromordinal(first), date.fromordinal(last)).items():
                    windows[team, month][source] |= bits
        months = {*self.told, *(month for _team, month in windows)}
        return Reach(tuple(sorted(self.teams)), min(months), max(months), windows, places)

    def token_spans(self) -> dict[int, list[tuple[int, int]]]:
        """Return the spans Token Usage speaks for, by team."""
        return {team: some for (team, source), some in self.spans.items() if source is Source.TOKEN}


def _open(cluster: Cluster, newer: Iterable[Covered]) -> Iterator[tuple[int, int]]:
    first = cluster.first
    for piece in sorted(newer):
        if piece.last < first or piece.first > cluster.last:
            continue
        if piece.first > first:
            yield first, piece.first - 1
        first = piece.last + 1
    if first <= cluster.last:
        yield first, cluster.last
