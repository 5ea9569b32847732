"""Signed HTTP from Slack: nothing is parsed before its signature is checked, let in twice, or written to the log.

Bolt gets a parsed dictionary, as in Socket Mode: its own reader takes any command with the word `payload` for a press.
"""

import asyncio
import hashlib
import hmac
import json
import re
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any
from urllib.parse import parse_qsl

import structlog
from aiohttp import web
from pydantic import SecretStr
from slack_bolt.async_app import AsyncApp
from slack_bolt.request.async_request import AsyncBoltRequest

PATHS = ("/slack/events", "/slack/commands", "/slack/interactivity")
MOST_BYTES = 1_000_000
SECONDS = 10
"""How long a request may take to arrive, and an idle connection may stay."""

LINGERING = 1
"""Seconds for which the rest of a refused body is still taken, so that its sender reads the answer."""

SKEW = 300
REMEMBERED = 600
"""Seconds: a time stamp may lie 300 s off either way, so a signature can come back for 600."""

_TIMESTAMP = re.compile(r"[0-9]{10}")
_SIGNATURE = re.compile(r"v0=[0-9a-f]{64}")
_HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


Door = Callable[[Mapping[str, str], bytes], Awaitable[dict[str, Any]]]
"""Takes headers and body of a request that is not Slack's, checks it by itself, and returns what is answered."""


class Turned(Exception):
    """A request that is not let in: the status it gets and the one word that is logged."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(reason)
        self.status = status
        self.reason = reason


class Signatures:
    """Checks signatures, and remembers the good ones for as long as they could come again."""

    def __init__(self, secret: SecretStr, now: Callable[[], float]) -> None:
        self._secret = secret
        self._now = now
        self._seen: OrderedDict[str, float] = OrderedDict()

    def check(self, headers: Mapping[str, str], body: bytes) -> str:
        """Return the signature of a request that Slack sent just now; raises Turned for any other."""
        timestamp = headers.get("X-Slack-Request-Timestamp", "")
        signature = headers.get("X-Slack-Signature", "")
        if not _TIMESTAMP.fullmatch(timestamp) or not _SIGNATURE.fullmatch(signature):
            raise Turned(401, "unsigned")
        if abs(self._now() - int(timestamp)) > SKEW:
            raise Turned(401, "stale")
        key = self._secret.get_secret_value().encode()
        expected = hmac.new(key, f"v0:{timestamp}:".encode() + body, hashlib.sha256).hexdigest()
        if not hmac.compare_digest(f"v0={expected}", signature):
            raise Turned(401, "forged")
        return signature

    def claim(self, signature: str) -> bool:
        """Return False for a signature that was let in before."""
        now = self._now()
        while self._seen and next(iter(self._seen.values())) <= now - REMEMBERED:
            self._seen.popitem(last=False)
        if signature in self._seen:
            return False
        self._seen[signature] = now
        return True

    def release(self, signature: str) -> None:
        """Forget a signature whose request failed here: Slack's retry within the same second looks the same."""
        self._seen.pop(signature, None)


class FrontDoor:
    """The HTTP server: Slack's requests, `/healthz` for who watches over it, and `doors` for others, by path."""

    def __init__(
        self,
        app: AsyncApp,
        secret: SecretStr,
        now: Callable[[], float],
        seconds: float = SECONDS,
        doors: Mapping[str, Door] | None = None,
    ) -> None:
        self._app = app
        self.watching: Sequence[web.RouteDef] = [web.get("/healthz", self._healthy)]
        """What whoever watches over the process may ask."""
        self.turned_away: Callable[[str], None] = lambda _reason: None
        """Counts what was not let in."""
        self._seconds = seconds
        self._doors = dict(doors or {})
        self._signatures = Signatures(secret, now)
        self._log = structlog.get_logger()
        self._runner: web.AppRunner | None = None

    async def start(self, host: str, port: int) -> str:
        """Listen, and return the address; port 0 takes a free one."""
        served = web.Application(client_max_size=MOST_BYTES)
        served.add_routes(self.watching)
        for path in PATHS:
            served.router.add_post(path, self._receive)
        for path in self._doors:
            served.router.add_post(path, self._receive_other)
        # Slack sends nothing compressed; unpacking would be work, and a way to fail, before the signature is checked.
        self._runner = web.AppRunner(
            served,
            access_log=None,
            keepalive_timeout=self._seconds,
            shutdown_timeout=SECONDS,
            lingering_time=LINGERING,
            auto_decompress=False,
        )
        await self._runner.setup()
        await web.TCPSite(self._runner, host, port).start()
        bound = self._runner.addresses[0]
        return f"http://{bound[0]}:{bound[1]}"

    async def stop(self) -> None:
        """Take no more requests, and let those that are being answered finish."""
        if self._runner:
            await self._runner.cleanup()

    async def _healthy(self, _request: web.Request) -> web.Response:
        return web.json_response({"ok": True}, headers=_HEADERS)

    async def _receive(self, request: web.Request) -> web.Response:
        try:
            return await self._let_in(request)
        except Turned as turned:
            self.turned_away(turned.reason)
            self._log.warning("turned_away", reason=turned.reason, status=turned.status)
            return web.Response(status=turned.status, headers=_HEADERS)

    async def _receive_other(self, request: web.Request) -> web.Response:
        try:
            body = await _read(request, self._seconds)
            return web.json_response(await self._doors[request.path](request.headers, body), headers=_HEADERS)
        except Turned as turned:
            self.turned_away(turned.reason)
            self._log.warning("turned_away", path=request.path, reason=turned.reason, status=turned.status)
            return web.Response(status=turned.status, headers=_HEADERS)

    async def _let_in(self, request: web.Request) -> web.Response:
        body = await _read(request, self._seconds)
        signature = self._signatures.check(request.headers, body)
        if not self._signatures.claim(signature):
            # Slack needs no second answer, and whoever else sends it gets none.
            self._log.warning("replayed")
            return web.Response(headers=_HEADERS)
        try:
            return await self._dispatch(request, parsed(request.content_type, body))
        except BaseException:
            self._signatures.release(signature)
            raise

    async def _dispatch(self, request: web.Request, payload: dict[str, Any]) -> web.Response:
        if payload.get("type") == "url_verification":
            return web.json_response({"challenge": str(payload.get("challenge", ""))}, headers=_HEADERS)
        if "ssl_check" in payload:
            return web.Response(headers=_HEADERS)
        retries = {key: value for key, value in request.headers.items() if key.lower().startswith("x-slack-retry")}
        answer = await self._app.async_dispatch(_bolt_request(payload, retries))
        headers = {**_HEADERS, "Content-Type": answer.first_headers().get("content-type", "text/plain; charset=utf-8")}
        return web.Response(status=answer.status, body=(answer.body or "").encode(), headers=headers)


def parsed(content_type: str, body: bytes) -> dict[str, Any]:
    """Return a signed body as a dictionary: JSON, a form, or JSON inside a form; raises Turned for anything else."""
    try:
        text = body.decode("utf-8")
        if content_type == "application/x-www-form-urlencoded":
            form = dict(parse_qsl(text, keep_blank_values=True, strict_parsing=bool(text), errors="strict"))
            payload: Any = json.loads(form["payload"]) if "payload" in form and "command" not in form else form
        else:
            payload = json.loads(text)
    except (ValueError, RecursionError):
        raise Turned(400, "unreadable") from None
    if not isinstance(payload, dict):
        raise Turned(400, "unreadable")
    return payload


def _bolt_request(payload: dict[str, Any], headers: dict[str, str]) -> AsyncBoltRequest:
    if payload.get("type") == "block_actions" and not _has_press(payload.get("actions")):
        raise Turned(400, "misshapen")
    try:
        return AsyncBoltRequest(mode="socket_mode", body=payload, headers=dict(headers))
    except (AttributeError, KeyError, TypeError):
        # Bolt takes the ids out of it while it is made, and trusts their shape.
        raise Turned(400, "misshapen") from None


def _has_press(actions: object) -> bool:
    """Tell whether something was pressed: Bolt looks into the first of these as it chooses a listener."""
    return isinstance(actions, list) and bool(actions) and all(isinstance(each, dict) for each in actions)


async def _read(request: web.Request, seconds: float) -> bytes:
    if (request.content_length or 0) > MOST_BYTES:
        raise Turned(413, "too_large")
    try:
        async with asyncio.timeout(seconds):
            return await request.read()
    except web.HTTPRequestEntityTooLarge:
        raise Turned(413, "too_large") from None
    except web.RequestPayloadError:
        raise Turned(400, "broken_off") from None
    except TimeoutError:
        raise Turned(408, "too_slow") from None
