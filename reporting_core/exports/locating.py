"""A second look into a daily file for the lines of some rows: one that turns out too old to count is named by them."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from reporting_core.exports.asking import Refused
from reporting_core.exports.keys import Days, Keys
from reporting_core.exports.rows import Chunk, of_lines
from reporting_core.words.imports import UseKey

Place = tuple[UseKey, int]
"""A key and a day (ordinal)."""


class Locator:
    """Notes the lines of the rows that are wanted."""

    def __init__(self, keys: Keys, days: Days, wanted: Iterable[Place]) -> None:
        """Look for these."""
        self._keys = keys
        self._days = days
        self._wanted: dict[UseKey, set[int]] = defaultdict(set)
        for key, day in wanted:
            self._wanted[key].add(day)
        self._known: dict[str, UseKey | None] = {}
        self.found: dict[Place, list[int]] = defaultdict(list)

    def take(self, chunk: Chunk) -> None:
        """Look through some rows."""
        for (row, line), raw in zip(of_lines(chunk), self._keys.raw(chunk.rows), strict=True):
            key = self._key(row, raw)
            if key is not None:
                self._note(row, line, key, self._wanted[key])

    def _key(self, row: Sequence[str], raw: str) -> UseKey | None:
        if raw not in self._known:
            if len(self._known) > self._MOST:
                self._known.clear()
            self._known[raw] = self._read(row)
        return self._known[raw]

    def _read(self, row: Sequence[str]) -> UseKey | None:
        try:
            key = self._keys.read(row)
        except Refused:
            return None
        return key if key in self._wanted else None

    def _note(self, row: Sequence[str], line: int, key: UseKey, days: set[int]) -> None:
        try:
            day = self._days.ordinal(row)
        except Refused:
            return
        if day in days:
            self.found[key, day].append(line)

    _MOST = 200_000


def flat(found: Mapping[Place, list[int]]) -> list[tuple[UseKey, int, list[int]]]:
    """Return what was found as a list, for the way to the parent."""
    return [(key, day, lines) for (key, day), lines in found.items()]
