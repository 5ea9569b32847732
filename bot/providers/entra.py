"""Microsoft Entra ID: a seat is a membership in the group that carries the product, ended by Microsoft Graph v1.0.

Sources: Microsoft's pages on the client credentials flow, on groups (`delete-members`, `post-members`,
`checkMemberGroups`, `list-members`) and on throttling. Rights and settings are in docs/providers.md.
"""

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import quote

from bot import directory, service
from bot.access import SignIn, Tokens
from bot.directory import Group, InGroups
from bot.ground import Answered, Ground, required
from bot.service import Manners, Service
from reporting_core.usecases.seats import memberships
from reporting_core.words.errors import SettingWrong
from reporting_core.words.memberships import Way
from reporting_core.words.seats import ProviderError

GUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_TENANT = re.compile(r"[A-Za-z0-9][A-Za-z0-9.-]*")
_ASKED_OF_GROUPS = "id,displayName,groupTypes,mailEnabled,isAssignableToRole,onPremisesSyncEnabled"
_BAD_REQUEST = 400


def made(ground: Ground) -> InGroups:
    """Make it. Raises SettingWrong where a setting is missing or of no use."""
    names = [f"USAGEBOT_ENTRA_{name}" for name in ("TENANT", "CLIENT_ID", "CLIENT_SECRET", "GROUPS")]
    required(ground.settings, *names)
    if not _TENANT.fullmatch(ground.settings.entra_tenant):
        raise SettingWrong("USAGEBOT_ENTRA_TENANT is neither the id of a directory nor its domain.")
    given = ground.settings
    rules = directory.rules(given.entra_groups, given.entra_allow, "USAGEBOT_ENTRA_GROUPS", GUID)
    rules = replace(rules, groups={name: group.lower() for name, group in rules.groups.items()})
    return InGroups(ground, Entra(ground), rules)


class Entra:
    """The directory of one tenant."""

    name = "entra"

    def __init__(self, ground: Ground) -> None:
        graph = service.base(ground.settings.entra_graph_url, "USAGEBOT_ENTRA_GRAPH_URL")
        self._graph = Service(ground, graph, Tokens(ground, _sign_in(ground, graph)).headers, _MANNERS)

    async def group(self, id_: str) -> Group | None:
        """Find a group, and whether its memberships are decided elsewhere."""
        found = await self._graph.read(f"/v1.0/groups/{id_}?$select={_ASKED_OF_GROUPS}")
        if found is None:
            return None
        if not isinstance(found, dict) or _id(found) != id_ or not isinstance(found.get("groupTypes"), list):
            raise _no_answer()
        return Group(id_, str(found.get("displayName") or ""), _fault(found))

    async def people(self, email: str) -> list[str]:
        """Find by mail or sign-in name; whoever is called otherwise does not count, whatever the answer holds."""
        text = email.replace("'", "''")
        wanted = quote(f"mail eq '{text}' or userPrincipalName eq '{text}'", safe="")
        found = await self._graph.read(f"/v1.0/users?$select=id,mail,userPrincipalName&$top=5&$filter={wanted}")
        return [_id(each) for each in _rows(found) if _is_called(each, email)]

    async def way(self, group: Group, person: str) -> Way:
        """Ask for membership by any way first; who is in is then looked for among the direct members."""
        found = await self._graph.read(f"/v1.0/users/{person}/checkMemberGroups", {"groupIds": [group.id]})
        if found is None:
            return Way.NONE
        value = found.get("value") if isinstance(found, dict) else None
        if not isinstance(value, list) or not {str(each).lower() for each in value} <= {group.id}:
            raise _no_answer()
        if not value:
            return Way.NONE
        return Way.DIRECT if await self._is_direct(group.id, person) else Way.ELSEWHERE

    async def _is_direct(self, group: str, person: str) -> bool:
        path = f"/v1.0/groups/{group}/members?$select=id&$top=999"
        async for rows in self._graph.listed(path, _next_page, _value):
            if person in map(_id, rows):
                return True
        return False

    async def remove(self, group: str, person: str) -> None:
        """End a membership. Without `/$ref` at its end this request would delete the person."""
        answered = await self._graph.change("DELETE", f"/v1.0/groups/{group}/members/{person}/$ref")
        if answered is not None and not self._graph.is_missing(answered):
            raise self._graph.failure(answered)

    async def add(self, group: str, person: str) -> None:
        """Make a membership; one that is there already is what was wanted."""
        body = {"@odata.id": f"{self._graph.base}/v1.0/directoryObjects/{person}"}
        answered = await self._graph.change("POST", f"/v1.0/groups/{group}/members/$ref", body)
        if answered is not None and not _is_there(answered):
            raise self._graph.failure(answered)


def _sign_in(ground: Ground, graph: str) -> SignIn:
    given = ground.settings
    login = service.base(given.entra_login_url, "USAGEBOT_ENTRA_LOGIN_URL")
    form = {
        "client_id": given.entra_client_id,
        "client_secret": given.entra_client_secret.get_secret_value(),
        "scope": f"{graph}/.default",
        "grant_type": "client_credentials",
    }
    return SignIn("Entra", f"{login}/{given.entra_tenant}/oauth2/v2.0/token", lambda: form, lambda _error: _NOT_IN)


_NOT_IN = "Entra does not let usagebot sign in; see USAGEBOT_ENTRA_TENANT, _CLIENT_ID and _CLIENT_SECRET."


def _code(value: Any) -> str:
    error = value.get("error") if isinstance(value, dict) else None
    code = error.get("code") if isinstance(error, dict) else None
    return code if isinstance(code, str) else ""


_MANNERS = Manners(
    "Microsoft Graph",
    "USAGEBOT_ENTRA_CLIENT_SECRET",
    _code,
    frozenset({"Request_ResourceNotFound", "ResourceNotFound", "itemNotFound"}),
    lambda answered, _now: answered.retry_after,
)


def _no_answer() -> ProviderError:
    return ProviderError("Microsoft Graph answered about something else.", sent=False)


def _fault(group: Mapping[str, Any]) -> str:
    kinds = {str(kind).casefold() for kind in group["groupTypes"]}
    if "dynamicmembership" in kinds:
        return memberships.DYNAMIC
    if group.get("onPremisesSyncEnabled"):
        return memberships.SYNCED
    for_mail = group.get("mailEnabled") and "unified" not in kinds
    return memberships.GUARDED if group.get("isAssignableToRole") or for_mail else ""


def _id(row: Any) -> str:
    """Return an id in small letters. It becomes part of an address, so nothing but an id will do."""
    found = row.get("id") if isinstance(row, dict) else None
    if not isinstance(found, str) or not GUID.fullmatch(found):
        raise _no_answer()
    return found.lower()


def _is_called(row: Mapping[str, Any], email: str) -> bool:
    return email.casefold() in {str(row.get(name) or "").casefold() for name in ("mail", "userPrincipalName")}


def _value(page: Any) -> Any:
    return page.get("value") if isinstance(page, dict) else None


def _rows(page: Any) -> list[dict[str, Any]]:
    rows = _value(page)
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise _no_answer()
    return rows


def _next_page(_answered: Answered, page: Any) -> str:
    return str(page.get("@odata.nextLink") or "")


def _is_there(answered: Answered) -> bool:
    error = (answered.values or {}).get("error")
    said = str(error.get("message")) if isinstance(error, dict) else ""
    return answered.status == _BAD_REQUEST and "object references already exist" in said
