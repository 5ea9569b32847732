"""Spreadsheets that were made of reports: what is remembered of each, and what becomes of a wish for one."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path

KEPT = timedelta(days=14)
"""How long a file can be fetched again; what is remembered of it stays."""

LEASE = timedelta(seconds=90)
"""How long somebody who makes or sends a file is believed to be at it without a sign of life."""

_USER = re.compile(r"(?:^|\s)user!?=")


class State(StrEnum):
    """How far a spreadsheet is."""

    MAKING = "making"
    READY = "ready"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Spreadsheet:
    """What is remembered of one spreadsheet.

    `query` is canonical, `reason` a word of ours for what went wrong last, `size` in bytes. `hashed`: no names in it.
    `lease_until` is set while somebody makes or sends it.
    """

    token: str
    query: str
    state: State
    reason: str
    team_ids: frozenset[int]
    hashed: bool
    rows: int
    size: int
    asked_at: datetime
    lease_until: datetime | None
    expires_at: datetime
    deleted_at: datetime | None

    @property
    def personal(self) -> bool:
        """Tell whether names are in it, or in what was asked."""
        return not self.hashed or _USER.search(self.query) is not None

    def is_there(self, now: datetime) -> bool:
        """Tell whether the file can be fetched at a time."""
        return self.state is State.READY and self.deleted_at is None and self.expires_at > now


class Turn(StrEnum):
    """What whoever wants a spreadsheet has to do now."""

    MAKE = "make"
    SEND = "send"
    """The same file is there already."""
    WAIT = "wait"
    """Somebody makes or sends the same one at this moment."""


@dataclass(frozen=True, slots=True)
class Claimed:
    """A spreadsheet and whose turn it is. `path` is where to write the file, or where it is."""

    turn: Turn
    spreadsheet: Spreadsheet
    path: Path


class Withheld(StrEnum):
    """Why a file is not handed out."""

    UNKNOWN = "unknown"
    """There is no such file, or it is somebody else's."""
    GONE = "gone"
    """It was deleted, by its owner or after its time, or it was never made."""
    BUSY = "busy"
    """It is being made or sent at this moment."""
    TEAMS = "teams"
    """The asker may not see a team in it any more."""
    NAMES = "names"
    """A team in it hides its people's names now."""


@dataclass(frozen=True, slots=True)
class Fetched:
    """A file that may be sent now, or why not. `spreadsheet` is None where there is none of the asker's."""

    spreadsheet: Spreadsheet | None
    path: Path | None = None
    withheld: Withheld | None = None
