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


def use(stored: Stored, team: TeamData, first: int, last: int, at: int | None = None) -> Use:
    """Decide what is certain for [first, last] (ordinals); what is known of days after the as-of date `at` is left out.

    Without `at` the as-of date is not before `last`.
    """
    newest, end = last_accessed(stored, team), last if at is None else min(last, at)
    shown = newest if newest is None or at is None or newest <= at else stored.last_used
    if stored.days:
        return Use(stored.days, 1, shown)
    if team.daily and not team.gaps:
        return Use(0, 0, shown)
    exact = stored.reported_days if (stored.reported_from, stored.reported_to) == (first, end) and end == last else None
    if newest is not None and first <= newest <= end:
        return Use(exact, 1, shown)
    if team.daily:
        return Use(None if team.nothing else 0, None, shown)
    return Use(*_by_report(stored, exact, last, hidden=newest is not None and newest > end), shown)


def _by_report(stored: Stored, exact: int | None, last: int, *, hidden: bool) -> tuple[int | None, int | None]:
    """With only a Usage Report, last accessed decides each range that does not reach past it (domain.md §6).

    Use later than the range, `hidden`, may have come after use inside it.
    """
    if exact is not None:
        return exact, int(exact > 0)
    if stored.reported_to is None or stored.reported_to < last or hidden:
        return None, None
    return 0, 0


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
