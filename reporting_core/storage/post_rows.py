"""Statements about posts; each names the account. A post is moved by one conditional UPDATE, or not at all.

Nothing here needs the pen that imports write with: whoever loses finds a state or a fencing number changed.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, delete, func, insert, not_, or_, select, update
from sqlalchemy.exc import IntegrityError

from reporting_core.storage.schedule_rows import aware, day, is_on, is_there, maybe_aware
from reporting_core.storage.scheduling import posts as table
from reporting_core.words.schedules import OPEN, Kind, Post, State, Why

_c = table.c
_newer = table.alias().c
_LIVING = sorted(OPEN)


@dataclass(frozen=True, slots=True)
class Lease:
    """Who holds a post, from when on and until when."""

    holder: str
    now: datetime
    until: datetime


def add(connection: Connection, account_id: int, post: Post) -> bool:
    """Write down what is to be posted; False if its key was written down before, whatever became of it."""
    if of_key(connection, account_id, post.key) is not None:
        return False
    return _inserted(connection, account_id, [post])


def add_all(connection: Connection, account_id: int, found: Sequence[Post]) -> int:
    """Write many down, those whose keys are new; returns how many these were."""
    wanted = _c.key.in_([each.key for each in found])
    known = set(connection.execute(select(_c.key).where(_c.account_id == account_id, wanted)).scalars())
    fresh = [each for each in found if each.key not in known]
    if not fresh or _inserted(connection, account_id, fresh):
        return len(fresh)
    # Somebody else wrote one of them down in between.
    return sum(_inserted(connection, account_id, [each]) for each in fresh)


def _inserted(connection: Connection, account_id: int, fresh: Sequence[Post]) -> bool:
    columns = ("key", "kind", "state", "schedule", "slot", "owner", "channel", "cause", "content", "finished_at")
    rows = [
        {"account_id": account_id, "due_at": each.due, "again_at": each.due}
        | {name: getattr(each, name) for name in columns}
        for each in fresh
    ]
    try:
        with connection.begin_nested():
            connection.execute(insert(table), rows)
    except IntegrityError:
        return False
    return True


def overtake(connection: Connection, account_id: int, now: datetime, keeps: Mapping[Kind, timedelta]) -> int:
    """End what waits for too long, and slots of which a newer one is due as well; returns how many."""
    same = (_newer.account_id == account_id, _newer.schedule == _c.schedule, _newer.slot > _c.slot)
    overtaken = and_(_c.slot != "", select(_newer.id).where(*same, _newer.due_at <= now).exists())
    late = or_(*(and_(_c.kind == kind, _c.due_at < now - keep) for kind, keep in keeps.items()))
    ended = 0
    for why, reason in ((Why.TOO_LATE, late), (Why.OVERTAKEN, overtaken)):
        waiting = (_c.account_id == account_id, _c.state == State.DUE, _c.again_at <= now)
        values = {"state": State.MISSED, "cause": why, "finished_at": now}
        ended += connection.execute(update(table).where(*waiting, reason).values(**values)).rowcount
    return ended


def revive(connection: Connection, account_id: int, now: datetime, keep: timedelta, doubt: timedelta) -> int:
    """Take back that slots were missed, where a clock that was too far ahead said so; returns how many."""
    where = (_c.account_id == account_id, _c.state == State.MISSED, _c.slot != "")
    times = (_c.finished_at > now + doubt, _c.due_at >= now - keep)
    values = {"state": State.DUE, "cause": "", "finished_at": None, "again_at": _c.due_at}
    return connection.execute(update(table).where(*where, *times).values(**values)).rowcount


def claimable(connection: Connection, account_id: int, now: datetime, longest: timedelta, most: int) -> list[Post]:
    """Load what is due and held by nobody, the longest due first; a lease longer than they are is not believed."""
    due = and_(_c.state == State.DUE, _c.again_at <= now)
    free = or_(_c.lease_until <= now, _c.lease_until > now + longest)
    dropped = and_(_c.state == State.CLAIMED, free)
    return _found(connection, account_id, or_(due, dropped), most=most)


def take(connection: Connection, account_id: int, post: Post, lease: Lease, **values: Any) -> Post | None:
    """Take a post as it was read, to send it or to look for it; None if somebody else was faster."""
    held = {"holder": lease.holder, "lease_until": lease.until, "fence": post.fence + 1}
    if not moved(connection, account_id, post, [post.state], **held, **values):
        return None
    return replace(post, fence=post.fence + 1, lease_until=lease.until, **values)


def begin(connection: Connection, account_id: int, post: Post, until: datetime, **values: Any) -> bool:
    """Note that a claimed post may be sent from now on, if its lease lasts until then and its schedule goes on."""
    where = (_c.lease_until >= until, _goes_on(account_id))
    values |= {"state": State.POSTING, "posting_fence": post.fence}
    return moved(connection, account_id, post, [State.CLAIMED], *where, **values)


def withdraw(connection: Connection, account_id: int, post: Post, now: datetime) -> bool:
    """End a post whose schedule does not go on any more; False if it does, or somebody else holds the post."""
    values = {"state": State.WITHDRAWN, "cause": Why.NOT_ON, "finished_at": now, "lease_until": None}
    return moved(connection, account_id, post, [State.DUE, State.CLAIMED], not_(_goes_on(account_id)), **values)


def withdraw_due(connection: Connection, account_id: int, schedule: str, now: datetime) -> int:
    """End what waits of a schedule that goes on no more; what is held ends with its holder."""
    where = (_c.account_id == account_id, _c.schedule == schedule, _c.state == State.DUE)
    values = {"state": State.WITHDRAWN, "cause": Why.NOT_ON, "finished_at": now}
    return connection.execute(update(table).where(*where, not_(_goes_on(account_id))).values(**values)).rowcount


def moved(
    connection: Connection,
    account_id: int,
    post: Post,
    states: Iterable[State],
    *where: ColumnElement[bool],
    **values: Any,
) -> bool:
    """Move a post on from one of these states; False if it is in none, or somebody else took it meanwhile."""
    mine = (_c.account_id == account_id, _c.id == post.id, _c.fence == post.fence, _c.state.in_(list(states)))
    return bool(connection.execute(update(table).where(*mine, *where).values(**values)).rowcount)


def settle(connection: Connection, account_id: int, post: Post, **values: Any) -> bool:
    """Note what became of a post that was sent, whatever others made of it meanwhile.

    False if one of them began to send it as well, or found a message of it.
    """
    mine = (_c.account_id == account_id, _c.id == post.id, _c.posting_fence == post.fence, _c.state != State.POSTED)
    statement = update(table).where(*mine).values(**values, lease_until=None, holder="", fence=_c.fence + 1)
    return bool(connection.execute(statement).rowcount)


def doubtful(connection: Connection, account_id: int, now: datetime, longest: timedelta, skew: timedelta) -> list[Post]:
    """Load what may have been sent and is held by nobody; who seems to have left it has had so much time more."""
    far = now + longest
    again = or_(_c.again_at.is_(None), _c.again_at <= now, _c.again_at > far)
    free = or_(_c.lease_until.is_(None), _c.lease_until <= now, _c.lease_until > far)
    left = or_(_c.lease_until <= now - skew, _c.lease_until > far)
    unknown, posting = and_(_c.state == State.UNKNOWN, again, free), and_(_c.state == State.POSTING, left)
    return _found(connection, account_id, or_(unknown, posting))


def under_way(connection: Connection, account_id: int, now: datetime) -> int:
    """Count what is due and has not come to its end."""
    where = (_c.account_id == account_id, _c.state.in_(_LIVING), _c.due_at <= now)
    return connection.execute(select(func.count()).where(*where)).scalar_one()


def hand_back(connection: Connection, account_id: int, holder: str, now: datetime) -> int:
    """Let go of what a process holds and has not begun to send; returns how much that was."""
    mine = (_c.account_id == account_id, _c.holder == holder, _c.lease_until.is_not(None))
    free = {"lease_until": None, "holder": "", "again_at": now, "fence": _c.fence + 1}
    claimed = update(table).where(*mine, _c.state == State.CLAIMED).values(state=State.DUE, **free)
    looked_for = update(table).where(*mine, _c.state == State.UNKNOWN).values(**free)
    return connection.execute(claimed).rowcount + connection.execute(looked_for).rowcount


def keep(connection: Connection, account_id: int, post: Post, content: str) -> bool:
    """Replace the content as it was read; False if somebody else replaced it meanwhile."""
    where = (_c.account_id == account_id, _c.id == post.id, _c.content == post.content)
    return bool(connection.execute(update(table).where(*where).values(content=content)).rowcount)


def of_key(connection: Connection, account_id: int, key: str) -> Post | None:
    """Return the post of a key."""
    return next(iter(_found(connection, account_id, _c.key == key)), None)


def of_message(connection: Connection, account_id: int, place: tuple[str, str]) -> Post | None:
    """Return the post behind a message."""
    channel, ts = place
    return next(iter(_found(connection, account_id, _c.channel == channel, _c.message_ts == ts)), None)


def is_asked_for(connection: Connection, account_id: int, schedule: str) -> bool:
    """Tell whether somebody asked for a post of a schedule beside its slots that is still on its way."""
    mine = (_c.account_id == account_id, _c.schedule == schedule, _c.slot == "", _c.state.in_(_LIVING))
    return connection.execute(select(_c.id).where(*mine).limit(1)).first() is not None


def keys(connection: Connection, account_id: int, schedule: str, since: datetime) -> set[str]:
    """Load the slots of a schedule that were written down, from the one due then on."""
    where = (_c.account_id == account_id, _c.schedule == schedule, _c.due_at >= since)
    return set(connection.execute(select(_c.slot).where(*where)).scalars())


def history(connection: Connection, account_id: int, schedule: str, most: int) -> list[Post]:
    """Load the newest posts of a schedule, newest first."""
    where = (_c.account_id == account_id, _c.schedule == schedule)
    rows = connection.execute(select(table).where(*where).order_by(_c.due_at.desc(), _c.id.desc()).limit(most))
    return [_post(row) for row in rows]


def newest(
    connection: Connection, account_id: int, schedules: Iterable[str], states: Iterable[State] = State
) -> dict[str, Post]:
    """Load the newest post of each of these schedules in one of these states."""
    mine = (_c.account_id == account_id, _c.schedule.in_(sorted(schedules)), _c.state.in_(list(states)))
    ids = select(func.max(_c.id)).where(*mine).group_by(_c.schedule)
    return {each.schedule: each for each in _found(connection, account_id, _c.id.in_(ids))}


def forget(connection: Connection, account_id: int, before: datetime) -> int:
    """Delete posts that ended long ago; returns how many those were."""
    where = (_c.account_id == account_id, _c.state.not_in(_LIVING), _c.finished_at < before)
    return connection.execute(delete(table).where(*where)).rowcount


def _goes_on(account_id: int) -> ColumnElement[bool]:
    """Without a slot a person asked for it: that is posted also while the schedule is paused."""
    asked = and_(_c.slot == "", is_there(account_id, _c.schedule))
    return or_(_c.schedule == "", asked, is_on(account_id, _c.schedule))


def _found(connection: Connection, account_id: int, *where: ColumnElement[bool], most: int | None = None) -> list[Post]:
    statement = select(table).where(_c.account_id == account_id, *where).order_by(_c.again_at, _c.id).limit(most)
    return [_post(row) for row in connection.execute(statement)]


def days(as_of: date | None, since: date | None) -> dict[str, int | None]:
    """Return the days that a post is about, as they are written."""
    return {
        "as_of_day": as_of.toordinal() if as_of else None,
        "since_day": since.toordinal() if since else None,
    }


def _post(row: Any) -> Post:
    return Post(
        id=row.id,
        key=row.key,
        kind=Kind(row.kind),
        state=State(row.state),
        due=aware(row.due_at),
        channel=row.channel,
        owner=row.owner,
        schedule=row.schedule,
        slot=row.slot,
        fence=row.fence,
        attempt=row.attempt,
        lease_until=maybe_aware(row.lease_until),
        posting_at=maybe_aware(row.posting_at),
        message_ts=row.message_ts,
        late=bool(row.late),
        as_of=day(row.as_of_day),
        since=day(row.since_day),
        cause=row.cause,
        content=row.content,
        finished_at=maybe_aware(row.finished_at),
    )
