"""What `/usage doctor` and `usagebot check` look at alike: database, data, Slack, channels, what comes by itself.

Each finding says how to mend it, in the language that is spoken; a terminal speaks English.
"""

import asyncio
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from email.utils import parsedate_to_datetime
from typing import Any, Literal

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from handlers import refusals
from handlers.catalogue import label
from reporting_core.words.condition import CheckUp, Condition
from reporting_core.words.schedules import Standing, State

Standings = Literal["fine", "note", "broken"]

STALE_DAYS = 7
SKEW_SECONDS = 60
"""Slack's requests are refused when the clocks are 300 seconds apart; a minute is a clock that nobody sets."""

LATE_MINUTES = 15
QUIET_MINUTES = 60
"""A process that was asked things and heard no event for so long is not told of any."""

MOST_CHANNELS, AT_ONCE = 30, 5
MOST_TOKENS = 5

SCOPES = frozenset({
    *("app_mentions:read", "assistant:write", "channels:read", "chat:write", "commands", "files:read", "files:write"),
    *("groups:read", "im:history", "im:read", "im:write", "usergroups:read", "users:read", "users:read.email"),
})  # fmt: skip
"""What `manifest.yml` asks for; a test holds the two equal."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at; both texts are plain."""

    state: Standings
    about: str
    said: str


def told(state: Standings, about: str, said: str, **values: object) -> Finding:
    """Make a finding from `labels/doctor.toml`."""
    return Finding(state, label(f"doctor.{about}"), label(f"doctor.{said}").format(**values))


def database(found: Condition) -> Finding:
    """Say whether the database has the shape of this version."""
    return told("fine", "database", "database_fine") if found.is_current else told("broken", "database", "database_old")


def data(through: date | None, today: date) -> Finding:
    """Say how old the data is."""
    if through is None:
        return told("note", "data", "data_none")
    age = (today - through).days
    if age < 0:
        return told("broken", "clock", "clock_behind_data", through=through, today=today)
    if age > STALE_DAYS:
        return told("note", "data", "data_old", through=through, days=age)
    return told("fine", "data", "data_fine", through=through)


def unreported(team: str) -> Finding:
    """Say that nobody knows who has a seat in a team."""
    return Finding("note", label("doctor.team").format(name=team), label("doctor.team_unreported"))


def prices() -> Finding:
    """Say that nothing is reckoned in money."""
    return told("fine", "prices", "prices_none")


def scopes(headers: Mapping[str, Any]) -> Finding:
    """Say which permissions are missing."""
    held = header(headers, "x-oauth-scopes")
    if not held:
        return told("note", "scopes", "scopes_untold")
    missing = sorted(SCOPES - {scope.strip() for scope in held.split(",")})
    if missing:
        return told("broken", "scopes", "scopes_missing", missing=", ".join(missing))
    return told("fine", "scopes", "scopes_fine")


def clock(headers: Mapping[str, Any], now: datetime) -> Iterator[Finding]:
    """Say how far the clock is from Slack's, where Slack says what time it has."""
    date_ = header(headers, "date")
    if not date_:
        return
    seconds = abs((now - parsedate_to_datetime(date_)).total_seconds())
    if seconds > SKEW_SECONDS:
        yield told("broken", "clock", "clock_off", seconds=f"{seconds:.0f}")
    else:
        yield told("fine", "clock", "clock_fine")


def events(heard: Mapping[str, float], began: float, now: float) -> Finding:
    """Say when Slack told something last. `app_home_opened` and messages come whenever somebody looks at the bot."""
    if heard:
        return told("fine", "events", "events_fine", minutes=int((now - max(heard.values())) // 60))
    minutes = int((now - began) // 60)
    if minutes < QUIET_MINUTES:
        return told("note", "events", "events_young", minutes=minutes)
    return told("broken", "events", "events_none", minutes=minutes)


def by_itself(found: CheckUp, now: datetime) -> Iterator[Finding]:
    """Say how schedules and their messages stand."""
    yield _schedules(found)
    yield from _posts(found.condition, now)


def _schedules(found: CheckUp) -> Finding:
    resting = [each.token for each in found.schedules if each.standing is Standing.TROUBLE]
    if resting:
        tokens = ", ".join([*resting[:MOST_TOKENS], *("…" for _ in resting[MOST_TOKENS : MOST_TOKENS + 1])])
        return told("broken", "schedules", "schedules_trouble", tokens=tokens)
    going = sum(each.standing is Standing.ON for each in found.schedules)
    if not going:
        return told("fine", "schedules", "schedules_none")
    return told("fine", "schedules", "schedules_fine", count=going)


def _posts(found: Condition, now: datetime) -> Iterator[Finding]:
    late = int((now - found.due_since).total_seconds() // 60) if found.due_since else 0
    if late >= LATE_MINUTES:
        yield told("broken", "posts", "posts_late", minutes=late)
    ended = found.finished or {}
    for state, said in ((State.FAILED, "posts_failed"), (State.HANDED, "posts_handed")):
        count = sum(times for (_kind, ends), times in ended.items() if ends is state)
        if count:
            yield told("note", "posts", said, count=count)
    if late < LATE_MINUTES:
        yield told("fine", "posts", "posts_fine")


async def support(client: AsyncWebClient, channel: str) -> Finding:
    """Say whether questions can be handed over to the channel."""
    problem, name = await _looked_at(client, channel)
    place = f"USAGEBOT_SUPPORT_CHANNEL={channel}"
    if not problem:
        return told("fine", "support", "support_fine", name=name)
    known = problem if problem in {"archived", "outside"} else "lost"
    return told("broken", "support", f"support_{known}", place=place, reason=problem)


async def channels(client: AsyncWebClient, ids: frozenset[str]) -> list[Finding]:
    """Say which channels cannot be written in, of those where something comes by itself."""
    turns = asyncio.Semaphore(AT_ONCE)

    async def look(channel: str) -> Finding | None:
        async with turns:
            problem, name = await _looked_at(client, channel)
        if not problem:
            return None
        known = problem if problem in {"archived", "outside"} else "lost"
        about = label("doctor.channel").format(name=f"#{name}" if name else channel)
        return Finding("broken", about, label(f"doctor.channel_{known}").format(reason=problem))

    found = [each for each in await asyncio.gather(*map(look, sorted(ids)[:MOST_CHANNELS])) if each]
    return found or ([told("fine", "channels", "channels_fine", count=len(ids))] if ids else [])


async def _looked_at(client: AsyncWebClient, channel: str) -> tuple[str, str]:
    """Return what is wrong with a channel, if anything, and its name."""
    try:
        found = (await client.conversations_info(channel=channel))["channel"]
    except SlackApiError as error:
        return refusals.word(error) or str(refusals.status(error)), ""
    except (aiohttp.ClientError, TimeoutError) as error:
        return type(error).__name__, ""
    name = str(found.get("name") or channel)
    if found.get("is_archived"):
        return "archived", name
    return ("" if found.get("is_member") else "outside"), name


def header(headers: Mapping[str, Any], name: str) -> str:
    """Return a header's value in any case of letters, empty where there is none."""
    for key, value in headers.items():
        if key.lower() == name:
            return str(value if isinstance(value, str) else value[0])
    return ""
