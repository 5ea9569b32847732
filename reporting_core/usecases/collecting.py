"""Keeps Python's search for reference cycles away from work that makes objects by the 100,000 and no cycles.

The search holds all threads for a tenth of a second at a time: the event loop would stand still, and a report over all
teams would take half as long again.
"""

import gc
from threading import Lock
from types import TracebackType
from typing import Final


class _Search:
    """Counts the blocks under way; the search is off from the first one's start to the last one's end."""

    def __init__(self) -> None:
        """Begin with the search as the process has it."""
        self._lock = Lock()
        self._blocks = 0
        self._was_on = True

    def __enter__(self) -> None:
        with self._lock:
            if not self._blocks:
                self._was_on = gc.isenabled()
                gc.disable()
            self._blocks += 1

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with self._lock:
            self._blocks -= 1
            if not self._blocks and self._was_on:
                # Moves all objects to the oldest generation without looking at any: the next search of the youngest
                # would else go through all that was just made.
                gc.freeze()
                gc.unfreeze()
                gc.enable()


no_search_for_cycles: Final = _Search()
"""`with no_search_for_cycles:`, from any thread and as often as need be."""
