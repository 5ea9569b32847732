"""What Slack sends the app: the payloads of commands, actions, views, option loads and events."""

from __future__ import annotations

from dataclasses import dataclass

from bot.playground.cast import Command
from bot.playground.delivery import Dispatch
from bot.playground.filled import state_values
from bot.playground.messages import Channel, Message
from bot.playground.schema import Json
from bot.playground.shapes import message_json
from bot.playground.views import View
from bot.playground.world import World

# Deprecated by Slack in favour of signatures, still sent, and to be trusted by nobody.
_VERIFICATION = "not-a-secret"


@dataclass(slots=True)
class Payloads:
    """Builds payloads for one workspace; `base_url` is where response addresses lead."""

    world: World
    base_url: str

    def _who(self, user: str) -> Json:
        person, cast = self.world.people[user], self.world.cast
        enterprise = {"id": cast.enterprise_id, "name": cast.team_name} if cast.enterprise_id else None
        return {
            "user": {"id": user, "username": person.name, "name": person.name, "team_id": person.team_id},
            "team": {"id": person.team_id, "domain": cast.team_domain},
            "enterprise": enterprise,
            "is_enterprise_install": False,
            "api_app_id": cast.app.id,
            "token": _VERIFICATION,
        }

    def response_url(self, user: str, channel: Channel, original: str | None = None) -> str:
        """A new address for answers."""
        return f"{self.base_url}/response/{self.world.response_urls.give(user, channel, original)}"

    def slash(self, user: str, channel: Channel, command: Command, text: str) -> Dispatch:
        """Somebody typed a command."""
        person, cast = self.world.people[user], self.world.cast
        names = {"im": "directmessage", "mpim": channel.name, "channel": channel.name}
        private = channel.kind == "channel" and channel.is_private
        enterprise = {"enterprise_id": cast.enterprise_id, "enterprise_name": cast.team_name}
        payload = {
            "token": _VERIFICATION,
            "team_id": person.team_id,
            "team_domain": cast.team_domain,
            **(enterprise if cast.enterprise_id else {}),
            "channel_id": channel.id,
            "channel_name": "privategroup" if private else names[channel.kind],
            "user_id": user,
            "user_name": person.name,
            "command": command.command,
            "text": text,
            "api_app_id": cast.app.id,
            "is_enterprise_install": "false",
            "response_url": self.response_url(user, channel),
            "trigger_id": self.world.triggers.give(user),
        }
        return Dispatch("slash_commands", payload, command.command, accepts_response=True)

    def message_action(self, user: str, channel: Channel, message: Message, action: Json, values: Json) -> Dispatch:
        """Somebody used an element of a message; an ephemeral one is not sent along, as in Slack."""
        container = {
            "type": "message",
            "message_ts": message.ts,
            "channel_id": channel.id,
            "is_ephemeral": message.only_for is not None,
        }
        if message.thread_ts:
            container["thread_ts"] = message.thread_ts
        payload = {
            "type": "block_actions",
            **self._who(user),
            "container": container,
            "trigger_id": self.world.triggers.give(user),
            "channel": self.channel(channel),
            "state": {"values": state_values(message.blocks, values)},
            "response_url": self.response_url(user, channel, message.ts),
            "actions": [action],
        }
        if message.only_for is None:
            payload["message"] = self.message(channel, message)
        return Dispatch("interactive", payload, f"block_actions {action['action_id']}")

    def channel(self, channel: Channel) -> Json:
        """A place as payloads name it."""
        return {"id": channel.id, "name": "directmessage" if channel.kind == "im" else channel.name}

    def message(self, channel: Channel, message: Message) -> Json:
        """A message as payloads carry it."""
        return message_json(self.world, channel, message, self.base_url)

    def view_action(self, view: View, action: Json) -> Dispatch:
        """Somebody used an element of a modal or Home."""
        payload = {
            "type": "block_actions",
            **self._who(view.user),
            "container": {"type": "view", "view_id": view.id},
            "trigger_id": self.world.triggers.give(view.user, None if view.is_home else view.id),
            "view": self.view(view),
            "actions": [action],
        }
        return Dispatch("interactive", payload, f"block_actions {action['action_id']}")

    def submission(self, view: View) -> Dispatch:
        """Somebody pressed a modal's submit button."""
        payload = {
            "type": "view_submission",
            **self._who(view.user),
            "trigger_id": self.world.triggers.give(view.user, view.id),
            "view": self.view(view),
            "response_urls": [],
        }
        name = f"view_submission {view.content.get('callback_id', '')}".strip()
        return Dispatch("interactive", payload, name, accepts_response=True)

    def closed(self, view: View, *, is_cleared: bool) -> Dispatch:
        """Somebody closed a modal."""
        payload = {
            "type": "view_closed",
            **self._who(view.user),
            "view": self.view(view),
            "is_cleared": is_cleared,
        }
        name = f"view_closed {view.content.get('callback_id', '')}".strip()
        return Dispatch("interactive", payload, name)

    def suggestion(self, user: str, element: Json, block_id: str, value: str, place: Json) -> Dispatch:
        """Somebody typed into a menu whose options the app supplies; `place` is where it stands."""
        payload = {
            "type": "block_suggestion",
            **self._who(user),
            "action_id": element["action_id"],
            "block_id": block_id,
            "value": value,
            **place,
        }
        name = f"block_suggestion {element['action_id']}"
        return Dispatch("interactive", payload, name, accepts_response=True)

    def view(self, view: View) -> Json:
        """A view as Slack shows it to the app."""
        cast, content = self.world.cast, view.content
        return {
            "id": view.id,
            "team_id": cast.team_id,
            "type": content["type"],
            "blocks": content["blocks"],
            "private_metadata": content.get("private_metadata", ""),
            "callback_id": content.get("callback_id", ""),
            "state": {"values": state_values(content["blocks"], view.values)},
            "hash": view.hash,
            "title": content.get("title", {"type": "plain_text", "text": "View Title", "emoji": True}),
            "clear_on_close": content.get("clear_on_close", False),
            "notify_on_close": content.get("notify_on_close", False),
            "close": content.get("close"),
            "submit": content.get("submit"),
            "previous_view_id": view.previous,
            "root_view_id": view.root,
            "app_id": cast.app.id,
            "external_id": content.get("external_id", ""),
            "app_installed_team_id": cast.team_id,
            "bot_id": cast.app.bot_id,
        }

    def event(self, event: Json, channel: Channel | None = None) -> Dispatch:
        """Something happened that the app subscribed to."""
        cast = self.world.cast
        authorization = {
            "enterprise_id": cast.enterprise_id,
            "team_id": cast.team_id,
            "user_id": cast.app.bot_user_id,
            "is_bot": True,
            "is_enterprise_install": False,
        }
        payload = {
            "token": _VERIFICATION,
            "team_id": cast.team_id,
            "context_team_id": cast.team_id,
            "context_enterprise_id": cast.enterprise_id,
            "api_app_id": cast.app.id,
            "event": event,
            "type": "event_callback",
            "event_id": self.world.ids.of("Ev"),
            "event_time": int(self.world.clock()),
            "authorizations": [authorization],
            "is_ext_shared_channel": channel.is_ext_shared if channel else False,
            "event_context": f"4-{self.world.ids.secret(40)}",
        }
        kind = "message.im" if event.get("channel_type") == "im" else event["type"]
        return Dispatch("events_api", payload, kind)
