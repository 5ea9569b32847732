"""Facts for the tests of the arithmetic: one assignment with round numbers, so that a test writes only its twist."""

from datetime import date
from typing import TypedDict, Unpack

from reporting_core.words.report import Fact, Period
from reporting_core.words.terms import Access, Origin

AS_OF = date(2026, 11, 24)
"""A Tuesday."""
FIRST = date(2026, 10, 26)
PERIOD = Period(FIRST, AS_OF)
"""`last=30d`."""
DESIGN, STRUCTURAL = 1, 2
REVIT, AUTOCAD = 10, 11
ANN, BEN = 100, 101


class Twist(TypedDict, total=False):
    """What of a fact a test may choose; days are dates."""

    assignment: int
    team: int
    person: int
    product: int
    assigned: int | None
    assigned_on: date | None
    unassigned_on: date | None
    origin: Origin
    stale: int
    days: int | None
    used: int | None
    millitokens: int | None
    last: date | None
    name: str
    email: str | None


def seat(**twist: Unpack[Twist]) -> Fact:
    """Ann's seat of Revit in Design, assigned since January 1st, unused."""
    return _fact(Access.SUBSCRIPTION, twist)


def flex(**twist: Unpack[Twist]) -> Fact:
    """Ann's Flex access to Revit in Design, assigned since January 1st, unused."""
    return _fact(Access.FLEX, twist)


def _fact(access: Access, twist: Twist) -> Fact:
    days = twist.get("days", 0)
    return Fact(
        assignment_id=twist.get("assignment", 1),
        team_id=twist.get("team", DESIGN),
        person_id=twist.get("person", ANN),
        product_id=twist.get("product", REVIT),
        access=access,
        assigned=twist.get("assigned", 1),
        assigned_on=_day(twist.get("assigned_on", date(2026, 1, 1))),
        unassigned_on=_day(twist.get("unassigned_on")),
        origin=twist.get("origin", Origin.INDIVIDUAL),
        origin_group="",
        stale=twist.get("stale", 0),
        days_used=days,
        used=twist.get("used", None if days is None else int(days > 0)),
        millitokens=twist.get("millitokens", 0),
        last_accessed=_day(twist.get("last")),
        person_name=twist.get("name", "Ann Lee"),
        email=twist.get("email", "ann@example.com"),
    )


def _day(day: date | None) -> int | None:
    return None if day is None else day.toordinal()
