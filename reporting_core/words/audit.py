"""Rows of the audit as they are read."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from reporting_core.words.query import UsageQuery

MASK = "*****"
"""Stands for what is left out where names are hidden."""


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the audit in words of the account; names are hashed as in reports."""

    seq: int
    at: datetime
    kind: str
    actor: str
    subject: str
    team: str
    person: str
    details: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Page:
    """A part of the rows that were asked for, newest first, of the dates [first, last].

    `hashed_because` names the teams whose personal data is off; then nobody is named and reasons are left out.
    """

    query: UsageQuery
    lines: tuple[Line, ...]
    count: int
    number: int
    pages: int
    first: date
    last: date
    hashed_because: tuple[str, ...] = ()
