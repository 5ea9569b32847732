"""Why rows have their status: which row is meant, and the facts that decided about it."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import cast

from reporting_core import grammar
from reporting_core.grammar.lexing import DOUBLE, SINGLE
from reporting_core.metrics.calendar import window
from reporting_core.metrics.rows import Rows
from reporting_core.storage import catalog, launches
from reporting_core.storage.engines import Connection, Store
from reporting_core.words.errors import BadQuery
from reporting_core.words.evidence import Evidence, Explanation
from reporting_core.words.query import Key, UsageQuery
from reporting_core.words.report import Row, UsageReport
from reporting_core.words.terms import Access

QUOTES = frozenset(DOUBLE + SINGLE)

MOST = 10
"""Rows that are explained together; of more, the asker says which."""

GRACE = 30
"""Days after an assignment in which not having used it yet says nothing (features.md §6)."""


def question(text: str, read: Callable[[str], UsageQuery]) -> UsageQuery:
    """Read what is typed behind “why”: words that are no name of the account mean a person.

    So hashes and people whose names nobody may guess are found, too. Raises the fault of the text as it was typed.
    """
    try:
        return read(text)
    except BadQuery as error:
        for other in _as_person(text, error):
            try:
                return read(other)
            except BadQuery:
                continue
        raise


def _as_person(text: str, error: BadQuery) -> list[str]:
    start, end = error.position, error.position + error.length
    if "=" in text[start:end]:
        return []
    here = f"{text[:start]}{_user(text[start:end])}{text[end:]}"
    return [here] if "=" in text else [_user(text), here]


def _user(name: str) -> str:
    return f"user={grammar.spell_value(grammar.encode(_bare(name), Key.USER), Key.USER)}"


def _bare(name: str) -> str:
    """Take the quotes off in which a name was typed."""
    name = name.strip()
    return name[1:-1] if name[1:-1] and {name[0], name[-1]} <= QUOTES else name


def explained(store: Store, account_id: int, report: UsageReport, assignment: int | None) -> Explanation:
    """Return the evidence of one row of a report, or of all where they are few."""
    rows = cast("Rows", report.rows)
    if assignment is not None:
        one = rows.of(assignment)
        chosen = [one] if one else []
    else:
        chosen = list(rows) if len(rows) <= MOST else []
    with store.reading() as connection:
        return Explanation(report, tuple(_evidence(connection, account_id, report, row) for row in chosen))


def candidates(report: UsageReport, typed: str, most: int, first: int) -> list[Row]:
    """Return rows to choose from: those that hold what was typed, else all, from the place `first` on and round."""
    rows = cast("Rows", report.rows)
    if typed.strip():
        return rows.named(typed, most)
    found = list(rows[first : first + most])
    return [*found, *rows[: min(first, most - len(found))]]


def _evidence(connection: Connection, account_id: int, report: UsageReport, row: Row) -> Evidence:
    gaps = cast("Rows", report.rows).gaps(row.assignment_id) if row.access is Access.SUBSCRIPTION else ()
    return Evidence(
        row,
        gaps=tuple((date.fromordinal(first), date.fromordinal(last)) for first, last in gaps),
        launched=_launched(connection, account_id, report, row),
        grace_until=_grace_until(row, report.as_of),
    )


def _launched(connection: Connection, account_id: int, report: UsageReport, row: Row) -> dict[str, int]:
    """Name the products that a collection was used under; under a release days are counted otherwise."""
    windows = window(report.period.first, min(report.period.last, report.as_of))
    if report.query.of(Key.VERSION) or not windows:
        return {}
    days = launches.launched(connection, account_id, row.assignment_id, windows)
    names = catalog.products(connection, account_id)
    found = {names[product]: count for product, count in days.items()}
    return dict(sorted(found.items())) if set(found) - {row.product} else {}


def _grace_until(row: Row, as_of: date) -> date | None:
    if row.assigned_on is None or row.unassigned_on is not None or row.access is not Access.SUBSCRIPTION:
        return None
    until = row.assigned_on + timedelta(days=GRACE)
    return until if row.assigned_on <= as_of < until else None
