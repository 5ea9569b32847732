"""The sheet of rows: always all columns, one row for each assignment of the answer, and what they add up to."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from handlers.sentences import label
from handlers.views import wording
from handlers.views.sheets.paper import AMOUNT, COUNT, DATE, DECIMAL, TEXT
from reporting_core.metrics.figures import MILLI
from reporting_core.words.report import Row as Assignment
from reporting_core.words.report import UsageReport
from reporting_core.words.terms import Access, Origin, Status
from reporting_core.workbooks import Column, Kind, Row, Table, Value

COLOURS = {
    Status.ACTIVE: "2E7D32",
    Status.INACTIVE: "C00000",
    Status.NOT_YET_ACTIVE: "9C6500",
    Status.UNKNOWN: "7030A0",
    Status.UNASSIGNED: "595959",
    Status.NOT_APPLICABLE: "2F5597",
}
"""The word stands in the cell, so nobody needs to see the colour."""

COLUMNS = (
    "person", "email", "team", "product", "access", "status", "days_used", "monthly_average", "last_accessed",
    "days_inactive", "tokens_used", "assigned_by", "groups", "assigned", "assigned_on", "unassigned_on", "flex_user",
    "why",
)  # fmt: skip
"""In this order; each has a heading and a definition in `labels/spreadsheet.toml`."""

_WIDTHS = {
    "person": 26,
    "email": 32,
    "team": 20,
    "product": 20,
    "access": 14,
    "status": 17,
    "assigned_by": 26,
    "groups": 24,
    "why": 60,
}
_FORMATS = {
    "days_used": COUNT,
    "monthly_average": DECIMAL,
    "days_inactive": COUNT,
    "tokens_used": AMOUNT,
    "flex_user": COUNT,
}
_DATES = ("last_accessed", "assigned_on", "unassigned_on")


class Words(NamedTuple):
    """The words of the language that is spoken, looked up once for all rows."""

    access: dict[Access, str]
    status: dict[Status, str]
    assigned: dict[bool | None, str]

    @classmethod
    def spoken(cls) -> "Words":
        """Look them up."""
        return cls(
            {access: wording.access(access) for access in Access},
            {status: wording.status_word(status) for status in Status},
            {None: label("words.unknown"), True: yes(), False: label("spreadsheet.no")},
        )


@dataclass(slots=True)
class Tally:
    """What the rows that went by add up to, counted as the formulas of the summary count."""

    seats: Counter[Status] = field(default_factory=Counter)
    flex_users: int = 0
    millitokens: int = 0


def yes() -> str:
    """Return what stands in `assigned` where a seat is held."""
    return label("spreadsheet.yes")


def heading(column: str) -> str:
    """Return a column's heading."""
    return label(f"spreadsheet.{column}")


def columns() -> list[Column]:
    """Return the columns of the sheet."""
    return [_column(name) for name in COLUMNS]


def table(report: UsageReport, tally: Tally) -> Table:
    """Return the sheet; `tally` fills while its rows are taken."""
    return Table(label("spreadsheet.sheet_report"), columns(), _rows(report, tally), len(report.rows))


def _column(name: str) -> Column:
    if name in _DATES:
        return Column(heading(name), Kind.DATE, 15, DATE)
    if name in _FORMATS:
        return Column(heading(name), Kind.NUMBER, 14, _FORMATS[name])
    colours = {wording.status_word(status): colour for status, colour in COLOURS.items()} if name == "status" else {}
    return Column(heading(name), Kind.TEXT, _WIDTHS.get(name, 16), TEXT, colours)


def _rows(report: UsageReport, tally: Tally) -> Iterator[Row]:
    cells = _cells(Words.spoken())
    seen: set[int] = set()
    for row in report.rows:
        flex = row.access is Access.FLEX
        first = flex and row.status is Status.ACTIVE and row.person_id not in seen
        if first:
            seen.add(row.person_id)
            tally.flex_users += 1
        if flex:
            tally.millitokens += round((row.tokens_used or 0) * MILLI)
        elif row.assigned:
            tally.seats[row.status] += 1
        yield cells(row, 1 if first else None)


def _cells(words: Words) -> Callable[[Assignment, int | None], tuple[Value, ...]]:
    access, status, assigned = words
    told, assigned_by, by_group = wording.told, wording.assigned_by, Origin.GROUP
    origins = {origin: assigned_by(origin, "") for origin in Origin}

    def cells(row: Assignment, flex_user: int | None) -> tuple[Value, ...]:
        origin = row.assigned_by
        return (
            row.person, row.email, row.team, row.product, access[row.access], status[row.status], row.days_used,
            row.monthly_average, row.last_accessed, row.days_inactive, row.tokens_used,
            assigned_by(origin, row.origin_group) if origin is by_group else origins[origin], "; ".join(row.groups),
            assigned[row.assigned], row.assigned_on, row.unassigned_on, flex_user, told(row.why),
        )  # fmt: skip

    return cells
