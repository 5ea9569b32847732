"""Reading `key=value`: which key it is, then its values."""

import re
from collections.abc import Callable
from datetime import date

from reporting_core.grammar.cursor import Cursor
from reporting_core.grammar.dates import Misread, not_a_date, read_date
from reporting_core.grammar.draft import Draft, Said
from reporting_core.grammar.faults import did_you_mean
from reporting_core.grammar.lexing import KEYS, Sort
from reporting_core.grammar.nearness import nearest
from reporting_core.grammar.patterns import literal
from reporting_core.grammar.persons import Persons
from reporting_core.grammar.picking import Picker
from reporting_core.grammar.ranges import EXAMPLES, not_a_range, read_last
from reporting_core.grammar.spoken import sort_key
from reporting_core.words.names import fold
from reporting_core.words.query import Key, SortKey
from reporting_core.words.query import Sort as Order
from reporting_core.words.said import say

# What other tools call these keys; only suggested, never read silently.
_CALLED = {
    "day": "last", "days": "last", "period": "last", "range": "last", "since": "from", "start": "from", "until": "to",
    "end": "to", "person": "user", "people": "user", "name": "user", "email": "user", "member": "user", "who": "user",
    "app": "product", "software": "product", "offering": "product", "department": "team", "licence": "access",
    "license": "access", "type": "access", "seat": "access", "state": "status", "activity": "status",
    "release": "version", "order": "sort", "limit": "top", "first": "top", "groups": "group",
}  # fmt: skip
_EXAMPLES = {
    "last": EXAMPLES, "from": ("2026-09-01", "yesterday"), "to": ("today", "yesterday"),
    "sort": ("-days", "person", "status"), "top": ("10", "20", "50"), "page": ("1", "2"), "user": ("me",),
}  # fmt: skip
_PREFIX = re.compile(r"\s*(?:last|past)\s+(?=\S)", re.IGNORECASE)
_COUNT = re.compile(r"\+?0*(\d{1,9})", re.ASCII)
_WORDS = 5
_FIRST_COUNT = {"top": 10, "page": 1}


class Pairs:
    """Reads keys with their values at the cursor into the draft."""

    def __init__(self, cursor: Cursor, draft: Draft, picker: Picker, today: date) -> None:
        self.cursor = cursor
        self.draft = draft
        self.picker = picker
        self.persons = Persons(cursor, picker)
        self.today = today

    def read(self) -> None:
        """Read the pair that begins here."""
        token, operator = self.cursor.here, self.cursor.tokens[self.cursor.at + 1]
        key = fold(token.value) if self.cursor.known_key() else self._unknown_key()
        negated = operator.sort is Sort.DIFFERS
        if negated and key not in set(Key):
            message = say("{key} cannot be negated; only the filters can. Type {key}=.", key=key)
            self.draft.faults.note(message, operator.start, operator.end, (f"{key}=",))
        self.cursor.at += 2
        # last=last 30 days
        self.cursor.at += int(key == "last" and self.cursor.phrase_at(self.cursor.at) > 0)
        self.read_values(key, token.start, operator.end, negated=negated)

    def read_phrase(self, end: int) -> None:
        """Read `last 30 days`, which ends at `end`."""
        start = self.cursor.at
        self.cursor.at += 1
        self._once("last", end, read_last(self.cursor.raw(start + 1, end)))

    def read_lonely_key(self) -> None:
        """Say what a key without `=` and without a value needs."""
        token = self.cursor.here
        self._empty(fold(token.value), token.start, token.end)
        self.cursor.at += 1

    def read_bare_range(self, end: int, value: object) -> None:
        """Read a range without a key, which ends at `end`."""
        self._once("last", end, value)

    def read_values(self, key: str, start: int, end: int, *, negated: bool = False) -> None:
        """Read the values of a key, separated by commas; the key itself stands at [start, end)."""
        nothing = True
        while True:
            while self.cursor.is_sort(Sort.COMMA):
                self.cursor.at += 1
            if not self._value_here(nothing_yet=nothing):
                break
            self._read_value(key, negated=negated)
            nothing = False
            if not self.cursor.is_sort(Sort.COMMA):
                break
        if nothing:
            self._empty(key, start, end)

    def _value_here(self, *, nothing_yet: bool) -> bool:
        if self.cursor.value_here():
            return True
        # team=A=B, team=A != B: what touches the operator is a value, unless it is a key itself.
        return nothing_yet and self.cursor.touches_operator() and self._meant_as_value()

    def _meant_as_value(self) -> bool:
        if not self.cursor.known_key():
            return True
        end = self.cursor.glued()
        value = self.cursor.glued_value(end) if end else ""
        return any(book.find(value) is not None for book in self.picker.books.values())

    def _read_value(self, key: str, *, negated: bool) -> None:
        if key == Key.USER:
            self.persons.read_value(negated=negated)
        elif key in set(Key):
            self.picker.read_value(Key(key), negated=negated)
        elif key == "sort":
            self._read_sort()
        else:
            self._read_once(key)

    def _text(self, end: int) -> str:
        cursor = self.cursor
        if cursor.is_sort(Sort.QUOTED):
            return literal(cursor.here.value) or ""
        return cursor.raw(cursor.at, end)

    def _read_once(self, key: str) -> None:
        reader = self._reader(key)
        for end in range(self.cursor.run(1 if key in _FIRST_COUNT else _WORDS), self.cursor.at, -1):
            value = reader(self._text(end))
            if value is not None:
                self._once(key, end, value)
                return
        end = self.cursor.at + 1
        text = self._text(end)
        self._once(key, end, not_a_range(text) if key == "last" else not_a_date(key, text, self.today))

    def _reader(self, key: str) -> Callable[[str], object]:
        if key == "last":
            return lambda text: read_last(_PREFIX.sub("", text, count=1))
        if key in _FIRST_COUNT:
            return lambda text: _count(key, text)
        return lambda text: read_date(text, self.today, end=key == "to")

    def _once(self, key: str, end: int, value: object) -> None:
        raw, start = self.cursor.raw(self.cursor.at, end), self.cursor.here.start
        place = start, self.cursor.tokens[end - 1].end
        if isinstance(value, Misread):
            self.draft.faults.note(value.message, *place, value.suggestions)
            value = value.instead
        if value is not None:
            self.draft.say_once(key, Said(value, f"{key}={raw}", *place))
        self.cursor.at = end

    def _read_sort(self) -> None:
        for end in range(self.cursor.run(3), self.cursor.at, -1):
            if found := sort_key(self._text(end)):
                column, descending = found
                said = self.picker.said("sort", end)
                self.draft.sort_by(Order(column, bool(descending)), said)
                self.cursor.at = end
                return
        self._unknown_column()

    def _unknown_column(self) -> None:
        typed = self._text(self.cursor.at + 1)
        said = self.picker.said("sort", self.cursor.at + 1)
        near = nearest(typed, SortKey)
        message = say("I cannot sort by “{typed}”.{hint}", typed=typed, hint=did_you_mean(near))
        self.draft.faults.note(message, said.start, said.end, near)
        self.draft.sort.setdefault(SortKey(near[0]), (Order(SortKey(near[0]), typed.startswith("-")), said))
        self.cursor.at += 1

    def _unknown_key(self) -> str:
        token = self.cursor.here
        typed = fold(literal(token.value) or "")
        called = [_CALLED[typed]] if typed in _CALLED else []
        near = tuple(dict.fromkeys((*called, *nearest(typed, KEYS))))[:3]
        raw = self.cursor.raw(self.cursor.at, self.cursor.at + 1)
        message = say("I know no key “{raw}”.{hint}", raw=raw, hint=did_you_mean(near))
        self.draft.faults.note(message, token.start, token.end, near)
        return near[0]

    def _empty(self, key: str, start: int, end: int) -> None:
        options = self.picker.books[Key(key)].offered if key in self.picker.books else _EXAMPLES[key]
        example = say(", for example {pair}", pair=f"{key}={options[0]}") if options else ""
        self.draft.faults.note(say("{key}= needs a value{example}.", key=key, example=example), start, end, options)


def _count(key: str, text: str) -> int | Misread:
    found = _COUNT.fullmatch(text.strip())
    if found and int(found[1]) > 0:
        return int(found[1])
    first = _FIRST_COUNT[key]
    message = say("{key}= takes a whole number from 1 on, not “{text}”.", key=key, text=text)
    return Misread(message, (str(first),), first)
