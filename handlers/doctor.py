"""`/usage doctor`: how the installation stands, for an owner, looked at just now."""

from collections.abc import Iterator
from time import monotonic

import aiohttp
from slack_sdk.errors import SlackApiError

from handlers import checks, refusals
from handlers.checks import Finding
from handlers.desk import Desk, Visit
from handlers.views import doctor as view
from reporting_core.words.condition import CheckUp


async def show(visit: Visit, _rest: str) -> None:
    """Look at everything and say what is found."""
    await visit.reply.say(view.findings(await visit.soon(examined(visit.desk))))


async def again(visit: Visit) -> None:
    """Look anew, in place of what was found before."""
    await show(visit, "")


async def examined(desk: Desk) -> list[Finding]:
    """Return what is found; what goes wrong with one thing keeps nothing from being looked at."""
    found = await desk.core.check_up()
    return [*_stored(desk, found), *await _slack(desk), *await checks.channels(desk.client, found.channels)]


def _stored(desk: Desk, found: CheckUp) -> Iterator[Finding]:
    now = desk.core.exports.clock()
    yield checks.database(found.condition)
    yield checks.data(found.condition.data_through, now.date())
    yield from map(checks.unreported, found.unreported)
    yield checks.prices()
    yield from checks.by_itself(found, now)
    yield checks.events(desk.heard, desk.began, monotonic())


async def _slack(desk: Desk) -> list[Finding]:
    try:
        answer = await desk.client.auth_test()
    except SlackApiError as error:
        reason = refusals.word(error) or refusals.status(error)
        return [checks.told("broken", "slack", "slack_refused", reason=reason)]
    except (aiohttp.ClientError, TimeoutError) as error:
        return [checks.told("broken", "slack", "slack_away", reason=type(error).__name__)]
    now = desk.core.exports.clock()
    well, scopes = checks.told("fine", "slack", "slack_fine"), checks.scopes(answer.headers)
    said = [well, scopes, *checks.clock(answer.headers, now)]
    return [*said, await checks.support(desk.client, desk.support.channel)] if desk.support.channel else said
