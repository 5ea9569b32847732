"""Who asks: a person of Slack, the person of the account behind it, and what they may do."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from reporting_core.words.said import say
from reporting_core.words.terms import Role

WHOM_TO_ASK = say("the owner of usagebot")
"""Whom people who are refused should ask, where nobody is named."""


class Need(StrEnum):
    """What a listener or command needs of the asker; every listener declares one."""

    NOTHING = "nothing"
    """Help and the like: any full member of the account's own workspace, no data of the account."""
    REPORTS = "reports"
    """Reports of at least one team."""
    ADMIN = "admin"
    """Changes of at least one team: exports loaded, seats taken back."""
    OWNER = "owner"
    """Set-up: people, settings."""


@dataclass(frozen=True, slots=True)
class SlackPerson:
    """What Slack says of whoever pressed or typed (`users.info`), never what the payload claims beyond the ids."""

    user_id: str
    workspace_id: str
    enterprise_id: str = ""
    email: str = ""
    name: str = ""
    tz: str = "UTC"
    locale: str = ""
    """Such as `de-DE`."""
    is_bot: bool = False
    is_guest: bool = False
    is_stranger: bool = False
    deleted: bool = False


@dataclass(frozen=True, slots=True)
class Asker:
    """A person allowed in. `teams` maps team id to the roles held there; an owner or operator has `every_team`."""

    account_id: int
    slack_user_id: str
    name: str
    email: str
    owner: bool = False
    every_team: bool = False
    teams: Mapping[int, frozenset[Role]] = field(default_factory=dict)

    def may(self, need: Need) -> bool:
        """Tell whether this asker has what is needed at all (which teams is decided by the question)."""
        match need:
            case Need.NOTHING:
                return True
            case Need.REPORTS:
                return self.owner or self.every_team or bool(self.teams)
            case Need.ADMIN:
                return self.owner or bool(self.administers)
        return self.owner

    def is_also(self, other: "Asker") -> bool:
        """Tell whether two askers are one person, who may have several Slack ids, such as through `/usage people`."""
        same_email = bool(self.email) and self.email.casefold() == other.email.casefold()
        return same_email or self.slack_user_id == other.slack_user_id

    @property
    def administers(self) -> frozenset[int]:
        """Ids of the teams in which this person is primary, secondary or SSO admin (domain.md §5)."""
        return frozenset(team for team, roles in self.teams.items() if roles & ADMIN_ROLES)


REPORTING_ROLES = frozenset({Role.PRIMARY_ADMIN, Role.SECONDARY_ADMIN, Role.SSO_ADMIN, Role.REPORTER})
"""Roles that bring reports of their team; contract managers and users get none (domain.md §5, features.md §9)."""

ADMIN_ROLES = REPORTING_ROLES - {Role.REPORTER}
"""Roles that may change who has a seat in their team."""
