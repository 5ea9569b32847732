"""Daily files: a row per person, product and day becomes one bit of a month, fast. Nothing else is kept of it."""

from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from operator import itemgetter, methodcaller

from reporting_core.exports.asking import Refused
from reporting_core.exports.gathering import Gathered
from reporting_core.exports.keys import MONTH_BITS, REMEMBERED, Day, Days, Keys
from reporting_core.exports.rows import Chunk, PlainLines, Table, is_blank, long, short
from reporting_core.words.imports import Refusal, UseKey


@dataclass(slots=True)
class Batch:
    """Use gathered since the last hand-over. `fresh` are keys with new numbers; `anew`: numbers begin again at 0."""

    anew: bool = True
    fresh: list[tuple[UseKey, int]] = field(default_factory=list)
    rows: Counter[int] = field(default_factory=Counter)
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
        numbers = list(map(self.keys.by_cells.get, map(self.keys.raw, chunk.rows)))
        days = list(map(self.days.known.get, map(itemgetter(self.days.place), chunk.rows)))
        if None in numbers or None in days:
            for index, (number, day) in enumerate(zip(numbers, days, strict=True)):
                if number is None or day is None:
                    numbers[index], days[index] = self.learn(chunk.rows[index], chunk.lines[index])
        self.count(numbers, days)

    def learn(self, row: Sequence[str], line: int) -> tuple[int, Day] | tuple[None, None]:
        """Read a row of which something was not remembered; (None, None) for one that is refused."""
        try:
            day = self.days.read(row)
            return self.keys.number(row, line), day
        except Refused as refused:
            self.gathered.refuse([Refusal(line, str(refused))])
            return None, None

    def count(self, numbers: Sequence[int | None], days: Sequence[Day | None]) -> None:
        """Set the bits of accepted rows; None stands for a row that was refused."""
        masks, rows = self.batch.masks, self.batch.rows
        for number, day in zip(numbers, days, strict=True):
            if number is not None and day is not None:
                masks[number + day[0]] |= day[1]
        rows.update(numbers)  # type: ignore[arg-type]
        self.gathered.tail.read += len(numbers) - rows.pop(None, 0)  # type: ignore[call-overload]
        limits = self.gathered.limits
        if len(masks) >= limits.batch_entries or len(self.keys) >= limits.keys:
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
        self._missed = self._asked = 0

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
        numbers = list(map(self._file.keys.by_rest.get, rests))
        days = list(map(self._file.days.known.get, map(self._day, pieces)))
        if None in numbers or None in days:
            self._learn(block, rests, numbers, days)
        self._file.count(numbers, days)
        return True

    def _learn(
        self, block: PlainLines, rests: Sequence[object], numbers: list[int | None], days: list[Day | None]
    ) -> None:
        known = self._file.keys.by_rest
        self._asked += len(rests)
        for index, (number, day) in enumerate(zip(numbers, days, strict=True)):
            if number is None or day is None:
                self._missed += 1
                numbers[index], days[index] = found, _ = self._read(block.texts[index], block.first + index)
                if found is not None:
                    known[rests[index]] = found
        if len(known) > REMEMBERED * 2:
            # A column that is different in every row leaves nothing to remember.
            self._useful = self._missed * 2 < self._asked
            known.clear()

    def _read(self, text: str, line: int) -> tuple[int, Day] | tuple[None, None]:
        row = text.rstrip("\r\n").split(self._table.delimiter)
        if len(row) > self._width and not any(cell.strip() for cell in row[self._width :]):
            row = row[: self._width]
        if len(row) == self._width:
            return self._file.learn(row, line)
        if not is_blank(row):
            reason = short if len(row) < self._width else long
            self._file.gathered.refuse([Refusal(line, reason(len(row), self._width))])
        return None, None
