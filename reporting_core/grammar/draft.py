"""A query while it is put together: values gather here, and what cannot hold at once is found at the end."""

from datetime import date, timedelta
from typing import NamedTuple

from reporting_core.grammar.dates import Misread, on, reversed_range
from reporting_core.grammar.faults import Faults
from reporting_core.grammar.ranges import spell_range
from reporting_core.grammar.writing import ALL
from reporting_core.words.names import fold
from reporting_core.words.query import (
    DEFAULT_RANGE,
    Between,
    Calendar,
    Filter,
    Key,
    Last,
    Range,
    Sort,
    SortKey,
    UsageQuery,
)
from reporting_core.words.said import say

_MONTH = timedelta(days=29)


class Said(NamedTuple):
    """A value, the words it was asked for in, and their place."""

    value: object
    typed: str
    start: int
    end: int


class Draft:
    """Gathers filters, sort keys and the keys that come once; `finished` makes the query and notes contradictions."""

    def __init__(self, faults: Faults) -> None:
        self.faults = faults
        self.filters: dict[tuple[Key, bool], dict[str, tuple[str, Said]]] = {}
        self.all_teams: Said | None = None
        self.sort: dict[SortKey, tuple[Sort, Said]] = {}
        self.once: dict[str, list[Said]] = {}
        self.guesses: list[str] = []

    def pick(self, key: Key, value: str, said: Said, *, negated: bool = False) -> None:
        """Add a value of a filter; the same one again changes nothing."""
        self.filters.setdefault((key, negated), {}).setdefault(fold(value), (value, said))

    def say_once(self, key: str, said: Said) -> None:
        """Add the value of a key that comes once."""
        self.once.setdefault(key, []).append(said)

    def sort_by(self, sort: Sort, said: Said) -> None:
        """Add a sort key; the same column both ways is a contradiction."""
        before = self.sort.setdefault(sort.key, (sort, said))
        if before[0] != sort:
            self._contradiction(before[1], said)

    def finished(self, today: date) -> UsageQuery:
        """Return the query; where things contradict each other, one of them is kept and a fault noted."""
        self._check_all_teams()
        self._check_both_ways()
        top, page = self._only("top"), self._only("page")
        return UsageQuery(
            filters=self._filters(),
            range=self._range(today),
            sort=tuple(sort for sort, _ in self.sort.values()),
            top=top.value if top and isinstance(top.value, int) else None,
            page=page.value if page and isinstance(page.value, int) else 1,
            guesses=tuple(self.guesses),
        )

    def _filters(self) -> tuple[Filter, ...]:
        slots = ((key, negated) for key in Key for negated in (False, True))
        return tuple(
            Filter(key, tuple(value for value, _ in self.filters[key, negated].values()), negated)
            for key, negated in slots
            if self.filters.get((key, negated))
        )

    def _check_all_teams(self) -> None:
        for _, said in self.filters.get((Key.TEAM, False), {}).values():
            if self.all_teams:
                self._contradiction(*sorted((self.all_teams, said), key=lambda each: each.start))
                return

    def _check_both_ways(self) -> None:
        for key in Key:
            plain, negated = self.filters.get((key, False), {}), self.filters.get((key, True), {})
            for folded in plain.keys() & negated.keys():
                said = sorted((plain[folded][1], negated.pop(folded)[1]), key=lambda each: each.start)
                self._contradiction(*said)

    def _only(self, key: str) -> Said | None:
        said = self.once.get(key, [])
        if len(said) > 1:
            self._contradiction(said[0], said[1])
        return said[-1] if said else None

    def _range(self, today: date) -> Range:
        last, first, end = self._only("last"), self._only("from"), self._only("to")
        other = first or end
        if last and other:
            told = sorted((last, other), key=lambda each: each.start)
            self._contradiction(*told)
        if first and isinstance(first.value, date | str):
            return self._between(first, end, today)
        if last and isinstance(last.value, Last | Calendar | Between):
            return last.value
        return self._open_start(end, today) if end else DEFAULT_RANGE

    def _between(self, first: Said, end: Said | None, today: date) -> Range:
        span = Between(_day(first), _day(end) if end else None)
        if not end or span.last is None or on(span.first, today) <= on(span.last, today):
            return span
        told: Misread = reversed_range(span, first.typed, end.typed)
        self.faults.note(told.message, end.start, end.end, told.suggestions)
        return Between(span.last, span.first)

    def _open_start(self, end: Said, today: date) -> Range:
        last = on(_day(end), today)
        # The first days of the calendar have no month before them.
        first = last - _MONTH if last.toordinal() > _MONTH.days else last
        span = Between(first, _day(end))
        message = say(
            "{end} needs a beginning: from when? For thirty days type {range}.",
            end=end.typed,
            range=spell_range(span),
        )
        self.faults.note(message, end.start, end.end, (spell_range(span),))
        return span

    def _contradiction(self, one: Said, other: Said) -> None:
        message = say("{one} and {other} cannot both hold; keep one of them.", one=one.typed, other=other.typed)
        self.faults.note(message, other.start, other.end, (one.typed, other.typed))


def all_teams(said: Said) -> str:
    """Return what a team called “all” is told."""
    return say('{typed} means every team; for the team called “{name}” type team="{name}".', typed=said.typed, name=ALL)


def _day(said: Said) -> date | str:
    return said.value if isinstance(said.value, date | str) else ""
