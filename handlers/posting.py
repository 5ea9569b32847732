"""Sends what is due, once: claimed, prepared, checked anew right before it goes, and written down what came of it.

A lost answer is *unknown*: a direct message is looked for in Slack by its metadata. A channel may not be read, so the
owner is asked. Nothing is sent again blindly.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError

from handlers import notices, post_round, slack_faults
from handlers.desk import Desk
from handlers.door import DIRECT
from handlers.outgoing import End, Outgoing, Unsent, is_labelled
from handlers.slack_faults import Fault, Kind
from handlers.uploads import UploadFailed
from reporting_core.words.errors import StoreBusy
from reporting_core.words.schedules import Post, State

MOST = 200
"""Posts claimed at once: what follows is done long before their leases end."""

ROUNDS = 50
AT_ONCE = 8
LONGEST_REST = 30.0
"""Seconds for which nothing is sent at Slack's word: longer, and what is claimed would be lost to others."""
_PAUSES = (0.1, 1.0, 4.0)
"""Seconds between attempts to write down that something was sent."""

_MARGIN = timedelta(minutes=10)
"""By so much Slack's clock and ours may differ."""
_PAGES = 5
_TRIES, _UNDER_WAY = 5, 3.0
"""Seconds after which a message whose answer was lost stands in Slack, if it arrived."""


async def post_due(desk: Desk) -> int:
    """Send everything that is due; returns how many posts were dealt with."""
    schedules, done = desk.core.schedules, 0
    await schedules.due_now(now(desk))
    for _round in range(ROUNDS):
        if desk.is_stopping:
            break
        posts = await schedules.claim(now(desk), MOST)
        if not posts:
            break
        done += len(posts)
        with desk.busy():
            await _sent(desk, posts)
    return done


async def look_again(desk: Desk) -> int:
    """Find out what became of posts that may have been sent; returns how many there were."""
    posts = await desk.core.schedules.doubtful(now(desk))
    for post in posts:
        await _guarded(desk, post, partial(_looked_for, desk, post))
    return len(posts)


def now(desk: Desk) -> datetime:
    """Return the time by which things are due."""
    return desk.core.exports.clock()


async def _sent(desk: Desk, posts: Sequence[Post]) -> None:
    try:
        prepared = await post_round.prepared(desk, posts)
    except StoreBusy:
        for post in posts:
            with suppress(StoreBusy):
                await desk.core.schedules.again(post, "busy", slack_faults.SHORT)
        return
    few = asyncio.Semaphore(AT_ONCE)

    async def one(post: Post) -> None:
        async with few:
            await _guarded(desk, post, partial(_dealt_with, desk, post, prepared))

    await asyncio.gather(*map(one, posts))


async def _guarded(desk: Desk, post: Post, work: Callable[[], Awaitable[None]]) -> None:
    """One post's fault is none of the others'; its lease runs out, and somebody comes back to it."""
    try:
        await work()
    except Exception as error:  # noqa: BLE001 - see above; its words stay out of the log
        desk.log.error("post_not_dealt_with", kind=post.kind, error=type(error).__name__)  # noqa: TRY400 - see above


async def _dealt_with(desk: Desk, post: Post, prepared: post_round.Prepared) -> None:
    ready = await prepared.ready(post)
    if isinstance(ready, Unsent):
        await _unsent(desk, post, ready)
        return
    # Its turn is waited for first: a lease that ends while it waits is no longer leave to send.
    await desk.pace.turn(ready.channel)
    if desk.is_stopping or not await desk.core.schedules.may_post(post, ready.as_of, ready.since, ready.content):
        return
    if not desk.core.schedules.holds(post):
        return  # this process stood still for too long: others look for the message, and send it
    try:
        ts = await ready.send(desk, post.key)
    except (SlackApiError, UploadFailed, aiohttp.ClientError, TimeoutError) as error:
        await _faulty(desk, post, ready, slack_faults.fault(error))
    else:
        desk.log.info("post_sent", kind=post.kind, late=post.late)
        await _arrived(desk, post, ready, ts)


async def _unsent(desk: Desk, post: Post, unsent: Unsent) -> None:
    schedules = desk.core.schedules
    match unsent.end:
        case End.SKIPPED:
            await schedules.skipped(post, unsent.cause)
        case End.AGAIN:
            await schedules.again(post, unsent.cause, unsent.seconds)
        case End.RESTS:
            await notices.rest(desk, post, unsent.cause, orphan=unsent.orphan)


async def _faulty(desk: Desk, post: Post, ready: Outgoing, fault: Fault) -> None:
    desk.log.warning("post_faulty", kind=post.kind, cause=fault.cause, passes=fault.kind is Kind.PASSES)
    match fault.kind:
        case Kind.PASSES:
            if fault.is_limit:
                desk.pace.rest(min(fault.seconds, LONGEST_REST))
            await desk.core.schedules.again(post, fault.cause, fault.seconds)
        case Kind.LOST:
            if not await desk.core.schedules.lost(post):
                await _sent_by_two(desk, post, ready.channel)
        case Kind.STAYS | Kind.BLOCKS:
            await notices.rest(desk, post, fault.cause)


async def _arrived(desk: Desk, post: Post, ready: Outgoing, ts: str) -> None:
    if not await _written_down(lambda: desk.core.schedules.posted(post, ready.channel, ts)):
        # Somebody took over while we were away, and may have sent it as well: this one goes.
        desk.log.warning("post_twice", kind=post.kind)
        await desk.client.chat_delete(channel=ready.channel, ts=ts)
        await desk.core.schedules.taken_back(post, ts)


async def _sent_by_two(desk: Desk, post: Post, channel: str) -> None:
    """Delete what we may have sent where somebody took over while we stood still, and no answer came.

    In a channel nobody takes over: there the owner is asked.
    """
    desk.log.warning("post_twice", kind=post.kind)
    for _try in range(_TRIES if _can_look(post, channel) else 0):
        await asyncio.sleep(_UNDER_WAY)
        known = await desk.core.schedules.of_key(post.key)
        if known is not None and known.state is State.POSTED:
            await _alone(desk, channel, known.message_ts, await _found(desk, channel, post))
            return
    desk.log.error("post_maybe_twice", kind=post.kind)


async def _alone(desk: Desk, channel: str, kept: str, found: Sequence[str]) -> None:
    for ts in found:
        if ts != kept:
            await desk.client.chat_delete(channel=channel, ts=ts)


def _can_look(post: Post, channel: str) -> bool:
    """Files carry no metadata, and the history of a channel may not be read."""
    return channel.startswith(DIRECT) and post.kind not in post_round.FILES


async def _written_down(write: Callable[[], Awaitable[bool]]) -> bool:
    for pause in _PAUSES:
        try:
            return await write()
        except StoreBusy:
            await asyncio.sleep(pause)
    return await write()


async def _looked_for(desk: Desk, post: Post) -> None:
    schedules = desk.core.schedules
    channel = post.channel or await notices.direct(desk, post.owner)
    if not _can_look(post, channel):
        await notices.hand(desk, post)
        return
    try:
        found = await _found(desk, channel, post)
    except (SlackApiError, aiohttp.ClientError, TimeoutError) as error:
        await _not_looked_at(desk, post, slack_faults.fault(error))
        return
    if not found:
        await schedules.not_arrived(post)
    elif await schedules.arrived(post, found[-1]):
        await _alone(desk, channel, found[-1], found)


async def _not_looked_at(desk: Desk, post: Post, fault: Fault) -> None:
    if fault.kind is Kind.STAYS:
        await notices.hand(desk, post)
    else:
        await desk.core.schedules.undecided(post, fault.seconds or slack_faults.SHORT)


async def _found(desk: Desk, channel: str, post: Post) -> list[str]:
    """Return the messages of a post in a direct message, newest first. Raises what Slack's client raises."""
    oldest, cursor, found = (post.posting_at or post.due) - _MARGIN, "", list[str]()
    for _page in range(_PAGES):
        told: Any = await desk.client.conversations_history(
            channel=channel, oldest=f"{oldest.timestamp():.6f}", limit=200, cursor=cursor, include_all_metadata=True
        )
        found += [str(message["ts"]) for message in told["messages"] if is_labelled(message, post.key)]
        cursor = str((told.get("response_metadata") or {}).get("next_cursor") or "")
        if not cursor:
            break
    return found
