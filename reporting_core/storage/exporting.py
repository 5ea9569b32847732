"""Spreadsheets that were made: the record of each, and the claim by which one of a kind is made at a time."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, insert, or_, select, update
from sqlalchemy.exc import IntegrityError

from reporting_core.storage.talk import made_exports as table
from reporting_core.words.spreadsheets import Spreadsheet, State

_COLUMNS = (
    table.c.token,
    table.c.query,
    table.c.state,
    table.c.reason,
    table.c.teams,
    table.c.hashed,
    table.c.row_count,
    table.c.size,
    table.c.asked_at,
    table.c.lease_until,
    table.c.expires_at,
    table.c.deleted_at,
)


@dataclass(frozen=True, slots=True)
class Wish:
    """A spreadsheet that is to be made. `kind` is the same for all that would be equal."""

    slack_user_id: str
    token: str
    kind: str
    query: str
    team_ids: frozenset[int]
    hashed: bool
    version: int


@dataclass(frozen=True, slots=True)
class Times:
    """When a wish was uttered, until when it is believed to be worked on, and until when its file is kept."""

    asked: datetime
    lease: datetime
    expiry: datetime


def of_kind(connection: Connection, account_id: int, kind: str) -> Spreadsheet | None:
    """Return the living spreadsheet of a kind: made or being made."""
    return _one(connection, account_id, table.c.claim == kind)


def of_person(connection: Connection, account_id: int, slack_user_id: str, token: str) -> Spreadsheet | None:
    """Return a person's spreadsheet."""
    return _one(connection, account_id, table.c.slack_user_id == slack_user_id, table.c.token == token)


def of_token(connection: Connection, account_id: int, token: str) -> Spreadsheet | None:
    """Return the spreadsheet of a token."""
    return _one(connection, account_id, table.c.token == token)


def listed(connection: Connection, account_id: int, slack_user_id: str, since: datetime) -> list[Spreadsheet]:
    """Load what a person asked for since then, newest first."""
    where = (table.c.account_id == account_id, table.c.slack_user_id == slack_user_id, table.c.asked_at >= since)
    rows = connection.execute(select(*_COLUMNS).where(*where).order_by(table.c.id.desc()))
    return [_spreadsheet(row) for row in rows]


def claim(connection: Connection, account_id: int, wish: Wish, times: Times) -> bool:
    """Write a wish down as one that is being fulfilled; False if somebody else was faster."""
    values = {
        "slack_user_id": wish.slack_user_id,
        "token": wish.token,
        "claim": wish.kind,
        "query": wish.query,
        "teams": _packed(wish.team_ids),
        "hashed": int(wish.hashed),
        "data_version": wish.version,
        "state": State.MAKING,
        "asked_at": times.asked,
        "lease_until": times.lease,
        "expires_at": times.expiry,
    }
    try:
        with connection.begin_nested():
            connection.execute(insert(table).values(account_id=account_id, **values))
    except IntegrityError:
        return False
    return True


def take(connection: Connection, account_id: int, token: str, now: datetime, lease: datetime) -> bool:
    """Take the lease of a file that is there, to send it; False if somebody has it or the file is gone."""
    free = or_(table.c.lease_until.is_(None), table.c.lease_until <= now)
    there = (table.c.state == State.READY, table.c.deleted_at.is_(None), table.c.expires_at > now)
    return _changed(connection, account_id, token, free, *there, lease_until=lease)


def renew(connection: Connection, account_id: int, token: str, lease: datetime) -> bool:
    """Prolong a lease; False if it was lost."""
    return _changed(connection, account_id, token, table.c.lease_until.is_not(None), lease_until=lease)


def made(connection: Connection, account_id: int, token: str, done: tuple[int, int], at: datetime) -> bool:
    """Note that the file is there with so many rows and bytes; False if the claim was lost meanwhile.

    The lease stays: the one who made it goes on to send it.
    """
    rows, size = done
    mine = (table.c.state == State.MAKING, table.c.deleted_at.is_(None))
    values = {"state": State.READY, "row_count": rows, "size": size, "ready_at": at}
    return _changed(connection, account_id, token, *mine, **values)


def settled(connection: Connection, account_id: int, token: str, reason: str) -> None:
    """Give the lease back; `reason` says why the file was not sent, '' where it was."""
    _changed(connection, account_id, token, lease_until=None, reason=reason)


def failed(connection: Connection, account_id: int, token: str, reason: str) -> bool:
    """Note that a file could not be made, and let others try."""
    making = table.c.state == State.MAKING
    return _changed(
        connection, account_id, token, making, state=State.FAILED, reason=reason, claim=None, lease_until=None
    )


def give_up(connection: Connection, account_id: int, now: datetime, reason: str) -> int:
    """Let others try what nobody has worked on for the length of a lease; returns how many that were."""
    dead = (table.c.account_id == account_id, table.c.state == State.MAKING, table.c.lease_until <= now)
    values = {"state": State.FAILED, "reason": reason, "claim": None, "lease_until": None}
    return connection.execute(update(table).where(*dead).values(**values)).rowcount


def deleted(connection: Connection, account_id: int, token: str, at: datetime) -> bool:
    """Note that a file is gone; the record stays."""
    there = table.c.deleted_at.is_(None)
    return _changed(connection, account_id, token, there, deleted_at=at, claim=None, lease_until=None)


def abandoned(connection: Connection, account_id: int, now: datetime) -> list[str]:
    """Load the tokens of spreadsheets whose maker has not been heard of for the length of a lease."""
    return _tokens(connection, account_id, table.c.state == State.MAKING, table.c.lease_until <= now)


def due(connection: Connection, account_id: int, now: datetime) -> list[str]:
    """Load the tokens of spreadsheets whose file has to go: over time, or never finished."""
    over = or_(table.c.expires_at <= now, table.c.state == State.FAILED)
    return _tokens(connection, account_id, over, table.c.deleted_at.is_(None))


def living(connection: Connection, account_id: int) -> set[str]:
    """Load the tokens of all spreadsheets whose file may be there."""
    return set(_tokens(connection, account_id, table.c.deleted_at.is_(None)))


def _one(connection: Connection, account_id: int, *where: ColumnElement[bool]) -> Spreadsheet | None:
    row = connection.execute(select(*_COLUMNS).where(table.c.account_id == account_id, *where)).first()
    return _spreadsheet(row) if row is not None else None


def _tokens(connection: Connection, account_id: int, *where: ColumnElement[bool]) -> list[str]:
    statement = select(table.c.token).where(table.c.account_id == account_id, *where).order_by(table.c.id)
    return list(connection.execute(statement).scalars())


def _changed(
    connection: Connection, account_id: int, token: str, *where: ColumnElement[bool], **values: object
) -> bool:
    mine = (table.c.account_id == account_id, table.c.token == token)
    return bool(connection.execute(update(table).where(*mine, *where).values(**values)).rowcount)


def _spreadsheet(row: Any) -> Spreadsheet:
    return Spreadsheet(
        token=row.token,
        query=row.query,
        state=State(row.state),
        reason=row.reason,
        team_ids=_unpacked(row.teams),
        hashed=bool(row.hashed),
        rows=row.row_count,
        size=row.size,
        asked_at=_aware(row.asked_at),
        lease_until=_aware(row.lease_until) if row.lease_until else None,
        expires_at=_aware(row.expires_at),
        deleted_at=_aware(row.deleted_at) if row.deleted_at else None,
    )


def _aware(at: datetime) -> datetime:
    """SQLite keeps no zone; all that is written is UTC."""
    return at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC)


def _packed(team_ids: Iterable[int]) -> str:
    return ",".join(str(each) for each in sorted(team_ids))


def _unpacked(text: str) -> frozenset[int]:
    parts: Sequence[str] = text.split(",") if text else ()
    return frozenset(int(each) for each in parts)
