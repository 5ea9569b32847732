"""Decides who a Slack person is in the account, and what that allows.

Nobody is allowed in by an empty configuration.
"""

from collections import defaultdict
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime

from reporting_core.storage import rights
from reporting_core.storage.engines import Connection, Store
from reporting_core.storage.teams import teams
from reporting_core.usecases.teams import no_such_team
from reporting_core.words.errors import NotAllowed, SettingWrong, StoreBusy
from reporting_core.words.names import fold, storable
from reporting_core.words.people import REPORTING_ROLES, WHOM_TO_ASK, Asker, SlackPerson
from reporting_core.words.said import say
from reporting_core.words.terms import Role

_STRANGER = say("You belong to another workspace. Only members of this one can ask me.")
_GONE = {"inactive", "deactivated", "disabled", "deleted", "suspended", "removed", "blocked"}


@dataclass(frozen=True, slots=True)
class Rules:
    """What the settings say.

    Owners (e-mails in lower case, or Slack ids), reporters by e-mail (None = every team), whom to ask.
    """

    owners: frozenset[str] = frozenset()
    reporters: Mapping[str, frozenset[str | None]] = field(default_factory=dict)
    contact: str = WHOM_TO_ASK


@dataclass(frozen=True, slots=True)
class People:
    """Who is who, for an owner: Slack people without a match, matches made by hand, reporters (None = every team)."""

    unmatched: tuple[str, ...]
    links: tuple[tuple[str, str], ...]
    reporters: tuple[tuple[str, str | None], ...]


def identify(store: Store, account_id: int, person: SlackPerson, rules: Rules, now: datetime) -> Asker:
    """Return the asker behind a Slack person. Raises `NotAllowed` with the reason and whom to ask."""
    _full_member(person)
    with store.reading() as connection:
        _of_this_workspace(connection, account_id, person)
        linked = rights.linked_email(connection, account_id, person.user_id)
        email = linked or storable(person.email).casefold()
        asker = _asker(connection, account_id, person, email, rules)
        matched = email and rights.roles_of(connection, account_id, email)
    if asker.owner or asker.every_team or asker.teams:
        return asker
    if not matched:
        _note_stranger(store, account_id, person, now)
        raise NotAllowed(
            say(
                "I do not know you: no person of the account has the e-mail of your Slack profile. "
                "Ask {contact} to match you (/usage people), or to load a newer Users export.",
                contact=rules.contact,
            )
        )
    raise NotAllowed(
        say(
            "Reports are for admins of a team and for people an owner made reporters; "
            "the newest Users export makes you neither. Ask {contact} if that is wrong.",
            contact=rules.contact,
        )
    )


def _note_stranger(store: Store, account_id: int, person: SlackPerson, now: datetime) -> None:
    who = rights.Stranger(*map(storable, (person.user_id, person.name, person.email)))
    # Somebody waits to hear why; while the database is busy, the next try writes it down.
    with suppress(StoreBusy), store.noting() as connection:
        rights.note_stranger(connection, account_id, who, now)


def _full_member(person: SlackPerson) -> None:
    reasons = (
        (person.deleted, say("This Slack account is deactivated, so I cannot answer.")),
        (person.is_bot, say("I answer people only, not apps.")),
        (person.is_stranger, _STRANGER),
        (
            person.is_guest,
            say(
                "Guests of the workspace cannot ask me, because reports hold names of people. "
                "Ask an admin of your team."
            ),
        ),
    )
    for holds, reason in reasons:
        if holds:
            raise NotAllowed(reason)


def _of_this_workspace(connection: Connection, account_id: int, person: SlackPerson) -> None:
    home = rights.workspace(connection, account_id)
    if home is None:
        raise NotAllowed(
            say("This account is not bound to a Slack workspace yet. Start the bot once with: usagebot run")
        )
    same = person.workspace_id == home.workspace_id or (
        home.enterprise_id and person.enterprise_id == home.enterprise_id
    )
    if not same:
        raise NotAllowed(_STRANGER)


def _asker(connection: Connection, account_id: int, person: SlackPerson, email: str, rules: Rules) -> Asker:
    owner = person.user_id in rules.owners or bool(email and email in rules.owners)
    held, every_team = _held(connection, account_id, email, rules) if email else ({}, False)
    return Asker(
        account_id, person.user_id, person.name, email, owner=owner, every_team=owner or every_team, teams=held
    )


def _held(connection: Connection, account_id: int, email: str, rules: Rules) -> tuple[dict[int, frozenset[Role]], bool]:
    living = {team.key: team.id for team in teams(connection, account_id)}
    known = rights.roles_of(connection, account_id, email)
    statuses = [fold(each.status) for each in known if each.status]
    if statuses and all(status in _GONE for status in statuses):
        return {}, False
    roles: dict[int, set[Role]] = defaultdict(set)
    for each in known:
        # Of two persons with one e-mail, such as somebody who came back, only the one who is there holds roles.
        if each.team_id is not None and each.role is not None and fold(each.status) not in _GONE:
            roles[each.team_id].add(Role(each.role))
    for name in rules.reporters.get(email, ()):
        if name is not None and fold(name) in living:
            roles[living[fold(name)]].add(Role.REPORTER)
    given = rights.grants(connection, account_id, email)
    for grant in given:
        if grant.team_id:
            roles[grant.team_id].add(Role(grant.role))
    every = None in rules.reporters.get(email, ()) or any(not grant.team_id for grant in given)
    ids = set(living.values())
    return {team: frozenset(some) for team, some in roles.items() if team in ids and some & REPORTING_ROLES}, every


def bind_workspace(store: Store, account_id: int, name: str, workspace_id: str, enterprise_id: str) -> None:
    """Bind the account to the workspace of the bot's token, once.

    Raises `SettingWrong` when either belongs elsewhere.
    """
    with store.reading() as connection:
        # What nearly every start finds; an import that holds the database does not keep the bot from starting.
        bound = rights.workspace(connection, account_id)
    if bound is not None and bound.workspace_id == workspace_id:
        return
    with store.writing() as connection:
        bound, owner = rights.workspace(connection, account_id), rights.account_of_workspace(connection, workspace_id)
        if owner is not None and owner[0] != account_id:
            raise SettingWrong(
                f"This Slack workspace belongs to the account “{owner[1]}”. Set USAGEBOT_ACCOUNT={owner[1]}."
            )
        if bound is not None and bound.workspace_id != workspace_id:
            message = (
                f"The account “{name}” belongs to the Slack workspace {bound.workspace_id}, "
                f"but SLACK_BOT_TOKEN is of {workspace_id}. "
                "Use that workspace's token, or another USAGEBOT_ACCOUNT."
            )
            raise SettingWrong(message)
        if bound is None:
            rights.bind(connection, account_id, rights.Workspace(workspace_id, enterprise_id))


def who_is_who(store: Store, asker: Asker, rules: Rules) -> People:
    """List what `/usage people` shows."""
    with store.reading() as connection:
        names = {team.id: team.name for team in teams(connection, asker.account_id)}
        given = [
            (grant.email_key, names.get(grant.team_id) if grant.team_id else None)
            for grant in rights.grants(connection, asker.account_id)
        ]
        unmatched = tuple(
            say("{name} ({email}, {id})", name=who.name, email=who.email or say("no e-mail"), id=who.slack_user_id)
            for who in rights.strangers(connection, asker.account_id)
        )
        told = [(email, team) for email, some in rules.reporters.items() for team in some]
        return People(
            unmatched, tuple(rights.links(connection, asker.account_id)), tuple(dict.fromkeys((*told, *given)))
        )


def link(store: Store, asker: Asker, slack_user_id: str, email: str) -> None:
    """Match a Slack person with a person of the account by hand."""
    with store.writing() as connection:
        rights.put_link(connection, asker.account_id, slack_user_id, email.casefold(), asker.slack_user_id)


def grant(store: Store, asker: Asker, email: str, team: str | None) -> None:
    """Make somebody a reporter of a team, or of every team. Raises `AskAgain` for a team that does not exist."""
    with store.writing() as connection:
        found = {each.key: each for each in teams(connection, asker.account_id)}
        if team is not None and fold(team) not in found:
            raise no_such_team(team, [each.name for each in found.values()])
        team_id = found[fold(team)].id if team is not None else 0
        rights.put_grant(
            connection,
            asker.account_id,
            rights.Grant(email.casefold(), team_id, str(Role.REPORTER)),
            asker.slack_user_id,
        )


def take_back(store: Store, asker: Asker, who: str) -> int:
    """Take back all that was given by hand to an e-mail, or the match of a Slack id; returns how much that was."""
    with store.writing() as connection:
        if "@" in who:
            return rights.take_grant(connection, asker.account_id, who.casefold())
        return rights.take_link(connection, asker.account_id, who)
