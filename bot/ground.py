"""What a provider stands on: settings, the store, the clock, random words, HTTP that tells the truth about failures.

Nothing here knows a provider; each of them knows this, and none knows another.
"""

import asyncio
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

import aiohttp
from pydantic import SecretStr

from bot.settings import Settings
from reporting_core.storage.engines import Store
from reporting_core.words.errors import SettingWrong
from reporting_core.words.seats import ProviderError

SECONDS = 8.0
"""How long one request may take, from finding the service to the last byte of its answer."""

MOST_BYTES = 65_536
"""Of an answer; one that is larger is no answer to a question about one seat."""


def sessions() -> aiohttp.ClientSession:
    """Return a session for one request, which unpacks nothing, so that an answer is as large as it is."""
    headers = {"User-Agent": "usagebot", "Accept": "application/json", "Accept-Encoding": "identity"}
    return aiohttp.ClientSession(
        headers=headers, cookie_jar=aiohttp.DummyCookieJar(), auto_decompress=False, middlewares=(_once(),)
    )


def _once() -> aiohttp.ClientMiddlewareType:
    """Keep aiohttp from sending a GET, PUT or DELETE a second time by itself when a connection is lost.

    A DELETE whose answer was lost may have been carried out, and somebody may have come back meanwhile.
    """
    sent = False

    async def send(request: aiohttp.ClientRequest, handler: aiohttp.ClientHandlerType) -> aiohttp.ClientResponse:
        nonlocal sent
        if sent:
            raise aiohttp.ServerDisconnectedError
        sent = True
        return await handler(request)

    return send


@dataclass(frozen=True, slots=True)
class Ground:
    """What every provider is made from. `http` makes a session for one call: `async with ground.http() as session`."""

    settings: Settings
    store: Store
    account_id: int
    clock: Callable[[], datetime]
    token: Callable[[], str]
    http: Callable[[], aiohttp.ClientSession] = field(default=sessions)
    seconds: float = SECONDS


@dataclass(frozen=True, slots=True)
class Answered:
    """An answer as it came: whatever the status."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def values(self) -> dict[str, Any] | None:
        """The JSON object in it; None for anything else, such as a page of HTML or half of an answer."""
        try:
            found = json.loads(self.body)
        except (ValueError, RecursionError):
            return None
        return found if isinstance(found, dict) else None

    def every(self, name: str) -> list[str]:
        """Return the values of a header that may come several times."""
        return [value for each, value in self.headers.items() if each.casefold() == name.casefold()]

    @property
    def retry_after(self) -> float:
        """Seconds that the service asks to be left alone; 0 where it does not say so in seconds."""
        told = self.headers.get("Retry-After", "").strip()
        return float(told) if told.isdecimal() and len(told) < 8 else 0.0  # noqa: PLR2004 - a date has more


async def ask(
    ground: Ground,
    method: str,
    url: str,
    *,
    headers: Mapping[str, str] | None = None,
    body: bytes = b"",
    most: int = MOST_BYTES,
) -> Answered:
    """Send one request, follow nothing, and return the answer whatever its status.

    Raises ProviderError; `sent` is False only where the request certainly did not arrive. Its words hold neither the
    address nor what was sent: both may be secret.
    """
    try:
        async with asyncio.timeout(ground.seconds), ground.http() as session:
            asked = session.request(method, url, headers=headers, data=body or None, allow_redirects=False)
            async with asked as response:
                return Answered(response.status, response.headers, await _read(response, most))
    except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError) as error:
        raise ProviderError(f"The service cannot be reached ({type(error).__name__}).", sent=False) from None
    except aiohttp.InvalidURL:
        raise ProviderError("The address of the service is none.", permanent=True, sent=False) from None
    except (aiohttp.ClientError, TimeoutError, OSError) as error:
        raise ProviderError(f"The service gave no whole answer ({type(error).__name__}).") from None


async def _read(response: aiohttp.ClientResponse, most: int) -> bytes:
    read = bytearray()
    async for piece in response.content.iter_chunked(most):
        read += piece
        if len(read) > most:
            raise ProviderError("The service answered with far more than an answer about one seat.")
    return bytes(read)


def required(settings: Settings, *names: str) -> None:
    """Raise SettingWrong for the first variable that the provider cannot do without and that is not set."""
    for name, field_ in Settings.model_fields.items():
        value = getattr(settings, name)
        plain = value.get_secret_value() if isinstance(value, SecretStr) else value
        if field_.alias in names and not plain:
            raise SettingWrong(f"{field_.alias} is not set; USAGEBOT_PROVIDER={settings.provider} needs it.")


def is_safe(url: str) -> bool:
    """Tell whether nobody on the way can read along: https, or no way at all."""
    try:
        parts = urlsplit(url)
        host, _port = parts.hostname or "", parts.port
    except ValueError:
        return False
    return bool(host) and (parts.scheme == "https" or (parts.scheme == "http" and _is_loopback(host)))


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
