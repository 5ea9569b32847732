"""Reading `user=`: an e-mail, a mention, `me`, or free text that is a whole or partial name."""

from reporting_core.grammar.cursor import Cursor
from reporting_core.grammar.lexing import KEYS, Sort
from reporting_core.grammar.patterns import ME, is_keyword, literal, too_wide
from reporting_core.grammar.picking import TOO_WIDE, Found, Picker
from reporting_core.words.names import fold
from reporting_core.words.query import Key
from reporting_core.words.said import say

_WORDS = 4
_LEAST = 2
"""Letters of a bare word that is guessed to be a part of a name; one letter would be anybody."""


class Persons:
    """Finds the person at the cursor; people of the vocabulary only tell where a name of several words ends."""

    def __init__(self, cursor: Cursor, picker: Picker) -> None:
        self.cursor = cursor
        self.picker = picker

    def read_value(self, *, negated: bool) -> None:
        """Read a value of `user=`."""
        end = self._end()
        value = self.value(end)
        said = self.picker.said(Key.USER, end, negated=negated)
        if not value or too_wide(value):
            message = TOO_WIDE if value else say("user= needs a name or an e-mail.")
            self.picker.draft.faults.note(message, said.start, said.end, (ME,))
            self.cursor.at = end
        else:
            self.picker.take(Key.USER, Found(value, end), negated=negated)

    def guess(self) -> Found | None:
        """Return the person that bare words from here can mean: somebody known, an e-mail, a mention or `me`."""
        cursor = self.cursor
        if cursor.is_sort(Sort.MENTION) or "@" in cursor.here.value or fold(cursor.here.value) == ME:
            value = self.value(cursor.at + 1)
            return Found(value, cursor.at + 1) if value and not too_wide(value) else None
        for end in range(cursor.run(_WORDS), cursor.at, -1):
            name = literal(cursor.joined(end))
            if name and (len(name) >= _LEAST or not name.isascii()) and self.picker.people.knows(name):
                return Found(self.value(end), end)
        return None

    def value(self, end: int) -> str:
        """Return the words from here as a value of `user`."""
        if self.cursor.is_sort(Sort.MENTION):
            return self.cursor.here.value
        text = " ".join(self.cursor.joined(end).split())
        if self.cursor.is_sort(Sort.QUOTED):
            return f"\\{text}" if is_keyword(text, Key.USER) else text
        text = text.removeprefix("@")
        return fold(text) if is_keyword(text, Key.USER) else text

    def _end(self) -> int:
        cursor = self.cursor
        last = cursor.run(_WORDS)
        commas = (at for at in range(cursor.at, last) if cursor.is_sort(Sort.COMMA, at))
        last = next(commas, last)
        if last == cursor.at + 1:
            return last
        for end in range(last, cursor.at, -1):
            if self.picker.people.knows(self._plain(end)):
                return end
        return self._before_other_names(last)

    def _plain(self, end: int) -> str:
        return (literal(self.cursor.joined(end)) or "").removeprefix("@")

    def _before_other_names(self, last: int) -> int:
        """Nobody known: the name goes on until something else that is known begins."""
        end = self.cursor.at + 1
        while end < last and "@" not in self.cursor.tokens[end - 1].value and not self._known_elsewhere(end):
            end += 1
        return end

    def _known_elsewhere(self, at: int) -> bool:
        return fold(self.cursor.tokens[at].value) in KEYS or self.picker.starts_name(at)
