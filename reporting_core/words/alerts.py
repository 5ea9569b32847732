"""What is told as soon as it is so: once for each time it begins, apart from digests (features.md §8)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from reporting_core.words.said import Said

MOST_ITEMS = 50
"""Things that one alert lists; `Alert.count` says how many there are."""


class AlertKind(StrEnum):
    """What is watched."""

    TOKENS_LOW = "tokens_low"
    """A team's tokens are at or under a share of what was bought, in percent."""
    RUN_OUT = "run_out"
    """A team's tokens will be used up before its last pack ends; the threshold is by how many days at least."""
    PACK_ENDS = "pack_ends"
    """A pack with tokens in it ends within so many days."""
    SEATS_FULL = "seats_full"
    """As many seats of a product free in a team, or fewer."""
    DATA_STALE = "data_stale"
    """The newest data is older than so many days. Digests hold back their numbers from then on, too."""
    IMPORT_FAILED = "import_failed"
    """Exports that nobody stood by were refused."""
    TASKS_WAITING = "tasks_waiting"
    """Seats that were given to a provider, or to a person to decide, wait for longer than so many days."""


@dataclass(frozen=True, slots=True)
class AlertRule:
    """Whether a kind is watched, from when on, and where it is told."""

    kind: AlertKind
    on: bool = True
    threshold: int = 0
    channel: str = ""
    """Slack's id; empty: direct messages to the owners."""
    by: str = ""
    """Who set it; empty: it is as delivered."""
    at: datetime | None = None


DELIVERED: Mapping[AlertKind, int] = {
    AlertKind.TOKENS_LOW: 20,
    AlertKind.RUN_OUT: 1,
    AlertKind.PACK_ENDS: 90,
    AlertKind.SEATS_FULL: 0,
    AlertKind.DATA_STALE: 3,
    AlertKind.IMPORT_FAILED: 0,
    AlertKind.TASKS_WAITING: 3,
}
"""Thresholds where nobody set one."""


@dataclass(frozen=True, slots=True)
class AlertItem:
    """One thing that crossed its threshold. No alert names a person."""

    team: str
    """Empty where it is about the account."""
    said: Said
    question: str = ""
    """The report to look at, if one helps."""


@dataclass(frozen=True, slots=True)
class Alert:
    """What crossed a threshold of one kind at the same look."""

    key: str
    """Names it for ever: `alert:…`."""
    kind: AlertKind
    at: datetime
    count: int
    items: tuple[AlertItem, ...] = field(default_factory=tuple)
