"""From typed text to tokens with their places. Knows quotes, escapes, mentions and operators, but no names."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum, auto

from reporting_core.words.query import Key

KEYS = (*(key.value for key in Key), "last", "from", "to", "sort", "top", "page")
"""All keys of a command; those after the filters come at most once."""

# A quote closes with any mark of its kind: phones and word processors turn "…" into “…”, ”…“ or „…“.
DOUBLE = '"“”„‟«»″＂'  # noqa: RUF001 - these look-alikes are the point
SINGLE = "'‘’‚‛‹›′＇"  # noqa: RUF001 - as above
ESCAPABLE = f"{DOUBLE}{SINGLE}\\*,="

_EQUALS = "=＝"  # noqa: RUF001 - typed by East Asian keyboards
_COMMAS = ",，"  # noqa: RUF001 - as above
_SPACE = re.compile(r"\s*")
_MENTION = re.compile(r"<@([UWuw][A-Za-z0-9]+)(?:\|[^>]*)?>")
_MAIL = re.compile(r"<mailto:[^|>]*\|([^|>]*)>")
_DIFFERS = re.compile(f"![{_EQUALS}]+|≠")
_SAME = re.compile(f"[{_EQUALS}]+")
_COLON = re.compile(r"\s*[:：]=?")  # noqa: RUF001 - as above
_KEY = re.compile("|".join(sorted(KEYS, key=len, reverse=True)), re.IGNORECASE)
_INSIDE = {
    DOUBLE: re.compile(rf"(?:[^\\{DOUBLE}]|\\.)*+", re.DOTALL),
    # An apostrophe (O'Brien) is no closing quote: one stands before a space, a comma or the end.
    SINGLE: re.compile(rf"(?:[^\\{SINGLE}]|\\.|[{SINGLE}](?![\s{_COMMAS}{_EQUALS}]|!=|\Z))*+", re.DOTALL),
}
_WORD = re.compile(rf"(?:\\[{re.escape(ESCAPABLE)}]|(?!![{_EQUALS}])[^\s{_COMMAS}{_EQUALS}≠])++")
_ESCAPE = re.compile(rf"\\([{re.escape(ESCAPABLE)}])|(\\)", re.DOTALL)


class Sort(Enum):
    """What a token is."""

    WORD = auto()
    QUOTED = auto()
    MENTION = auto()
    EQUALS = auto()
    DIFFERS = auto()
    COMMA = auto()


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of the text at [start, end), its value spelt as in a `Filter`; `unclosed`: its quote has no end."""

    sort: Sort
    start: int
    end: int
    value: str
    unclosed: bool = False

    @property
    def operator(self) -> bool:
        """Whether this is `=`, `!=` or one of their other spellings."""
        return self.sort in {Sort.EQUALS, Sort.DIFFERS}


def lex(text: str) -> list[Token]:
    """Return the tokens of a text, in time linear in its length."""
    return list(_Lexer(text).tokens())


class _Lexer:
    def __init__(self, text: str) -> None:
        self.text = text
        self.place = 0
        self.in_value = False
        self.open_for_good: set[str] = set()

    def tokens(self) -> Iterator[Token]:
        while (start := self._after_space()) < len(self.text):
            token = self._operator(start) or self._quoted(start) or self._mention(start) or self._word(start)
            self.place = token.end
            yield token
            if token.sort is Sort.WORD and not self.in_value and (colon := self._colon(token)):
                self.place = colon.end
                yield (token := colon)
            self.in_value = token.operator or token.sort is Sort.COMMA

    def _after_space(self) -> int:
        found = _SPACE.match(self.text, self.place)
        return found.end() if found else self.place

    def _operator(self, start: int) -> Token | None:
        if self.text[start] in _COMMAS:
            return Token(Sort.COMMA, start, start + 1, ",")
        if found := _SAME.match(self.text, start):
            return Token(Sort.EQUALS, start, found.end(), "=")
        if found := _DIFFERS.match(self.text, start):
            return Token(Sort.DIFFERS, start, found.end(), "!=")
        return None

    def _quoted(self, start: int) -> Token | None:
        kind = next((kind for kind in (DOUBLE, SINGLE) if self.text[start] in kind), None)
        # Where one quote found no end, none after it does; looking again each time would take quadratic time.
        if kind is None or kind in self.open_for_good:
            return None
        inside = _INSIDE[kind].match(self.text, start + 1)
        if inside and inside.end() < len(self.text) and self.text[inside.end()] in kind:
            return Token(Sort.QUOTED, start, inside.end() + 1, decoded(inside[0]))
        self.open_for_good.add(kind)
        return Token(Sort.QUOTED, start, start + 1, "", unclosed=True)

    def _mention(self, start: int) -> Token | None:
        if found := _MENTION.match(self.text, start):
            return Token(Sort.MENTION, start, found.end(), f"<@{found[1].upper()}>")
        if found := _MAIL.match(self.text, start):
            return Token(Sort.WORD, start, found.end(), decoded(found[1]))
        return None

    def _word(self, start: int) -> Token:
        found = _WORD.match(self.text, start)
        key = _KEY.match(self.text, start)
        if key and not self.in_value and _COLON.match(self.text, key.end()):
            return Token(Sort.WORD, start, key.end(), key[0])
        end = found.end() if found else start + 1
        return Token(Sort.WORD, start, end, decoded(self.text[start:end]))

    def _colon(self, key: Token) -> Token | None:
        found = _COLON.match(self.text, key.end) if _KEY.fullmatch(key.value) else None
        return Token(Sort.EQUALS, key.end, found.end(), "=") if found else None


def decoded(typed: str) -> str:
    r"""Spell typed text as in a `Filter`: `\"` is a quote, `\*` an ordinary star, other backslashes are themselves."""
    return _ESCAPE.sub(_spelt, typed)


def _spelt(found: re.Match[str]) -> str:
    if found[2]:
        return r"\\"
    return f"\\{found[1]}" if found[1] in "\\*" else found[1]
