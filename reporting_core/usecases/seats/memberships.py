"""Seats that are memberships in a directory: what speaks against an order, and what became of an attempt.

Pure: no directory and no database is asked here.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta

from reporting_core.words.memberships import Attempt, Tried, Way
from reporting_core.words.names import fold
from reporting_core.words.said import say
from reporting_core.words.seats import Change, Done, OutOfGroups, ProviderAnswer, ProviderError, SeatOrder, Seen
from reporting_core.words.terms import Origin

LAG = timedelta(minutes=5)
"""So long a directory may still show a membership that it has ended: its copies follow one another."""

DONE = ProviderAnswer(Done.DONE)

OFF = say("Taking people out of directory groups is switched off, which is the default; see docs/providers.md.")
NO_GROUP = say("No directory group is set for this product; see docs/providers.md.")
NOT_BY_GROUP = say("The seat did not come from a group, so leaving one would not free it.")
ANOTHER_GROUP = say("The seat came from another group than the one that is set for the product.")
SHARED = say("The directory group carries other products too, which the person would lose as well.")
NO_EMAIL = say("The data names no e-mail of the person, by which the directory could find them.")
NO_PERSON = say("The directory knows nobody with this e-mail.")
SEVERAL = say("The directory knows several people with this e-mail.")
LOST_GROUP = say("The directory has no such group any more; see the settings of the provider.")
NOT_IN = say("The person is not in the directory group: the seat came in another way, or newer data will show it gone.")
NESTED = say("The person is in the group by another group or a rule, so it has to be changed there.")
HELD = say("The person is in the directory group already.")
DYNAMIC = say("A rule of the directory decides who is in the group, so the rule has to be changed.")
SYNCED = say("The group comes from another directory, so it has to be changed there.")
GUARDED = say("The group gives rights of administrators, or is one for mail, which usagebot leaves alone.")
_UNSURE = "Whether an earlier attempt had an effect is not known, and the person is in the group: somebody has to look."


def place(name: str) -> str:
    """Return the key of “Team/Product” or “Product”, in which groups are looked up."""
    return fold("/".join(part.strip() for part in name.split("/")))


def carrier(groups: Mapping[str, str], order: SeatOrder) -> str:
    """Return the id of the group that carries the product in the team, or in every team; empty if none is set."""
    return groups.get(place(f"{order.team}/{order.product}")) or groups.get(place(order.product), "")


def against(order: SeatOrder, groups: Mapping[str, str], allowed: OutOfGroups) -> ProviderAnswer | None:
    """Return the refusal of an order that needs no directory to be refused."""
    group = carrier(groups, order)
    reasons = (
        (OFF, allowed is OutOfGroups.NO),
        (NOT_BY_GROUP, order.origin not in {Origin.GROUP, Origin.UNKNOWN}),
        (NO_GROUP, not group),
        (SHARED, allowed is not OutOfGroups.SHARED and list(groups.values()).count(group) > 1),
        (NO_EMAIL, not order.email),
    )
    return next((refused(reason) for reason, holds in reasons if holds), None)


def is_another(order: SeatOrder, group: str) -> bool:
    """Tell whether the data says that the seat came from another group than the one of this name."""
    return order.origin is Origin.GROUP and fold(order.origin_group) != fold(group)


def judged(order: SeatOrder, way: Way, attempt: Attempt | None, mark: str) -> ProviderAnswer | None:
    """Return the answer to an order that has nothing left to be done; None: do it. Raises ProviderError in doubt."""
    if attempt is not None and attempt.state is Tried.DONE:
        return DONE
    if order.change is Change.ASSIGN:
        return None if way is Way.NONE else _held(way, attempt)
    if way is Way.ELSEWHERE:
        return refused(NESTED)
    if way is Way.NONE:
        return DONE if attempt else refused(NOT_IN)
    if attempt is not None and not _unchanged(attempt, mark):
        raise ProviderError(_UNSURE)
    return None


def seen(order: SeatOrder, way: Way, attempt: Attempt | None, mark: str, now: datetime) -> Seen:
    """Say how the seat stands. A membership has no date: one that is there after an attempt may be a new one."""
    if way is not Way.DIRECT:
        return Seen.GONE if way is Way.NONE else Seen.OTHER
    if order.change is Change.ASSIGN or attempt is None:
        return Seen.SAME
    if attempt.state is Tried.DONE:
        return Seen.UNKNOWN if now - attempt.at < LAG else Seen.OTHER
    return Seen.SAME if _unchanged(attempt, mark) else Seen.UNKNOWN


def refused(reason: str) -> ProviderAnswer:
    """Refuse, with a reason for the admin."""
    return ProviderAnswer(Done.REFUSED, reason=reason)


def _held(way: Way, attempt: Attempt | None) -> ProviderAnswer:
    return DONE if way is Way.DIRECT and attempt else refused(HELD)


def _unchanged(attempt: Attempt, mark: str) -> bool:
    """Tell whether nobody's membership changed since the attempt, so that it had no effect."""
    return bool(mark) and attempt.mark == mark
