"""How the seat of an order stands in our own data: what speaks against the order, and what became of it."""

from reporting_core.storage.providing import Holding
from reporting_core.words.said import say
from reporting_core.words.seats import Change, Done, ProviderAnswer, SeatOrder, Seen

_NO_SUCH = ProviderAnswer(Done.REFUSED, reason=say("There is no such seat in the data."))
_GONE = ProviderAnswer(Done.REFUSED, reason=say("The seat was unassigned already."))
_HELD = ProviderAnswer(Done.REFUSED, reason=say("The person has the seat already."))
_CHANGED = ProviderAnswer(Done.REFUSED, reason=say("The seat was assigned anew or in another way meanwhile."))
NONE_FREE = ProviderAnswer(Done.REFUSED, reason=say("No seat is free."))


def against(order: SeatOrder, seat: Holding | None) -> ProviderAnswer | None:
    """Return the refusal of an order that our own data contradicts, None for one that can be carried out."""
    if seat is None or seat.flex or not seat.is_of(order):
        return _NO_SUCH
    if order.change is Change.ASSIGN:
        return _HELD if seat.assigned else None
    if seat.assigned == 0:
        return _GONE
    return None if seat.assigned and seat.is_as_ordered(order) else _CHANGED


def seen(order: SeatOrder, seat: Holding | None) -> Seen:
    """Say how the seat stands."""
    if seat is None or seat.assigned is None or not seat.is_of(order):
        return Seen.UNKNOWN
    if not seat.assigned:
        return Seen.GONE
    return Seen.SAME if seat.is_as_ordered(order) else Seen.OTHER
