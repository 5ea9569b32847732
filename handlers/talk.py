"""Plain questions, wherever they are asked: written down, made out, answered with a report or a reviewed entry.

In a channel only what every member may read is said aloud: entries without numbers, and totals. The rest goes to the
asker alone.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass

import aiohttp
from slack_sdk.errors import SlackApiError

from handlers import buttons, faq_entries, faq_live, language, reports, spreadsheets, why
from handlers.delivery import Private, Reply, Thread
from handlers.desk import Visit
from handlers.door import DIRECT, member
from handlers.identity import part
from handlers.sentences import label, sentence
from handlers.views import faq
from handlers.views import talk as view
from handlers.views.blocks import Message
from handlers.views.support import plan_name
from reporting_core.usecases.asking import LONGEST, Place
from reporting_core.words.errors import AskAgain, NotAllowed, UsagebotError
from reporting_core.words.people import Need
from reporting_core.words.query import Key
from reporting_core.words.questions import Act, Asked, Kind

STATUS_SECONDS = 1.0
"""How long the line that says that the bot is at work may hold up the answer."""
LIVE_SECONDS = 1.5
"""How long figures beside an explanation are waited for; over a large account they come later than the words."""


@dataclass(frozen=True, slots=True)
class Talk:
    """One question under way: `aloud` is where it was asked, `refusal` why this person gets no figures."""

    visit: Visit
    text: str
    place: Place
    aloud: Reply
    refusal: NotAllowed | None

    @property
    def overheard(self) -> bool:
        """Tell whether others read what is said aloud."""
        return self.place.kind == "channel"


async def answer_question(visit: Visit, text: str) -> None:
    """Answer a question in plain words, or say what comes nearest; one that comes again is not answered again."""
    place = _place(visit)
    aloud = visit.reply
    if place.kind == "channel":
        visit.reply = _aside(visit)
    talk = Talk(visit, text, place, aloud, await _refusal(visit))
    status = asyncio.create_task(_at_work(talk))
    try:
        put = await visit.desk.core.asking.ask(text, visit.asker, faq_entries, place)
    finally:
        await status
    if put is not None:
        await _answer(talk, *put)


async def _answer(talk: Talk, token: str, asked: Asked) -> None:
    match asked.kind:
        case Kind.QUERY if talk.refusal:
            raise talk.refusal
        case Kind.QUERY:
            await _figures(talk, asked)
        case Kind.FAQ:
            await talk.aloud.say(await _explained(talk, asked.faq, token))
        case Kind.UNSURE if talk.refusal:
            await _without_figures(talk, asked, token)
        case Kind.UNSURE:
            # What may have been meant can name people.
            await talk.visit.reply.say(faq.unsure(asked.candidates, token))
        case _ if len(talk.text) > LONGEST:
            raise AskAgain(sentence("talk_too_long", length=len(talk.text), most=LONGEST))
        case _:
            await talk.aloud.say(faq.unknown(asked.candidates, token))


async def _without_figures(talk: Talk, asked: Asked, token: str) -> None:
    entries = tuple(each for each in asked.candidates if each.kind is Kind.FAQ)
    if not entries and talk.refusal:
        raise talk.refusal
    await talk.aloud.say(faq.unsure(entries, token))


async def _figures(talk: Talk, asked: Asked) -> None:
    visit = talk.visit
    if not talk.overheard or asked.act is not Act.REPORT:
        await act(visit, asked.act, asked.canonical)
        return
    report = await visit.soon(visit.desk.core.usage(asked.canonical, visit.asker))
    # The totals of one person are that person's data.
    place = visit.reply if report.query.of(Key.USER) else talk.aloud
    await place.say(view.totals(report, await reports.reference(report, visit.asker, visit.desk)))


async def act(visit: Visit, wanted: Act, canonical: str) -> None:
    """Do what was asked for with a query."""
    await ACTS[wanted](visit, canonical)


ACTS: Mapping[Act, Callable[[Visit, str], Awaitable[None]]] = {
    Act.REPORT: reports.show,
    Act.WHY: why.explain,
    Act.EXPORT: spreadsheets.deliver,
}


async def run(visit: Visit) -> None:
    """Do what a button names: one of the things that may have been meant, or a report."""
    carried = buttons.carried(visit)
    wanted = next((each for each in Act if each == carried.get("a")), Act.REPORT)
    question = await buttons.question(visit)
    if isinstance(carried.get("t"), str):
        meant = Asked(Kind.QUERY, wanted, question)
        await visit.desk.core.asking.chosen(str(carried["t"]), visit.person.user_id, meant)
    await act(visit, wanted, question)


async def show_entry(visit: Visit) -> None:
    """Show the entry that a button names, beside what stands there."""
    carried = buttons.carried(visit)
    name, token = str(carried.get("id") or ""), str(carried.get("t") or "")
    if name not in faq_entries.entries(language.current()):
        raise AskAgain(sentence("stale_button"))
    talk = Talk(visit, "", Place("direct", ""), visit.reply, await _refusal(visit))
    message = await _explained(talk, name, token)
    kept = await visit.desk.core.asking.before(token, visit.person.user_id)
    if kept is not None and kept.kind in {Kind.UNSURE, Kind.UNKNOWN}:
        await visit.desk.core.asking.chosen(token, visit.person.user_id, Asked(Kind.FAQ, faq=name))
    await _beside(visit, message)


async def judge(visit: Visit) -> None:
    """Keep a thumb."""
    carried = buttons.carried(visit)
    helped = carried.get("v") == 1
    if not await visit.desk.core.asking.judge(str(carried.get("t") or ""), visit.person.user_id, helped=helped):
        raise AskAgain(sentence("talk_forgotten"))
    await visit.reply.refuse(view.thanks(helped=helped))


async def faq_command(visit: Visit, rest: str) -> None:
    """Answer `/usage faq what is flex?`; without a question, with all that is known."""
    if rest.strip():
        await answer_question(visit, rest.strip())
    else:
        await visit.reply.say(view.contents(faq_entries.entries(language.current())))


async def _explained(talk: Talk, name: str, token: str) -> Message:
    entry = faq_entries.entries(language.current())[name]
    live = "" if talk.overheard or not entry.live else await _live(talk, entry)
    return faq.answer(entry, live, token)


async def _live(talk: Talk, entry: faq_entries.Entry) -> str:
    """Return the entry's sentence with the asker's own numbers: of the team that is named, else of all they may see."""
    desk, asker = talk.visit.desk, talk.visit.asker
    more = {"plan": plan_name(desk.support.plan)} if desk.support.plan else {}
    report = None
    if not talk.refusal:
        # Beside an explanation figures are a courtesy: what goes wrong with them takes nothing away from it.
        with suppress(UsagebotError, TimeoutError):
            teams = (await desk.core.vocabulary(asker)).teams
            report = await asyncio.wait_for(desk.core.peek(view.whose(talk.text, teams), asker), LIVE_SECONDS)
    return await asyncio.to_thread(faq_live.live, entry, report, **more)


async def _refusal(visit: Visit) -> NotAllowed | None:
    """Let the visitor's account speak, where there is one; else return why there are no figures."""
    try:
        visit.asker = await member(visit.person, Need.REPORTS, visit.desk)
    except NotAllowed as error:
        return error
    return None


async def _beside(visit: Visit, message: Message) -> None:
    """Answer a press below the message, where it lasts if nobody else reads along."""
    container = part(visit.body, "container")
    channel = str(part(visit.body, "channel").get("id") or "")
    if channel.startswith(DIRECT) and not container.get("is_ephemeral"):
        thread = str(container.get("thread_ts") or container.get("message_ts") or "")
        await Thread(visit.desk.client, channel, thread).say(message)
    else:
        await visit.reply.refuse(message)


async def _at_work(talk: Talk) -> None:
    """Say that the bot is at work, where Slack shows it; Slack takes it away with the answer."""
    event = part(talk.visit.body, "event")
    if talk.place.kind != "direct":
        return
    thread = str(event.get("thread_ts") or event.get("ts"))
    client = talk.visit.desk.client
    with suppress(SlackApiError, aiohttp.ClientError, TimeoutError):
        call = client.assistant_threads_setStatus(
            channel_id=str(event["channel"]), thread_ts=thread, status=label("talk.status")
        )
        await asyncio.wait_for(call, STATUS_SECONDS)


def _aside(visit: Visit) -> Private:
    channel = str(visit.body["event"]["channel"])
    return Private(visit.desk.client, visit.person.user_id, channel=channel, log=visit.desk.log)


def _place(visit: Visit) -> Place:
    event = part(visit.body, "event")
    if not event:
        return Place("command", str(visit.body.get("trigger_id") or ""))
    # Both a mention and a direct message are named by channel and time, which Slack never gives twice.
    said = f"{event.get('channel')}:{event.get('ts')}"
    return Place("direct" if event.get("channel_type") == "im" else "channel", said)
