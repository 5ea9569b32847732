"""Words without a key: read as the longest team, product, group, status, access or person known, and said so."""

from reporting_core.grammar.cursor import Cursor
from reporting_core.grammar.dates import TODAY, YESTERDAY, Misread, read_date
from reporting_core.grammar.draft import Draft
from reporting_core.grammar.faults import did_you_mean
from reporting_core.grammar.lexing import Sort
from reporting_core.grammar.pairs import Pairs
from reporting_core.grammar.patterns import encode
from reporting_core.grammar.picking import BARE, NAMED, Found, Picker
from reporting_core.grammar.ranges import read_last
from reporting_core.grammar.spoken import sort_key, two_ways
from reporting_core.grammar.writing import ALL, spell_value
from reporting_core.words.names import fold
from reporting_core.words.query import Key
from reporting_core.words.said import Said, either, say

_FILLERS = {
    *("and", "or", "for", "in", "of", "the", "with", "on", "at", "by", "show", "please", "who", "is", "are", "has"),
    *("people", "usage", "teams", "users"),
}
_DATES = {"from", "to"}
_DAYS = {TODAY, YESTERDAY}
_COUNTS = {"top", "page"}


class Guesser:
    """Reads bare words at the cursor into the draft, stating every guess."""

    def __init__(self, cursor: Cursor, draft: Draft, picker: Picker, pairs: Pairs) -> None:
        self.cursor = cursor
        self.draft = draft
        self.picker = picker
        self.pairs = pairs
        self.before: Key | None = None

    def read(self) -> None:
        """Read what begins here: several words that are a name, a key without `=`, one word, or a fault."""
        if self.cursor.here.operator or not self.cursor.here.value.strip():
            self._stray()
            return
        found = self._known()
        if found and found[1].end > self.cursor.at + 1:
            self._guess(*found)
        elif self._repeats_key(known=bool(found)) or self._key_without_equals():
            return
        elif found:
            self._guess(*found)
        else:
            self._rest()

    def _known(self) -> tuple[Key, Found] | None:
        tried = [(key, found) for key in BARE if (found := self.picker.longest(key))]
        if person := self.pairs.persons.guess():
            tried.append((Key.USER, person))
        return max(tried, key=lambda pair: pair[1].end, default=None)

    def _guess(self, key: Key, found: Found) -> None:
        self._say(self._sentence(key, found))
        self.picker.take(key, found)
        self.before = key

    def _say(self, guess: str) -> None:
        if guess not in self.draft.guesses:
            self.draft.guesses.append(guess)

    def _sentence(self, key: Key, found: Found) -> str:
        raw = self.cursor.spoken(found.end)
        others = [
            f"{other}={spell_value(same.value, other)}"
            for other in NAMED
            if other is not key and (same := self.picker.longest(other)) and same.end == found.end
        ]
        return _read_as(raw, f"{key}={spell_value(found.value, key)}", *others)

    def _key_without_equals(self) -> bool:
        cursor = self.cursor
        if not cursor.is_sort(Sort.WORD) or not cursor.known_key():
            return False
        key, token = fold(cursor.here.value), cursor.here
        cursor.at += 1
        if not cursor.value_here() or not self._suits(key):
            cursor.at -= 1
            return False
        start = cursor.at
        self.pairs.read_values(key, token.start, token.end)
        raw = cursor.raw(start, cursor.at)
        self._say(_read_as(f"{token.value} {raw}", f"{key}={raw}"))
        return True

    def _suits(self, key: str) -> bool:
        word = self.cursor.raw(self.cursor.at, self.cursor.at + 1)
        run = self.cursor.raw(self.cursor.at, self.cursor.run(3))
        if key in _DATES:
            return any(read_date(text, self.pairs.today) is not None for text in (word, run))
        if key in _COUNTS:
            return word.isdecimal()
        return sort_key(word) is not None if key == "sort" else key != "last"

    def _repeats_key(self, *, known: bool) -> bool:
        """“Design team”: the key behind a guessed name only confirms it."""
        word = fold(self.cursor.here.value)
        if known or self.before is None or word not in {self.before, f"{self.before}s"}:
            return False
        self.cursor.at += 1
        if self.cursor.value_here() and self.before is not Key.USER and self.picker.longest(self.before):
            self.cursor.at -= 1
            return False
        return True

    def _rest(self) -> None:
        cursor = self.cursor
        word = fold(cursor.here.value)
        if word == ALL and cursor.is_sort(Sort.WORD):
            self._say(_read_as(cursor.raw(cursor.at, cursor.at + 1), f"team={ALL}"))
            self.before = Key.TEAM
            self.picker.read_value(Key.TEAM, negated=False)
        elif cursor.is_sort(Sort.WORD) and cursor.known_key():
            self.pairs.read_lonely_key()
        elif two_ways(Key.STATUS, cursor.joined(cursor.run(2))) or two_ways(Key.STATUS, word):
            self.picker.read_value(Key.STATUS, negated=False)
        elif not self._range() and not self._filler(word):
            self._unknown()

    def _range(self) -> bool:
        """`30d`, `3 months`, `2026-q3` or a date without a key."""
        cursor = self.cursor
        for end in range(cursor.run(2), cursor.at, -1):
            text = cursor.raw(cursor.at, end)
            asked = read_last(text)
            if asked is not None and (fold(text) in _DAYS or any(letter.isdecimal() for letter in text)):
                self._range_guess(text, asked, end)
                return True
        return False

    def _range_guess(self, text: str, asked: object, end: int) -> None:
        if not isinstance(asked, Misread):
            version = self.picker.longest(Key.VERSION)
            self._say(_read_as(text, f"last={text}", *([f"version={version.value}"] if version else [])))
        self.pairs.read_bare_range(end, asked)

    def _filler(self, word: str) -> bool:
        if word not in _FILLERS:
            return False
        token = self.cursor.here
        message = say("I cannot read “{word}” here; leave it out.", word=token.value)
        self.draft.faults.note(message, token.start, token.end)
        self.cursor.at += 1
        return True

    def _unknown(self) -> None:
        cursor = self.cursor
        end, found = self.picker.best_end(self.picker.every_name, 3)
        start, raw = cursor.here.start, cursor.spoken(end)
        near = tuple(each.name for each in found)
        message = say(
            "I know no team, product, group or person “{raw}”.{hint}{person}",
            raw=raw,
            hint=did_you_mean(near),
            person=say(" For a person type user={raw}.", raw=raw) if self.picker.people.nobody else "",
        )
        self.draft.faults.note(message, start, cursor.tokens[end - 1].end, near)
        if near:
            key = next(key for key in NAMED if near[0] in self.picker.books[key].offered)
            self.draft.pick(key, encode(near[0], key), self.picker.said(key, end))
        cursor.at = end

    def _stray(self) -> None:
        token, raw = self.cursor.here, self.cursor.raw(self.cursor.at, self.cursor.at + 1)
        message = say("“{raw}” needs a key in front and a name behind, as in team=Design.", raw=raw)
        self.draft.faults.note(message, token.start, token.end, ("team=", "product=", "last="))
        self.cursor.at += 1


def _read_as(raw: str, pair: str, *others: str) -> Said:
    also = say("; it can also be {others}", others=either(others)) if others else ""
    return say("“{raw}” read as {pair}{also}.", raw=raw, pair=pair, also=also)
