"""Socket Mode: up to ten connections, any of which gets the next envelope, and acknowledgements by envelope id."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass, field
from typing import Any

from aiohttp import WSMsgType, web

from bot.playground.delivery import Answer, Dispatch, Retry
from bot.playground.faults import Faults
from bot.playground.identity import Ids
from bot.playground.schema import Json
from bot.playground.traffic import Traffic

MOST_CONNECTIONS = 10


@dataclass(slots=True, eq=False)
class Connection:
    """One open link and the acknowledgements it still owes."""

    socket: web.WebSocketResponse
    waiting: dict[str, asyncio.Future[Any]] = field(default_factory=dict)

    def lost(self) -> None:
        """Nothing more will come from here."""
        for future in self.waiting.values():
            if not future.done():
                future.set_exception(ConnectionResetError())


class SocketMode:
    """Slack's end of all Socket Mode connections of the app."""

    def __init__(self, ids: Ids, traffic: Traffic, faults: Faults, app_id: str, ack_seconds: float) -> None:
        self._ids = ids
        self._traffic = traffic
        self._faults = faults
        self._app_id = app_id
        self._ack_seconds = ack_seconds
        self._tickets: set[str] = set()
        self._turn = 0
        self._arrived = asyncio.Event()
        self.connections: list[Connection] = []

    def ticket(self) -> str:
        """The secret part of a new connection's address; good for one connection."""
        ticket = self._ids.secret(32)
        self._tickets.add(ticket)
        return ticket

    async def accept(self, request: web.Request) -> web.StreamResponse:
        """Serve `/link/?ticket=…` until either side leaves."""
        ticket = request.query.get("ticket", "")
        if ticket not in self._tickets:
            return web.Response(status=403, text="invalid ticket")
        self._tickets.discard(ticket)
        socket = web.WebSocketResponse(heartbeat=30)
        await socket.prepare(request)
        if len(self.connections) >= MOST_CONNECTIONS:
            await socket.send_json({"type": "disconnect", "reason": "too_many_websockets"})
            await socket.close()
            return socket
        await self._serve(Connection(socket))
        return socket

    async def _serve(self, connection: Connection) -> None:
        self.connections.append(connection)
        await connection.socket.send_json(self._hello())
        self._arrived.set()
        try:
            async for message in connection.socket:
                if message.type is WSMsgType.TEXT:
                    self._receive(connection, message.data)
        finally:
            self._forget(connection)

    def _hello(self) -> Json:
        return {
            "type": "hello",
            "num_connections": len(self.connections),
            "connection_info": {"app_id": self._app_id},
            "debug_info": {"host": "playground", "approximate_connection_time": 18060},
        }

    def _forget(self, connection: Connection) -> None:
        if connection in self.connections:
            self.connections.remove(connection)
        if not self.connections:
            self._arrived.clear()
        connection.lost()

    def _receive(self, connection: Connection, text: str) -> None:
        try:
            body = json.loads(text)
        except ValueError:
            return
        envelope_id = body.get("envelope_id") if isinstance(body, dict) else None
        future = connection.waiting.pop(envelope_id, None) if isinstance(envelope_id, str) else None
        if future is not None and not future.done():
            future.set_result(body.get("payload"))

    async def connected(self) -> None:
        """Wait until the bot has a connection."""
        await self._arrived.wait()

    async def send(self, dispatch: Dispatch, retry: Retry) -> Answer:
        """Hand one envelope to the connection whose turn it is and wait for its acknowledgement."""
        started = asyncio.get_running_loop().time()
        envelope = self._envelope(dispatch, retry)
        answer = await self._hand_over(envelope)
        ms = (asyncio.get_running_loop().time() - started) * 1000
        self._traffic.note("to_bot", dispatch.what, answer.outcome, ms, envelope, {"payload": answer.payload})
        return answer

    def _envelope(self, dispatch: Dispatch, retry: Retry) -> Json:
        envelope: Json = {
            "envelope_id": self._ids.envelope(),
            "type": dispatch.kind,
            "payload": dispatch.payload,
            "accepts_response_payload": dispatch.accepts_response,
        }
        if dispatch.kind == "events_api":
            envelope |= {"retry_attempt": retry.number, "retry_reason": retry.reason}
        return envelope

    def _next(self) -> Connection | None:
        if not self.connections:
            return None
        self._turn += 1
        return self.connections[self._turn % len(self.connections)]

    async def _hand_over(self, envelope: Json) -> Answer:
        connection = self._next()
        if connection is None:
            return Answer("nobody")
        fault = self._faults.take("socket")
        if fault is not None and fault.kind.startswith("drop"):
            self._drop(connection)
            return Answer("failed")
        future: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        connection.waiting[envelope["envelope_id"]] = future
        try:
            if fault is None:
                await connection.socket.send_json(envelope)
            async with asyncio.timeout(self._ack_seconds):
                return Answer("acknowledged", await future)
        except TimeoutError:
            return Answer("timeout")
        except (ConnectionResetError, RuntimeError):
            return Answer("failed")
        finally:
            connection.waiting.pop(envelope["envelope_id"], None)

    def _drop(self, connection: Connection) -> None:
        transport = connection.socket.get_extra_info("transport")
        self._forget(connection)
        if transport is not None:
            transport.abort()

    async def refresh(self, reason: str = "refresh_requested") -> None:
        """Ask every connection to come anew, as Slack does every few hours."""
        for connection in [*self.connections]:
            await connection.socket.send_json({"type": "disconnect", "reason": reason, "debug_info": {}})

    async def close(self) -> None:
        """End every connection."""
        for connection in [*self.connections]:
            await connection.socket.close()
            self._forget(connection)
