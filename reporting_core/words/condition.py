"""How an installation stands, in numbers for whoever watches over it: no name and no id of anybody."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from reporting_core.words.schedules import Kind, Schedule, Standing, State


@dataclass(frozen=True, slots=True)
class Condition:
    """What the database says at one moment."""

    is_current: bool
    """The database has the shape that this version needs."""
    data_through: date | None = None
    schedules: Mapping[Standing, int] | None = None
    """Those that were not ended."""
    waiting: Mapping[tuple[Kind, State], int] | None = None
    """Posts that are not finished."""
    finished: Mapping[tuple[Kind, State], int] | None = None
    """Posts that were finished within a day."""
    due_since: datetime | None = None
    """When the post that waits longest was due; None while nothing waits."""


@dataclass(frozen=True, slots=True)
class CheckUp:
    """What an owner of usagebot is told about the installation beside that: teams and schedules by name."""

    condition: Condition
    unreported: tuple[str, ...] = ()
    """Teams without a Usage Report."""
    schedules: tuple[Schedule, ...] = ()
    """Those that were not ended."""
    channels: frozenset[str] = frozenset()
    """Slack's ids of the channels where something comes by itself."""
