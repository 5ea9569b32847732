"""A customer's automation over real HTTP, written from docs/providers.md, not from our code: it knows who holds what.

`faults` come first, one after the other: a status, or a word for a bad answer. Each word says what comes back, and
whether the seat was changed all the same: whatever follows `then_` happens after the effect.
"""

import asyncio
import hashlib
import hmac
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

SECRET = "a-secret-of-both-sides-0123456789abcdef"
NEW_DAY = "2026-11-20"

Answer = tuple[int, Any]


@dataclass(slots=True)
class Automation:
    """Who holds what since when: (e-mail, product) → date. `slow`: it accepts first, and `work` carries out."""

    holds: dict[tuple[str, str], str] = field(default_factory=dict)
    slow: bool = False
    mute: bool = False
    faults: list[str | int] = field(default_factory=list)
    effects: int = 0
    address: str = ""
    asked: list[dict[str, Any]] = field(default_factory=list)
    headers: list[Mapping[str, str]] = field(default_factory=list)
    answers: dict[str, Answer] = field(default_factory=dict)
    accepted: dict[str, dict[str, Any]] = field(default_factory=dict)

    @property
    def url(self) -> str:
        return f"{self.address}/hooks/0f1e2d3c"

    async def receive(self, request: web.Request) -> web.StreamResponse:
        body = await request.read()
        if not is_signed(request.headers, body):
            return web.Response(status=401)
        asked = json.loads(body)
        self.asked.append(asked)
        self.headers.append(request.headers)
        if self.mute:
            await asyncio.sleep(3600)
        fault = self.faults.pop(0) if self.faults else ""
        if fault and not str(fault).startswith("then_"):
            return await spoilt(request, asked, fault)
        status, said = self.state(asked) if asked["kind"] == "state" else self.order(asked)
        if fault:
            return await spoilt(request, asked, fault)
        return web.json_response(said, status=status)

    def order(self, asked: dict[str, Any]) -> Answer:
        """Do it, once a key."""
        if asked["key"] in self.answers:
            return self.answers[asked["key"]]
        refusal = self._refusal(asked)
        if refusal:
            return 422, about(asked) | {"result": "refused", "reason": refusal}
        if self.slow:
            self.accepted[asked["key"]] = asked
            self.answers[asked["key"]] = (202, about(asked) | {"result": "accepted", "reference": "INC-1"})
        else:
            self._carry_out(asked)
        return self.answers[asked["key"]]

    def _refusal(self, asked: dict[str, Any]) -> str:
        held = (asked["email"], asked["product"]) in self.holds
        if asked["change"] == "unassign":
            return "" if held else f"{asked['email']} has no such seat"
        return f"{asked['email']} has one" if held else ""

    def _carry_out(self, asked: dict[str, Any]) -> None:
        seat = (asked["email"], asked["product"])
        if asked["change"] == "unassign":
            del self.holds[seat]
        else:
            self.holds[seat] = NEW_DAY
        self.effects += 1
        self.answers[asked["key"]] = (200, about(asked) | {"result": "done"})

    def work(self) -> None:
        """Carry out what was accepted."""
        for key in list(self.accepted):
            self._carry_out(self.accepted.pop(key))

    def state(self, asked: dict[str, Any]) -> Answer:
        day = self.holds.get((asked["email"], asked["product"]))
        state = "gone" if day is None else "same" if day == asked["assigned_on"] else "other"
        return 200, about(asked) | {"state": "pending" if asked["key"] in self.accepted else state}


def about(asked: Mapping[str, Any]) -> dict[str, Any]:
    return {"key": asked["key"], "person": asked["person"], "product": asked["product"]}


def is_signed(headers: Mapping[str, str], body: bytes) -> bool:
    """As docs/providers.md tells a customer to check."""
    timestamp = headers.get("X-Usagebot-Timestamp", "")
    expected = hmac.new(SECRET.encode(), timestamp.encode() + b"." + body, hashlib.sha256).hexdigest()
    return hmac.compare_digest("v1=" + expected, headers.get("X-Usagebot-Signature", ""))


# A fault → the status, and how an answer that says “done” is changed by it.
TWISTED: dict[str, tuple[int, dict[str, Any]]] = {
    "wrong_key": (200, {"key": "another"}),
    "wrong_person": (200, {"person": "ben@example.com"}),
    "null_person": (200, {"person": None}),
    "wrong_product": (200, {"product": "AutoCAD"}),
    "other_word": (200, {"result": "DONE!", "state": "Gone!"}),
    "number": (200, {"result": 1, "state": 1}),
    "huge": (200, {"padding": "x" * 200_000}),
    "accepted_but_done": (202, {}),
    "refused_but_done": (409, {}),
    "error_but_done": (500, {}),
}

# A fault → the status, and a text in place of the answer.
REPLACED: dict[str, tuple[int, str]] = {
    "html": (200, "<html><body>done</body></html>"),
    "empty": (200, ""),
    "accepted_empty": (202, ""),
    "half": (200, '{"result": "done", "state": "gone", "key": "ann-Rev'),
    "list": (200, '[{"result": "done", "state": "gone"}]'),
    "deep": (200, "[" * 50_000),
    "success": (200, '{"ok": true, "status": "success"}'),
    "refused_html": (409, "<h1>Conflict</h1>"),
}


async def spoilt(request: web.Request, asked: Mapping[str, Any], fault: str | int) -> web.StreamResponse:
    """Answer badly; a number is a status with a text that a log must not show."""
    name = str(fault).removeprefix("then_")
    done = about(asked) | {"result": "done", "state": "gone"}
    if name in TWISTED:
        status, changes = TWISTED[name]
        return web.json_response(done | changes, status=status)
    if name in REPLACED:
        status, text = REPLACED[name]
        return web.Response(status=status, text=text, content_type="application/json")
    if name.isdecimal():
        return web.Response(status=int(name), text="Ann Lee <ann@example.com> does not exist")
    return await broken(request, name)


async def broken(request: web.Request, name: str) -> web.StreamResponse:
    match name:
        case "redirect":
            return web.Response(status=307, headers={"Location": "/hooks/elsewhere"})
        case "busy":
            return web.Response(status=503, headers={"Retry-After": "30"})
        case "hang":
            await asyncio.sleep(3600)
    response = web.StreamResponse(headers={"Content-Length": "500"})
    if name == "cut_in_body":
        await response.prepare(request)
        await response.write(b'{"result": "done"')
    assert request.transport is not None
    request.transport.close()
    return response


@asynccontextmanager
async def automation(**changes: Any) -> AsyncIterator[Automation]:
    """Serve an automation on a free port."""
    here = Automation(**changes)
    served = web.Application()
    served.router.add_post("/hooks/{any}", here.receive)
    runner = web.AppRunner(served, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    here.address = f"http://127.0.0.1:{runner.addresses[0][1]}"
    try:
        yield here
    finally:
        await runner.cleanup()
