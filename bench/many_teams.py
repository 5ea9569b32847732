"""The measured company in 2,000 teams, with what digests look for: people who stop, come back, never begin, leave."""

import sqlite3
from pathlib import Path

from bench import company
from bench.company import AS_OF, HISTORY
from reporting_core.metrics.calendar import bit, month_start

TEAMS = 2_000
SINCE_DAYS = 7
"""Days since the digests before."""
ROOM = 1.05
"""Use beyond what is wanted, of which some is taken away again."""
EACH = 40
"""Of so many assignments one stops, one comes back, one is given back and one is never used."""


def make(path: Path, days: int) -> None:
    """Write the company, and move its people into the teams."""
    company.make(path, int(days * ROOM))
    connection = sqlite3.connect(path)
    for name in ("bit_count", "bit_length"):
        connection.create_function(name, 1, getattr(int, name), deterministic=True)
    connection.execute("PRAGMA synchronous = OFF")
    with connection:
        (account,) = connection.execute("SELECT id FROM accounts").fetchone()
        connection.execute(f"UPDATE assignments SET team_id = 1 + id % {TEAMS}")
        _found_teams(connection, account)
        _stir(connection)
    connection.close()


def count(path: Path) -> int:
    """Count the usage days of a database: child product, release and day, as exports have rows."""
    connection = sqlite3.connect(path)
    connection.create_function("bit_count", 1, int.bit_count, deterministic=True)
    (found,) = connection.execute("SELECT sum(bit_count(mask)) FROM calendar").fetchone()
    connection.close()
    return int(found)


def _found_teams(connection: sqlite3.Connection, account: int) -> None:
    last, first = AS_OF.toordinal(), AS_OF.toordinal() - HISTORY + 1
    for table in ("teams", "coverage", "subscriptions", "token_balances", "group_members", "groups"):
        connection.execute(f"DELETE FROM {table}")
    teams = range(1, TEAMS + 1)
    connection.executemany(
        "INSERT INTO teams (id, account_id, name, key, reported_on) VALUES (?, ?, ?, ?, ?)",
        [(n, account, f"Team {n}", f"team {n}", last) for n in teams],
    )
    connection.executemany(
        "INSERT INTO coverage (account_id, team_id, source, first_day, last_day, exported_on)"
        " VALUES (?, ?, ?, ?, ?, ?)",
        [(account, n, source, first, last, last) for n in teams for source in (0, 2)],
    )
    connection.executemany(
        "INSERT INTO subscriptions (account_id, team_id, product_id, subscription_id, seats, starts, ends)"
        " VALUES (?, ?, ?, ?, 5, ?, ?)",
        [(account, n, p, f"S-{n}-{p}", first, last + 300) for n in teams for p in range(1, 14)],
    )
    connection.executemany(
        "INSERT INTO token_balances (account_id, team_id, purchased, remaining, expires_on, as_of)"
        " VALUES (?, ?, 10000000, 2000000, ?, ?)",
        [(account, n, last + 100, last) for n in teams],
    )


def _stir(connection: sqlite3.Connection) -> None:
    """Take use away so that something happened since the digests before."""
    last = AS_OF.toordinal()
    _keep(connection, 0, 0, last - 33)
    _keep(connection, 1, last - 3, last)
    _keep(connection, 2, 1, 0)
    where = f"id % {EACH} = 2 AND flex = 0"
    never = "last_used = NULL, reported_last = NULL, reported_days = 0"
    connection.execute(f"UPDATE assignments SET {never}, assigned_on = {last - 16} WHERE {where}")
    where = f"id % {EACH} = 3 AND flex = 0"
    connection.execute(f"UPDATE assignments SET assigned = 0, unassigned_on = {last - 2} WHERE {where}")


def _keep(connection: sqlite3.Connection, which: int, first: int, until: int) -> None:
    """Keep of the last three months only the use from `first` to `until` of one in `EACH` assignments."""
    (newest, _), ids = bit(AS_OF.toordinal()), f"SELECT id FROM assignments WHERE id % {EACH} = {which} AND flex = 0"
    for month in range(newest - 2, newest + 1):
        start = month_start(month).toordinal()
        mask = sum(1 << day for day in range(31) if first <= start + day <= until)
        connection.execute(
            f"UPDATE calendar SET mask = mask & {mask}, own = own & {mask}, days = bit_count(own & {mask})"
            f" WHERE month = {month} AND assignment_id IN ({ids})"
        )
    if first > until:
        connection.execute(f"DELETE FROM calendar WHERE assignment_id IN ({ids})")
    connection.execute("DELETE FROM calendar WHERE mask = 0")
    connection.execute(f"UPDATE assignments SET last_used = ({_LAST}) WHERE id IN ({ids})")
    connection.execute(f"UPDATE assignments SET reported_last = last_used WHERE id IN ({ids})")


# The newest month with use starts on a day that SQLite can work out, and its highest bit is its last day.
_LAST = (
    "SELECT max(CAST(julianday(printf('%04d-%02d-01', month / 12, month % 12 + 1)) - 1721424.5 AS INTEGER)"
    " + bit_length(mask) - 1) FROM calendar"
    " WHERE account_id = assignments.account_id AND assignment_id = assignments.id"
)
