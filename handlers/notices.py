"""What the bot tells by itself of schedules: one that rests and what mends it, one whose owner left, one in doubt."""

import json
from collections.abc import Mapping
from typing import Any

from handlers import buttons, language, owners
from handlers.desk import Desk, Visit
from handlers.identity import full_member
from handlers.outgoing import End, Letter, Outgoing, Unsent
from handlers.sentences import sentence
from handlers.views import notices as view
from handlers.views.blocks import Message
from reporting_core.words.errors import AskAgain, NotAllowed
from reporting_core.words.people import SlackPerson
from reporting_core.words.schedules import Kind, Post, Schedule, Standing, State, Why

_SCHEDULED = frozenset({Kind.DIGEST, Kind.EXPORT})
_OVER = frozenset({State.MISSED, State.FAILED, State.WITHDRAWN})
"""What became of a post that is not sent again although somebody said so."""


async def rest(desk: Desk, post: Post, cause: str, *, orphan: bool = False) -> None:
    """Let a post and its schedule rest, and tell its owner and the owners of usagebot, each once.

    What is to be told is written down first: whoever dies in between must not leave it untold.
    """
    if post.kind is Kind.ALERT and post.channel:
        await _to_owners(desk, post)
    if post.kind in _SCHEDULED:
        told = {"what": "orphan" if orphan else "rests", "schedule": post.schedule, "cause": cause}
        for user_id in await _concerned(desk, post, orphan=orphan):
            await enqueue(desk, f"notice:{post.key}:{user_id}", user_id, told)
        await desk.core.schedules.trouble(post.schedule, cause)
    await desk.core.schedules.failed(post, cause)


async def _concerned(desk: Desk, post: Post, *, orphan: bool) -> list[str]:
    """Return whom to tell: nobody again of a schedule that rests already, but for who asked for one post of it."""
    plan, whose = await about(desk, post.schedule), [] if orphan else [post.owner]
    if plan is None or plan.standing is not Standing.ON:
        return [] if post.slot else whose
    return list(dict.fromkeys([*whose, *await owners.of_usagebot(desk)]))


async def _to_owners(desk: Desk, post: Post) -> None:
    """Tell the owners themselves what a channel does not take any more, and that it does not."""
    now, about = desk.core.exports.clock(), {"what": "alert", "channel": post.channel}
    for user_id in await owners.of_usagebot(desk):
        await desk.core.schedules.enqueue(f"{post.key}:{user_id}", Kind.ALERT, user_id, "", now, post.content)
        await enqueue(desk, f"notice:{post.key}:{user_id}", user_id, about)


async def hand(desk: Desk, post: Post) -> None:
    """Ask the owner whether a message arrived of which nobody can tell, once for each time that it was sent.

    The question is written down first: whoever dies in between must not leave it unasked.
    """
    told = {"what": "doubt", "schedule": post.schedule, "post": post.key, "channel": post.channel}
    for user_id in [] if post.kind is Kind.NOTICE else await _asked(desk, post):
        await enqueue(desk, f"notice:doubt:{post.key}:{post.attempt}:{user_id}", user_id, told)
    await desk.core.schedules.handed(post)


async def _asked(desk: Desk, post: Post) -> list[str]:
    return [post.owner] if post.owner.startswith(("U", "W")) else await owners.of_usagebot(desk)


async def enqueue(desk: Desk, key: str, user_id: str, told: Mapping[str, Any]) -> None:
    """Write down a direct message to somebody; one of the same key goes out once."""
    now = desk.core.exports.clock()
    await desk.core.schedules.enqueue(key, Kind.NOTICE, user_id, "", now, json.dumps(told))


async def direct(desk: Desk, user_id: str) -> str:
    """Return the direct message with somebody. Raises what Slack's client raises."""
    opened = await desk.client.conversations_open(users=user_id)
    return str(opened["channel"]["id"])


async def ready(desk: Desk, post: Post) -> Outgoing | Unsent:
    """Return a notice as it can be sent: about a schedule as it stands now."""
    if not post.owner:
        return await _to_each(desk, post)
    try:
        user_id = await owners.slack_id(desk, post.owner)
        person = full_member(await desk.directory.person(user_id))
        with language.speaking(desk.speaks_to(person)):
            message = await _message(desk, json.loads(post.content), person)
    except NotAllowed:
        return Unsent(End.SKIPPED, "rights")
    except AskAgain:
        return Unsent(End.AGAIN, "who")
    return Letter(await direct(desk, user_id), message, post.content) if message else Unsent(End.SKIPPED, "gone")


async def _to_each(desk: Desk, post: Post) -> Unsent:
    """Write one notice for each owner of usagebot: the alert of a channel belongs to nobody else."""
    found = await owners.of_usagebot(desk)
    for user_id in found:
        await enqueue(desk, f"{post.key}{user_id}", user_id, json.loads(post.content))
    return Unsent(End.SKIPPED, "one each") if found else Unsent(End.AGAIN, "who")


async def _message(desk: Desk, told: Mapping[str, Any], person: SlackPerson) -> Message | None:
    if told["what"] == Why.GIVEN_UP:
        return await _given_up(desk, str(told["post"]), person)
    schedule = await about(desk, str(told.get("schedule") or ""))
    return view.message(view.Notice(str(told["what"]), told, schedule, person.user_id))


async def _given_up(desk: Desk, key: str, person: SlackPerson) -> Message | None:
    """Say what was not sent; None where it arrived after all, or where nobody waits for it any more."""
    post = await desk.core.schedules.of_key(key)
    if post is None or not post.is_given_up:
        return None
    if post.kind is Kind.ALERT:
        alert = await desk.core.alerts.drawn(post.content)
        return view.alert_given_up(post, alert.kind) if (await desk.core.identify(person)).owner else None
    plan = await about(desk, post.schedule)
    # What a person asked for beside the slots comes also while it is paused.
    goes_on = {Standing.ON} if post.slot else {Standing.ON, Standing.PAUSED, Standing.TROUBLE}
    return view.given_up(post, plan, person.user_id) if plan and plan.standing in goes_on else None


async def send_alert(visit: Visit) -> None:
    """Let an alert that was given up be sent after all; pressed twice, once."""
    post = await _of_button(visit)
    if post.kind is not Kind.ALERT:
        raise AskAgain(sentence("stale_button"))
    now = visit.desk.core.exports.clock()
    await visit.desk.core.schedules.enqueue(f"{post.key}:now", post.kind, post.owner, post.channel, now, post.content)
    await visit.reply.say(view.alert_sent(post))


async def take_over(visit: Visit) -> None:
    """Take a schedule whose owner may not see it any more, and let it go on."""
    token = str(buttons.carried(visit).get("s") or "")
    schedules = visit.desk.core.schedules
    await schedules.hand_over(visit.asker, token, visit.person.user_id)
    schedule = await schedules.resume(visit.asker, token)
    await visit.reply.say(view.taken(schedule))


async def settle(visit: Visit) -> None:
    """Take the owner's word on whether a message arrived: one that did not is sent again."""
    post = await _doubted(visit)
    arrived = str(visit.body["actions"][0].get("action_id")) == "post_arrived"
    schedules = visit.desk.core.schedules
    done = await (schedules.arrived(post, "") if arrived else schedules.not_arrived(post))
    now = await schedules.of_key(post.key)
    over = not arrived and now is not None and now.state in _OVER
    await visit.reply.say(view.settled(arrived=arrived, done=done, over=over))


async def _of_button(visit: Visit) -> Post:
    key = buttons.carried(visit).get("k")
    post = await visit.desk.core.schedules.of_key(key) if isinstance(key, str) else None
    if post is None:
        raise AskAgain(sentence("stale_button"))
    return post


async def _doubted(visit: Visit) -> Post:
    post = await _of_button(visit)
    if not visit.asker.owner and post.owner != visit.person.user_id:
        raise NotAllowed(sentence("need_owner"))
    return post


async def about(desk: Desk, token: str) -> Schedule | None:
    """Return a schedule for the bot itself."""
    return (await desk.core.schedules.by_token([token])).get(token)
