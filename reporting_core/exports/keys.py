"""Whose use of what, and on which day: read once for each different text and remembered, since daily files repeat."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from operator import itemgetter

from reporting_core.exports.asking import Refused
from reporting_core.exports.cells import Cells
from reporting_core.exports.columns import PERSON
from reporting_core.exports.gathering import Gathered
from reporting_core.exports.recognising import Layout
from reporting_core.words.imports import UseKey

KEY_COLUMNS = ("team", *PERSON, "offering", "access", "child", "version")
MONTH_BITS = 16
"""Room for year * 12 + month below a key's number, in the integers that index masks."""
EARLIEST_USE = date(2000, 1, 1).toordinal()
"""Older than any export: a mistyped year would else stretch what the file seems to cover."""
REMEMBERED = 100_000
"""Texts whose meaning is remembered; a file in which every row differs must not fill the memory."""

Day = tuple[int, int]
"""A day as (year * 12 + month - 1, bit)."""


def month_of(ordinal: int) -> Day:
    """Return month and bit of a day."""
    on = date.fromordinal(ordinal)
    return on.year * 12 + on.month - 1, 1 << (on.day - 1)


class Keys:
    """Numbers of the keys of a file, shifted left by `MONTH_BITS`, ready for a month to be added.

    Half a million keys have to fit into the child's memory, so a key is forgotten once it was handed over. What stays
    are texts: the key as one, and what the rows of it looked like.
    """

    def __init__(self, layout: Layout, cells: Cells, gathered: Gathered) -> None:
        """Read rows of this layout."""
        self._cells = cells
        self._gathered = gathered
        self._of_row: Callable[[Sequence[str]], tuple[str, ...]] = itemgetter(
            *(layout.places[concept] for concept in KEY_COLUMNS if concept in layout.places)
        )
        self.by_cells: dict[str, int] = {}
        """Numbers by the cells of a row that make its key (see `raw`)."""
        self.by_rest: dict[object, int] = {}
        """Numbers by what is left of a plain line without its day (see `Shortcut`)."""
        self._numbers: dict[str, int] = {}
        self.fresh: list[UseKey] = []
        """Keys that were not handed over yet, in the order of their numbers."""

    def __len__(self) -> int:
        return len(self._numbers)

    def raw(self, rows: Iterable[Sequence[str]]) -> Iterator[str]:
        """Return, for each row, the cells that make its key, as one text."""
        return map("\x1f".join, map(self._of_row, rows))

    def number(self, row: Sequence[str]) -> int:
        """Return the number of a row's key. Raises Refused."""
        key = self.read(row)
        text = "\x1f".join((key.team, *key.person, *key[2:]))
        found = self._numbers.get(text)
        if found is None:
            found = self._numbers[text] = len(self._numbers) << MONTH_BITS
            self.fresh.append(key)
        return found

    def known_number(self, row: Sequence[str]) -> int:
        """Return the number of a row's key, and remember it by the row's cells. Raises Refused."""
        raw = next(self.raw([row]))
        found = self.by_cells.get(raw)
        if found is None:
            if len(self.by_cells) >= self._gathered.limits.keys:
                self.by_cells.clear()
            found = self.by_cells[raw] = self.number(row)
        return found

    def read(self, row: Sequence[str]) -> UseKey:
        """Return the key of a row. Raises Refused."""
        cells = self._cells
        team, offering = cells.name(row, "team"), cells.name(row, "offering")
        child = cells.text(row, "child")
        key = UseKey(
            team=team,
            person=cells.person(row),
            offering=offering,
            access=cells.access(row),
            # A product launched under its own name is no child of itself; Title Case files do not name it at all.
            child="" if child.casefold() == offering.casefold() else child,
            release=cells.text(row, "version"),
        )
        self._gathered.meet_team(team, masked=cells.masked)
        return key

    def forget(self) -> None:
        """Begin numbering anew, when there are too many to keep."""
        for memory in (self.by_cells, self.by_rest, self._numbers):
            memory.clear()


class Days:
    """Reads the day of a row, and remembers the answer by its text."""

    def __init__(self, layout: Layout, cells: Cells) -> None:
        """Read rows of this layout."""
        self.place = layout.places["day_used"]
        self._cells = cells
        self.known: dict[str, Day] = {}

    def ordinal(self, row: Sequence[str]) -> int:
        """Return the day of a row. Raises Refused."""
        found = self._cells.past_day(row, "day_used")
        if found is None:
            raise Refused("Day used is blank")
        if found < EARLIEST_USE:
            raise Refused(f"Day used {row[self.place].strip()[:40]} is before the year 2000")
        return found

    def read(self, row: Sequence[str]) -> Day:
        """Return month and bit of a row's day. Raises Refused."""
        found = month_of(self.ordinal(row))
        if len(self.known) < REMEMBERED:
            self.known[row[self.place]] = found
        return found
