"""Messages and the places they stand in, with who may see what."""

from __future__ import annotations

from dataclasses import dataclass, field

from bot.playground.cast import Kind, Place
from bot.playground.schema import Json


@dataclass(slots=True)
class Message:
    """One message; `only_for` is the reader of an ephemeral one, `values` what each person has chosen in it."""

    ts: str
    user: str
    text: str
    blocks: list[Json] = field(default_factory=list)
    thread_ts: str | None = None
    only_for: str | None = None
    edited: str | None = None
    files: list[str] = field(default_factory=list)
    metadata: Json | None = None
    is_bot: bool = False
    subtype: str | None = None
    attachments: list[Json] = field(default_factory=list)
    values: dict[str, Json] = field(default_factory=dict)


@dataclass(slots=True)
class Channel:
    """A place with its members and messages; `read` remembers up to where each person has read.

    `working` is what the app says it is doing, by thread (empty for the whole place), `titles` what it calls threads.
    """

    id: str
    name: str
    kind: Kind
    members: set[str]
    is_private: bool = False
    is_ext_shared: bool = False
    is_archived: bool = False
    topic: str = ""
    created: int = 0
    messages: dict[str, Message] = field(default_factory=dict)
    read: dict[str, str] = field(default_factory=dict)
    prompts: Json = field(default_factory=dict)
    working: dict[str, str] = field(default_factory=dict)
    titles: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, place: Place, bot_user_id: str, created: int) -> Channel:
        """A place of the cast brought to life."""
        members = {*place.members, *([bot_user_id] if place.has_bot else [])}
        return cls(
            place.id,
            place.name,
            place.kind,
            members,
            is_private=place.is_private or place.kind != "channel",
            is_ext_shared=place.is_ext_shared,
            is_archived=place.is_archived,
            topic=place.topic,
            created=created,
        )

    @property
    def type_name(self) -> str:
        """Slack's word for the kind of place in `types` arguments."""
        if self.kind != "channel":
            return self.kind
        return "private_channel" if self.is_private else "public_channel"

    def seen_by(self, user: str) -> list[Message]:
        """The messages that person may see, oldest first."""
        if user not in self.members:
            return []
        return [message for message in self.messages.values() if may_see(message, user)]

    def replies(self, ts: str) -> int:
        """How many lasting answers a thread has."""
        return sum(m.thread_ts == ts and m.ts != ts and m.only_for is None for m in self.messages.values())

    def unread(self, user: str) -> int:
        """How many messages by others came after that person looked last."""
        after = self.read.get(user, "")
        return sum(message.ts > after and message.user != user for message in self.seen_by(user))


def may_see(message: Message, user: str) -> bool:
    """Whether a member of the place sees this message."""
    return message.only_for in {None, user}
