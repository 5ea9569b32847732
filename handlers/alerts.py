"""Alerts: told once for each time something begins, to the owners or a channel; switched and set by an owner."""

import re

from handlers import guard, language, notices, owners
from handlers.audience import Why
from handlers.desk import Desk, Visit
from handlers.identity import full_member
from handlers.outgoing import End, Letter, Outgoing, Unsent
from handlers.sentences import sentence
from handlers.views import alerts as view
from reporting_core.words.alerts import AlertKind
from reporting_core.words.errors import AskAgain, NotAllowed
from reporting_core.words.schedules import Post

_CHANNEL = re.compile(r"<#([CG][A-Z0-9]+)(?:\|[^>]*)?>|([CG][A-Z0-9]{6,})")
_NOWHERE = {Why.ARCHIVED, Why.NOT_THERE}


async def ready(desk: Desk, post: Post) -> Outgoing | Unsent:
    """Return an alert as it can be sent, with the names of teams and products as they are now; no person is in it."""
    alert = await desk.core.alerts.drawn(post.content)
    if post.channel:
        seen = await guard.look(desk, post.channel)
        if seen.why in _NOWHERE or seen.outside:
            return Unsent(End.RESTS, "channel_gone")
        with language.speaking(desk.speaks_to()):
            return Letter(post.channel, view.message(alert, aloud=True), post.content)
    try:
        user_id = await owners.slack_id(desk, post.owner)
        person = full_member(await desk.directory.person(user_id))
        asker = await desk.core.identify(person)
    except NotAllowed:
        return Unsent(End.SKIPPED, "rights")
    except AskAgain:
        return Unsent(End.AGAIN, "who")
    if not asker.owner:
        return Unsent(End.SKIPPED, "rights")
    with language.speaking(desk.speaks_to(person)):
        message = view.message(alert)
    return Letter(await notices.direct(desk, user_id), message, post.content)


async def look(desk: Desk) -> int:
    """Look at everything that is watched; returns how many alerts that brought."""
    return len(await desk.core.alerts.look(desk.core.exports.clock()))


async def command(visit: Visit, rest: str) -> None:
    """Answer `/usage alerts`, `/usage alerts tokens_low off`, `… 15`, `… here`, `… #ops`, `… me`."""
    words = rest.split()
    changed = None
    if words:
        changed = _kind(words[0])
        await _set(visit, changed, words[1:])
    await visit.reply.say(view.rules(await visit.desk.core.alerts.rules(), changed, owner=visit.asker.owner))


async def press(visit: Visit) -> None:
    """Switch one on or off from the list."""
    action = visit.body["actions"][0]
    kind = _kind(str(action.get("value") or ""))
    on = str(action.get("action_id")).startswith("alert_on")
    await visit.desk.core.alerts.set_rule(visit.asker, kind, on=on)
    await visit.reply.say(view.rules(await visit.desk.core.alerts.rules(), kind, owner=True))


async def _set(visit: Visit, kind: AlertKind, words: list[str]) -> None:
    alerts, asker = visit.desk.core.alerts, visit.asker
    if not words:
        raise AskAgain(sentence("alerts_how"))
    for word in words:
        place = await _place(visit, word)
        if word.casefold() in _SWITCH:
            await alerts.set_rule(asker, kind, on=_SWITCH[word.casefold()])
        elif place is not None:
            await alerts.set_rule(asker, kind, channel=place)
        elif word.rstrip("%").isascii() and word.rstrip("%").isdecimal() and len(word) < 10:  # noqa: PLR2004 - no threshold is that long
            await alerts.set_rule(asker, kind, threshold=int(word.rstrip("%")))
        else:
            raise AskAgain(sentence("alerts_word", typed=word, kind=kind))


_SWITCH = {"on": True, "off": False, "an": True, "aus": False}


async def _place(visit: Visit, word: str) -> str | None:
    """Return the channel that a word names, '' for the direct messages, None where it names none."""
    if word.casefold() in {"me", "owners", "direct"}:
        return ""
    named = _CHANNEL.fullmatch(word)
    here = str(visit.body.get("channel_id") or "") if word.casefold() == "here" else ""
    channel = (named[1] or named[2]) if named else here
    if not channel:
        return None
    seen = await guard.look(visit.desk, channel)
    if seen.why in _NOWHERE:
        raise AskAgain(sentence("posting_cause", cause="archived" if seen.why is Why.ARCHIVED else "not_in_channel"))
    if seen.outside:
        raise AskAgain(sentence("alerts_outside"))
    return channel


def _kind(word: str) -> AlertKind:
    typed = word.casefold().replace("-", "_")
    found = next((each for each in AlertKind if each == typed), None)
    if found is None:
        raise AskAgain(sentence("alerts_which", typed=word, kinds=", ".join(AlertKind)))
    return found
