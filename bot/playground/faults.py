"""Faults that somebody ordered: which call gets which one, and how often still."""

from __future__ import annotations

from dataclasses import dataclass

from bot.playground.schema import Json

# `drop_after` does the work and loses the reply: what happened is then unknown to the bot.
KINDS = "429, 500 to 599, hang, drop, drop_after or an error code such as invalid_blocks"


@dataclass(slots=True)
class Fault:
    """One order: the next `times` calls of `method` (or `*`) go wrong in this way."""

    method: str
    kind: str
    times: int = 1
    seconds: float | None = None

    @property
    def status(self) -> int | None:
        """The HTTP status, for kinds that are one."""
        return int(self.kind) if self.kind.isdigit() else None

    def json(self) -> Json:
        """The order as the page shows it."""
        return {"method": self.method, "kind": self.kind, "times": self.times, "seconds": self.seconds}


class Faults:
    """The orders that are still open."""

    def __init__(self) -> None:
        self._orders: list[Fault] = []

    def order(self, method: str, kind: str, times: int = 1, seconds: float | None = None) -> Fault:
        """Let the next calls of a method go wrong; `ValueError` for a kind nobody knows."""
        status = int(kind) if kind.isdigit() else None
        usable = status == 429 or (status is not None and 500 <= status <= 599) or kind.replace("_", "").isalpha()  # noqa: PLR2004
        if not usable or times < 1:
            message = f"The kind must be {KINDS}, and `times` at least 1."
            raise ValueError(message)
        fault = Fault(method, kind, times, seconds)
        self._orders.append(fault)
        return fault

    def take(self, method: str) -> Fault | None:
        """The fault for this call, if one is due; it is used up by asking."""
        for fault in self._orders:
            if fault.method == method or (fault.method == "*" and method != "socket"):
                fault.times -= 1
                if fault.times <= 0:
                    self._orders.remove(fault)
                return fault
        return None

    def all(self) -> list[Json]:
        """What is still to come."""
        return [fault.json() for fault in self._orders]

    def clear(self) -> None:
        """Let everything work again."""
        self._orders.clear()
