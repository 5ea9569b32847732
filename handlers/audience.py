"""Who reads along in a place, as values; `handlers.guard` finds it out."""

from dataclasses import dataclass
from enum import StrEnum


class Why(StrEnum):
    """Why a place gets what it gets; each has its words in `templates/*/guard.j2`."""

    ALL_MAY = "all_may"
    SHARED = "shared"
    """Another organisation reads along."""
    PUBLIC = "public"
    """The whole workspace can read it, members or not."""
    MANY = "many"
    SOME_MAY_NOT = "some_may_not"
    ARCHIVED = "archived"
    NOT_THERE = "not_there"
    """The bot is no member, so that it can neither see who reads along nor post."""
    OUTSIDER = "outsider"
    """Whoever wants to post there is no member of it."""
    UNKNOWN = "unknown"
    """Slack did not answer."""


@dataclass(frozen=True, slots=True)
class Place:
    """A channel as Slack knows it; `members` as Slack counts them.

    `outside`: another organisation reads along, which holds as well where the bot is no member. `refused`: Slack's word
    where it said nothing of it.
    """

    channel: str
    name: str = ""
    members: int = 0
    why: Why = Why.UNKNOWN
    outside: bool = False
    private: bool = False
    refused: str = ""


@dataclass(frozen=True, slots=True)
class Audience:
    """Who reads along in a place. `barred` members may not see the rows."""

    place: Place
    why: Why
    barred: int = 0

    @property
    def may_see_rows(self) -> bool:
        """Tell whether every member may see the rows."""
        return self.why is Why.ALL_MAY

    @property
    def can_be_told(self) -> bool:
        """Tell whether anything can be posted there."""
        return self.why not in {Why.ARCHIVED, Why.NOT_THERE, Why.OUTSIDER, Why.UNKNOWN}
