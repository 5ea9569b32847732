"""Reading ranges of dates in plain words: “since September”, “for 90 days”, “between 1 March and 31 May”.

Lengths and dates are read by the grammar; here they are found among the words, and given a beginning and an end. A
range that can be meant in two ways has two readings (“in the last month”: thirty days, or the month before this one).
"""

import calendar
import re
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from reporting_core.grammar.dates import TODAY, YESTERDAY, Misread, on, read_date
from reporting_core.grammar.ranges import CALENDAR, read_last
from reporting_core.metrics import periods
from reporting_core.words.errors import AskAgain
from reporting_core.words.query import Between, Calendar, Last, Range, Unit

_MONTHS = {name.casefold(): number for number, name in enumerate(calendar.month_name) if name}
_MONTHS |= {name.casefold(): number for number, name in enumerate(calendar.month_abbr) if name} | {"sept": 9}
_DAYS = {name.casefold(): number for number, name in enumerate(calendar.day_name)}
_NUMBERS = {
    "one": 1, "two": 2, "couple": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9,
    "ten": 10, "eleven": 11, "twelve": 12, "fifteen": 15, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50,
    "sixty": 60, "ninety": 90, "hundred": 100, "a": 1, "an": 1,
}  # fmt: skip
_ORDINALS = {"first": 1, "second": 2, "third": 3, "fourth": 4}
_UNITS = {"day", "days", "week", "weeks", "month", "months", "year", "years", "quarters"}
_THIS = {"this", "current"}
_PAST = {"last", "past", "previous"}
_SINCE = {"since"}
_LEADS = {"in", "for", "over", "during", "within", "of", "on", "at", "throughout"}
_UNTIL = {"to", "until", "till", "through"}
_COULD_BE_A_WORD = {"may", "march", "mar", "sun", "second"}
_LONGEST_DATE = 4
_YEAR = re.compile(r"(?:19|20)\d\d", re.ASCII)
_DECADE = range(2000, 2100)

WORDS = frozenset(
    {*_MONTHS, *_DAYS, *_NUMBERS, *_ORDINALS, *_UNITS, *CALENDAR, *_THIS, *_PAST, *_SINCE, *_LEADS, *_UNTIL}
    | {TODAY, YESTERDAY, "between", "from", "ago", "half", "quarter", "beginning", "start", "onwards", "onward", "and"}
    | {"before", "the", "ytd", "date"}
)
"""Words that ranges are made of."""


class Span(NamedTuple):
    """Words up to `end` that say a range: its readings. `bare`: a length that may as well count days of use."""

    end: int
    ranges: tuple[Range, ...]
    bare: bool = False


def is_number(word: str) -> bool:
    """Tell whether a word begins with a digit: nobody's slip."""
    return word[:1].isdecimal()


def number(word: str) -> int | None:
    """Return the number that a word is."""
    if word.isdecimal() and word.isascii() and len(word) <= len("9999"):
        return int(word)
    return _NUMBERS.get(word) if word not in {"a", "an"} else None


def spans(words: Sequence[str], at: int, today: date) -> list[Span]:
    """Return the ranges that begin at a word, the longest first."""
    return sorted(_Reader(words, today).all(at), key=lambda span: -span.end)


class _Point(NamedTuple):
    """A day or a longer time: its range, its first and last day, and the words' end."""

    end: int
    range: Range
    first: date
    last: date


class _Reader:
    def __init__(self, words: Sequence[str], today: date) -> None:
        self.words = words
        self.today = today

    def all(self, at: int) -> Iterator[Span]:
        yield from self._since(at)
        yield from self._two_ends(at)
        start = self._after(at, _LEADS)
        start = self._after(start, {"the"}) if start > at else start
        led = self.words[at:start]
        yield from self._lengths(start, led)
        yield from self._wholes(start, led)
        if self._word(start) not in _COULD_BE_A_WORD or led:
            yield from (Span(point.end, (point.range,)) for point in self._points(start))

    def _word(self, at: int) -> str:
        return self.words[at] if at < len(self.words) else ""

    def _after(self, at: int, wanted: set[str]) -> int:
        return at + 1 if self._word(at) in wanted else at

    def _lengths(self, at: int, led: Sequence[str]) -> Iterator[Span]:
        """“the last 90 days”, “90 days”, “three months”, “30d”, “half a year”."""
        past = self._after(self._after(at, {"the"}), _PAST)
        past = past if self._word(past - 1) in _PAST and past > at else at
        if past == at and "over" in led:
            # “over 90 days” is more than 90 days, which is no range.
            return
        bare = past == at and not {"in", "during", "within"} & set(led)
        for end, text in self._measures(past, alone=bool(led) or past > at):
            asked = read_last(text)
            if isinstance(asked, Last):
                yield Span(end, (asked,), bare and end > past + 1)

    def _measures(self, at: int, *, alone: bool) -> Iterator[tuple[int, str]]:
        word = self._word(at)
        if word == "half" and self._word(at + 1) in {"a", "year"} and "year" in self.words[at + 1 : at + 3]:
            yield self.words.index("year", at) + 1, "6mo"
        if is_number(word) and not word.isdecimal():
            yield at + 1, word
        count = _NUMBERS.get(word, number(word))
        unit = self._after(at + 1, {"of"}) if word == "couple" else at + 1
        if count is not None and self._word(unit) in _UNITS and (alone or word not in {"a", "an"}):
            yield unit + 1, f"{count} {self._word(unit)}"

    def _wholes(self, at: int, led: Sequence[str]) -> Iterator[Span]:
        """“last month”, “this quarter”: of the calendar; “the last month”, “the past month” may be rolling, too."""
        the = "the" in led or self._word(at) == "the"
        at = self._after(at, {"the"})
        which, unit = self._word(at), self._word(at + 1)
        if unit in CALENDAR and which in _THIS:
            yield Span(at + 2, (self._current(unit),))
        if unit in CALENDAR and which in _PAST:
            rolling = Last(3, Unit.MONTHS) if unit == "quarter" else read_last(f"1 {unit}")
            both = which == "past" or (the and which == "last")
            whole = Calendar(unit)
            yield Span(at + 2, (rolling, whole) if both and isinstance(rolling, Last) else (whole,))
        if which == "last" and (month := _MONTHS.get(unit)):
            newest = self._month(month)
            yield Span(at + 2, (Calendar(_spelt(newest)), Calendar(_spelt(newest.replace(year=newest.year - 1)))))

    def _current(self, unit: str) -> Range:
        year, month, monday = self.today.year, self.today.month, self.today - timedelta(days=self.today.weekday())
        quarter = Calendar(f"{year:04}-q{(month + 2) // 3}")
        now: dict[str, Range] = {"month": Calendar(_spelt(self.today)), "quarter": quarter}
        return now.get(unit) or (Between(monday) if unit == "week" else Calendar(f"{year:04}"))

    def _since(self, at: int) -> Iterator[Span]:
        """“since September”, “since 1 March”, “since last month”; “since 90 days” is a length."""
        if self._word(at) not in {*_SINCE, "from"}:
            return
        start = self._after(at + 1, {"the"})
        if self._word(at) in _SINCE:
            for length in self._lengths(start, ("in",)):
                yield Span(self._after(length.end, {"ago"}), length.ranges)
            yield from self._since_whole(start)
        for point in self._points(self._beginning(start)):
            end = self._after(self._after(point.end, {"on"}), {"onwards", "onward"})
            if self._word(at) in _SINCE or end > point.end:
                yield Span(end, (Between(point.first),))

    def _beginning(self, at: int) -> int:
        end = self._after(at, {"beginning", "start"})
        return self._after(self._after(end, {"of"}), {"the"}) if end > at else at

    def _since_whole(self, at: int) -> Iterator[Span]:
        start = self._beginning(at)
        for unit_at in (start, start + 1):
            unit = self._word(unit_at)
            which = self._word(start) if unit_at > start else ""
            if unit not in CALENDAR or (which and which not in {*_THIS, "last", "previous"}):
                continue
            if which in {"last", "previous"}:
                yield Span(unit_at + 1, (Between(self._bounds(Calendar(unit))[0]),))
            elif which or start > at:
                asked = self._current(unit)
                first = asked.first if isinstance(asked, Between) else self._bounds(asked)[0]
                yield Span(unit_at + 1, (Between(first),))

    def _two_ends(self, at: int) -> Iterator[Span]:
        """“between 1 March and 31 May”, “from March to May”, “March to May”."""
        lead = self._word(at)
        start = at + 1 if lead in {"between", "from"} else at
        joins = {"and"} if lead == "between" else _UNTIL
        if start == at and lead in _COULD_BE_A_WORD:
            return
        for first in self._points(self._after(start, {"the"})):
            if self._word(first.end) in joins:
                dated = self._says_year(start, first.end)
                for last in self._points(self._after(first.end + 1, {"the"})):
                    # “1 March 2025 to 31 May” may end in either year; what has its year is not moved into another.
                    if not dated or (self._says_year(first.end, last.end) and first.first <= last.last):
                        yield from self._between(first, last)

    def _says_year(self, start: int, end: int) -> bool:
        return any(_YEAR.search(word) for word in self.words[start:end])

    def _between(self, first: _Point, last: _Point) -> Iterator[Span]:
        begin = first.first
        while begin > last.last:
            try:
                begin = begin.replace(year=begin.year - 1)
            except ValueError:
                return
        if last.last >= self.today and last.first != self.today:
            yield Span(last.end, (Between(begin),))
        else:
            yield Span(last.end, (Between(begin, last.last),))

    def _points(self, at: int) -> Iterator[_Point]:
        yield from self._dates(at)
        yield from self._named(at)
        if self._word(at) in _DAYS:
            back = (self.today.weekday() - _DAYS[self._word(at)]) % 7 or 7
            day = self.today - timedelta(days=back)
            yield _Point(at + 1, Between(day, day), day, day)

    def _dates(self, at: int) -> Iterator[_Point]:
        for end in range(min(at + _LONGEST_DATE, len(self.words)), at, -1):
            said = [word for word in self.words[at:end] if word not in {"of", "the"}]
            if len(said) < end - at and self._word(end - 1) in {"of", "the"}:
                continue
            if said and said[0] == "first":
                said[0] = "1"
            text = " ".join(said)
            if not isinstance(read_last(text), Calendar):
                # The grammar's dates take 2026-09 for its first day; here it is the month.
                yield from self._days(end, read_date(text, self.today))

    def _days(self, end: int, found: date | str | Misread | None) -> Iterator[_Point]:
        if isinstance(found, Misread):
            # The grammar asks back, whatever it suggests; one suggestion leaves nothing to ask.
            days = [read_date(each, self.today) for each in found.suggestions]
            found = days[0] if len(days) == 1 and isinstance(found.instead, date) else None
        if found is not None and not isinstance(found, Misread):
            day = on(found, self.today)
            if day <= self.today:
                yield _Point(end, Between(found, found), day, day)

    def _named(self, at: int) -> Iterator[_Point]:
        """“September”, “September 2025”, “2026-09”, “q3 2026”, “2025”."""
        word, year = self._word(at), self._word(at + 1)
        dated = year.isdecimal() and len(year) == len("2026") and int(year) in _DECADE
        if month := _MONTHS.get(word):
            newest = self._month(month)
            yield from self._whole(at + 1, f"{newest.year:04}-{month:02}")
            if dated:
                yield from self._whole(at + 2, f"{year}-{month:02}")
        quarter = word[1:] if word[:1] == "q" and word[1:] in {"1", "2", "3", "4"} else ""
        end = at + 1
        if word in _ORDINALS and year == "quarter":
            quarter, end = str(_ORDINALS[word]), self._after(at + 2, {"of"})
            dated = (year := self._word(end)).isdecimal() and len(year) == len("2026")
        if quarter:
            yield from self._whole(
                at + 1 if end == at + 1 else at + 2, f"{self._quarter_year(int(quarter)):04}-q{quarter}"
            )
            if dated:
                yield from self._whole(end + 1, f"{year}-q{quarter}")
        if is_number(word) and isinstance(asked := read_last(word), Calendar):
            yield from self._whole(at + 1, asked.name)

    def _whole(self, end: int, name: str) -> Iterator[_Point]:
        asked = Calendar(name)
        try:
            first, last = self._bounds(asked)
        except AskAgain:
            return
        if first <= self.today:
            yield _Point(end, asked, first, last)

    def _bounds(self, asked: Range) -> tuple[date, date]:
        period = periods.resolve(asked, self.today, today=self.today).period
        return period.first, period.last

    def _month(self, month: int) -> date:
        year = self.today.year if month <= self.today.month else self.today.year - 1
        return date(year, month, 1)

    def _quarter_year(self, quarter: int) -> int:
        return self.today.year if quarter <= (self.today.month + 2) // 3 else self.today.year - 1


def _spelt(day: date) -> str:
    return f"{day.year:04}-{day.month:02}"
