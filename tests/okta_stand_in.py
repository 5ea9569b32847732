"""Okta's API over real HTTP, as far as groups go, written from Okta's pages.

The sign-in of service apps is that of https://developer.okta.com/docs/guides/implement-oauth-for-okta-serviceapp/main/:
a POST to `/oauth2/v1/token`, by a JSON Web Token whose claims are those of
https://developer.okta.com/docs/guides/implement-oauth-for-okta-serviceapp/create-sign-jwt/: `aud` the address of that
request, `iss` and `sub` the client, `exp` within an hour, `jti` never twice.
"""

import base64
import json
import re
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from functools import partial
from typing import Any

from aiohttp import web
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.hashes import SHA256

from tests.directory_stand_in import DirectoryStandIn, served

CLIENT = "0oa1b2c3d4e5f6g7h8i9"
SCOPES = {"okta.groups.manage", "okta.groups.read", "okta.users.read"}
BY_JWT = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
TOKEN = "00-secret-token-of-okta-0123456789abcdefgh"
THERE = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)
"""What time Okta has; hours away from ours."""

_SEARCH = re.compile(r'profile\.email eq "((?:[^"\\]|\\.)*)" or profile\.login eq "((?:[^"\\]|\\.)*)"')


def id_of(kind: str, name: str) -> str:
    return f"00{kind}{name}".ljust(20, "0")


@dataclass
class OktaStandIn(DirectoryStandIn):
    """One organisation."""

    kinds: dict[str, str] = field(default_factory=dict)
    rules: list[dict[str, Any]] = field(default_factory=list)
    emails: dict[str, tuple[str, str, str]] = field(default_factory=dict)
    """Person → e-mail, login, status."""
    changes: int = 0
    keys: dict[str, rsa.RSAPublicKey] = field(default_factory=dict)
    """Of the service app, by `kid`."""
    granted: set[str] = field(default_factory=lambda: set(SCOPES))
    proof: bool = False
    """The app wants proof of possession (DPoP)."""
    clock: Callable[[], datetime] = lambda: THERE
    life: object = 3600
    tokens: list[str] = field(default_factory=list)
    dead: set[str] = field(default_factory=set)
    """Tokens that are not taken any more."""
    used: set[str] = field(default_factory=set)
    """Every `jti` that was seen."""

    async def token(self, request: web.Request) -> web.StreamResponse:
        form = {name: str(value) for name, value in (await request.post()).items()}
        return await self.answered(request, "token", lambda: self._token(form))

    def _token(self, form: dict[str, str]) -> web.StreamResponse:
        wanted = set(form.pop("scope").split())
        assertion = form.pop("client_assertion")
        assert form == {"grant_type": "client_credentials", "client_assertion_type": BY_JWT}
        if not self._is_proved(assertion):
            return refused("invalid_client", 401)
        if self.proof:
            return refused("invalid_dpop_proof", 400)
        if not wanted <= self.granted:
            return refused("invalid_scope", 400)
        self.tokens.append(f"eyJraWQ.token-{len(self.tokens)}")
        body = {"token_type": "Bearer", "expires_in": self.life, "access_token": self.tokens[-1]}
        return web.json_response(body | {"scope": " ".join(wanted)})

    def _is_proved(self, assertion: str) -> bool:
        head, claims, signature = assertion.split(".")
        kind, said_ = json.loads(_bytes(head)), json.loads(_bytes(claims))
        now, once = self.clock().timestamp(), said_["jti"] not in self.used
        self.used.add(said_["jti"])
        about = (kind["alg"], said_["iss"], said_["sub"], said_["aud"])
        right = about == ("RS256", CLIENT, CLIENT, f"{self.address}/oauth2/v1/token")
        if not (right and once and now < said_["exp"] <= now + 3600):
            return False
        return any(
            _signed(key, f"{head}.{claims}", _bytes(signature))
            for name, key in self.keys.items()
            if kind.get("kid") in {name, None}
        )

    def lets_in(self, authorization: str) -> bool:
        living = (f"Bearer {token}" for token in self.tokens if token not in self.dead)
        return authorization in {f"SSWS {TOKEN}", *living}

    def change(self, group: str, person: str, *, in_it: bool) -> bool:
        changed = super().change(group, person, in_it=in_it)
        self.changes += changed
        return changed

    def limited(self) -> web.StreamResponse:
        lifted = int((THERE + timedelta(seconds=90)).timestamp())
        headers = {
            "X-Rate-Limit-Limit": "0",
            "X-Rate-Limit-Reset": str(lifted),
            "Date": format_datetime(THERE, usegmt=True),
        }
        return web.json_response(said("E0000047"), status=429, headers=headers)

    async def api(self, request: web.Request) -> web.StreamResponse:
        """Find what is asked for by its path."""
        if not self.lets_in(request.headers.get("Authorization", "")):
            self.asked.append(f"{request.method} {request.path_qs}")
            return web.json_response(said("E0000011"), status=401)
        for method, pattern, where in ROUTES:
            found = re.fullmatch(pattern, request.path)
            if request.method == method and found:
                act = partial(getattr(self, f"do_{where}"), request, *found.groups())
                return await self.answered(request, where, act)
        return web.json_response(said("E0000022"), status=405)

    def do_group(self, _request: web.Request, id_: str) -> web.StreamResponse:
        if id_ in self.gone or id_ not in self.groups.values():
            return web.json_response(said("E0000007"), status=404)
        return web.json_response(self._group(id_))

    def _group(self, id_: str) -> dict[str, Any]:
        (name,) = (name for name, group in self.groups.items() if group == id_)
        updated = (THERE + timedelta(seconds=self.changes)).isoformat()
        kind = self.kinds.get(id_, "OKTA_GROUP")
        return {"id": id_, "type": kind, "profile": {"name": f"{name} users"}, "lastMembershipUpdated": updated}

    def do_users(self, request: web.Request) -> web.StreamResponse:
        asked = _SEARCH.fullmatch(request.query["search"])
        assert asked
        wanted = re.sub(r"\\(.)", r"\1", asked[1]).lower()
        found = [
            {"id": self.people[name], "status": status, "profile": {"email": email, "login": login}}
            for name, (email, login, status) in self.emails.items()
            if wanted in {email.lower(), login.lower()}
        ]
        return web.json_response(found)

    def do_members(self, request: web.Request, person: str) -> web.StreamResponse:
        return self._paged(
            request, [self._group(each) for each in sorted(self.members) if person in self.members[each]]
        )

    def do_rules(self, request: web.Request) -> web.StreamResponse:
        return self._paged(request, self.rules)

    def _paged(self, request: web.Request, rows: list[dict[str, Any]]) -> web.StreamResponse:
        first = int(request.query.get("after", "0"))
        response = web.json_response(rows[first : first + self.page_size])
        response.headers.add("Link", f'<{self.address}{request.path_qs}>; rel="self"')
        if first + self.page_size < len(rows):
            host = self.next_host or self.address
            response.headers.add("Link", f'<{host}{request.path}?after={first + self.page_size}&limit=2>; rel="next"')
        return response

    def do_remove(self, _request: web.Request, group: str, person: str) -> web.StreamResponse:
        if group in self.gone:
            return web.json_response(said("E0000007"), status=404)
        self.change(group, person, in_it=False)
        return web.Response(status=204)

    def do_add(self, _request: web.Request, group: str, person: str) -> web.StreamResponse:
        self.change(group, person, in_it=True)
        return web.Response(status=204)


ROUTES = [
    ("GET", r"/api/v1/groups/rules", "rules"),
    ("GET", r"/api/v1/groups/([^/]+)", "group"),
    ("GET", r"/api/v1/users", "users"),
    ("GET", r"/api/v1/users/([^/]+)/groups", "members"),
    ("DELETE", r"/api/v1/groups/([^/]+)/users/([^/]+)", "remove"),
    ("PUT", r"/api/v1/groups/([^/]+)/users/([^/]+)", "add"),
]


def rule(*groups: str, status: str = "ACTIVE") -> dict[str, Any]:
    actions = {"assignUserToGroups": {"groupIds": list(groups)}}
    return {"id": "0pr1", "type": "group_rule", "status": status, "name": "Ann's rule", "actions": actions}


def said(code: str) -> dict[str, Any]:
    return {
        "errorCode": code,
        "errorSummary": "Ann Lee ann@example.com",
        "errorLink": code,
        "errorId": "oae1",
        "errorCauses": [],
    }


def refused(error: str, status: int) -> web.Response:
    return web.json_response({"error": error, "error_description": f"{CLIENT} is refused"}, status=status)


def _bytes(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def _signed(key: rsa.RSAPublicKey, signing: str, signature: bytes) -> bool:
    try:
        key.verify(signature, signing.encode(), padding.PKCS1v15(), SHA256())
    except InvalidSignature:
        return False
    return True


@asynccontextmanager
async def okta() -> AsyncIterator[OktaStandIn]:
    """Serve an organisation in which Ann holds Revit and AutoCAD, Ben holds Revit, and there are other groups."""
    people = {name: id_of("u", name) for name in ("ann", "ben", "cleo", "dan")}
    groups = {product: id_of("g", product) for product in ("Revit", "AutoCAD", "Everyone", "Other")}
    here = OktaStandIn(people, groups)
    here.emails = {name: (f"{name.title()}@Example.com", f"{name}@corp.example.com", "ACTIVE") for name in people}
    everyone = set(people.values())
    here.members[groups["Everyone"]], here.members[groups["Other"]] = set(everyone), set(everyone)
    here.members[groups["Revit"]] = {people["ann"], people["ben"]}
    here.members[groups["AutoCAD"]] = {people["ann"]}
    here.rules = [rule(groups["Other"]), rule(groups["Revit"], status="INACTIVE"), rule(groups["Everyone"])]
    routes = [web.post("/oauth2/v1/token", here.token), web.route("*", "/api/v1/{rest:.*}", here.api)]
    async with served(here, routes):
        yield here
