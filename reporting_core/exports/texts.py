"""CSV files: header row, delimiter, rows with the lines they begin on. A broken row never swallows its neighbours."""

import csv
import io
from collections.abc import Callable, Iterator
from pathlib import Path

from reporting_core.exports.asking import Unreadable
from reporting_core.exports.bytes_read import CountedFile, encoding
from reporting_core.exports.recognising import familiar
from reporting_core.exports.rows import Chunk, PlainLines, fitted
from reporting_core.words.imports import Refusal
from reporting_core.words.said import say

HEADER_LINES = 6
"""The header row is among the first six lines; what stands above (a title, `sep=;`, a comment) is passed over."""
DELIMITERS = (",", ";", "\t", "|")
BLOCK_CHARACTERS = 512 * 1024
QUOTED_LINES = 1000
"""A cell that goes on for more lines is one whose closing quotation mark is missing."""
LONGEST_CELL = 131_072


class TextTable:
    """A CSV file whose header row has been found (see `Table`)."""

    def __init__(self, path: Path, tick: Callable[[], None]) -> None:
        """Find encoding, delimiter and header row. Raises Unreadable."""
        csv.field_size_limit(LONGEST_CELL)
        self._path = path
        self._encoding = encoding(path, tick)
        self._done = 0
        self.ignored: tuple[str, ...] = ()
        self._skipped, self.delimiter, self.header = self._find_header()

    def _text(self, file: CountedFile) -> io.TextIOWrapper:
        name, errors = self._encoding
        # newline="" keeps the line ends, so that lines are counted as an editor counts them.
        return io.TextIOWrapper(io.BufferedReader(file, 1 << 18), encoding=name, errors=errors, newline="")

    def _find_header(self) -> tuple[int, str, list[str]]:
        with self._text(CountedFile(self._path)) as text:
            lines = [text.readline() for _ in range(HEADER_LINES)]
        if not "".join(lines).strip():
            raise Unreadable(say("The file is empty."))
        best = (0, 0, ",", [""])
        for number, line in enumerate(lines):
            for delimiter in DELIMITERS:
                cells = _cells(line, delimiter)
                if familiar(cells) > best[0]:
                    best = (familiar(cells), number, delimiter, cells)
        if not best[0]:
            first = next(line for line in lines if line.strip())
            return 0, ",", max((_cells(first, delimiter) for delimiter in DELIMITERS), key=len)
        return best[1], best[2], best[3]

    @property
    def _width(self) -> int:
        return max((place + 1 for place, name in enumerate(self.header) if name.strip()), default=0)

    def position(self) -> int:
        """Return how far into the file reading is, in bytes."""
        return self._done

    def blocks(self) -> Iterator[Chunk | PlainLines]:
        """Go through the rows from the first; blocks without quotation marks come as plain lines."""
        file = CountedFile(self._path)
        with self._text(file) as text:
            for _ in range(self._skipped + 1):
                text.readline()
            line, rest = self._skipped + 2, list[str]()
            while fresh := text.readlines(BLOCK_CHARACTERS):
                lines = rest + fresh
                self._done = file.done
                plain = None if rest else self._plain(lines)
                if plain is not None:
                    yield PlainLines(line, plain)
                    line += len(lines)
                    continue
                chunk, rest = self._quoted(lines, line, last=False)
                line += len(lines) - len(rest)
                yield chunk
            if rest:
                yield self._quoted(rest, line, last=True)[0]

    def _plain(self, lines: list[str]) -> list[str] | None:
        """Return lines without quotation marks, None if those matter.

        They do not where a program put them around every cell and nothing else: then every delimiter has one on either
        side, every line begins and ends with one, and there are no more.
        """
        joined = "".join(lines)
        marks = joined.count('"')
        return self._unmarked(joined, len(lines), marks) if marks else lines

    def _unmarked(self, joined: str, rows: int, marks: int) -> list[str] | None:
        """Return the lines of a text without its quotation marks, None if one of them may stand elsewhere."""
        text = "\n" + joined.replace("\r\n", "\n").removesuffix("\n") + "\n"
        between = f'"{self.delimiter}"'
        # A mark that is counted as two would make up for one in the middle of a cell.
        if any(double in text for double in ("\r", '\n"\n', f"\n{between}", f"{between}\n")):
            return None
        separators = text.count(between)
        ends = (text.count('\n"'), text.count('"\n'))
        if ends == (rows, rows) and separators == text.count(self.delimiter) and marks == 2 * (rows + separators):
            return text.replace('"', "")[1:-1].split("\n")
        return None

    def chunk(self, block: Chunk | PlainLines) -> Chunk:
        """Cut plain lines into cells."""
        if isinstance(block, Chunk):
            return block
        rows = [text.rstrip("\r\n").split(self.delimiter) for text in block.texts]
        return fitted(rows, range(block.first, block.first + len(rows)), self._width)

    def _quoted(self, lines: list[str], first: int, *, last: bool) -> tuple[Chunk, list[str]]:
        """Read lines that hold quotation marks; return the lines at the end whose row goes on after them."""
        rows, starts, broken = list[list[str]](), list[int](), list[Refusal]()
        at = 0
        while at < len(lines):
            at, reason = self._run(lines, at, first, rows, starts)
            if not reason:
                break
            if not last and reason == _OPEN and len(lines) - at < QUOTED_LINES:
                return self._fitted(rows, starts, broken), lines[at:]
            broken.append(Refusal(first + at, reason))
            at += 1
        return self._fitted(rows, starts, broken), []

    def _run(self, lines: list[str], at: int, first: int, rows: list[list[str]], starts: list[int]) -> tuple[int, str]:
        """Read rows from lines[at:] up to the end, or the first broken one; return where that is and what is wrong."""
        following = (lines[index] for index in range(at, len(lines)))
        reader = csv.reader(following, delimiter=self.delimiter, strict=True, skipinitialspace=True)
        begin = at
        try:
            for row in reader:
                end = at + reader.line_num
                if end - begin > 1 and self._is_swallowed(row):
                    return begin, _STRAY
                rows.append(row)
                starts.append(first + begin)
                begin = end
        except csv.Error as error:
            return begin, _fault(str(error))
        return len(lines), ""

    def _is_swallowed(self, row: list[str]) -> bool:
        """Tell a row of several lines that is no row: a lone quotation mark opened a cell, a later row's closed it."""
        delimiters = max(cell.count(self.delimiter) for cell in row)
        return len(row) != self._width or delimiters >= self._width - 1

    def _fitted(self, rows: list[list[str]], starts: list[int], broken: list[Refusal]) -> Chunk:
        chunk = fitted(rows, starts, self._width)
        chunk.broken += broken
        return chunk


_OPEN = "a quotation mark is opened in this row and never closed"
_STRAY = "a quotation mark in this row has no partner"


def _fault(error: str) -> str:
    """Put the reader's complaint into words for an operator."""
    if "unexpected end" in error:
        return _OPEN
    if "field larger" in error:
        return f"a cell is longer than {LONGEST_CELL:,} characters, or a quotation mark is never closed"
    return _STRAY


def _cells(line: str, delimiter: str) -> list[str]:
    try:
        return next(csv.reader([line], delimiter=delimiter, skipinitialspace=True), [])
    except csv.Error:
        return []
