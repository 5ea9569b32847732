"""HTTP mode: signed requests to the address where the bot listens."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from aiohttp import ClientError, ClientSession, ClientTimeout

from bot.playground.delivery import Answer, Dispatch, Retry
from bot.playground.identity import Clock
from bot.playground.schema import Json
from bot.playground.traffic import Traffic

_FORM = "application/x-www-form-urlencoded"


def signature(secret: str, timestamp: str, body: bytes) -> str:
    """Slack's v0 signature of a body: HMAC-SHA-256 over `v0:timestamp:body`."""
    digest = hmac.new(secret.encode(), b":".join((b"v0", timestamp.encode(), body)), hashlib.sha256)
    return f"v0={digest.hexdigest()}"


def encoded(dispatch: Dispatch) -> tuple[str, bytes]:
    """Content type and body of a dispatch, as Slack sends each kind."""
    if dispatch.kind == "events_api":
        return "application/json", json.dumps(dispatch.payload).encode()
    fields = dispatch.payload if dispatch.kind == "slash_commands" else {"payload": json.dumps(dispatch.payload)}
    return _FORM, urlencode(fields).encode()


@dataclass(slots=True)
class HttpMode:
    """Slack's end of HTTP mode; the session is asked for at each request because it opens with the server."""

    url: str
    signing_secret: str
    clock: Clock
    traffic: Traffic
    session: Callable[[], ClientSession]
    ack_seconds: float

    async def send(self, dispatch: Dispatch, retry: Retry) -> Answer:
        """POST once and read the acknowledgement."""
        content_type, body = encoded(dispatch)
        headers = self._headers(content_type, body)
        if retry.number:
            headers |= {"X-Slack-Retry-Num": str(retry.number), "X-Slack-Retry-Reason": f"http_{retry.reason}"}
        started = asyncio.get_running_loop().time()
        answer = await self._post(body, headers)
        ms = (asyncio.get_running_loop().time() - started) * 1000
        shown = {"headers": headers, "payload": dispatch.payload}
        self.traffic.note("to_bot", dispatch.what, answer.outcome, ms, shown, {"payload": answer.payload})
        return answer

    def _headers(self, content_type: str, body: bytes) -> dict[str, str]:
        timestamp = str(int(self.clock()))
        return {
            "Content-Type": content_type,
            "User-Agent": "Slackbot 1.0 (+https://api.slack.com/robots)",
            "X-Slack-Request-Timestamp": timestamp,
            "X-Slack-Signature": signature(self.signing_secret, timestamp, body),
        }

    async def _post(self, body: bytes, headers: dict[str, str]) -> Answer:
        timeout = ClientTimeout(total=self.ack_seconds)
        try:
            async with self.session().post(self.url, data=body, headers=headers, timeout=timeout) as response:
                payload = _payload(await response.read())
                may_retry = response.headers.get("X-Slack-No-Retry") != "1"
                ok = 200 <= response.status < 300  # noqa: PLR2004
                return Answer("acknowledged" if ok else "failed", payload, may_retry)
        except TimeoutError:
            return Answer("timeout")
        except ClientError:
            return Answer("failed")

    async def verify(self, challenge: str) -> bool:
        """Ask the address to repeat a challenge, as Slack does when it is entered."""
        payload: Json = {"type": "url_verification", "challenge": challenge, "token": "unused"}
        answer = await self.send(Dispatch("events_api", payload, "url_verification"), Retry())
        said = answer.payload.get("challenge") if isinstance(answer.payload, dict) else answer.payload
        return answer.outcome == "acknowledged" and said == challenge


def _payload(body: bytes) -> Any:
    text = body.decode(errors="replace")
    if not text.strip():
        return None
    try:
        return json.loads(text)
    except ValueError:
        return text
