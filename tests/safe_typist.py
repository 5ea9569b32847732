"""Somebody who types and presses, over the real front door into the real bot and core; Slack's side is the stand-in."""

import asyncio
import io
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import count
from typing import Any
from urllib.parse import urlencode

import aiohttp
from pydantic import SecretStr

from bot import logs
from bot.app import assemble, workspace
from bot.front_door import FrontDoor
from bot.slack_client import slack_client
from handlers.desk import Desk
from handlers.identity import Directory
from reporting_core.core import Core
from tests.slack_stand_in import TEAM, Call, Slack, standing_in
from tests.test_bot_front_door import FORM, JSON, NOW, SECRET, signature

EVENTS = count()
"""Numbers of events: several bots may work on one database, and no event may look like one that was seen."""


@dataclass
class Typist:
    """Acts as one person and gathers what is said to them. `now` is the bot's clock for what it remembers."""

    slack: Slack
    desk: Desk
    address: str
    session: aiohttp.ClientSession
    log: io.StringIO
    now: list[float] = field(default_factory=lambda: [0.0])
    sent: int = 0

    async def post(self, body: bytes, kind: str = FORM) -> tuple[int, str]:
        headers = {"Content-Type": kind, **signature(body, NOW)}
        async with self.session.post(f"{self.address}/slack/events", data=body, headers=headers) as answer:
            status, text = answer.status, await answer.text()
        await asyncio.sleep(0.005 if kind == JSON else 0)
        await self.desk.idle(20)
        return status, text

    async def command(self, text: str, user: str = "U1", **changes: str) -> tuple[int, list[Call]]:
        self.sent += 1
        before = len(self.slack.posted)
        body = {"command": "/usage", "text": text, "team_id": TEAM, "user_id": user, "channel_id": "C1"}
        body |= {"trigger_id": f"{self.sent}.1.x", "response_url": self.slack.response_url}
        status, _text = await self.post(urlencode(body | changes, errors="surrogatepass").encode())
        return status, self.slack.posted[before:]

    async def interaction(self, body: dict[str, Any], user: str = "U1") -> tuple[int, list[Call], str]:
        self.sent += 1
        before = len(self.slack.posted)
        body = {"team": {"id": TEAM}, "user": {"id": user}, "trigger_id": f"{self.sent}.1.x"} | body
        status, text = await self.post(urlencode({"payload": json.dumps(body)}).encode())
        return status, self.slack.posted[before:], text

    async def press(self, action_id: str, value: str, user: str = "U1", **changes: Any) -> tuple[int, list[Call], str]:
        """Press a button of an ephemeral message; its value may be altered."""
        action = {"type": "button", "action_id": action_id, "block_id": "b", "value": value}
        body = {"type": "block_actions", "actions": [action], "channel": {"id": "C1"}}
        body |= {"container": {"type": "message", "message_ts": "5.5", "is_ephemeral": True}}
        return await self.interaction(body | {"response_url": self.slack.response_url} | changes, user)

    async def submit(self, values: dict[str, Any], user: str = "U1", metadata: str = "") -> tuple[int, list[Call], str]:
        state = {name: {name: element} for name, element in values.items()}
        view = {"type": "modal", "callback_id": "usage_form", "private_metadata": metadata, "id": "V1"}
        return await self.interaction({"type": "view_submission", "view": view | {"state": {"values": state}}}, user)

    async def look_up(self, action_id: str, value: str, user: str = "U1") -> list[Any]:
        body = {"type": "block_suggestion", "action_id": action_id, "block_id": action_id, "value": value}
        _status, _said, text = await self.interaction(body | {"view": {"id": "V1", "type": "modal"}}, user)
        return list(json.loads(text)["options"]) if text else []

    async def event(self, event: dict[str, Any]) -> list[Call]:
        self.sent += 1
        before = len(self.slack.posted)
        body = {"type": "event_callback", "team_id": TEAM, "event_id": f"Ev{next(EVENTS)}", "event": event}
        await self.post(json.dumps(body).encode(), JSON)
        # Events are acknowledged before they are worked on; on a busy machine it takes a moment until that begins.
        for _ in range(20):
            await asyncio.sleep(0.01)
            if self.desk.in_flight or len(self.slack.posted) > before:
                break
        await self.desk.idle(20)
        return self.slack.posted[before:]


@asynccontextmanager
async def typing(core: Core) -> AsyncIterator[Typist]:
    """Run the bot over a core for U1, whose e-mail is U1@example.com; more people can be added to `slack`."""
    log, now = io.StringIO(), [0.0]
    logs.write(log, level=10)
    async with standing_in() as slack, aiohttp.ClientSession() as session:
        slack.person("U1", real_name="Ann")
        client = slack_client("xoxb-1", slack.api_url)
        home = await workspace(client)
        await core.bind_workspace(home.team_id, home.enterprise_id)
        slack.calls.clear()
        directory = Directory(client, home, lambda: now[0])
        desk = Desk(core, client, directory, lambda: "ab12", "Ann (IT desk)", patience=20)
        door = FrontDoor(assemble(desk, slack.api_url), SecretStr(SECRET), lambda: NOW)
        yield Typist(slack, desk, await door.start("127.0.0.1", 0), session, log, now)
        await door.stop()
