"""What keeps other web pages and other machines out of the local workspace, and the headers every answer carries."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TypeAlias

from aiohttp import web
from aiohttp.typedefs import Middleware

from bot.playground.web_api import Dropped

Handler: TypeAlias = Callable[[web.Request], Awaitable[web.StreamResponse]]

LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
_POLICY = (
    "default-src 'self'; connect-src 'self' ws://{host}; img-src 'self' data:; object-src 'none'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'"
)


# No form of another page can send these without being asked first.
_SCRIPTED = frozenset({"application/json", "application/octet-stream"})


def host_name(host: str) -> str:
    """The name in a Host header, without port and brackets."""
    if host.startswith("["):
        return host[1:].partition("]")[0]
    return host.rpartition(":")[0] if ":" in host else host


def guard(allowed: frozenset[str] = LOOPBACK) -> Middleware:
    """A middleware that answers only to these host names and only to the page's own origin.

    A name that merely resolves to this machine (DNS rebinding) fails the first check, a form or script of another
    page (CSRF) the second.
    """

    @web.middleware
    async def check(request: web.Request, handler: Handler) -> web.StreamResponse:
        refused = _refusal(request, allowed)
        if refused is not None:
            return refused
        try:
            response = await handler(request)
        except Dropped:
            if request.transport is not None:
                request.transport.abort()
            return web.Response()
        if not response.prepared:
            response.headers.update(_headers(request))
        return response

    return check


def _refusal(request: web.Request, allowed: frozenset[str]) -> web.Response | None:
    if host_name(request.host) not in allowed:
        return web.Response(status=421, text="This workspace answers to local names only.")
    origin = request.headers.get("Origin")
    if origin is not None and origin != f"http://{request.host}":
        return web.Response(status=403, text="This workspace answers to its own page only.")
    if request.path.startswith("/page/") and request.headers.get("Sec-Fetch-Site") == "cross-site":
        return web.Response(status=403, text="This workspace answers to its own page only.")
    if request.method == "POST" and request.path.startswith("/page/") and request.content_type not in _SCRIPTED:
        return web.Response(status=415, text="Send JSON.")
    return None


def _headers(request: web.Request) -> dict[str, str]:
    return {
        "Content-Security-Policy": _POLICY.format(host=request.host),
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "no-referrer",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Cache-Control": "no-store",
    }
