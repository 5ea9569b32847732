"""A stand-in for Slack's side: Web API methods and `response_url`s over real HTTP, told what to refuse.

The local workspace (`bot/playground`) is the whole of it; this one shows single failures in one line.
"""

import asyncio
import json
from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

TEAM = "T1"


@dataclass(slots=True)
class Call:
    """One request of the bot's: a method of the Web API, or `response` for a response_url."""

    method: str
    arguments: dict[str, Any]

    @property
    def blocks(self) -> list[dict[str, Any]]:
        return list(self.arguments.get("blocks") or [])


@dataclass(slots=True)
class Slack:
    """Slack's side. `faults[method]` come first, one after the other: an error word, a status, or "hang"."""

    calls: list[Call] = field(default_factory=list)
    people: dict[str, dict[str, Any]] = field(default_factory=dict)
    faults: defaultdict[str, list[str | int]] = field(default_factory=lambda: defaultdict(list))
    address: str = ""
    permalink: str = ""
    files: dict[str, tuple[dict[str, Any], bytes]] = field(default_factory=dict)
    sent: dict[str, bytes] = field(default_factory=dict)
    """The bytes of uploads, before and after they are completed."""
    channels: dict[str, tuple[dict[str, Any], list[str]]] = field(default_factory=dict)

    swallows: bool = False
    """What is posted comes to nothing: of an answer that was lost, the history then shows no message."""

    def history(self, channel: str) -> list[dict[str, Any]]:
        """Return what was posted in a conversation, newest first."""
        posted = [] if self.swallows else self.named("chat.postMessage")
        told = [call.arguments | {"ts": f"{at}.1"} for at, call in enumerate(posted, 1)]
        return [each for each in reversed(told) if each["channel"] == channel]

    def channel(self, channel_id: str, *members: str, **changes: Any) -> None:
        """A private channel of the bot and these people."""
        told = {"id": channel_id, "name": channel_id.casefold(), "is_private": True, "is_member": True}
        self.channels[channel_id] = (told | changes, ["UBOT", *members])

    def file(self, file_id: str, content: bytes = b"", **changes: Any) -> dict[str, Any]:
        """Put a file into a direct message; returns it as an event describes it."""
        told = {"id": file_id, "name": f"{file_id}.csv", "mimetype": "text/csv", "size": len(content), "user": "U1"}
        told |= {"url_private_download": f"{self.address}/files/{file_id}"} | changes
        self.files[file_id] = (told, content)
        return told

    def _shared(self, arguments: Mapping[str, Any]) -> dict[str, Any]:
        """Take an upload as complete; from then on it can be seen in its channel."""
        told = [
            self.file(each["id"], self.sent[each["id"]], title=each["title"], channels=[arguments.get("channel_id")])
            for each in arguments["files"]
        ]
        return {"files": [each | {"permalink": f"https://acme.slack.com/files/{each['id']}"} for each in told]}

    def _announced(self) -> dict[str, Any]:
        file_id = f"F{len(self.named('files.getUploadURLExternal'))}"
        return {"upload_url": f"{self.address}/upload/{file_id}", "file_id": file_id}

    async def upload(self, request: web.Request) -> web.StreamResponse:
        """Take the bytes of a file."""
        self.calls.append(Call("upload", {"length": request.content_length}))
        content = await request.read()
        fault = await self._faulty("upload")
        if fault is None:
            self.sent[request.match_info["id"]] = content
        return fault or web.Response(text=f"OK - {len(content)}")

    async def download(self, request: web.Request) -> web.StreamResponse:
        self.calls.append(Call("download", {"authorization": request.headers.get("Authorization", "")}))
        fault = await self._faulty("download")
        content = self.files[request.match_info["id"]][1]
        kind = "text/html" if content.startswith(b"<html>") else "text/csv"
        return fault or web.Response(body=content, content_type=kind)

    @property
    def api_url(self) -> str:
        return f"{self.address}/api/"

    @property
    def response_url(self) -> str:
        return f"{self.address}/response/1"

    def person(self, user_id: str, **changes: Any) -> None:
        user = {"id": user_id, "team_id": TEAM, "tz": "Europe/Berlin", "profile": {"email": f"{user_id}@example.com"}}
        self.people[user_id] = user | changes

    def named(self, method: str) -> list[Call]:
        return [call for call in self.calls if call.method == method]

    @property
    def posted(self) -> list[Call]:
        """Whatever a person may have seen, in order."""
        shown = {"response", "chat.postEphemeral", "chat.postMessage", "chat.update", "views.publish"}
        return [call for call in self.calls if call.method in shown]

    async def api(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"]
        arguments = _decoded(request.query) | await _arguments(request)
        self.calls.append(Call(method, arguments))
        return await self._faulty(method) or web.json_response(self._answer(method, arguments))

    async def response(self, request: web.Request) -> web.StreamResponse:
        self.calls.append(Call("response", await request.json()))
        return await self._faulty("response") or web.Response(text="ok")

    async def _faulty(self, method: str) -> web.StreamResponse | None:
        if not self.faults[method]:
            return None
        match self.faults[method].pop(0):
            case "hang":
                await asyncio.sleep(30)
                return web.Response(status=500)
            case int(status):
                return web.Response(status=status, headers={"Retry-After": "1"})
            case str(error):
                refused = {"ok": False, "error": error}
                return web.json_response(refused) if method != "response" else web.Response(status=400, text=error)

    def _answer(self, method: str, arguments: Mapping[str, Any]) -> dict[str, Any]:
        """Answer from the table below; a value of None there means that nothing of that id is known."""
        told = self._told(arguments).get(method, lambda: {"ts": "1.1"})()
        return {"ok": True, **told} if told is not None else {"ok": False, "error": _UNKNOWN[method]}

    def _of_email(self, email: str) -> dict[str, Any] | None:
        return next(({"user": each} for each in self.people.values() if each["profile"]["email"] == email), None)

    def _told(self, arguments: Mapping[str, Any]) -> dict[str, Callable[[], dict[str, Any] | None]]:
        channel = self.channels.get(str(arguments.get("channel")))
        user, file = self.people.get(str(arguments.get("user"))), self.files.get(str(arguments.get("file")))
        return {
            "auth.test": lambda: {"team_id": TEAM, "user_id": "UBOT", "url": "", "team": "Acme", "user": "bot"},
            "users.info": lambda: user and {"user": user},
            "users.lookupByEmail": lambda: self._of_email(str(arguments.get("email"))),
            "conversations.open": lambda: {"channel": {"id": f"D-{arguments['users']}"}},
            "conversations.info": lambda: channel and {"channel": channel[0]},
            "conversations.members": lambda: channel and _page(channel[1], str(arguments.get("cursor") or "")),
            "files.getUploadURLExternal": self._announced,
            "files.completeUploadExternal": lambda: self._shared(arguments),
            "files.info": lambda: file and {"file": file[0]},
            "conversations.history": lambda: {"messages": self.history(str(arguments.get("channel")))},
            "chat.postMessage": lambda: {"ts": f"{len(self.named('chat.postMessage'))}.1"},
            "chat.getPermalink": lambda: {"permalink": self.permalink},
            "views.open": lambda: {"view": {"id": "V1"}},
        }


_UNKNOWN = {
    "users.lookupByEmail": "users_not_found",
    "users.info": "user_not_found",
    "files.info": "file_not_found",
    "conversations.info": "channel_not_found",
    "conversations.members": "channel_not_found",
}


def _page(members: list[str], cursor: str) -> dict[str, Any]:
    """Two a page, so that pages are turned."""
    first = int(cursor or 0)
    following = str(first + 2) if first + 2 < len(members) else ""
    return {"members": members[first : first + 2], "response_metadata": {"next_cursor": following}}


async def _arguments(request: web.Request) -> dict[str, Any]:
    if request.content_type == "application/json":
        return dict(await request.json())
    return _decoded({key: str(value) for key, value in (await request.post()).items()})


def _decoded(fields: Mapping[str, str]) -> dict[str, Any]:
    """Return fields as they were meant: the SDK sends lists and views as JSON inside form fields and queries."""
    return {key: json.loads(value) if value[:1] in {"[", "{"} else value for key, value in fields.items()}


@asynccontextmanager
async def standing_in() -> AsyncIterator[Slack]:
    slack = Slack()
    app = web.Application()
    app.router.add_route("*", "/api/{method}", slack.api)
    app.router.add_post("/response/{id}", slack.response)
    app.router.add_get("/files/{id}", slack.download)
    app.router.add_post("/upload/{id}", slack.upload)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    slack.address = f"http://127.0.0.1:{runner.addresses[0][1]}"
    try:
        yield slack
    finally:
        await runner.cleanup()
