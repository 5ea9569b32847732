"""`users.*`, `usergroups.*`, `bots.*`, `team.*` and `auth.test`: who is here."""

from __future__ import annotations

from bot.playground.arguments import Arguments
from bot.playground.cast import UserGroup
from bot.playground.endpoints import Desk, Endpoint, Table, page_of
from bot.playground.errors import Refused
from bot.playground.schema import Json
from bot.playground.shapes import channel_json, user_json

_EMAIL = "users:read.email"
_TYPE_SCOPES = {
    "public_channel": "channels:read",
    "private_channel": "groups:read",
    "im": "im:read",
    "mpim": "mpim:read",
}


def _shown(desk: Desk, user: str, *, with_locale: bool = False) -> Json:
    person = desk.world.person(user)
    return user_json(desk.world, person, with_email=_EMAIL in desk.scopes, with_locale=with_locale)


async def _info(desk: Desk, args: Arguments) -> Json:
    return {"user": _shown(desk, args.text("user"), with_locale=args.flag("include_locale"))}


async def _list(desk: Desk, args: Arguments) -> Json:
    # People of other companies are no members of this workspace.
    members = [person.id for person in desk.world.people.values() if not person.is_stranger]
    found, metadata = page_of(members, args, 1000, 1000)
    shown = [_shown(desk, user, with_locale=args.flag("include_locale")) for user in found]
    return {"members": shown, "cache_ts": int(desk.world.clock()), "response_metadata": metadata}


async def _by_email(desk: Desk, args: Arguments) -> Json:
    wanted = args.text("email").lower()
    for person in desk.world.people.values():
        # Slack does not find deactivated people by their address.
        if person.email.lower() == wanted and not person.deleted and not person.is_stranger:
            return {"user": _shown(desk, person.id)}
    raise Refused("users_not_found")


async def _conversations(desk: Desk, args: Arguments) -> Json:
    user = args.optional("user") or desk.world.bot.id
    desk.world.person(user)
    types = args.names("types") or ["public_channel"]
    for kind in types:
        desk.need(_TYPE_SCOPES.get(kind, "channels:read"))
    bot = desk.world.bot.id
    found = [
        channel
        for channel in desk.world.channels.values()
        if user in channel.members
        and channel.type_name in types
        and (bot in channel.members or not channel.is_private)
        and not (channel.is_archived and args.flag("exclude_archived"))
    ]
    page, metadata = page_of(found, args, 100, 999)
    return {"channels": [channel_json(desk.world, channel) for channel in page], "response_metadata": metadata}


async def _groups(desk: Desk, args: Arguments) -> Json:
    with_users = args.flag("include_users")
    groups = [_group(desk, group, with_users=with_users) for group in desk.world.cast.groups]
    return {"usergroups": groups}


def _group(desk: Desk, group: UserGroup, *, with_users: bool) -> Json:
    shown: Json = {
        "id": group.id,
        "team_id": desk.world.cast.team_id,
        "is_usergroup": True,
        "name": group.name,
        "handle": group.handle,
        "date_delete": 0,
        "user_count": len(group.members),
    }
    return {**shown, "users": [*group.members]} if with_users else shown


async def _group_users(desk: Desk, args: Arguments) -> Json:
    wanted = args.text("usergroup")
    for group in desk.world.cast.groups:
        if group.id == wanted:
            return {"users": [*group.members]}
    raise Refused("no_such_subteam")


async def _auth_test(desk: Desk, _args: Arguments) -> Json:
    cast = desk.world.cast
    enterprise = {"enterprise_id": cast.enterprise_id} if cast.enterprise_id else {}
    return {
        "url": f"https://{cast.team_domain}.slack.com/",
        "team": cast.team_name,
        "user": cast.app.name,
        "team_id": cast.team_id,
        "user_id": cast.app.bot_user_id,
        "bot_id": cast.app.bot_id,
        "is_enterprise_install": False,
        **enterprise,
    }


async def _bot(desk: Desk, args: Arguments) -> Json:
    app = desk.world.cast.app
    if (args.optional("bot") or app.bot_id) != app.bot_id:
        raise Refused("bot_not_found")
    bot = {"id": app.bot_id, "deleted": False, "name": app.name, "app_id": app.id, "user_id": app.bot_user_id}
    return {"bot": {**bot, "updated": 0, "icons": {}}}


async def _team(desk: Desk, _args: Arguments) -> Json:
    cast = desk.world.cast
    team: Json = {"id": cast.team_id, "name": cast.team_name, "domain": cast.team_domain, "email_domain": ""}
    enterprise = {"enterprise_id": cast.enterprise_id, "enterprise_name": cast.team_name} if cast.enterprise_id else {}
    return {"team": {**team, "icon": {"image_default": True}, **enterprise}}


METHODS: Table = {
    "auth.test": Endpoint(_auth_test),
    "bots.info": Endpoint(_bot, ("users:read",)),
    "team.info": Endpoint(_team, ("team:read",)),
    "usergroups.list": Endpoint(_groups, ("usergroups:read",)),
    "usergroups.users.list": Endpoint(_group_users, ("usergroups:read",)),
    "users.conversations": Endpoint(_conversations),
    "users.info": Endpoint(_info, ("users:read",)),
    "users.list": Endpoint(_list, ("users:read",)),
    "users.lookupByEmail": Endpoint(_by_email, (_EMAIL,)),
}
