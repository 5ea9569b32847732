"""Where the local workspace gets its time, its waiting and its identifiers from: all of it is handed in."""

from __future__ import annotations

import string
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from random import Random
from typing import TypeAlias

Clock: TypeAlias = Callable[[], float]
Sleep: TypeAlias = Callable[[float], Awaitable[object]]

_LETTERS = string.ascii_uppercase + string.digits
_MIXED = string.ascii_letters + string.digits


@dataclass(frozen=True, slots=True)
class Ids:
    """New identifiers in Slack's shapes; hand in `random.SystemRandom()` where they must not be guessed."""

    random: Random

    def of(self, letter: str) -> str:
        """An identifier such as `C07Q3ZK2LMN`."""
        return letter + "0" + "".join(self.random.choices(_LETTERS, k=9))

    def secret(self, length: int = 24) -> str:
        """A long piece of an address or ticket that works like a password."""
        return "".join(self.random.choices(_MIXED, k=length))

    def short(self) -> str:
        """The five characters Slack gives to a block or action without an id."""
        return "".join(self.random.choices(_MIXED, k=5))

    def envelope(self) -> str:
        """An envelope id in the shape of a UUID."""
        digits = "".join(self.random.choices("0123456789abcdef", k=32))
        return "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]))


class Stamps:
    """Message timestamps: the time in microseconds, never the same one twice."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._last = 0

    def next(self) -> str:
        """The next `ts`, such as `1764005000.000100`."""
        self._last = max(int(self._clock() * 1_000_000), self._last + 1)
        return f"{self._last // 1_000_000}.{self._last % 1_000_000:06d}"
