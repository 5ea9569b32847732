"""Which changes of the workspace the app hears about as events, for those it subscribed to."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from bot.playground.cast import Person
from bot.playground.delivery import Events
from bot.playground.errors import Refused
from bot.playground.messages import Channel, Message
from bot.playground.payloads import Payloads
from bot.playground.schema import Json
from bot.playground.shapes import message_json, user_json
from bot.playground.typed import rich_text
from bot.playground.world import Change, World


class Happenings:
    """Listens to the world and sends events."""

    def __init__(self, world: World, payloads: Payloads, events: Events) -> None:
        self._world = world
        self._payloads = payloads
        self._events = events
        world.listeners.append(self._heard)

    def _send(self, name: str, event: Json, channel: Channel | None = None) -> None:
        if name in self._world.cast.app.events:
            stamped = {**event, "event_ts": event.get("event_ts", self._world.stamps.next())}
            self._events.send(self._payloads.event(stamped, channel))

    def _heard(self, change: Change) -> None:
        message = change.message
        if message is None or message.only_for is not None:
            return
        if change.channel.kind == "im" and self._world.bot.id in change.channel.members:
            self._direct(change, message)
        elif change.what == "message" and self._mentions_bot(change.channel, message):
            self._send("app_mention", {**self._message(change.channel, message), "type": "app_mention"}, change.channel)

    def _mentions_bot(self, channel: Channel, message: Message) -> bool:
        bot = self._world.bot.id
        return bot in channel.members and not message.is_bot and f"<@{bot}>" in message.text

    def _message(self, channel: Channel, message: Message) -> Json:
        body = message_json(self._world, channel, message, self._payloads.base_url)
        if not message.is_bot:
            body |= {"client_msg_id": self._world.ids.envelope()}
            if message.text:
                body.setdefault("blocks", rich_text(message.text, self._world.ids.short()))
        parent = channel.messages.get(message.thread_ts or "")
        answered = {"parent_user_id": parent.user} if parent and parent is not message else {}
        return {**body, **answered, "channel": channel.id, "event_ts": message.ts}

    def _direct(self, change: Change, message: Message) -> None:
        channel, place = change.channel, {"channel": change.channel.id, "channel_type": "im"}
        if change.what == "message":
            self._send("message.im", {**self._message(channel, message), **place})
            return
        if change.what not in {"message_changed", "message_deleted"}:
            return
        stored = message_json(self._world, channel, message, self._payloads.base_url)
        now = self._world.stamps.next()
        event: Json = {"type": "message", "subtype": change.what, "hidden": True, "ts": now, "event_ts": now, **place}
        event |= {"message": stored} if change.what == "message_changed" else {"deleted_ts": message.ts}
        self._send("message.im", {**event, "previous_message": stored})

    def home_opened(self, user: str, tab: str) -> None:
        """Somebody opened the app's Home or its Messages tab."""
        event: Json = {
            "type": "app_home_opened",
            "user": user,
            "channel": self._world.bot_im(user).id,
            "tab": tab,
        }
        if tab == "home" and user in self._world.views.homes:
            event["view"] = self._payloads.view(self._world.views.homes[user])
        self._send("app_home_opened", event)

    def join(self, channel: Channel, user: str, inviter: str | None = None) -> None:
        """Somebody, or the app, comes into a place."""
        if user in channel.members:
            return
        channel.members.add(user)
        self._world.tell(Change("state", channel))
        invited = {"inviter": inviter} if inviter else {}
        self._member("member_joined_channel", channel, user, invited)

    def leave(self, channel: Channel, user: str) -> None:
        """Somebody, or the app, goes."""
        if user not in channel.members:
            raise Refused("not_in_channel")
        self._member("member_left_channel", channel, user, {})
        self._world.tell(Change("state", channel))
        channel.members.discard(user)

    def archive(self, channel: Channel, user: str = "") -> None:
        """Nobody writes here any more."""
        self._close(channel, user, is_archived=True)

    def unarchive(self, channel: Channel, user: str = "") -> None:
        """A channel is open again."""
        self._close(channel, user, is_archived=False)

    def _close(self, channel: Channel, user: str, *, is_archived: bool) -> None:
        channel.is_archived = is_archived
        self._world.tell(Change("state", channel))
        if self._world.bot.id in channel.members:
            kind = "group" if channel.is_private else "channel"
            name = f"{kind}_archive" if is_archived else f"{kind}_unarchive"
            self._send(name, {"type": name, "channel": channel.id, "user": user}, channel)

    def _member(self, name: str, channel: Channel, user: str, more: Json) -> None:
        if self._world.bot.id in channel.members or user == self._world.bot.id:
            letter = "G" if channel.is_private else "C"
            event = {
                "type": name,
                "user": user,
                "channel": channel.id,
                "channel_type": letter,
                "team": self._world.people[user].team_id,
                **more,
            }
            self._send(name, event, channel)

    def change_person(self, user: str, **changes: Any) -> Person:
        """Somebody becomes a guest, is deactivated or gets another address."""
        person = replace(self._world.person(user), **changes)
        self._world.people[user] = person
        for channel in self._world.channels.values():
            if user in channel.members:
                self._world.tell(Change("state", channel))
        with_email = "users:read.email" in self._world.cast.app.scopes
        shown = user_json(self._world, person, with_email=with_email, with_locale=True)
        self._send("user_change", {"type": "user_change", "user": shown, "cache_ts": int(self._world.clock())})
        return person
