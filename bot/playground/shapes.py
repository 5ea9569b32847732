"""People, places and messages in the JSON that Slack's Web API gives the app."""

from __future__ import annotations

import hashlib
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.playground.cast import Person
from bot.playground.files import shared_json
from bot.playground.messages import Channel, Message
from bot.playground.schema import Json
from bot.playground.world import World


def user_json(world: World, person: Person, *, with_email: bool, with_locale: bool = False) -> Json:
    """A person as `users.info` answers; the address only with the scope for it, the locale only for who asks."""
    email = {"email": person.email} if with_email and person.email else {}
    enterprise = world.cast.enterprise_id
    profile = {
        "real_name": person.real_name,
        "real_name_normalized": person.real_name,
        "display_name": person.name,
        "display_name_normalized": person.name,
        "first_name": person.real_name.partition(" ")[0],
        "last_name": person.real_name.partition(" ")[2],
        "avatar_hash": hashlib.sha256(person.id.encode()).hexdigest()[:12],
        "team": person.team_id,
        **email,
    }
    user: Json = {
        "id": person.id,
        "team_id": person.team_id,
        "name": person.name,
        "deleted": person.deleted,
        "profile": profile,
        "is_bot": person.is_bot,
        "is_app_user": False,
        "updated": int(world.clock()),
    }
    if enterprise is not None:
        user["enterprise_user"] = {
            "id": person.id,
            "enterprise_id": enterprise,
            "enterprise_name": world.cast.team_name,
            "teams": [person.team_id],
        }
    if with_locale and not person.is_bot:
        user["locale"] = person.locale
    return user if person.deleted else {**user, **_standing(person, world.clock())}


def _standing(person: Person, now: float) -> Json:
    local = datetime.fromtimestamp(now, ZoneInfo(person.tz))
    offset = local.utcoffset()
    stranger = {"is_stranger": True} if person.is_stranger else {}
    return {
        "color": person.avatar_color.removeprefix("#"),
        "real_name": person.real_name,
        "tz": person.tz,
        "tz_label": local.tzname(),
        "tz_offset": int(offset.total_seconds()) if offset else 0,
        "is_admin": person.is_admin,
        "is_owner": person.is_owner,
        "is_primary_owner": person.is_owner,
        "is_restricted": person.is_restricted or person.is_ultra_restricted,
        "is_ultra_restricted": person.is_ultra_restricted,
        "is_email_confirmed": True,
        **stranger,
    }


def channel_json(world: World, channel: Channel) -> Json:
    """A place as `conversations.info` answers."""
    shared: Json = {
        "id": channel.id,
        "created": channel.created,
        "is_archived": channel.is_archived,
        "is_im": channel.kind == "im",
        "is_mpim": channel.kind == "mpim",
        "is_org_shared": False,
        "context_team_id": world.cast.team_id,
        "updated": channel.created * 1000,
    }
    if channel.kind == "im":
        other = next((user for user in channel.members if user != world.bot.id), world.bot.id)
        return {**shared, "user": other, "is_open": True}
    return {
        **shared,
        "name": channel.name,
        "name_normalized": channel.name,
        "is_channel": channel.kind == "channel" and not channel.is_private,
        "is_group": channel.kind == "channel" and channel.is_private,
        "is_private": channel.is_private,
        "is_general": channel.name == "general",
        "is_shared": channel.is_ext_shared,
        "is_ext_shared": channel.is_ext_shared,
        "is_member": world.bot.id in channel.members,
        "num_members": len(channel.members),
        "topic": {"value": channel.topic, "creator": "", "last_set": channel.created},
        "purpose": {"value": "", "creator": "", "last_set": 0},
        "creator": "",
        "shared_team_ids": sorted({world.people[user].team_id for user in channel.members}),
    }


def message_json(world: World, channel: Channel, message: Message, url: str = "") -> Json:
    """A message as Slack stores it."""
    body: Json = {"type": "message", "user": message.user, "text": message.text, "ts": message.ts}
    body["team"] = world.people[message.user].team_id if message.user in world.people else world.cast.team_id
    if message.is_bot:
        body |= {"bot_id": world.cast.app.bot_id, "app_id": world.cast.app.id, "bot_profile": _bot_profile(world)}
    for key in ("blocks", "attachments", "metadata", "thread_ts", "subtype"):
        value = getattr(message, key)
        if value:
            body[key] = value
    if message.edited:
        body["edited"] = {"user": message.user, "ts": message.edited}
    if message.files:
        known = [world.files.known[file_id] for file_id in message.files]
        body["files"] = [shared_json(file, url, world.cast.team_id, channel) for file in known]
        body["upload"] = message.is_bot
    replies = channel.replies(message.ts)
    if replies:
        body |= {"reply_count": replies, "thread_ts": message.ts}
    return body


def _bot_profile(world: World) -> Json:
    app = world.cast.app
    return {
        "id": app.bot_id,
        "app_id": app.id,
        "user_id": app.bot_user_id,
        "name": app.name,
        "deleted": False,
        "team_id": world.cast.team_id,
        "icons": {},
        "updated": 0,
    }
