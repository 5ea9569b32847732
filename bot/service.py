"""A directory's service over HTTP, politely: signed in, left alone as long as it asks, never followed elsewhere.

What an answer means for the seat is said here once: a change counts only as 204, whatever else comes back.
"""

import json
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from bot.ground import Answered, Ground, ask, is_safe
from reporting_core.words.errors import SettingWrong
from reporting_core.words.seats import ProviderError

MOST_BYTES = 2_000_000
"""Of one page of a list."""

MOST_PAGES = 200

LONGEST_WAIT = 3600.0
"""Seconds for which a service is left alone at most, whatever it asks for."""

OK, DONE = 200, 204
UNAUTHORIZED, FORBIDDEN, NOT_FOUND, TOO_SLOW, CONFLICT = 401, 403, 404, 408, 409
BUSY, UNAVAILABLE = 429, 503

Sign = Callable[[Mapping[str, str]], Awaitable[Mapping[str, str]]]
"""Returns the headers that sign a request; others than those handed in, which were not taken, if there are any."""


@dataclass(frozen=True, slots=True)
class Manners:
    """What differs between services. `code` reads the service's own word for an error, empty in anything else."""

    name: str
    rights: str
    """Where whoever may do too little reads on: the variable that signs in."""
    code: Callable[[Any], str]
    missing: frozenset[str]
    """The codes that say: there is no such thing."""
    wait: Callable[[Answered, datetime], float]
    """Seconds to be left alone after a refusal for too many requests."""


class Service:
    """One service at one address."""

    def __init__(self, ground: Ground, base: str, sign: Sign, manners: Manners) -> None:
        self._ground = ground
        self.base = base
        self._sign = sign
        self._manners = manners
        self._not_before = 0.0

    async def read(self, path: str, body: Mapping[str, Any] | None = None) -> Any:
        """Return the JSON of an answer, None where there is no such thing. Raises ProviderError."""
        answered = await self._asked("POST" if body else "GET", path, body)
        return self._read(answered)

    async def listed(
        self, path: str, following: Callable[[Answered, Any], str], rows: Callable[[Any], Any]
    ) -> AsyncIterator[list[Any]]:
        """Return a list page by page. `following` finds the address of the next page, `rows` the rows in a page."""
        for _page in range(MOST_PAGES):
            answered = await self._asked("GET", path, None)
            value = self._read(answered)
            found = rows(value)
            if not isinstance(found, list) or not all(isinstance(each, dict) for each in found):
                raise self._none(answered)
            yield found
            address = following(answered, value)
            if not address:
                return
            path = self._within(address)
        raise ProviderError(f"{self._manners.name} lists more pages than usagebot reads.", permanent=True)

    async def change(self, method: str, path: str, body: Mapping[str, Any] | None = None) -> Answered | None:
        """Change something: None once it has happened, the answer where the service names an error in its own words.

        Raises ProviderError for everything else.
        """
        answered = await self._asked(method, path, body)
        if answered.status == DONE:
            return None
        if self._code(answered):
            return answered
        raise self.failure(answered)

    def is_missing(self, answered: Answered) -> bool:
        """Tell whether the service says itself that there is no such thing; a proxy's 404 is not its word."""
        return answered.status == NOT_FOUND and self._code(answered) in self._manners.missing

    def failure(self, answered: Answered) -> ProviderError:
        """Say what an answer that is none means: `sent` is False only where certainly nothing happened."""
        name, status = self._manners.name, answered.status
        if _is_busy(answered):
            after = self._wait(answered)
            return ProviderError(f"{name} has no time for it now ({status}).", sent=False, after=after)
        if status == UNAUTHORIZED:
            return self._turned_down(f"{name} does not let usagebot sign in ({status}); see {self._manners.rights}.")
        if status == FORBIDDEN:
            return self._turned_down(f"{name} does not give usagebot the rights for it ({status}).")
        if self.is_missing(answered) or (300 <= status < 500 and status not in {NOT_FOUND, TOO_SLOW, CONFLICT}):  # noqa: PLR2004 - redirects, and faults of ours
            return self._turned_down(f"{name} does not take the request ({status}).")
        return self._none(answered)

    def _turned_down(self, message: str) -> ProviderError:
        return ProviderError(message, permanent=True, sent=False)

    def _none(self, answered: Answered) -> ProviderError:
        return ProviderError(f"{self._manners.name} gave no answer that says anything ({answered.status}).")

    def _read(self, answered: Answered) -> Any:
        if answered.status == OK and (value := _json(answered)) is not None:
            return value
        if self.is_missing(answered):
            return None
        raise self.failure(answered)

    def _code(self, answered: Answered) -> str:
        return self._manners.code(_json(answered))

    async def _asked(self, method: str, path: str, body: Mapping[str, Any] | None) -> Answered:
        now = self._ground.clock().timestamp()
        left = self._not_before - now
        if left > 0:
            raise ProviderError(f"{self._manners.name} asked to be left alone for a while.", sent=False, after=left)
        signed = await self._sign({})
        answered = await self._sent(method, path, body, signed)
        if answered.status == UNAUTHORIZED and (anew := await self._sign(signed)) != signed:
            answered = await self._sent(method, path, body, anew)
        if _is_busy(answered):
            self._not_before = max(self._not_before, now + self._wait(answered))
        return answered

    def _wait(self, answered: Answered) -> float:
        return min(self._manners.wait(answered, self._ground.clock()), LONGEST_WAIT)

    async def _sent(
        self, method: str, path: str, body: Mapping[str, Any] | None, signed: Mapping[str, str]
    ) -> Answered:
        headers = {**signed, "Content-Type": "application/json"} if body else signed
        data = json.dumps(body).encode() if body else b""
        return await ask(self._ground, method, f"{self.base}{path}", headers=headers, body=data, most=MOST_BYTES)

    def _within(self, address: str) -> str:
        """Return the path of the next page; our sign-in goes to no other host, whatever an answer says."""
        if not address.startswith(f"{self.base}/"):
            raise ProviderError(f"{self._manners.name} sends usagebot to another host.", permanent=True)
        return address.removeprefix(self.base)


def base(url: str, variable: str) -> str:
    """Return the address of a service without a path. Raises SettingWrong for one that others could read along."""
    parts = urlsplit(url) if is_safe(url) else None
    if parts is None or parts.username or parts.path.strip("/") or parts.query or parts.fragment:
        raise SettingWrong(f"{variable} must be https:// and a host, without a path; http:// is for this machine only.")
    return f"{parts.scheme}://{parts.netloc}"


def _is_busy(answered: Answered) -> bool:
    return answered.status == BUSY or (answered.status == UNAVAILABLE and "Retry-After" in answered.headers)


def _json(answered: Answered) -> Any:
    try:
        return json.loads(answered.body)
    except (ValueError, RecursionError):
        return None
