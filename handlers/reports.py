"""Answering a question with its report, wherever the question came from."""

import asyncio
import re
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

from handlers import guard
from handlers.delivery import Private
from handlers.desk import Desk, Visit
from handlers.views import buttons, spoken
from handlers.views import report as report_view
from handlers.views import talk as talk_view
from handlers.views.blocks import Message
from handlers.views.filters import Controls
from reporting_core import grammar
from reporting_core.words.errors import UsagebotError
from reporting_core.words.people import Asker
from reporting_core.words.query import UsageQuery
from reporting_core.words.report import UsageReport
from reporting_core.words.shown import Shown

_MENTION = re.compile(r"<@([UW][A-Z0-9]+)(?:\|[^>]*)?>")
_MOST_MENTIONS = 5


@dataclass(frozen=True, slots=True)
class Change:
    """What becomes of the question that a message shows, and how that is taken back where it has no answer."""

    applied: Callable[[UsageQuery], UsageQuery]
    taken_back: Callable[[UsageQuery, UsageQuery], UsageQuery] = lambda _now, before: before


async def show(visit: Visit, text: str) -> None:
    """Answer a question with its report: `team=Design last=30d`."""
    standing = await own(visit)
    if standing is None:
        await _say(visit, await _answer(visit, text), None)
        return
    asked = await visit.desk.core.query(text, visit.asker)
    await _change(visit, standing, Change(lambda _now: asked), text)


async def change(visit: Visit, question: str, made: Change) -> None:
    """Show another question in place of one: in the message, if it is the asker's own, else in a copy for the asker.

    The change is written down before it is answered. So of two quick presses the later begins with what the earlier
    made, whichever of both is answered first.
    """
    standing = await own(visit)
    if standing is not None:
        await _change(visit, standing, made)
        return
    asked = grammar.canonical(made.applied(await _query(visit, question)))
    await _say(visit, await _answer(visit, asked), None)


async def again(visit: Visit) -> None:
    """Send the asker's own message anew: Slack shows what was pressed as chosen until then."""
    standing = await own(visit)
    if standing is not None:
        await _change(visit, standing, Change(lambda now: now))


async def shown(visit: Visit) -> Shown | None:
    """Return what is known of the message in which something was pressed, whosever it is."""
    token = visit.reply.report if isinstance(visit.reply, Private) else ""
    return await visit.desk.core.shown.of(token) if token else None


async def own(visit: Visit) -> Shown | None:
    """Return what is known of the message that the answer will replace; nothing where it replaces none."""
    if not isinstance(visit.reply, Private) or not visit.reply.replaces:
        return None
    found = await shown(visit)
    return found if found and found.slack_user_id == visit.asker.slack_user_id else None


async def _change(visit: Visit, standing: Shown, made: Change, text: str = "") -> None:
    before, now = await _written(visit, standing, made.applied)
    try:
        report = await _answer(visit, text or now.query)
    except Exception:
        # The message and what is written down of it must not part: whatever is wrong is told beside it.
        await _put_back(visit, before, now, made)
        raise
    await _say(visit, report, now)


async def _written(visit: Visit, standing: Shown, applied: Callable[[UsageQuery], UsageQuery]) -> tuple[Shown, Shown]:
    """Write a change down; returns what the message showed before and what it shows now."""
    while True:
        asked = grammar.canonical(applied(await _query(visit, standing.query)))
        now = await visit.desk.core.shown.change(standing, asked)
        if now is not None:
            return standing, now
        # Somebody was faster: the change is made to what they made.
        standing = await visit.desk.core.shown.of(standing.token) or await _opened(visit, standing.query)


async def _put_back(visit: Visit, before: Shown, now: Shown, made: Change) -> None:
    with suppress(UsagebotError):
        old = await _query(visit, before.query)
        _, back = await _written(visit, now, lambda query: made.taken_back(query, old))
        await _say(visit, await _answer(visit, back.query), back)


async def _answer(visit: Visit, text: str) -> UsageReport:
    core = visit.desk.core
    if len(text) > grammar.LONGEST:
        await core.keep(visit.asker, text)  # our own words; longer ones than these are read only if they are known
    mentions = await addresses(text, visit.desk)
    return await visit.soon(core.usage(text, visit.asker, mentions=mentions))


async def _query(visit: Visit, text: str) -> UsageQuery:
    if len(text) > grammar.LONGEST:
        await visit.desk.core.keep(visit.asker, text)
    return await visit.desk.core.query(text, visit.asker)


async def _opened(visit: Visit, query: str) -> Shown:
    return await visit.desk.core.shown.open(visit.asker.slack_user_id, query)


async def _say(visit: Visit, report: UsageReport, standing: Shown | None) -> None:
    """Send the message, unless a later press is about to send its own; make good where that one was overtaken."""
    now = standing or await _opened(visit, report.canonical)
    if standing and await _overtaken(visit, now):
        return
    while True:
        await visit.reply.say(await _message(visit, report, now))
        newer = await _overtaken(visit, now) if standing else None
        if newer is None:
            return
        now, report = newer, await _answer(visit, newer.query)


async def _message(visit: Visit, report: UsageReport, now: Shown) -> Message:
    carried = await reference(report, visit.asker, visit.desk)
    if isinstance(visit.reply, Private) and await guard.is_shared(visit.desk, visit.reply.channel):
        # Names have no place there, not even where only the asker sees them.
        return talk_view.elsewhere(report, carried)
    controls = Controls(now, await visit.desk.core.vocabulary(visit.asker), takes_back(visit.asker, report))
    # Rows are made when they are looked at, and may ask the database for groups: not in the event loop.
    return await asyncio.to_thread(report_view.message, report, carried, controls)


async def _overtaken(visit: Visit, now: Shown) -> Shown | None:
    newest = await visit.desk.core.shown.of(now.token)
    return newest if newest and newest.revision > now.revision else None


def takes_back(asker: Asker, report: UsageReport) -> bool:
    """Tell whether somebody may take back seats of a team in a report."""
    return asker.owner or bool(asker.administers & set(report.team_ids))


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
