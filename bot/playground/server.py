"""The local workspace as one server: Slack's side for the bot, a page for people."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Sequence
from dataclasses import dataclass
from email.utils import formatdate
from random import Random

from aiohttp import ClientSession, web

from bot.playground.cast import Cast, Credentials
from bot.playground.content import Content
from bot.playground.deeds import Deeds
from bot.playground.delivery import ACK_SECONDS, RETRY_DELAYS, Events, Switch
from bot.playground.doors import Doors
from bot.playground.endpoints import Desk
from bot.playground.faults import Faults
from bot.playground.guard import LOOPBACK, guard
from bot.playground.hands import Hands, Move
from bot.playground.happenings import Happenings
from bot.playground.http_mode import HttpMode
from bot.playground.identity import Clock, Ids, Sleep
from bot.playground.live import Live
from bot.playground.modals import Modals
from bot.playground.page_api import PageApi
from bot.playground.payloads import Payloads
from bot.playground.responses import Responses
from bot.playground.socket_mode import SocketMode
from bot.playground.traffic import MOST_ENTRIES, Traffic
from bot.playground.web_api import WebApi
from bot.playground.world import World

_MOST_BODY = 110 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Options:
    """How strict and how patient this workspace is; `request_url` switches from Socket Mode to HTTP.

    `move` lets people move the clock: it is what has to happen when they do.
    """

    request_url: str | None = None
    refuse_new_blocks: bool = False
    ack_seconds: float = ACK_SECONDS
    retry_delays: Sequence[float] = RETRY_DELAYS
    sleep: Sleep = asyncio.sleep
    most_entries: int = MOST_ENTRIES
    allowed_hosts: frozenset[str] = LOOPBACK
    move: Move | None = None


class Playground:
    """One workspace; hand in `random.SystemRandom()` where secrets must not be guessed."""

    def __init__(
        self,
        cast: Cast,
        credentials: Credentials,
        *,
        clock: Clock,
        random: Random,
        options: Options | None = None,
    ) -> None:
        self.options = options or Options()
        self.credentials = credentials
        self._clock = clock
        ids = Ids(random)
        self.world = World(cast, clock, ids)
        self.traffic = Traffic(clock, self.options.most_entries)
        self.faults = Faults()
        self.socket = SocketMode(ids, self.traffic, self.faults, cast.app.id, self.options.ack_seconds)
        self._way = Switch(self.socket)
        self.events = Events(self._way, self.options.sleep, self.options.retry_delays)
        self._payloads = Payloads(self.world, "")
        self.happenings = Happenings(self.world, self._payloads, self.events)
        self._content = Content(ids, refuse_new_blocks=self.options.refuse_new_blocks)
        self.deeds = Deeds(self.world, self._payloads, self._way, self.happenings, self._content)
        self.modals = Modals(self.world, self._payloads, self._way, self.deeds, self._content)
        self._live = Live(self.world, self.traffic)
        self._hands = Hands(clock, self.options.move, self._live.everybody)
        self._session: ClientSession | None = None
        self._runner: web.AppRunner | None = None
        if self.options.request_url is not None:
            self.use_http(self.options.request_url)

    @property
    def base_url(self) -> str:
        """Where the workspace answers, without a slash at the end; empty before the start."""
        return self._payloads.base_url

    @property
    def api_url(self) -> str:
        """What `SLACK_API_URL` must be for the bot."""
        return f"{self.base_url}/api/"

    def use_http(self, url: str) -> HttpMode:
        """Send everything from now on as signed requests to this address."""
        way = HttpMode(
            url,
            self.credentials.signing_secret,
            self._clock,
            self.traffic,
            self._open_session,
            self.options.ack_seconds,
        )
        self._way.http = way
        return way

    def _open_session(self) -> ClientSession:
        if self._session is None:
            self._session = ClientSession()
        return self._session

    async def start(self, host: str = "127.0.0.1", port: int = 3000) -> str:
        """Listen, and answer the address; port 0 takes a free one."""
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        listener = socket.create_server((host, port), family=family)
        name = f"[{host}]" if ":" in host else host
        self._payloads.base_url = f"http://{name}:{listener.getsockname()[1]}"
        # Leaving ends what waits for the one who left, so a call that hangs does not outlive its caller.
        self._runner = web.AppRunner(
            self._application(), handler_cancellation=True, access_log=None, shutdown_timeout=1
        )
        await self._runner.setup()
        await web.SockSite(self._runner, listener).start()
        return self.base_url

    def _application(self) -> web.Application:
        desk = Desk(self.world, self._content, self._payloads, self.modals, self.happenings, self.socket)
        api = WebApi(desk, self.credentials, self.faults, self.traffic)
        doors = Doors(api, self.world, Responses(self.world, self._content), self.faults, self.traffic)
        page = PageApi(self.deeds, self.modals, self.happenings, self._live, self.traffic, self.faults)
        application = web.Application(middlewares=[guard(self.options.allowed_hosts)], client_max_size=_MOST_BODY)
        application.add_routes(
            [
                web.route("*", "/api/{method}", api.handle),
                web.get("/link/", self.socket.accept),
                web.post("/response/{key}", doors.respond),
                web.post("/upload/{key}", doors.upload),
                web.get("/files-pri/{team}-{id}/{path:.+}", doors.download),
                web.get("/signin", doors.sign_in),
                *page.routes(),
                *self._hands.routes(),
            ]
        )
        application.on_response_prepare.append(self._dated)
        return application

    async def _dated(self, _request: web.Request, response: web.StreamResponse) -> None:
        """Say what time it is here: whoever compares clocks reads it from any answer of Slack's."""
        response.headers["Date"] = formatdate(self._clock(), usegmt=True)

    async def stop(self) -> None:
        """End every connection and forget everything."""
        await self._hands.stop()
        await self.events.stop()
        self._live.close()
        await self.socket.close()
        if self._runner is not None:
            await self._runner.cleanup()
        if self._session is not None:
            await self._session.close()
