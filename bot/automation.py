"""What a customer's automation says of an order, in its answer or by a callback, held against the order it is about.

A word is taken only for the very key, person and product; anything else says nothing about the seat.
"""

import re
from collections.abc import Mapping
from typing import Any

from reporting_core.words.seats import Done, ProviderAnswer, SeatOrder, Seen

LONGEST = 200
"""Characters of a reason or a reference that are kept."""

_UNSEEN = re.compile(r"[\x00-\x1f\x7f\u2028\u2029]+")


def answer(order: SeatOrder, values: Mapping[str, Any] | None) -> ProviderAnswer | None:
    """Return what was said of the order; None where it is no answer, or one to something else."""
    if values is None or not _is_about(order, values):
        return None
    result = values.get("result")
    if not isinstance(result, str) or result not in set(Done):
        return None
    return ProviderAnswer(Done(result), _text(order, values.get("reference")), _text(order, values.get("reason")))


def seen(order: SeatOrder, values: Mapping[str, Any] | None) -> Seen:
    """Return how the automation sees the seat; unknown for anything but a word about this very order."""
    if values is None or not _is_about(order, values):
        return Seen.UNKNOWN
    state = values.get("state")
    return Seen(state) if isinstance(state, str) and state in set(Seen) else Seen.UNKNOWN


def person(order: SeatOrder) -> str:
    """Return what a person is called by between the two: e-mail, else the vendor's id, else its hash."""
    return order.email or order.autodesk_id or order.hashed_autodesk_id or ""


def _is_about(order: SeatOrder, values: Mapping[str, Any]) -> bool:
    names = {each.casefold() for each in (order.email, order.autodesk_id, order.hashed_autodesk_id) if each}
    said = values.get("person")
    same_person = isinstance(said, str) and said.strip().casefold() in names
    return bool(values.get("key") == order.key and same_person and values.get("product") == order.product)


def _text(order: SeatOrder, value: object) -> str:
    """Return a text of one line. Who it is about stands in the order, and a message may go where names must not."""
    if not isinstance(value, str):
        return ""
    text = _UNSEEN.sub(" ", value).strip()
    names = (order.email, order.name, order.autodesk_id, order.hashed_autodesk_id, *order.name.split())
    for name in sorted(filter(None, names), key=len, reverse=True):
        text = re.sub(rf"(?<!\w){re.escape(name)}(?!\w)", "*****", text, flags=re.IGNORECASE)
    return text[:LONGEST]
