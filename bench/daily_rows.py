"""The yardstick: the same report over a row for each assignment, child product, release and day, in the same database.

Clustered by assignment, with a second index by day; statements as one writes them, the quickest that gave the right
figures. Only the facts come from here: everything after them is the product's own.
"""

import sqlite3
import time
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, text

from reporting_core.metrics.calendar import month_number, month_start
from reporting_core.storage.facts import Found, Scope, Windows

_TABLE = """
CREATE TABLE daily_rows (
    account_id INTEGER NOT NULL, assignment_id INTEGER NOT NULL, day INTEGER NOT NULL, product_id INTEGER NOT NULL,
    release_id INTEGER NOT NULL, PRIMARY KEY (account_id, assignment_id, day, product_id, release_id)
) WITHOUT ROWID
"""
_FILL = """
INSERT INTO daily_rows
WITH RECURSIVE places (place) AS (SELECT 0 UNION ALL SELECT place + 1 FROM places WHERE place < 30),
months (month, first) AS (SELECT month, first_day(month) FROM (SELECT DISTINCT month FROM calendar))
SELECT c.account_id, c.assignment_id, first + place, c.product_id, c.release_id
FROM calendar c CROSS JOIN months USING (month) CROSS JOIN places WHERE c.mask >> place & 1
"""
_INDEX = "CREATE INDEX daily_rows_by_day ON daily_rows (account_id, day, assignment_id)"

_FACTS = """
SELECT a.id, a.team_id, a.person_id, a.product_id, a.flex, a.assigned, a.assigned_on, a.unassigned_on,
    coalesce(a.origin, r.origin), CASE WHEN a.origin IS NULL THEN coalesce(r.group_name, '') ELSE a.origin_group END,
    a.stale,
    CASE WHEN a.flex = 1 THEN (SELECT sum(t.millitokens) FROM token_days t WHERE t.account_id = a.account_id
        AND t.assignment_id = a.id AND t.day BETWEEN :first AND :last) END,
    a.last_used, a.reported_last, a.reported_from, a.reported_to, a.reported_days, a.reported_millitokens,
    trim(p.first_name || ' ' || p.last_name), p.email,
    (SELECT count(DISTINCT d.day) FROM daily_rows d
        WHERE d.account_id = a.account_id AND d.assignment_id = a.id AND d.day BETWEEN :first AND :last)
FROM assignments a
LEFT JOIN people p ON p.account_id = a.account_id AND p.id = a.person_id
LEFT JOIN assignment_rules r ON r.account_id = a.account_id AND r.team_id = a.team_id AND r.product_id = a.product_id
WHERE a.account_id = :account {teams}
"""
_CHART = """
SELECT a.flex, d.day, count(DISTINCT d.assignment_id) FROM daily_rows d
JOIN assignments a ON a.account_id = d.account_id AND a.id = d.assignment_id
WHERE d.account_id = :account AND d.day BETWEEN :first AND :last {teams}
GROUP BY a.flex, d.day
"""


def add(path: Path) -> None:
    """Write out the calendar of a database as daily rows."""
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA synchronous = OFF")
    connection.create_function("first_day", 1, lambda month: month_start(month).toordinal(), deterministic=True)
    with connection:
        for statement in (_TABLE, _FILL, _INDEX):
            connection.execute(statement)
    connection.close()


def count(path: Path) -> int:
    """Count the usage days of a database, a row for each."""
    connection = sqlite3.connect(path)
    (found,) = connection.execute("SELECT count(*) FROM daily_rows").fetchone()
    connection.close()
    return int(found)


class DailyRows:
    """A source of facts (see `usecases.gathering.FactSource`) for a whole account or some of its teams."""

    def __init__(self) -> None:
        self.charts: list[float] = []
        """Seconds that the chart took, each time."""

    def facts(
        self, connection: Connection, scope: Scope, buckets: Sequence[Windows], days: tuple[int, int], /
    ) -> Found:
        """Fetch the same rows and counts as the product does from its calendar."""
        teams = "" if scope.teams is None else f"AND a.team_id IN ({', '.join(map(str, scope.teams))})"
        values = {"account": scope.account_id, "first": days[0], "last": days[1]}
        rows = connection.execute(text(_FACTS.format(teams=teams)), values).all()
        start = time.perf_counter()
        chart = connection.execute(text(_CHART.format(teams=teams)), values).all()
        self.charts.append(time.perf_counter() - start)
        return Found(rows, [row[-1] for row in rows], _counted(chart, buckets))


def _counted(chart: Sequence[Any], buckets: Sequence[Windows]) -> list[tuple[int, int]]:
    totals = [[0, 0] for _ in buckets]
    for flex, day, used in chart:
        on = date.fromordinal(day)
        for number, bucket in enumerate(buckets):
            if bucket.get(month_number(on), 0) >> (on.day - 1) & 1:
                totals[number][flex] += used
    return [(seats, flex) for seats, flex in totals]
