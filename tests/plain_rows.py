"""Rows of exports as the plain days read them: who, what, which day. No product code."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

USAGE, SEAT, TOKEN, REPORT, GROUPS, POOLS, BALANCES, RULES = (
    *("usage", "seat_usage", "token_usage", "usage_report"),
    *("groups", "subscriptions", "token_balances", "assignment_rules"),
)
DAILY = (USAGE, SEAT, TOKEN)

Row = Mapping[str, str]
Access = str


class Seat(NamedTuple):
    """An assignment: a person (any of its ids), team, product, access option."""

    person: str
    team: str
    product: str
    access: Access


class Use(NamedTuple):
    """One day of one child product and release of an assignment."""

    seat: Seat
    child: str
    release: str
    day: int


@dataclass(frozen=True)
class File:
    """One export: its kind and its rows, in the vendor's 2026 names."""

    kind: str
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Told:
    """What an operator says beside the files; days are ordinals."""

    first: int | None = None
    last: int | None = None
    exported_on: int | None = None
    replace: bool = False


@dataclass
class Reported:
    """What the newest Usage Report says of an assignment."""

    assigned: bool
    assigned_on: int | None
    unassigned_on: int | None
    last: int | None
    made: int
    origin: str
    span: tuple[int | None, int]
    days: int | None
    tokens: int | None
    stale: bool = False


def day(text: str) -> int | None:
    """Ordinal of an ISO date."""
    return date.fromisoformat(text).toordinal() if text else None


def milli(text: str) -> int | None:
    """Tokens in thousandths."""
    return round(float(text) * 1000) if text else None


def united(one: Reported, other: Reported) -> Reported:
    """Two assignments that became one: assigned if either is, on the earlier date."""
    first, second = (one, other) if one.assigned >= other.assigned else (other, one)
    dates = [each.assigned_on for each in (first, second) if each.assigned_on]
    lasts = [each.last for each in (first, second) if each.last]
    same = one.span == other.span
    return Reported(
        first.assigned,
        min(dates, default=None),
        None if first.assigned else first.unassigned_on,
        max(lasts, default=None),
        max(one.made, other.made),
        first.origin or second.origin,
        one.span if same else (None, min(one.span[1], other.span[1])),
        None if not same or None in (one.days, other.days) or (one.days and other.days) else (one.days or other.days),
        (one.tokens or 0) + (other.tokens or 0) if same and (one.tokens, other.tokens) != (None, None) else None,
        one.stale and other.stale,
    )


def ids(row: Row) -> list[str]:
    """What a row says of who it is about, the strongest first."""
    names = (
        ("h", row.get("hashed_autodesk_id", "")),
        ("a", row.get("autodesk_id", "")),
        ("e", row["email"].casefold()),
    )
    return [f"{kind}:{text}" for kind, text in names if text.strip("*")]


def _rank(row: Row) -> tuple[bool, int, int, str]:
    assigned = row["seat_assignment"] == "Assigned"
    return assigned, day(row["assigned_date"]) or 0, day(row["last_accessed"]) or 0, row["assigned_by"].lower()


def reported(rows: Sequence[Row], made: int, old: Reported | None, told: Told) -> Reported:
    best = max(rows, key=_rank)
    assigned = best["seat_assignment"] == "Assigned"
    return Reported(
        assigned,
        day(best["assigned_date"]),
        None if assigned else day(best["unassigned_date"]),
        max((on for row in rows if (on := day(row["last_accessed"]))), default=None),
        made,
        best["assigned_by"] or (old.origin if old else ""),
        (told.first, told.last or made),
        max((int(row["days_used"]) for row in rows if row["days_used"]), default=None),
        max((milli(row["tokens_used"]) or 0 for row in rows if row["tokens_used"]), default=None),
    )
