"""The other addresses the app uses: answers to what people did, and the bytes of uploads."""

from __future__ import annotations

import asyncio
from urllib.parse import quote

from aiohttp import web

from bot.playground.arguments import merged
from bot.playground.errors import Refused
from bot.playground.faults import Faults
from bot.playground.files import may_fetch
from bot.playground.responses import Responses
from bot.playground.schema import Json
from bot.playground.traffic import Traffic
from bot.playground.web_api import Dropped, FaultyDoor, WebApi
from bot.playground.world import World

# How Slack answers a response address that will not do: gone, or the message is no good.
_GONE = {"expired_url", "used_url", "message_not_found"}


class Doors:
    """`/response/<key>`, `/upload/<key>`, `/files-pri/<team>-<id>/<name>` and the page for signing in."""

    def __init__(self, api: WebApi, world: World, responses: Responses, faults: Faults, traffic: Traffic) -> None:
        self._api = api
        self._world = world
        self._responses = responses
        self._door = FaultyDoor(faults)
        self._traffic = traffic

    async def respond(self, request: web.Request) -> web.StreamResponse:
        """One use of a response address."""
        started = asyncio.get_running_loop().time()
        sent: Json = {}
        try:
            sent = await merged(request)
            fault, response = await self._door.before("response_url")
            response = response or self._response(request.match_info["key"], sent)
        except Refused as refused:
            fault = None
            response = web.json_response(refused.body(), status=404 if refused.code in _GONE else 400)
        except (Dropped, asyncio.CancelledError):
            self._note("response_url", "no answer", started, sent)
            raise
        self._note("response_url", str(response.status), started, sent, response.text)
        if fault is not None and fault.kind == "drop_after":
            raise Dropped
        return response

    def _response(self, key: str, sent: Json) -> web.Response:
        from_action = self._responses.answer(key, sent)
        return web.json_response({"ok": True}) if from_action else web.Response(text="ok")

    def _note(self, what: str, status: str, started: float, sent: object, answer: object = None) -> None:
        ms = (asyncio.get_running_loop().time() - started) * 1000
        self._traffic.note("from_bot", what, status, ms, sent, {"body": answer})

    async def upload(self, request: web.Request) -> web.StreamResponse:
        """The bytes of a file, as a body or as a form."""
        started = asyncio.get_running_loop().time()
        try:
            fault, response = await self._door.before("upload")
        except Dropped:
            self._note("upload", "no answer", started, {})
            raise
        data = await _bytes(request)
        if response is None:
            file = self._world.files.receive(request.match_info["key"], data)
            response = web.Response(text=f"OK - {len(data)}") if file else web.Response(status=404, text="not found")
        self._note("upload", str(response.status), started, {"bytes": len(data)})
        if fault is not None and fault.kind == "drop_after":
            raise Dropped
        return response

    async def download(self, request: web.Request) -> web.StreamResponse:
        """A file's `url_private`, for an app that may read files and is where the file is."""
        started = asyncio.get_running_loop().time()
        file_id = request.match_info["id"]
        try:
            fault, response = await self._door.before("download")
            response = response or self._download(request, file_id)
        except (Dropped, asyncio.CancelledError):
            self._note("download", "no answer", started, {"file": file_id})
            raise
        self._note("download", str(response.status), started, {"file": file_id})
        if fault is not None and fault.kind == "drop_after":
            raise Dropped
        return response

    def _download(self, request: web.Request, file_id: str) -> web.Response:
        try:
            self._api.check_bot(request, "files:read")
            file = self._world.files.find(file_id)
        except Refused as refused:
            # Slack says neither 401 nor 403: it leads to its page for signing in, as it does for a browser.
            gone = refused.code.startswith("file_")
            return _not_found() if gone else web.Response(status=302, headers={"Location": self._sign_in(request)})
        if not may_fetch(file, self._world.bot.id, self._world.channels):
            return _not_found()
        return web.Response(body=file.data, content_type=file.mimetype)

    def _sign_in(self, request: web.Request) -> str:
        return f"{request.scheme}://{request.host}/signin?redir={quote(request.path, safe='')}"

    async def sign_in(self, _request: web.Request) -> web.StreamResponse:
        """What a download without the right token ends at: a page in HTML, with status 200."""
        text = "<!doctype html><title>Sign in to Slack</title><h1>Sign in to your workspace</h1>"
        return web.Response(text=text, content_type="text/html")


def _not_found() -> web.Response:
    return web.Response(status=404, text="<!doctype html><title>File not found</title>", content_type="text/html")


async def _bytes(request: web.Request) -> bytes:
    if request.content_type != "multipart/form-data":
        return await request.read()
    form = await request.post()
    for value in form.values():
        if isinstance(value, web.FileField):
            return value.file.read()
        if isinstance(value, bytes):
            return value
    return b""
