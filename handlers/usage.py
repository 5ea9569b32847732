"""`/usage …`: reports, help, the form, who is who. One table says what each verb needs."""

from collections.abc import Awaitable, Callable, Mapping

from handlers import (
    agent,
    alerts,
    audit,
    buttons,
    doctor,
    exempting,
    form,
    people,
    questions,
    reports,
    schedules,
    seat_cards,
    spreadsheets,
    subscribing,
    talk,
    unassign_words,
    why,
)
from handlers.desk import Visit
from handlers.door import member
from handlers.views import faults, guide
from reporting_core import grammar
from reporting_core.words.names import storable
from reporting_core.words.people import Need


async def answer(visit: Visit) -> None:
    """Answer `/usage` by its verb."""
    await _answer(visit, unescaped(str(visit.body.get("text") or "")))


async def run(visit: Visit) -> None:
    """Do what typing the command of a button would do."""
    await _answer(visit, str(buttons.carried(visit).get("c") or ""))


async def _answer(visit: Visit, text: str) -> None:
    command = grammar.command(storable(text))
    need, tell = VERBS.get(command.verb, (Need.NOTHING, None))
    if tell is None:
        await visit.reply.say(faults.not_yet(command.verb))
        return
    if need is not Need.NOTHING:
        visit.asker = await member(visit.person, need, visit.desk)
    await tell(visit, command.rest)


async def show_help(visit: Visit, topic: str) -> None:
    """Answer `/usage help`, `/usage help filters` and `/usage help digests`."""
    await visit.reply.say(guide.about(topic))


async def show_examples(visit: Visit, _rest: str) -> None:
    """Answer `/usage examples`."""
    await visit.reply.say(guide.examples())


async def open_form(visit: Visit, _rest: str) -> None:
    """Answer a bare `/usage` with the form."""
    await form.open_last(visit)


async def export(visit: Visit, rest: str) -> None:
    """Answer `/usage export …`: a spreadsheet now, or one that comes by itself where words say how often."""
    today = visit.desk.core.exports.clock().date()
    regularly = grammar.says_when(rest, today)
    await (subscribing.export if regularly else spreadsheets.export)(visit, rest)


VERBS: Mapping[str, tuple[Need, Callable[[Visit, str], Awaitable[None]]]] = {
    "report": (Need.REPORTS, reports.show),
    "modal": (Need.REPORTS, open_form),
    "help": (Need.NOTHING, show_help),
    "examples": (Need.NOTHING, show_examples),
    "export": (Need.REPORTS, export),
    "exports": (Need.REPORTS, spreadsheets.history),
    "people": (Need.OWNER, people.show),
    "why": (Need.REPORTS, why.explain),
    "faq": (Need.NOTHING, talk.faq_command),
    "questions": (Need.OWNER, questions.show),
    "agent": (Need.NOTHING, agent.ask),
    "unassign": (Need.ADMIN, unassign_words.answer),
    "undo": (Need.ADMIN, seat_cards.undo_command),
    "exempt": (Need.ADMIN, exempting.exempt),
    "audit": (Need.ADMIN, audit.show),
    "subscribe": (Need.REPORTS, schedules.subscribe),
    "subscriptions": (Need.REPORTS, schedules.subscriptions),
    "pause": (Need.REPORTS, schedules.pause),
    "resume": (Need.REPORTS, schedules.resume),
    "edit": (Need.REPORTS, schedules.edit),
    "preview": (Need.REPORTS, schedules.preview),
    "send": (Need.REPORTS, schedules.send),
    "hand": (Need.REPORTS, schedules.hand),
    "unsubscribe": (Need.REPORTS, schedules.end),
    "alerts": (Need.REPORTS, alerts.command),
    "doctor": (Need.OWNER, doctor.show),
}


def unescaped(text: str) -> str:
    """Take Slack's own escaping off again, once."""
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
