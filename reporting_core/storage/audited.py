"""Rows of the audit as they are looked up: by team and date, newest first, a page at a time; each names the account."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import ColumnElement, Connection, bindparam, func, select

from reporting_core.storage.acting import audit_rows
from reporting_core.storage.auditing import COLUMNS, Sealed
from reporting_core.storage.dialects import one_of

_a = audit_rows.c


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which rows: of the dates [first, last] in UTC, and of these teams; None: all, also those that have no team."""

    account_id: int
    first: date
    last: date
    teams: Collection[int] | None = None


def count(connection: Connection, wanted: Wanted) -> int:
    """Count them."""
    where, values = _where(wanted)
    return int(connection.execute(select(func.count()).select_from(audit_rows).where(*where), values).scalar_one())


def teams_of(connection: Connection, wanted: Wanted) -> list[int]:
    """Return the teams that occur in them."""
    where, values = _where(wanted)
    return list(connection.execute(select(_a.team_id).where(*where, _a.team_id > 0).distinct(), values).scalars())


def newest(connection: Connection, wanted: Wanted, offset: int, most: int) -> list[Sealed]:
    """Load a part of them, newest first."""
    where, values = _where(wanted)
    statement = select(*COLUMNS).where(*where).order_by(_a.seq.desc(), _a.id.desc()).offset(offset).limit(most)
    return [Sealed(*row) for row in connection.execute(statement, values)]


def newest_kinds(connection: Connection, account_id: int, subjects: Collection[str]) -> dict[str, str]:
    """Return what the newest row about each of these subjects says that happened."""
    statement = select(_a.subject, _a.kind).where(_a.account_id == account_id, _a.subject.in_(subjects))
    return dict(connection.execute(statement.order_by(_a.seq)).all())


def _where(wanted: Wanted) -> tuple[list[ColumnElement[bool]], dict[str, str]]:
    # Times are kept as ISO texts in UTC, which sort as they follow each other.
    after = wanted.last + timedelta(days=1)
    where = [_a.account_id == wanted.account_id, _a.at >= wanted.first.isoformat(), _a.at < after.isoformat()]
    if wanted.teams is None:
        return where, {}
    return [*where, one_of(_a.team_id, bindparam("teams"))], {"teams": str(sorted(wanted.teams))}
