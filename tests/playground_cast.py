"""A small cast for the local workspace, and a bot that connects to it with the real SDK."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import Any

import aiohttp
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.playground import App, Cast, Command, Credentials, Options, Person, Place, Playground, UserGroup

BOT = "U0PLAYBOT1"
CREDENTIALS = Credentials("xoxb-111-222-bot", "xapp-1-A0PLAYAPP1-3-app", "8f742231b10e8888abcd99yyyzzz85a5")
INSIDE = ("U0PRIMARY", "U0DESIGN", "U0REPORT", "U0MEMBER", "U0GUEST")
CAST = Cast(
    people=(
        Person("U0PRIMARY", "ada", "Ada Prime", "ada@example.com", "Primary admin", is_admin=True, is_owner=True),
        Person("U0DESIGN", "ben", "Ben Design", "ben@example.com", "Admin of Design"),
        Person("U0REPORT", "cleo", "Cleo Report", "cleo@example.com", "Reporter"),
        Person("U0MEMBER", "dan", "Dan Member", "dan@example.com"),
        Person("U0GUEST", "eve", "Eve Guest", "eve@example.com", "Guest", is_restricted=True),
        Person("U0GONE", "finn", "Finn Gone", "finn@example.com", "Deactivated", deleted=True),
        Person("U0OTHER", "gus", "Gus Stranger", "gus@other.example", is_stranger=True, team_id="T0OTHER"),
    ),
    places=(
        Place("C0GENERAL", "general", members=INSIDE, has_bot=True),
        Place("C0LONELY", "lonely", members=("U0PRIMARY", "U0MEMBER")),
        Place("C0SHARED", "shared", members=("U0PRIMARY", "U0OTHER"), has_bot=True, is_ext_shared=True),
        Place("C0SECRET", "secret", members=("U0PRIMARY",), is_private=True),
        Place("C0OLD", "old", members=("U0PRIMARY",), has_bot=True, is_archived=True),
    ),
    commands=(Command("/usage", "Who uses what", "team=Design last=30d", ("team=", "last=30d")),),
    app=App(suggestions=()),
    groups=(UserGroup("S0ADMINS", "admins", "Admins", ("U0PRIMARY", "U0DESIGN")),),
)


class Hand:
    """A clock that stands still until it is moved."""

    def __init__(self, now: float = 1_764_000_000.0) -> None:
        self.now = now

    def __call__(self) -> float:
        return self.now


@dataclass
class Page:
    """What the page in a browser would send, as one person."""

    base_url: str
    session: aiohttp.ClientSession
    user: str = "U0PRIMARY"

    def acting_as(self, user: str) -> Page:
        return Page(self.base_url, self.session, user)

    async def get(self, what: str, **query: str) -> Any:
        async with self.session.get(f"{self.base_url}/page/{what}", params={"as": self.user, **query}) as response:
            return await response.json()

    async def post(self, what: str, **body: Any) -> Any:
        async with self.session.post(f"{self.base_url}/page/{what}", json={"as": self.user, **body}) as response:
            return await response.json()

    async def say(self, text: str, channel: str = "C0GENERAL", **more: Any) -> Any:
        return await self.post("say", channel=channel, text=text, **more)

    async def attach(self, name: str, data: bytes) -> Any:
        """A file put into the message box: the workspace's answer."""
        where, query = f"{self.base_url}/page/attach", {"as": self.user, "name": name}
        kind = {"Content-Type": "application/octet-stream"}
        async with self.session.post(where, params=query, data=data, headers=kind) as response:
            return await response.json()

    async def drop(self, channel: str, files: dict[str, bytes], text: str = "", **more: Any) -> Any:
        """Files dropped into a place and sent."""
        ids = [(await self.attach(name, data))["file"]["id"] for name, data in files.items()]
        return await self.say(text, channel, files=ids, **more)

    async def messages(self, channel: str = "C0GENERAL") -> list[Any]:
        found: list[Any] = (await self.get("messages", channel=channel))["messages"]
        return found

    async def im(self) -> str:
        channels = (await self.get("state"))["channels"]
        return next(str(c["id"]) for c in channels if c["kind"] == "im" and c["user"] == BOT)


@dataclass
class Stage:
    """A running workspace with what a test needs to act in it."""

    playground: Playground
    clock: Callable[[], float]
    page: Page
    client: AsyncWebClient
    stack: AsyncExitStack

    async def bot(self, app: AsyncApp) -> AsyncSocketModeHandler:
        """Connect an app by Socket Mode, as `usagebot run --socket` does."""
        handler = AsyncSocketModeHandler(app, CREDENTIALS.app_token, ping_interval=1)
        connected = len(self.playground.socket.connections)
        await handler.connect_async()  # type: ignore[no-untyped-call]
        self.stack.push_async_callback(handler.close_async)
        await until(lambda: len(self.playground.socket.connections) > connected)
        return handler

    def app(self) -> AsyncApp:
        """A Bolt app whose calls go to the workspace."""
        return AsyncApp(client=AsyncWebClient(CREDENTIALS.bot_token, base_url=self.playground.api_url))


async def until(true: Callable[[], object], seconds: float = 30) -> None:
    """Wait for something that happens in the background."""
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it did not happen in time"
        await asyncio.sleep(0.01)


async def raise_curtain(
    stack: AsyncExitStack, clock: Callable[[], float], options: Options | None = None, cast: Cast = CAST
) -> Stage:
    """Start a workspace on a free port; the stack ends it."""
    playground = Playground(cast, CREDENTIALS, clock=clock, random=random.Random(7), options=options)
    base_url = await playground.start(port=0)
    stack.push_async_callback(playground.stop)
    session = await stack.enter_async_context(aiohttp.ClientSession())
    client = AsyncWebClient(CREDENTIALS.bot_token, base_url=playground.api_url)
    return Stage(playground, clock, Page(base_url, session), client, stack)
