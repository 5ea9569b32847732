"""What comes by itself, looked after: listed, paused, resumed, previewed, sent now, changed, handed over, ended."""

import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace

from handlers import buttons, digests, posting, schedule_form, subscribing
from handlers.delivery import Private
from handlers.desk import Visit
from handlers.owners import Owner
from handlers.sentences import sentence
from handlers.views import schedules as view
from handlers.views.schedules import Listing
from reporting_core.words.errors import AskAgain
from reporting_core.words.schedules import Kind, Schedule, Standing

_MENTION = re.compile(r"<@([UW][A-Z0-9]+)(?:\|[^>]*)?>")


async def subscribe(visit: Visit, rest: str) -> None:
    """Answer `/usage subscribe …`; without words the form is opened, filled in with the last question."""
    if rest.strip():
        await subscribing.subscribe(visit, rest)
    else:
        await schedule_form.open_last(visit)


async def subscriptions(visit: Visit, rest: str) -> None:
    """Answer `/usage subscriptions`, `… all` for owners, `… TOKEN` for one with its history."""
    word = rest.strip().strip("`")
    if word.casefold() in {"", "all", "alle"}:
        await _list(visit, everyone=bool(word))
    else:
        await _one(visit, await _schedule(visit, word))


async def pause(visit: Visit, rest: str) -> None:
    """Answer `/usage pause TOKEN`."""
    token = _typed(rest, "pause")
    await _told(visit, await visit.desk.core.schedules.pause(visit.asker, token), "paused")


async def resume(visit: Visit, rest: str) -> None:
    """Answer `/usage resume TOKEN`; a private channel takes nothing from who is no member."""
    token = _typed(rest, "resume")
    schedule = await _schedule(visit, token)
    if schedule.standing is not Standing.ON and schedule.channel:
        await subscribing.checked(visit.desk, schedule.channel, schedule.owner)  # else it would rest again at once
    await _told(visit, await visit.desk.core.schedules.resume(visit.asker, token), "resumed")


async def end(visit: Visit, rest: str) -> None:
    """Answer `/usage unsubscribe TOKEN`."""
    token = _typed(rest, "unsubscribe")
    await _told(visit, await visit.desk.core.schedules.end(visit.asker, token), "ended")


async def preview(visit: Visit, rest: str) -> None:
    """Answer `/usage preview TOKEN`: what would come now, to whoever asks alone; with the owner's rights for a channel.

    Somebody else's is previewed with one's own rights.
    """
    schedule = await _schedule(visit, _typed(rest, "preview"))
    if schedule.kind is not Kind.DIGEST:
        raise AskAgain(sentence("schedule_no_preview", token=schedule.token[: view.SHORT]))
    channel = visit.reply.channel if isinstance(visit.reply, Private) else ""
    work = digests.preview(visit.desk, Owner(visit.person, visit.asker), schedule, channel)
    await visit.reply.say(view.as_preview(*await visit.soon(work)))


async def send(visit: Visit, rest: str) -> None:
    """Answer `/usage send now TOKEN`; the same press again sends nothing anew."""
    words = rest.split()
    words = words[1:] if words and words[0].casefold() in {"now", "jetzt"} else words
    schedule = await _schedule(visit, _typed(" ".join(words), "send now"))
    press = str(visit.body.get("trigger_id") or "")
    await visit.desk.core.schedules.send_now(visit.asker, schedule.token, press)
    await _told(visit, schedule, "sent")
    await posting.post_due(visit.desk)


async def edit(visit: Visit, rest: str) -> None:
    """Answer `/usage edit TOKEN [every 2 weeks fri 17:00 …]`; without words the form is opened."""
    token, _, words = rest.strip().partition(" ")
    schedule = await _schedule(visit, _typed(token, "edit"))
    if words.strip():
        await subscribing.edit(visit, schedule, words, token)
    else:
        await schedule_form.change(visit, schedule)


async def hand(visit: Visit, rest: str) -> None:
    """Answer `/usage hand over TOKEN @ben`."""
    words = rest.split()
    words = words[1:] if words and words[0].casefold() == "over" else words
    token = _typed(words[0] if words else "", "hand over")
    schedule = await _schedule(visit, token)
    to = _MENTION.search(rest)
    if to is None:
        raise AskAgain(sentence("schedule_to_whom", token=token, typed=" ".join(words[1:])))
    await _told(visit, await subscribing.handed(visit, schedule, to[1]), "handed")


async def press(visit: Visit) -> None:
    """Do what a button says, and show how the schedule stands where it was pressed."""
    name = str(visit.body["actions"][0].get("action_id")).removeprefix("schedule_")
    await _PRESSED[name](visit, _carried(visit))


async def manage(visit: Visit) -> None:
    """Show a schedule with its history, beside the message in which the button stands."""
    if isinstance(visit.reply, Private):
        visit.reply = replace(visit.reply, replaces=False, message_ts="")
    await _one(visit, await _schedule(visit, _carried(visit)))


async def turn(visit: Visit) -> None:
    """Show another part of the list in place of the one that is shown."""
    carried = buttons.carried(visit)
    offset = carried.get("o")
    await _list(visit, everyone=bool(carried.get("e")), offset=offset if isinstance(offset, int) else 0)


async def _list(visit: Visit, *, everyone: bool = False, offset: int = 0) -> None:
    core = visit.desk.core.schedules
    found = await core.listed(visit.asker, everyone=everyone)
    last = await core.last([each.token for each in found])
    await visit.reply.say(view.listed(Listing(found, last, everyone, offset)))


async def _one(visit: Visit, schedule: Schedule) -> None:
    history = await visit.desk.core.schedules.history(visit.asker, schedule.token)
    await visit.reply.say(view.one(schedule, history))


async def _told(visit: Visit, schedule: Schedule, change: str) -> None:
    await visit.reply.say(view.told(schedule, change))


async def _schedule(visit: Visit, token: str) -> Schedule:
    return await visit.desk.core.schedules.one(visit.asker, token)


def _typed(rest: str, verb: str) -> str:
    token = rest.strip().strip("`").strip()
    if not token:
        raise AskAgain(sentence("schedule_which", verb=verb))
    return token


def _carried(visit: Visit) -> str:
    token = buttons.carried(visit).get("s")
    if not isinstance(token, str) or not token:
        raise AskAgain(sentence("stale_button"))
    return token


_PRESSED: Mapping[str, Callable[[Visit, str], Awaitable[None]]] = {
    "pause": pause,
    "resume": resume,
    "preview": preview,
    "send": send,
    "edit": edit,
    "end": end,
}
