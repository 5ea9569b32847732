"""What the page of the local workspace asks for, and what it must not get."""

import asyncio
import json
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from typing import Any

import aiohttp
import pytest

from tests.playground_cast import BOT, CREDENTIALS, Page, Stage, raise_curtain, until


@pytest.fixture
async def stage() -> AsyncIterator[Stage]:
    async with AsyncExitStack() as stack:
        yield await raise_curtain(stack, time.time)


async def test_the_state_is_what_one_person_sees(stage: Stage) -> None:
    state = await stage.page.acting_as("U0GUEST").get("state")
    assert (state["me"]["id"], state["me"]["is_restricted"], state["bot"]["id"]) == ("U0GUEST", True, BOT)
    assert [c["id"] for c in state["channels"] if c["kind"] == "channel"] == ["C0GENERAL"]
    assert {person["id"] for person in state["people"]} == {person.id for person in stage.playground.world.cast.people}
    assert state["commands"][0]["completions"] == ["team=", "last=30d"]
    member = await stage.page.acting_as("U0MEMBER").get("state")
    seen = [(c["id"], c["is_member"]) for c in member["channels"] if c["kind"] == "channel"]
    assert seen == [("C0GENERAL", True), ("C0LONELY", True), ("C0SHARED", False), ("C0OLD", False)]
    async with stage.page.session.get(f"{stage.page.base_url}/page/state") as response:
        assert (await response.json())["me"]["id"] == "U0PRIMARY"


async def test_nobody_reads_where_they_are_not(stage: Stage) -> None:
    member = stage.page.acting_as("U0MEMBER")
    await stage.page.say("only here", "C0SECRET")
    assert await member.messages("C0SECRET") == []
    assert (await member.say("let me in", "C0SECRET"))["error"] == "not_in_channel"
    assert (await member.post("join", channel="C0SECRET"))["error"] == "channel_not_found"
    assert (await member.post("join", channel="C0SHARED"))["ok"]
    assert (await member.say("hello", "C0SHARED"))["ok"]
    assert (await stage.page.say("late", "C0OLD"))["error"] == "is_archived"
    assert (await stage.page.acting_as("U0GONE").say("boo"))["error"] == "account_inactive"
    assert (await stage.page.acting_as(BOT).say("boo"))["error"] == "unknown_person"


async def test_unread_messages_are_counted_until_the_place_is_opened(stage: Stage) -> None:
    member = stage.page.acting_as("U0MEMBER")

    async def unread() -> int:
        channels = (await member.get("state"))["channels"]
        return next(int(channel["unread"]) for channel in channels if channel["id"] == "C0GENERAL")

    await stage.page.say("one")
    await member.say("two")
    await stage.page.say("three")
    assert await unread() == 1
    await member.post("open", channel="C0GENERAL")
    assert await unread() == 0


async def live(stage: Stage, page: Page, heard: list[Any], stack: AsyncExitStack) -> None:
    url = f"{page.base_url}/page/live"
    socket = await stack.enter_async_context(page.session.ws_connect(url, params={"as": page.user}))

    async def listen() -> None:
        while True:
            heard.append(await socket.receive_json())

    task = asyncio.ensure_future(listen())
    stack.callback(task.cancel)


async def test_the_live_connection_tells_each_person_only_their_own(stage: Stage) -> None:
    mine: list[Any] = []
    theirs: list[Any] = []
    async with AsyncExitStack() as stack:
        await live(stage, stage.page, mine, stack)
        await live(stage, stage.page.acting_as("U0MEMBER"), theirs, stack)
        client = stage.client
        await client.chat_postEphemeral(channel="C0GENERAL", user="U0PRIMARY", text="psst")
        await client.chat_postMessage(channel="U0PRIMARY", text="in private")
        ts = (await client.chat_postMessage(channel="C0GENERAL", text="aloud"))["ts"]
        await client.chat_update(channel="C0GENERAL", ts=ts, text="louder")
        await client.chat_delete(channel="C0GENERAL", ts=ts)
        view = {"type": "home", "blocks": [{"type": "divider"}]}
        await client.views_publish(user_id="U0PRIMARY", view=view)
        await client.api_test()
        await until(lambda: [e for e in theirs if e["type"] == "traffic" and e["entry"]["what"] == "api.test"])

    def told(heard: list[Any]) -> list[tuple[str, str]]:
        others = [event for event in heard if event["type"] != "traffic"]
        return [(event["type"], event.get("message", {}).get("text", "")) for event in others]

    aloud = [("message", "aloud"), ("message_changed", "louder"), ("message_deleted", "louder")]
    assert told(mine) == [("message", "psst"), ("message", "in private"), *aloud, ("home", "")]
    assert told(theirs) == aloud


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),
        ({"Host": "localhost:3000"}, 200),
        ({"Host": "[::1]:3000"}, 200),
        ({"Host": "rebound.example:3000"}, 421),
        ({"Host": "127.0.0.1.rebound.example"}, 421),
        ({"Origin": "http://evil.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
    ],
)
async def test_other_pages_and_other_names_are_kept_out(stage: Stage, headers: dict[str, str], status: int) -> None:
    url = f"{stage.page.base_url}/page/state"
    async with stage.page.session.get(url, params={"as": "U0PRIMARY"}, headers=headers) as response:
        assert response.status == status


async def test_a_form_of_another_page_does_nothing(stage: Stage) -> None:
    url = f"{stage.page.base_url}/page/say"
    body = json.dumps({"as": "U0PRIMARY", "channel": "C0GENERAL", "text": "forged"})
    async with stage.page.session.post(url, data=body, headers={"Content-Type": "text/plain"}) as response:
        assert response.status == 415
    async with stage.page.session.post(url, data="[]", headers={"Content-Type": "application/json"}) as response:
        assert response.status == 400
    with pytest.raises(aiohttp.WSServerHandshakeError):
        await stage.page.session.ws_connect(
            f"{stage.page.base_url}/page/live?as=U0PRIMARY", origin="http://evil.example"
        )
    assert await stage.page.messages() == []


async def test_the_page_comes_from_the_package_under_a_strict_policy(stage: Stage) -> None:
    async with stage.page.session.get(f"{stage.page.base_url}/") as response:
        assert response.status == 200
        policy = response.headers["Content-Security-Policy"]
        assert policy.startswith("default-src 'self'; ")
        assert "unsafe" not in policy
        text = await response.text()
    assert "<script>" not in text
    for path in ("js/main.js", "css/base.css", "icon.svg"):
        async with stage.page.session.get(f"{stage.page.base_url}/static/{path}") as response:
            assert (response.status, response.headers["X-Content-Type-Options"]) == (200, "nosniff")
    for path in ("../server.py", "%2e%2e/server.py", "js/../../server.py", "js", "nothing.js", "js//main.js"):
        url = f"{stage.page.base_url}/static/{path}"
        async with stage.page.session.get(url) as response:
            assert response.status == 404, path


async def test_the_inspector_remembers_both_directions_without_secrets(stage: Stage) -> None:
    await stage.client.auth_test()
    await stage.client.api_call("api.test", params={"note": f"my token is {CREDENTIALS.bot_token}"})
    entries = (await stage.page.get("traffic"))["entries"]
    assert [(entry["n"], entry["what"], entry["status"]) for entry in entries] == [
        (1, "auth.test", "ok"),
        (2, "api.test", "ok"),
    ]
    assert [entry["n"] for entry in (await stage.page.get("traffic", after="1"))["entries"]] == [2]
    opened = await stage.client.apps_connections_open(app_token=CREDENTIALS.app_token)
    everything = json.dumps((await stage.page.get("traffic"))["entries"])
    for secret in (CREDENTIALS.bot_token, CREDENTIALS.app_token, opened["url"].rpartition("=")[2]):
        assert secret not in everything


async def test_the_inspectors_memory_is_bounded(stage: Stage) -> None:
    for _ in range(600):
        stage.playground.traffic.note("from_bot", "api.test", "ok", 1, {"text": "x" * 10}, {})
    stage.playground.traffic.note("from_bot", "big", "ok", 1, {"text": "x" * 200_000}, {})
    entries = [*stage.playground.traffic.after(0)]
    assert (len(entries), entries[0]["n"], entries[-1]["n"]) == (500, 102, 601)
    assert entries[-1]["request"]["truncated"] is True


async def test_faults_are_ordered_listed_and_cleared_on_the_page(stage: Stage) -> None:
    url = f"{stage.page.base_url}/page/faults"
    ordered = await stage.page.post("faults", method="chat.postMessage", kind="429", times=2, seconds=3)
    fault = {"method": "chat.postMessage", "kind": "429", "times": 2, "seconds": 3.0}
    assert ordered == {"ok": True, "faults": [fault]}
    assert (await stage.page.get("faults"))["faults"] == [fault]
    for wrong in ({"kind": "200"}, {"kind": "429", "times": 0}, {"kind": "429", "times": "many"}, {"kind": ""}):
        assert (await stage.page.post("faults", method="*", **wrong))["error"] == "invalid_fault"
    async with stage.page.session.delete(url) as response:
        assert await response.json() == {"ok": True, "faults": []}
