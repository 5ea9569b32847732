"""Above a set number of seats a second admin confirms: asked in a message where Slack knows them, or by command."""

import aiohttp
from slack_sdk.errors import SlackApiError

from handlers import buttons, language, owners, seat_cards, seat_rights
from handlers.delivery import content
from handlers.desk import Desk, Visit
from handlers.identity import full_member
from handlers.views import seat_cards as view
from reporting_core.words.errors import UsagebotError

MOST_ASKED = 10
"""Admins who are asked; whoever else may confirms by command."""


async def ask(visit: Visit, batch: str) -> None:
    """Ask the other admins of all the teams, each in their language, once."""
    desk = visit.desk
    card = await desk.core.cards.card(visit.asker, batch)
    if not card.lines or not await desk.core.first_time(f"seats-second:{batch}"):
        return
    asked = 0
    async for user_id in owners.known(desk, await desk.core.cards.admins(card)):
        if user_id != card.asked_by and asked < MOST_ASKED:
            asked += await _is_asked(desk, batch, user_id, len(card.lines))


async def confirm(visit: Visit) -> None:
    """Confirm as second admin."""
    await _second(visit, str(buttons.carried(visit).get("b") or ""))


async def command(visit: Visit, rest: str) -> None:
    """Answer `/usage unassign second <id>`."""
    await _second(visit, rest.strip().strip("`"))


async def decline(visit: Visit) -> None:
    """Withdraw what waits for a second admin."""
    batch = str(buttons.carried(visit).get("b") or "")
    (first, *_rest) = await visit.desk.core.seats.decline(visit.asker, batch)
    card = await visit.desk.core.cards.card(visit.asker, batch)
    if first.asked_by != visit.asker.slack_user_id:
        await visit.reply.say(view.message(card))
    await seat_cards.draw(visit.desk, batch, first.asked_by)


async def _second(visit: Visit, batch: str) -> None:
    core = visit.desk.core
    confirmed = await core.seats.second(visit.asker, batch)
    await visit.reply.working()
    for action in confirmed.actions:
        await core.seats.carry_out(action.token, seat_rights.looked_up(visit.desk))
    card = await core.cards.card(visit.asker, batch)
    await visit.reply.say(view.message(card))
    await seat_cards.draw(visit.desk, batch, card.asked_by)


async def _is_asked(desk: Desk, batch: str, user_id: str, lines: int) -> bool:
    """Ask one admin; nobody is who may not decide about every seat of it, by the rights of this moment."""
    try:
        person = full_member(await desk.directory.person(user_id))
        card = await desk.core.cards.card(await desk.core.identify(person), batch)
        if len(card.lines) != lines:
            return False
        with language.speaking(desk.speaks_to(person)):
            message = view.asked_second(card)
        opened = await desk.client.conversations_open(users=user_id)
        await desk.client.chat_postMessage(channel=opened["channel"]["id"], unfurl_links=False, **content(message))
    except (UsagebotError, SlackApiError, aiohttp.ClientError, TimeoutError):
        return False
    return True
