"""What `usagebot check` looks at: settings, database, data, clock, Slack. Each finding says how to mend it."""

import asyncio
import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Any, Literal

from bot import settings
from bot.opening import opened, provided
from bot.settings import Settings
from handlers import refusals
from reporting_core.core import Core
from reporting_core.words.errors import SettingWrong, UsagebotError

State = Literal["fine", "note", "broken"]
SIGNS: Mapping[State, str] = {"fine": "ok    ", "note": "note  ", "broken": "BROKEN"}

STALE_DAYS = 7
SKEW_SECONDS = 60
"""Slack's requests are refused when the clocks are 300 seconds apart; a minute is a clock that nobody sets."""

SCOPES = frozenset({
    *("app_mentions:read", "assistant:write", "channels:read", "chat:write", "commands", "files:read", "files:write"),
    *("groups:read", "im:history", "im:read", "im:write", "usergroups:read", "users:read", "users:read.email"),
})  # fmt: skip
"""What `manifest.yml` asks for; a test holds the two equal."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at."""

    state: State
    about: str
    said: str


Clock = Callable[[], datetime]


def findings(environment: Mapping[str, str], clock: Clock) -> Iterator[Finding]:
    """Look at everything, as far as what went before allows."""
    try:
        given = settings.read(environment)
    except SettingWrong as error:
        yield Finding("broken", "Settings", error.message)
        return
    yield from _settings(given)
    yield from _stored(given, clock)
    yield from _exports(given)
    yield from _slack(given, clock)


def _settings(given: Settings) -> Iterator[Finding]:
    yield Finding("fine", "Settings", f"account “{given.account}”, data in {given.data_folder}.")
    if not given.owners:
        said = "USAGEBOT_OWNERS is not set: only admins named in a Users export can ask, and nobody can match people."
        yield Finding("note", "Owners", said)


def _stored(given: Settings, clock: Clock) -> Iterator[Finding]:
    try:
        with opened(given, clock) as core:
            yield Finding("fine", "Database", f"{core.store.engine.dialect.name}, up to date, can be written.")
            yield _provider(given, core)
            yield _marks(given, core)
            yield from _data(core, clock)
    except UsagebotError as error:
        yield Finding("broken", "Database", error.message)
    except OSError as error:
        yield Finding("broken", "Data folder", f"{error.filename}: {error.strerror}. Set USAGEBOT_DATA to another one.")


def _provider(given: Settings, core: Core) -> Finding:
    try:
        made = provided(given, core)
    except SettingWrong as error:
        return Finding("broken", "Provider", error.message)
    return Finding("fine", "Provider", f"{made.name} takes seats away.")


def _marks(given: Settings, core: Core) -> Finding:
    """Make a file beside the marks of the audit, and miss them where rows have none."""
    try:
        given.marks.mkdir(parents=True, exist_ok=True, mode=0o700)
        with tempfile.TemporaryFile(dir=given.marks):
            pass
        marks, altered = core.audit.marks.read()
    except OSError as error:
        said = f"{given.marks}: {error.strerror}. Let the bot's user write there: rows cut off would not be missed."
        return Finding("broken", "Audit", said)
    if altered:
        said = f"{altered} lines in {core.audit.marks.path} are altered or cut. Look with: usagebot audit verify"
        return Finding("broken", "Audit", said)
    if not marks and core.audit.rows():
        return Finding(
            "note", "Audit", f"no marks in {given.marks} yet, so rows cut off at the end would not be missed."
        )
    return Finding("fine", "Audit", f"marked in {given.marks}.")


def _exports(given: Settings) -> Iterator[Finding]:
    """Write a file there as the bot would; rights alone do not say that a disk takes it."""
    try:
        given.exports.mkdir(parents=True, exist_ok=True, mode=0o700)
        with tempfile.TemporaryFile(dir=given.exports):
            pass
    except OSError as error:
        said = f"{given.exports}: {error.strerror}. Let the bot's user write there, or set USAGEBOT_EXPORTS."
        yield Finding("broken", "Spreadsheets", said)
    else:
        yield Finding("fine", "Spreadsheets", f"kept in {given.exports}.")


def _data(core: Core, clock: Clock) -> Iterator[Finding]:
    through, today = core.data_through(), clock().date()
    if through is None:
        yield Finding("note", "Data", "no exports are loaded yet. Load them with: usagebot import FILE…")
        return
    age = (today - through).days
    if age < 0:
        said = f"there is data of {through}, but this machine says that today is {today}. Set its clock right."
        yield Finding("broken", "Clock", said)
    elif age > STALE_DAYS:
        yield Finding("note", "Data", f"through {through}, {age} days old. Load newer exports: usagebot import FILE…")
    else:
        yield Finding("fine", "Data", f"through {through}.")
    for line in core.teams():
        if line.reported_on is None:
            said = "no Usage Report is loaded, so who has a seat is not known. Export it and import it."
            yield Finding("note", f"Team {line.name}", said)


def _slack(given: Settings, clock: Clock) -> Iterator[Finding]:
    if not given.slack_bot_token.get_secret_value():
        yield Finding("note", "Slack", "SLACK_BOT_TOKEN is not set, so the bot cannot run; reports work without.")
        return
    yield from asyncio.run(_asked(given, clock))


async def _asked(given: Settings, clock: Clock) -> list[Finding]:
    from slack_sdk.errors import SlackApiError  # noqa: PLC0415 - only where there is a token

    from bot import app  # noqa: PLC0415 - as above
    from bot.slack_client import slack_client  # noqa: PLC0415 - as above

    try:
        client = slack_client(settings.needed(given.slack_bot_token, "SLACK_BOT_TOKEN", "xoxb-"), given.slack_api_url)
        home = await app.workspace(client)
        answer = await client.auth_test()
    except SettingWrong as error:
        return [Finding("broken", "Slack", error.message)]
    found = [
        Finding("fine", "Slack", f"workspace {answer.get('team') or home.team_id}."),
        _scopes(answer.headers),
        *_clock(answer.headers, clock),
        *await _support(given, client),
    ]
    try:
        found += await _ways_in(given, client)
    except SlackApiError as error:
        reason = refusals.word(error) or f"status {refusals.status(error)}"
        found.append(Finding("broken", "Socket Mode", f"Slack refused SLACK_APP_TOKEN ({reason}). Make a new one."))
    return found


def _scopes(headers: Mapping[str, str]) -> Finding:
    held = _header(headers, "x-oauth-scopes")
    if not held:
        return Finding("note", "Scopes", "this server does not say which it gave.")
    missing = sorted(SCOPES - {scope.strip() for scope in held.split(",")})
    if missing:
        said = f"missing: {', '.join(missing)}. Add them under “OAuth & Permissions” and install the app anew."
        return Finding("broken", "Scopes", said)
    return Finding("fine", "Scopes", "all that the manifest asks for.")


def _clock(headers: Mapping[str, str], clock: Clock) -> Iterator[Finding]:
    if not (told := _header(headers, "date")):
        return
    seconds = abs((clock() - parsedate_to_datetime(told)).total_seconds())
    if seconds > SKEW_SECONDS:
        said = f"{seconds:.0f} seconds from Slack's. Set it right: at 300 seconds no request is taken."
        yield Finding("broken", "Clock", said)
    else:
        yield Finding("fine", "Clock", "as Slack's.")


async def _support(given: Settings, client: Any) -> list[Finding]:
    from slack_sdk.errors import SlackApiError  # noqa: PLC0415 - as above

    if not given.support_channel:
        return []
    about = f"USAGEBOT_SUPPORT_CHANNEL={given.support_channel}"
    try:
        channel = (await client.conversations_info(channel=given.support_channel))["channel"]
    except SlackApiError as error:
        said = f"{about} cannot be looked at ({refusals.word(error) or refusals.status(error)}). Invite the bot there."
        return [Finding("broken", "Support channel", said)]
    if channel.get("is_archived"):
        return [Finding("broken", "Support channel", f"{about} is archived. Name another.")]
    if not channel.get("is_member"):
        return [Finding("broken", "Support channel", f"the bot is no member of {about}. Invite it there.")]
    return [Finding("fine", "Support channel", f"#{channel.get('name') or given.support_channel}.")]


async def _ways_in(given: Settings, client: Any) -> list[Finding]:
    found = []
    if token := given.slack_app_token.get_secret_value():
        await client.apps_connections_open(app_token=token)
        found.append(Finding("fine", "Socket Mode", "SLACK_APP_TOKEN opens a connection."))
    if given.slack_signing_secret.get_secret_value():
        found.append(Finding("fine", "HTTP", f"signed requests are taken on {given.host}:{given.port}."))
    if not found:
        said = "neither SLACK_APP_TOKEN (Socket Mode) nor SLACK_SIGNING_SECRET (HTTP) is set, so nothing can arrive."
        found.append(Finding("broken", "Way in", said))
    return found


def _header(headers: Mapping[str, Any], name: str) -> str:
    for key, value in headers.items():
        if key.lower() == name:
            return str(value if isinstance(value, str) else value[0])
    return ""
