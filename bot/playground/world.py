"""The state of the workspace: people, places and messages, and everybody who wants to hear about changes."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Any, Literal, TypeAlias

from bot.playground.cast import Cast, Person
from bot.playground.errors import Refused
from bot.playground.files import Files
from bot.playground.identity import Clock, Ids, Stamps
from bot.playground.messages import Channel, Message, may_see
from bot.playground.schema import Json
from bot.playground.tickets import ResponseUrls, Triggers
from bot.playground.views import Views

What: TypeAlias = Literal["message", "message_changed", "message_deleted", "typing", "state"]


@dataclass(frozen=True, slots=True)
class Change:
    """Something that happened in a place; `detail` holds what only some kinds need."""

    what: What
    channel: Channel
    message: Message | None = None
    detail: Json | None = None


Listener: TypeAlias = Callable[[Change], None]


class World:
    """One workspace while it runs; nothing here is written to disk."""

    def __init__(self, cast: Cast, clock: Clock, ids: Ids) -> None:
        self.cast = cast
        self.clock = clock
        self.ids = ids
        self.stamps = Stamps(clock)
        self.listeners: list[Listener] = []
        self.files = Files(clock, ids)
        self.views = Views(ids)
        self.triggers = Triggers(clock, ids)
        self.response_urls = ResponseUrls(clock, ids)
        app = cast.app
        self.bot = Person(
            app.bot_user_id, app.name, app.name, "", role_label="App", tz="UTC", is_bot=True, team_id=cast.team_id
        )
        people = [replace(person, team_id=person.team_id or cast.team_id) for person in cast.people]
        self.people = {person.id: person for person in [*people, self.bot]}
        now = int(clock())
        self.channels = {place.id: Channel.of(place, self.bot.id, now) for place in cast.places}
        for person in people:
            if not person.is_stranger:
                self._open_im(person.id)

    def _open_im(self, user: str) -> Channel:
        channel = Channel(self.ids.of("D"), user, "im", {user, self.bot.id}, is_private=True, created=int(self.clock()))
        self.channels[channel.id] = channel
        return channel

    def bot_im(self, user: str) -> Channel:
        """The direct message between the bot and one person."""
        pair = {user, self.bot.id}
        known = (c for c in self.channels.values() if c.kind == "im" and c.members == pair)
        return next(known, None) or self._open_im(user)

    def person(self, user: str) -> Person:
        """The person with that id, or `user_not_found`."""
        if user not in self.people:
            raise Refused("user_not_found")
        return self.people[user]

    def named(self, handle: str) -> Person | None:
        """The person with that handle, in any case."""
        return next((p for p in self.people.values() if p.name.lower() == handle.lower()), None)

    def visible_channels(self, user: str) -> list[Channel]:
        """The places somebody finds in their list: those they are in, and public ones unless a guest."""
        person = self.people[user]
        outsider = person.is_restricted or person.is_ultra_restricted or person.is_stranger
        return [
            channel
            for channel in self.channels.values()
            if user in channel.members or (not outsider and not channel.is_private)
        ]

    def post(self, channel: Channel, user: str, text: str, **more: Any) -> Message:
        """Add a message and tell everybody who may see it."""
        message = Message(self.stamps.next(), user, text, is_bot=user == self.bot.id, **more)
        channel.messages[message.ts] = message
        channel.read[user] = message.ts
        self.tell(Change("message", channel, message))
        if message.is_bot:
            self._done(channel, message)
        return message

    def _done(self, channel: Channel, message: Message) -> None:
        # As in Slack: what the app was doing is over once it says something there.
        for thread_ts in {"", message.thread_ts or "", message.ts} & channel.working.keys():
            self.say_working(channel, thread_ts, "")

    def say_working(self, channel: Channel, thread_ts: str, status: str) -> None:
        """What the app is doing, shown under the messages; an empty status takes it away."""
        channel.working.pop(thread_ts, None)
        if status:
            channel.working[thread_ts] = status
        detail = {"thread_ts": thread_ts, "status": status, "text": status, "user": self.bot.id}
        self.tell(Change("typing", channel, detail=detail))

    def edit(self, channel: Channel, message: Message, **changes: Any) -> None:
        """Change a message in place."""
        for name, value in changes.items():
            setattr(message, name, value)
        message.edited = self.stamps.next()
        self.tell(Change("message_changed", channel, message))

    def delete(self, channel: Channel, message: Message) -> None:
        """Take a message away."""
        del channel.messages[message.ts]
        self.tell(Change("message_deleted", channel, message))

    def tell(self, change: Change) -> None:
        """Hand a change to every listener."""
        for listener in self.listeners:
            listener(change)

    def readers(self, channel: Channel, message: Message | None) -> Iterable[str]:
        """The people who may learn about a change."""
        return [user for user in channel.members if message is None or may_see(message, user)]
