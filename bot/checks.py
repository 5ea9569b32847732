"""What `usagebot check` looks at: settings, database, data, clock, Slack. Each finding says how to mend it."""

import asyncio
import tempfile
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any

from bot import settings
from bot.opening import opened, provided
from bot.settings import Settings
from handlers import checks, refusals
from handlers.checks import Finding, Standings
from reporting_core.core import Core
from reporting_core.words.errors import SettingWrong, UsagebotError

SIGNS: Mapping[Standings, str] = {"fine": "ok    ", "note": "note  ", "broken": "BROKEN"}

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
    found = asyncio.run(core.check_up())
    yield checks.data(found.condition.data_through, clock().date())
    yield from map(checks.unreported, found.unreported)
    yield checks.prices()
    yield from checks.by_itself(found, clock())


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
        checks.scopes(answer.headers),
        *checks.clock(answer.headers, clock()),
        *([await checks.support(client, given.support_channel)] if given.support_channel else []),
        *await checks.channels(client, await _channels(given, clock)),
    ]
    try:
        found += await _ways_in(given, client)
    except SlackApiError as error:
        reason = refusals.word(error) or f"status {refusals.status(error)}"
        found.append(Finding("broken", "Socket Mode", f"Slack refused SLACK_APP_TOKEN ({reason}). Make a new one."))
    return found


async def _channels(given: Settings, clock: Clock) -> frozenset[str]:
    """Return where something comes by itself; a database that does not answer was told of before."""
    try:
        with opened(given, clock) as core:
            return (await core.check_up()).channels
    except (UsagebotError, OSError):
        return frozenset()


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
