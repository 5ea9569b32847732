"""A large table as it is handed in, and what became of it: columns, rows in any number, limits of the file's format."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import NamedTuple

Value = str | int | float | date | None
Row = Sequence[Value]


class Kind(StrEnum):
    """What a column holds; each value of it may be None as well."""

    TEXT = "text"
    NUMBER = "number"
    DATE = "date"


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its heading (different from all others), what it holds, its width in characters, its number format.

    `colours` are the words of the column that stand out: word → RGB, such as C00000.
    """

    heading: str
    kind: Kind = Kind.TEXT
    width: float = 14
    format: str = "General"
    colours: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Table:
    """Rows for a sheet of their own, as long as its columns. `count` says how many will come."""

    title: str
    columns: Sequence[Column]
    rows: Iterable[Row]
    count: int


@dataclass(frozen=True, slots=True)
class Limits:
    """What one sheet and one cell can hold (support.microsoft.com, “Excel specifications and limits”)."""

    rows: int = 1_048_575
    """Below the header."""
    characters: int = 32_767
    """In UTF-16, as they are counted there."""


@dataclass(frozen=True, slots=True)
class Words:
    """What the file says by itself, in the reader's language; `more` is filled with the sheet's title and a row."""

    long_texts: str = "Long texts"
    headings: tuple[str, str, str, str] = ("Sheet", "Cell", "Piece", "Text")
    more: str = " … (the whole text: sheet “{sheet}”, from row {row})"


class Written(NamedTuple):
    """What was written: rows of the table, bytes of the file, texts too long for their cell."""

    rows: int
    size: int
    long_texts: int = 0


class WrongCount(ValueError):
    """There were more or fewer rows than the table had promised: a fault of the program."""

    def __init__(self, promised: int, came: int) -> None:
        super().__init__(f"{promised} rows were promised and {came} came")
