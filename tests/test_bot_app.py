"""The process: it refuses to start in clear words, answers over both transports, and stops without losing an answer."""

import asyncio
import hashlib
import hmac
import os
import signal
import time
from collections.abc import AsyncIterator, Callable
from urllib.parse import urlencode

import aiohttp
import pytest
from aiohttp import web
from slack_sdk.errors import SlackApiError

from bot import app, settings
from bot.slack_client import slack_client
from reporting_core.words.errors import SettingWrong
from tests.core_stand_in import StandIn
from tests.slack_stand_in import Slack, standing_in


@pytest.fixture
async def slack() -> AsyncIterator[Slack]:
    async with standing_in() as made:
        made.person("U1", real_name="Ann")
        yield made


def given(slack: Slack, **changes: str) -> settings.Settings:
    environment = {
        "SLACK_BOT_TOKEN": "xoxb-1",
        "SLACK_APP_TOKEN": "xapp-1",
        "SLACK_SIGNING_SECRET": "secret",
        "SLACK_API_URL": slack.api_url,
        "USAGEBOT_PORT": "0",
    }
    return settings.read(environment | changes)


@pytest.mark.parametrize("reason", ["invalid_auth", "token_revoked", "account_inactive"])
async def test_a_dead_bot_token_is_named_and_how_to_mend_it(slack: Slack, reason: str) -> None:
    slack.faults["auth.test"] = [reason]
    with pytest.raises(SettingWrong, match=rf"SLACK_BOT_TOKEN \({reason}\). Install the app anew"):
        await app.start(given(slack), "http", StandIn())


async def test_a_dead_app_token_is_named_and_how_to_mend_it(slack: Slack) -> None:
    slack.faults["apps.connections.open"] = ["invalid_auth"]
    with pytest.raises(SettingWrong, match=r"SLACK_APP_TOKEN .*connections:write"):
        await app.start(given(slack), "socket", StandIn())


@pytest.mark.parametrize(
    ("name", "transport"),
    [("SLACK_BOT_TOKEN", "http"), ("SLACK_APP_TOKEN", "socket"), ("SLACK_SIGNING_SECRET", "http")],
)
async def test_a_missing_secret_is_named(slack: Slack, name: str, transport: app.Transport) -> None:
    with pytest.raises(SettingWrong, match=f"{name} is not set"):
        await app.start(given(slack, **{name: ""}), transport, StandIn())


async def test_a_slack_out_of_reach_is_named_with_its_address(slack: Slack, unused_tcp_port: int) -> None:
    address = f"http://127.0.0.1:{unused_tcp_port}/api/"
    with pytest.raises(SettingWrong, match=f"Slack cannot be reached at {address}"):
        await app.start(given(slack, SLACK_API_URL=address), "http", StandIn())


async def test_the_workspace_of_the_token_is_bound_to_the_account(slack: Slack) -> None:
    core = StandIn()
    running = await app.start(given(slack), "http", core)
    await running.stop()
    assert core.bound == [("T1", "")]


async def post(running: app.Running, slack: Slack, text: str) -> int:
    fields = {"command": "/usage", "text": text, "team_id": "T1", "user_id": "U1", "channel_id": "C1"}
    body = urlencode(fields | {"response_url": slack.response_url, "trigger_id": "1.1.x"}).encode()
    stamp = str(int(time.time()))
    digest = hmac.new(b"secret", f"v0:{stamp}:".encode() + body, hashlib.sha256).hexdigest()
    headers = {"X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": f"v0={digest}"}
    headers |= {"Content-Type": "application/x-www-form-urlencoded"}
    url = f"{running.address}/slack/events"
    async with aiohttp.ClientSession() as session, session.post(url, data=body, headers=headers) as answer:
        return answer.status


async def test_signed_http_is_answered(slack: Slack) -> None:
    core = StandIn()
    running = await app.start(given(slack), "http", core)
    assert await post(running, slack, "last=30d") == 200
    await running.stop()
    assert core.asked == ["last=30d"]
    assert len(slack.named("response")) == 1


async def test_a_stop_waits_for_the_answer_that_is_under_way(slack: Slack) -> None:
    core = StandIn(takes=0.5)
    running = await app.start(given(slack), "http", core)
    assert await post(running, slack, "last=30d") == 200
    assert slack.posted == []
    await running.stop()
    assert "Person 1" in str(slack.posted[-1].arguments)


async def test_a_signal_ends_the_process_gracefully(slack: Slack) -> None:
    ended = asyncio.create_task(app.run(given(slack), "http", StandIn()))
    await until(lambda: slack.named("auth.test"))
    await asyncio.sleep(0.2)
    os.kill(os.getpid(), signal.SIGTERM)
    await asyncio.wait_for(ended, 5)


class Links:
    """Slack's side of Socket Mode: hands out tickets, and takes each of them once."""

    def __init__(self, refuse_first: int = 0) -> None:
        self.sockets: list[web.WebSocketResponse] = []
        self.acknowledged: list[str] = []
        self.tickets: list[str] = []
        self.refuse = refuse_first
        self.address = ""

    async def open(self, _request: web.Request) -> web.Response:
        self.tickets.append(f"ticket{len(self.tickets)}")
        return web.json_response({"ok": True, "url": f"{self.address}/link?ticket={self.tickets[-1]}"})

    async def link(self, request: web.Request) -> web.StreamResponse:
        if self.refuse or request.query["ticket"] != self.tickets[-1]:
            self.refuse -= 1
            self.tickets.append("used up")
            return web.Response(status=403)
        socket = web.WebSocketResponse(autoping=True)
        await socket.prepare(request)
        self.sockets.append(socket)
        await socket.send_json({"type": "hello"})
        async for message in socket:
            self.acknowledged.append(message.json()["envelope_id"])
        return socket

    async def command(self, slack: Slack, text: str, envelope_id: str) -> None:
        fields = {"command": "/usage", "text": text, "team_id": "T1", "user_id": "U1", "channel_id": "C1"}
        payload = fields | {"response_url": slack.response_url, "trigger_id": "1.1.x"}
        envelope = {"type": "slash_commands", "envelope_id": envelope_id, "payload": payload}
        await self.sockets[-1].send_json(envelope | {"accepts_response_payload": True})


@pytest.fixture
async def links(slack: Slack) -> AsyncIterator[Links]:
    made = Links()
    served = web.Application()
    served.router.add_post("/api/apps.connections.open", made.open)
    served.router.add_route("*", "/api/{method}", slack.api)
    served.router.add_get("/link", made.link)
    runner = web.AppRunner(served, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    made.address = f"http://127.0.0.1:{runner.addresses[0][1]}"
    yield made
    await runner.cleanup()


async def until(done: Callable[[], object]) -> None:
    """Wait until something has happened, at most ten seconds."""
    for _ in range(500):
        if done():
            return
        await asyncio.sleep(0.02)
    pytest.fail("it did not happen")


async def test_socket_mode_is_answered_and_acknowledged(slack: Slack, links: Links) -> None:
    core = StandIn()
    running = await app.start(given(slack, SLACK_API_URL=f"{links.address}/api/"), "socket", core)
    await until(lambda: links.sockets)
    await links.command(slack, "last=30d", "E1")
    await until(lambda: slack.named("response"))
    await running.stop()
    assert links.acknowledged == ["E1"]
    assert core.asked == ["last=30d"]


async def test_a_link_that_slack_refuses_is_opened_with_a_new_address(slack: Slack, links: Links) -> None:
    links.refuse = 1
    running = await app.start(given(slack, SLACK_API_URL=f"{links.address}/api/"), "socket", StandIn())
    await until(lambda: links.sockets)
    await running.stop()
    assert len([each for each in links.tickets if each.startswith("ticket")]) == 2


async def test_a_link_that_slack_closes_is_opened_anew(slack: Slack, links: Links) -> None:
    core = StandIn()
    running = await app.start(given(slack, SLACK_API_URL=f"{links.address}/api/"), "socket", core)
    await until(lambda: links.sockets)
    await links.sockets[0].send_json({"type": "disconnect", "reason": "refresh_requested"})
    await until(lambda: len(links.sockets) == 2)
    await links.command(slack, "last=30d", "E2")
    await until(lambda: core.asked)
    await running.stop()


async def test_a_message_is_never_sent_twice_by_the_client_itself(slack: Slack) -> None:
    client = slack_client("xoxb-1", slack.api_url)
    slack.faults["chat.postMessage"] = [500]
    with pytest.raises(SlackApiError):
        await client.chat_postMessage(channel="C1", text="hello")
    assert len(slack.named("chat.postMessage")) == 1


async def test_the_client_waits_where_slack_asks_it_to(slack: Slack) -> None:
    slack.faults["chat.postMessage"] = [429]
    await slack_client("xoxb-1", slack.api_url).chat_postMessage(channel="C1", text="hello")
    assert len(slack.named("chat.postMessage")) == 2
