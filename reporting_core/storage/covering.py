"""Which days the daily exports cover, by team and kind."""

from collections import defaultdict
from collections.abc import Iterable

from sqlalchemy import Connection, bindparam, delete, insert, select

from reporting_core.metrics.replacing import Covered, cover
from reporting_core.storage import schema

Known = dict[tuple[int, int], list[Covered]]
"""(team, source) → disjoint pieces, oldest first."""


def coverage(connection: Connection, account_id: int) -> Known:
    """Load what is covered."""
    c = schema.coverage.c
    columns = (c.team_id, c.source, c.first_day, c.last_day, c.exported_on)
    known: Known = defaultdict(list)
    for team, source, first, last, exported_on in connection.execute(
        select(*columns).where(c.account_id == account_id).order_by(c.first_day)
    ):
        known[team, source].append(Covered(first, last, exported_on))
    return known


def add_coverage(
    connection: Connection, account_id: int, known: Known, new: Iterable[tuple[int, int, Covered]]
) -> bool:
    """Lay new coverage (team, source, days) over the known and store it.

    Return whether any day is newly covered or newer.
    """
    changed: Known = {}
    for team, source, piece in new:
        before = changed.get((team, source), known.get((team, source), []))
        after = cover(before, piece)
        if after != before:
            changed[team, source] = after
    replace_coverage(connection, account_id, changed)
    known.update(changed)
    return bool(changed)


def replace_coverage(connection: Connection, account_id: int, pieces: Known) -> None:
    """Store the coverage of some (team, source) pairs anew."""
    table = schema.coverage
    c = table.c
    if pieces:
        where = (c.account_id == account_id, c.team_id == bindparam("b_team"), c.source == bindparam("b_source"))
        connection.execute(
            delete(table).where(*where), [{"b_team": team, "b_source": source} for team, source in pieces]
        )
    rows = [
        {
            "account_id": account_id,
            "team_id": team,
            "source": source,
            "first_day": first,
            "last_day": last,
            "exported_on": exported_on,
        }
        for (team, source), some in pieces.items()
        for first, last, exported_on in some
    ]
    if rows:
        connection.execute(insert(table), rows)
