"""*Contact an agent*: a question handed over to the account's own support, with what is known about it filled in."""

import asyncio

import aiohttp
from slack_sdk.errors import SlackApiError

from handlers import buttons, refusals
from handlers.delivery import REFUSED_BLOCKS, Modal, content
from handlers.desk import Visit
from handlers.door import carried, member, unpacked
from handlers.sentences import sentence
from handlers.views import support as view
from handlers.views.blocks import Message
from handlers.views.support import CALLBACK, Case, Sent
from reporting_core import grammar
from reporting_core.words.errors import UsagebotError
from reporting_core.words.people import Need
from reporting_core.words.query import Key, UsageQuery
from reporting_core.words.questions import Kind

__all__ = ["CALLBACK", "ask", "followed", "press", "submit"]

SOON = 1.5
"""Seconds within which Slack usually takes a message."""

REASONS = {"is_archived": "archived", "channel_not_found": "not_there", "not_in_channel": "not_in"}
"""What Slack says of a channel that takes no message, and the reason that is told."""


async def ask(visit: Visit, question: str) -> None:
    """Answer `/usage agent [question]` with the form, or with the way there is."""
    await _begin(visit, Case(question=question.strip()), "")


async def press(visit: Visit) -> None:
    """Open the form for the question that the answer belongs to."""
    parts = buttons.carried(visit)
    await _begin(visit, Case(question=str(parts.get("q") or "")), str(parts.get("t") or ""))


async def submit(visit: Visit) -> None:
    """Put the case into the support channel, once, and say where it is."""
    given, desk = visit.body["view"], visit.desk
    case = view.read(given)
    if not case.question:
        await visit.ack(response_action="errors", errors={"question": sentence("agent_empty")})
        return
    # A form can be sent twice, by a double press or by Slack; its id is the same.
    if not await desk.core.first_time(f"agent:{given['id']}"):
        await visit.ack(response_action="update", view=view.said_already())
        return
    posting = asyncio.ensure_future(_posted(visit, case))
    # Slack waits three seconds. What is done by then is told in the acknowledgement itself: a change of the form that
    # comes right behind the acknowledgement can overtake it, and would be lost.
    done, _ = await asyncio.wait({posting}, timeout=SOON)
    if done:
        await visit.ack(response_action="update", view=view.shown_in(posting.result()))
        return
    await visit.ack(response_action="update", view=view.sending())
    visit.reply = Modal(desk.client, str(given["id"]))
    await _tell(visit, await posting, str(given.get("private_metadata") or ""))


async def followed(_visit: Visit) -> None:
    """Take note of a link that was opened; Slack wants every press acknowledged."""


async def _begin(visit: Visit, case: Case, token: str) -> None:
    desk = visit.desk
    if desk.support.channel:
        await _open(visit, case, token)
    elif desk.support.link:
        await visit.reply.refuse(view.by_link(await _filled(visit, case, token), desk.support))
    else:
        await visit.reply.refuse(view.nowhere(desk.support, desk.contact))


async def _open(visit: Visit, case: Case, token: str) -> None:
    client, metadata = visit.desk.client, carried(visit.reply)
    # A trigger lives three seconds, so something is opened before anything is looked up.
    opened = await client.views_open(trigger_id=str(visit.body["trigger_id"]), view=view.loading(metadata))
    visit.reply = modal = Modal(client, str(opened["view"]["id"]))
    await modal.show(view.form(await _filled(visit, case, token), visit.desk.support, metadata))


async def _filled(visit: Visit, case: Case, token: str) -> Case:
    """Fill in what is known: the question that was answered, and team, product and range of the last report."""
    kept = await visit.desk.core.asking.before(token, visit.person.user_id) if token else None
    question = kept.question if kept else case.question
    asked = kept.answer if kept and kept.kind is Kind.QUERY else ""
    query = await _query(visit, asked)
    if query is None:
        return Case(question).cut()
    named = {str(key): ", ".join(_names(query, key)) for key in (Key.TEAM, Key.PRODUCT)}
    return Case(question, **named, range=grammar.spell_range(query.range)).cut()


async def _query(visit: Visit, asked: str) -> UsageQuery | None:
    core = visit.desk.core
    try:
        asker = await member(visit.person, Need.REPORTS, visit.desk)
        text = asked or await core.last_query(asker)
        return await core.query(text, asker) if text else None
    except UsagebotError:
        # Who has no reports has no last one either; and a team or a role may be gone since.
        return None


def _names(query: UsageQuery, key: Key) -> list[str]:
    return [value for each in query.of(key) if not each.negated for value in each.values]


async def _posted(visit: Visit, case: Case) -> Message:
    """Post the case, and return what to say of it."""
    desk = visit.desk
    message = view.posted(case, visit.person.user_id, desk.support)
    try:
        sent = await _post(visit, message)
    except SlackApiError as error:
        reason = REASONS.get(refusals.word(error), "refused")
        desk.log.warning("agent_not_reached", error=refusals.word(error) or refusals.status(error))
    except aiohttp.ClientConnectorError:
        reason = "refused"
    except (aiohttp.ClientError, TimeoutError):
        # It may be there: said so, since a second one would be one too many.
        reason = "lost"
    else:
        return view.done(sent)
    return view.failed(sentence(f"agent_{reason}", channel=desk.support.channel), case, desk.support, desk.contact)


async def _post(visit: Visit, message: Message) -> Sent:
    client, channel = visit.desk.client, visit.desk.support.channel
    try:
        put = await client.chat_postMessage(channel=channel, **content(message), unfurl_links=False)
    except SlackApiError as error:
        if refusals.word(error) not in REFUSED_BLOCKS or not message.fallback:
            raise
        put = await client.chat_postMessage(channel=channel, **content(message.fallback), unfurl_links=False)
    return Sent(channel, await _permalink(visit, str(put.get("ts") or "")))


async def _permalink(visit: Visit, ts: str) -> str:
    try:
        found = await visit.desk.client.chat_getPermalink(channel=visit.desk.support.channel, message_ts=ts)
    except (SlackApiError, aiohttp.ClientError, TimeoutError):
        return ""
    return str(found.get("permalink") or "")


async def _tell(visit: Visit, message: Message, metadata: str) -> None:
    """Say it in the form, or where the form was called if it was closed meanwhile."""
    if isinstance(visit.reply, Modal):
        try:
            await visit.reply.show(view.shown_in(message))
        except (SlackApiError, aiohttp.ClientError, TimeoutError):
            visit.reply = unpacked(metadata, visit.person.user_id, visit.desk)
            await visit.reply.refuse(message)
