"""`views.*`, `files.*`, `assistant.*`, `apps.*` and `api.test`."""

from __future__ import annotations

from typing import Any

from bot.playground.arguments import Arguments
from bot.playground.endpoints import Desk, Endpoint, Table, required_list
from bot.playground.errors import InvalidArguments, Refused
from bot.playground.files import File, file_json
from bot.playground.messages import Channel
from bot.playground.schema import Json
from bot.playground.views import View
from bot.playground.world import Change

MOST_PROMPTS = 4
MOST_LOADING = 10


async def _api_test(_desk: Desk, args: Arguments) -> Json:
    shown = {key: value for key, value in args.values.items() if key != "token"}
    if "error" in shown:
        raise Refused(str(shown["error"]), args=shown)
    return {"args": shown}


async def _connections_open(desk: Desk, _args: Arguments) -> Json:
    host = desk.base_url.removeprefix("http")
    return {"url": f"ws{host}/link/?ticket={desk.socket.ticket()}"}


def _answer(desk: Desk, view: View) -> Json:
    return {"view": desk.payloads.view(view)}


async def _view_open(desk: Desk, args: Arguments) -> Json:
    content = desk.modals.checked(args.json("view"), "modal")
    trigger = desk.world.triggers.take(args.text("trigger_id"))
    return _answer(desk, desk.modals.open(trigger.user, content))


async def _view_push(desk: Desk, args: Arguments) -> Json:
    content = desk.modals.checked(args.json("view"), "modal")
    trigger = desk.world.triggers.take(args.text("trigger_id"))
    return _answer(desk, desk.modals.push(trigger.user, content, trigger.view_id))


async def _view_update(desk: Desk, args: Arguments) -> Json:
    if not args.optional("view_id") and not args.optional("external_id"):
        raise InvalidArguments("must provide one of: view_id, external_id")
    view = desk.world.views.find(args.optional("view_id"), args.optional("external_id"))
    return _answer(desk, desk.modals.update(view, args.json("view"), args.optional("hash")))


async def _view_publish(desk: Desk, args: Arguments) -> Json:
    user = args.text("user_id")
    desk.world.person(user)
    return _answer(desk, desk.modals.publish(user, args.json("view"), args.optional("hash")))


async def _upload_url(desk: Desk, args: Arguments) -> Json:
    length = args.number("length", 0, 10**12)
    file, key = desk.world.files.announce(args.text("filename"), length, desk.world.bot.id, args.optional("alt_txt"))
    return {"file_id": file.id, "upload_url": f"{desk.base_url}/upload/{key}"}


async def _upload_complete(desk: Desk, args: Arguments) -> Json:
    wanted = required_list(args, "files")
    if any(not isinstance(item, dict) or "id" not in item for item in wanted):
        raise InvalidArguments("missing required field: id [json-pointer:/files/0]")
    names = args.names("channels") or [*filter(None, [args.optional("channel_id")])]
    channels = [desk.writable(name) for name in names]
    if args.optional("thread_ts") and len(channels) > 1:
        raise InvalidArguments("thread_ts needs exactly one channel")
    files = [desk.world.files.complete(str(item["id"]), item.get("title")) for item in wanted]
    for channel in channels:
        _share(desk, channel, files, args)
    return {"files": [_shown(desk, file) for file in files]}


def _share(desk: Desk, channel: Channel, files: list[File], args: Arguments) -> None:
    for file in files:
        file.channels.add(channel.id)
    text = args.optional("initial_comment") or ""
    blocks = desk.content.of({"text": text, "blocks": args.json("blocks")})["blocks"] if args.json("blocks") else []
    desk.world.post(
        channel,
        desk.world.bot.id,
        text,
        blocks=blocks,
        files=[file.id for file in files],
        thread_ts=args.optional("thread_ts"),
        subtype="file_share",
    )


def _shown(desk: Desk, file: File) -> Json:
    return file_json(file, desk.base_url, desk.world.cast.team_id)


def _visible(desk: Desk, file_id: str) -> File:
    file = desk.world.files.find(file_id)
    bot = desk.world.bot.id
    if file.user != bot and not any(bot in desk.world.channels[key].members for key in file.channels):
        raise Refused("file_not_found")
    return file


async def _file_info(desk: Desk, args: Arguments) -> Json:
    file = _visible(desk, args.text("file"))
    if file.access not in {"visible", "check_file_info"}:
        raise Refused("access_denied" if file.access == "access_denied" else "file_not_found")
    return {"file": {**_shown(desk, file), "file_access": "visible"}, "comments": []}


async def _file_delete(desk: Desk, args: Arguments) -> Json:
    file = _visible(desk, args.text("file"))
    if file.user != desk.world.bot.id:
        raise Refused("cant_delete_file")
    desk.world.files.delete(file)
    # The messages stay and say that there was a file, as in Slack.
    for channel in desk.world.channels.values():
        for message in [*channel.messages.values()]:
            if file.id in message.files:
                desk.world.tell(Change("message_changed", channel, message))
    return {}


def _assistant_channel(desk: Desk, args: Arguments) -> Channel:
    channel = desk.channel(args.text("channel_id"))
    if channel.kind != "im":
        raise Refused("method_not_supported_for_channel_type")
    return channel


async def _set_status(desk: Desk, args: Arguments) -> Json:
    channel = desk.channel(args.text("channel_id"))
    # In an agent's view the whole conversation is meant where no thread is named.
    thread_ts = args.optional("thread_ts") or ""
    if channel.kind != "im" and not thread_ts:
        raise InvalidArguments("missing required field: thread_ts")
    if desk.world.bot.id not in channel.members:
        raise Refused("not_in_channel")
    loading = args.json("loading_messages")
    if loading and len(loading) > MOST_LOADING:
        raise InvalidArguments(f"no more than {MOST_LOADING} items allowed [json-pointer:/loading_messages]")
    desk.world.say_working(channel, thread_ts, args.optional("status") or "")
    return {}


async def _set_title(desk: Desk, args: Arguments) -> Json:
    channel = _assistant_channel(desk, args)
    channel.titles[args.optional("thread_ts") or ""] = args.text("title")
    desk.world.tell(Change("state", channel))
    return {}


def _prompt(value: Any) -> Json:
    if not isinstance(value, dict) or not value.get("title") or not value.get("message"):
        raise InvalidArguments("each prompt needs a title and a message [json-pointer:/prompts]")
    return {"title": str(value["title"]), "message": str(value["message"])}


async def _set_prompts(desk: Desk, args: Arguments) -> Json:
    channel = _assistant_channel(desk, args)
    prompts = required_list(args, "prompts")
    if len(prompts) > MOST_PROMPTS or not prompts:
        raise InvalidArguments(f"no more than {MOST_PROMPTS} items allowed [json-pointer:/prompts]")
    channel.prompts = {"title": args.optional("title") or "", "prompts": [_prompt(value) for value in prompts]}
    desk.world.tell(Change("state", channel))
    return {}


_ASSISTANT = ("assistant:write",)
METHODS: Table = {
    "api.test": Endpoint(_api_test, caller="anybody"),
    "apps.connections.open": Endpoint(_connections_open, caller="app"),
    "assistant.threads.setStatus": Endpoint(_set_status, _ASSISTANT),
    "assistant.threads.setSuggestedPrompts": Endpoint(_set_prompts, _ASSISTANT),
    "assistant.threads.setTitle": Endpoint(_set_title, _ASSISTANT),
    "files.completeUploadExternal": Endpoint(_upload_complete, ("files:write",)),
    "files.delete": Endpoint(_file_delete, ("files:write",)),
    "files.getUploadURLExternal": Endpoint(_upload_url, ("files:write",)),
    "files.info": Endpoint(_file_info, ("files:read",)),
    "views.open": Endpoint(_view_open),
    "views.publish": Endpoint(_view_publish),
    "views.push": Endpoint(_view_push),
    "views.update": Endpoint(_view_update),
}
