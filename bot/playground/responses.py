"""Answers of the app outside the Web API: in an acknowledgement, or through a response address."""

from __future__ import annotations

from bot.playground.content import Content
from bot.playground.errors import Refused
from bot.playground.messages import Channel, Message
from bot.playground.schema import Json
from bot.playground.tickets import ResponseUrl
from bot.playground.world import World


class Responses:
    """Posts, replaces and deletes on behalf of the app for the one person who asked."""

    def __init__(self, world: World, content: Content) -> None:
        self._world = world
        self._content = content

    def acknowledged(self, user: str, channel: Channel, body: object, response_url: str) -> None:
        """Show what a slash command's acknowledgement carried, if anything."""
        sent = {"text": body} if isinstance(body, str) else body
        if isinstance(sent, dict) and sent:
            response = self._world.response_urls.peek(response_url.rpartition("/")[2])
            message = self._post(user, channel, sent)
            if response is not None:
                response.original = message.ts

    def answer(self, key: str, sent: Json) -> bool:
        """One use of a response address; answers whether it came from an action, which Slack answers in JSON."""
        response = self._world.response_urls.take(key)
        original = response.channel.messages.get(response.original or "")
        if sent.get("delete_original"):
            self._delete(response, original)
        elif sent.get("replace_original") and original is not None:
            self._world.edit(response.channel, original, **self._content.of(sent))
        else:
            self._answer_anew(response, sent)
        return response.from_action

    def _delete(self, response: ResponseUrl, original: Message | None) -> None:
        if original is None:
            raise Refused("message_not_found")
        self._world.delete(response.channel, original)
        response.original = None

    def _answer_anew(self, response: ResponseUrl, sent: Json) -> None:
        message = self._post(response.user, response.channel, sent)
        response.posted.append(message.ts)
        if response.original is None:
            response.original = message.ts

    def _post(self, user: str, channel: Channel, sent: Json) -> Message:
        fields = self._content.of(sent)
        visible = sent.get("response_type") == "in_channel"
        thread = sent.get("thread_ts")
        thread_ts = thread if isinstance(thread, str) and thread in channel.messages else None
        only_for = None if visible else user
        return self._world.post(channel, self._world.bot.id, **fields, only_for=only_for, thread_ts=thread_ts)
