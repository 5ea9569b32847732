"""For tests of reading: writes small export files, and gathers what the reader hands over for each file."""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl

from reporting_core.exports import FileFailure, Limits, Progress, ReadOptions, read
from reporting_core.words.imports import FileHead, FileTail, Record, UseBatch, UseKey

TODAY = date(2026, 11, 24)
OPTIONS = ReadOptions(None, TODAY)


@dataclass
class Outcome:
    """Everything handed over for one file."""

    head: FileHead | None = None
    batches: list[UseBatch] = field(default_factory=list)
    records: list[Record] = field(default_factory=list)
    tail: FileTail | None = None
    failure: FileFailure | None = None

    @property
    def reason(self) -> str:
        assert self.failure is not None, self
        return self.failure.reason

    @property
    def done(self) -> FileTail:
        assert self.tail is not None, self.failure
        return self.tail

    @property
    def kind(self) -> str:
        assert self.head is not None, self.failure
        return self.head.kind

    @property
    def accepted(self) -> int:
        return len(self.records) if self.records else self.done.read - len(self.done.refused)

    @property
    def refused(self) -> dict[int, str]:
        return {refusal.line: refusal.reason for refusal in self.done.refused}

    def masks(self) -> dict[tuple[UseKey, int], int]:
        found: dict[tuple[UseKey, int], int] = {}
        for batch in self.batches:
            for (index, month), mask in batch.masks.items():
                place = (batch.keys[index], month)
                found[place] = found.get(place, 0) | mask
        return found

    def days(self) -> set[tuple[UseKey, date]]:
        return {
            (key, date(month // 12, month % 12 + 1, bit + 1))
            for (key, month), mask in self.masks().items()
            for bit in range(31)
            if mask >> bit & 1
        }

    def charges(self) -> dict[tuple[UseKey, date, str], int]:
        return {
            (batch.keys[index], date.fromordinal(day), feature): amount
            for batch in self.batches
            for (index, day, feature), amount in batch.millitokens.items()
        }


def outcomes(
    paths: Sequence[Path],
    options: ReadOptions = OPTIONS,
    limits: Limits | None = None,
    seen: list[Progress] | None = None,
) -> list[Outcome]:
    """Read files and gather what comes, file by file."""
    found = [Outcome()]
    told = seen if seen is not None else []
    for piece in read(paths, options, limits or Limits(), told.append):
        _put(found[-1], piece)
        if isinstance(piece, FileTail | FileFailure):
            found.append(Outcome())
    assert len(found) == len(paths) + 1
    return found[:-1]


def _put(outcome: Outcome, piece: Any) -> None:
    if isinstance(piece, FileHead):
        outcome.head = piece
    elif isinstance(piece, UseBatch):
        outcome.batches.append(piece)
    elif isinstance(piece, FileTail):
        outcome.tail = piece
    elif isinstance(piece, FileFailure):
        outcome.failure = piece
    else:
        outcome.records += piece


def outcome(path: Path, options: ReadOptions = OPTIONS, limits: Limits | None = None) -> Outcome:
    """Read one file."""
    return outcomes([path], options, limits)[0]


def csv_text(
    rows: Iterable[Sequence[str]], delimiter: str = ",", end: str = "\n", quoting: int = csv.QUOTE_MINIMAL
) -> str:
    """Write rows as a spreadsheet program would."""
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, lineterminator=end, quoting=quoting).writerows(rows)  # type: ignore[arg-type]
    return out.getvalue()


def write_csv(path: Path, rows: Iterable[Sequence[str]], **how: Any) -> Path:
    """Write a UTF-8 file."""
    path.write_text(csv_text(rows, **how), encoding="utf-8", newline="")
    return path


def write_xlsx(path: Path, sheets: Mapping[str, Iterable[Sequence[Any]]]) -> Path:
    """Write a workbook."""
    book = openpyxl.Workbook()
    book.remove(book.active)  # type: ignore[arg-type]
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
    book.save(path)
    return path


USAGE_HEADER = ("day_used", "email", "first_name", "last_name", "team", "access_option", "version", "offering_name")


def usage_row(day: str = "2026-11-02", person: str = "ann", **changed: str) -> list[str]:
    """A row of the 2026 Usage export; keyword arguments replace cells."""
    row = dict(
        zip(
            USAGE_HEADER,
            (day, f"{person}@example.com", person.title(), "Lee", "Design", "Subscription", "2026", "Revit"),
            strict=True,
        )
    )
    assert changed.keys() <= row.keys()
    return list((row | changed).values())


def usage_file(path: Path, rows: Iterable[Sequence[str]]) -> Path:
    """Write a Usage export with these rows below the header."""
    return write_csv(path, [USAGE_HEADER, *rows])
