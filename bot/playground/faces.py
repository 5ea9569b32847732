"""People, places and messages in the JSON that the page draws."""

from __future__ import annotations

from bot.playground.builtin import COMMANDS
from bot.playground.cast import Command, Person
from bot.playground.files import MOST_ATTACHED, MOST_BYTES, File, file_json
from bot.playground.messages import Channel, Message
from bot.playground.schema import Json
from bot.playground.shapes import message_json
from bot.playground.world import World


def face(person: Person) -> Json:
    """A person."""
    return {
        "id": person.id,
        "name": person.name,
        "real_name": person.real_name,
        "email": person.email,
        "role_label": person.role_label,
        "is_bot": person.is_bot,
        "is_restricted": person.is_restricted or person.is_ultra_restricted,
        "is_stranger": person.is_stranger,
        "deleted": person.deleted,
        "tz": person.tz,
        "locale": person.locale,
        "avatar_color": person.avatar_color,
    }


def place(world: World, channel: Channel, user: str) -> Json:
    """A place in somebody's list; a direct message is called after the other one."""
    other = next((member for member in channel.members if member != user), user)
    direct = channel.kind == "im"
    return {
        "id": channel.id,
        "name": world.people[other].name if direct else channel.name,
        "kind": channel.kind,
        "is_private": channel.is_private,
        "is_ext_shared": channel.is_ext_shared,
        "is_archived": channel.is_archived,
        "is_member": user in channel.members,
        "has_bot": world.bot.id in channel.members,
        "topic": channel.topic,
        "unread": channel.unread(user),
        "prompts": channel.prompts,
        "working": channel.working,
        "titles": channel.titles,
        **({"user": other} if direct else {}),
    }


def message(world: World, channel: Channel, shown: Message) -> Json:
    """A message."""
    return {
        **message_json(world, channel, shown),
        "blocks": shown.blocks,
        "ephemeral": shown.only_for is not None,
        "files": [_file(world.files.known[key]) for key in shown.files],
    }


def _file(file: File) -> Json:
    # The page downloads under its own address: the app's needs the app's token.
    if file.is_deleted:
        return {"id": file.id, "mode": "tombstone"}
    private = () if file.external_type else ("url_private", "url_private_download")
    return {key: value for key, value in file_json(file, "", "").items() if key not in private}


def _command(command: Command) -> Json:
    return {
        "command": command.command,
        "description": command.description,
        "usage_hint": command.usage_hint,
        "completions": [*command.completions],
    }


def state(world: World, user: str) -> Json:
    """Everything the page needs to begin."""
    app = world.cast.app
    return {
        "me": face(world.people[user]),
        "people": [face(person) for person in world.people.values() if not person.is_bot],
        "channels": [place(world, channel, user) for channel in world.visible_channels(user)],
        "commands": [_command(command) for command in (*world.cast.commands, *COMMANDS)],
        "bot": face(world.bot),
        "app": {
            "name": app.name,
            "description": app.description,
            "suggestions": [{"title": item.title, "text": item.text} for item in app.suggestions],
        },
        "limits": {"files": MOST_ATTACHED, "bytes": MOST_BYTES},
        "workspace": {"id": world.cast.team_id, "name": world.cast.team_name},
        "now": world.clock(),
    }
