"""Statements about schedules; each names the account. When they are due is arithmetic of `metrics.due`."""

from collections.abc import Iterable
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, delete, func, insert, or_, select, update

from reporting_core.storage.scheduling import schedules as table
from reporting_core.words.schedules import Cadence, Kind, Schedule, Slot, Standing

_c = table.c


def add(connection: Connection, account_id: int, schedule: Schedule) -> Schedule:
    """Write a new schedule down; returns it with its id."""
    values = {
        **_values(schedule),
        "token": schedule.token,
        "kind": schedule.kind,
        "made_at": schedule.made_at,
        "standing": schedule.standing,
    }
    connection.execute(insert(table).values(account_id=account_id, **values))
    return of_tokens(connection, account_id, [schedule.token])[schedule.token]


def change(connection: Connection, account_id: int, schedule: Schedule) -> None:
    """Write down what a person changed; what it counts from and when it was last said stay as they are."""
    values = {"standing": schedule.standing, "cause": schedule.cause, "by": schedule.by, "revision": _c.revision + 1}
    where = (_c.account_id == account_id, _c.token == schedule.token)
    connection.execute(update(table).where(*where).values(**_values(schedule), **values))


def lock(connection: Connection, account_id: int, token: str) -> None:
    """Let nobody else change a schedule until this transaction ends; on SQLite nobody could anyway."""
    mine = (_c.account_id == account_id, _c.token == token)
    connection.execute(select(_c.id).where(*mine).with_for_update())


def end(connection: Connection, account_id: int, token: str, by: str, at: datetime) -> None:
    """End a schedule; it stays for the history."""
    values = {"standing": Standing.ENDED, "cause": "", "by": by, "ended_at": at, "revision": _c.revision + 1}
    where = (_c.account_id == account_id, _c.token == token)
    connection.execute(update(table).where(*where).values(next_slot="", next_due=None, **values))


def advance(connection: Connection, account_id: int, schedule: Schedule, following: Slot | None) -> bool:
    """Move on to the following slot; False if the schedule was changed, or somebody else moved it on."""
    where = (_c.account_id == account_id, _c.token == schedule.token, _c.revision == schedule.revision)
    statement = update(table).where(*where, _c.standing == Standing.ON)
    return bool(connection.execute(statement.values(**_next(following), revision=_c.revision + 1)).rowcount)


def stop(connection: Connection, account_id: int, token: str, cause: str) -> bool:
    """Note that a schedule cannot go on; False if it did not go on anyway."""
    where = (_c.account_id == account_id, _c.token == token, _c.standing == Standing.ON)
    values = {"standing": Standing.TROUBLE, "cause": cause, "by": "", "revision": _c.revision + 1}
    return bool(connection.execute(update(table).where(*where).values(**_next(None), **values)).rowcount)


def said(connection: Connection, account_id: int, token: str, as_of: date | None, at: datetime) -> None:
    """Note that something was said, and up to which day; never an earlier one than before."""
    mine = (_c.account_id == account_id, _c.token == token)
    earlier = or_(_c.quiet_since.is_(None), _c.quiet_since < at)
    connection.execute(update(table).where(*mine, earlier).values(quiet_since=at))
    if as_of is not None:
        older = or_(_c.since_day.is_(None), _c.since_day < as_of.toordinal())
        connection.execute(update(table).where(*mine, older).values(since_day=as_of.toordinal()))


def of_tokens(connection: Connection, account_id: int, tokens: Iterable[str]) -> dict[str, Schedule]:
    """Load schedules, whoever they belong to and however they stand."""
    found = _found(connection, account_id, _c.token.in_(sorted(tokens)))
    return {each.token: each for each in found}


def of_owner(connection: Connection, account_id: int, owner: str) -> list[Schedule]:
    """Load a person's schedules that were not ended, oldest first."""
    return _found(connection, account_id, _c.owner == owner, _c.standing != Standing.ENDED)


def living(connection: Connection, account_id: int) -> list[Schedule]:
    """Load everybody's schedules that were not ended, oldest first."""
    return _found(connection, account_id, _c.standing != Standing.ENDED)


def called(connection: Connection, account_id: int, beginning: str) -> list[Schedule]:
    """Load the schedules whose token begins so, ended ones too."""
    return _found(connection, account_id, func.substr(_c.token, 1, len(beginning)) == beginning)


def due(connection: Connection, account_id: int, now: datetime, most: int) -> list[Schedule]:
    """Load schedules of which a slot is due, at most so many; all processes have them in the same order."""
    return _found(connection, account_id, _c.standing == Standing.ON, _c.next_due <= now, most=most)


def is_on(account_id: int, token: ColumnElement[str]) -> ColumnElement[bool]:
    """Say in SQL that a schedule goes on."""
    where = (_c.account_id == account_id, _c.token == token, _c.standing == Standing.ON)
    return select(_c.id).where(*where).exists()


def is_there(account_id: int, token: ColumnElement[str]) -> ColumnElement[bool]:
    """Say in SQL that a schedule was not ended."""
    where = (_c.account_id == account_id, _c.token == token, _c.standing != Standing.ENDED)
    return select(_c.id).where(*where).exists()


def forget(connection: Connection, account_id: int, before: datetime) -> int:
    """Delete schedules that ended long ago; returns how many those were."""
    where = (_c.account_id == account_id, _c.standing == Standing.ENDED, _c.ended_at < before)
    return connection.execute(delete(table).where(and_(*where))).rowcount


def aware(at: datetime) -> datetime:
    """SQLite keeps no zone; all that is written is UTC."""
    return at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC)


def maybe_aware(at: datetime | None) -> datetime | None:
    """Return the same where there is a time."""
    return aware(at) if at is not None else None


def day(ordinal: int | None) -> date | None:
    """Return the date behind a number."""
    return date.fromordinal(ordinal) if ordinal is not None else None


def _values(schedule: Schedule) -> dict[str, Any]:
    return {
        "question": schedule.question,
        "cadence": str(schedule.cadence),
        "zone": schedule.zone,
        "anchor": schedule.anchor.toordinal(),
        "channel": schedule.channel,
        "owner": schedule.owner,
        **_next(schedule.next),
    }


def _next(slot: Slot | None) -> dict[str, Any]:
    return {"next_slot": slot.name if slot else "", "next_due": slot.due if slot else None}


def _found(
    connection: Connection, account_id: int, *where: ColumnElement[bool], most: int | None = None
) -> list[Schedule]:
    statement = select(table).where(_c.account_id == account_id, *where).order_by(_c.id).limit(most)
    return [_schedule(row) for row in connection.execute(statement)]


def _schedule(row: Any) -> Schedule:
    slot = Slot(datetime.fromisoformat(row.next_slot), aware(row.next_due)) if row.next_slot else None
    return Schedule(
        id=row.id,
        token=row.token,
        kind=Kind(row.kind),
        question=row.question,
        cadence=Cadence.of(row.cadence),
        zone=row.zone,
        anchor=date.fromordinal(row.anchor),
        channel=row.channel,
        owner=row.owner,
        made_at=aware(row.made_at),
        standing=Standing(row.standing),
        cause=row.cause,
        by=row.by,
        next=slot,
        since=day(row.since_day),
        quiet_since=maybe_aware(row.quiet_since),
        revision=row.revision,
    )
