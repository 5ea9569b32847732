"""The inspector's memory: what went to the bot and what came from it, without secrets, and never too much of it."""

from __future__ import annotations

import json
import re
from collections import deque
from collections.abc import Callable, Iterable
from typing import Any, Literal, TypeAlias

from bot.playground.identity import Clock
from bot.playground.schema import Json

Direction: TypeAlias = Literal["to_bot", "from_bot"]

MOST_ENTRIES = 500
MOST_CHARACTERS = 60_000
HIDDEN = "(hidden)"
_SECRET_KEYS = frozenset(
    {"token", "authorization", "x-slack-signature", "upload_url", "response_url", "url_private", "url_private_download"}
)
# Bot, user, app and refresh tokens; tickets and the secret ends of response and upload addresses.
_SECRET_TEXT = re.compile(
    r"xox[a-z]?(?:\.xox[a-z])?-[\w-]+|xapp-[\w-]+|(?<=/response/)\w+|(?<=/upload/)\w+|(?<=ticket=)\w+"
)


def redacted(value: Any) -> Any:
    """The same JSON without tokens, signatures and addresses that work like passwords."""
    if isinstance(value, dict):
        return {key: HIDDEN if _is_secret(key, item) else redacted(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [redacted(item) for item in value]
    return _SECRET_TEXT.sub(HIDDEN, value) if isinstance(value, str) else value


def _is_secret(key: object, item: object) -> bool:
    return isinstance(key, str) and key.lower() in _SECRET_KEYS and isinstance(item, str)


def _short(value: Any) -> Json:
    clean = redacted(value)
    text = json.dumps(clean, ensure_ascii=False, default=str)
    if len(text) > MOST_CHARACTERS:
        return {"truncated": True, "characters": len(text), "start": text[:MOST_CHARACTERS]}
    return json.loads(text) if isinstance(clean, dict) else {"body": json.loads(text)}


class Traffic:
    """A ring of entries, oldest forgotten first, that tells its listeners about each new one."""

    def __init__(self, clock: Clock, most: int = MOST_ENTRIES) -> None:
        self._clock = clock
        self._entries: deque[Json] = deque(maxlen=most)
        self._count = 0
        self.listeners: list[Callable[[Json], None]] = []

    def note(self, direction: Direction, what: str, status: str, ms: float, request: object, response: object) -> None:
        """Remember one exchange; `ms` is how long the answer took."""
        self._count += 1
        entry: Json = {
            "n": self._count,
            "at": self._clock(),
            "direction": direction,
            "what": what,
            "status": status,
            "ms": round(ms, 1),
            "request": _short(request),
            "response": _short(response),
        }
        self._entries.append(entry)
        for listener in self.listeners:
            listener(entry)

    def after(self, number: int) -> Iterable[Json]:
        """The entries numbered above `number`."""
        return [entry for entry in self._entries if entry["n"] > number]
