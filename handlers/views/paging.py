"""Cutting the rows of an answer into pages of one message."""

from collections.abc import Sequence
from dataclasses import dataclass

from reporting_core.words.report import Row, UsageReport

PAGE_SIZE = 15


@dataclass(frozen=True, slots=True)
class Page:
    """One page of rows: `number` of `pages`, both from 1; `first` and `last` are 1-based places in the whole answer."""

    rows: Sequence[Row]
    number: int
    pages: int
    first: int
    last: int
    asked: int
    """The page asked for, which may lie behind the last one."""


def page_of(report: UsageReport) -> Page:
    """Return the page the query asks for, or the last one if there are fewer."""
    pages = max(1, -(-len(report.rows) // PAGE_SIZE))
    number = min(max(1, report.query.page), pages)
    start = (number - 1) * PAGE_SIZE
    rows = report.rows[start : start + PAGE_SIZE]
    return Page(rows, number, pages, start + 1 if rows else 0, start + len(rows), report.query.page)
