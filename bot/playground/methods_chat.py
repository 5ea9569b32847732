"""`chat.*`: posting, changing and deleting the app's messages."""

from __future__ import annotations

from bot.playground.arguments import Arguments
from bot.playground.content import MOST_UPDATED_TEXT
from bot.playground.endpoints import Desk, Endpoint, Table
from bot.playground.errors import Refused
from bot.playground.messages import Channel, Message
from bot.playground.schema import Json
from bot.playground.shapes import message_json


def _thread(channel: Channel, args: Arguments) -> str | None:
    thread_ts = args.optional("thread_ts")
    parent = channel.messages.get(thread_ts or "")
    if thread_ts is not None and (parent is None or parent.only_for is not None):
        raise Refused("thread_not_found")
    return thread_ts


async def _post(desk: Desk, args: Arguments) -> Json:
    channel = desk.writable(args.text("channel"))
    fields = desk.content.of(args.values)
    message = desk.world.post(channel, desk.world.bot.id, **fields, thread_ts=_thread(channel, args))
    return {"channel": channel.id, "ts": message.ts, "message": _shown(desk, channel, message)}


def _shown(desk: Desk, channel: Channel, message: Message) -> Json:
    return message_json(desk.world, channel, message, desk.base_url)


async def _post_ephemeral(desk: Desk, args: Arguments) -> Json:
    channel = desk.writable(args.text("channel"))
    user = args.text("user")
    if user not in channel.members:
        raise Refused("user_not_in_channel" if user in desk.world.people else "user_not_found")
    fields = desk.content.of(args.values)
    thread_ts = args.optional("thread_ts")
    message = desk.world.post(channel, desk.world.bot.id, **fields, only_for=user, thread_ts=thread_ts)
    return {"message_ts": message.ts}


def _own(desk: Desk, channel: Channel, ts: str, otherwise: str) -> Message:
    message = channel.messages.get(ts)
    # Ephemeral messages are kept nowhere in Slack: their ts finds nothing.
    if message is None or message.only_for is not None:
        raise Refused("message_not_found")
    if message.user != desk.world.bot.id:
        raise Refused(otherwise)
    return message


async def _update(desk: Desk, args: Arguments) -> Json:
    channel = desk.channel(args.text("channel"))
    message = _own(desk, channel, args.text("ts"), "cant_update_message")
    if channel.is_archived:
        raise Refused("is_inactive")
    sent = args.values
    fields = desk.content.of(sent, MOST_UPDATED_TEXT)
    # What is not mentioned stays; an empty list takes it away.
    kept = {key for key in ("attachments", "blocks", "metadata") if key not in sent}
    desk.world.edit(channel, message, **{key: value for key, value in fields.items() if key not in kept})
    return {
        "channel": channel.id,
        "ts": message.ts,
        "text": message.text,
        "message": _shown(desk, channel, message),
    }


async def _delete(desk: Desk, args: Arguments) -> Json:
    channel = desk.channel(args.text("channel"))
    message = _own(desk, channel, args.text("ts"), "cant_delete_message")
    desk.world.delete(channel, message)
    return {"channel": channel.id, "ts": message.ts}


async def _permalink(desk: Desk, args: Arguments) -> Json:
    channel = desk.channel(args.text("channel"))
    ts = args.text("message_ts")
    message = channel.messages.get(ts)
    if message is None or message.only_for is not None:
        raise Refused("message_not_found")
    link = f"https://{desk.world.cast.team_domain}.slack.com/archives/{channel.id}/p{ts.replace('.', '')}"
    if message.thread_ts not in {None, ts}:
        link += f"?thread_ts={message.thread_ts}&cid={channel.id}"
    return {"channel": channel.id, "permalink": link}


METHODS: Table = {
    "chat.postMessage": Endpoint(_post, ("chat:write",)),
    "chat.postEphemeral": Endpoint(_post_ephemeral, ("chat:write",)),
    "chat.update": Endpoint(_update, ("chat:write",)),
    "chat.delete": Endpoint(_delete, ("chat:write",)),
    "chat.getPermalink": Endpoint(_permalink),
}
