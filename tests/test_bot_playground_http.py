"""The local workspace in HTTP mode: signed requests, as Bolt checks them."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from typing import Any

import pytest
from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.signature import SignatureVerifier
from slack_sdk.web.async_client import AsyncWebClient

from bot.playground import Options
from tests.playground_cast import CREDENTIALS, Stage, raise_curtain, until


@pytest.fixture
async def stage() -> AsyncIterator[Stage]:
    async with AsyncExitStack() as stack:
        yield await raise_curtain(stack, time.time, Options(ack_seconds=0.5, retry_delays=(0, 0)))


async def listen(stage: Stage, handler: Any) -> str:
    """A server for the bot's side; the workspace sends everything there from now on."""
    application = web.Application()
    application.router.add_post("/slack/events", handler)
    runner = web.AppRunner(application)
    await runner.setup()
    stage.stack.push_async_callback(runner.cleanup)
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    return f"http://127.0.0.1:{runner.addresses[0][1]}/slack/events"


async def test_bolt_accepts_the_signature_of_commands_actions_and_events(stage: Stage) -> None:
    client = AsyncWebClient(CREDENTIALS.bot_token, base_url=stage.playground.api_url)
    app = AsyncApp(client=client, signing_secret=CREDENTIALS.signing_secret)
    seen: list[str] = []

    @app.command("/usage")
    async def usage(ack: Any, respond: Any, command: Any) -> None:
        await ack()
        seen.append(command["text"])
        button = {"type": "button", "action_id": "go", "text": {"type": "plain_text", "text": "Go"}}
        await respond(text="hi", blocks=[{"type": "actions", "block_id": "row", "elements": [button]}])

    @app.action("go")
    async def go(ack: Any) -> None:
        await ack()
        seen.append("go")

    @app.event("app_mention")
    async def mention(event: Any) -> None:
        seen.append(event["type"])

    async def handle(request: web.Request) -> web.StreamResponse:
        bolt_request = await to_bolt_request(request)
        return await to_aiohttp_response(await app.async_dispatch(bolt_request))

    way = stage.playground.use_http(await listen(stage, handle))
    assert await way.verify("a challenge")
    assert (await stage.page.say("/usage team=Zoë & Co"))["ok"]
    world = stage.playground.world.channels["C0GENERAL"]
    await until(lambda: world.messages)
    press = {"channel": "C0GENERAL", "message_ts": next(iter(world.messages)), "block_id": "row", "action_id": "go"}
    assert (await stage.page.post("action", **press))["ok"]
    await stage.page.say("@usagebot hi")
    await until(lambda: len(seen) == 3)
    assert seen == ["team=Zoë &amp; Co", "go", "app_mention"]


async def test_an_event_is_retried_with_its_number_until_it_is_taken(stage: Stage) -> None:
    tries: list[tuple[str | None, str | None, str]] = []
    verifier = SignatureVerifier(CREDENTIALS.signing_secret)

    async def handle(request: web.Request) -> web.StreamResponse:
        body = await request.read()
        assert verifier.is_valid_request(body, dict(request.headers))
        headers = request.headers
        event_id = (await request.json())["event_id"]
        tries.append((headers.get("X-Slack-Retry-Num"), headers.get("X-Slack-Retry-Reason"), event_id))
        if len(tries) == 2:
            await asyncio.sleep(1)
        return web.Response(status=500 if len(tries) == 1 else 200)

    stage.playground.use_http(await listen(stage, handle))
    await stage.page.say("@usagebot hi")
    await stage.playground.events.settle()
    assert [entry[:2] for entry in tries] == [(None, None), ("1", "http_error"), ("2", "http_timeout")]
    assert len({entry[2] for entry in tries}) == 1


async def test_an_app_can_ask_for_no_retry(stage: Stage) -> None:
    tries: list[str] = []

    async def handle(request: web.Request) -> web.StreamResponse:
        tries.append(request.path)
        return web.Response(status=500, headers={"X-Slack-No-Retry": "1"})

    stage.playground.use_http(await listen(stage, handle))
    await stage.page.say("@usagebot hi")
    await stage.playground.events.settle()
    assert len(tries) == 1


async def test_a_command_says_like_slack_what_went_wrong(stage: Stage) -> None:
    async def slow(_request: web.Request) -> web.StreamResponse:
        await asyncio.sleep(1)
        return web.Response()

    async def missing(_request: web.Request) -> web.StreamResponse:
        return web.Response(status=404)

    for handler, error in ((slow, "operation_timeout"), (missing, "dispatch_failed")):
        stage.playground.use_http(await listen(stage, handler))
        assert (await stage.page.say("/usage"))["error"] == error
    stage.playground.use_http("http://127.0.0.1:9/slack/events")
    assert (await stage.page.say("/usage"))["error"] == "dispatch_failed"


async def test_the_inspector_shows_no_signature(stage: Stage) -> None:
    async def handle(_request: web.Request) -> web.StreamResponse:
        return web.Response(text="fine")

    stage.playground.use_http(await listen(stage, handle))
    await stage.page.say("/usage")
    entry = (await stage.page.get("traffic"))["entries"][0]
    assert (entry["direction"], entry["what"], entry["status"]) == ("to_bot", "/usage", "acknowledged")
    assert entry["request"]["headers"]["X-Slack-Signature"] == "(hidden)"
    assert entry["request"]["payload"]["response_url"] == "(hidden)"
    assert entry["response"] == {"payload": "fine"}
