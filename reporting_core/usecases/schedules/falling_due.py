"""Which slots are due: each becomes one post, whichever process comes first, and however clocks are put."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import chain

from reporting_core.metrics.due import next_slot, slots_between
from reporting_core.storage import post_rows as posts
from reporting_core.storage import schedule_rows as sql
from reporting_core.storage.engines import Connection
from reporting_core.usecases.schedules.books import DAY, Books
from reporting_core.usecases.schedules.finding import found
from reporting_core.words.errors import AskAgain
from reporting_core.words.people import Asker
from reporting_core.words.said import say
from reporting_core.words.schedules import Post, Schedule, Slot, Standing, State, Why

BATCH = 200
"""Schedules of one transaction: others get their turn in between."""


def due_now(books: Books, now: datetime) -> int:
    """Write down a post for each slot that is due; returns how many. Slots that are too late are missed at once."""
    made = 0
    while True:
        with books.changing() as connection:
            waiting = sql.due(connection, books.account_id, now, BATCH)
            made += fall_due(connection, books, waiting, now)
            if len(waiting) < BATCH:
                posts.revive(connection, books.account_id, now, DAY, books.waits.doubt)
                posts.overtake(connection, books.account_id, now, books.waits.keeps)
                return made


def asked_for(books: Books, asker: Asker, token: str, press: str) -> bool:
    """Write down a post that somebody asks for beside the slots; once for the same press. Raises as `found`."""
    with books.changing() as connection:
        schedule = found(connection, books, asker, token)
        if schedule.standing is Standing.ENDED:
            raise AskAgain(say("That was ended. Subscribe again to have it back."))
        sql.lock(connection, books.account_id, schedule.token)
        if posts.is_asked_for(connection, books.account_id, schedule.token):
            return False
        post = _post(schedule, f"now:{press}", books.clock())
        return posts.add(connection, books.account_id, post)


def fall_due(connection: Connection, books: Books, schedules: Sequence[Schedule], now: datetime) -> int:
    """Move schedules on and write down their slots that are due, unless somebody else did; returns how many."""
    found = [post for each in schedules for post in _fallen(connection, books, each, now)]
    return posts.add_all(connection, books.account_id, found)


def _fallen(connection: Connection, books: Books, schedule: Schedule, now: datetime) -> Iterator[Post]:
    """Return the posts of the slots that are due of one schedule, if it was moved on here."""
    if schedule.next is None or schedule.next.due > now:
        return
    later = slots_between(schedule.cadence, schedule.zone, schedule.next.due, now, schedule.anchor)
    slots = list(chain([schedule.next], later))
    following = next_slot(schedule.cadence, schedule.zone, now, schedule.anchor)
    if sql.advance(connection, books.account_id, schedule, following):
        yield from _posts(books, schedule, slots, now)


def _posts(books: Books, schedule: Schedule, slots: list[Slot], now: datetime) -> Iterator[Post]:
    for slot in slots:
        if slot.due < now - books.waits.keeps[schedule.kind]:
            yield _missed(_post(schedule, slot.name, slot.due, slot.name), Why.TOO_LATE, now)
        elif slot is not slots[-1]:
            yield _missed(_post(schedule, slot.name, slot.due, slot.name), Why.OVERTAKEN, now)
        else:
            yield _post(schedule, slot.name, slot.due, slot.name)


def _missed(post: Post, why: Why, now: datetime) -> Post:
    return replace(post, state=State.MISSED, cause=why, finished_at=now)


def _post(schedule: Schedule, name: str, due: datetime, slot: str = "") -> Post:
    return Post(
        id=0,
        key=f"{schedule.kind}:{schedule.token}:{name}",
        kind=schedule.kind,
        state=State.DUE,
        due=due,
        channel=schedule.channel,
        owner=schedule.owner,
        schedule=schedule.token,
        slot=slot,
    )
