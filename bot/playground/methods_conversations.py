"""`conversations.*`: places, their members, and the history the app's scopes open to it."""

from __future__ import annotations

from bot.playground.arguments import Arguments
from bot.playground.cast import Place
from bot.playground.endpoints import Desk, Endpoint, Table, page_of
from bot.playground.errors import InvalidArguments, Refused
from bot.playground.messages import Channel, Message
from bot.playground.schema import Json
from bot.playground.shapes import channel_json, message_json

_READ = {"public_channel": "channels:read", "private_channel": "groups:read", "im": "im:read", "mpim": "mpim:read"}
_HISTORY = {
    "public_channel": "channels:history",
    "private_channel": "groups:history",
    "im": "im:history",
    "mpim": "mpim:history",
}
MOST_PEOPLE = 8


async def _open(desk: Desk, args: Arguments) -> Json:
    named = args.optional("channel")
    channel = desk.channel(named) if named else _with(desk, args.names("users"))
    shown = channel_json(desk.world, channel) if args.flag("return_im") else {"id": channel.id}
    return {"no_op": False, "already_open": False, "channel": shown}


def _with(desk: Desk, users: list[str]) -> Channel:
    if not users or len(users) > MOST_PEOPLE:
        raise Refused("users_list_not_supplied" if not users else "too_many_users")
    people = [desk.world.person(user) for user in users]
    if any(person.deleted for person in people):
        raise Refused("user_disabled")
    if any(person.is_bot for person in people):
        raise Refused("cannot_dm_bot")
    if any(person.is_stranger for person in people):
        raise Refused("user_not_visible")
    if len(users) == 1:
        return desk.world.bot_im(users[0])
    desk.need("mpim:write")
    return _group_message(desk, users)


def _group_message(desk: Desk, users: list[str]) -> Channel:
    members = {*users, desk.world.bot.id}
    for channel in desk.world.channels.values():
        if channel.kind == "mpim" and channel.members == members:
            return channel
    name = "mpdm-" + "--".join(desk.world.people[user].name for user in users) + "-1"
    place = Place(desk.world.ids.of("G"), name, "mpim", tuple(users), has_bot=True)
    channel = Channel.of(place, desk.world.bot.id, int(desk.world.clock()))
    desk.world.channels[channel.id] = channel
    return channel


def _readable(desk: Desk, args: Arguments) -> Channel:
    channel = desk.channel(args.text("channel"))
    desk.need(_READ[channel.type_name])
    return channel


async def _info(desk: Desk, args: Arguments) -> Json:
    channel = _readable(desk, args)
    count = {} if args.flag("include_num_members") else {"num_members"}
    shown = channel_json(desk.world, channel)
    return {"channel": {key: value for key, value in shown.items() if key not in count}}


async def _list(desk: Desk, args: Arguments) -> Json:
    types = args.names("types") or ["public_channel"]
    unknown = [kind for kind in types if kind not in _READ]
    if unknown:
        raise Refused("invalid_types")
    for kind in types:
        desk.need(_READ[kind])
    bot = desk.world.bot.id
    found = [
        channel
        for channel in desk.world.channels.values()
        if channel.type_name in types
        and (bot in channel.members or not channel.is_private)
        and not (channel.is_archived and args.flag("exclude_archived"))
    ]
    page, metadata = page_of(found, args, 100, 1000)
    return {"channels": [channel_json(desk.world, channel) for channel in page], "response_metadata": metadata}


async def _members(desk: Desk, args: Arguments) -> Json:
    channel = _readable(desk, args)
    page, metadata = page_of(sorted(channel.members), args, 100, 1000)
    return {"members": page, "response_metadata": metadata}


async def _join(desk: Desk, args: Arguments) -> Json:
    desk.need("channels:join")
    channel = desk.channel(args.text("channel"))
    if channel.is_archived:
        raise Refused("is_archived")
    if channel.kind != "channel":
        raise Refused("method_not_supported_for_channel_type")
    desk.happenings.join(channel, desk.world.bot.id)
    return {"channel": channel_json(desk.world, channel)}


def _recorded(desk: Desk, args: Arguments) -> Channel:
    channel = desk.channel(args.text("channel"))
    desk.need(_HISTORY[channel.type_name])
    if desk.world.bot.id not in channel.members:
        raise Refused("not_in_channel")
    return channel


def _between(messages: list[Message], args: Arguments) -> list[Message]:
    oldest, latest = args.optional("oldest") or "0", args.optional("latest") or "9" * 12
    try:
        low, high = float(oldest), float(latest)
    except ValueError:
        message = "oldest and latest must be timestamps"
        raise InvalidArguments(message) from None
    if args.flag("inclusive"):
        return [m for m in messages if low <= float(m.ts) <= high]
    return [m for m in messages if low < float(m.ts) < high]


def _page(desk: Desk, channel: Channel, messages: list[Message], args: Arguments) -> Json:
    page, metadata = page_of(messages, args, 100, 999)
    shown = [message_json(desk.world, channel, message, desk.base_url) for message in page]
    return {"messages": shown, "has_more": bool(metadata["next_cursor"]), "response_metadata": metadata}


async def _history(desk: Desk, args: Arguments) -> Json:
    channel = _recorded(desk, args)
    lasting = [m for m in channel.messages.values() if m.only_for is None and m.thread_ts in {None, m.ts}]
    return _page(desk, channel, _between(lasting[::-1], args), args)


async def _replies(desk: Desk, args: Arguments) -> Json:
    channel = _recorded(desk, args)
    ts = args.text("ts")
    thread = [m for m in channel.messages.values() if m.only_for is None and ts in {m.ts, m.thread_ts}]
    if not thread or thread[0].ts != ts:
        raise Refused("thread_not_found")
    return _page(desk, channel, [thread[0], *_between(thread[1:], args)], args)


METHODS: Table = {
    "conversations.history": Endpoint(_history),
    "conversations.info": Endpoint(_info),
    "conversations.join": Endpoint(_join),
    "conversations.list": Endpoint(_list),
    "conversations.members": Endpoint(_members),
    "conversations.open": Endpoint(_open, ("im:write",)),
    "conversations.replies": Endpoint(_replies),
}
