"""What became of seats, told: one message for each press, drawn anew when something moves; undone and settled there."""

import asyncio
from collections.abc import Callable, Mapping
from enum import Enum, auto
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError

from handlers import buttons, digests, home, language, places, refusals, seat_rights
from handlers.delivery import Home, Modal, Private, content
from handlers.desk import Desk, Visit
from handlers.identity import full_member, part
from handlers.sentences import label, sentence
from handlers.views import seat_cards as view
from handlers.views.blocks import Message
from handlers.views.buttons import parts_of
from handlers.views.seats import loading
from reporting_core.words.cards import Card, News
from reporting_core.words.errors import AskAgain, NotAllowed, StoreBusy
from reporting_core.words.seats import FINAL, Action, State

_SERVER_FAILED = 500
_PAUSES = (0.1, 1.0, 4.0)
"""Seconds between attempts to note where a message stands."""


class _Outcome(Enum):
    SENT = auto()
    FAILED = auto()
    """Certainly not sent."""
    GONE = auto()
    """The message is not there any more, or cannot be changed."""
    UNKNOWN = auto()


async def draw(desk: Desk, batch: str, user_id: str, turn: int = 0) -> bool:
    """Show a card to whoever pressed: in its message if there is one, else in a direct message, posted once a turn.

    Drawn once more if something moved meanwhile. False if there is nothing that this person may see. Raises
    `NotAllowed`, and `AskAgain` where Slack does not say who it is.
    """
    person = full_member(await desk.directory.person(user_id))
    asker = await desk.core.identify(person)
    with language.speaking(desk.speaks_to(person)):
        card = await desk.core.cards.card(asker, batch)
        while card.lines and await _is_shown(desk, card, user_id, turn):
            await _note_told(desk, card)
            newer = await desk.core.cards.card(asker, batch)
            if _moves(newer) == _moves(card):
                break
            card = newer
    await digests.after_seats(desk, batch, [line.action.assignment_id for line in card.lines])
    return bool(card.lines)


async def tell(desk: Desk) -> int:
    """Tell what somebody has yet to hear, such as what a crash left untold; returns about how many cards."""
    news = await desk.core.cards.news()
    for each in news:
        try:
            await _tell(desk, each)
        except NotAllowed:
            # Whoever asked may not see it any more; it still stands in every admin's Home and in the audit.
            desk.log.info("seats_untold", actions=len(each.untold))
            await _give_up(desk, each)
        except AskAgain as error:
            desk.log.warning("seats_not_told", error=type(error).__name__)
    return len(news)


async def undo(visit: Visit) -> None:
    """Give a seat back, from the message of its card, from the form of a long one, or from Home."""
    action = await visit.desk.core.seats.undo(visit.asker, _token(visit))
    await _undone(visit, action)
    await _after(visit, action.token)


async def undo_command(visit: Visit, rest: str) -> None:
    """Answer `/usage undo <id>`."""
    token = rest.strip().strip("`")
    if not token:
        raise AskAgain(sentence("undo_how"))
    action = await visit.desk.core.seats.undo(visit.asker, token)
    await _undone(visit, action)
    card = await visit.desk.core.cards.with_action(visit.asker, action.token)
    if card is not None:
        await places.say(visit, view.undone(card, action.token))
        await visit.desk.core.seats.told(action.token)
        await _drawn_if_placed(visit.desk, card)


async def settle(visit: Visit) -> None:
    """Take an admin's word on how something ended."""
    done = str(visit.body["actions"][0].get("action_id")) == "seats_settled"
    token = _token(visit)
    await visit.desk.core.tasks.close(visit.asker, token, done=done)
    await _after(visit, token)


async def choose(visit: Visit) -> None:
    """Open the form in which one of many seats is given back or settled, or turn it to other seats."""
    opened, carried = part(visit.body, "view"), buttons.carried(visit)
    if opened.get("type") != "modal":
        made = await visit.desk.client.views_open(trigger_id=str(visit.body["trigger_id"]), view=loading())
        opened = made["view"]
    visit.reply = modal = Modal(visit.desk.client, str(opened.get("id") or ""), label("seats.title"))
    card = await visit.desk.core.cards.card(visit.asker, str(carried.get("b") or ""))
    await modal.show(view.choice(card, _place(carried)))


def _place(parts: Mapping[str, object]) -> int:
    place = parts.get("o")
    return place if isinstance(place, int) else 0


async def _undone(visit: Visit, action: Action) -> None:
    await visit.desk.core.seats.carry_out(action.token, seat_rights.looked_up(visit.desk))


def _token(visit: Visit) -> str:
    return str(buttons.carried(visit).get("t") or "")


async def _after(visit: Visit, token: str) -> None:
    """Show how it stands where it was pressed, and in the message of whoever began it."""
    card = await visit.desk.core.cards.with_action(visit.asker, token)
    if card is None:
        return
    opened = part(visit.body, "view")
    if opened.get("type") == "modal":
        visit.reply = modal = Modal(visit.desk.client, str(opened.get("id")), label("seats.title"))
        await modal.show(view.choice(card, _place(parts_of(str(opened.get("private_metadata") or "")))))
    elif opened.get("type") == "home":
        await show_home(visit)
    else:
        await _in_message(visit, card)
    await _drawn(visit.desk, card)


async def show_home(visit: Visit) -> None:
    """Draw the Home anew in which something was pressed."""
    visit.reply = Home(visit.desk.client, visit.person.user_id)
    await home.open_home(visit)


async def _in_message(visit: Visit, card: Card) -> None:
    """Draw the card where it was pressed, if that is another message than its own, such as a second admin's."""
    if not isinstance(visit.reply, Private) or not visit.reply.message_ts:
        return
    pressed = (visit.reply.channel, visit.reply.message_ts)
    if not card.place[1] and card.asked_by == visit.person.user_id:
        # Posted, but Slack's word on it was lost: this is the message.
        await visit.desk.core.seats.placed(card.batch, pressed)
    elif pressed != card.place:
        await visit.reply.say(view.message(card))


async def _drawn(desk: Desk, card: Card) -> None:
    if card.asked_by.startswith(("U", "W")):
        await draw(desk, card.batch, card.asked_by)


async def _drawn_if_placed(desk: Desk, card: Card) -> None:
    if card.place[1]:
        await _drawn(desk, card)


async def _tell(desk: Desk, news: News) -> None:
    if not news.asked_by.startswith(("U", "W")):
        await _give_up(desk, news)  # an operator, who reads the command line
        return
    if not await draw(desk, news.batch, news.asked_by, news.turn):
        raise NotAllowed(sentence("seat_lost"))


async def _give_up(desk: Desk, news: News) -> None:
    for token in news.untold:
        await desk.core.seats.told(token)


async def _is_shown(desk: Desk, card: Card, user_id: str, turn: int) -> bool:
    """Put the card where it stands, or post it; tells whether its reader has been told, as far as can be known."""
    message = view.message(card)
    if card.place[1]:
        outcome = await _edited(desk, card, message)
        if outcome is not _Outcome.GONE:
            return outcome is _Outcome.SENT
        await desk.core.seats.placed(card.batch, ("", ""))
        turn += 1
    if not await desk.core.first_time(f"seats:{card.batch}:{turn}"):
        return False
    return await _posted(desk, card.batch, user_id, message) in {_Outcome.SENT, _Outcome.UNKNOWN}


async def _edited(desk: Desk, card: Card, message: Message) -> _Outcome:
    channel, ts = card.place
    outcome, _ = await _called(desk.client.chat_update, channel=channel, ts=ts, **content(message))
    return outcome


async def _posted(desk: Desk, batch: str, user_id: str, message: Message) -> _Outcome:
    outcome, opened = await _called(desk.client.conversations_open, users=user_id)
    if outcome is not _Outcome.SENT:
        return _Outcome.FAILED
    channel = str(opened["channel"]["id"])
    outcome, told = await _called(
        desk.client.chat_postMessage, channel=channel, unfurl_links=False, unfurl_media=False, **content(message)
    )
    if outcome is _Outcome.SENT:
        await _placed(desk, batch, (channel, str(told["ts"])))
    return outcome


async def _placed(desk: Desk, batch: str, place: tuple[str, str]) -> None:
    """Note where a card stands, more than once if need be: one whose place is lost is posted a second time."""
    for pause in _PAUSES:
        try:
            await desk.core.seats.placed(batch, place)
        except StoreBusy:
            await asyncio.sleep(pause)
        else:
            return
    await desk.core.seats.placed(batch, place)


async def _called(method: Callable[..., Any], **arguments: Any) -> tuple[_Outcome, Any]:
    try:
        return _Outcome.SENT, await method(**arguments)
    except SlackApiError as error:
        if refusals.word(error) in {"message_not_found", "cant_update_message", "edit_window_closed"}:
            return _Outcome.GONE, None
        return (_Outcome.UNKNOWN if refusals.status(error) >= _SERVER_FAILED else _Outcome.FAILED), None
    except aiohttp.ClientConnectorError:
        return _Outcome.FAILED, None
    except (aiohttp.ClientError, TimeoutError):
        return _Outcome.UNKNOWN, None


async def _note_told(desk: Desk, card: Card) -> None:
    for line in card.lines:
        for action in (line.action, line.undoing):
            if action is not None and action.state in FINAL | {State.PERSON}:
                await desk.core.seats.told(action.token)


def _moves(card: Card) -> list[tuple[str, ...]]:
    """Return what a reader would see change; where the card stands is not of it."""
    actions = [each for line in card.lines for each in (line.action, line.undoing) if each is not None]
    return [(each.token, each.state, each.reason, each.reference, each.second_by) for each in actions]
