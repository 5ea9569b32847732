"""Rows as XML, some hundred at a time and column by column: the inner loops, where the time goes."""

from collections.abc import Callable, Sequence
from datetime import date
from functools import lru_cache
from math import isfinite
from typing import Any

from openpyxl.utils import get_column_letter

from reporting_core.workbooks.escaping import EMPTY, cells, utf16
from reporting_core.workbooks.tables import Column, Kind, Row

TooLong = Callable[[str, str], str]
"""Given a text too long for a cell and the cell's name, keeps the text and returns what the cell shows."""

_DAY_0 = date(1899, 12, 30).toordinal()
_RELIABLE = date(1900, 3, 1)
"""Before it Excel counts a February 29th that there was not; such dates are written as text."""


class Renderer:
    """Draws rows of one sheet. `styles` are the numbers of the columns' cell styles in the book."""

    def __init__(self, columns: Sequence[Column], styles: Sequence[int], most: int, too_long: TooLong) -> None:
        """Prepare one pattern that a whole row is filled into; `most` is what a cell can hold."""
        self._columns = columns
        self._letters = [get_column_letter(number) for number in range(1, len(columns) + 1)]
        self._most = most
        self._too_long = too_long
        tags = (f'<c r="{name}%s" s="{style}"%s' for name, style in zip(self._letters, styles, strict=True))
        self._row = f'<row r="%s">{"".join(tags)}</row>'

    def rows(self, rows: Sequence[Row], first: int) -> bytes:
        """Draw rows, of which the first stands in row `first` of the sheet."""
        numbers = list(map(str, range(first, first + len(rows))))
        filled: list[Sequence[Any]] = [numbers]
        for column, letter, values in zip(self._columns, self._letters, zip(*rows, strict=True), strict=True):
            filled += (numbers, self._cells(column.kind, letter, first, values))
        return "".join(map(self._row.__mod__, zip(*filled, strict=True))).encode()

    def _cells(self, kind: Kind, letter: str, first: int, values: Sequence[Any]) -> list[str]:
        if kind is Kind.NUMBER:
            return _numbers(values)
        if kind is Kind.DATE:
            return list(map(_date, values))
        return cells(self._fitting(letter, first, values))

    def _fitting(self, letter: str, first: int, values: Sequence[Any]) -> Sequence[Any]:
        # Half as many characters are never too many, whatever they are.
        if max(map(len, filter(None, values)), default=0) <= self._most // 2:
            return values
        return [
            self._too_long(value, f"{letter}{row}") if value and utf16(value) > self._most else value
            for row, value in enumerate(values, first)
        ]


def _numbers(values: Sequence[Any]) -> list[str]:
    if not all(map(isfinite, filter(None, values))):
        raise ValueError("a number that is none cannot be written into a cell")
    return [EMPTY if value is None else f"><v>{value}</v></c>" for value in values]


@lru_cache(maxsize=4096)
def _date(value: date | None) -> str:
    if value is None:
        return EMPTY
    if value < _RELIABLE:
        return cells([value.isoformat()])[0]
    return f"><v>{value.toordinal() - _DAY_0}</v></c>"
