"""The door of the Web API: token, scopes, faults and the log around every method."""

from __future__ import annotations

import asyncio
import hmac

from aiohttp import web

from bot.playground import methods_chat, methods_conversations, methods_people, methods_rest
from bot.playground.arguments import Arguments, merged
from bot.playground.cast import Credentials
from bot.playground.endpoints import Caller, Desk, Table
from bot.playground.errors import Refused
from bot.playground.faults import Fault, Faults
from bot.playground.schema import Json
from bot.playground.traffic import Traffic

METHODS: Table = {
    **methods_chat.METHODS,
    **methods_conversations.METHODS,
    **methods_people.METHODS,
    **methods_rest.METHODS,
}


class Dropped(Exception):
    """The connection ends here without an answer."""


class FaultyDoor:
    """Lets the faults that were ordered happen, the same way for every address."""

    def __init__(self, faults: Faults) -> None:
        self._faults = faults

    async def before(self, method: str) -> tuple[Fault | None, web.Response | None]:
        """The fault for this call, and the answer it already brings."""
        fault = self._faults.take(method)
        if fault is None or fault.kind == "drop_after":
            return fault, None
        if fault.kind == "drop":
            raise Dropped
        if fault.kind == "hang":
            # Without a time it hangs until the bot or the workspace goes away.
            await (asyncio.sleep(fault.seconds) if fault.seconds is not None else asyncio.Event().wait())
            return fault, None
        return fault, _failing(fault)


def _failing(fault: Fault) -> web.Response:
    if fault.status == 429:  # noqa: PLR2004
        seconds = str(max(1, round(fault.seconds or 1)))
        return web.json_response({"ok": False, "error": "ratelimited"}, status=429, headers={"Retry-After": seconds})
    if fault.status is not None:
        return web.Response(status=fault.status, text="Internal Server Error")
    return web.json_response({"ok": False, "error": fault.kind})


class WebApi:
    """Answers `/api/<method>`."""

    def __init__(self, desk: Desk, credentials: Credentials, faults: Faults, traffic: Traffic) -> None:
        self._desk = desk
        self._credentials = credentials
        self._door = FaultyDoor(faults)
        self._traffic = traffic

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """One call, noted in the inspector whatever becomes of it."""
        method = request.match_info["method"]
        started = asyncio.get_running_loop().time()
        args: Json = {}
        try:
            args = await merged(request)
            fault, response = await self._door.before(method)
            body = await self._answer(method, args, request) if response is None else {}
        except Refused as refused:
            fault, response, body = None, None, refused.body()
        except (Dropped, asyncio.CancelledError):
            self._note(method, "no answer", started, args, {})
            raise
        self._note(method, _status(body, response), started, args, body)
        if fault is not None and fault.kind == "drop_after":
            raise Dropped
        return response or self._finished(body)

    def _note(self, method: str, status: str, started: float, args: Json, body: Json) -> None:
        ms = (asyncio.get_running_loop().time() - started) * 1000
        self._traffic.note("from_bot", method, status, ms, args, body)

    def _finished(self, body: Json) -> web.Response:
        return web.json_response(body, headers={"X-OAuth-Scopes": ",".join(self._desk.scopes)})

    async def _answer(self, method: str, args: Json, request: web.Request) -> Json:
        endpoint = METHODS.get(method)
        if endpoint is None:
            raise Refused("unknown_method", req_method=method)
        if endpoint.caller != "anybody":
            self._check_token(endpoint.caller, _given(request) or str(args.get("token", "")))
        for scope in endpoint.scopes:
            self._desk.need(scope)
        return {"ok": True, **await endpoint.handler(self._desk, Arguments(args))}

    def check_bot(self, request: web.Request, *scopes: str) -> None:
        """Refuse a request that is not the bot's, or that it may not make."""
        self._check_token("bot", _given(request))
        for scope in scopes:
            self._desk.need(scope)

    def _check_token(self, caller: Caller, given: str) -> None:
        if not given:
            raise Refused("not_authed")
        bot, app = self._credentials.bot_token, self._credentials.app_token
        right, other = (bot, app) if caller == "bot" else (app, bot)
        if not _same(given, right):
            raise Refused("not_allowed_token_type" if _same(given, other) else "invalid_auth")


def _given(request: web.Request) -> str:
    return request.headers.get("Authorization", "").removeprefix("Bearer ")


def _same(one: str, other: str) -> bool:
    return hmac.compare_digest(one.encode(), other.encode())


def _status(body: Json, response: web.Response | None) -> str:
    if response is not None:
        return str(response.status)
    return "ok" if body.get("ok") else str(body.get("error"))
