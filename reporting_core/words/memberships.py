"""Seats that are memberships in the groups of a directory, as values."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Tried(StrEnum):
    """What became of an order to a directory, as far as we know ourselves."""

    SENT = "sent"
    """Sent, or about to be; whether it had an effect is not known."""
    DONE = "done"


@dataclass(frozen=True, slots=True)
class Attempt:
    """What was tried in a directory, and how it said that the group's memberships were before that."""

    state: Tried
    mark: str
    at: datetime


class Way(StrEnum):
    """How a person is in the group that carries a product."""

    DIRECT = "direct"
    ELSEWHERE = "elsewhere"
    """By another group or a rule: not for us to take away."""
    NONE = "none"
