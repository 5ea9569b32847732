"""What was tried in a directory: a membership has no date, so what we did to it ourselves has to be remembered."""

from datetime import UTC, datetime

from sqlalchemy import Connection, delete, insert, select, update

from reporting_core.storage.acting import directory_attempts
from reporting_core.words.memberships import Attempt, Tried

_d = directory_attempts.c


def attempt_of(connection: Connection, account_id: int, key: str) -> Attempt | None:
    """Return what was tried for an order."""
    statement = select(_d.state, _d.mark, _d.at).where(_d.account_id == account_id, _d.key == key)
    found = connection.execute(statement).first()
    return Attempt(Tried(found.state), found.mark, _aware(found.at)) if found else None


def begin(connection: Connection, account_id: int, key: str, attempt: Attempt) -> None:
    """Write down that an order is going to be sent, or is going to be sent again."""
    if attempt_of(connection, account_id, key) is None:
        values = {"state": str(attempt.state), "mark": attempt.mark, "at": attempt.at}
        connection.execute(insert(directory_attempts).values(account_id=account_id, key=key, **values))


def end(connection: Connection, account_id: int, key: str, at: datetime) -> None:
    """Write down that an order was carried out."""
    where = (_d.account_id == account_id, _d.key == key)
    connection.execute(update(directory_attempts).where(*where).values(state=str(Tried.DONE), at=at))


def forget(connection: Connection, account_id: int, key: str) -> None:
    """Take back that an order was sent, once it is certain that it had no effect."""
    where = (_d.account_id == account_id, _d.key == key, _d.state == Tried.SENT)
    connection.execute(delete(directory_attempts).where(*where))


def _aware(at: datetime) -> datetime:
    """SQLite keeps no zone; all that is written is UTC."""
    return at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC)
