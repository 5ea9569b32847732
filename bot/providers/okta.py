"""Okta: a seat is a membership in the group that carries the product, ended by Okta's own API.

Signed in by an API token, or as a service app by its private key and tokens that are renewed. Sources: Okta's pages on
groups, group rules, users, rate limits and pagination; for service apps
https://developer.okta.com/docs/guides/implement-oauth-for-okta-serviceapp/main/ (the flow) and …/create-sign-jwt/ (the
claims), https://developer.okta.com/docs/guides/implement-oauth-for-okta/scopes/ (GET needs `read`, PUT and DELETE need
`manage`). Rights and settings are in docs/providers.md.
"""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import quote

from bot import directory, private_key, service
from bot.access import SignIn, Tokens
from bot.directory import Group, InGroups
from bot.ground import Answered, Ground, required
from bot.service import Manners, Service, Sign
from reporting_core.usecases.seats import memberships
from reporting_core.words.errors import SettingWrong
from reporting_core.words.memberships import Way
from reporting_core.words.seats import ProviderError

ID = re.compile(r"[A-Za-z0-9]{15,40}")
_NEXT = re.compile(r'<([^<>]+)>\s*;\s*rel="?next"?\s*(?:,|;|$)')
_TOKEN = re.compile(r"[\x21-\x7e]{20,}")
_CLIENT = re.compile(r"[A-Za-z0-9_-]{5,64}")

SCOPES = "okta.groups.manage okta.groups.read okta.users.read"
_BY_KEY = "USAGEBOT_OKTA_CLIENT_ID and USAGEBOT_OKTA_PRIVATE_KEY"


def made(ground: Ground) -> InGroups:
    """Make it. Raises SettingWrong where a setting is missing or of no use."""
    given = ground.settings
    required(given, "USAGEBOT_OKTA_URL", "USAGEBOT_OKTA_GROUPS")
    rules = directory.rules(given.okta_groups, given.okta_allow, "USAGEBOT_OKTA_GROUPS", ID)
    return InGroups(ground, Okta(ground), rules)


class Okta:
    """The directory of one organisation."""

    name = "okta"

    def __init__(self, ground: Ground) -> None:
        base = service.base(ground.settings.okta_url, "USAGEBOT_OKTA_URL")
        sign, rights = _signing(ground, base)
        self._okta = Service(ground, base, sign, replace(_MANNERS, rights=rights))

    async def group(self, id_: str) -> Group | None:
        """Find a group; groups of other kinds than Okta's own get their members elsewhere."""
        found = await self._okta.read(f"/api/v1/groups/{id_}")
        if found is None:
            return None
        if _id(found) != id_ or not isinstance(found.get("profile"), dict):
            raise _no_answer()
        fault = "" if found.get("type") == "OKTA_GROUP" else memberships.SYNCED
        fault = memberships.DYNAMIC if found.get("type") == "BUILT_IN" else fault
        return Group(id_, str(found["profile"].get("name") or ""), fault, str(found.get("lastMembershipUpdated") or ""))

    async def people(self, email: str) -> list[str]:
        """Find by e-mail or login; whoever left does not count, nor whoever is called otherwise."""
        text = json.dumps(email, ensure_ascii=False)
        wanted = quote(f"profile.email eq {text} or profile.login eq {text}", safe="")
        found = await self._okta.read(f"/api/v1/users?limit=5&search={wanted}")
        if not isinstance(found, list):
            raise _no_answer()
        return [_id(each) for each in found if _is_called(each, email)]

    async def way(self, group: Group, person: str) -> Way:
        """Look among the person's groups, so that no other member is read; then whether a rule put people there."""
        if not await self._is_in(group.id, person):
            return Way.NONE
        return Way.ELSEWHERE if await self._is_ruled(group.id) else Way.DIRECT

    async def _is_in(self, group: str, person: str) -> bool:
        async for rows in self._okta.listed(f"/api/v1/users/{person}/groups?limit=200", _next_page, _rows):
            if group in map(_id, rows):
                return True
        return False

    async def _is_ruled(self, group: str) -> bool:
        """Tell whether a rule puts people into a group: whoever is taken out would become an exception of it."""
        async for rules in self._okta.listed("/api/v1/groups/rules?limit=50", _next_page, _rows):
            if any(rule.get("status") != "INACTIVE" and group in _targets(rule) for rule in rules):
                return True
        return False

    async def remove(self, group: str, person: str) -> None:
        """End a membership."""
        answered = await self._okta.change("DELETE", f"/api/v1/groups/{group}/users/{person}")
        if answered is not None and not self._okta.is_missing(answered):
            raise self._okta.failure(answered)

    async def add(self, group: str, person: str) -> None:
        """Make a membership."""
        answered = await self._okta.change("PUT", f"/api/v1/groups/{group}/users/{person}")
        if answered is not None:
            raise self._okta.failure(answered)


def _signing(ground: Ground, base: str) -> tuple[Sign, str]:
    """Return what signs requests, and which variables that comes from."""
    given = ground.settings
    if given.okta_client_id or given.okta_private_key.get_secret_value():
        if given.okta_token.get_secret_value():
            raise SettingWrong(f"USAGEBOT_OKTA_TOKEN is set beside {_BY_KEY}: leave one of them out.")
        required(given, "USAGEBOT_OKTA_CLIENT_ID", "USAGEBOT_OKTA_PRIVATE_KEY")
        return Tokens(ground, _sign_in(ground, base)).headers, _BY_KEY
    required(given, "USAGEBOT_OKTA_TOKEN")
    token = given.okta_token.get_secret_value()
    if not _TOKEN.fullmatch(token):
        raise SettingWrong("USAGEBOT_OKTA_TOKEN is no API token of Okta; leave out the word SSWS.")
    return _with_token(token), "USAGEBOT_OKTA_TOKEN"


def _with_token(token: str) -> Sign:
    async def headers(_refused: Mapping[str, str]) -> Mapping[str, str]:
        return {"Authorization": f"SSWS {token}"}

    return headers


def _sign_in(ground: Ground, base: str) -> SignIn:
    client = ground.settings.okta_client_id
    if not _CLIENT.fullmatch(client):
        raise SettingWrong("USAGEBOT_OKTA_CLIENT_ID is no id of an app of Okta; one begins with 0oa.")
    key = private_key.read(ground.settings.okta_private_key.get_secret_value(), "USAGEBOT_OKTA_PRIVATE_KEY")
    if ground.settings.okta_key_id:
        key = replace(key, name=ground.settings.okta_key_id)
    url = f"{base}/oauth2/v1/token"
    return SignIn("Okta", url, _form(ground, key, client, url), _refusal, _wait)


def _form(ground: Ground, key: private_key.PrivateKey, client: str, url: str) -> Callable[[], Mapping[str, str]]:
    def form() -> Mapping[str, str]:
        return {
            "grant_type": "client_credentials",
            "scope": SCOPES,
            "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
            "client_assertion": key.assertion(client, url, ground.clock().timestamp(), ground.token()),
        }

    return form


def _refusal(error: str) -> str:
    """Say what to do about the word that Okta has for an error."""
    if error == "invalid_scope":
        return f"Okta's app of usagebot lacks scopes. Grant it: {SCOPES.replace(' ', ', ')}."
    if "dpop" in error:
        return "Okta's app of usagebot wants proof of possession (DPoP), which is not built. Switch it off there."
    return f"Okta does not let usagebot sign in; see {_BY_KEY}, and the clock of this machine."


def _wait(answered: Answered, now: datetime) -> float:
    """Return the seconds until the limit is lifted, by Okta's own clock where it says what time it has there."""
    lifted = answered.headers.get("X-Rate-Limit-Reset", "")
    if not re.fullmatch(r"[0-9]{1,12}", lifted):
        return answered.retry_after
    try:
        here = parsedate_to_datetime(answered.headers.get("Date", ""))
    except ValueError:
        here = now
    return max(int(lifted) - here.timestamp(), 1.0)


def _code(value: Any) -> str:
    code = value.get("errorCode") if isinstance(value, dict) else None
    return code if isinstance(code, str) else ""


_MANNERS = Manners("Okta", "USAGEBOT_OKTA_TOKEN", _code, frozenset({"E0000007"}), _wait)


def _no_answer() -> ProviderError:
    return ProviderError("Okta answered about something else.", sent=False)


def _id(row: Any) -> str:
    """Return an id. It becomes part of an address, so nothing but an id will do."""
    found = row.get("id") if isinstance(row, dict) else None
    if not isinstance(found, str) or not ID.fullmatch(found):
        raise _no_answer()
    return found


def _is_called(row: Any, email: str) -> bool:
    profile = row.get("profile") if isinstance(row, dict) else None
    if not isinstance(profile, dict):
        raise _no_answer()
    names = {str(profile.get(name) or "").casefold() for name in ("email", "login")}
    return row.get("status") != "DEPROVISIONED" and email.casefold() in names


def _targets(rule: Mapping[str, Any]) -> list[Any]:
    actions = rule.get("actions")
    given = actions.get("assignUserToGroups") if isinstance(actions, dict) else None
    found = given.get("groupIds") if isinstance(given, dict) else None
    if not isinstance(found, list):
        raise _no_answer()
    return found


def _rows(page: Any) -> Any:
    return page


def _next_page(answered: Answered, _page: Any) -> str:
    """Okta sends several Link headers, one of which may say where the list goes on."""
    found = _NEXT.search(", ".join(answered.every("Link")))
    return found[1] if found else ""
