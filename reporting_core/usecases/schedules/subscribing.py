"""What people do with schedules: subscribe, pause, go on, change, hand over, end. Each is told at once what became."""

import base64
import hashlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo, available_timezones

from reporting_core.metrics import due
from reporting_core.storage import post_rows as posts
from reporting_core.storage import schedule_rows as sql
from reporting_core.storage.engines import Connection
from reporting_core.usecases.schedules import falling_due
from reporting_core.usecases.schedules.books import Books
from reporting_core.usecases.schedules.finding import found
from reporting_core.words.errors import AskAgain, NotAllowed
from reporting_core.words.people import Asker
from reporting_core.words.said import say
from reporting_core.words.schedules import Cadence, Kind, Rhythm, Schedule, Slot, Standing

MOST = 50
"""Schedules that one person may have."""

Canonical = Callable[[str, Asker], str]
"""Reads a question with somebody's rights and returns how it is kept; raises what reading raises."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What is to come by itself. An empty `channel` is the owner's direct message."""

    kind: Kind
    question: str
    cadence: Cadence
    zone: str
    channel: str = ""


@dataclass(frozen=True, slots=True)
class Changes:
    """What is to be different; None leaves it as it is."""

    question: str | None = None
    cadence: Cadence | None = None
    zone: str | None = None
    channel: str | None = None


def subscribe(books: Books, asker: Asker, wish: Wish) -> Schedule:
    """Begin a schedule, or return the one of the same person that is the same. `wish.question` is canonical."""
    _is_of(books, asker)
    now = books.clock()
    new = _new(books, asker, wish, now)
    with books.store.writing() as connection:
        mine = sql.of_owner(connection, books.account_id, asker.slack_user_id)
        same = next((each for each in mine if _sameness(each) == _sameness(new)), None)
        if same is not None:
            return same
        _has_room(mine)
        return sql.add(connection, books.account_id, new)


def pause(books: Books, asker: Asker, token: str) -> Schedule:
    """Let a schedule rest; what waits of it is not sent."""
    return _changed(books, asker, token, lambda _connection, old: _rests(old, asker))


def resume(books: Books, asker: Asker, token: str) -> Schedule:
    """Let a schedule go on with its next slot; those that fell into the pause are not made up for."""

    def going(connection: Connection, old: Schedule) -> Schedule:
        new = replace(old, standing=Standing.ON, cause="", by="")
        return old if old.standing is Standing.ON else replace(new, next=following(connection, books, new))

    return _changed(books, asker, token, going)


def edit(books: Books, asker: Asker, token: str, changes: Changes) -> Schedule:
    """Change what a schedule is about, when and where it comes. `changes.question` is canonical."""

    def changed(connection: Connection, old: Schedule) -> Schedule:
        given = {name: value for name in Changes.__slots__ if (value := getattr(changes, name)) is not None}
        new = replace(old, **given)
        if (new.cadence, new.zone) == (old.cadence, old.zone):
            return new
        falling_due.fall_due(connection, books, [old], books.clock())  # what is due by now comes as it was
        new = replace(new, anchor=_anchor(new.cadence, new.zone, books.clock()))
        return replace(new, next=following(connection, books, new)) if new.standing is Standing.ON else new

    return _changed(books, asker, token, changed)


def hand_over(books: Books, asker: Asker, token: str, slack_user_id: str) -> Schedule:
    """Give a schedule to somebody else, whose rights hold from then on; who they are is for the caller to know."""

    def given(connection: Connection, old: Schedule) -> Schedule:
        if old.owner != slack_user_id:
            _has_room(sql.of_owner(connection, books.account_id, slack_user_id))
        return replace(old, owner=slack_user_id)

    return _changed(books, asker, token, given)


def end(books: Books, asker: Asker, token: str) -> Schedule:
    """End a schedule for good."""
    now = books.clock()
    with books.changing() as connection:
        old = found(connection, books, asker, token)
        sql.end(connection, books.account_id, old.token, _name(asker), now)
        posts.withdraw_due(connection, books.account_id, old.token, now)
        return sql.of_tokens(connection, books.account_id, [old.token])[old.token]


def trouble(books: Books, token: str, cause: str) -> bool:
    """Stop a schedule that cannot be delivered, or whose owner may not see it; False if it did not go on anyway."""
    with books.changing() as connection:
        stopped = sql.stop(connection, books.account_id, token, cause)
        posts.withdraw_due(connection, books.account_id, token, books.clock())
    return stopped


def following(connection: Connection, books: Books, schedule: Schedule) -> Slot | None:
    """Return the first slot from now on that was not posted: a zone or a clock may have been put back."""
    now = books.clock()
    done = posts.keys(connection, books.account_id, schedule.token, now - timedelta(days=2))
    slot = due.next_slot(schedule.cadence, schedule.zone, now, schedule.anchor)
    while slot is not None and slot.name in done:
        slot = due.next_slot(schedule.cadence, schedule.zone, slot.due, schedule.anchor)
    return slot


def _changed(books: Books, asker: Asker, token: str, change: Callable[[Connection, Schedule], Schedule]) -> Schedule:
    with books.changing() as connection:
        sql.lock(connection, books.account_id, found(connection, books, asker, token).token)
        old = found(connection, books, asker, token)  # as it is now that nobody else changes it
        if old.standing is Standing.ENDED:
            raise AskAgain(say("That was ended. Subscribe again to have it back."))
        new = change(connection, old)
        sql.change(connection, books.account_id, new)
        posts.withdraw_due(connection, books.account_id, new.token, books.clock())
        return sql.of_tokens(connection, books.account_id, [new.token])[new.token]


def _rests(old: Schedule, asker: Asker) -> Schedule:
    if old.standing is not Standing.ON:
        return old
    return replace(old, standing=Standing.PAUSED, by=_name(asker), next=None)


def _new(books: Books, asker: Asker, wish: Wish, now: datetime) -> Schedule:
    anchor = _anchor(wish.cadence, wish.zone, now)
    return Schedule(
        id=0,
        token=_short(books.token()),
        kind=wish.kind,
        question=wish.question,
        cadence=wish.cadence,
        zone=wish.zone,
        anchor=anchor,
        channel=wish.channel,
        owner=asker.slack_user_id,
        made_at=now,
        next=due.next_slot(wish.cadence, wish.zone, now, anchor),
    )


def _anchor(cadence: Cadence, zone: str, now: datetime) -> date:
    """Return the Monday of the week in which it is due first. Raises `AskAgain` where it never is."""
    if zone not in available_timezones():
        raise AskAgain(say("I know no time zone “{zone}”. Write one as Europe/Berlin.", zone=zone))
    today = now.astimezone(ZoneInfo(zone)).date()
    weekly = replace(cadence, rhythm=Rhythm.WEEKLY) if cadence.rhythm is Rhythm.FORTNIGHTLY else cadence
    first = due.next_slot(weekly, zone, now, today)
    if first is None:
        raise AskAgain(say("“{cadence}” is never due. Give a day that exists.", cadence=str(cadence)))
    return first.local.date() - timedelta(days=first.local.weekday())


def _short(word: str) -> str:
    """Return a token that can be typed: small letters and digits, with all that is random in the word behind it."""
    return base64.b32encode(hashlib.sha256(word.encode()).digest()).decode().lower()[:10]


def _sameness(schedule: Schedule) -> tuple[object, ...]:
    return (schedule.kind, schedule.question, schedule.cadence, schedule.zone, schedule.channel)


def _has_room(theirs: list[Schedule]) -> None:
    if len(theirs) >= MOST:
        raise AskAgain(say("Nobody may have more than {most} schedules. End one that is not needed.", most=MOST))


def _is_of(books: Books, asker: Asker) -> None:
    if asker.account_id != books.account_id:
        raise NotAllowed(say("Your account is another one."))
    if not asker.slack_user_id:
        raise AskAgain(say("Subscribe in Slack: digests and spreadsheets go to somebody there."))


def _name(asker: Asker) -> str:
    return asker.slack_user_id or "operator"
