"""From what is stored to what is certain.

Use of one assignment in a period, by daily exports or by a Usage Report alone (domain.md §2, §6).
"""

from collections.abc import Sequence
from typing import NamedTuple

Span = tuple[int, int]


class TeamData(NamedTuple):
    """What is loaded of one team for one access option.

    `gaps` are the days of the period without daily data, `covered` all days with it.
    """

    daily: bool
    """Any daily export of this team was ever loaded; then daily data alone decides what is used."""
    gaps: tuple[Span, ...]
    nothing: bool
    """No day of the period has daily data."""
    covered: tuple[Span, ...]


class Stored(NamedTuple):
    """What is stored of one assignment.

    Days counted in the calendar, and what the newest Usage Report said (ordinals).
    """

    days: int
    last_used: int | None
    reported_last: int | None
    reported_from: int | None
    reported_to: int | None
    reported_days: int | None


class Use(NamedTuple):
    """`days` None = cannot be known; `used` 1, 0 or None = cannot be known.

    `last` the newest known use up to the as-of date.
    """

    days: int | None
    used: int | None
    last: int | None


def use(stored: Stored, team: TeamData, first: int, last: int) -> Use:
    """Decide what is certain for [first, last] (ordinals)."""
    newest = last_accessed(stored, team)
    if stored.days:
        return Use(stored.days, 1, newest)
    if team.daily and not team.gaps:
        return Use(0, 0, newest)
    if newest is not None and first <= newest <= last:
        return Use(_reported_days(stored, first, last), 1, newest)
    if team.daily:
        return Use(None if team.nothing else 0, None, newest)
    return _by_report(stored, first, last, newest)


def _reported_days(stored: Stored, first: int, last: int) -> int | None:
    return stored.reported_days if (stored.reported_from, stored.reported_to) == (first, last) else None


def _by_report(stored: Stored, first: int, last: int, newest: int | None) -> Use:
    """With only a Usage Report, last accessed decides each range that does not reach past it (domain.md §6)."""
    days = _reported_days(stored, first, last)
    if days is not None:
        return Use(days, int(days > 0), newest)
    if stored.reported_to is None or stored.reported_to < last or (newest is not None and newest > last):
        return Use(None, None, newest)
    return Use(0, 0, newest)


def last_accessed(stored: Stored, team: TeamData) -> int | None:
    """Newest known use: the calendar's, or the Usage Report's where daily data does not speak for that day."""
    reported = stored.reported_last
    if reported is None or (stored.last_used is not None and stored.last_used >= reported):
        return stored.last_used
    if any(first <= reported <= last for first, last in team.covered):
        return stored.last_used
    return reported


def gaps(covered: Sequence[Span], first: int, last: int) -> tuple[Span, ...]:
    """Days of [first, last] that no span covers; `covered` is disjoint and in order."""
    found = []
    for start, end in covered:
        if end < first:
            continue
        if start > last:
            break
        if start > first:
            found.append((first, start - 1))
        first = end + 1
    if first <= last:
        found.append((first, last))
    return tuple(found)
