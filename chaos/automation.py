"""A customer's automation over real HTTP that writes down all that reaches it, one JSON line each, before it answers.

It knows the wire from docs/providers.md and nothing of the bot. Each line: `kind` (order, state, effect, answer),
`key`, `change`, `seat` (person and product) and `at` (seconds).
"""

import asyncio
import json
import random
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from aiohttp import web

from tests.webhook_stand_in import SECRET, about, is_signed

__all__ = ["SECRET", "Automation", "serving"]

NEW_DAY = "2026-11-24"


@dataclass
class Automation:
    """`faulty`: the share of orders and looks that go wrong, in one of five ways. Every seat is taken at first."""

    log: Path
    faulty: float = 0.0
    dice: random.Random = field(default_factory=lambda: random.Random(1))
    seconds: float = 0.0
    """How long an order takes."""
    gone: set[tuple[str, str]] = field(default_factory=set)
    anew: dict[tuple[str, str], str] = field(default_factory=dict)
    answers: dict[str, tuple[int, dict[str, Any]]] = field(default_factory=dict)
    wrong: int = 0
    """Seats taken that had been assigned anew."""
    address: str = ""

    @property
    def url(self) -> str:
        """Where orders go."""
        return f"{self.address}/hooks/1"

    async def receive(self, request: web.Request) -> web.StreamResponse:
        """Take an order or a question."""
        body = await request.read()
        if not is_signed(request.headers, body):
            return web.Response(status=401)
        asked = json.loads(body)
        self._write(asked, asked["kind"])
        fault = self._fault()
        if fault in {"502 before", "cut before"}:
            return _spoilt(request, fault)
        if self.seconds:
            await asyncio.sleep(self.seconds)
        status, said = self._state(asked) if asked["kind"] == "state" else self._order(asked)
        if fault:
            if fault == "mute":
                await asyncio.sleep(30)
            return _spoilt(request, fault)
        self._write(asked, "answer", said=said.get("result") or said.get("state"))
        return web.json_response(said, status=status)

    def _fault(self) -> str:
        if self.dice.random() >= self.faulty:
            return ""
        return self.dice.choice(["502 before", "cut before", "502 after", "cut after", "mute"])

    def _order(self, asked: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        if asked["key"] not in self.answers:
            self._carry_out(asked)
        return self.answers[asked["key"]]

    def _carry_out(self, asked: dict[str, Any]) -> None:
        seat = (asked["email"], asked["product"])
        if asked["change"] == "unassign":
            self.wrong += seat in self.anew
            self.gone.add(seat)
        else:
            self.gone.discard(seat)
            self.anew[seat] = NEW_DAY
        self._write(asked, "effect")
        self.answers[asked["key"]] = (200, about(asked) | {"result": "done"})

    def _state(self, asked: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        seat = (asked["email"], asked["product"])
        state = "gone" if seat in self.gone else "other" if self.anew.get(seat) else "same"
        return 200, about(asked) | {"state": state}

    def assign_anew(self, email: str, product: str) -> None:
        """Somebody gives the seat again, past the bot."""
        self.gone.discard((email, product))
        self.anew[email, product] = NEW_DAY

    def _write(self, asked: dict[str, Any], kind: str, **more: Any) -> None:
        line = {"kind": kind, "key": asked["key"], "change": asked["change"], "at": time.monotonic(), **more}
        with self.log.open("a", encoding="utf-8") as out:
            out.write(json.dumps({**line, "seat": [asked["email"], asked["product"]]}) + "\n")


def _spoilt(request: web.Request, fault: str) -> web.StreamResponse:
    if fault.startswith("502") or request.transport is None:
        return web.Response(status=502, text="<html>Bad gateway</html>")
    request.transport.abort()
    return web.Response()


@asynccontextmanager
async def serving(log: Path, **changes: Any) -> AsyncIterator[Automation]:
    """Serve one on a free port of this machine alone."""
    here = Automation(log, **changes)
    served = web.Application()
    served.router.add_post("/hooks/1", here.receive)
    runner = web.AppRunner(served, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    here.address = f"http://127.0.0.1:{runner.addresses[0][1]}"
    try:
        yield here
    finally:
        await runner.cleanup()
