"""How an installation stands: read in one snapshot, for probes, metrics and whoever looks after it."""

from datetime import date, datetime, timedelta

from reporting_core.storage import alerting, catalog, schedule_rows, teams
from reporting_core.storage import condition as sql
from reporting_core.storage.engines import Connection, Store
from reporting_core.storage.upgrade import is_current
from reporting_core.words.condition import CheckUp, Condition
from reporting_core.words.schedules import Standing

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


def check_up(store: Store, account_id: int, now: datetime) -> CheckUp:
    """Read what an owner is told. Raises `StoreBusy`."""
    found = condition(store, account_id, now)
    if not found.is_current:
        return CheckUp(found)
    with store.reading() as connection:
        living = schedule_rows.living(connection, account_id)
        alerts = [rule.channel for rule in alerting.rules(connection, account_id).values() if rule.on]
        silent = [team.name for team in teams.teams(connection, account_id) if team.reported_on is None]
    going = [each.channel for each in living if each.standing is Standing.ON]
    return CheckUp(found, tuple(silent), tuple(living), frozenset([*going, *alerts]) - {""})


def data_through(connection: Connection, account_id: int) -> date | None:
    """Return the newest date with loaded data."""
    found = catalog.data_through(connection, account_id)
    newest = found.daily if found.daily is not None else found.reported
    return date.fromordinal(newest) if newest is not None else None
