"""Reading the values of the filters: names by the longest match, fixed values in their spoken forms."""

from typing import NamedTuple

from reporting_core.grammar.books import People, books
from reporting_core.grammar.cursor import Cursor
from reporting_core.grammar.draft import Draft, Said, all_teams
from reporting_core.grammar.faults import did_you_mean
from reporting_core.grammar.lexing import Sort
from reporting_core.grammar.nearness import Near, ranked
from reporting_core.grammar.patterns import NONE, encode, named, too_wide
from reporting_core.grammar.spoken import STATED, plain, two_ways
from reporting_core.grammar.writing import ALL, spell_value
from reporting_core.words.names import fold
from reporting_core.words.query import Key, Vocabulary
from reporting_core.words.said import either, say

NAMED = (Key.TEAM, Key.PRODUCT, Key.GROUP)
"""Keys whose names bare words are tried as, in this order."""
BARE = (*NAMED, Key.STATUS, Key.ACCESS)
"""What bare words are tried as before people."""
NO = {
    Key.TEAM: say("no team"),
    Key.PRODUCT: say("no product"),
    Key.GROUP: say("no group"),
    Key.VERSION: say("no release"),
}
"""Keys whose values are names of the account, as what does not exist."""
_ONE = {Key.TEAM: say("a team"), Key.PRODUCT: say("a product"), Key.GROUP: say("a group")}
TOO_WIDE = say("A * needs at least three characters in front of it.")
_EVERY = {ALL, "any", "every", "*"}
_KEYWORDS = {Key.TEAM: ALL, Key.GROUP: NONE}
_WORDS_COMPARED = 4
_COMPARISONS = 3
"""Faults for which the nearest names are looked for; more belong to no command worth mending."""


class Found(NamedTuple):
    """A value of a filter and the token behind it."""

    value: str
    end: int


class Mend(NamedTuple):
    """What is wrong with a value, what to suggest, and what is read instead."""

    message: str
    suggestions: tuple[str, ...] = ()
    instead: tuple[str, ...] = ()
    key: Key | None = None
    negated: bool | None = None


class Picker:
    """Reads one value of a filter at the cursor into the draft."""

    def __init__(self, cursor: Cursor, draft: Draft, vocabulary: Vocabulary) -> None:
        self.cursor = cursor
        self.draft = draft
        self.books = books(vocabulary)
        self.people = People(vocabulary.people)
        self.comparisons = 0
        self.every_name = tuple(name for key in NAMED for name in self.books[key].offered)

    def read_value(self, key: Key, *, negated: bool) -> None:
        """Read a value of any key but `user`: a keyword, the longest known name, or a fault with the nearest."""
        found = self.longest(key)
        if self._is_keyword(key, found):
            self._keyword(key, found, negated=negated)
        elif found:
            self._state(key, found.end)
            self.take(key, found, negated=negated)
        else:
            self._unknown(key, negated=negated)

    def longest(self, key: Key) -> Found | None:
        """Return the longest known name of a key that begins here."""
        book, cursor = self.books[key], self.cursor
        if (end := cursor.glued()) and (value := book.find(cursor.glued_value(end))) is not None:
            return Found(value, end)
        for end in range(cursor.run(book.longest), cursor.at, -1):
            if not cursor.is_sort(Sort.COMMA, end - 1) and (value := book.find(cursor.joined(end))) is not None:
                return Found(value, end)
        return None

    def take(self, key: Key, found: Found, *, negated: bool = False) -> None:
        """Put a value into the draft and go on behind it."""
        self.draft.pick(key, found.value, self.said(key, found.end, negated=negated), negated=negated)
        self.cursor.at = found.end

    def said(self, key: str, end: int, *, negated: bool = False) -> Said:
        """Return the words from here as what was said for a key."""
        cursor = self.cursor
        raw = cursor.raw(cursor.at, end)
        operator = "!=" if negated else "="
        return Said(None, f"{key}{operator}{raw}", cursor.here.start, cursor.tokens[end - 1].end)

    def best_end(self, names: tuple[str, ...], most: int) -> tuple[int, list[Near]]:
        """Return where the words end that are most like some name, and the names; a single word among equals."""
        cursor = self.cursor
        self.comparisons += 1
        if not names or self.comparisons > _COMPARISONS:
            return cursor.at + 1, []
        # What was typed without its star is compared: Desgin* is near Design.
        near = [(end, ranked(cursor.joined(end).replace("*", ""), names)) for end in self._ends(most)]
        return max(near, key=lambda pair: pair[1][0].likeness if pair[1] else 0)

    def starts_name(self, at: int) -> bool:
        """Tell whether a known name, status or access begins at a token."""
        here, self.cursor.at = self.cursor.at, at
        known = any(self.longest(key) for key in BARE)
        self.cursor.at = here
        return known

    def _ends(self, most: int) -> list[int]:
        cursor = self.cursor
        ends = [cursor.at + 1]
        for end in range(cursor.at + 2, cursor.run(min(most, _WORDS_COMPARED)) + 1):
            if cursor.is_sort(Sort.COMMA, end - 1) or self.starts_name(end - 1):
                break
            ends.append(end)
        return ends

    def _is_keyword(self, key: Key, found: Found | None) -> bool:
        cursor = self.cursor
        if key not in _KEYWORDS or fold(cursor.here.value) != _KEYWORDS[key]:
            return False
        # In quotes it is a name if there is one; without, it is the keyword unless a longer name goes on.
        return found is None or (found.end == cursor.at + 1 and cursor.is_sort(Sort.WORD))

    def _keyword(self, key: Key, found: Found | None, *, negated: bool) -> None:
        end = self.cursor.at + 1
        if key is Key.GROUP:
            self.take(key, Found(NONE, end), negated=negated)
            return
        said = self.said(key, end, negated=negated)
        if negated:
            message = say("{typed} would leave no team. Name the teams to leave out.", typed=said.typed)
            self.draft.faults.note(message, said.start, said.end, self.books[key].offered)
        else:
            self.draft.all_teams = said
            self.draft.guesses.extend([all_teams(said)] if found else [])
        self.cursor.at = end

    def _state(self, key: Key, end: int) -> None:
        raw = self.cursor.spoken(end)
        if key is Key.STATUS and plain(raw) in STATED:
            value = self.books[key].find(raw)
            guess = say("“{raw}” read as {pair}{also}.", raw=raw, pair=f"{key}={value}", also="")
            self.draft.guesses.append(guess)

    def _unknown(self, key: Key, *, negated: bool) -> None:
        cursor, book = self.cursor, self.books[key]
        end, near = self.best_end(book.known, book.longest)
        end = max(end, cursor.glued())
        value, said = cursor.joined(end), self.said(key, end, negated=negated)
        mend = self._mend(key, value, cursor.spoken(end), self._offered(key, near))
        self.draft.faults.note(mend.message, said.start, said.end, mend.suggestions)
        for each in mend.instead:
            away = negated if mend.negated is None else mend.negated
            self.draft.pick(mend.key or key, each, said, negated=away)
        cursor.at = end

    def _mend(self, key: Key, value: str, raw: str, near: tuple[str, ...]) -> Mend:
        if not value.strip():
            return Mend(say("{key}= needs a value between the quotes.", key=key), self.books[key].offered)
        if fold(value) in _EVERY:
            return Mend(say("For every {what} leave {key}= out.", what=_noun(key), key=key))
        return self._too_wide(key, value) or self._ambiguous(key, value, raw) or self._elsewhere(key, value, raw, near)

    def _too_wide(self, key: Key, value: str) -> Mend | None:
        if not too_wide(value):
            return None
        found = named(value, self.books[key].offered)[:3]
        return Mend(TOO_WIDE, found, tuple(encode(name, key) for name in found))

    def _ambiguous(self, key: Key, value: str, raw: str) -> Mend | None:
        options = two_ways(key, value)
        if not options:
            return None
        return Mend(say("“{raw}” can be {options}; say which.", raw=raw, options=either(options)), options, options)

    def _elsewhere(self, key: Key, value: str, raw: str, near: tuple[str, ...]) -> Mend:
        book = self.books[key]
        if value.startswith("!") and (found := book.find(value[1:])):
            spelt = f"{key}!={spell_value(found, key)}"
            return Mend(say("To leave out type {pair}.", pair=spelt), (spelt,), (found,), negated=True)
        for other in NAMED:
            if key in NO and other is not key and (found := self.books[other].find(value)):
                message = say("There is {no} “{raw}”, but {one} of that name.", no=NO[key], raw=raw, one=_ONE[other])
                spelt = f"{other}={spell_value(found, other)}"
                return Mend(message, (spelt, *near), (found,), key=other)
        instead = tuple(encode(name, key) if key in NO else name for name in near[:1])
        return Mend(self._no_such(key, raw, near), near, instead)

    def _offered(self, key: Key, near: list[Near]) -> tuple[str, ...]:
        book = self.books[key]
        if key in NO or not near:
            return tuple(each.name for each in near)
        # The nearest spoken forms may mean the same value, so its own order follows.
        values = (book.find(each.name) or each.name for each in near)
        return tuple(dict.fromkeys((*values, *book.offered)))[:3]

    def _no_such(self, key: Key, raw: str, near: tuple[str, ...]) -> str:
        if not self.books[key].offered:
            return say("No {what} is known yet, so none is called “{raw}”.", what=_noun(key), raw=raw)
        what = NO[key] if key in NO else say("no value of {key}", key=key)
        return say("I know {what} “{raw}”.{hint}", what=what, raw=raw, hint=did_you_mean(near))


def _noun(key: Key) -> str:
    return NO[key].removeprefix("no ") if key in NO else key
