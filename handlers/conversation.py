"""Words to the bot outside of commands: direct messages, mentions, the Messages tab and what it suggests; its Home."""

import re
from contextlib import suppress

import aiohttp
from slack_sdk.errors import SlackApiError

from handlers import home, talk
from handlers.desk import Visit
from handlers.door import member
from handlers.identity import part
from handlers.sentences import label
from handlers.usage import unescaped
from handlers.views import guide, support
from handlers.views.talk import prompts
from reporting_core import grammar
from reporting_core.words.errors import NotAllowed
from reporting_core.words.people import Need

_TYPED = re.compile(r"^/usage\b\s*", re.IGNORECASE)


async def greet(visit: Visit) -> None:
    """Answer a mention or a direct message in its thread; without any words, with what can be asked."""
    event = visit.body["event"]
    if event["type"] != "app_mention" and event.get("channel_type") != "im":
        return
    text = _words(visit, str(event.get("text") or ""))
    command = grammar.command(_TYPED.sub("", text))
    match command.verb:
        case "modal":
            await visit.reply.say(guide.overview())
        case "help" if command.rest.strip().casefold() in guide.TOPICS:
            await visit.reply.say(guide.about(command.rest))
        case "examples" if not command.rest.strip():
            await visit.reply.say(guide.examples())
        case "agent":
            # A form opens only on a press.
            await visit.reply.say(support.offer(command.rest.strip()))
        case "faq" if command.rest.strip():
            await talk.answer_question(visit, command.rest.strip())
        case _:
            await talk.answer_question(visit, text)


async def open_home(visit: Visit) -> None:
    """Show the Home, who one is here and what can be typed; in the Messages tab, suggest what to ask."""
    event = visit.body["event"]
    if event.get("tab") == "messages":
        await _suggest(visit, str(event.get("channel") or ""))
    elif event.get("tab") == "home":
        await home.open_home(visit)


async def open_thread(visit: Visit) -> None:
    """Suggest what to ask in a thread of the assistant, as installs from before `agent_view` have it."""
    thread = part(visit.body["event"], "assistant_thread")
    await _suggest(visit, str(thread.get("channel_id") or ""), str(thread.get("thread_ts") or ""))


async def forget(visit: Visit) -> None:
    """Look somebody up anew whom Slack says has changed."""
    visit.desk.directory.forget(str(part(visit.body["event"], "user").get("id") or ""))


def _words(visit: Visit, text: str) -> str:
    """Return what was said without the bot's own name in it, wherever that stands."""
    bot = visit.desk.directory.home.bot_user_id
    mention = re.compile(rf"<@{re.escape(bot)}(?:\|[^>]*)?>") if bot else re.compile(r"^\s*<@\w+(?:\|[^>]*)?>")
    return unescaped(mention.sub(" ", text)).strip()


async def _suggest(visit: Visit, channel: str, thread_ts: str = "") -> None:
    try:
        await member(visit.person, Need.REPORTS, visit.desk)
        reports = True
    except NotAllowed:
        reports = False
    # A thread is named to older installs only: the Messages tab has none.
    place = {"channel_id": channel, **({"thread_ts": thread_ts} if thread_ts else {})}
    # Suggestions are a courtesy: without them one can ask all the same.
    with suppress(SlackApiError, aiohttp.ClientError, TimeoutError):
        await visit.desk.client.assistant_threads_setSuggestedPrompts(
            **place, prompts=prompts(reports=reports), title=label("talk.prompts")
        )
