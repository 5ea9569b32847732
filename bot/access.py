"""Access tokens of OAuth's client credentials flow (RFC 6749, 4.4), as directories give them to apps.

One token for all calls, renewed before its end, and once after it was not taken.
"""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from bot import service
from bot.ground import Answered, Ground, ask
from reporting_core.words.seats import ProviderError

EARLY = 300.0
"""Seconds before its end after which a token is renewed, or half of its life where that is shorter."""

MOST_SECONDS = 10**7
"""No token lives for four months."""

_BAD_REQUEST = 400


@dataclass(frozen=True, slots=True)
class SignIn:
    """Where and how an app signs in. `form` is made anew for each request; `refusal` is said of the word for an error.

    `wait`: seconds to be left alone after a refusal for too many requests.
    """

    name: str
    url: str
    form: Callable[[], Mapping[str, str]]
    refusal: Callable[[str], str]
    wait: Callable[[Answered, datetime], float] = lambda answered, _now: answered.retry_after


class Tokens:
    """The tokens of one app."""

    def __init__(self, ground: Ground, sign_in: SignIn) -> None:
        self._ground = ground
        self._sign_in = sign_in
        self._lock = asyncio.Lock()
        self._headers: Mapping[str, str] = {}
        self._renew_at = 0.0

    async def headers(self, refused: Mapping[str, str]) -> Mapping[str, str]:
        """Return what signs a request. Raises ProviderError."""
        async with self._lock:
            now = self._ground.clock().timestamp()
            if not self._headers or self._headers == refused or now >= self._renew_at:
                await self._renew(now)
            return self._headers

    async def _renew(self, now: float) -> None:
        self._headers = {}
        found = (await self._asked()).values or {}
        token, seconds = found.get("access_token"), _seconds(found.get("expires_in"))
        is_bearer = str(found.get("token_type")).casefold() == "bearer"
        if not is_bearer or not isinstance(token, str) or not token.isascii() or not token.isprintable() or not seconds:
            raise ProviderError(f"{self._sign_in.name}'s sign-in gave no token.", sent=False)
        self._renew_at = now + max(seconds - EARLY, seconds / 2)
        self._headers = {"Authorization": f"Bearer {token}"}

    async def _asked(self) -> Answered:
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        body = urlencode(self._sign_in.form()).encode()
        try:
            answered = await ask(self._ground, "POST", self._sign_in.url, headers=headers, body=body)
        except ProviderError as error:
            raise ProviderError(error.message, permanent=error.permanent, sent=False) from None
        word = (answered.values or {}).get("error")
        if answered.status in {_BAD_REQUEST, service.UNAUTHORIZED} and isinstance(word, str) and word:
            raise ProviderError(self._sign_in.refusal(word), permanent=True, sent=False)
        if answered.status != service.OK:
            after = min(self._sign_in.wait(answered, self._ground.clock()), service.LONGEST_WAIT)
            said = f"{self._sign_in.name}'s sign-in does not answer now ({answered.status})."
            raise ProviderError(said, sent=False, after=after)
        return answered


def _seconds(value: Any) -> float:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return value if is_number and 0 < value < MOST_SECONDS else 0.0
