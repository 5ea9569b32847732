"""The channel guard: rows with names never reach a place where not every member may see them (features.md §9).

What cannot be found out counts as no: then only totals are shown there.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import replace

import aiohttp
from slack_sdk.errors import SlackApiError

from handlers import refusals
from handlers.audience import Audience, Place, Why
from handlers.desk import Desk
from handlers.identity import full_member
from reporting_core.words.errors import UsagebotError
from reporting_core.words.people import Asker, Need

MOST_MEMBERS = 50
"""Each is looked up one by one; in a larger channel some would hardly be allowed to see everything."""

_AT_ONCE = 8
_CHANNELS = ("C", "G")
_PATIENCE = 1.0
"""Seconds that an answer which its asker alone sees is held up for that."""


async def audience(desk: Desk, channel: str, teams: frozenset[int], by: str) -> Audience:
    """Find out who reads along in a channel, and whether all of them may see rows of these teams.

    `by` wants to post there (Slack id): a private channel takes nothing from, and tells nothing to, who is no member.
    """
    place = await look(desk, channel)
    if not place.private:
        return Audience(place, place.why)
    try:
        members = [member async for member in _members(desk, channel)]
    except (SlackApiError, aiohttp.ClientError, TimeoutError) as error:
        refused = refusals.word(error) if isinstance(error, SlackApiError) else ""
        return Audience(replace(place, refused=refused), Why.UNKNOWN)
    if by not in members:
        return Audience(Place(channel), Why.OUTSIDER)
    if place.why is not Why.ALL_MAY:
        return Audience(place, place.why)
    if len(members) > MOST_MEMBERS:
        return Audience(place, Why.MANY)
    barred = await _barred(desk, members, teams)
    return Audience(place, Why.SOME_MAY_NOT if barred else Why.ALL_MAY, barred)


async def is_shared(desk: Desk, channel: str) -> bool:
    """Tell whether another organisation reads along in a channel, as far as Slack says so soon enough."""
    if not channel.startswith(_CHANNELS):
        return False
    with suppress(TimeoutError):
        return (await asyncio.wait_for(look(desk, channel), _PATIENCE)).outside
    return False


async def look(desk: Desk, channel: str) -> Place:
    """Return Slack's word on a channel: `ALL_MAY` where only its members decide."""
    try:
        told = await desk.client.conversations_info(channel=channel, include_num_members=True)
    except SlackApiError as error:
        gone = refusals.word(error) in {"channel_not_found", "not_in_channel"}
        return Place(channel, why=Why.NOT_THERE if gone else Why.UNKNOWN, refused=refusals.word(error))
    except (aiohttp.ClientError, TimeoutError):
        return Place(channel)
    found = told["channel"]
    place = Place(channel, str(found.get("name") or ""), int(found.get("num_members") or 0), _why(found))
    # Where the bot is no member it cannot ask who is.
    private = bool(found.get("is_private")) and place.why not in {Why.ARCHIVED, Why.NOT_THERE}
    return replace(place, outside=_is_shared(found), private=private)


def _why(found: dict[str, object]) -> Why:
    if found.get("is_archived"):
        return Why.ARCHIVED
    if not found.get("is_member") and not found.get("is_im"):
        return Why.NOT_THERE
    if _is_shared(found):
        return Why.SHARED
    if not found.get("is_private") and not found.get("is_im"):
        return Why.PUBLIC
    return Why.ALL_MAY


def _is_shared(found: dict[str, object]) -> bool:
    return any(found.get(each) for each in ("is_ext_shared", "is_pending_ext_shared", "is_shared"))


async def _members(desk: Desk, channel: str) -> AsyncIterator[str]:
    cursor = ""
    for _page in range(MOST_MEMBERS):
        told = await desk.client.conversations_members(channel=channel, cursor=cursor, limit=200)
        for member in told["members"]:
            yield str(member)
        cursor = str((told.get("response_metadata") or {}).get("next_cursor") or "")
        if not cursor:
            return


async def _barred(desk: Desk, members: list[str], teams: frozenset[int]) -> int:
    few = asyncio.Semaphore(_AT_ONCE)

    async def is_barred(user_id: str) -> bool:
        async with few:
            return not await _may_see(desk, user_id, teams)

    return sum(await asyncio.gather(*map(is_barred, members)))


async def _may_see(desk: Desk, user_id: str, teams: frozenset[int]) -> bool:
    if user_id == desk.directory.home.bot_user_id:
        return True
    try:
        person = await desk.directory.person(user_id)
        if person.is_bot and not person.is_stranger:
            return True  # an app of the workspace reads messages only where its installer allowed it
        asker = await desk.core.identify(full_member(person))
    except UsagebotError:
        return False
    return covers(asker, teams)


def covers(asker: Asker, teams: frozenset[int]) -> bool:
    """Tell whether somebody may see reports of all these teams."""
    return asker.may(Need.REPORTS) and (asker.owner or asker.every_team or teams <= set(asker.teams))
