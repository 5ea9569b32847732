"""One method of the Web API: which token and scopes it needs, and what it may use to answer."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

from bot.playground.arguments import Arguments
from bot.playground.content import Content
from bot.playground.errors import InvalidArguments, Refused
from bot.playground.happenings import Happenings
from bot.playground.messages import Channel
from bot.playground.modals import Modals
from bot.playground.payloads import Payloads
from bot.playground.schema import Json
from bot.playground.socket_mode import SocketMode
from bot.playground.world import World

Caller: TypeAlias = Literal["bot", "app", "anybody"]


@dataclass(frozen=True, slots=True)
class Desk:
    """Everything the methods work with."""

    world: World
    content: Content
    payloads: Payloads
    modals: Modals
    happenings: Happenings
    socket: SocketMode

    @property
    def base_url(self) -> str:
        """Where this workspace answers, such as `http://127.0.0.1:3000`."""
        return self.payloads.base_url

    @property
    def scopes(self) -> tuple[str, ...]:
        """What the app was granted."""
        return self.world.cast.app.scopes

    def need(self, scope: str) -> None:
        """Refuse unless the app has this scope."""
        if scope not in self.scopes:
            raise Refused("missing_scope", needed=scope, provided=",".join(self.scopes))

    def channel(self, name: str | None) -> Channel:
        """A place the app can see: its own, and public channels."""
        channel = self.world.channels.get(name or "")
        hidden = channel is not None and channel.is_private and self.world.bot.id not in channel.members
        if channel is None or hidden:
            raise Refused("channel_not_found")
        return channel

    def writable(self, name: str | None) -> Channel:
        """A place the app may post in; a person's id means the direct message with them."""
        if name in self.world.people and name != self.world.bot.id:
            return self._direct(name)
        channel = self.channel(name)
        if channel.is_archived:
            raise Refused("is_archived")
        if self.world.bot.id not in channel.members:
            raise Refused("not_in_channel")
        return channel

    def _direct(self, user: str) -> Channel:
        person = self.world.people[user]
        if person.deleted or person.is_bot or person.is_stranger:
            raise Refused("channel_not_found")
        return self.world.bot_im(user)


Handler: TypeAlias = Callable[[Desk, Arguments], Awaitable[Json]]


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A method, whose token it takes, and the scopes that are all needed."""

    handler: Handler
    scopes: tuple[str, ...] = ()
    caller: Caller = "bot"


Table: TypeAlias = Mapping[str, Endpoint]


def page_of(found: list[Any], args: Arguments, default: int, most: int) -> tuple[list[Any], Json]:
    """One page of a list and the cursor to the next, as Slack gives it."""
    limit = args.number("limit", default, most)
    cursor = args.optional("cursor") or "offset:0"
    start = cursor.removeprefix("offset:")
    if not cursor.startswith("offset:") or not start.isdigit():
        raise Refused("invalid_cursor")
    end = int(start) + limit
    following = f"offset:{end}" if end < len(found) else ""
    return found[int(start) : end], {"next_cursor": following}


def required_list(args: Arguments, name: str) -> list[Any]:
    """A JSON list that must be there."""
    value = args.json(name)
    if not isinstance(value, list):
        message = f"missing required field: {name}"
        raise InvalidArguments(message)
    return value
