"""What would fall due until a moment, if nobody had sent anything by then. Nothing is written down."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import chain

from reporting_core.metrics.due import slots_between
from reporting_core.storage import schedule_rows as sql
from reporting_core.usecases.schedules.books import Books
from reporting_core.words.schedules import Schedule, Slot, Standing


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """What a schedule would do. `sends` is the newest slot unless it is too late for it; others would be missed."""

    schedule: Schedule
    sends: Slot | None
    late: bool
    missed: tuple[Slot, ...]


def rehearsed(books: Books, at: datetime) -> list[Rehearsal]:
    """Return what every schedule that goes on would do; those that have nothing due are left out."""
    with books.store.reading() as connection:
        living = sql.living(connection, books.account_id)
    slots = ((each, tuple(_due(each, at))) for each in living if each.standing is Standing.ON)
    return [_rehearsal(books, each, due, at) for each, due in slots if due]


def _due(schedule: Schedule, at: datetime) -> Iterator[Slot]:
    first = schedule.next
    if first is None or first.due > at:
        return iter(())
    later = slots_between(schedule.cadence, schedule.zone, first.due, at, schedule.anchor)
    return chain([first], later)


def _rehearsal(books: Books, schedule: Schedule, due: tuple[Slot, ...], at: datetime) -> Rehearsal:
    newest = due[-1]
    if newest.due < at - books.waits.keeps[schedule.kind]:
        return Rehearsal(schedule, None, late=False, missed=due)
    return Rehearsal(schedule, newest, newest.due < at - books.waits.late, due[:-1])
