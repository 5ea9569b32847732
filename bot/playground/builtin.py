"""Slack's own commands about who is in a channel: `/invite`, `/remove`, `/leave`, and `/archive`, which ends it."""

from __future__ import annotations

from bot.playground.cast import Command, Person
from bot.playground.errors import NotPossible
from bot.playground.happenings import Happenings
from bot.playground.messages import Channel
from bot.playground.world import World

COMMANDS = (
    Command("/invite", "Add the app or somebody to this channel", "@name", (), should_escape=False),
    Command("/remove", "Take the app or somebody out of this channel", "@name", (), should_escape=False),
    Command("/leave", "Leave this channel", "", (), should_escape=False),
    Command("/archive", "Archive this channel: nobody can write in it any more", "", (), should_escape=False),
)


class Builtins:
    """What these commands do."""

    def __init__(self, world: World, happenings: Happenings) -> None:
        self._world = world
        self._happenings = happenings

    def run(self, name: str, user: str, channel: Channel, text: str) -> bool:
        """Do it if it is one of these commands."""
        deeds = {"/invite": self._invite, "/remove": self._remove, "/leave": self._leave, "/archive": self._archive}
        if name not in deeds:
            return False
        if channel.kind != "channel":
            raise NotPossible("not_in_channel", f"{name} works in channels only.")
        deeds[name](user, channel, text)
        return True

    def _named(self, text: str, name: str) -> Person:
        person = self._world.named(text.strip().removeprefix("@"))
        if person is None:
            raise NotPossible("user_not_found", f"Type {name} and an @name, in a channel.")
        return person

    def _invite(self, user: str, channel: Channel, text: str) -> None:
        person = self._named(text, "/invite")
        self._happenings.join(channel, person.id, user)
        self._world.post(channel, person.id, f"<@{person.id}> has joined the channel", subtype="channel_join")

    def _remove(self, _user: str, channel: Channel, text: str) -> None:
        self._out(channel, self._named(text, "/remove").id)

    def _leave(self, user: str, channel: Channel, _text: str) -> None:
        self._out(channel, user)

    def _out(self, channel: Channel, user: str) -> None:
        if user not in channel.members:
            raise NotPossible("not_in_channel", f"{self._world.people[user].real_name} is not in this channel.")
        self._happenings.leave(channel, user)
        self._world.post(channel, user, f"<@{user}> has left the channel", subtype="channel_leave")

    def _archive(self, user: str, channel: Channel, _text: str) -> None:
        self.archive(user, channel, is_archived=True)

    def archive(self, user: str, channel: Channel, *, is_archived: bool) -> None:
        """Archive a channel, or open it again; who archived it and who opened it stands among its messages."""
        if channel.kind != "channel":
            raise NotPossible("method_not_supported_for_channel_type", "Slack archives channels only.")
        if channel.name == "general":
            raise NotPossible("cant_archive_general", "Slack archives any channel but #general.")
        name = "archive" if is_archived else "unarchive"
        self._world.post(channel, user, f"<@{user}> {name}d the channel", subtype=f"channel_{name}")
        (self._happenings.archive if is_archived else self._happenings.unarchive)(channel, user)
