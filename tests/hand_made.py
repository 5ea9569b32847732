"""Reports made by hand, for views: round numbers, nothing worked out."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from reporting_core.words.query import UsageQuery
from reporting_core.words.report import (
    Chart,
    ChartPoint,
    FlexTiles,
    Period,
    Row,
    SubscriptionTiles,
    Tiles,
    UsageReport,
)
from reporting_core.words.terms import Access, Origin, Status

TODAY = date(2026, 11, 24)
NOVEMBER = Period(date(2026, 10, 26), TODAY)

HOSTILE = (
    "<!channel>",
    "<!here|all>",
    "<@U123>",
    "<https://evil.example|click>",
    "https://evil.example/?a=1&b=2",
    "*bold* _it_ ~gone~ `code`",
    "```\nfence",
    ":tada: :fire:",
    "&lt;!channel&gt;",
    "\u202eevil\u202c",
    "line\nbreak\ttab\x00nul",
    "\ud800 lone",
    "\u200b\u200b",
    "",
    "   ",
    "👩‍👩‍👧‍👦" * 40,
    "x" * 5_000,
    "\"quoted\" “smart” 'single'",
    "=cmd|' /C calc'!A0",
    "名前 " * 100,
)


def row(number: int = 1, **changes: Any) -> Row:
    made: dict[str, Any] = {
        "assignment_id": number,
        "team": "Design",
        "product": "Revit",
        "access": Access.SUBSCRIPTION,
        "person": f"Person {number}",
        "email": f"person{number}@example.com",
        "status": Status.INACTIVE,
        "assigned_by": Origin.INDIVIDUAL,
        "origin_group": "",
        "groups": (),
        "assigned_on": date(2026, 1, 31),
        "unassigned_on": None,
        "days_used": 0,
        "monthly_average": 0.0,
        "last_accessed": date(2026, 3, 9),
        "days_inactive": 260,
        "tokens_used": 0.0,
        "stale": False,
        "why": "",
    }
    return Row(**(made | changes))


def seats(**changes: Any) -> SubscriptionTiles:
    made = {"seats": 120, "assigned": 100, "available": 20}
    made |= {"active": 60, "inactive": 25, "not_yet_active": 14, "unknown": 1}
    return SubscriptionTiles(**(made | changes))


def tiles(subscriptions: SubscriptionTiles | None = None, **flex: Any) -> Tiles:
    made = {"tokens_used": 1234.0, "tokens_remaining": 5000.0, "users": 12, "monthly_average": 1234.0}
    return Tiles(subscriptions or seats(), FlexTiles(**(made | flex)))


def chart(points: int = 15, grain: str = "day") -> Chart:
    days = [date.fromordinal(TODAY.toordinal() - points + place + 1) for place in range(points)]
    return Chart(grain, tuple(ChartPoint(day, day, 10, 2) for day in days))


def report(rows: int | Sequence[Row] = 40, **changes: Any) -> UsageReport:
    listed = [row(number) for number in range(1, rows + 1)] if isinstance(rows, int) else rows
    made: dict[str, Any] = {
        "query": UsageQuery(),
        "canonical": "team=Design last=30d",
        "period": NOVEMBER,
        "as_of": TODAY,
        "data_through": TODAY,
        "team": "Design",
        "team_count": 1,
        "hashed": False,
        "hashed_because": (),
        "tiles": tiles(),
        "rows": listed,
        "row_count": len(listed),
        "chart": chart(),
        "accesses": frozenset(each.access for each in listed),
        "statuses": frozenset(each.status for each in listed),
    }
    return UsageReport(**(made | changes))


def hostile_report(rows: int = 40) -> UsageReport:
    names = [HOSTILE[number % len(HOSTILE)] for number in range(rows)]
    made = [
        row(number, person=name, email=name, team=name, product=name, assigned_by=Origin.GROUP, origin_group=name)
        for number, name in enumerate(names)
    ]
    return report(
        team=None,
        team_count=3,
        rows=made,
        canonical=f"team={'x' * 9_000}",
        notes=HOSTILE,
        caveats=HOSTILE,
        hashed=True,
        hashed_because=HOSTILE,
        chart=chart(20),
    )
