"""Whether this process is alive, ready and well: for whoever watches over it, on a port of its own or at the door."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Protocol

import aiohttp
from aiohttp import web
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.metrics import CONTENT_TYPE, Metrics, Watched
from reporting_core.words.errors import SettingWrong, StoreBusy

HOST = "127.0.0.1"
FRESH = 2.0
"""Seconds for which a finding is told again without looking: probes may come as often as they like."""

PATIENCE = 3.0
"""Seconds that one look takes at most."""

SELDOM = 30.0
"""Seconds between two questions to Slack."""

OK = "ok"
_HEADERS = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}


class Connected(Protocol):
    """Tells whether Slack is connected."""

    async def __call__(self) -> bool:
        """Look."""


class Answering:
    """Whether Slack's Web API takes our token: asked once in a while at most. For HTTP, where no connection stands."""

    def __init__(self, client: AsyncWebClient, now: Callable[[], float]) -> None:
        self._client = client
        self._now = now
        self._is_well = True
        self._at = float("-inf")

    async def __call__(self) -> bool:
        """Look, if the last look is long ago."""
        if self._now() - self._at >= SELDOM:
            self._at = self._now()
            try:
                self._is_well = bool((await self._client.auth_test())["ok"])
            except (SlackApiError, aiohttp.ClientError, TimeoutError):
                self._is_well = False
        return self._is_well


class Status:
    """What is told about the process. `now` is the loop's time or a test's."""

    def __init__(self, core: Watched, metrics: Metrics, connected: Connected, now: Callable[[], float]) -> None:
        self.metrics = metrics
        self.is_stopping = False
        self._core = core
        self._connected = connected
        self._now = now
        self._found: dict[str, str] = {}
        self._at = float("-inf")
        self._looking = asyncio.Lock()

    def routes(self, *, metrics: bool) -> list[web.RouteDef]:
        """Return what can be asked."""
        told = [web.get("/healthz", self._alive), web.get("/readyz", self._ready)]
        return [*told, web.get("/metrics", self._figures)] if metrics else told

    async def _alive(self, _request: web.Request) -> web.Response:
        return web.json_response({"ok": True}, headers=_HEADERS)

    async def _ready(self, _request: web.Request) -> web.Response:
        found = await self.ready()
        is_ready = all(each == OK for each in found.values())
        return web.json_response({"ok": is_ready, **found}, status=200 if is_ready else 503, headers=_HEADERS)

    async def _figures(self, _request: web.Request) -> web.Response:
        return web.Response(
            body=await self.metrics.text(self._core), headers={**_HEADERS, "Content-Type": CONTENT_TYPE}
        )

    async def ready(self) -> dict[str, str]:
        """Say how the process, its database and the way to Slack stand: `ok`, or in a word what is wrong."""
        async with self._looking:
            if self._now() - self._at >= FRESH:
                self._found = {"database": await self._database(), "slack": await self._slack()}
                self._at = self._now()
        return {"process": "stopping" if self.is_stopping else OK, **self._found}

    async def _database(self) -> str:
        try:
            async with asyncio.timeout(PATIENCE):
                found = await self._core.condition()
        except (StoreBusy, TimeoutError):
            return "no answer"
        return OK if found.is_current else "of another version"

    async def _slack(self) -> str:
        try:
            async with asyncio.timeout(PATIENCE):
                return OK if await self._connected() else "not connected"
        except TimeoutError:
            return "no answer"


async def listen(status: Status, port: int) -> Callable[[], Awaitable[None]]:
    """Answer on a port of this machine; returns what ends it. Raises `SettingWrong` when the port is taken."""
    served = web.Application(client_max_size=1024)
    served.add_routes(status.routes(metrics=True))
    runner = web.AppRunner(served, access_log=None, shutdown_timeout=1)
    await runner.setup()
    try:
        await web.TCPSite(runner, HOST, port).start()
    except OSError as error:
        await runner.cleanup()
        raise SettingWrong(f"USAGEBOT_STATUS_PORT: port {port} cannot be listened on ({error.strerror}).") from None
    return runner.cleanup
