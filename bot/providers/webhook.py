"""Hands orders to the customer's own automation: signed requests out, answers held against the order they are about.

What goes over the wire is in docs/providers.md. Nothing counts as done but an answer that says so of this very order;
whatever may have happened without one is unknown, and the automation is asked how the seat stands.
"""

import json
from typing import Any

from bot import automation, signing
from bot.ground import Answered, Ground, ask, is_safe, required
from reporting_core.words.errors import SettingWrong
from reporting_core.words.seats import Done, ProviderAnswer, ProviderError, SeatOrder, Seen

VERSION = 1
OK = frozenset({200, 201})
ACCEPTED = 202
REFUSALS = frozenset({409, 422})
TURNED_DOWN = frozenset({401, 403})
TOO_SLOW = 408
BUSY, UNAVAILABLE = 429, 503


def made(ground: Ground) -> "Webhook":
    """Make it. Raises SettingWrong where the address or the secret is missing or of no use."""
    required(ground.settings, "USAGEBOT_WEBHOOK_URL", "USAGEBOT_WEBHOOK_SECRET")
    if not is_safe(ground.settings.webhook_url):
        raise SettingWrong("USAGEBOT_WEBHOOK_URL must begin with https://; http:// is for this machine itself only.")
    if len(ground.settings.webhook_secret.get_secret_value()) < signing.LEAST_SECRET:
        least = signing.LEAST_SECRET
        raise SettingWrong(f"USAGEBOT_WEBHOOK_SECRET is too short: at least {least} characters, chosen at random.")
    return Webhook(ground)


class Webhook:
    """Asks the automation at USAGEBOT_WEBHOOK_URL."""

    name = "webhook"

    def __init__(self, ground: Ground) -> None:
        self._ground = ground

    async def unassign(self, order: SeatOrder) -> ProviderAnswer:
        """Have the seat taken."""
        return _answer(order, await self._asked(order, "order", {"Idempotency-Key": order.key}))

    async def assign(self, order: SeatOrder) -> ProviderAnswer:
        """Have the seat given again."""
        return await self.unassign(order)

    async def state(self, order: SeatOrder) -> Seen:
        """Ask how the seat stands; nothing happens by asking, so no error has `sent`."""
        try:
            answered = await self._asked(order, "state", {})
        except ProviderError as error:
            raise ProviderError(error.message, permanent=error.permanent, sent=False) from None
        if answered.status not in OK:
            raise ProviderError(f"The automation does not say how the seat stands ({answered.status}).", sent=False)
        return automation.seen(order, answered.values)

    async def _asked(self, order: SeatOrder, kind: str, headers: dict[str, str]) -> Answered:
        if not automation.person(order):
            raise ProviderError("The data names neither e-mail nor id of the person.", permanent=True, sent=False)
        now, given = self._ground.clock(), self._ground.settings
        body = json.dumps(_body(order, kind) | {"at": now.isoformat()}, ensure_ascii=True).encode()
        headers |= signing.signed(given.webhook_secret, now.timestamp(), body)
        headers["Content-Type"] = "application/json"
        return await ask(self._ground, "POST", given.webhook_url, headers=headers, body=body)


def _body(order: SeatOrder, kind: str) -> dict[str, Any]:
    return {
        "version": VERSION,
        "kind": kind,
        "key": order.key,
        "change": str(order.change),
        "account": order.account,
        "team": order.team,
        "product": order.product,
        "person": automation.person(order),
        "email": order.email,
        "autodesk_id": order.autodesk_id,
        "hashed_autodesk_id": order.hashed_autodesk_id,
        "assigned_on": order.assigned_on.isoformat() if order.assigned_on else None,
        "asked_by": order.asked_by,
        "reference": order.reference,
    }


def _answer(order: SeatOrder, answered: Answered) -> ProviderAnswer:
    """Read an answer; raises ProviderError with what is known of the effect, which is never more than was said."""
    status = answered.status
    if status == BUSY or (status == UNAVAILABLE and "Retry-After" in answered.headers):
        raise ProviderError(f"The automation has no time for it now ({status}).", sent=False)
    found = automation.answer(order, answered.values)
    if found and found.done in _meant_by(status):
        return found
    if status == ACCEPTED and not answered.body.strip():
        return ProviderAnswer(Done.ACCEPTED)
    raise _no_answer(status)


def _meant_by(status: int) -> frozenset[Done]:
    """Return what an answer of this status can say: one that contradicts itself says nothing."""
    if status in OK:
        return frozenset(Done)
    if status in REFUSALS:
        return frozenset({Done.REFUSED})
    return frozenset({Done.ACCEPTED}) if status == ACCEPTED else frozenset()


def _no_answer(status: int) -> ProviderError:
    if status in TURNED_DOWN:
        said = f"The automation does not take our signature ({status}); see USAGEBOT_WEBHOOK_SECRET."
        return ProviderError(said, permanent=True, sent=False)
    if 300 <= status < 500 and status not in REFUSALS | {TOO_SLOW}:  # noqa: PLR2004 - redirects, and faults of ours
        return ProviderError(f"The automation does not take the order ({status}).", permanent=True, sent=False)
    return ProviderError(f"The automation gave no answer about this order ({status}).")
