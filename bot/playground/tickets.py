"""What Slack hands out for a short time: trigger ids and response addresses."""

from __future__ import annotations

from dataclasses import dataclass, field

from bot.playground.errors import Refused
from bot.playground.identity import Clock, Ids
from bot.playground.messages import Channel

TRIGGER_SECONDS = 3.0
RESPONSE_SECONDS = 30 * 60
RESPONSE_USES = 5


@dataclass(slots=True)
class Trigger:
    """The right to open one view for one person, soon."""

    user: str
    made_at: float
    view_id: str | None = None
    used: bool = False


class Triggers:
    """All trigger ids given out."""

    def __init__(self, clock: Clock, ids: Ids) -> None:
        self._clock = clock
        self._ids = ids
        self._known: dict[str, Trigger] = {}

    def give(self, user: str, view_id: str | None = None) -> str:
        """A new trigger id; `view_id` is the modal it came from, if any."""
        now = self._clock()
        numbers = f"{self._ids.random.randrange(10**12)}.{self._ids.random.randrange(10**12)}"
        trigger_id = f"{numbers}.{self._ids.secret(32)}"
        # Kept for a while after their end, so that "expired" and "never existed" stay apart.
        self._known = {key: old for key, old in self._known.items() if now - old.made_at < RESPONSE_SECONDS}
        self._known[trigger_id] = Trigger(user, now, view_id)
        return trigger_id

    def take(self, trigger_id: str) -> Trigger:
        """Use a trigger up, or say why it is good for nothing."""
        trigger = self._known.get(trigger_id)
        if trigger is None:
            code = "invalid_trigger_id"
        elif trigger.used:
            code = "exchanged_trigger_id"
        elif self._clock() - trigger.made_at > TRIGGER_SECONDS:
            code = "expired_trigger_id"
        else:
            trigger.used = True
            return trigger
        raise Refused(code)


@dataclass(slots=True)
class ResponseUrl:
    """The right to answer five times in half an hour; `original` is the message it is about."""

    user: str
    channel: Channel
    made_at: float
    original: str | None = None
    from_action: bool = False
    uses: int = 0
    posted: list[str] = field(default_factory=list)


class ResponseUrls:
    """All response addresses given out."""

    def __init__(self, clock: Clock, ids: Ids) -> None:
        self._clock = clock
        self._ids = ids
        self._known: dict[str, ResponseUrl] = {}

    def give(self, user: str, channel: Channel, original: str | None = None) -> str:
        """The secret last part of a new address; `original` makes it one of an action on that message."""
        now = self._clock()
        self._known = {key: old for key, old in self._known.items() if now - old.made_at < 2 * RESPONSE_SECONDS}
        key = self._ids.secret()
        self._known[key] = ResponseUrl(user, channel, now, original, from_action=original is not None)
        return key

    def peek(self, key: str) -> ResponseUrl | None:
        """The address without using it."""
        return self._known.get(key)

    def take(self, key: str) -> ResponseUrl:
        """Use an address once, or say why it no longer works."""
        response = self._known.get(key)
        if response is None or self._clock() - response.made_at > RESPONSE_SECONDS:
            raise Refused("expired_url")
        if response.uses >= RESPONSE_USES:
            raise Refused("used_url")
        response.uses += 1
        return response
