"""`/usage subscribe team=Design weekly mon 9:00 here`, `/usage edit TOKEN …`: what comes by itself, as it is typed."""

import re
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date

import aiohttp
from slack_sdk.errors import SlackApiError

from handlers import guard, language, reports
from handlers.audience import Why
from handlers.delivery import content
from handlers.desk import Desk, Visit
from handlers.door import DIRECT, member
from handlers.identity import full_member, part
from handlers.sentences import sentence
from handlers.views import schedules as view
from handlers.views.blocks import context, mrkdwn
from reporting_core.grammar import subscribing
from reporting_core.grammar.subscribing import Wanted
from reporting_core.words.errors import AskAgain, BadQuery, NotAllowed
from reporting_core.words.people import Need, SlackPerson
from reporting_core.words.schedules import Cadence, Kind, Schedule

_MENTION = re.compile(r"<@([UW][A-Z0-9]+)(?:\|[^>]*)?>")
_CHANNELS = ("C", "G")


@dataclass(frozen=True, slots=True)
class Plan:
    """What somebody wants to come by itself."""

    kind: Kind
    question: str
    cadence: Cadence
    zone: str
    channel: str


async def subscribe(visit: Visit, rest: str) -> None:
    """Answer `/usage subscribe …` with a digest that comes by itself."""
    await _begin(visit, Kind.DIGEST, rest, "subscribe")


async def export(visit: Visit, rest: str) -> None:
    """Answer `/usage export team=Design weekly mon 9:00` with a spreadsheet that comes by itself."""
    await _begin(visit, Kind.EXPORT, rest, "export")


async def begin(visit: Visit, plan: Plan) -> None:
    """Begin what is wanted, and say when it comes first."""
    core, before = visit.desk.core, visit.desk.core.exports.clock()
    wished = (plan.kind, plan.question, plan.cadence, plan.zone, plan.channel)
    schedule = await core.schedules.subscribe(visit.asker, *wished)
    await visit.reply.say(view.told(schedule, "subscribed" if schedule.made_at >= before else "known"))


async def edit(visit: Visit, schedule: Schedule, rest: str, typed: str) -> None:
    """Change a schedule by words: those that are left out leave it as it is."""
    wanted = await _read(visit, rest, schedule.cadence, schedule.zone, f"edit {typed}")
    channel = await place(visit, wanted.place) if wanted.place else None
    changed = await visit.desk.core.schedules.edit(
        visit.asker,
        schedule.token,
        question=wanted.question if wanted.question.strip() else None,
        cadence=wanted.cadence,
        zone=wanted.zone,
        channel=channel,
    )
    await visit.reply.say(view.told(changed, "edited"))


async def place(visit: Visit, word: str) -> str:
    """Return the channel for `here`, '' for the direct message. Raises AskAgain with the way out."""
    if word != "here":
        return ""
    channel = str(visit.body.get("channel_id") or part(visit.body, "channel").get("id") or "")
    if channel.startswith(DIRECT):
        raise AskAgain(sentence("schedule_place", why="direct"))
    return await checked(visit.desk, channel, visit.person.user_id)


async def checked(desk: Desk, channel: str, user_id: str) -> str:
    """Return a channel that takes messages of this person's; raises AskAgain for one that does not."""
    if not channel.startswith(_CHANNELS):
        raise AskAgain(sentence("schedule_place", why="foreign"))
    seen = await guard.audience(desk, channel, frozenset(), user_id)
    if not seen.can_be_told:
        raise AskAgain(sentence("schedule_place", why=_WHYS.get(seen.why, "unknown")))
    return channel


_WHYS = {Why.ARCHIVED: "archived", Why.NOT_THERE: "not_there", Why.OUTSIDER: "outsider"}


async def handed(visit: Visit, schedule: Schedule, user_id: str) -> Schedule:
    """Give a schedule to somebody who may see reports; raises AskAgain for anybody else."""
    try:
        person = full_member(await visit.desk.directory.person(user_id))
        asker = await member(person, Need.REPORTS, visit.desk)
        await visit.desk.core.query(schedule.question, asker)
    except (NotAllowed, AskAgain) as error:
        raise AskAgain(sentence("schedule_nobody")) from error
    given = await visit.desk.core.schedules.hand_over(visit.asker, schedule.token, user_id)
    if user_id != visit.person.user_id:
        with suppress(SlackApiError, aiohttp.ClientError, TimeoutError):  # handed over it is all the same
            await _tell(visit, given, person)
    return given


async def _tell(visit: Visit, given: Schedule, person: SlackPerson) -> None:
    """Tell whoever got a schedule that it is theirs, and from whom."""
    with language.speaking(visit.desk.speaks_to(person)):
        message = view.told(given, "given")
        by = context(mrkdwn(sentence("schedule_given", by=visit.person.user_id)))
    told = replace(message, blocks=(*message.blocks, by))
    opened = await visit.desk.client.conversations_open(users=person.user_id)
    await visit.desk.client.chat_postMessage(channel=opened["channel"]["id"], unfurl_links=False, **content(told))


def cadence(when: str, today: date, zone: str) -> Cadence:
    """Read when something is to come; raises BadQuery."""
    return subscribing.read(when, today, zone).cadence


def zone(typed: str, today: date) -> str:
    """Read a time zone by its name or its city; raises BadQuery with the nearest."""
    return subscribing.read(f"zone={typed}", today, "UTC").zone


async def _begin(visit: Visit, kind: Kind, rest: str, verb: str) -> None:
    wanted = await _read(visit, rest, subscribing.USUAL, visit.person.tz, verb)
    channel = await place(visit, wanted.place)
    await begin(visit, Plan(kind, wanted.question, wanted.cadence, wanted.zone, channel))


async def _read(visit: Visit, rest: str, before: Cadence, zone: str, verb: str) -> Wanted:
    """Read what is typed, the question in it as well, so that a fault anywhere is shown in the whole of it."""
    text = await _named(rest, visit.desk)
    today = visit.desk.core.exports.clock().date()
    wanted = subscribing.read(text, today, zone, before=before, verb=verb)
    try:
        await visit.desk.core.query(wanted.question, visit.asker)
    except BadQuery as error:
        raise subscribing.whole(error, text, wanted, verb) from error
    return wanted


async def _named(text: str, desk: Desk) -> str:
    """Write e-mails in place of mentions: a question is kept for long, and read without Slack."""
    found = await reports.addresses(text, desk)
    return _MENTION.sub(lambda hit: found.get(hit[1], hit[0]), text)
