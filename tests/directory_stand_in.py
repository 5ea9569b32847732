"""What the stand-ins of both directories have in common: who is in which group, and how answers go wrong.

`faults` are used up one after the other: (where, fault). A fault that begins with `then_` comes after the effect.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from aiohttp import web

HTML = "<html><body>Ann Lee ann@example.com is fine</body></html>"
TEXTS: dict[str, tuple[int, str]] = {
    "html": (200, HTML),
    "empty": (200, ""),
    "half": (200, '{"id": "00g1", "value": [{"id"'),
    "success": (200, '{"ok": true, "status": "success"}'),
    "number": (200, "1"),
    "null": (200, "null"),
    "strange_list": (200, '["ann@example.com"]'),
    "deep": (200, "[" * 100_000),
    "huge": (200, "x" * 3_000_000),
    "204_too_early": (204, ""),
}


@dataclass
class DirectoryStandIn:
    """People and groups by name, memberships by ids."""

    people: dict[str, str]
    groups: dict[str, str]
    members: dict[str, set[str]] = field(default_factory=dict)
    gone: set[str] = field(default_factory=set)
    """Ids of groups that were deleted."""
    faults: list[tuple[str, str]] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    effects: int = 0
    mute: bool = False
    """Nothing is answered any more from the first change on."""
    wrote: bool = False
    page_size: int = 2
    next_host: str = ""
    """Where a list goes on, if not here."""
    address: str = ""

    def __post_init__(self) -> None:
        self.members = {id_: set() for id_ in self.groups.values()}

    def change(self, group: str, person: str, *, in_it: bool) -> bool:
        """Change a membership; False where it is so already."""
        if (person in self.members[group]) is in_it:
            return False
        (self.members[group].add if in_it else self.members[group].discard)(person)
        self.effects += 1
        return True

    async def answered(
        self, request: web.Request, where: str, act: Callable[[], web.StreamResponse]
    ) -> web.StreamResponse:
        self.asked.append(f"{request.method} {request.path_qs}")
        self.wrote = self.wrote or where in {"remove", "add"}
        if self.mute and self.wrote:
            await asyncio.sleep(3600)
        fault = next((each for each in self.faults if each[0] == where), None)
        if fault is None:
            return act()
        self.faults.remove(fault)
        if fault[1].startswith("then_"):
            act()
        return await self.spoilt(request, fault[1].removeprefix("then_"))

    async def spoilt(self, request: web.Request, name: str) -> web.StreamResponse:
        """Answer badly; a number is a status with a text that a log must not show."""
        if name in TEXTS:
            status, text = TEXTS[name]
            return web.Response(status=status, text=text, content_type="application/json")
        match name:
            case "429":
                return self.limited()
            case "busy":
                return web.Response(status=503, headers={"Retry-After": "30"})
            case "redirect":
                return web.Response(status=307, headers={"Location": f"{self.address}/elsewhere"})
            case "hang":
                await asyncio.sleep(3600)
        if name.isdecimal():
            return web.Response(status=int(name), text=HTML)
        return await _cut(request, in_body=name == "cut_in_body")

    def limited(self) -> web.StreamResponse:
        raise NotImplementedError


async def _cut(request: web.Request, *, in_body: bool) -> web.StreamResponse:
    response = web.StreamResponse(headers={"Content-Length": "500"})
    if in_body:
        await response.prepare(request)
        await response.write(b'{"id": "')
    assert request.transport is not None
    request.transport.close()
    return response


@asynccontextmanager
async def served(here: DirectoryStandIn, routes: list[web.RouteDef]) -> AsyncIterator[None]:
    """Serve a stand-in on a free port."""
    application = web.Application()
    application.add_routes(routes)
    runner = web.AppRunner(application, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    here.address = f"http://127.0.0.1:{runner.addresses[0][1]}"
    try:
        yield
    finally:
        await runner.cleanup()
