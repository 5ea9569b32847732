"""A post that is ready to be sent, or why it is not; `handlers.posting` sends it and writes down what came of it."""

from collections.abc import Awaitable
from dataclasses import dataclass
from datetime import date
from enum import Enum, auto
from typing import Any, Protocol

from slack_sdk.errors import SlackApiError

from handlers import slack_faults
from handlers.delivery import content
from handlers.desk import Desk
from handlers.views.blocks import Message

EVENT = "usagebot_post"
"""Kind of the metadata that a message carries, by which it is found again after its answer was lost."""


class Outgoing(Protocol):
    """What can be sent."""

    @property
    def channel(self) -> str:
        """Slack's id, of a direct message as well."""

    @property
    def as_of(self) -> date | None:
        """The day up to which it tells."""

    @property
    def since(self) -> date | None:
        """The day from which on it tells."""

    @property
    def content(self) -> str:
        """What it is redrawn from: ids, never names."""

    def send(self, desk: Desk, key: str) -> Awaitable[str]:
        """Send it once; returns what Slack calls it. Raises what Slack's client raises."""


@dataclass(frozen=True, slots=True)
class Letter:
    """A message."""

    channel: str
    message: Message
    content: str = "{}"
    as_of: date | None = None
    since: date | None = None

    async def send(self, desk: Desk, key: str) -> str:
        """Post it; without its newest blocks where those are refused."""
        try:
            return await self._post(desk, key, self.message)
        except SlackApiError as error:
            if slack_faults.fault(error).kind is not slack_faults.Kind.BLOCKS:
                raise
        return await self._post(desk, key, self.message.fallback or Message(self.message.text))

    async def _post(self, desk: Desk, key: str, message: Message) -> str:
        told = await desk.client.chat_postMessage(
            channel=self.channel,
            unfurl_links=False,
            unfurl_media=False,
            metadata=labelled(key),
            **content(message),
        )
        return str(told["ts"])


class End(Enum):
    """What becomes of a post that is not sent."""

    SKIPPED = auto()
    AGAIN = auto()
    RESTS = auto()
    """Its schedule rests until somebody mended the cause."""


@dataclass(frozen=True, slots=True)
class Unsent:
    """Why a post is not sent. `cause` is a word of `posting_cause.j2`; `orphan`: its owner cannot mend it."""

    end: End
    cause: str
    seconds: float = 60.0
    orphan: bool = False


def labelled(key: str) -> dict[str, Any]:
    """Return the metadata of a message: our own name for it, nothing else."""
    return {"event_type": EVENT, "event_payload": {"key": key}}


def is_labelled(message: Any, key: str) -> bool:
    """Tell whether a message of Slack's history is the one of a key."""
    found = message.get("metadata") or {}
    return found.get("event_type") == EVENT and (found.get("event_payload") or {}).get("key") == key
