"""Whom a message that comes without asking goes to: the owner of a schedule, or the owners of usagebot."""

from collections.abc import AsyncIterator
from dataclasses import dataclass

import aiohttp
from slack_sdk.errors import SlackApiError

from handlers import refusals
from handlers.desk import Desk
from handlers.sentences import sentence
from reporting_core.words.cards import Admins, Card
from reporting_core.words.errors import NotAllowed
from reporting_core.words.people import Asker, SlackPerson


@dataclass(frozen=True, slots=True)
class Owner:
    """Somebody as Slack and the account know them at this moment."""

    person: SlackPerson
    asker: Asker


async def of_usagebot(desk: Desk) -> list[str]:
    """Return the Slack ids of the owners of usagebot, as far as Slack knows them."""
    # A card without seats is of no team, so that nobody but the owners could confirm it.
    admins = await desk.core.cards.admins(Card("", (), desk.core.exports.clock()))
    return list(dict.fromkeys([user_id async for user_id in known(desk, admins)]))


async def known(desk: Desk, admins: Admins) -> AsyncIterator[str]:
    """Yield the Slack ids of admins, those known by e-mail alone looked up in Slack."""
    for user_id in admins.slack_user_ids:
        yield user_id
    for email in admins.emails:
        try:
            found = await desk.client.users_lookupByEmail(email=email)
        except SlackApiError as error:
            if refusals.word(error) != "users_not_found":
                desk.log.warning("admin_not_looked_up", error=refusals.word(error))
                return
        except (aiohttp.ClientError, TimeoutError):
            return
        else:
            yield str(found["user"]["id"])


async def slack_id(desk: Desk, owner: str) -> str:
    """Return the Slack id of an owner, whom the settings may know by e-mail alone. Raises `NotAllowed`."""
    if "@" not in owner:
        return owner
    try:
        found = await desk.client.users_lookupByEmail(email=owner)
    except SlackApiError as error:
        if refusals.word(error) == "users_not_found":
            raise NotAllowed(sentence("stranger")) from error
        raise
    return str(found["user"]["id"])
