"""The signed front door: what is let in, what is not, and what of it reaches the log."""

import asyncio
import hashlib
import hmac
import io
import json
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from urllib.parse import urlencode

import aiohttp
import hypothesis
import pytest
import structlog
from hypothesis import strategies as st
from pydantic import SecretStr

from bot import logs
from bot.front_door import FrontDoor, Turned, parsed
from tests.bot_under_test import Bot, bot_under_test

SECRET = "8f742231b10e8888abcd99yyyzzz85a5"
NOW = 1_795_500_000.0
FORM = "application/x-www-form-urlencoded"
JSON = "application/json"


@dataclass
class Door:
    bot: Bot
    address: str
    session: aiohttp.ClientSession
    log: io.StringIO
    now: list[float] = field(default_factory=lambda: [NOW])

    async def post(self, body: bytes, kind: str = FORM, path: str = "/slack/events", **headers: str) -> tuple[int, str]:
        url = f"{self.address}{path}"
        async with self.session.post(url, data=body, headers={"Content-Type": kind, **headers}) as answer:
            text = await answer.text()
        # Bolt answers events before their listener begins.
        await asyncio.sleep(0.01)
        await self.bot.desk.idle(10)
        return answer.status, text

    async def signed(self, body: bytes, kind: str = FORM, at: float | None = None) -> tuple[int, str]:
        return await self.post(body, kind, **signature(body, at or self.now[0]))

    async def command(self, text: str, **changes: str) -> tuple[int, str]:
        return await self.signed(command(self.bot, text, **changes))


def signature(body: bytes, at: float, secret: str = SECRET) -> dict[str, str]:
    stamp = str(int(at))
    digest = hmac.new(secret.encode(), f"v0:{stamp}:".encode() + body, hashlib.sha256).hexdigest()
    return {"X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": f"v0={digest}"}


def command(bot: Bot, text: str, **changes: str) -> bytes:
    body = {"command": "/usage", "text": text, "team_id": "T1", "user_id": "U1", "channel_id": "C1"}
    body |= {"trigger_id": "1.1.x", "response_url": bot.slack.response_url, "is_enterprise_install": "false"}
    return urlencode(body | changes).encode()


@pytest.fixture
async def door() -> AsyncIterator[Door]:
    log = io.StringIO()
    logs.write(log)
    async with bot_under_test() as bot, aiohttp.ClientSession() as session:
        made = Door(bot, "", session, log)
        front = FrontDoor(bot.app, SecretStr(SECRET), lambda: made.now[0])
        made.address = await front.start("127.0.0.1", 0)
        yield made
        await front.stop()


async def test_a_signed_command_is_answered(door: Door) -> None:
    assert await door.command("team=Design last=30d") == (200, "")
    assert door.bot.core.asked == ["team=Design last=30d"]


@pytest.mark.parametrize(
    "text", ["team=payload-ops", "payload", 'payload={"type":"block_actions"}', "a&payload=%7B%7D"]
)
async def test_the_word_payload_reaches_the_command(door: Door, text: str) -> None:
    assert await door.command(text) == (200, "")
    assert door.bot.core.asked == [text]


async def test_a_press_comes_as_json_inside_a_form(door: Door) -> None:
    action = {"type": "button", "action_id": "page_next", "value": '{"q":"last=30d","p":2}'}
    body = urlencode({"payload": json.dumps(door.bot.pressing(action, "U1"))}).encode()
    assert await door.signed(body) == (200, "")
    assert door.bot.core.asked == ["last=30d page=2"]


async def test_an_event_comes_as_json(door: Door) -> None:
    event = {"type": "message", "channel_type": "im", "channel": "D1", "user": "U1", "text": "hi", "ts": "1.1"}
    body = json.dumps({"type": "event_callback", "team_id": "T1", "event_id": "Ev1", "event": event}).encode()
    assert (await door.signed(body, JSON))[0] == 200
    assert len(door.bot.slack.named("chat.postMessage")) == 1


async def test_an_event_sent_again_after_a_minute_is_answered_once(door: Door) -> None:
    event = {"type": "message", "channel_type": "im", "channel": "D1", "user": "U1", "text": "hi", "ts": "1.1"}
    body = json.dumps({"type": "event_callback", "team_id": "T1", "event_id": "Ev1", "event": event}).encode()
    for minute in range(3):
        door.now[0] = NOW + 60 * minute
        assert (await door.post(body, JSON, **signature(body, door.now[0]), **{"X-Slack-Retry-Num": str(minute)}))[
            0
        ] == 200
    assert len(door.bot.slack.named("chat.postMessage")) == 1


async def test_a_form_with_errors_is_answered_with_them(door: Door) -> None:
    values = {"range": {"range": {"type": "static_select", "selected_option": {"value": "custom"}}}}
    view = {"type": "modal", "callback_id": "usage_form", "private_metadata": "", "state": {"values": values}}
    body = {"type": "view_submission", "team": {"id": "T1"}, "user": {"id": "U1"}, "view": view}
    status, text = await door.signed(urlencode({"payload": json.dumps(body)}).encode())
    assert status == 200
    assert json.loads(text)["errors"] == {"from": "Choose the first day, or another range above."}


async def test_slacks_first_knock_is_answered_with_its_challenge(door: Door) -> None:
    body = json.dumps({"type": "url_verification", "challenge": "abc"}).encode()
    status, text = await door.signed(body, JSON)
    assert (status, json.loads(text)) == (200, {"challenge": "abc"})
    assert (await door.post(body, JSON))[0] == 401


async def test_a_check_of_the_certificate_is_answered_with_nothing(door: Door) -> None:
    assert await door.signed(b"ssl_check=1&token=x") == (200, "")


async def test_who_watches_over_it_may_look(door: Door) -> None:
    async with door.session.get(f"{door.address}/healthz") as answer:
        assert (answer.status, await answer.json()) == (200, {"ok": True})
        assert answer.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("path", ["/slack/commands", "/slack/interactivity"])
async def test_every_path_of_the_manifest_leads_to_the_same_door(door: Door, path: str) -> None:
    body = command(door.bot, "last=30d")
    assert await door.post(body, path=path, **signature(body, NOW)) == (200, "")
    assert len(door.bot.core.asked) == 1


@pytest.mark.parametrize("seconds", [-301, 301, 3_600, -86_400])
async def test_stale_and_future_requests_stay_out(door: Door, seconds: int) -> None:
    body = command(door.bot, "last=30d")
    assert await door.signed(body, at=NOW + seconds) == (401, "")
    assert door.bot.core.asked == []


@pytest.mark.parametrize("seconds", [-300, 300])
async def test_clocks_may_differ_by_five_minutes(door: Door, seconds: int) -> None:
    assert (await door.signed(command(door.bot, "last=30d"), at=NOW + seconds))[0] == 200


async def test_the_same_request_has_no_second_effect(door: Door) -> None:
    body = command(door.bot, "last=30d")
    assert await door.signed(body) == (200, "")
    door.now[0] += 200
    assert await door.signed(body, at=NOW) == (200, "")
    assert len(door.bot.core.asked) == 1


@pytest.mark.parametrize(
    "change",
    [
        {"X-Slack-Signature": ""},
        {"X-Slack-Signature": "v0="},
        {"X-Slack-Signature": "v0=" + "0" * 64},
        {"X-Slack-Signature": "v1=" + "0" * 64},
        {"X-Slack-Signature": "v0=" + "é" * 64},
        {"X-Slack-Signature": "V0=" + "A" * 64},
        {"X-Slack-Request-Timestamp": ""},
        {"X-Slack-Request-Timestamp": "now"},
        {"X-Slack-Request-Timestamp": "1795500000.0"},
        {"X-Slack-Request-Timestamp": "+795500000"},
        {"X-Slack-Request-Timestamp": " 179550000"},
        {"X-Slack-Request-Timestamp": "17955000000"},
        {"X-Slack-Request-Timestamp": "١٧٩٥٥٠٠٠٠٠"},
        {"X-Slack-Request-Timestamp": "1e10000000"},
    ],
)
async def test_mutated_signatures_stay_out(door: Door, change: dict[str, str]) -> None:
    body = command(door.bot, "last=30d")
    assert (await door.post(body, **(signature(body, NOW) | change)))[0] == 401
    assert door.bot.core.asked == []


async def test_another_secret_or_another_body_stays_out(door: Door) -> None:
    body = command(door.bot, "last=30d")
    assert (await door.post(body, **signature(body, NOW, "another")))[0] == 401
    assert (await door.post(body + b"x", **signature(body, NOW)))[0] == 401
    assert (await door.post(body))[0] == 401
    assert door.bot.core.asked == []


UNREADABLE = {
    "bad UTF-8": (b"text=\xff", FORM),
    "bad UTF-8, escaped": (b"text=%ff", FORM),
    "deep JSON": (b"[" * 100_000, JSON),
    "deep JSON in a form": (b"payload=" + b"[" * 100_000, FORM),
    "no JSON": (b"{", JSON),
    "a list": (b"[]", JSON),
    "nothing": (b"", JSON),
    "no form": (b"&&;", FORM),
    "misshapen": (b'{"team": 5, "user": [], "type": "block_actions", "enterprise": "x"}', JSON),
}


@pytest.mark.parametrize("name", UNREADABLE)
async def test_what_cannot_be_read_is_refused_after_its_signature_was_checked(door: Door, name: str) -> None:
    body, kind = UNREADABLE[name]
    assert (await door.post(body, kind))[0] == 401
    assert (await door.signed(body, kind))[0] in {200, 400}
    assert door.bot.core.asked == []


async def test_a_body_over_the_limit_is_refused(door: Door) -> None:
    assert (await door.signed(b"x" * 1_000_001))[0] == 413


async def test_a_reject_leaves_a_short_line_and_nothing_of_the_body_in_the_log(door: Door) -> None:
    body = command(door.bot, "user=canary@example.com")
    await door.post(body)
    await door.post(body, **(signature(body, NOW) | {"X-Slack-Signature": "v0=" + "0" * 64}))
    await door.signed(b"{canary", JSON)
    await door.signed(body, at=NOW - 1_000)
    lines = door.log.getvalue().splitlines()
    assert [json.loads(line)["reason"] for line in lines] == ["unsigned", "forged", "unreadable", "stale"]
    assert all(len(line) <= 300 for line in lines)
    assert "canary" not in door.log.getvalue()


async def test_nothing_typed_is_in_the_log_of_an_answered_command(door: Door) -> None:
    door.bot.core.fails = RuntimeError("canary")
    await door.command("user=canary@example.com")
    await door.signed(urlencode({"payload": json.dumps({"type": "canary"})}).encode())
    assert "incident" in door.log.getvalue()
    assert "canary" not in door.log.getvalue()


@hypothesis.given(text=st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=200))
def test_any_text_comes_out_of_a_form_as_it_was_typed(text: str) -> None:
    body = urlencode({"command": "/usage", "text": text}).encode()
    assert parsed(FORM, body)["text"] == text


@hypothesis.given(body=st.binary(max_size=300), kind=st.sampled_from([FORM, JSON, "text/plain"]))
def test_any_bytes_are_read_or_refused_never_more(body: bytes, kind: str) -> None:
    assert isinstance(_read(kind, body), dict)


def _read(kind: str, body: bytes) -> object:
    try:
        return parsed(kind, body)
    except Turned as turned:
        return {"refused with": turned.status} if turned.status == 400 else turned.status


def test_log_lines_cannot_be_forged() -> None:
    stream = io.StringIO()
    logs.write(stream)
    structlog.get_logger().info("said", value='x\r\n{"event":"forged"}\x1b[31m')
    assert len(stream.getvalue().splitlines()) == 1
    assert not re.search(r"[\x00-\x09\x0b-\x1f]", stream.getvalue())
