"""Microsoft's sign-in and Microsoft Graph over real HTTP, as far as groups go, written from Microsoft's pages.

A DELETE that forgets `/$ref` deletes the person, as it does there.
"""

import json
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from aiohttp import web

from tests.directory_stand_in import DirectoryStandIn, served

TENANT, CLIENT, SECRET = "example.onmicrosoft.com", str(uuid5(NAMESPACE_URL, "app")), "s~ecret/+of=the&app"
_FILTER = re.compile(r"mail eq '((?:[^']|'')*)' or userPrincipalName eq '((?:[^']|'')*)'")


def guid(name: str) -> str:
    return str(uuid5(NAMESPACE_URL, name))


@dataclass
class EntraStandIn(DirectoryStandIn):
    """One tenant. `nested`: who is in a group by another group."""

    nested: dict[str, set[str]] = field(default_factory=dict)
    kinds: dict[str, dict[str, Any]] = field(default_factory=dict)
    mails: dict[str, tuple[str, str]] = field(default_factory=dict)
    """Person → mail and sign-in name."""
    tokens: list[str] = field(default_factory=list)
    dead: set[str] = field(default_factory=set)
    """Tokens that are not taken any more."""
    life: object = 3599
    deleted: list[str] = field(default_factory=list)

    def limited(self) -> web.StreamResponse:
        return web.json_response(said("TooManyRequests"), status=429, headers={"Retry-After": "120"})

    async def token(self, request: web.Request) -> web.StreamResponse:
        form = dict(await request.post())
        known = form == {
            "grant_type": "client_credentials",
            "client_id": CLIENT,
            "client_secret": SECRET,
            "scope": f"{self.address}/.default",
        }
        return await self.answered(request, "token", lambda: self._token(known=known))

    def _token(self, *, known: bool) -> web.StreamResponse:
        if not known:
            return web.json_response(
                {"error": "invalid_client", "error_description": f"AADSTS7000215 {CLIENT}"}, status=401
            )
        self.tokens.append(f"eyJ0.token-{len(self.tokens)}")
        return web.json_response({"token_type": "Bearer", "expires_in": self.life, "access_token": self.tokens[-1]})

    async def graph(self, request: web.Request) -> web.StreamResponse:
        """Find what is asked for by its path."""
        body = json.loads(await request.read() or b"{}")
        bearer = request.headers.get("Authorization", "")
        if bearer not in {f"Bearer {token}" for token in self.tokens if token not in self.dead}:
            self.asked.append(f"{request.method} {request.path_qs}")
            return web.json_response(said("InvalidAuthenticationToken"), status=401)
        for method, pattern, where in ROUTES:
            found = re.fullmatch(pattern, request.path)
            if request.method == method and found:
                act = partial(getattr(self, f"do_{where}"), request, body, *found.groups())
                return await self.answered(request, where, act)
        return web.json_response(said("BadRequest"), status=400)

    def do_group(self, _request: web.Request, _body: Any, id_: str) -> web.StreamResponse:
        if id_ in self.gone or id_ not in self.groups.values():
            return web.json_response(said("Request_ResourceNotFound"), status=404)
        (name,) = (name for name, group in self.groups.items() if group == id_)
        shown = {"id": id_, "displayName": f"{name} users", "groupTypes": [], "mailEnabled": False}
        return web.json_response(
            shown | {"isAssignableToRole": None, "onPremisesSyncEnabled": None} | self.kinds.get(id_, {})
        )

    def do_users(self, request: web.Request, _body: Any) -> web.StreamResponse:
        asked = _FILTER.fullmatch(request.query["$filter"])
        assert asked
        wanted = asked[1].replace("''", "'").lower()
        found = [
            {"id": self.people[name], "mail": mail, "userPrincipalName": login}
            for name, (mail, login) in self.mails.items()
            if wanted in {mail.lower(), login.lower()}
        ]
        return web.json_response({"value": found})

    def do_check(self, _request: web.Request, body: Any, person: str) -> web.StreamResponse:
        groups = body["groupIds"]
        found = [each for each in groups if person in self.members[each] | self.nested.get(each, set())]
        return web.json_response({"value": found})

    def do_members(self, request: web.Request, _body: Any, group: str) -> web.StreamResponse:
        first = int(request.query.get("$skiptoken", "0"))
        rows = sorted(self.members[group])
        page: dict[str, Any] = {
            "value": [{"@odata.type": "#u", "id": each} for each in rows[first : first + self.page_size]]
        }
        if first + self.page_size < len(rows):
            host = self.next_host or self.address
            page["@odata.nextLink"] = f"{host}{request.path}?$select=id&$skiptoken={first + self.page_size}"
        return web.json_response(page)

    def do_remove(self, _request: web.Request, _body: Any, group: str, person: str) -> web.StreamResponse:
        if not self.change(group, person, in_it=False):
            return web.json_response(said("Request_ResourceNotFound"), status=404)
        return web.Response(status=204)

    def do_delete(self, _request: web.Request, _body: Any, _group: str, person: str) -> web.StreamResponse:
        self.deleted.append(person)
        return web.Response(status=204)

    def do_add(self, _request: web.Request, body: Any, group: str) -> web.StreamResponse:
        start, _, person = body["@odata.id"].rpartition("/")
        assert start == f"{self.address}/v1.0/directoryObjects"
        if not self.change(group, person, in_it=True):
            text = "One or more added object references already exist for the following modified properties: 'members'."
            return web.json_response(said("Request_BadRequest", text), status=400)
        return web.Response(status=204)


ROUTES = [
    ("GET", r"/v1\.0/groups/([^/]+)", "group"),
    ("GET", r"/v1\.0/users", "users"),
    ("POST", r"/v1\.0/users/([^/]+)/checkMemberGroups", "check"),
    ("GET", r"/v1\.0/groups/([^/]+)/members", "members"),
    ("DELETE", r"/v1\.0/groups/([^/]+)/members/([^/]+)/\$ref", "remove"),
    ("DELETE", r"/v1\.0/groups/([^/]+)/members/([^/]+)", "delete"),
    ("POST", r"/v1\.0/groups/([^/]+)/members/\$ref", "add"),
]


def said(code: str, message: str = "Ann Lee ann@example.com") -> dict[str, Any]:
    return {"error": {"code": code, "message": message, "innerError": {"date": "2026-11-25T12:00:00"}}}


@asynccontextmanager
async def entra() -> AsyncIterator[EntraStandIn]:
    """Serve a tenant in which Ann holds Revit and AutoCAD, Ben holds Revit, and there are others."""
    people = {name: guid(name) for name in ("ann", "ben", "cleo", "dan", "eve")}
    groups = {product: guid(f"group {product}") for product in ("Revit", "AutoCAD")}
    here = EntraStandIn(people, groups)
    here.mails = {name: (f"{name.title()}@Example.com", f"{name}@corp.example.com") for name in people}
    here.members[groups["Revit"]] = {people[name] for name in ("ann", "ben", "dan", "eve")}
    here.members[groups["AutoCAD"]] = {people["ann"], people["dan"]}
    routes = [web.post("/{tenant}/oauth2/v2.0/token", here.token), web.route("*", "/v1.0/{rest:.*}", here.graph)]
    async with served(here, routes):
        yield here
