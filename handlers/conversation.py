"""Words to the bot outside of commands, and its Home. Plain questions come later; until then it says what works."""

import re

from handlers.delivery import Home
from handlers.desk import Visit
from handlers.door import member
from handlers.identity import part
from handlers.usage import unescaped
from handlers.views import buttons, guide, home
from handlers.views.blocks import Message
from reporting_core import grammar
from reporting_core.words.errors import NotAllowed
from reporting_core.words.people import Need

_MENTION = re.compile(r"^\s*<@\w+(?:\|[^>]*)?>\s*")


async def greet(visit: Visit) -> None:
    """Answer a mention or a direct message: help for who asks for it, else what works now."""
    event = visit.body["event"]
    if event["type"] == "app_mention" or event.get("channel_type") == "im":
        await visit.reply.say(_answer(_MENTION.sub("", str(event.get("text") or ""), count=1)))


async def open_home(visit: Visit) -> None:
    """Show the Home: who one is here, and what can be typed."""
    if visit.body["event"].get("tab") == "home" and isinstance(visit.reply, Home):
        await visit.reply.show(await _home(visit))


async def forget(visit: Visit) -> None:
    """Look somebody up anew whom Slack says has changed."""
    visit.desk.directory.forget(str(part(visit.body["event"], "user").get("id") or ""))


def _answer(said: str) -> Message:
    text = unescaped(said).strip()
    command = grammar.command(text)
    match command.verb:
        case "help":
            return guide.about(command.rest)
        case "examples":
            return guide.examples()
    # What is written like a command runs on a press, whose answer only the presser sees, wherever it was said.
    return guide.later(text if "=" in text and buttons.fits(text) else "")


async def _home(visit: Visit) -> dict[str, object]:
    try:
        return home.home(await member(visit.person, Need.REPORTS, visit.desk))
    except NotAllowed as error:
        return home.outsider(error.message, visit.desk.contact)
