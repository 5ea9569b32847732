"""Who lives in the local workspace: people, places, commands, the app; frozen values that the caller hands over."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, TypeAlias

Kind: TypeAlias = Literal["channel", "im", "mpim"]

# The scopes of Slack's agent apps that this app asks for; no history scope but that of direct messages.
SCOPES = (
    "app_mentions:read",
    "assistant:write",
    "channels:read",
    "chat:write",
    "commands",
    "files:read",
    "files:write",
    "groups:read",
    "im:history",
    "im:read",
    "im:write",
    "usergroups:read",
    "users:read",
    "users:read.email",
)
EVENTS = ("app_home_opened", "app_mention", "member_joined_channel", "member_left_channel", "message.im", "user_change")


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who can be acted as; `name` is the handle after the @."""

    id: str
    name: str
    real_name: str
    email: str
    role_label: str = "Member"
    tz: str = "Europe/Berlin"
    locale: str = "en-US"
    avatar_color: str = "#4a6fa5"
    is_admin: bool = False
    is_owner: bool = False
    is_restricted: bool = False
    is_ultra_restricted: bool = False
    is_stranger: bool = False
    is_bot: bool = False
    deleted: bool = False
    team_id: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    """A channel or a direct message between people; the bot's own direct messages come by themselves."""

    id: str
    name: str
    kind: Kind = "channel"
    members: tuple[str, ...] = ()
    has_bot: bool = False
    is_private: bool = False
    is_ext_shared: bool = False
    is_archived: bool = False
    topic: str = ""


@dataclass(frozen=True, slots=True)
class Command:
    """A slash command as the manifest declares it; `completions` are offered while somebody types."""

    command: str
    description: str
    usage_hint: str = ""
    completions: tuple[str, ...] = ()
    should_escape: bool = True


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Something to try, shown on the page."""

    title: str
    text: str


@dataclass(frozen=True, slots=True)
class App:
    """The app as Slack knows it, with what its manifest asks for."""

    name: str = "usagebot"
    description: str = ""
    id: str = "A0PLAYAPP1"
    bot_id: str = "B0PLAYBOT1"
    bot_user_id: str = "U0PLAYBOT1"
    scopes: tuple[str, ...] = SCOPES
    events: tuple[str, ...] = EVENTS
    suggestions: tuple[Suggestion, ...] = ()


@dataclass(frozen=True, slots=True)
class UserGroup:
    """A handle that stands for several people."""

    id: str
    handle: str
    name: str
    members: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Cast:
    """One workspace with everybody in it."""

    people: tuple[Person, ...]
    places: tuple[Place, ...]
    commands: tuple[Command, ...] = ()
    app: App = field(default_factory=App)
    groups: tuple[UserGroup, ...] = ()
    team_id: str = "T0PLAYTEAM"
    team_name: str = "Playground"
    team_domain: str = "playground"
    enterprise_id: str | None = None


@dataclass(frozen=True, slots=True)
class Credentials:
    """The secrets both sides share; the demo makes new ones for every start."""

    bot_token: str
    app_token: str
    signing_secret: str
