"""Why a row has its status: one sentence with the dates and counts it was decided from, and nobody's name."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property, lru_cache

from reporting_core.metrics.figures import days_inactive
from reporting_core.metrics.status import assigned_at
from reporting_core.words.report import Fact, Period
from reporting_core.words.terms import Access, Status

STALE = "; the newest Usage Report no longer lists it, so this is the last known state."

Span = tuple[int, int]
"""Days [first, last] as ordinals."""


@dataclass(frozen=True)
class Grounds:
    """What statuses were decided for: range, as-of date, and each team's dates in the range without loaded data."""

    period: Period
    as_of: date
    gaps: Mapping[int, Sequence[Span]] = field(default_factory=dict)

    @cached_property
    def dates(self) -> str:
        """The range in words: `2026-10-26 to 2026-11-24 (30 dates)`."""
        first, last, days = self.period.first, self.period.last, self.period.days
        return f"{first} (1 date)" if days == 1 else f"{first} to {last} ({days} dates)"

    @cached_property
    def until(self) -> str:
        """The as-of date in words."""
        return self.as_of.isoformat()


def why(fact: Fact, status: Status, grounds: Grounds) -> str:
    """Say in one sentence from what the status was decided; it holds no personal data, so it needs no hashing."""
    sentence = _SENTENCES[status](fact, grounds)
    return sentence.removesuffix(".") + STALE if fact.stale else sentence


def _active(fact: Fact, grounds: Grounds) -> str:
    used = _used(fact, grounds)
    if fact.access == Access.FLEX:
        return f"Active: Flex was {used}{_last(fact, grounds)}."
    return f"Active: the seat is assigned{_since(fact)} and was {used}{_last(fact, grounds)}."


def _inactive(fact: Fact, grounds: Grounds) -> str:
    return (
        f"Inactive: the seat is assigned{_since(fact)}, for the whole range {grounds.dates}, "
        f"and was used on none of its dates{_last(fact, grounds)}; work while offline is never reported."
    )


def _not_yet_active(fact: Fact, grounds: Grounds) -> str:
    return (
        f"Not yet active: the seat is assigned{_since(fact)}, after the range {grounds.dates} began, "
        f"and was used on none of its dates{_last(fact, grounds)}."
    )


def _unassigned(fact: Fact, grounds: Grounds) -> str:
    off = fact.unassigned_on
    since = "" if off is None or off > grounds.as_of.toordinal() else f" since {_iso(off)}"
    if fact.used:
        return f"Unassigned: the seat is not assigned{since}, but was {_used(fact, grounds)}{_last(fact, grounds)}."
    return (
        f"Unassigned: the seat is not assigned{since}; no use is known in the range {grounds.dates}"
        f"{_last(fact, grounds)}."
    )


def _not_applicable(fact: Fact, grounds: Grounds) -> str:
    return (
        f"Not applicable: Flex is paid by the day of use, so nobody is expected to come regularly; "
        f"no use is known in the range {grounds.dates}{_last(fact, grounds)}."
    )


def _unknown(fact: Fact, grounds: Grounds) -> str:
    if assigned_at(fact, grounds.as_of.toordinal()) is None:
        use = f"was {_used(fact, grounds)}" if fact.used else f"has no known use in the range {grounds.dates}"
        return f"Unknown: no Usage Report says whether a seat is assigned; the product {use}{_last(fact, grounds)}."
    if fact.used is None:
        return (
            f"Unknown: no use of the seat is known, but no data was loaded for {_gap(fact, grounds)}, "
            f"so it cannot be called inactive{_last(fact, grounds)}."
        )
    return (
        f"Unknown: the seat was used on none of the dates {grounds.dates}, but since when it is assigned "
        f"is not known{_last(fact, grounds)}."
    )


_SENTENCES: Mapping[Status, Callable[[Fact, Grounds], str]] = {
    Status.ACTIVE: _active,
    Status.INACTIVE: _inactive,
    Status.NOT_YET_ACTIVE: _not_yet_active,
    Status.UNASSIGNED: _unassigned,
    Status.NOT_APPLICABLE: _not_applicable,
    Status.UNKNOWN: _unknown,
}


def _since(fact: Fact) -> str:
    return "" if fact.assigned_on is None else f" since {_iso(fact.assigned_on)}"


def _used(fact: Fact, grounds: Grounds) -> str:
    if fact.days_used is None:
        return f"used in the range {grounds.dates}"
    return f"used on {_days(fact.days_used)} of the range {grounds.dates}"


def _last(fact: Fact, grounds: Grounds) -> str:
    ago = days_inactive(fact.last_accessed, grounds.as_of)
    if fact.last_accessed is None or ago is None:
        return "; it was never accessed" if fact.used is not None and not fact.used else ""
    when = f"{_days(ago)} before {grounds.until}" if ago else "the as-of date"
    return f"; last accessed on {_iso(fact.last_accessed)}, {when}"


def _gap(fact: Fact, grounds: Grounds) -> str:
    spans = grounds.gaps.get(fact.team_id, ())
    if not spans:
        return f"part of the range {grounds.dates}"
    shown = [_span(span) for span in spans[:_MOST_GAPS]]
    more = len(spans) - len(shown)
    return ", ".join(shown) + (f" and {more} more gap{'s' if more > 1 else ''}" if more else "")


_MOST_GAPS = 3


def _span(span: Span) -> str:
    first, last = span
    return _iso(first) if first == last else f"{_iso(first)} to {_iso(last)}"


@lru_cache(maxsize=4096)
def _iso(day: int) -> str:
    return date.fromordinal(day).isoformat()


def _days(count: int) -> str:
    return "1 day" if count == 1 else f"{count} days"
