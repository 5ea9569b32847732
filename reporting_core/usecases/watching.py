"""How an installation stands: read in one snapshot, for probes, metrics and whoever looks after it."""

from datetime import date, datetime, timedelta

from reporting_core.storage import catalog
from reporting_core.storage import condition as sql
from reporting_core.storage.engines import Connection, Store
from reporting_core.storage.upgrade import is_current
from reporting_core.words.condition import Condition

LATELY = timedelta(days=1)


def condition(store: Store, account_id: int, now: datetime) -> Condition:
    """Read it; where the database has another shape that is all that can be said. Raises `StoreBusy`."""
    with store.reading() as connection:
        if not is_current(connection):
            return Condition(is_current=False)
        return Condition(
            is_current=True,
            data_through=data_through(connection, account_id),
            schedules=sql.standings(connection, account_id),
            waiting=sql.waiting(connection, account_id),
            finished=sql.finished(connection, account_id, now - LATELY),
            due_since=sql.due_since(connection, account_id, now),
        )


def data_through(connection: Connection, account_id: int) -> date | None:
    """Return the newest date with loaded data."""
    found = catalog.data_through(connection, account_id)
    newest = found.daily if found.daily is not None else found.reported
    return date.fromordinal(newest) if newest is not None else None
