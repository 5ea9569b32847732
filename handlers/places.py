"""Where a file or an answer belongs: where it was asked for, or, with names, into the direct message."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError

from handlers import audience, guard, uploads
from handlers.delivery import Private
from handlers.desk import Desk, Visit
from handlers.door import DIRECT
from handlers.identity import part
from handlers.uploads import UploadFailed, Why
from handlers.views import guide
from handlers.views.blocks import Message


@dataclass(frozen=True, slots=True)
class Place:
    """A conversation and perhaps a thread in it. `here`: the person is looking at it."""

    channel: str
    thread_ts: str = ""
    here: bool = False

    @property
    def is_direct(self) -> bool:
        """Tell whether the asker alone reads there."""
        return self.channel.startswith(DIRECT)


async def of_file(visit: Visit, *, personal: bool) -> Place:
    """Return where a file goes: aloud only where it was asked for aloud, names nobody, and nobody from outside reads.

    Raises UploadFailed where there is no such place.
    """
    asked = _asked(visit.body)
    if asked is not None and (asked.is_direct or (not personal and await _among_us(visit.desk, asked.channel))):
        return asked
    return await direct(visit)


async def say(visit: Visit, message: Message) -> None:
    """Say what holds names; where another organisation reads along they have no place, be it for one reader alone."""
    here = visit.reply
    if not isinstance(here, Private) or not await guard.is_shared(visit.desk, here.channel):
        await here.say(message)
        return
    visit.reply = Private(visit.desk.client, visit.person.user_id, log=visit.desk.log)
    await visit.reply.say(message)
    await here.refuse(guide.in_direct_message())


async def direct(visit: Visit) -> Place:
    """Return the direct message with whoever asks; raises UploadFailed."""
    try:
        opened = await visit.desk.client.conversations_open(users=visit.person.user_id)
    except SlackApiError as error:
        raise uploads.failed(error) from error
    except (aiohttp.ClientError, TimeoutError) as error:
        raise UploadFailed(Why.NETWORK) from error
    channel = str(opened["channel"]["id"])
    # Answers to presses in the Home, which is no conversation, come there as well.
    return Place(channel, here=_channel(visit.body) in {"", channel})


def _asked(body: Mapping[str, Any]) -> Place | None:
    """Return the thread of a question in words, or the message of ours whose button was pressed in a direct message."""
    event, container = part(body, "event"), part(body, "container")
    if event.get("channel"):
        return Place(str(event["channel"]), str(event.get("thread_ts") or event.get("ts") or ""), here=True)
    channel = _channel(body)
    # What only one person sees may stand in a direct message of two people, where the bot is not.
    lasting = container.get("type") == "message" and not container.get("is_ephemeral")
    if lasting and channel.startswith(DIRECT):
        return Place(channel, str(container.get("thread_ts") or ""), here=True)
    return None


def _channel(body: Mapping[str, Any]) -> str:
    """Return where a command was typed or a button pressed, '' outside of conversations."""
    pressed = part(body, "container").get("channel_id") or part(body, "channel").get("id")
    return str(pressed or body.get("channel_id") or part(body, "event").get("channel") or "")


async def _among_us(desk: Desk, channel: str) -> bool:
    """Tell whether a channel is there and has no readers from outside; what is not known counts as no."""
    return (await guard.look(desk, channel)).why in {audience.Why.ALL_MAY, audience.Why.PUBLIC}
