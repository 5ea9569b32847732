"""How an answer reaches its reader, whatever Slack makes of it.

A private answer goes out by the `response_url`, else as an ephemeral message, else as a direct message. Blocks that a
workspace refuses go out once more as text. A lost reply is *unknown*, not failed: it is sent again only in a way that
replaces the first; only when that is lost too is the next way taken, since an answer that its reader sees twice is
better than none.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace
from enum import Enum, auto
from http import HTTPStatus
from typing import Any, Protocol

import aiohttp
import structlog
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.webhook.async_client import AsyncWebhookClient

from handlers import refusals
from handlers.views import form, guide
from handlers.views.blocks import Message

SECONDS = 3
"""How long one way may take; three of them fit into the ten seconds within which everybody is told something."""

REFUSED_BLOCKS = ("invalid_blocks", "msg_blocks_too_long")


class Outcome(Enum):
    """What became of one attempt."""

    SENT = auto()
    REFUSED = auto()
    """The blocks were refused, so nothing was posted."""
    GONE = auto()
    """This way is closed, so nothing was posted."""
    UNKNOWN = auto()


class Reply(Protocol):
    """A place where an answer can be put."""

    async def say(self, message: Message) -> None:
        """Put the answer there."""

    async def refuse(self, message: Message) -> None:
        """Put an error there, without taking away what stands there."""

    async def working(self) -> None:
        """Show that it takes a while, where that can be shown."""


@dataclass(slots=True)
class Private:
    """Seen by the asker alone. `replaces` is True once something stands there that the answer takes the place of."""

    client: AsyncWebClient
    user: str
    channel: str = ""
    response_url: str = ""
    replaces: bool = False
    message_ts: str = ""
    """Set where the message that is replaced is no ephemeral one, and so can be changed by its time stamp."""
    waiting: bool = False
    """What stands there is only the working line."""
    beside: bool = False
    """What stands there has to stay."""
    report: str = ""
    """The token of the report in which something was pressed (`reporting_core.usecases.showing`)."""
    log: Any = field(default_factory=structlog.get_logger)

    async def say(self, message: Message) -> None:
        """Try one way after the other, with the text form wherever the blocks are refused."""
        for way in (self._by_update, self._by_response_url, self._by_ephemeral, self._by_direct_message):
            outcome = await way(message)
            if outcome is Outcome.REFUSED:
                message = message.fallback or Message(message.text)
                outcome = await way(message)
            if outcome is Outcome.SENT:
                return
        self.log.error("unanswered", user=self.user)

    async def put_in_place(self, message: Message) -> None:
        """Put the message in place of what stands there, or nowhere."""
        for way in (self._by_update, self._by_response_url) if self.replaces else ():
            outcome = await way(message)
            if outcome is Outcome.REFUSED:
                outcome = await way(message.fallback or Message(message.text))
            if outcome is not Outcome.GONE:
                return

    async def refuse(self, message: Message) -> None:
        """Answer in place of the working line, but beside an answer that stands there already."""
        beside = replace(self, replaces=False, beside=True, message_ts="")
        await (beside if self.replaces and not self.waiting else self).say(message)

    async def working(self) -> None:
        """Show the working line; the answer will replace it."""
        if not self.replaces and await self._post(guide.working(), replace_original=False) is Outcome.SENT:
            self.replaces = self.waiting = True

    async def _by_response_url(self, message: Message) -> Outcome:
        outcome = await self._post(message, replace_original=self.replaces)
        if outcome is Outcome.UNKNOWN and not self.beside:
            outcome = await self._post(message, replace_original=True)
        return outcome

    async def _post(self, message: Message, *, replace_original: bool) -> Outcome:
        if not self.response_url:
            return Outcome.GONE
        # Without handlers nothing is tried again behind our back: the stock ones can post twice.
        hook = AsyncWebhookClient(self.response_url, timeout=SECONDS, retry_handlers=[])
        body = {"response_type": "ephemeral", "replace_original": replace_original, **content(message)}
        try:
            answer = await hook.send_dict(body)
        except aiohttp.ClientConnectorError:
            return Outcome.GONE
        except (aiohttp.ClientError, TimeoutError):
            return Outcome.UNKNOWN
        return _judged(answer.status_code, answer.body)

    async def _by_update(self, message: Message) -> Outcome:
        if not (self.replaces and self.message_ts and self.channel):
            return Outcome.GONE
        return await _called(self.client.chat_update, channel=self.channel, ts=self.message_ts, **content(message))

    async def _by_ephemeral(self, message: Message) -> Outcome:
        if not self.channel:
            return Outcome.GONE
        return await _called(self.client.chat_postEphemeral, channel=self.channel, user=self.user, **content(message))

    async def _by_direct_message(self, message: Message) -> Outcome:
        try:
            opened = await self.client.conversations_open(users=self.user)
        except (SlackApiError, aiohttp.ClientError, TimeoutError):
            return Outcome.GONE
        return await _called(
            self.client.chat_postMessage, channel=opened["channel"]["id"], **content(message), **_NO_UNFURL
        )


@dataclass(slots=True)
class Thread:
    """The thread under a message to the bot, in a direct message or a channel.

    `user` is who asked, and gets the answer by direct message where the thread takes none any more.
    """

    client: AsyncWebClient
    channel: str
    thread_ts: str
    user: str = ""
    log: Any = field(default_factory=structlog.get_logger)

    async def say(self, message: Message) -> None:
        """Answer in the thread, as text if the blocks are refused, and once more if the reply is lost."""
        outcome = await self._post(message)
        if outcome is Outcome.REFUSED:
            message = message.fallback or Message(message.text)
            outcome = await self._post(message)
        if outcome is Outcome.UNKNOWN:
            outcome = await self._post(message)
        if outcome is Outcome.SENT:
            return
        if self.user:
            await Private(self.client, self.user, log=self.log).say(message)
        else:
            self.log.error("unanswered", channel=self.channel)

    async def _post(self, message: Message) -> Outcome:
        place = {"channel": self.channel, "thread_ts": self.thread_ts}
        return await _called(self.client.chat_postMessage, **place, **content(message), **_NO_UNFURL)

    async def refuse(self, message: Message) -> None:
        """Say it in the thread as well."""
        await self.say(message)

    async def working(self) -> None:
        """Nothing is shown: answers in threads are short."""


@dataclass(slots=True)
class Home:
    """The App Home of one person."""

    client: AsyncWebClient
    user: str

    async def show(self, view: Mapping[str, Any]) -> None:
        """Publish the Home."""
        await self.client.views_publish(user_id=self.user, view=dict(view))

    async def say(self, message: Message) -> None:
        """Show an answer as the whole Home."""
        await self.show({"type": "home", "blocks": list(message.blocks)})

    async def refuse(self, message: Message) -> None:
        """Show it as the whole Home as well."""
        await self.say(message)

    async def working(self) -> None:
        """Nothing is shown: the Home stays until the new one is there."""


@dataclass(slots=True)
class Modal:
    """A modal that is open."""

    client: AsyncWebClient
    view_id: str
    title: str = ""
    """Stands above what is said in place of the form, where that is not the form of a report."""

    async def show(self, view: Mapping[str, Any]) -> None:
        """Put another view in its place."""
        await self.client.views_update(view_id=self.view_id, view=dict(view))

    async def say(self, message: Message) -> None:
        """Show a sentence in place of the form."""
        await self.show(form.ended(message.text, self.title))

    async def refuse(self, message: Message) -> None:
        """Show it in place of the form as well."""
        await self.say(message)

    async def working(self) -> None:
        """Nothing is shown: the loading form says it."""


@dataclass(slots=True)
class Acknowledgement:
    """The answer to the request itself, for requests that Slack waits on: submitted forms and lookups of options."""

    ack: Callable[..., Awaitable[Any]]
    options: bool = False

    async def say(self, message: Message) -> None:
        """Answer a form with a sentence in its place, a lookup with nothing found."""
        await (
            self.ack(options=[]) if self.options else self.ack(response_action="update", view=form.ended(message.text))
        )

    async def refuse(self, message: Message) -> None:
        """Answer the same way."""
        await self.say(message)

    async def working(self) -> None:
        """Nothing can be shown before the request is answered."""


_NO_UNFURL = {"unfurl_links": False, "unfurl_media": False}


def content(message: Message) -> dict[str, Any]:
    """Return what every way of sending has in common. `parse` keeps Slack from making links out of bare words."""
    return {"text": message.text, "parse": "none"} | ({"blocks": list(message.blocks)} if message.blocks else {})


async def _called(method: Callable[..., Awaitable[Any]], **arguments: Any) -> Outcome:
    try:
        await method(**arguments)
    except SlackApiError as error:
        return _judged(refusals.status(error), refusals.word(error) or "failed", ok=False)
    except aiohttp.ClientConnectorError:
        return Outcome.GONE
    except (aiohttp.ClientError, TimeoutError):
        return Outcome.UNKNOWN
    return Outcome.SENT


def _judged(status: int, body: str, *, ok: bool = True) -> Outcome:
    """Read an answer of Slack's: a `response_url` says `ok`, {"ok": true}, or what is wrong, with any status."""
    if any(word in body for word in REFUSED_BLOCKS):
        return Outcome.REFUSED
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        # The server failed, perhaps after it had posted.
        return Outcome.UNKNOWN
    sent = ok and status == HTTPStatus.OK and '"ok":false' not in body.replace(" ", "")
    return Outcome.SENT if sent else Outcome.GONE
