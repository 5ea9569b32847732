"""What the page asks for and sends: JSON under `/page/`, its own files under `/static/`."""

from __future__ import annotations

import mimetypes
from collections.abc import Awaitable, Callable
from importlib.resources import files as resources
from typing import Any, TypeAlias
from urllib.parse import quote

from aiohttp import web

from bot.playground import faces
from bot.playground.cast import Person
from bot.playground.deeds import Deeds
from bot.playground.errors import NotPossible, Refused
from bot.playground.faults import Faults
from bot.playground.files import may_fetch
from bot.playground.happenings import Happenings
from bot.playground.live import Live
from bot.playground.modals import Modals, Submitted
from bot.playground.schema import Json
from bot.playground.traffic import Traffic

Post: TypeAlias = Callable[["PageApi", str, Json], Awaitable[Json]]


class PageApi:
    """Everything the page does, as the person it acts as."""

    def __init__(
        self, deeds: Deeds, modals: Modals, happenings: Happenings, live: Live, traffic: Traffic, faults: Faults
    ) -> None:
        self._deeds = deeds
        self._world = deeds.world
        self._modals = modals
        self._happenings = happenings
        self._live = live
        self._traffic = traffic
        self._faults = faults
        modals.listeners.append(lambda what, view: live.view_changed(what, view, modals.shown(view)))

    def routes(self) -> list[web.RouteDef]:
        """All addresses of the page."""
        posts: dict[str, Post] = {
            "say": PageApi._say,
            "action": PageApi._action,
            "view": PageApi._view,
            "options": PageApi._options,
            "open": PageApi._open,
            "join": PageApi._join,
            "archive": PageApi._archive,
        }
        return [
            web.get("/", self._static),
            web.get("/static/{path:.+}", self._static),
            web.get("/page/state", self._state),
            web.get("/page/messages", self._messages),
            web.get("/page/home", self._home),
            web.get("/page/file/{id}", self._file),
            web.post("/page/attach", self._attach),
            web.get("/page/traffic", self._entries),
            web.get("/page/live", self._live_socket),
            web.route("*", "/page/faults", self._faults_orders),
            *(web.post(f"/page/{name}", self._posted(post)) for name, post in posts.items()),
        ]

    def _as(self, user: Any) -> Person:
        person = self._world.people.get(user) if isinstance(user, str) else None
        if person is None or person.is_bot:
            body = web.json_response({"ok": False, "error": "unknown_person", "message": "Nobody here has that id."})
            raise web.HTTPNotFound(text=body.text, content_type="application/json")
        return person

    def _posted(self, post: Post) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
        async def handle(request: web.Request) -> web.StreamResponse:
            body = await _json(request)
            person = self._as(body.get("as"))
            try:
                _refuse_deactivated(person)
                return web.json_response({"ok": True, **await post(self, person.id, body)})
            except NotPossible as sorry:
                return web.json_response({"ok": False, "error": sorry.code, "message": sorry.sentence})

        return handle

    async def _say(self, user: str, body: Json) -> Json:
        channel, text = str(body.get("channel")), str(body.get("text") or "")
        thread_ts = str(body["thread_ts"]) if body.get("thread_ts") else None
        files = body.get("files")
        if isinstance(files, list) and files:
            self._deeds.share(user, channel, [str(key) for key in files], text, thread_ts=thread_ts)
        else:
            await self._deeds.say(user, channel, text, thread_ts)
        return {}

    async def _attach(self, request: web.Request) -> web.StreamResponse:
        person = self._as(request.query.get("as"))
        try:
            _refuse_deactivated(person)
            file = self._deeds.attach(person.id, request.query.get("name") or "file", await request.read())
        except NotPossible as sorry:
            return web.json_response({"ok": False, "error": sorry.code, "message": sorry.sentence})
        return web.json_response({"ok": True, "file": {"id": file.id, "name": file.name, "size": file.size}})

    async def _action(self, user: str, body: Json) -> Json:
        if body.get("view_id"):
            await self._modals.press(user, str(body["view_id"]), body)
        else:
            await self._deeds.press(user, str(body.get("channel")), str(body.get("message_ts")), body)
        return {}

    async def _view(self, user: str, body: Json) -> Json:
        view_id = str(body.get("view_id"))
        if body.get("do") == "close":
            return self._result(await self._modals.close(user, view_id))
        return self._result(await self._modals.submit(user, view_id, body))

    def _result(self, result: Submitted) -> Json:
        view = {"view": self._modals.shown(result.view)} if result.view and not result.errors else {}
        cleared = {"clear": True} if result.is_cleared else {}
        errors = {"errors": result.errors} if result.errors else {}
        return {"closed": result.is_closed, **cleared, **view, **errors}

    async def _options(self, user: str, body: Json) -> Json:
        if body.get("view_id"):
            return await self._modals.suggest(user, str(body["view_id"]), body)
        return await self._deeds.suggest_in_message(user, str(body.get("channel")), str(body.get("message_ts")), body)

    async def _open(self, user: str, body: Json) -> Json:
        channel = self._world.channels.get(str(body.get("channel")))
        if channel is None or user not in channel.members:
            return {}
        channel.read[user] = self._world.stamps.next()
        if channel.kind == "im" and self._world.bot.id in channel.members:
            self._happenings.home_opened(user, "messages")
        return {}

    async def _join(self, user: str, body: Json) -> Json:
        channel = self._world.channels.get(str(body.get("channel")))
        if channel is None or channel not in self._world.visible_channels(user):
            raise NotPossible("channel_not_found", "There is no such channel.")
        self._happenings.join(channel, user)
        return {}

    async def _archive(self, user: str, body: Json) -> Json:
        self._deeds.archive(user, str(body.get("channel")), is_archived=body.get("archived") is not False)
        return {}

    async def _state(self, request: web.Request) -> web.StreamResponse:
        user = request.query.get("as") or next(
            person.id for person in self._world.people.values() if not person.deleted
        )
        return web.json_response(faces.state(self._world, self._as(user).id))

    async def _messages(self, request: web.Request) -> web.StreamResponse:
        user = self._as(request.query.get("as")).id
        channel = self._world.channels.get(request.query.get("channel", ""))
        seen = channel.seen_by(user) if channel else []
        shown = [faces.message(self._world, channel, message) for message in seen] if channel else []
        return web.json_response({"messages": shown})

    async def _home(self, request: web.Request) -> web.StreamResponse:
        person = self._as(request.query.get("as"))
        # Slack shows Home to nobody who has left or belongs to another company.
        if not person.deleted and not person.is_stranger:
            self._happenings.home_opened(person.id, "home")
        view = self._world.views.homes.get(person.id)
        return web.json_response({"view": self._modals.shown(view) if view else None})

    async def _file(self, request: web.Request) -> web.StreamResponse:
        user = self._as(request.query.get("as")).id
        try:
            file = self._world.files.find(request.match_info["id"])
        except Refused:
            raise web.HTTPNotFound from None
        if not may_fetch(file, user, self._world.channels):
            raise web.HTTPNotFound
        disposition = f"attachment; filename*=UTF-8''{quote(file.name, safe='')}"
        headers = {"Content-Disposition": disposition, "Content-Type": file.mimetype}
        return web.Response(body=file.data, headers=headers)

    async def _entries(self, request: web.Request) -> web.StreamResponse:
        after = request.query.get("after", "0")
        return web.json_response({"entries": self._traffic.after(int(after) if after.isdigit() else 0)})

    async def _live_socket(self, request: web.Request) -> web.StreamResponse:
        return await self._live.accept(request, self._as(request.query.get("as")).id)

    async def _faults_orders(self, request: web.Request) -> web.StreamResponse:
        if request.method == "DELETE":
            self._faults.clear()
        elif request.method == "POST":
            body = await _json(request)
            seconds = body.get("seconds")
            try:
                times = int(body.get("times", 1))
                number = None if seconds is None else float(seconds)
                self._faults.order(str(body.get("method", "*")), str(body.get("kind")), times, number)
            except (TypeError, ValueError) as error:
                return web.json_response({"ok": False, "error": "invalid_fault", "message": str(error)})
        return web.json_response({"ok": True, "faults": self._faults.all()})

    async def _static(self, request: web.Request) -> web.StreamResponse:
        steps = request.match_info.get("path", "index.html").split("/")
        found = resources("bot.playground").joinpath("page", *steps)
        if any(step in {"", ".", ".."} for step in steps) or not found.is_file():
            raise web.HTTPNotFound
        kind = mimetypes.guess_type(steps[-1])[0] or "application/octet-stream"
        kind = "text/javascript" if kind == "application/javascript" else kind
        charset = "utf-8" if kind.startswith("text/") else None
        return web.Response(body=found.read_bytes(), content_type=kind, charset=charset)


def _refuse_deactivated(person: Person) -> None:
    if person.deleted:
        raise NotPossible("account_inactive", "This account is deactivated.")


async def _json(request: web.Request) -> Json:
    try:
        body = await request.json()
    except (ValueError, RecursionError):
        body = None
    if not isinstance(body, dict):
        raise web.HTTPBadRequest(text="Send a JSON object.")
    return body
