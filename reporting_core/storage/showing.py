"""The reports that stand in Slack: which question each message shows, and how often that was changed."""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, delete, insert, select, update

from reporting_core.storage.talk import shown_reports


class Stands(NamedTuple):
    """A row: whose message it is, its question in canonical form, and its revision, counted from 1."""

    slack_user_id: str
    query: str
    revision: int


def find(connection: Connection, account_id: int, token: str, since: datetime) -> Stands | None:
    """Return what the message of a token shows; nothing if it was changed last before `since`."""
    s = shown_reports.c
    where = (s.account_id == account_id, s.token == token, s.changed_at >= since)
    row = connection.execute(select(s.slack_user_id, s.query, s.revision).where(*where)).first()
    return Stands(*row) if row else None


def add(connection: Connection, account_id: int, token: str, stands: Stands, now: datetime) -> None:
    """Write down a new message. One that is there already stays: a commit whose answer was lost comes here twice."""
    s = shown_reports.c
    if connection.execute(select(s.id).where(s.account_id == account_id, s.token == token)).first():
        return
    connection.execute(
        insert(shown_reports).values(account_id=account_id, token=token, changed_at=now, **stands._asdict())
    )


def move(connection: Connection, account_id: int, token: str, stands: Stands, now: datetime) -> bool:
    """Put a message at its next revision; False if somebody else did so before, or if it is gone."""
    s = shown_reports.c
    where = (s.account_id == account_id, s.token == token, s.revision == stands.revision - 1)
    moved = connection.execute(
        update(shown_reports).where(*where).values(query=stands.query, revision=stands.revision, changed_at=now)
    )
    return moved.rowcount == 1


def forget(connection: Connection, account_id: int, before: datetime) -> int:
    """Delete what was changed last before `before`; returns how many."""
    s = shown_reports.c
    return connection.execute(delete(shown_reports).where(s.account_id == account_id, s.changed_at < before)).rowcount
