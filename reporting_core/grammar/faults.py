"""What is wrong with a command that is read on: the first fault is told, all shape the corrected command."""

from typing import NamedTuple

from reporting_core.words.said import either, say

MOST = 20
"""After so many faults reading stops: whatever this is, it is no command."""


class Fault(NamedTuple):
    """One fault at [start, end) of the text."""

    start: int
    end: int
    message: str
    suggestions: tuple[str, ...] = ()


class Faults:
    """Collects faults; the one furthest left is the first."""

    def __init__(self) -> None:
        self.found: list[Fault] = []

    def note(self, message: str, start: int, end: int, suggestions: tuple[str, ...] = ()) -> None:
        """Write a fault down."""
        self.found.append(Fault(start, end, message, tuple(map(str, suggestions[:3]))))

    @property
    def too_many(self) -> bool:
        """Whether reading on is of no use."""
        return len(self.found) >= MOST

    @property
    def first(self) -> Fault:
        """The fault that is told."""
        return min(self.found, key=lambda fault: fault.start)


def did_you_mean(options: tuple[str, ...]) -> str:
    """Return a closing question with options, empty without any."""
    return say(" Did you mean {options}?", options=either(options)) if options else ""
