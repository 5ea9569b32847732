"""Who presses or types: Slack's own word on it (`users.info`), never what a payload claims beyond the ids."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from handlers import refusals
from handlers.sentences import sentence
from reporting_core.words.errors import AskAgain, NotAllowed
from reporting_core.words.people import SlackPerson

FRESH = 5.0
"""Seconds for which Slack's word on a person is believed: a right taken away ends so soon, in every process.

A change that Slack announces ends it at once, but only in the process that is told.
"""


@dataclass(frozen=True, slots=True)
class Workspace:
    """The workspace that the bot's own token belongs to, from `auth.test`."""

    team_id: str
    enterprise_id: str = ""
    bot_user_id: str = ""

    def is_home_of(self, team_id: str, enterprise_id: str) -> bool:
        """Tell whether somebody of these ids belongs here: the same workspace, or the same organisation."""
        return team_id == self.team_id or bool(self.enterprise_id and enterprise_id == self.enterprise_id)


class Directory:
    """Looks people up, and remembers them for some seconds."""

    def __init__(self, client: AsyncWebClient, home: Workspace, now: Callable[[], float]) -> None:
        self.home = home
        self._client = client
        self._now = now
        self._known: dict[str, tuple[float, SlackPerson]] = {}

    async def person(self, user_id: str) -> SlackPerson:
        """Return Slack's word on somebody; raises NotAllowed for nobody and AskAgain when Slack does not answer."""
        asked, person = self._known.get(user_id, (0.0, None))
        if person is None or self._now() - asked >= FRESH:
            person = self._read(await self._ask(user_id))
            self._known = self._fresh() | {user_id: (self._now(), person)}
        return person

    def forget(self, user_id: str) -> None:
        """Look somebody up anew next time."""
        self._known.pop(user_id, None)

    def _fresh(self) -> dict[str, tuple[float, SlackPerson]]:
        return {key: known for key, known in self._known.items() if self._now() - known[0] < FRESH}

    async def _ask(self, user_id: str) -> Mapping[str, Any]:
        try:
            found = await self._client.users_info(user=user_id, include_locale=True)
        except SlackApiError as error:
            if refusals.word(error) in {"user_not_found", "user_not_visible"}:
                raise NotAllowed(sentence("stranger")) from error
            raise AskAgain(sentence("who_is_this")) from error
        except (aiohttp.ClientError, TimeoutError) as error:
            raise AskAgain(sentence("who_is_this")) from error
        user: Mapping[str, Any] = found["user"]
        return user

    def _read(self, user: Mapping[str, Any]) -> SlackPerson:
        profile = user.get("profile") or {}
        # Slack always names the workspace of a person; a server that speaks its protocol may leave it out where there
        # is only one, and then the payload's own workspace, checked before, is all there is to go by.
        team_id = str(user.get("team_id") or self.home.team_id)
        enterprise_id = str((user.get("enterprise_user") or {}).get("enterprise_id") or "")
        return SlackPerson(
            user_id=str(user["id"]),
            workspace_id=team_id,
            enterprise_id=enterprise_id,
            email=str(profile.get("email") or ""),
            name=str(profile.get("real_name") or user.get("real_name") or user.get("name") or ""),
            tz=str(user.get("tz") or "UTC"),
            locale=str(user.get("locale") or ""),
            is_bot=bool(user.get("is_bot")),
            is_guest=bool(user.get("is_restricted") or user.get("is_ultra_restricted")),
            is_stranger=bool(user.get("is_stranger")) or not self.home.is_home_of(team_id, enterprise_id),
            deleted=bool(user.get("deleted")),
        )


def full_member(person: SlackPerson) -> SlackPerson:
    """Return a full member of the own workspace; anybody else gets nothing, not even help."""
    if person.deleted:
        raise NotAllowed(sentence("deactivated"))
    if person.is_stranger:
        raise NotAllowed(sentence("stranger"))
    if person.is_guest:
        raise NotAllowed(sentence("guest"))
    if person.is_bot:
        raise NotAllowed(sentence("bot"))
    return person


def claimed_home(body: Mapping[str, Any], home: Workspace) -> bool:
    """Tell whether a payload names the bot's own workspace. A payload that names none is judged by the person alone."""
    team, enterprise = part(body, "team"), part(body, "enterprise")
    team_id = str(body.get("team_id") or team.get("id") or "")
    enterprise_id = str(body.get("enterprise_id") or enterprise.get("id") or team.get("enterprise_id") or "")
    return not (team_id or enterprise_id) or home.is_home_of(team_id, enterprise_id)


def part(body: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    """Return an object inside a payload, empty where there is none or where something else stands there."""
    found = body.get(key)
    return found if isinstance(found, Mapping) else {}
