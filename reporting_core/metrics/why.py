"""Why a row has its status: one sentence with the dates and counts it was decided from, and nobody's name."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property, lru_cache

from reporting_core.metrics.figures import days_inactive
from reporting_core.metrics.status import assigned_at
from reporting_core.words.report import Fact, Period
from reporting_core.words.said import Said, counted, joined, say
from reporting_core.words.terms import Access, Status

Span = tuple[int, int]
"""Days [first, last] as ordinals."""


@dataclass(frozen=True)
class Grounds:
    """What statuses were decided for: range, as-of date, and each team's dates in the range without loaded data."""

    period: Period
    as_of: date
    gaps: Mapping[int, Sequence[Span]] = field(default_factory=dict)

    @cached_property
    def dates(self) -> Said:
        """The range in words: `2026-10-26 to 2026-11-24 (30 dates)`."""
        first, last, days = self.period.first, self.period.last, self.period.days
        return counted(days, "{first} (1 date)", "{first} to {last} ({count} dates)", first=first, last=last)


def why(fact: Fact, status: Status, grounds: Grounds) -> Said:
    """Say in one sentence from what the status was decided; it holds no personal data, so it needs no hashing."""
    return _SENTENCES[status](fact, grounds)


def _active(fact: Fact, grounds: Grounds) -> Said:
    used, last = _used(fact.days_used, grounds), _last(fact, grounds)
    if fact.access == Access.FLEX:
        return say("Active: Flex was {used}{last}{end}", used=used, last=last, end=_end(fact))
    return say(
        "Active: the seat is assigned{since} and was {used}{last}{end}",
        since=_since(fact.assigned_on),
        used=used,
        last=last,
        end=_end(fact),
    )


def _inactive(fact: Fact, grounds: Grounds) -> Said:
    return say(
        "Inactive: the seat is assigned{since}, for the whole range {dates}, "
        "and was used on none of its dates{last}; work while offline is never reported{end}",
        since=_since(fact.assigned_on),
        dates=grounds.dates,
        last=_last(fact, grounds),
        end=_end(fact),
    )


def _not_yet_active(fact: Fact, grounds: Grounds) -> Said:
    return say(
        "Not yet active: the seat is assigned{since}, after the range {dates} began, "
        "and was used on none of its dates{last}{end}",
        since=_since(fact.assigned_on),
        dates=grounds.dates,
        last=_last(fact, grounds),
        end=_end(fact),
    )


def _unassigned(fact: Fact, grounds: Grounds) -> Said:
    off, last = fact.unassigned_on, _last(fact, grounds)
    since = "" if off is None or off > grounds.as_of.toordinal() else _since(off)
    if fact.used:
        return say(
            "Unassigned: the seat is not assigned{since}, but was {used}{last}{end}",
            since=since,
            used=_used(fact.days_used, grounds),
            last=last,
            end=_end(fact),
        )
    return say(
        "Unassigned: the seat is not assigned{since}; no use is known in the range {dates}{last}{end}",
        since=since,
        dates=grounds.dates,
        last=last,
        end=_end(fact),
    )


def _not_applicable(fact: Fact, grounds: Grounds) -> Said:
    return say(
        "Not applicable: Flex is paid by the day of use, so nobody is expected to come regularly; "
        "no use is known in the range {dates}{last}{end}",
        dates=grounds.dates,
        last=_last(fact, grounds),
        end=_end(fact),
    )


def _unknown(fact: Fact, grounds: Grounds) -> Said:
    last = _last(fact, grounds)
    if assigned_at(fact, grounds.as_of.toordinal()) is None:
        return _unreported(fact, grounds, last)
    if fact.used is None:
        return say(
            "Unknown: no use of the seat is known, but no data was loaded for {gap}, "
            "so it cannot be called inactive{last}{end}",
            gap=_gap(fact, grounds),
            last=last,
            end=_end(fact),
        )
    return say(
        "Unknown: the seat was used on none of the dates {dates}, "
        "but since when it is assigned is not known{last}{end}",
        dates=grounds.dates,
        last=last,
        end=_end(fact),
    )


def _unreported(fact: Fact, grounds: Grounds, last: str) -> Said:
    if fact.used:
        return say(
            "Unknown: no Usage Report says whether a seat is assigned; the product was {used}{last}{end}",
            used=_used(fact.days_used, grounds),
            last=last,
            end=_end(fact),
        )
    return say(
        "Unknown: no Usage Report says whether a seat is assigned; "
        "the product has no known use in the range {dates}{last}{end}",
        dates=grounds.dates,
        last=last,
        end=_end(fact),
    )


_SENTENCES: Mapping[Status, Callable[[Fact, Grounds], Said]] = {
    Status.ACTIVE: _active,
    Status.INACTIVE: _inactive,
    Status.NOT_YET_ACTIVE: _not_yet_active,
    Status.UNASSIGNED: _unassigned,
    Status.NOT_APPLICABLE: _not_applicable,
    Status.UNKNOWN: _unknown,
}


_STALE = say("; the newest Usage Report no longer lists it, so this is the last known state.")


def _end(fact: Fact) -> str:
    return _STALE if fact.stale else "."


# Parts are few where rows are many: hardly more than one for each day of the range.
@lru_cache(maxsize=4096)
def _since(day: int | None) -> str:
    return "" if day is None else say(" since {day}", day=date.fromordinal(day))


def _used(days: int | None, grounds: Grounds) -> Said:
    return _used_on(days, grounds.dates)


@lru_cache(maxsize=4096)
def _used_on(days: int | None, dates: Said) -> Said:
    if days is None:
        return say("used in the range {dates}", dates=dates)
    return counted(days, "used on 1 day of the range {dates}", "used on {count} days of the range {dates}", dates=dates)


def _last(fact: Fact, grounds: Grounds) -> str:
    ago = days_inactive(fact.last_accessed, grounds.as_of)
    if fact.last_accessed is None or ago is None:
        return _NEVER if fact.used is not None and not fact.used else ""
    return _last_on(fact.last_accessed, ago, grounds.as_of)


_NEVER = say("; it was never accessed")


@lru_cache(maxsize=4096)
def _last_on(day: int, ago: int, as_of: date) -> Said:
    last = date.fromordinal(day)
    if not ago:
        return say("; last accessed on {day}, the as-of date", day=last)
    return counted(
        ago,
        "; last accessed on {day}, 1 day before {as_of}",
        "; last accessed on {day}, {count} days before {as_of}",
        day=last,
        as_of=as_of,
    )


def _gap(fact: Fact, grounds: Grounds) -> Said:
    spans = grounds.gaps.get(fact.team_id, ())
    if not spans:
        return say("part of the range {dates}", dates=grounds.dates)
    listed = joined(map(_span, spans[:_MOST_GAPS]), ", ")
    beyond = len(spans) - _MOST_GAPS
    if beyond > 0:
        return counted(beyond, "{gaps} and 1 more gap", "{gaps} and {count} more gaps", gaps=listed)
    return listed


_MOST_GAPS = 3


def _span(span: Span) -> Said:
    first, last = map(date.fromordinal, span)
    return say("{first}", first=first) if first == last else say("{first} to {last}", first=first, last=last)
