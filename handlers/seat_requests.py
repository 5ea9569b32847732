"""Asks whoever owns a group to take people out of it: recorded first, then sent once, and noted in the form."""

from collections.abc import Sequence
from enum import Enum, auto

import aiohttp
from slack_sdk.errors import SlackApiError

from handlers import buttons, errors, language, refusals
from handlers.delivery import Modal, content
from handlers.desk import Desk, Visit
from handlers.identity import full_member, part
from handlers.sentences import label, sentence
from handlers.views import seat_requests as view
from reporting_core.usecases.seats.requesting import Press
from reporting_core.words.cards import Admins
from reporting_core.words.errors import AskAgain, NotAllowed
from reporting_core.words.people import SlackPerson
from reporting_core.words.seats import Verdict

MOST_OWNERS = 3
"""Owners of one group who are written to."""

_SERVER_FAILED = 500


class _Outcome(Enum):
    SENT = auto()
    UNSENT = auto()
    UNKNOWN = auto()


async def send(visit: Visit) -> None:
    """Send the request of one group, and say in the form what became of it; the other rows stay as they are."""
    opened = part(visit.body, "view")
    text, again = await _told(visit, str(opened.get("root_view_id") or opened.get("id") or ""))
    pressed = str(visit.body["actions"][0].get("block_id") or "")
    visit.reply = modal = Modal(visit.desk.client, str(opened.get("id")), label("seats.title"))
    await modal.show(view.noted(opened, pressed, text, again=again))


async def _told(visit: Visit, form: str) -> tuple[str, bool]:
    """Return what to say, and whether pressing again makes sense."""
    press = Press(visit.asker, form, view.ids(buttons.value_of(visit)))
    try:
        about = await visit.desk.core.requests.about(visit.asker, press.ids)
        if not about:
            return sentence("seat_request_changed"), False
        owners = await _owners(visit.desk, await visit.desk.core.requests.owners(about))
        return await _sent(visit, press, owners) if owners else (sentence("seat_request_nobody"), False)
    except (AskAgain, NotAllowed) as error:
        return errors.answer(error, visit.desk).text, True


async def _sent(visit: Visit, press: Press, owners: Sequence[SlackPerson]) -> tuple[str, bool]:
    requests, to = visit.desk.core.requests, [each.user_id for each in owners]
    about = await requests.begin(press, to)
    if not about:  # a double click
        return sentence("seat_request_sent", to=to), False
    outcomes = {each.user_id: await _posted(visit, each, about) for each in owners}
    reached = [user_id for user_id, outcome in outcomes.items() if outcome is _Outcome.SENT]
    if reached:
        return sentence("seat_request_sent", to=reached), False
    if _Outcome.UNKNOWN in outcomes.values():
        return sentence("seat_request_unknown", to=to), False
    await requests.unsent(press, about, to)
    return sentence("seat_request_unsent", to=to), True


async def _owners(desk: Desk, found: Admins) -> list[SlackPerson]:
    """Return the owners whom the workspace knows as full members; raises AskAgain where Slack does not say."""
    ids = [*found.slack_user_ids, *[await _of_email(desk, email) for email in found.emails]]
    owners = []
    for user_id in dict.fromkeys(filter(None, ids)):
        try:
            owners.append(full_member(await desk.directory.person(user_id)))
        except NotAllowed:
            continue
    return owners[:MOST_OWNERS]


async def _of_email(desk: Desk, email: str) -> str:
    try:
        found = await desk.client.users_lookupByEmail(email=email)
    except SlackApiError as error:
        if refusals.word(error) == "users_not_found":
            return ""
        desk.log.warning("owner_not_looked_up", error=refusals.word(error))
        raise AskAgain(sentence("seat_request_not_looked_up")) from error
    except (aiohttp.ClientError, TimeoutError) as error:
        raise AskAgain(sentence("seat_request_not_looked_up")) from error
    return str(found["user"]["id"])


async def _posted(visit: Visit, owner: SlackPerson, about: Sequence[Verdict]) -> _Outcome:
    """Write to one owner. What may have arrived is not sent again."""
    desk = visit.desk
    with language.speaking(desk.speaks_to(owner)):
        message = view.message(visit.person.user_id, about)
    try:
        opened = await desk.client.conversations_open(users=owner.user_id)
    except (SlackApiError, aiohttp.ClientError, TimeoutError):
        return _Outcome.UNSENT
    try:
        await desk.client.chat_postMessage(channel=opened["channel"]["id"], unfurl_links=False, **content(message))
    except SlackApiError as error:
        return _Outcome.UNKNOWN if refusals.status(error) >= _SERVER_FAILED else _Outcome.UNSENT
    except aiohttp.ClientConnectorError:
        return _Outcome.UNSENT
    except (aiohttp.ClientError, TimeoutError):
        return _Outcome.UNKNOWN
    return _Outcome.SENT
