"""A post on its way: claimed by one process, sent by it alone, and what became of it."""

import json
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from reporting_core.storage import post_rows as sql
from reporting_core.storage import schedule_rows
from reporting_core.storage.engines import Connection
from reporting_core.usecases.schedules.books import DAY, Books
from reporting_core.words.schedules import Kind, Post, Schedule, Standing, State, Why

_HELD = (State.CLAIMED, State.POSTING)
_DOUBTED = (State.UNKNOWN, State.HANDED)


def enqueue(books: Books, post: Post) -> bool:
    """Write an alert or a notice down, to be sent once; False if its key was written down before."""
    with books.changing() as connection:
        return sql.add(connection, books.account_id, post)


def claim(books: Books, now: datetime, most: int) -> list[Post]:
    """Take what is due, so that nobody else sends it for the length of a lease."""
    with books.changing() as connection:
        sql.overtake(connection, books.account_id, now, books.waits.keeps)
        waiting = sql.claimable(connection, books.account_id, now, books.waits.longest, most)
        about = schedule_rows.of_tokens(connection, books.account_id, {each.schedule for each in waiting} - {""})
        taken = [_taken(connection, books, each, about.get(each.schedule), now) for each in waiting]
    return [each for each in taken if each is not None]


def _taken(connection: Connection, books: Books, post: Post, schedule: Schedule | None, now: datetime) -> Post | None:
    is_on = schedule is not None and schedule.standing is Standing.ON
    if post.schedule and not is_on and sql.withdraw(connection, books.account_id, post, now):
        return None
    dropped = post.state is State.CLAIMED  # whoever held it went away: something about it may have ended the process
    attempt = post.attempt + dropped
    if attempt >= books.waits.attempts:
        _give_up(connection, books, post, _HELD, "interrupted", now)
        return None
    place = {"owner": schedule.owner, "channel": schedule.channel} if schedule else {}
    late = int(now - post.due > books.waits.late)
    values = {"state": State.CLAIMED, "attempt": attempt, "late": late, **place}
    held = sql.take(connection, books.account_id, post, books.lease(now), **values)
    return replace(held, late=bool(late)) if held else None


def may_post(books: Books, post: Post, days: tuple[date | None, date | None], content: str) -> bool:
    """Take the last turn before sending, which is on the disk when this ends. False: it must not be sent."""
    now = books.clock()
    until = now + timedelta(seconds=books.waits.send)
    values = {"posting_at": now, "content": content, **sql.days(*days)}
    with books.changing(lasting=True) as connection:
        if sql.begin(connection, books.account_id, post, until, **values):
            return True
        if not sql.withdraw(connection, books.account_id, post, now):
            # Too little of the lease is left, which is nobody's fault: whoever comes next may send it at once.
            sql.moved(connection, books.account_id, post, [State.CLAIMED], state=State.DUE, **_free(now))
    return False


def holds(books: Books, post: Post) -> bool:
    """Tell, right before sending and from memory alone, whether this process was not frozen for too long."""
    left = timedelta(0) if post.lease_until is None else post.lease_until - books.clock()
    return left >= timedelta(seconds=books.waits.send / 2)


def posted(books: Books, post: Post, channel: str, ts: str) -> bool:
    """Note where a post stands; False if another process may have sent it as well: then this message has to go."""
    now = books.clock()
    with books.changing() as connection:
        place = {"channel": channel, "message_ts": ts}
        values = {"state": State.POSTED, "cause": "", "finished_at": now, **place}
        if not sql.settle(connection, books.account_id, post, **values):
            known = sql.of_key(connection, books.account_id, post.key)
            return known is not None and known.state is State.POSTED and known.message_ts == ts
        _said(connection, books, post, now)
    return True


def _said(connection: Connection, books: Books, post: Post, now: datetime) -> None:
    if post.schedule:
        known = sql.of_key(connection, books.account_id, post.key)
        schedule_rows.said(connection, books.account_id, post.schedule, known.as_of if known else None, now)


def skipped(books: Books, post: Post, cause: str) -> bool:
    """Note that there was nothing to say."""
    return _ended(books, post, State.SKIPPED, cause)


def failed(books: Books, post: Post, cause: str) -> bool:
    """Note that Slack refuses for good."""
    return _ended(books, post, State.FAILED, cause)


def _ended(books: Books, post: Post, state: State, cause: str) -> bool:
    with books.changing() as connection:
        return _end(connection, books, post, state, cause, books.clock())


def _end(connection: Connection, books: Books, post: Post, state: State, cause: str, now: datetime) -> bool:
    values = {"state": state, "cause": cause, "finished_at": now, "lease_until": None, "holder": ""}
    return sql.moved(connection, books.account_id, post, _HELD, **values)


def _give_up(
    connection: Connection, books: Books, post: Post, states: tuple[State, ...], cause: str, now: datetime
) -> bool:
    """End a post that was tried often enough, and write the word to its owner down in the same turn.

    So nobody can die in between and leave it untold. Of a notice that is given up nobody hears.
    """
    ended = {"state": State.FAILED, "cause": f"{Why.GIVEN_UP}: {cause}", "finished_at": now}
    done = sql.moved(connection, books.account_id, post, states, **ended, lease_until=None, holder="")
    if done and post.kind is not Kind.NOTICE:
        told = json.dumps({"what": Why.GIVEN_UP, "post": post.key})
        key = f"notice:{post.key}:{post.owner}"
        sql.add(connection, books.account_id, Post(0, key, Kind.NOTICE, State.DUE, now, "", post.owner, content=told))
    return done


def again(books: Books, post: Post, cause: str, seconds: float) -> bool:
    """Try a post again that certainly was not sent, after so many seconds or more; False if it was given up."""
    now = books.clock()
    attempt = post.attempt + 1
    wait = max(seconds, books.waits.again[min(attempt, len(books.waits.again)) - 1])
    following = now + timedelta(seconds=wait)
    given_up = attempt >= books.waits.attempts or following > post.due + books.waits.keeps[post.kind]
    with books.changing() as connection:
        if given_up:
            _give_up(connection, books, post, _HELD, cause, now)
            return False
        values = {"state": State.DUE, "cause": cause, "attempt": attempt, **_free(following)}
        return sql.moved(connection, books.account_id, post, _HELD, **values)


def lost(books: Books, post: Post) -> bool:
    """Note that nobody knows whether a post was sent; it is looked for before it is sent again."""
    looked_for = books.clock() + timedelta(seconds=books.waits.look)
    values = {"state": State.UNKNOWN, "cause": "", "finished_at": None, "again_at": looked_for}
    with books.changing() as connection:
        return sql.settle(connection, books.account_id, post, **values)


def doubtful(books: Books, now: datetime, most: int) -> list[Post]:
    """Take what may have been sent, to look for it: the answer was lost, or whoever sent it has gone."""
    with books.changing() as connection:
        skew = timedelta(seconds=books.waits.skew)
        found = sql.doubtful(connection, books.account_id, now, books.waits.longest, skew)[:most]
        lease = books.lease(now)
        taken = [sql.take(connection, books.account_id, each, lease, state=State.UNKNOWN) for each in found]
    return [each for each in taken if each is not None]


def arrived(books: Books, post: Post, ts: str) -> bool:
    """Note that a post was found in Slack."""
    now = books.clock()
    values = {"state": State.POSTED, "message_ts": ts, "cause": "", "finished_at": now, "lease_until": None}
    with books.changing() as connection:
        done = sql.moved(connection, books.account_id, post, _DOUBTED, **values)
        if done:
            _said(connection, books, post, now)
    return done


def not_arrived(books: Books, post: Post) -> bool:
    """Note that a post is certainly not in Slack: it is due again, unless it was tried often enough."""
    now = books.clock()
    with books.changing() as connection:
        if post.attempt + 1 >= books.waits.attempts:
            done = _give_up(connection, books, post, _DOUBTED, "lost", now)
        else:
            values = {"state": State.DUE, "attempt": post.attempt + 1, "finished_at": None, **_free(now)}
            done = sql.moved(connection, books.account_id, post, _DOUBTED, **values)
        # Whoever says that it is sent again has to know at once where it is not.
        sql.overtake(connection, books.account_id, now, books.waits.keeps)
        sql.withdraw_due(connection, books.account_id, post.schedule, now)
    return done


def undecided(books: Books, post: Post, seconds: float) -> bool:
    """Look again later: Slack could not be asked."""
    following = books.clock() + timedelta(seconds=seconds)
    with books.changing() as connection:
        return sql.moved(connection, books.account_id, post, [State.UNKNOWN], **_free(following))


def handed(books: Books, post: Post) -> bool:
    """Leave it to the owner to say whether it arrived."""
    values = {"state": State.HANDED, "finished_at": books.clock(), "lease_until": None, "holder": ""}
    with books.changing() as connection:
        return sql.moved(connection, books.account_id, post, [State.UNKNOWN], **values)


def taken_back(books: Books, post: Post, ts: str) -> bool:
    """Note that a message was deleted that was one too many; due again where it was taken for the one that counts."""
    with books.changing() as connection:
        known = sql.of_key(connection, books.account_id, post.key)
        if known is None or known.state is not State.POSTED or known.message_ts != ts:
            return False
        values = {"state": State.DUE, "message_ts": "", "finished_at": None, **_free(books.clock())}
        return sql.moved(connection, books.account_id, known, [State.POSTED], **values)


def under_way(books: Books, now: datetime) -> int:
    """Count what is due and has not come to its end."""
    with books.store.reading() as connection:
        return sql.under_way(connection, books.account_id, now)


def hand_back(books: Books) -> int:
    """Let go of what this process holds and has not begun to send; returns how much that was."""
    with books.changing() as connection:
        return sql.hand_back(connection, books.account_id, books.holder, books.clock())


def keep_content(books: Books, post: Post, content: str) -> bool:
    """Replace the content of a post as it was read; False if somebody else replaced it: read it again."""
    with books.changing() as connection:
        return sql.keep(connection, books.account_id, post, content)


def of_message(books: Books, channel: str, ts: str) -> Post | None:
    """Return the post behind a message."""
    with books.store.reading() as connection:
        return sql.of_message(connection, books.account_id, (channel, ts))


def of_key(books: Books, key: str) -> Post | None:
    """Return the post of a key, as a message's metadata names it."""
    with books.store.reading() as connection:
        return sql.of_key(connection, books.account_id, key)


def expire(books: Books, kept: timedelta = 400 * DAY) -> int:
    """Delete posts and schedules that ended long ago; returns how many those were."""
    before = books.clock() - kept
    with books.changing() as connection:
        ended = sql.forget(connection, books.account_id, before)
        return ended + schedule_rows.forget(connection, books.account_id, before)


def _free(again_at: datetime) -> dict[str, Any]:
    return {"lease_until": None, "holder": "", "again_at": again_at}
