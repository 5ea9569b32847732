"""Tasks for admins: what a person is asked to do in the vendor's portal, which has no way in for programs."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from reporting_core.words.seats import Change

PORTAL = "https://manage.autodesk.com/"
"""Where admins take seats away and give them (the vendor's help on assigning access)."""

REMINDERS = (timedelta(days=3), timedelta(days=7), timedelta(days=14))
"""How long after a task was opened somebody is reminded of it."""


class TaskState(StrEnum):
    """Where a task stands."""

    OPEN = "open"
    DONE = "done"
    """An admin said so."""
    DECLINED = "declined"
    """An admin said that it will not be done."""
    SHOWN = "shown"
    """Newer data shows it."""


@dataclass(frozen=True, slots=True)
class Task:
    """One task. `number` is what people call it by, `key` the token of the action it belongs to.

    It holds no names: whoever reads it gets those of the seat as they may see them.
    """

    number: int
    key: str
    change: Change
    state: TaskState
    opened_at: datetime
    remind_at: datetime | None = None
    reminders: int = 0
    closed_at: datetime | None = None
