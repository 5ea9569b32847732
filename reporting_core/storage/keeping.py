"""Small things remembered between requests: last questions, texts too long for a button, events already handled."""

from datetime import datetime

from sqlalchemy import Connection, delete, insert, select
from sqlalchemy.exc import IntegrityError

from reporting_core.storage import schema

KEPT = 200
"""Questions kept of one person; older ones are forgotten."""


def keep(connection: Connection, account_id: int, slack_user_id: str, query: str, token: str, now: datetime) -> None:
    """Keep a question under a token."""
    k = schema.kept_queries
    values = {"token": token, "slack_user_id": slack_user_id, "query": query, "asked_at": now}
    connection.execute(insert(k).values(account_id=account_id, **values))
    mine = (k.c.account_id == account_id, k.c.slack_user_id == slack_user_id)
    oldest = connection.execute(select(k.c.id).where(*mine).order_by(k.c.id.desc()).offset(KEPT).limit(1)).scalar()
    if oldest is not None:
        connection.execute(delete(k).where(*mine, k.c.id <= oldest))


def kept(connection: Connection, account_id: int, slack_user_id: str, token: str) -> str | None:
    """Return a question that this person kept."""
    k = schema.kept_queries.c
    where = (k.account_id == account_id, k.slack_user_id == slack_user_id, k.token == token)
    found: str | None = connection.execute(select(k.query).where(*where)).scalar()
    return found


def is_kept(connection: Connection, account_id: int, slack_user_id: str, query: str) -> bool:
    """Tell whether this person asked exactly this question before."""
    k = schema.kept_queries.c
    where = (k.account_id == account_id, k.slack_user_id == slack_user_id, k.query == query)
    return connection.execute(select(k.id).where(*where).limit(1)).first() is not None


def newest(connection: Connection, account_id: int, slack_user_id: str, kind: str) -> str | None:
    """Return the newest of what a person kept under tokens that begin so."""
    k = schema.kept_queries.c
    statement = (
        select(k.query)
        .where(k.account_id == account_id, k.slack_user_id == slack_user_id, k.token.startswith(kind))
        .order_by(k.id.desc())
        .limit(1)
    )
    found: str | None = connection.execute(statement).scalar()
    return found


def first_time(connection: Connection, event_id: str, now: datetime, forget_before: datetime) -> bool:
    """Write down an event; False if it was there already. Events older than `forget_before` are forgotten."""
    s = schema.seen_events
    connection.execute(delete(s).where(s.c.seen_at < forget_before))
    if was_seen(connection, event_id):
        return False
    try:
        with connection.begin_nested():
            connection.execute(insert(s).values(event_id=event_id, seen_at=now))
    except IntegrityError:
        return False
    return True


def was_seen(connection: Connection, event_id: str) -> bool:
    """Tell whether an event was written down."""
    s = schema.seen_events
    return connection.execute(select(s.c.event_id).where(s.c.event_id == event_id)).first() is not None
