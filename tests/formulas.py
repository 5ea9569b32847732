"""Works formulas of a workbook out from its cells, as far as ours go: sums, counts under conditions, comparisons."""

import re
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

_TOKEN = re.compile(
    r"""'(?P<sheet>[^']+)'!\$?(?P<first>[A-Z]+)\$?(?P<from>\d+):\$?(?P<last>[A-Z]+)\$?(?P<to>\d+)"""
    r'|(?P<text>"[^"]*")|(?P<cell>\b[A-Z]{1,2}\d+\b)'
)


class Calculator:
    """The formulas of one sheet."""

    def __init__(self, book: Workbook, sheet: Worksheet) -> None:
        self.book = book
        self.sheet = sheet

    def all(self) -> dict[str, Any]:
        """Every formula of the sheet with what it comes to."""
        cells = [cell for row in self.sheet.iter_rows() for cell in row if cell.data_type == "f"]
        return {cell.coordinate: self.value(cell.coordinate) for cell in cells}

    def value(self, place: str) -> Any:
        cell = self.sheet[place]
        if cell.data_type != "f":
            found = cell.value
            return found.toordinal() if hasattr(found, "toordinal") else found
        names = {
            "SUM": lambda cells: sum(_numbers(cells)),
            "COUNTIFS": lambda *wanted: len(_matching(wanted)),
            "SUMIFS": lambda summed, *wanted: sum(_numbers(summed[row] for row in _matching(wanted))),
            "ROUND": _rounded,
            "MAX": max,
            "ABS": abs,
            "IF": lambda condition, yes, no: yes if condition else no,
            "cells": self.cells,
            "value": self.value,
        }
        return eval(_TOKEN.sub(_python, str(cell.value)[1:]), names)  # noqa: S307 - formulas that we wrote ourselves

    def cells(self, sheet: str, area: str) -> list[Any]:
        return [cell.value for row in self.book[sheet][area] for cell in row]


def _python(found: re.Match[str]) -> str:
    if found["text"]:
        return found["text"]
    if found["cell"]:
        return f'value("{found["cell"]}")'
    return f'cells("{found["sheet"]}", "{found["first"]}{found["from"]}:{found["last"]}{found["to"]}")'


def _numbers(cells: Any) -> list[float]:
    return [cell for cell in cells if isinstance(cell, int | float)]


def _matching(wanted: tuple[Any, ...]) -> list[int]:
    columns, words = wanted[::2], wanted[1::2]
    return [
        row
        for row in range(len(columns[0]))
        if all(column[row] == word for column, word in zip(columns, words, strict=True))
    ]


def _rounded(value: float, digits: int) -> float:
    return float(Decimal(repr(value)).quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP))
