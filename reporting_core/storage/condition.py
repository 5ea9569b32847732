"""Statements for whoever watches over an installation: counts, and nothing that names anybody."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, func, select

from reporting_core.storage.schedule_rows import maybe_aware
from reporting_core.storage.scheduling import posts, schedules
from reporting_core.words.schedules import OPEN, Kind, Standing, State

_p, _s = posts.c, schedules.c
_LIVING = sorted(OPEN)


def standings(connection: Connection, account_id: int) -> dict[Standing, int]:
    """Count schedules by whether they go on, without those that were ended."""
    where = (_s.account_id == account_id, _s.standing != Standing.ENDED)
    rows = connection.execute(select(_s.standing, func.count()).where(*where).group_by(_s.standing))
    return {Standing(standing): count for standing, count in rows}


def waiting(connection: Connection, account_id: int) -> dict[tuple[Kind, State], int]:
    """Count posts that are not finished."""
    return _counted(connection, _by_state().where(_p.account_id == account_id, _p.state.in_(_LIVING)))


def finished(connection: Connection, account_id: int, since: datetime) -> dict[tuple[Kind, State], int]:
    """Count posts that were finished since then."""
    ended = (_p.state.not_in(_LIVING), _p.finished_at >= since)
    return _counted(connection, _by_state().where(_p.account_id == account_id, *ended))


def due_since(connection: Connection, account_id: int, now: datetime) -> datetime | None:
    """Return when the post that waits longest was due; one that is tried again later counts from when it was due."""
    where = (_p.account_id == account_id, _p.state.in_(_LIVING), _p.due_at <= now)
    found: datetime | None = connection.execute(select(func.min(_p.due_at)).where(*where)).scalar_one()
    return maybe_aware(found)


def _by_state() -> Select[Any]:
    return select(_p.kind, _p.state, func.count()).group_by(_p.kind, _p.state)


def _counted(connection: Connection, statement: Select[Any]) -> dict[tuple[Kind, State], int]:
    return {(Kind(kind), State(state)): count for kind, state, count in connection.execute(statement)}
