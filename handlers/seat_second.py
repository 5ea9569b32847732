"""Above a set number of seats a second admin confirms: asked in a message where Slack knows them, or by command."""

from contextlib import suppress

import aiohttp
from slack_sdk.errors import SlackApiError

from handlers import buttons, language, notices, owners, places, seat_cards, seat_rights
from handlers.delivery import content
from handlers.desk import Visit
from handlers.identity import full_member, part
from handlers.views import seat_cards as view
from reporting_core.usecases.seats.seconding import YOURS
from reporting_core.words.cards import Card
from reporting_core.words.errors import NotAllowed, UsagebotError

MOST_ASKED = 10
"""Admins who are asked; whoever else may confirms by command."""


async def ask(visit: Visit, batch: str) -> None:
    """Ask the other admins of all the teams, each in their language, once."""
    desk = visit.desk
    card = await desk.core.cards.card(visit.asker, batch)
    if not card.lines or not await desk.core.first_time(f"seats-second:{batch}"):
        return
    asked: list[str] = []
    async for user_id in owners.known(desk, await desk.core.cards.admins(card)):
        if user_id not in {card.asked_by, *asked} and len(asked) < MOST_ASKED:
            asked += [user_id] if await _is_asked(visit, batch, user_id, len(card.lines)) else []
    await _tell_who_was_asked(visit, card, asked)


async def _tell_who_was_asked(visit: Visit, card: Card, asked: list[str]) -> None:
    """Tell whoever waits for a second admin who was asked, or that nobody was: else they wait for nothing."""
    with suppress(UsagebotError, SlackApiError, aiohttp.ClientError, TimeoutError):
        message = view.second_asked(card, asked, await visit.desk.core.seats.policy())
        place = await notices.direct(visit.desk, card.asked_by)
        await visit.desk.client.chat_postMessage(channel=place, unfurl_links=False, **content(message))


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
    await _told(visit, card, first.asked_by)


async def _second(visit: Visit, batch: str) -> None:
    core = visit.desk.core
    await _by_another(visit, batch)
    confirmed = await core.seats.second(visit.asker, batch)
    await visit.reply.working()
    for action in confirmed.actions:
        await core.seats.carry_out(action.token, seat_rights.looked_up(visit.desk))
    card = await core.cards.card(visit.asker, batch)
    await _told(visit, card, card.asked_by)


async def _told(visit: Visit, card: Card, asked_by: str) -> None:
    """Show how it stands where it was pressed, and in the message of whoever asked."""
    if asked_by != visit.asker.slack_user_id:
        await places.say(visit, view.message(card))  # from the Home as a direct message, with what undoes it
    if part(visit.body, "view").get("type") == "home":
        await seat_cards.show_home(visit)
    await seat_cards.draw(visit.desk, card.batch, asked_by)


async def _by_another(visit: Visit, batch: str) -> None:
    """Refuse whoever asked under another Slack id of theirs; the core, which knows ids alone, does so at the call."""
    asked_by = (await visit.desk.core.cards.card(visit.asker, batch)).asked_by
    if not asked_by.startswith(("U", "W")):
        return
    first = None
    with suppress(UsagebotError):  # without rights by now: refused at the call as well
        first = await seat_rights.looked_up(visit.desk)(asked_by)
    if first is not None and visit.asker.is_also(first):
        raise NotAllowed(YOURS)


async def _is_asked(visit: Visit, batch: str, user_id: str, lines: int) -> bool:
    """Ask one other person; nobody is who may not decide about every seat of it, by the rights of this moment."""
    desk = visit.desk
    try:
        person = full_member(await desk.directory.person(user_id))
        admin = await desk.core.identify(person)
        card = await desk.core.cards.card(admin, batch)
        if len(card.lines) != lines or admin.is_also(visit.asker):
            return False
        with language.speaking(desk.speaks_to(person)):
            message = view.asked_second(card)
        opened = await desk.client.conversations_open(users=user_id)
        await desk.client.chat_postMessage(channel=opened["channel"]["id"], unfurl_links=False, **content(message))
    except (UsagebotError, SlackApiError, aiohttp.ClientError, TimeoutError):
        return False
    return True
