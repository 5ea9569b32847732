"""Rows as they come out of a file of any format: blocks of cells with their lines, and the rows that are broken."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol

from reporting_core.words.imports import Refusal


@dataclass(slots=True)
class Chunk:
    """Some rows of a file, each as wide as the header, with the lines they begin on; `broken` are the others."""

    rows: list[list[str]]
    lines: Sequence[int]
    broken: list[Refusal] = field(default_factory=list)


class PlainLines(NamedTuple):
    """Some lines of a text file without quotation marks: every line is a row, to be cut at delimiters."""

    first: int
    texts: list[str]


class Table(Protocol):
    """An opened file whose header row has been found."""

    header: list[str]
    delimiter: str
    """'' for a sheet."""
    ignored: tuple[str, ...]
    """What else of the file is left out: other sheets."""

    def blocks(self) -> Iterator[Chunk | PlainLines]:
        """Go through the rows from the first; each call starts anew."""
        ...

    def chunk(self, block: Chunk | PlainLines) -> Chunk:
        """Cut plain lines into cells."""
        ...

    def position(self) -> int:
        """Return how far into the file reading is, in bytes."""
        ...


def fitted(rows: list[list[str]], lines: Sequence[int], width: int) -> Chunk:
    """Sort out blank lines and rows that have not one cell for each header; blank cells too many are dropped."""
    if set(map(len, rows)) == {width}:
        return Chunk(rows, lines)
    chunk = Chunk([], taken := [])
    for row, line in zip(rows, lines, strict=True):
        if is_blank(row):
            continue
        if len(row) < width:
            chunk.broken.append(Refusal(line, short(len(row), width)))
        elif any(cell.strip() for cell in row[width:]):
            chunk.broken.append(Refusal(line, long(len(row), width)))
        else:
            chunk.rows.append(row[:width])
            taken.append(line)
    return Chunk(chunk.rows, taken, chunk.broken)


def is_blank(row: Sequence[str]) -> bool:
    """Tell a blank line; a line of delimiters only is a row (and will be refused for what it lacks)."""
    return not row or (len(row) == 1 and not row[0].strip())


def short(found: int, width: int) -> str:
    """Say that a row ends early."""
    return f"the row has {found} of {width} columns: it is cut off, or a delimiter is missing"


def long(found: int, width: int) -> str:
    """Say that a row has more cells than headers."""
    return (
        f"the row has {found} columns where the header has {width}: a delimiter too many, or a name that needs quotes"
    )


def of_lines(chunk: Chunk) -> Iterable[tuple[list[str], int]]:
    """Pair each row with its line."""
    return zip(chunk.rows, chunk.lines, strict=True)
