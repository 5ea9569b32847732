"""Collects what the reader hands over, file by file, until everything of a command has been read.

Nothing is stored here.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from operator import itemgetter
from pathlib import Path
from typing import Literal, NamedTuple

from reporting_core.exports.asking import FileFailure
from reporting_core.words.imports import FileHead, FileTail, Record, ReportRow, UseBatch
from reporting_core.words.terms import DAILY_KINDS, Kind

BRIDGED_DAYS = 3
"""Daily files of one command are one export.

Between them a weekend may lie, but a longer hole stays a hole (docs/decisions.md).
"""


@dataclass(frozen=True, slots=True)
class LoadOptions:
    """How an operator wants files read.

    Order of day and month, the days a daily export covers, when it was made, leave to remove use.
    """

    dates: Literal["dmy", "mdy"] | None = None
    first: date | None = None
    last: date | None = None
    exported_on: date | None = None
    replace: bool = False
    teams: frozenset[int] | None = None
    """The teams whose data may be touched, None for all: an admin of some teams loads only theirs."""


@dataclass(slots=True)
class Staged:
    """One file as read: either an error, or a head, its rows and a tail."""

    number: int
    path: Path
    name: str
    head: FileHead | None = None
    batches: list[UseBatch] = field(default_factory=list)
    records: list[Record] = field(default_factory=list)
    tail: FileTail = field(default_factory=FileTail)
    error: str | None = None

    @property
    def kind(self) -> Kind | None:
        """Kind of the file, None if it could not be read."""
        return self.head.kind if self.head and not self.error else None

    @property
    def daily(self) -> bool:
        """Tell whether this is a daily export with at least one accepted row or a stated range."""
        return self.kind in DAILY_KINDS

    def exported_on(self, options: LoadOptions) -> int:
        """Ordinal of the day the export was made: as told, else the newest date in it (domain.md §6)."""
        if options.exported_on:
            return options.exported_on.toordinal()
        last = options.last.toordinal() if options.last and self.daily else 0
        return max(self.tail.newest or 0, self.tail.last_day or 0, last)


class Cluster(NamedTuple):
    """Daily files of one kind that count as one export: its days [first, last], its teams, when it was made."""

    kind: Kind
    first: int
    last: int
    teams: frozenset[str]
    exported_on: int


def clusters(files: Iterable[Staged], options: LoadOptions) -> list[Cluster]:
    """Put the daily files of a command together: one export for each kind and unbroken stretch of days."""
    found: list[Cluster] = []
    for new in sorted(
        (_alone(file, options) for file in files if file.daily and file.tail.first_day is not None),
        key=itemgetter(0, 1, 2),
    ):
        if found and found[-1].kind is new.kind and new.first <= found[-1].last + 1 + BRIDGED_DAYS:
            found[-1] = _joined(found[-1], new)
        else:
            found.append(new)
    return found


def _alone(file: Staged, options: LoadOptions) -> Cluster:
    first = options.first.toordinal() if options.first else file.tail.first_day
    last = options.last.toordinal() if options.last else file.tail.last_day
    return Cluster(Kind(str(file.kind)), first or 0, last or 0, frozenset(file.tail.teams), file.exported_on(options))


def _joined(one: Cluster, other: Cluster) -> Cluster:
    return Cluster(
        one.kind,
        min(one.first, other.first),
        max(one.last, other.last),
        one.teams | other.teams,
        max(one.exported_on, other.exported_on),
    )


def stage(
    paths: Sequence[Path], events: Iterable[FileHead | UseBatch | list[Record] | FileTail | FileFailure], today: date
) -> list[Staged]:
    """Sort the reader's events into files; each file ends with its tail or its failure."""
    files = [Staged(number, path, path.name) for number, path in enumerate(paths)]
    waiting = iter(files)
    current: Staged | None = None
    for event in events:
        if current is None:
            current = next(waiting)
        _take(current, event)
        if isinstance(event, FileTail | FileFailure):
            _date_report(current, today.toordinal())
            current = None
    return files


def _date_report(file: Staged, today: int) -> None:
    """Date a Usage Report in which nobody ever used anything: by assignments, which may also lie ahead, else today."""
    if file.kind is Kind.USAGE_REPORT and not file.tail.newest:
        rows = (row for row in file.records if isinstance(row, ReportRow))
        days = [day for row in rows for day in (row.assigned_on, row.unassigned_on) if day and day <= today]
        file.tail.newest = max(days, default=today)


def _take(file: Staged, event: FileHead | UseBatch | list[Record] | FileTail | FileFailure) -> None:
    match event:
        case FileHead():
            file.head = event
        case UseBatch():
            file.batches.append(event)
        case FileTail():
            file.tail = event
        case FileFailure():
            file.error = event.reason
        case _:
            file.records += event
