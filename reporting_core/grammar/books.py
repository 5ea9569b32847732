"""The names a value can mean, made ready for looking up: one book a key, from the vocabulary or from a fixed list."""

from functools import lru_cache
from typing import Protocol

from reporting_core.grammar.patterns import encode, fits, literal, pieces, too_wide, typewritten
from reporting_core.grammar.spoken import FIXED, fixed, spoken
from reporting_core.words.names import fold
from reporting_core.words.query import Key, Vocabulary

MOST_WORDS = 12
"""Tokens of a name that is typed without quotes; longer names need them."""
MOST_SEARCHES = 50
"""Searches among a hundred thousand people that a command may cost; one takes up to a millisecond."""
_LONGEST_SPOKEN = 3


class Book(Protocol):
    """Looks values up. `longest` counts the tokens of a name, `offered` is what is shown, `known` what is compared."""

    longest: int
    offered: tuple[str, ...]
    known: tuple[str, ...]

    def find(self, value: str) -> str | None:
        """Return the value of a filter that a typed value means, None if it is not in the book."""


class Names:
    """Names of an account. Two that differ only in case or spacing are one; the first spelling stays."""

    def __init__(self, key: Key, names: tuple[str, ...]) -> None:
        first: dict[str, str] = {}
        for name in names:
            first.setdefault(fold(name), name)
        first.pop("", None)
        self._values = {folded: encode(name, key) for folded, name in first.items()}
        self._typewritten = {
            typewritten(folded): value for folded, value in self._values.items() if not folded.isascii()
        }
        self._lines = "\n".join(("", *first, ""))
        self.offered = self.known = tuple(first.values())
        self.longest = min(MOST_WORDS, max((_tokens(name) for name in self.offered), default=1))

    def find(self, value: str) -> str | None:
        """Look a name or a wildcard up; a wildcard has to match something."""
        name = literal(value)
        if name is not None:
            folded = fold(name)
            plainer = typewritten(folded)
            return self._values.get(folded) or self._values.get(plainer) or self._typewritten.get(plainer)
        return value if not too_wide(value) and self._any_fits(fold(value)) else None

    def _any_fits(self, pattern: str) -> bool:
        parts = pieces(pattern)
        # Every wildcard has a beginning, so only the names that begin with it are looked at.
        start = self._lines.find(f"\n{parts[0]}")
        while start >= 0:
            end = self._lines.find("\n", start + 1)
            if fits(parts, self._lines[start + 1 : end]):
                return True
            start = self._lines.find(f"\n{parts[0]}", end)
        return False


class Fixed:
    """The values of a key that are a fixed list, with their spoken forms."""

    longest = _LONGEST_SPOKEN

    def __init__(self, key: Key) -> None:
        self._key = key
        self.offered = FIXED[key]
        self.known = spoken(key)

    def find(self, value: str) -> str | None:
        """Look a spoken form up; there are no wildcards."""
        name = literal(value)
        return fixed(self._key, name) if name is not None else None


class People:
    """Names and e-mails of people, only for guessing: values of `user=` are free text."""

    def __init__(self, known: tuple[str, ...]) -> None:
        self.nobody = not known
        self._known = known
        self._answers: dict[str, bool] = {}

    def knows(self, name: str) -> bool:
        """Tell whether some person's name or e-mail holds this text; a command may ask so often only."""
        folded = typewritten(fold(name))
        if folded not in self._answers:
            self._answers[folded] = (
                bool(folded) and len(self._answers) < MOST_SEARCHES and folded in _lines(self._known)
            )
        return self._answers[folded]


@lru_cache(maxsize=4)
def _lines(known: tuple[str, ...]) -> str:
    return typewritten("\n".join(map(fold, known)))


@lru_cache(maxsize=32)
def names(key: Key, known: tuple[str, ...]) -> Names:
    """Return the book of some names; kept, because the same vocabulary is asked again and again."""
    return Names(key, known)


def books(vocabulary: Vocabulary) -> dict[Key, Book]:
    """Return the book of every key but `user`."""
    return {
        Key.TEAM: names(Key.TEAM, vocabulary.teams),
        Key.PRODUCT: names(Key.PRODUCT, vocabulary.products),
        Key.GROUP: names(Key.GROUP, vocabulary.groups),
        Key.VERSION: names(Key.VERSION, vocabulary.versions),
        **{key: Fixed(key) for key in FIXED},
    }


def _tokens(name: str) -> int:
    return len(name.split()) + name.count(",")
