"""The front door under thousands of wrong requests: none gets in, none fails, and none writes much to the log."""

import asyncio
import gzip
import json
import random
import zlib
from collections import Counter
from collections.abc import Callable
from urllib.parse import urlsplit

import pytest
from pydantic import SecretStr

from bot.front_door import FrontDoor
from tests.test_bot_front_door import FORM, JSON, NOW, SECRET, Door, command, door, signature

__all__ = ["door"]

SEED = random.SystemRandom().randrange(1 << 32)
CANARY = b"canary"
MOST_LOG_BYTES = 300

Request = tuple[bytes, dict[str, str]]
"""A body and its headers."""


def _genuine(door: Door, chance: random.Random) -> Request:
    body = command(door.bot, f"user=canary{chance.random()}@example.com")
    return body, {"Content-Type": FORM, **signature(body, NOW)}


def _flip(chance: random.Random, request: Request) -> Request:
    body, headers = request
    place = chance.randrange(len(body))
    changed = bytes([body[place] ^ 1 << chance.randrange(8)])
    return body[:place] + changed + body[place + 1 :], headers


def _cut(chance: random.Random, request: Request) -> Request:
    return request[0][: chance.randrange(len(request[0]))], request[1]


def _add(chance: random.Random, request: Request) -> Request:
    return request[0] + chance.choice([b"&", b"\x00", b"\n", b"&payload={}", b"[" * 10_000, CANARY * 5_000]), request[1]


def _stale(chance: random.Random, request: Request) -> Request:
    seconds = chance.choice([-1, 1]) * chance.choice([301, 302, 86_400, 10**8, chance.randrange(301, 10**6)])
    return request[0], request[1] | signature(request[0], NOW + seconds)


def _other_secret(chance: random.Random, request: Request) -> Request:
    return request[0], request[1] | signature(request[0], NOW, f"secret{chance.random()}")


def _other_time(chance: random.Random, request: Request) -> Request:
    stamp = chance.choice(["", "0", "-1", "1e9", "17955 00000", "0x6B04", "９" * 10, "1" * 5_000, "NaN"])
    return request[0], request[1] | {"X-Slack-Request-Timestamp": stamp}


def _other_signature(chance: random.Random, request: Request) -> Request:
    good = request[1]["X-Slack-Signature"]
    wrong = [
        good.upper(),
        good[:-1],
        good + "0",
        good[3:],
        f"v1{good[2:]}",
        "",
        "v0=",
        "é" * 67,
        f" {good}x",
        "v0=" * 9,
    ]
    return request[0], request[1] | {"X-Slack-Signature": chance.choice(wrong)}


def _no_header(chance: random.Random, request: Request) -> Request:
    gone = chance.choice(["X-Slack-Signature", "X-Slack-Request-Timestamp"])
    return request[0], {key: value for key, value in request[1].items() if key != gone}


_BOMB = gzip.compress(b"0" * 20_000_000)


def _encoded(chance: random.Random, request: Request) -> Request:
    kind, body = chance.choice(
        [
            ("gzip", gzip.compress(request[0] + b"x")),
            ("gzip", request[0][1:]),
            ("deflate", zlib.compress(request[0])[: chance.randrange(4, 20)]),
            ("br", request[0][1:]),
            ("gzip", _BOMB),
            ("identity, gzip", b""),
        ]
    )
    return body, request[1] | {"Content-Encoding": kind}


MUTATIONS: tuple[Callable[[random.Random, Request], Request], ...] = (
    _flip, _cut, _add, _stale, _other_secret, _other_time, _other_signature, _no_header, _encoded,
)  # fmt: skip


async def _raw(door: Door, request: bytes, *, ends: bool = False) -> bytes:
    where = urlsplit(door.address)
    reader, writer = await asyncio.open_connection(where.hostname, where.port)
    writer.write(request)
    await writer.drain()
    if ends:
        writer.write_eof()
    answer = await reader.read()
    writer.close()
    return answer


def _bytes_of(request: Request, path: str) -> bytes:
    body, headers = request
    lines = [f"POST {path} HTTP/1.1", "Host: bot", "Connection: close", *(f"{k}: {v}" for k, v in headers.items())]
    return "\r\n".join([*lines, f"Content-Length: {len(body)}", "", ""]).encode("utf-8") + body


async def test_two_thousand_mutated_requests_get_in_nowhere(door: Door) -> None:
    chance = random.Random(SEED)
    statuses: Counter[int] = Counter()
    for number in range(2_000):
        mutate = MUTATIONS[number % len(MUTATIONS)]
        request = mutate(chance, _genuine(door, chance))
        before = len(door.log.getvalue())
        path = chance.choice(["/slack/events", "/slack/commands", "/slack/interactivity"])
        answer = await _raw(door, _bytes_of(request, path))
        what = f"seed {SEED}, request {number}, {mutate.__name__}: {answer[:80]!r}"
        status = int(answer.split(b" ", 2)[1])
        statuses[status] += 1
        assert 400 <= status < 500, what
        assert len(door.log.getvalue()) - before <= MOST_LOG_BYTES, what
        assert CANARY not in answer, what
    assert door.bot.core.asked == []
    assert door.bot.slack.calls == []
    assert CANARY.decode() not in door.log.getvalue()
    assert statuses[401] > 1_000


async def test_requests_that_are_no_http_are_turned_away_quietly(door: Door) -> None:
    chance = random.Random(SEED)
    body = command(door.bot, "last=30d")
    good = _bytes_of((body, {"Content-Type": FORM, **signature(body, NOW)}), "/slack/events")
    broken = [
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        b"canary\r\n\r\n",
        good.replace(b"HTTP/1.1", b"HTTP/9.9"),
        good.replace(b"Content-Length", b"Transfer-Encoding: chunked\r\nContent-Length"),
        good.replace(b"Content-Length: ", b"Content-Length: -"),
        good.replace(b"Content-Length: ", b"Content-Length: 9"),
        good.replace(b"Host: bot", b"X-Canary: " + b"x" * 100_000),
        good.replace(b"Host: bot", b"\r\n".join(b"X-%d: y" % n for n in range(5_000))),
        good.replace(b"Host: bot", b"Host: bot\r\nExpect: 100-continue\r\nExpect: canary"),
        *(bytes(chance.randrange(256) for _ in range(200)) for _ in range(100)),
        *(good[: chance.randrange(len(good) - 1)] for _ in range(100)),
    ]
    for number, request in enumerate(broken):
        before = len(door.log.getvalue())
        answer = await _raw(door, request, ends=True)
        what = f"seed {SEED}, request {number}: {answer[:100]!r}"
        assert not answer or answer.split(b" ", 2)[1][:1] == b"4", what
        assert len(door.log.getvalue()) - before <= MOST_LOG_BYTES, what
    assert door.bot.core.asked == []
    assert CANARY.decode() not in door.log.getvalue().casefold()
    assert (await door.signed(body))[0] == 200


async def test_a_signed_bomb_is_refused_unopened(door: Door) -> None:
    request = (_BOMB, {"Content-Type": FORM, "Content-Encoding": "gzip", **signature(_BOMB, NOW)})
    answer = await _raw(door, _bytes_of(request, "/slack/events"))
    assert 400 <= int(answer.split(b" ", 2)[1]) < 500


@pytest.mark.parametrize("first", [0, 1, 2])
async def test_an_event_has_one_effect_whichever_of_its_tries_arrive(door: Door, first: int) -> None:
    for event in range(3):
        told = {"type": "message", "channel_type": "im", "channel": "D1", "user": "U1", "text": "hi"}
        told["ts"] = f"{event}.1"
        body = {"type": "event_callback", "team_id": "T1", "event_id": f"Ev{event}", "event": told}
        raw = json.dumps(body).encode()
        for tries in range(first, 3):
            # At once, after a minute, after five: each signed anew.
            door.now[0] = NOW + event + (0, 60, 300)[tries]
            retry = {"X-Slack-Retry-Num": str(tries), "X-Slack-Retry-Reason": "http_timeout"} if tries else {}
            assert (await door.post(raw, JSON, **signature(raw, door.now[0]), **retry))[0] == 200
    assert len(door.bot.slack.named("chat.postMessage")) == 3


async def test_events_without_a_number_are_each_answered(door: Door) -> None:
    told = {"type": "message", "channel_type": "im", "channel": "D1", "user": "U1", "text": "hi", "ts": "1.1"}
    for second in range(2):
        told["ts"] = f"{second}.1"
        raw = json.dumps({"type": "event_callback", "team_id": "T1", "event": told}).encode()
        door.now[0] = NOW + second
        await door.post(raw, JSON, **signature(raw, door.now[0]))
    assert len(door.bot.slack.named("chat.postMessage")) == 2


async def test_a_thousand_replays_have_no_second_effect(door: Door) -> None:
    body = command(door.bot, "last=30d")
    assert (await door.signed(body))[0] == 200
    for second in range(0, 300, 3):
        door.now[0] = NOW + second
        answers = await asyncio.gather(*(door.signed(body, at=NOW) for _ in range(10)))
        assert {status for status, _text in answers} == {200}
    assert len(door.bot.core.asked) == 1


@pytest.mark.parametrize(
    ("begun", "drip"),
    [
        (b"", b""),
        (b"POST /slack/events HTTP/1.1\r\n", b"A: b\r\n"),
        (b"POST /slack/events HTTP/1.1\r\nHost: bot\r\nContent-Length: 999\r\n\r\n", b"x"),
        (b"GET /healthz HTTP/1.1\r\nHost: bot\r\n\r\n", b""),
    ],
)
async def test_slow_senders_are_not_waited_for(door: Door, begun: bytes, drip: bytes) -> None:
    front = FrontDoor(door.bot.app, SecretStr(SECRET), lambda: NOW, seconds=0.3)
    where = urlsplit(await front.start("127.0.0.1", 0))
    reader, writer = await asyncio.open_connection(where.hostname, where.port)
    writer.write(begun)
    dripping = asyncio.create_task(_dripped(writer, drip))
    await asyncio.wait_for(reader.read(), 30)
    dripping.cancel()
    writer.close()
    await front.stop()


async def _dripped(writer: asyncio.StreamWriter, drip: bytes) -> None:
    while drip:
        await asyncio.sleep(0.1)
        writer.write(drip)
