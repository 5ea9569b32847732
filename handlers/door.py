"""What every request passes: acknowledged first, once only, from the own workspace, by somebody who may.

This is the only place that catches errors, so a handler reads as what it does.
"""

import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from re import Pattern
from time import monotonic
from typing import Any, Literal

from handlers import language
from handlers.delivery import Acknowledgement, Home, Modal, Private, Reply, Thread
from handlers.desk import Desk, Visit
from handlers.errors import answer
from handlers.identity import claimed_home, full_member, part
from handlers.meter import outcome
from handlers.sentences import sentence
from handlers.views.filters import token_of
from reporting_core.words.errors import NotAllowed
from reporting_core.words.people import Asker, Need, SlackPerson

DIRECT = "D"
"""Ids of places that only the asker and the bot can see begin with it."""

_SAID = (None, "", "file_share")
"""Subtypes of messages that somebody wrote."""

Answers = Literal["private", "view", "options", "thread", "home", "nobody"]


@dataclass(frozen=True, slots=True)
class Route:
    """One listener. `answers` says where replies go; `view` and `options` answer in the acknowledgement itself."""

    kind: Literal["command", "action", "view", "options", "event"]
    match: str | Pattern[str]
    need: Need
    handle: Callable[[Visit], Awaitable[None]]
    answers: Answers = "private"


def listener(route: Route, desk: Desk) -> Callable[..., Awaitable[None]]:
    """Return what Bolt calls. It carries the route, by which a test sees that every listener declares its need."""

    async def heard(ack: Callable[..., Awaitable[Any]], body: dict[str, Any]) -> None:
        # Until it is known who this is, and for good once it has been answered, the account's own language is spoken.
        with desk.busy(), language.speaking(desk.speaks_to()):
            if route.answers not in {"view", "options"}:
                await ack()
            if claimed_home(body, desk.directory.home):
                began = monotonic()
                error = await _let_in(route, Caller(route, body, ack), desk)
                desk.meter.heard(route.kind, outcome(error), monotonic() - began)
            else:
                desk.log.warning("foreign_workspace", heard=route.kind)

    heard.route = route  # type: ignore[attr-defined]
    return heard


@dataclass(frozen=True, slots=True)
class Caller:
    """A request before it is known who makes it: the ids that the payload claims, and where an answer would go."""

    route: Route
    body: Mapping[str, Any]
    ack: Callable[..., Awaitable[Any]]

    @property
    def user_id(self) -> str:
        """Slack id of whoever typed or pressed."""
        event, user = part(self.body, "event"), part(self.body, "user")
        # Events of older installs name the person, like the place, one level deeper.
        thread = part(event, "assistant_thread")
        return str(self.body.get("user_id") or user.get("id") or event.get("user") or thread.get("user_id") or "")

    def reply(self, desk: Desk) -> Reply:
        """Return where an answer goes."""
        event = part(self.body, "event")
        match self.route.answers:
            case "view" | "options":
                return Acknowledgement(self.ack, options=self.route.answers == "options")
            case "thread":
                thread = str(event.get("thread_ts") or event.get("ts"))
                return Thread(desk.client, str(event.get("channel")), thread, self.user_id, desk.log)
            case "home":
                return Home(desk.client, self.user_id)
        view = part(self.body, "view")
        if view.get("type") == "modal":
            return Modal(desk.client, str(view.get("id")))
        return _private(self.body, self.user_id, desk)


async def _wanted(route: Route, body: Mapping[str, Any], desk: Desk) -> bool:
    """Turn away what bots said, and what was heard before: Slack sends an event again when an answer is lost."""
    if route.kind != "event":
        return True
    event = part(body, "event")
    desk.heard[str(event.get("type"))] = monotonic()
    # Changed and deleted messages and those of bots have a subtype or a bot's id; our own uploads are told to us too.
    if event.get("bot_id") or event.get("subtype") not in _SAID or event.get("user") == desk.directory.home.bot_user_id:
        return False
    event_id = body.get("event_id")
    # Slack numbers every event. A server that does not cannot be told twice from once.
    return await desk.core.first_time(event_id) if isinstance(event_id, str) and event_id else True


async def _let_in(route: Route, caller: Caller, desk: Desk) -> Exception | None:
    reply = caller.reply(desk)
    try:
        if not await _wanted(route, caller.body, desk):
            return None
        person, asker = await _who(route, caller, desk)
        visit = Visit(desk, caller.body, caller.ack, reply, person, asker)
        try:
            await route.handle(visit)
        finally:
            # A handler may have moved on to a form: what goes wrong from then on is said there.
            reply = visit.reply
    except Exception as error:  # noqa: BLE001 - the one place where anything becomes an answer
        await _refuse(reply, error, desk)
        return error
    return None


async def _who(route: Route, caller: Caller, desk: Desk) -> tuple[SlackPerson, Asker]:
    if route.answers == "nobody":
        return SlackPerson("", ""), nobody(SlackPerson("", ""))
    found = await desk.directory.person(caller.user_id)
    language.turn_to(desk.speaks_to(found))
    person = full_member(found)
    return person, nobody(person) if route.need is Need.NOTHING else await member(person, route.need, desk)


def nobody(person: SlackPerson) -> Asker:
    """Return an asker without any right, for what needs none."""
    return Asker(0, person.user_id, person.name, person.email)


async def member(person: SlackPerson, need: Need, desk: Desk) -> Asker:
    """Return the asker behind a person, who has what is needed; raises NotAllowed."""
    asker = await desk.core.identify(person)
    if not asker.may(need):
        raise NotAllowed(sentence(f"need_{need}"))
    return asker


async def _refuse(reply: Reply, error: Exception, desk: Desk) -> None:
    message = answer(error, desk)
    try:
        await reply.refuse(message)
    except Exception as second:  # noqa: BLE001 - nothing is left to tell it with but the log
        desk.log.error("unanswered", error=type(second).__name__)  # noqa: TRY400 - a traceback may hold what was typed


def _private(body: Mapping[str, Any], user_id: str, desk: Desk) -> Private:
    container = part(body, "container")
    channel = str(body.get("channel_id") or part(body, "channel").get("id") or "")
    pressed = "actions" in body and container.get("type") == "message"
    lasting = pressed and not container.get("is_ephemeral")
    mine = pressed and (not lasting or channel.startswith(DIRECT))
    return Private(
        desk.client,
        user_id,
        channel=channel,
        response_url=str(body.get("response_url") or ""),
        # A message that others can read, such as help in a thread, is never replaced: the answer may hold names.
        replaces=mine,
        message_ts=str(container.get("message_ts") or "") if lasting and mine else "",
        report=token_of(str(_pressed(body).get("block_id") or "")),
        log=desk.log,
    )


def _pressed(body: Mapping[str, Any]) -> Mapping[str, Any]:
    actions = body.get("actions")
    return actions[0] if isinstance(actions, list) and actions and isinstance(actions[0], Mapping) else {}


def carried(reply: Reply) -> str:
    """Return where a form's answer will go, as the form's private metadata."""
    if not isinstance(reply, Private):
        return ""
    place = {"r": reply.response_url, "c": reply.channel, "m": reply.message_ts}
    packed = json.dumps({**place, "e": reply.replaces, "s": reply.report})
    return packed if len(packed) <= 3_000 else ""  # noqa: PLR2004 - Slack's limit; then it goes by direct message


def unpacked(metadata: str, user_id: str, desk: Desk) -> Private:
    """Return the reply that `carried` wrote down."""
    kept = json.loads(metadata) if metadata else {}
    place = {"channel": kept.get("c", ""), "response_url": kept.get("r", ""), "message_ts": kept.get("m", "")}
    place["report"] = kept.get("s", "")
    return Private(desk.client, user_id, replaces=bool(kept.get("e")), log=desk.log, **place)
