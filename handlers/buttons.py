"""Presses on buttons. What a button carries is parsed and checked like typed words: it may be altered."""

from collections.abc import Mapping

from handlers import reports
from handlers.delivery import Private
from handlers.desk import Visit
from handlers.sentences import sentence
from handlers.views import buttons, guide
from reporting_core.words.errors import AskAgain

_LAST_PAGE = 1_000_000


async def turn_page(visit: Visit) -> None:
    """Show another page in place of the one that is shown."""
    parts = carried(visit)
    page = parts.get("p")
    if not isinstance(page, int) or not 1 <= page <= _LAST_PAGE:
        raise AskAgain(sentence("stale_button"))
    turned = reports.Change(lambda now: now.turned_to(page), lambda now, before: now.turned_to(before.page))
    standing = await reports.shown(visit)
    await reports.change(visit, standing.query if standing else await question(visit), turned)


async def run(visit: Visit) -> None:
    """Answer the question that a button names, in place of the message it stands in."""
    await reports.show(visit, await question(visit))


async def run_directly(visit: Visit) -> None:
    """Answer the question of a button in the direct message, and say so where the button stands."""
    asked, here = await question(visit), visit.reply
    visit.reply = Private(visit.desk.client, visit.person.user_id, log=visit.desk.log)
    await reports.show(visit, asked)
    await here.refuse(guide.in_direct_message())


async def show_help(visit: Visit) -> None:
    """Show a page of the help."""
    await visit.reply.refuse(guide.about(str(carried(visit).get("t") or "")))


async def question(visit: Visit) -> str:
    """Return the question a button carries, or keeps under a token; for somebody else, that of the message."""
    standing = await reports.shown(visit)
    return await _asked(visit, carried(visit), standing.query if standing else None)


async def asked(visit: Visit, value: str) -> str:
    """Return the question that a modal carries in the way of a button."""
    return await _asked(visit, buttons.parts_of(value))


async def _asked(visit: Visit, parts: Mapping[str, object], otherwise: str | None = None) -> str:
    if isinstance(parts.get("k"), str):
        kept = await visit.desk.core.kept(visit.asker, str(parts["k"]))
        if kept is not None:
            return kept
    if isinstance(parts.get("q"), str):
        return str(parts["q"])
    if otherwise is not None:
        return otherwise
    raise AskAgain(sentence("stale_button"))


def carried(visit: Visit) -> dict[str, object]:
    """Return what the pressed button carries."""
    return buttons.parts_of(value_of(visit))


def value_of(visit: Visit) -> str:
    """Return the same as Slack sent it."""
    return str(visit.body["actions"][0].get("value") or "")
