"""The hands of the workspace's clock: whoever is at the page moves them forward, and everybody there sees it."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Awaitable, Callable
from typing import TypeAlias

from aiohttp import web

from bot.playground.errors import NotPossible
from bot.playground.identity import Clock
from bot.playground.schema import Json

Tell: TypeAlias = Callable[[str], None]
Move: TypeAlias = Callable[[float, Tell], Awaitable[None]]
"""Lets time pass until a moment, in seconds since 1970, and tells in a few words what it is about meanwhile."""

MOST_DAYS = 366
_DAY = 86_400


class MovableClock:
    """Seconds since 1970 by another clock, ahead of it by as much as it was moved. It never goes back."""

    def __init__(self, clock: Clock, ahead: float = 0.0) -> None:
        self._clock = clock
        self.ahead = ahead

    def __call__(self) -> float:
        """Return what it shows."""
        return self._clock() + self.ahead

    def move_to(self, moment: float) -> None:
        """Be there now; a moment that has passed changes nothing."""
        self.ahead += max(0.0, moment - self())


class Hands:
    """One move at a time; `show` tells every page the time and what is being done."""

    def __init__(self, clock: Clock, move: Move | None, show: Callable[[Json], None]) -> None:
        self._clock = clock
        self._move = move
        self._show = show
        self._doing = ""
        self._task: asyncio.Task[None] | None = None

    def routes(self) -> list[web.RouteDef]:
        """The addresses of the page for it."""
        return [web.get("/page/clock", self._read), web.post("/page/clock", self._post)]

    async def _read(self, _request: web.Request) -> web.StreamResponse:
        return web.json_response({"ok": True, **self._shown()})

    async def _post(self, request: web.Request) -> web.StreamResponse:
        try:
            body = await request.json()
            await self._moved_to(body.get("to") if isinstance(body, dict) else None)
        except NotPossible as sorry:
            return web.json_response({"ok": False, "error": sorry.code, "message": sorry.sentence})
        except (ValueError, RecursionError):
            raise web.HTTPBadRequest(text="Send a JSON object.") from None
        return await self._read(request)

    def _shown(self) -> Json:
        return {"now": self._clock(), "movable": self._move is not None, "doing": self._doing}

    async def _moved_to(self, to: object) -> None:
        """Move forward to a moment. It goes on when whoever asked leaves the page meanwhile."""
        moment = self._checked(to)
        self._say("Moving the clock …")
        self._task = asyncio.get_running_loop().create_task(self._moved(moment))
        await asyncio.shield(self._task)

    def _checked(self, to: object) -> float:
        if self._move is None:
            raise NotPossible("clock_fixed", "The clock of this workspace cannot be moved.")
        if self._doing:
            raise NotPossible("clock_moving", "The clock is being moved already.")
        if not isinstance(to, int | float) or not math.isfinite(to):
            raise NotPossible("no_time", "Choose a date and a time.")
        ahead = to - self._clock()
        if ahead <= 0:
            raise NotPossible("clock_back", "The clock goes forward only. Choose a later time.")
        if ahead > MOST_DAYS * _DAY:
            raise NotPossible("clock_too_far", f"Move the clock by {MOST_DAYS} days at most.")
        return float(to)

    async def _moved(self, moment: float) -> None:
        try:
            if self._move is not None:
                await self._move(moment, self._say)
        finally:
            self._say("")

    def _say(self, doing: str) -> None:
        self._doing = doing
        self._show({"type": "clock", **self._shown()})

    async def stop(self) -> None:
        """Give up a move that is under way."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
