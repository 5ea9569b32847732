"""The bot with stand-ins on both sides: requests as Slack sends them go through Bolt's real dispatch."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from slack_bolt import BoltResponse
from slack_bolt.async_app import AsyncApp
from slack_bolt.request.async_request import AsyncBoltRequest

from bot.app import assemble, workspace
from bot.slack_client import slack_client
from handlers.desk import Desk
from handlers.identity import Directory
from tests.core_stand_in import StandIn
from tests.slack_stand_in import TEAM, Slack, standing_in


@dataclass(slots=True)
class Bot:
    """Methods are what a person does; each returns Bolt's answer to the request, after all listeners have finished."""

    slack: Slack
    core: StandIn
    desk: Desk
    app: AsyncApp
    now: list[float]
    events: "count[int]" = field(default_factory=count)

    async def dispatch(self, body: dict[str, Any]) -> BoltResponse:
        answer = await self.app.async_dispatch(AsyncBoltRequest(mode="socket_mode", body=body))
        # Bolt answers events before their listener begins.
        await asyncio.sleep(0.01)
        await self.desk.idle(20)
        return answer

    async def command(self, text: str, user: str = "U1", **changes: Any) -> BoltResponse:
        body = {"command": "/usage", "text": text, "team_id": TEAM, "user_id": user, "channel_id": "C1"}
        body |= {"trigger_id": "1.1.x", "response_url": self.slack.response_url}
        return await self.dispatch(body | changes)

    async def press(self, action: dict[str, Any], user: str = "U1", **changes: Any) -> BoltResponse:
        """Press an element of a message that only this person sees."""
        return await self.dispatch(self.pressing(action, user) | changes)

    def pressing(self, action: dict[str, Any], user: str) -> dict[str, Any]:
        body = self._interaction("block_actions", user) | {"actions": [action], "channel": {"id": "C1"}}
        body |= {"container": {"type": "message", "message_ts": "5.5", "is_ephemeral": True}}
        return body | {"response_url": self.slack.response_url}

    async def submit(self, values: dict[str, Any], metadata: str = "", user: str = "U1") -> BoltResponse:
        state = {name: {name: element} for name, element in values.items()}
        view = {"type": "modal", "callback_id": "usage_form", "private_metadata": metadata, "state": {"values": state}}
        return await self.dispatch(self._interaction("view_submission", user) | {"view": view | {"id": "V1"}})

    async def look_up(self, action_id: str, value: str, user: str = "U1") -> BoltResponse:
        body = self._interaction("block_suggestion", user) | {"action_id": action_id, "block_id": action_id}
        return await self.dispatch(body | {"value": value, "view": {"id": "V1", "type": "modal"}})

    async def event(self, event: dict[str, Any], event_id: str = "", **changes: Any) -> BoltResponse:
        body = {"type": "event_callback", "team_id": TEAM, "event": event}
        return await self.dispatch(body | {"event_id": event_id or f"Ev{next(self.events)}"} | changes)

    def _interaction(self, kind: str, user: str) -> dict[str, Any]:
        return {"type": kind, "team": {"id": TEAM}, "user": {"id": user, "team_id": TEAM}, "trigger_id": "1.1.x"}

    def button(self, action_id: str) -> dict[str, Any]:
        """Return a button of the newest message."""
        rows = [block for block in self.slack.posted[-1].blocks if block["type"] == "actions"]
        elements = ({**each, "block_id": row["block_id"]} for row in rows for each in row["elements"])
        return next(each for each in elements if each["action_id"] == action_id)


@asynccontextmanager
async def bot_under_test() -> AsyncIterator[Bot]:
    async with standing_in() as slack:
        slack.person("U1", real_name="Ann")
        core, now = StandIn(), [1_000.0]
        client = slack_client("xoxb-1", slack.api_url)
        directory = Directory(client, await workspace(client), lambda: now[0])
        desk = Desk(core, client, directory, lambda: "ab12", "Ann (IT desk)", patience=0.05)
        slack.calls.clear()
        yield Bot(slack, core, desk, assemble(desk, slack.api_url), now)


def body_of(answer: BoltResponse) -> dict[str, Any]:
    """Return what an acknowledgement says."""
    return dict(json.loads(answer.body)) if answer.body else {}
