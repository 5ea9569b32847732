"""Socket Mode: the link that Slack sends events over. We open it, so no address of ours has to be reachable."""

from collections.abc import Callable
from typing import Any

import aiohttp
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot import logs
from handlers import refusals
from reporting_core.words.errors import SettingWrong

PING_SECONDS = 5
"""A broken link is noticed and opened anew within about four of these."""


class Link:
    """One Socket Mode connection that reconnects by itself."""

    def __init__(self, app: AsyncApp, client: AsyncWebClient, app_token: str) -> None:
        self._app = app
        self._client = client
        self._app_token = app_token
        self._handler: AsyncSocketModeHandler | None = None

    async def start(self) -> None:
        """Open the link; raises SettingWrong if the token is no good, since the SDK would try for ever."""
        address = await self._first_address()
        handler = AsyncSocketModeHandler(
            self._app, self._app_token, logs.of_slack(), self._client, ping_interval=PING_SECONDS
        )
        socket = handler.client
        socket.wss_uri = address
        socket.aiohttp_client_session = _OneUse(socket.aiohttp_client_session, lambda: _forget(socket))  # type: ignore[assignment]
        self._handler = handler
        await handler.connect_async()  # type: ignore[no-untyped-call]

    async def stop(self) -> None:
        """Close the link."""
        if self._handler:
            await self._handler.close_async()  # type: ignore[no-untyped-call]

    async def is_open(self) -> bool:
        """Tell whether Slack can be heard now."""
        return self._handler is not None and bool(await self._handler.client.is_connected())

    async def _first_address(self) -> str:
        try:
            opened = await self._client.apps_connections_open(app_token=self._app_token)
        except SlackApiError as error:
            reason = refusals.word(error) or f"status {refusals.status(error)}"
            raise SettingWrong(
                f"Slack refused SLACK_APP_TOKEN ({reason}). Make a new one with the scope connections:write under "
                "“Basic Information → App-Level Tokens”, and check that Socket Mode is on."
            ) from None
        return str(opened["url"])


class _OneUse:
    """The SDK's session, which forgets an address that did not work: Slack takes each only once, the SDK repeats it."""

    def __init__(self, session: aiohttp.ClientSession, forget: Callable[[], None]) -> None:
        self._session = session
        self._forget = forget

    def __getattr__(self, name: str) -> Any:
        return getattr(self._session, name)

    async def ws_connect(self, address: str, **options: Any) -> aiohttp.ClientWebSocketResponse:
        try:
            opened: aiohttp.ClientWebSocketResponse = await self._session.ws_connect(address, **options)
        except (aiohttp.ClientError, OSError, TimeoutError):
            self._forget()
            raise
        return opened


def _forget(socket: Any) -> None:
    socket.wss_uri = None
