"""What a reader of export files hands over, and what an import answers."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from reporting_core.words.terms import Access, Kind, Origin


class Refusal(NamedTuple):
    """One row that was not taken: its 1-based line in the file (the header is line 1) and why, in words."""

    line: int
    reason: str


class PersonKey(NamedTuple):
    """How a row names a person.

    Strings as exported, stripped; `*****` and blanks have become ''. E-mail keeps its spelling.
    """

    hashed_autodesk_id: str
    autodesk_id: str
    email: str
    first_name: str
    last_name: str


class UseKey(NamedTuple):
    """Whose use of what a daily row is about.

    `child` is the launched product ('' = the offering itself), `release` may be ''.
    """

    team: str
    person: PersonKey
    offering: str
    access: Access
    child: str
    release: str


class Step(StrEnum):
    """What an import does after reading, in turns."""

    MATCH = "match"
    """Finds out who and what the rows are about."""
    STORE = "store"


@dataclass(slots=True)
class UseBatch:
    """Use of one daily file, aggregated. A file may come in several batches; equal keys may recur across them.

    `masks[(i, month)]` has bit d-1 set if `keys[i]` was used on day d; `month` = year * 12 + (month - 1).
    `millitokens[(i, day_ordinal, feature)]` is tokens x 1000 charged on that day for one feature ('' = none named;
    Token Usage only; 0 is
    a value). A repeated row of one feature is one charge (the larger value); different features add up, which the
    store does.
    Token Usage fills `masks` too: a charge, even of 0, is use.
    """

    keys: list[UseKey] = field(default_factory=list)
    masks: dict[tuple[int, int], int] = field(default_factory=dict)
    millitokens: dict[tuple[int, int, str], int] = field(default_factory=dict)


class ReportRow(NamedTuple):
    """A row of the Usage Report.

    Days are ordinals; None = blank. `origin` is None when the file has no `assigned_by` column or it is blank.
    """

    line: int
    team: str
    person: PersonKey
    offering: str
    access: Access
    assigned: bool
    assigned_on: int | None
    unassigned_on: int | None
    days_used: int | None
    days_inactive: int | None
    last_accessed: int | None
    millitokens: int | None
    groups: tuple[str, ...] | None
    release: str
    origin: Origin | None
    origin_group: str


class SubscriptionRow(NamedTuple):
    """A row of the Subscriptions export: a pool of seats for a term [starts, ends] (ordinals, None = blank)."""

    line: int
    team: str
    offering: str
    subscription_id: str
    seats: int
    starts: int | None
    ends: int | None
    status: str
    contract: str
    term: str


class UserRow(NamedTuple):
    """A row of the Users export; `role` and `account_status` as exported."""

    line: int
    team: str
    person: PersonKey
    role: str
    account_status: str
    offering: str


class GroupRow(NamedTuple):
    """A row of the Groups export; `team` is '' where the file has no such column."""

    line: int
    team: str
    email: str
    group: str
    group_type: str
    role: str


class BalanceRow(NamedTuple):
    """A row of the hand-kept token balances file."""

    line: int
    team: str
    purchased: int
    remaining: int
    """Both in millitokens."""
    expires_on: int | None
    as_of: int | None


class RuleRow(NamedTuple):
    """A row of the hand-kept assignment rules file: how a product is assigned in a team."""

    line: int
    team: str
    offering: str
    origin: Origin
    group: str


Record = ReportRow | SubscriptionRow | UserRow | GroupRow | BalanceRow | RuleRow


@dataclass(slots=True)
class FileHead:
    """What is known of a file before its rows.

    Kind, header generation, columns left out, whether personal columns can be masked.
    """

    name: str
    kind: Kind
    generation: str
    ignored_columns: tuple[str, ...] = ()


@dataclass(slots=True)
class FileTail:
    """What is known of a file after its rows. `read` counts data rows, blank lines not; `masked_teams` had `*****`.

    `first_day`/`last_day` span the accepted `day_used` (ordinals); `newest` is the newest day used, last accessed, or
    last accessed + days inactive: the default of `--exported-on`.
    """

    read: int = 0
    refused: list[Refusal] = field(default_factory=list)
    masked_teams: set[str] = field(default_factory=set)
    teams: set[str] = field(default_factory=set)
    first_day: int | None = None
    last_day: int | None = None
    newest: int | None = None


@dataclass(frozen=True, slots=True)
class FileResult:
    """One file of an import: read = stored + unchanged + len(refused)."""

    name: str
    kind: Kind | None
    read: int
    stored: int
    unchanged: int
    refused: tuple[Refusal, ...]
    ignored_columns: tuple[str, ...] = ()
    error: str | None = None
    """Why the file could not be read at all; the other files of the command are not touched by it."""


@dataclass(frozen=True, slots=True)
class ImportResult:
    """What an import did. `coverage` gives, for each team, the ranges of dates the daily data now covers.

    `notes` are for the operator.
    """

    files: tuple[FileResult, ...]
    coverage: Mapping[str, tuple[tuple[date, date], ...]]
    notes: tuple[str, ...] = ()
    changed: bool = False
