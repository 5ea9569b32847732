"""Prepares posts that were claimed together: owners looked up anew, all digests computed in one go."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import aiohttp
from slack_sdk.errors import SlackApiError

from handlers import alerts, digests, notices, recurring, slack_faults
from handlers.desk import Desk
from handlers.door import member
from handlers.identity import full_member
from handlers.outgoing import End, Outgoing, Unsent
from handlers.owners import Owner
from reporting_core.words.digests import Digest
from reporting_core.words.errors import AskAgain, NotAllowed
from reporting_core.words.people import Need
from reporting_core.words.schedules import Kind, Post, Schedule

FILES = frozenset({Kind.EXPORT})
"""Kinds that are uploads: those carry no metadata."""

_AT_ONCE = 8


@dataclass(slots=True)
class Prepared:
    """What the posts of one claim need, looked up together."""

    desk: Desk
    schedules: Mapping[str, Schedule] = field(default_factory=dict)
    owners: Mapping[str, Owner | Unsent] = field(default_factory=dict)
    digests: Mapping[str, Digest | AskAgain | NotAllowed] = field(default_factory=dict)

    async def ready(self, post: Post) -> Outgoing | Unsent:
        """Return a post as it can be sent."""
        try:
            return await self._ready(post)
        except (SlackApiError, aiohttp.ClientError, TimeoutError) as error:
            return _not_yet(slack_faults.fault(error))

    async def _ready(self, post: Post) -> Outgoing | Unsent:
        if post.kind is Kind.NOTICE:
            return await notices.ready(self.desk, post)
        if post.kind is Kind.ALERT:
            return await alerts.ready(self.desk, post)
        schedule, owner = self.schedules.get(post.schedule), self.owners.get(post.owner)
        if schedule is None or owner is None:
            return Unsent(End.SKIPPED, "gone")
        if isinstance(owner, Unsent):
            return owner
        if post.kind is Kind.EXPORT:
            return await recurring.ready(self.desk, schedule, owner)
        return await digests.ready(self.desk, digests.Due(post, schedule, owner, self.digests.get(post.key)))


async def prepared(desk: Desk, posts: Sequence[Post]) -> Prepared:
    """Look up what these posts need. Raises `StoreBusy`."""
    scheduled = [post for post in posts if post.schedule and post.kind in {Kind.DIGEST, Kind.EXPORT}]
    schedules = await desk.core.schedules.by_token({post.schedule for post in scheduled})
    owners = await _owners(desk, {post.owner for post in scheduled})
    about = [post for post in scheduled if post.kind is Kind.DIGEST and post.schedule in schedules]
    known = [(post, schedules[post.schedule], owners[post.owner]) for post in about]
    made = await digests.computed(desk, [(post, plan, who) for post, plan, who in known if isinstance(who, Owner)])
    return Prepared(desk, schedules, owners, made)


async def _owners(desk: Desk, ids: set[str]) -> dict[str, Owner | Unsent]:
    few = asyncio.Semaphore(_AT_ONCE)

    async def one(user_id: str) -> Owner | Unsent:
        async with few:
            return await _owner(desk, user_id)

    wanted = sorted(ids)
    return dict(zip(wanted, await asyncio.gather(*map(one, wanted)), strict=True))


async def _owner(desk: Desk, user_id: str) -> Owner | Unsent:
    """Return who somebody is now: whoever left, or lost the right to reports, gets nothing any more."""
    try:
        person = full_member(await desk.directory.person(user_id))
        return Owner(person, await member(person, Need.REPORTS, desk))
    except NotAllowed:
        return Unsent(End.RESTS, "rights", orphan=True)
    except AskAgain:
        return Unsent(End.AGAIN, "who")


def _not_yet(fault: slack_faults.Fault) -> Unsent:
    """Return what a fault means while nothing has been sent: a lost answer has done no harm."""
    if fault.kind is slack_faults.Kind.STAYS:
        return Unsent(End.RESTS, fault.cause)
    return Unsent(End.AGAIN, fault.cause, fault.seconds or slack_faults.SHORT)
