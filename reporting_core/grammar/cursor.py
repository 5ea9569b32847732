"""A place among the tokens, and what stands there: a key, a run of bare words, the phrase `last 30 days`."""

from reporting_core.grammar.lexing import KEYS, Sort, Token, decoded
from reporting_core.grammar.ranges import read_last
from reporting_core.words.names import fold

_PHRASE = {"last", "past"}
_PHRASE_WORDS = 2


class Cursor:
    """Reads tokens from left to right; `at` is the index of the next one."""

    def __init__(self, text: str, tokens: list[Token]) -> None:
        self.text = text
        self.tokens = tokens
        self.at = 0

    @property
    def done(self) -> bool:
        """Whether every token has been read."""
        return self.at >= len(self.tokens)

    @property
    def here(self) -> Token:
        """The next token."""
        return self.tokens[self.at]

    def is_sort(self, sort: Sort, at: int | None = None) -> bool:
        """Tell whether a token of this sort stands here."""
        place = self.at if at is None else at
        return place < len(self.tokens) and self.tokens[place].sort is sort

    def key_at(self, at: int) -> bool:
        """Tell whether a word with an operator behind it stands there."""
        if at + 1 >= len(self.tokens) or not self.tokens[at + 1].operator:
            return False
        return self.tokens[at].sort in {Sort.WORD, Sort.QUOTED}

    def value_here(self) -> bool:
        """Tell whether something that can be a value comes next."""
        if self.done or self.here.operator or self.here.sort is Sort.COMMA:
            return False
        return not self.key_at(self.at) and not self.phrase_at(self.at)

    def phrase_at(self, at: int) -> int:
        """Return where the phrase `last 30 days`, `last month` or `past 2 w` that begins there ends, 0 if none does."""
        if not self._bare(at) or fold(self.tokens[at].value) not in _PHRASE:
            return 0
        for end in range(min(at + 1 + _PHRASE_WORDS, len(self.tokens)), at + 1, -1):
            if all(self._bare(each) for each in range(at + 1, end)) and read_last(self.raw(at + 1, end)) is not None:
                return end
        return 0

    def run(self, most: int) -> int:
        """Return the end of the words from here that may be one name: so many at most, up to the next key or phrase."""
        end = self.at + 1
        while end < min(self.at + most, len(self.tokens)) and self._goes_on(end):
            end += 1
        return end - 1 if end > self.at + 1 and self.is_sort(Sort.COMMA, end - 1) else end

    def joined(self, end: int) -> str:
        """Return the tokens from here as one value, each gap as one space."""
        words = [self.here.value]
        for before, token in zip(self.tokens[self.at : end], self.tokens[self.at + 1 : end], strict=False):
            words.append(f" {token.value}" if token.start > before.end else token.value)
        return "".join(words)

    def raw(self, start: int, end: int) -> str:
        """Return the text of some tokens as typed."""
        return self.text[self.tokens[start].start : self.tokens[end - 1].end]

    def spoken(self, end: int) -> str:
        """Return the tokens from here as they are quoted in a sentence: as typed, without quotes of their own."""
        raw = self.raw(self.at, end)
        return raw[1:-1] if self.is_sort(Sort.QUOTED) else raw

    def touches_operator(self) -> bool:
        """Tell whether a word stands here, right behind an operator and with another one after it."""
        return self.at > 0 and self.key_at(self.at) and self.here.start == self.tokens[self.at - 1].end

    def glued(self) -> int:
        """Return where a value like `A=B`, typed without spaces right behind its operator, ends; 0 if none is here."""
        if not self.touches_operator():
            return 0
        end = self.at + 1
        while end < len(self.tokens) and self._touches(end):
            end += 1
        return end if end > self.at + 2 else 0

    def glued_value(self, end: int) -> str:
        """Return the tokens from here as one value, operators included."""
        return decoded(self.raw(self.at, end))

    def known_key(self) -> bool:
        """Tell whether the next token is a key."""
        return fold(self.here.value) in KEYS

    def _touches(self, at: int) -> bool:
        token = self.tokens[at]
        return token.start == self.tokens[at - 1].end and (token.operator or token.sort is Sort.WORD)

    def _bare(self, at: int) -> bool:
        return self.is_sort(Sort.WORD, at) and not self.key_at(at)

    def _goes_on(self, at: int) -> bool:
        if not self._bare(self.at):
            return False
        token, before = self.tokens[at], self.tokens[at - 1]
        if token.sort is Sort.COMMA:
            # Without a space behind it a comma always means “or”: that is how the canonical form writes it.
            return self._bare(at + 1) and self.tokens[at + 1].start > token.end
        return self._bare(at) and not self.phrase_at(at) and token.start >= before.end
