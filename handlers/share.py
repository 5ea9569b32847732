"""*Share to channel*: previewed, judged by the channel guard at the preview and again at the press, and undone."""

import asyncio
from collections.abc import Mapping

import aiohttp
from slack_sdk.errors import SlackApiError

from handlers import buttons, guard, refusals, reports
from handlers.audience import Audience
from handlers.delivery import Modal, content
from handlers.desk import Visit
from handlers.identity import part
from handlers.sentences import sentence
from handlers.views import form
from handlers.views import report as report_view
from handlers.views import share as view
from handlers.views import talk as talk_view
from handlers.views.blocks import Message
from handlers.views.filters import Controls
from handlers.views.share import CALLBACK, WHERE
from reporting_core.words.errors import AskAgain
from reporting_core.words.report import UsageReport
from reporting_core.words.shown import Shown

__all__ = ["CALLBACK", "WHERE", "choose", "open_form", "post", "take_back"]

_CHANNELS = ("C", "G")
_REFUSED_BLOCKS = {"invalid_blocks", "msg_blocks_too_long"}


async def open_form(visit: Visit) -> None:
    """Open the form for the report of the message, for the channel it stands in if that is one."""
    # Before the form takes the message's place: what somebody else's button keeps is known by its message alone.
    question = await buttons.question(visit)
    opened = await visit.desk.client.views_open(trigger_id=str(visit.body["trigger_id"]), view=view.loading())
    visit.reply = modal = Modal(visit.desk.client, str(opened["view"]["id"]))
    channel = str(part(visit.body, "channel").get("id") or "")
    await _show(visit, modal, question, channel if channel.startswith(_CHANNELS) else "")


async def choose(visit: Visit) -> None:
    """Show who reads along in another channel, and what they would see."""
    opened = visit.body["view"]
    visit.reply = modal = Modal(visit.desk.client, str(opened["id"]))
    await _show(visit, modal, await _question(visit), view.chosen(opened))


async def post(visit: Visit) -> None:
    """Post it, after everything was looked at again: members come and go while a form is open."""
    opened = visit.body["view"]
    if not await visit.desk.core.first_time(f"share:{opened['id']}:{opened.get('hash') or ''}"):
        await visit.ack(response_action="update", view=view.sharing())
        return
    question, channel = await _question(visit), view.chosen(opened)
    await visit.ack(response_action="update", view=view.sharing())
    visit.reply = modal = Modal(visit.desk.client, str(opened["id"]))
    report, audience = await _judged(visit, question, channel)
    if not view.may_post(report, audience):
        await modal.show(view.form(report, audience, await reports.reference(report, visit.asker, visit.desk)))
        return
    ts = await _posted(visit, channel, await _message(visit, report, audience))
    token = await visit.desk.core.keep(visit.asker, f"shared {channel} {ts}")
    await modal.show(view.shared(audience, token))


async def _judged(visit: Visit, question: str, channel: str) -> tuple[UsageReport, Audience]:
    """Return the report, and who reads along. Looking members up takes a while: names may be hidden since."""
    report = await visit.desk.core.peek(question, visit.asker)
    while True:
        audience = await guard.audience(visit.desk, channel, report.team_ids, visit.person.user_id)
        newest = await visit.desk.core.peek(question, visit.asker)
        if newest.team_ids <= report.team_ids:
            return newest, audience
        report = newest


async def take_back(visit: Visit) -> None:
    """Delete what this person shared."""
    visit.reply = modal = Modal(visit.desk.client, str(part(visit.body, "view").get("id")))
    token = str(buttons.carried(visit).get("k") or "")
    what, _, place = (await visit.desk.core.kept(visit.asker, token) or "").partition(" ")
    channel, _, ts = place.partition(" ")
    if what != "shared":
        raise AskAgain(sentence("stale_button"))
    try:
        await visit.desk.client.chat_delete(channel=channel, ts=ts)
    except SlackApiError as error:
        if refusals.word(error) != "message_not_found":
            raise AskAgain(sentence("share_fault", why="undo")) from error
    await modal.show(form.ended(sentence("share_undone")))


async def _question(visit: Visit) -> str:
    kept = view.kept(visit.body["view"])
    text = await visit.desk.core.kept(visit.asker, str(kept["k"])) if "k" in kept else kept.get("q")
    if text is None:
        raise AskAgain(sentence("stale_button"))
    return str(text)


async def _show(visit: Visit, modal: Modal, question: str, channel: str) -> None:
    report = await visit.desk.core.peek(question, visit.asker)
    audience = await guard.audience(visit.desk, channel, report.team_ids, visit.person.user_id) if channel else None
    reference: Mapping[str, str] = await reports.reference(report, visit.asker, visit.desk)
    await modal.show(await asyncio.to_thread(view.form, report, audience, reference))


async def _message(visit: Visit, report: UsageReport, audience: Audience) -> Message:
    reference = await reports.reference(report, visit.asker, visit.desk)
    if not audience.may_see_rows:
        return view.attributed(talk_view.totals(report, reference), visit.person.user_id)
    standing = await visit.desk.core.shown.open(visit.person.user_id, report.canonical)
    made = await asyncio.to_thread(_rows, report, reference, standing)
    return view.attributed(made, visit.person.user_id)


def _rows(report: UsageReport, reference: Mapping[str, str], standing: Shown) -> Message:
    # All rows are looked through for the names in them: not in the event loop.
    return report_view.message(report, reference, Controls(standing, view.names(report)))


async def _posted(visit: Visit, channel: str, message: Message) -> str:
    """Post once; a lost answer is not posted again, and said to be unknown."""
    try:
        return await _sent(visit, channel, message)
    except SlackApiError as error:
        if refusals.word(error) in _REFUSED_BLOCKS and message.fallback:
            return await _posted(visit, channel, message.fallback)
        raise AskAgain(sentence("share_fault", why=refusals.word(error))) from error
    except (aiohttp.ClientError, TimeoutError) as error:
        raise AskAgain(sentence("share_fault", why="lost")) from error


async def _sent(visit: Visit, channel: str, message: Message) -> str:
    told = await visit.desk.client.chat_postMessage(
        channel=channel, unfurl_links=False, unfurl_media=False, **content(message)
    )
    return str(told["ts"])
