"""Daily files: a row per person, product and day becomes one bit of a month, fast. Nothing else is kept of it."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from operator import itemgetter, methodcaller

from reporting_core.exports.asking import Refused
from reporting_core.exports.gathering import Gathered
from reporting_core.exports.keys import MONTH_BITS, REMEMBERED, Day, Days, Keys
from reporting_core.exports.rows import Chunk, PlainLines, Table, is_blank, long, short
from reporting_core.words.imports import Refusal, UseKey

FRESH_KEYS = 50_000
"""New keys after which a batch is handed over; until then they take up memory as what they are, not as texts."""


@dataclass(slots=True)
class Batch:
    """Use gathered since the last hand-over. `fresh` are keys with new numbers; `anew`: numbers begin again at 0."""

    anew: bool = True
    fresh: list[UseKey] = field(default_factory=list)
    masks: defaultdict[int, int] = field(default_factory=lambda: defaultdict(int))
    tokens: dict[tuple[int, int, str], int] = field(default_factory=dict)

    def span(self) -> tuple[int, int]:
        """Return the first and last day of use, as ordinals."""
        months: defaultdict[int, int] = defaultdict(int)
        for index, mask in self.masks.items():
            months[index & ((1 << MONTH_BITS) - 1)] |= mask
        first, last = min(months), max(months)
        start = months[first] & -months[first]
        return _ordinal(first, start.bit_length()), _ordinal(last, months[last].bit_length())


def _ordinal(month: int, day: int) -> int:
    return date(month // 12, month % 12 + 1, day).toordinal()


class DailyFile:
    """Takes in the rows of a daily file and hands over batches."""

    def __init__(self, keys: Keys, days: Days, gathered: Gathered, hand_over: Callable[[Batch], None]) -> None:
        """Hand full batches over by calling `hand_over`."""
        self.keys = keys
        self.days = days
        self.gathered = gathered
        self._hand_over = hand_over
        self.batch = Batch()

    def take(self, chunk: Chunk) -> None:
        """Take in rows that are cut into cells."""
        self.gathered.refuse(chunk.broken)
        numbers = list(map(self.keys.by_cells.get, self.keys.raw(chunk.rows)))
        days = list(map(self.days.known.get, map(itemgetter(self.days.place), chunk.rows)))
        if None in numbers or None in days:
            for index, (number, day) in enumerate(zip(numbers, days, strict=True)):
                if number is None or day is None:
                    numbers[index], days[index] = self._learn(chunk.rows[index], chunk.lines[index])
        self.count(numbers, days)

    def _learn(self, row: Sequence[str], line: int) -> tuple[int, Day] | tuple[None, None]:
        """Read a row of which something was not remembered; (None, None) for one that is refused."""
        return self.meet(row, line, self.keys.known_number)

    def meet(
        self, row: Sequence[str], line: int, number: Callable[[Sequence[str]], int]
    ) -> tuple[int, Day] | tuple[None, None]:
        """Return number and day of a row, or note why it is refused."""
        try:
            day = self.days.known.get(row[self.days.place]) or self.days.read(row)
            return number(row), day
        except Refused as refused:
            self.gathered.refuse([Refusal(line, str(refused))])
            return None, None

    def count(self, numbers: Sequence[int | None], days: Sequence[Day | None]) -> None:
        """Set the bits of accepted rows; None stands for a row that was refused."""
        masks, refused = self.batch.masks, 0
        for number, day in zip(numbers, days, strict=True):
            if number is not None and day is not None:
                masks[number + day[0]] |= day[1]
            else:
                refused += 1
        self.gathered.tail.read += len(numbers) - refused
        limits = self.gathered.limits
        if len(masks) >= limits.batch_entries or len(self.keys.fresh) >= FRESH_KEYS or len(self.keys) >= limits.keys:
            self.flush()

    def flush(self) -> None:
        """Hand over what was gathered, and forget the keys when there are too many to keep."""
        if self.batch.masks:
            self.gathered.meet_day(*self.batch.span())
            self.batch.fresh = list(self.keys.fresh)
            self._hand_over(self.batch)
        self.keys.fresh.clear()
        full = len(self.keys) >= self.gathered.limits.keys
        if full:
            self.keys.forget()
        self.batch = Batch(anew=full)


class Shortcut:
    """Takes in plain lines without cutting them into cells: a line without its day is remembered as a whole.

    Of a row "2026-11-24,ann@…,Design,Revit" only the first cell changes from day to day. Cutting stops behind the day,
    and one look into a dictionary answers for the rest of the line. It saves half of the time of reading a file.
    """

    def __init__(self, table: Table, width: int, file: DailyFile) -> None:
        """Prepare to cut lines of this table."""
        self._table = table
        self._file = file
        self._width = width
        place = file.days.place
        self._cut = methodcaller("split", table.delimiter, place + 1)
        self._day: Callable[[Sequence[str]], str] = itemgetter(place)
        self._rest: Callable[[Sequence[str]], object] = itemgetter(*(at for at in range(place + 2) if at != place))
        # Behind a day in the last column there is no rest, but the line's end.
        self._useful = place + 1 < width

    def take(self, block: PlainLines) -> None:
        """Take in some lines."""
        if not (self._useful and self._taken(block)):
            self._file.take(self._table.chunk(block))

    def _taken(self, block: PlainLines) -> bool:
        """Take in lines of which each has a day and a rest; blank and half-written ones are left to the careful way."""
        pieces = list(map(self._cut, block.texts))
        try:
            rests = list(map(self._rest, pieces))
        except IndexError:
            return False
        texts = list(map(self._day, pieces))
        numbers = list(map(self._file.keys.by_rest.get, rests))
        days = list(map(self._file.days.known.get, texts))
        if None in numbers or None in days:
            for index, (number, day) in enumerate(zip(numbers, days, strict=True)):
                if number is None or day is None:
                    line = block.first + index
                    numbers[index], days[index] = self._learn(block.texts[index], line, rests[index], texts[index])
        self._file.count(numbers, days)
        self._tidy()
        return True

    def _learn(self, line_text: str, line: int, rest: object, day_text: str) -> tuple[int, Day] | tuple[None, None]:
        known = self._file.keys.by_rest
        number, day = known.get(rest), self._file.days.known.get(day_text)
        if number is not None and day is not None:
            # An earlier row of the same block has taught it: the first rows of a new day.
            return number, day
        found = self._read(line_text, line)
        if found[0] is not None:
            known[rest] = found[0]
        return found

    def _tidy(self) -> None:
        """Forget when there is too much; with a column that differs in every row, nothing is worth remembering."""
        keys = self._file.keys
        self._useful = len(keys.by_rest) < max(REMEMBERED, len(keys) * 4)
        if not self._useful or len(keys.by_rest) >= self._file.gathered.limits.keys:
            keys.by_rest.clear()

    def _read(self, text: str, line: int) -> tuple[int, Day] | tuple[None, None]:
        row = text.rstrip("\r\n").split(self._table.delimiter)
        if len(row) > self._width and not any(cell.strip() for cell in row[self._width :]):
            row = row[: self._width]
        if len(row) == self._width:
            return self._file.meet(row, line, self._file.keys.number)
        if not is_blank(row):
            reason = short if len(row) < self._width else long
            self._file.gathered.refuse([Refusal(line, reason(len(row), self._width))])
        return None, None
