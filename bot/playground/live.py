"""The page's live websocket: each person hears of what that person may see, and of nothing else."""

from __future__ import annotations

import asyncio
import json
from collections import defaultdict

from aiohttp import WSMsgType, web

from bot.playground import faces
from bot.playground.modals import ViewChange
from bot.playground.schema import Json
from bot.playground.traffic import Traffic
from bot.playground.views import View
from bot.playground.world import Change, World

# A page that falls this far behind is cut off; it asks for everything again when it comes back.
MOST_WAITING = 1000


class Live:
    """Everybody who looks at the page now."""

    def __init__(self, world: World, traffic: Traffic) -> None:
        self._world = world
        self._queues: dict[str, set[asyncio.Queue[Json | None]]] = defaultdict(set)
        world.listeners.append(self._changed)
        traffic.listeners.append(self._traffic)

    async def accept(self, request: web.Request, user: str) -> web.StreamResponse:
        """Serve one page until it leaves."""
        socket = web.WebSocketResponse(heartbeat=30)
        await socket.prepare(request)
        queue: asyncio.Queue[Json | None] = asyncio.Queue(MOST_WAITING)
        self._queues[user].add(queue)
        writer = asyncio.get_running_loop().create_task(_write(socket, queue))
        try:
            async for message in socket:
                if message.type is WSMsgType.ERROR:
                    break
        finally:
            self._queues[user].discard(queue)
            writer.cancel()
        return socket

    def close(self) -> None:
        """Say goodbye to every page."""
        for queues in self._queues.values():
            for queue in queues:
                _put(queue, None)

    def _send(self, user: str, body: Json) -> None:
        for queue in self._queues[user]:
            _put(queue, body)

    def _changed(self, change: Change) -> None:
        body: Json = {"type": change.what, "channel": change.channel.id, **(change.detail or {})}
        if change.message is not None:
            body["message"] = faces.message(self._world, change.channel, change.message)
        for user in self._world.readers(change.channel, change.message):
            self._send(user, body)

    def view_changed(self, what: ViewChange, view: View, shown: Json) -> None:
        """Tell the owner of a view."""
        self._send(view.user, {"type": what, "view": shown})

    def _traffic(self, entry: Json) -> None:
        self.everybody({"type": "traffic", "entry": entry})

    def everybody(self, body: Json) -> None:
        """Tell every page, whoever looks at it."""
        for user in [*self._queues]:
            self._send(user, body)


def _put(queue: asyncio.Queue[Json | None], body: Json | None) -> None:
    if queue.full():
        while not queue.empty():
            queue.get_nowait()
        body = None
    queue.put_nowait(body)


async def _write(socket: web.WebSocketResponse, queue: asyncio.Queue[Json | None]) -> None:
    while (body := await queue.get()) is not None and not socket.closed:
        await socket.send_str(json.dumps(body, ensure_ascii=False))
    await socket.close()
