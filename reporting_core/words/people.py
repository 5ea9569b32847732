"""Who asks: a person of Slack, the person of the account behind it, and what they may do."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from reporting_core.words.terms import Role


class Need(StrEnum):
    """What a listener or command needs of the asker; every listener declares one."""

    NOTHING = "nothing"
    """Help and the like: any full member of the account's own workspace, no data of the account."""
    REPORTS = "reports"
    """Reports of at least one team."""
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
        if need is Need.NOTHING:
            return True
        return self.owner or (need is Need.REPORTS and (self.every_team or bool(self.teams)))


REPORTING_ROLES = frozenset({Role.PRIMARY_ADMIN, Role.SECONDARY_ADMIN, Role.SSO_ADMIN, Role.REPORTER})
"""Roles that bring reports of their team; contract managers and users get none (domain.md §5, features.md §9)."""
