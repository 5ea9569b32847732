"""What an automation says later: let in by its signature alone, taken for the very order only, recorded once."""

import json
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
from pydantic import SecretStr
from slack_bolt.async_app import AsyncApp

from bot import signing
from bot.callback import PATH, Callback
from bot.front_door import MOST_BYTES, FrontDoor
from reporting_core.words.seats import Done, ProviderAnswer, SeatOrder
from tests.company import NOW
from tests.test_bot_providers_webhook import order
from tests.webhook_stand_in import SECRET

SAID = {"key": "ann-Revit-unassign", "person": "Ann@example.com", "product": "Revit", "result": "done"}


class Recorded:
    """The machine's side: the orders it knows, and what was recorded of them."""

    def __init__(self) -> None:
        self.answers: list[tuple[str, ProviderAnswer]] = []
        self.faults: list[Exception] = []
        self.now = NOW.timestamp()
        self.address = ""

    async def ordered(self, key: str) -> SeatOrder | None:
        return order() if key == order().key else None

    async def record(self, key: str, answer: ProviderAnswer) -> None:
        if self.faults:
            raise self.faults.pop()
        self.answers.append((key, answer))

    async def post(self, body: bytes | dict[str, Any], **changes: str) -> int:
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        headers = signing.signed(SecretStr(SECRET), self.now, raw) | changes
        return await self.sent(raw, headers)

    async def sent(self, body: bytes, headers: dict[str, str]) -> int:
        address = f"{self.address}{PATH}"
        async with aiohttp.ClientSession() as session, session.post(address, data=body, headers=headers) as response:
            return response.status


@pytest.fixture
async def there() -> AsyncIterator[Recorded]:
    made = Recorded()
    callback = Callback(SecretStr(SECRET), lambda: made.now, made.ordered, made.record)
    door = FrontDoor(
        AsyncApp(token="xoxb-1", signing_secret="s"), SecretStr("s"), lambda: made.now, doors={PATH: callback}
    )
    made.address = await door.start("127.0.0.1", 0)
    yield made
    await door.stop()


async def test_an_answer_is_recorded(there: Recorded) -> None:
    assert await there.post(SAID | {"reference": "INC-1"}) == 200
    assert there.answers == [("ann-Revit-unassign", ProviderAnswer(Done.DONE, "INC-1"))]


async def test_a_replay_is_answered_and_recorded_no_second_time(there: Recorded) -> None:
    body = json.dumps(SAID).encode()
    headers = signing.signed(SecretStr(SECRET), there.now, body)
    assert [await there.sent(body, headers) for _ in range(3)] == [200, 200, 200]
    assert len(there.answers) == 1


async def test_what_failed_here_can_be_sent_again(there: Recorded) -> None:
    there.faults.append(RuntimeError("the database went away"))
    body = json.dumps(SAID).encode()
    headers = signing.signed(SecretStr(SECRET), there.now, body)
    assert [await there.sent(body, headers) for _ in range(2)] == [500, 200]
    assert len(there.answers) == 1


@pytest.mark.parametrize(
    "changes",
    [
        {"X-Usagebot-Signature": "v1=" + "0" * 64},
        {"X-Usagebot-Signature": ""},
        {"X-Usagebot-Signature": "v0=" + "0" * 64},
        {"X-Usagebot-Timestamp": ""},
        {"X-Usagebot-Timestamp": str(int(NOW.timestamp()) + 1)},
        {"X-Usagebot-Timestamp": "１７６４００００００".encode().decode("latin-1")},
    ],
)
async def test_what_is_not_signed_does_not_get_in(there: Recorded, changes: dict[str, str]) -> None:
    assert await there.post(SAID, **changes) == 401
    assert there.answers == []


@pytest.mark.parametrize(("seconds", "status"), [(-301, 401), (-300, 200), (300, 200), (301, 401)])
async def test_what_was_signed_long_ago_or_ahead_of_time_does_not_get_in(
    there: Recorded, seconds: int, status: int
) -> None:
    body = json.dumps(SAID).encode()
    assert await there.sent(body, signing.signed(SecretStr(SECRET), there.now + seconds, body)) == status


async def test_a_body_that_was_changed_on_the_way_does_not_get_in(there: Recorded) -> None:
    headers = signing.signed(SecretStr(SECRET), there.now, json.dumps(SAID | {"result": "refused"}).encode())
    assert await there.sent(json.dumps(SAID).encode(), headers) == 401


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400),
        (b"<html>", 400),
        (b'{"result": "done"', 400),
        (b"[1]", 400),
        (b"[" * 50_000, 400),
        (SAID | {"key": "nobody's"}, 404),
        (SAID | {"key": 7}, 404),
        ({"result": "done"}, 404),
        (SAID | {"person": "ben@example.com"}, 422),
        (SAID | {"product": "AutoCAD"}, 422),
        (SAID | {"result": "success"}, 422),
        (SAID | {"result": None}, 422),
    ],
)
async def test_what_is_no_answer_to_an_order_of_ours_is_not_recorded(
    there: Recorded, body: bytes | dict[str, Any], status: int
) -> None:
    assert await there.post(body) == status
    assert there.answers == []


async def test_our_own_order_sent_back_to_us_is_no_answer(there: Recorded) -> None:
    assert await there.post(SAID | {"kind": "order", "change": "unassign", "result": ""}) == 422


async def test_nothing_large_is_read(there: Recorded) -> None:
    assert await there.post(b"x" * (MOST_BYTES + 1)) == 413


async def test_signatures_are_forgotten_when_they_can_no_longer_come_again(there: Recorded) -> None:
    once = signing.Once(lambda: there.now)
    assert [once.claim("a"), once.claim("a")] == [True, False]
    there.now += 2 * signing.SKEW
    assert once.claim("a")
