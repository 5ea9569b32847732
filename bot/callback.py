"""`/provider/callback`: a customer's automation says later what became of an order that it had accepted.

Only over HTTP; in Socket Mode nothing listens, and the automation is asked for the state every now and then.
"""

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from pydantic import SecretStr

from bot import automation, signing
from bot.front_door import Door, Turned
from bot.settings import Settings
from reporting_core.core import Core
from reporting_core.storage import actions
from reporting_core.words.seats import ProviderAnswer, SeatOrder

PATH = "/provider/callback"

Ordered = Callable[[str], Awaitable[SeatOrder | None]]
"""Finds the order of a key."""

Record = Callable[[str, ProviderAnswer], Awaitable[object]]
"""Records an answer; the same one again changes nothing."""


def doors(given: Settings, core: Core) -> dict[str, Door]:
    """Return the door for an account whose provider is the webhook; no door for any other provider."""
    if given.provider != "webhook":
        return {}

    def order(key: str) -> SeatOrder | None:
        with core.store.reading() as connection:
            action = actions.of_token(connection, core.account_id, key)
            return actions.order(connection, core.account_id, action) if action else None

    async def ordered(key: str) -> SeatOrder | None:
        return await asyncio.to_thread(order, key)

    return {PATH: Callback(given.webhook_secret, lambda: core.clock().timestamp(), ordered, core.seats.answered)}


class Callback:
    """Checks the signature before it reads anything, and records what is said of an order once."""

    def __init__(self, secret: SecretStr, now: Callable[[], float], ordered: Ordered, record: Record) -> None:
        self._secret = secret
        self._now = now
        self._ordered = ordered
        self._record = record
        self._once = signing.Once(now)

    async def __call__(self, headers: Mapping[str, str], body: bytes) -> dict[str, Any]:
        """Take one callback, and return what is answered; raises Turned with the status for what is none."""
        if reason := signing.fault(self._secret, self._now(), headers, body):
            raise Turned(401, reason)
        signature = headers[signing.SIGNATURE]
        if not self._once.claim(signature):
            return {"ok": True, "again": True}
        try:
            return await self._taken(body)
        except BaseException:
            self._once.release(signature)
            raise

    async def _taken(self, body: bytes) -> dict[str, Any]:
        values = _read(body)
        key = values.get("key")
        order = await self._ordered(key) if isinstance(key, str) else None
        if order is None:
            raise Turned(404, "no_such_order")
        answer = automation.answer(order, values)
        if answer is None:
            raise Turned(422, "not_about_this_order")
        await self._record(order.key, answer)
        return {"ok": True}


def _read(body: bytes) -> dict[str, Any]:
    try:
        values = json.loads(body)
    except (ValueError, RecursionError):
        raise Turned(400, "unreadable") from None
    if not isinstance(values, dict):
        raise Turned(400, "unreadable")
    return values
