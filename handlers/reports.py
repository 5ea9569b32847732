"""Answering a question with its report, wherever the question came from."""

import asyncio
import re

from handlers.desk import Desk, Visit
from handlers.views import buttons, spoken
from handlers.views import report as report_view
from reporting_core.words.errors import UsagebotError
from reporting_core.words.people import Asker
from reporting_core.words.report import UsageReport

_MENTION = re.compile(r"<@([UW][A-Z0-9]+)(?:\|[^>]*)?>")
_MOST_MENTIONS = 5


async def show(visit: Visit, text: str) -> None:
    """Answer a question with its report: `team=Design last=30d`."""
    core = visit.desk.core
    mentions = await addresses(text, visit.desk)
    report = await visit.soon(core.usage(text, visit.asker, mentions=mentions))
    carried = await reference(report, visit.asker, visit.desk)
    # Rows are made when they are looked at, and may have to ask the database for groups: not in the event loop.
    await visit.reply.say(await asyncio.to_thread(report_view.message, report, carried))


async def reference(report: UsageReport, asker: Asker, desk: Desk) -> dict[str, str]:
    """Return what buttons carry for this question: the question itself, or a token where it is long."""
    question = spoken.first_page(report.query)
    short = len(question) <= buttons.LONGEST_QUESTION
    return {"q": question} if short else {"k": await desk.core.keep(asker, question)}


async def addresses(text: str, desk: Desk) -> dict[str, str]:
    """Return the e-mail behind each `<@U1|ann>`; who is not of this workspace is left out, and the core says so."""
    found: dict[str, str] = {}
    for user_id in list(dict.fromkeys(_MENTION.findall(text)))[:_MOST_MENTIONS]:
        found |= await _address(user_id, desk)
    return found


async def _address(user_id: str, desk: Desk) -> dict[str, str]:
    try:
        person = await desk.directory.person(user_id)
    except UsagebotError:
        return {}
    return {user_id: person.email} if person.email and not person.is_stranger else {}
