"""`/usage audit`: who did what about seats and when, a page at a time or as a spreadsheet in the direct message."""

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory

from handlers import buttons, places, uploads
from handlers.desk import Desk, Visit
from handlers.door import member
from handlers.identity import full_member
from handlers.sentences import sentence
from handlers.uploads import Parcel
from handlers.views import audit as view
from handlers.views import audit_sheet
from handlers.views.audit_sheet import About
from reporting_core.words.audit import Page
from reporting_core.words.errors import AskAgain, UsagebotError
from reporting_core.words.people import Asker, Need

MOST_NAMES = 50
"""Slack people whose names are looked up for one spreadsheet."""


async def show(visit: Visit, rest: str) -> None:
    """Show the rows that typed words pick: `/usage audit team=Design last=90d`."""
    await places.say(visit, view.page(await visit.soon(visit.desk.core.audit.page(visit.asker, rest))))


async def turn(visit: Visit) -> None:
    """Show another page in place of the one that is shown."""
    await show(visit, _question(visit))


async def spreadsheet(visit: Visit) -> None:
    """Send all rows that the message is about into the direct message with whoever pressed."""
    found = await visit.soon(visit.desk.core.audit.page(visit.asker, _question(visit), whole=True))
    about = About(visit.person.name, visit.desk.core.exports.clock(), version("usagebot"))
    names = await _names(visit.desk, found)
    with TemporaryDirectory(prefix="usagebot-audit-", dir=visit.desk.workshop.folder) as folder:
        path = Path(folder) / "audit.xlsx"
        await asyncio.to_thread(audit_sheet.write, found, path, about, names)
        await _still_may(visit)
        place = await places.direct(visit)
        parcel = Parcel(place.channel, path, audit_sheet.name(found), comment=view.comment(found))
        posted = await uploads.post(visit.desk.client, parcel, visit.desk.workshop.looks)
    await visit.reply.refuse(view.sent(found, posted.permalink))


def _question(visit: Visit) -> str:
    question = buttons.carried(visit).get("q")
    if not isinstance(question, str):
        raise AskAgain(sentence("stale_button"))
    return question


async def _still_may(visit: Visit) -> None:
    """Refuse where rights were taken away while the file was made."""
    person = full_member(await visit.desk.directory.person(visit.person.user_id))
    now = await member(person, Need.ADMIN, visit.desk)
    if _scope(now) != _scope(visit.asker):
        raise AskAgain(sentence("stale_button"))


def _scope(asker: Asker) -> tuple[bool, frozenset[int]]:
    return asker.owner, asker.administers


async def _names(desk: Desk, found: Page) -> Mapping[str, str]:
    """Return what Slack calls those who acted; an id without a name stays an id."""
    names = {}
    acted = dict.fromkeys(line.actor for line in found.lines)
    for user_id in [each for each in acted if each.startswith(("U", "W"))][:MOST_NAMES]:
        with suppress(UsagebotError):
            names[user_id] = (await desk.directory.person(user_id)).name
    return names
