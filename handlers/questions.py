"""`/usage questions`: what had no answer, or one that did not help, for whoever looks after the answers."""

from handlers import buttons
from handlers.desk import Visit
from handlers.views import questions as view
from reporting_core.words.questions import OpenQuestions


async def show(visit: Visit, rest: str) -> None:
    """Show the list, newest first: `/usage questions`, `/usage questions 2`."""
    page = int(rest) if rest.strip().isdecimal() and len(rest.strip()) < 6 else 1  # noqa: PLR2004 - no list is longer
    await visit.reply.say(view.listed(await visit.desk.core.asking.open(page)))


async def turn_page(visit: Visit) -> None:
    """Show another page in place of the one that is shown."""
    await visit.reply.say(view.listed(await _page(visit)))


async def settle(visit: Visit) -> None:
    """Take a question off the list, and show what is left."""
    await visit.desk.core.asking.settle(str(buttons.carried(visit).get("t") or ""))
    await visit.reply.say(view.listed(await _page(visit)))


async def _page(visit: Visit) -> OpenQuestions:
    page = buttons.carried(visit).get("p")
    return await visit.desk.core.asking.open(page if isinstance(page, int) else 1)
