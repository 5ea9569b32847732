"""What people do in messages: say something, type a command, press a button, look for an option."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from bot.playground.builtin import Builtins
from bot.playground.content import MOST_POSTED_TEXT, Content
from bot.playground.delivery import Answer, Dispatch, Link, Retry
from bot.playground.elements import OFFERED
from bot.playground.errors import NotPossible, Refused
from bot.playground.files import MOST_ATTACHED, MOST_BYTES, File
from bot.playground.filled import action_of, find_element
from bot.playground.happenings import Happenings
from bot.playground.messages import Channel, Message, may_see
from bot.playground.payloads import Payloads
from bot.playground.responses import Responses
from bot.playground.schema import Json
from bot.playground.typed import Typed
from bot.playground.world import World

_COMMAND = re.compile(r"(/[\w-]+)(?:\s+(.*))?", re.DOTALL)


class Deeds:
    """Turns what people do into messages and dispatches, and shows what comes back."""

    def __init__(self, world: World, payloads: Payloads, link: Link, happenings: Happenings, content: Content) -> None:
        self.world = world
        self._payloads = payloads
        self._link = link
        self._builtins = Builtins(world, happenings)
        self._typed = Typed(world)
        self._responses = Responses(world, content)

    def place(self, user: str, channel_id: str) -> Channel:
        """The place somebody writes in, if they may."""
        channel = self.world.channels.get(channel_id)
        if channel is None or user not in channel.members:
            raise NotPossible("not_in_channel", "You are not in this channel.")
        return channel

    def _open_place(self, user: str, channel_id: str) -> Channel:
        channel = self.place(user, channel_id)
        if channel.is_archived:
            raise NotPossible("is_archived", "This channel is archived.")
        return channel

    async def say(self, user: str, channel_id: str, text: str, thread_ts: str | None) -> None:
        """A line typed into the message box: a command or a message."""
        channel = self._open_place(user, channel_id)
        match = _COMMAND.fullmatch(text.strip())
        if match is None:
            self._say(user, channel, text, thread_ts)
        elif thread_ts is not None:
            raise NotPossible("not_in_threads", f"{match[1]} is not supported in threads. Sorry!")
        else:
            await self._command(user, channel, match[1], (match[2] or "").strip())

    def _say(self, user: str, channel: Channel, text: str, thread_ts: str | None) -> None:
        if not text.strip():
            raise NotPossible("no_text", "There is nothing to send.")
        if len(text) > MOST_POSTED_TEXT:
            raise NotPossible("msg_too_long", f"A message may have {MOST_POSTED_TEXT} characters.")
        self.world.post(channel, user, self._typed.in_message(text), thread_ts=thread_ts)

    def attach(self, user: str, name: str, data: bytes) -> File:
        """A file picked or dropped on the page, before it is sent."""
        if len(data) > MOST_BYTES:
            raise NotPossible("file_too_large", f"A file may have {MOST_BYTES // 1024 // 1024} MB here.")
        if not data:
            raise NotPossible("file_empty", f"“{name}” is empty. Slack takes no empty files.")
        return self.world.files.attach(user, name, data)

    def share(self, user: str, channel_id: str, files: Sequence[str], text: str = "", **more: Any) -> Message:
        """Send what was attached, with what was typed beside it, if anything."""
        channel = self._open_place(user, channel_id)
        known = [self.world.files.known.get(key) for key in files]
        mine = [file for file in known if file is not None and file.user == user and not file.is_complete]
        if not mine or len(mine) < len(known):
            raise NotPossible("file_not_found", "This file is no longer there. Attach it again.")
        if len(mine) > MOST_ATTACHED:
            raise NotPossible("too_many_files", f"A message may carry {MOST_ATTACHED} files.")
        for file in mine:
            file.is_complete = True
            file.channels.add(channel.id)
        typed = self._typed.in_message(text)
        return self.world.post(channel, user, typed, files=[*files], subtype="file_share", **more)

    def archive(self, user: str, channel_id: str, *, is_archived: bool) -> None:
        """Somebody archives a channel, or opens it again, by the menu of its heading."""
        channel = self.place(user, channel_id)
        if channel.is_archived != is_archived:
            self._builtins.archive(user, channel, is_archived=is_archived)

    async def _command(self, user: str, channel: Channel, name: str, text: str) -> None:
        if self._builtins.run(name, user, channel, text):
            return
        command = next((c for c in self.world.cast.commands if c.command == name.lower()), None)
        if command is None:
            raise NotPossible(
                "unknown_command", f"{name} is not a valid command. In Slack, all slash commands start with a “/”."
            )
        escaped = self._typed.in_command(text) if command.should_escape else text
        dispatch = self._payloads.slash(user, channel, command, escaped)
        answer = await self._link.send(dispatch, Retry())
        _refuse_failed(answer, name)
        self._show_acknowledgement(user, channel, name, answer.payload, dispatch)

    def _show_acknowledgement(self, user: str, channel: Channel, name: str, body: Any, dispatch: Dispatch) -> None:
        try:
            self._responses.acknowledged(user, channel, body, dispatch.payload["response_url"])
        except Refused as refused:
            raise NotPossible(refused.code, f"{name} failed with the error “{refused.code}”") from refused

    def message(self, user: str, channel: Channel, ts: str) -> Message:
        """A message that somebody can see."""
        message = channel.messages.get(ts)
        if message is None or not may_see(message, user):
            raise NotPossible("message_not_found", "This message is no longer there.")
        return message

    async def press(self, user: str, channel_id: str, ts: str, sent: Json) -> None:
        """Somebody used an element of a message."""
        channel = self.place(user, channel_id)
        message = self.message(user, channel, ts)
        block_id, action_id = str(sent.get("block_id")), str(sent.get("action_id"))
        element = find_element(message.blocks, block_id, action_id)
        action = action_of(element, block_id, sent, self.world.stamps.next())
        message.values[user] = values = _values(sent, message.values.get(user, {}))
        answer = await self._link.send(self._payloads.message_action(user, channel, message, action, values), Retry())
        refuse_trouble(answer)

    async def suggest(self, element: Json, user: str, sent: Json, place: Json) -> Json:
        """Options for a menu, as the app supplies them."""
        block_id, value = str(sent.get("block_id")), str(sent.get("value") or "")
        answer = await self._link.send(self._payloads.suggestion(user, element, block_id, value, place), Retry())
        refuse_trouble(answer)
        payload = answer.payload if isinstance(answer.payload, dict) else {}
        offered = {key: payload[key] for key in ("options", "option_groups") if key in payload} or {"options": []}
        problems = [str(problem) for problem in OFFERED(offered, "")]
        if problems:
            raise NotPossible("invalid_options", f"The app offered options that Slack does not take: {problems[0]}")
        return offered

    async def suggest_in_message(self, user: str, channel_id: str, ts: str, sent: Json) -> Json:
        """Options for a menu in a message."""
        channel = self.place(user, channel_id)
        message = self.message(user, channel, ts)
        element = find_element(message.blocks, str(sent.get("block_id")), str(sent.get("action_id")))
        container = {
            "type": "message",
            "message_ts": ts,
            "channel_id": channel.id,
            "is_ephemeral": message.only_for is not None,
        }
        place: Json = {"container": container, "channel": self._payloads.channel(channel)}
        if message.only_for is None:
            place["message"] = self._payloads.message(channel, message)
        return await self.suggest(element, user, sent, place)


def _values(sent: Json, before: Json) -> Json:
    # The page tells the whole state; who does not, has chosen what they chose before.
    state = sent.get("state")
    values: Json = dict(state.get("values") or {}) if isinstance(state, dict) else before
    block_id, action_id = str(sent.get("block_id")), str(sent.get("action_id"))
    return {**values, block_id: {**values.get(block_id, {}), action_id: _chosen(sent)}}


def _chosen(sent: Json) -> Json:
    return {key: value for key, value in sent.items() if key not in {"as", "state", "action"}}


def _refuse_failed(answer: Answer, name: str) -> None:
    error = "operation_timeout" if answer.outcome == "timeout" else "dispatch_failed"
    refuse_trouble(answer, f"{name} failed with the error “{error}”")


_SILENT = "This app is not responding. Try again in a moment."


def refuse_trouble(answer: Answer, sentence: str = _SILENT) -> None:
    """Say what Slack says when an app does not take a click."""
    if answer.outcome != "acknowledged":
        code = "operation_timeout" if answer.outcome == "timeout" else "dispatch_failed"
        raise NotPossible(code, sentence)
