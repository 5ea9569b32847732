"""The names of an account made ready for reading questions: whole, in part, and with slips of the finger."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from reporting_core.grammar.patterns import encode
from reporting_core.questions import lexicon, spans
from reporting_core.questions.lexicon import Meaning
from reporting_core.questions.slips import Slips
from reporting_core.questions.tokens import keys
from reporting_core.words.names import fold
from reporting_core.words.query import Key, Vocabulary

LONGEST = 8
"""Words of a name that are compared."""
_LEAST_START = 4
"""Letters that are enough for the beginning of a word in a name: “Struct West”."""


class Name(NamedTuple):
    """A name of the account: the value of its filter, and its words."""

    key: Key
    value: str
    words: tuple[str, ...]


class Form(NamedTuple):
    """What a typed word may be, and how far that is from what was typed: 0 as typed, 1 a slip, between: a beginning."""

    key: str
    far: float = 0


@dataclass(frozen=True, slots=True)
class Language:
    """Phrases with their meanings, the words in them, and how slips in them are found."""

    phrases: Mapping[tuple[str, ...], Meaning]
    words: frozenset[str]
    begins: frozenset[tuple[str, ...]]
    """What phrases begin with: where nothing goes on, the search ends."""
    everyday: frozenset[str]
    """Words that a sentence is full of: a name made of them alone is a name only beside its key."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """An index over a vocabulary; made once, it is read by any number of questions at the same time."""

    vocabulary: Vocabulary
    names: tuple[Name, ...]
    """Teams first, then products, groups, releases and people: bare words are tried in this order."""
    holding: Mapping[str, frozenset[int]]
    """Numbers of the names that hold a word."""
    lengths: Mapping[int, frozenset[int]]
    """Numbers of the names with so many words."""
    joined: Mapping[str, tuple[Name, ...]]
    """Teams, products and groups of several words by these words in one: “civil3d”."""
    starts: Mapping[str, frozenset[str]]
    """Words of teams, products and groups by their beginnings."""
    slips: Slips
    person_slips: Slips
    language: Language

    def known(self, word: str) -> bool:
        """Tell whether a word is one of the language, of a range or of a name."""
        return word in self.language.words or word in self.holding or word in self.joined

    def forms(self, word: str) -> tuple[Form, ...]:
        """Return what a typed word may be: itself if it is known, else what it begins, else what it is a slip from."""
        if self.known(word) or word in lexicon.PLAIN or spans.is_number(word):
            return (Form(word),)
        if word.endswith("s") and word[:-1] in self.holding:
            return (Form(word[:-1], 0.1),)
        if begun := self.starts.get(word, frozenset()):
            return tuple(Form(each, 0.3) for each in sorted(begun)[:3])
        near = self.slips.near(word) or self.person_slips.near(word)
        return tuple(Form(each, 1) for each in near[:3]) or (Form(word),)


def prepare(vocabulary: Vocabulary) -> Prepared:
    """Make the index of a vocabulary: some tens of milliseconds for thousands of people."""
    names = tuple(_names(vocabulary))
    holding: dict[str, set[int]] = {}
    lengths: dict[int, set[int]] = {}
    for number, name in enumerate(names):
        lengths.setdefault(len(name.words), set()).add(number)
        for word in name.words:
            holding.setdefault(word, set()).add(number)
    joined = _joined(names, holding)
    people = {word for word, held in holding.items() if all(names[each].key is Key.USER for each in held)}
    named = holding.keys() - people
    language = _language()
    return Prepared(
        vocabulary=vocabulary,
        names=names,
        joined=joined,
        holding={word: frozenset(held) for word, held in holding.items()},
        lengths={length: frozenset(held) for length, held in lengths.items()},
        starts=_starts(named),
        slips=Slips({*language.words, *named, *joined}),
        person_slips=Slips((word for word in people if "@" not in word), twice=False),
        language=language,
    )


def _names(vocabulary: Vocabulary) -> Iterator[Name]:
    kept = {
        Key.TEAM: vocabulary.teams,
        Key.PRODUCT: vocabulary.products,
        Key.GROUP: vocabulary.groups,
        Key.VERSION: vocabulary.versions,
        Key.USER: vocabulary.people,
    }
    for key, known in kept.items():
        first: dict[str, str] = {}
        for name in known:
            # Of two spellings the first stays, as in the grammar.
            first.setdefault(fold(name), name)
        for name in first.values():
            words = keys(name)
            if words and len(words) <= LONGEST:
                # A name of a person is compared as text, so it stands there in the form that is compared.
                yield Name(key, encode(" ".join(name.split()) if key is Key.USER else name, key), words)


def _joined(names: Iterable[Name], known: Collection[str]) -> dict[str, tuple[Name, ...]]:
    joined: dict[str, tuple[Name, ...]] = {}
    for name in names:
        word = "".join(name.words)
        if len(name.words) > 1 and name.key not in {Key.USER, Key.VERSION} and word not in known:
            joined[word] = (*joined.get(word, ()), name)
    return joined


def _starts(words: Iterable[str]) -> dict[str, frozenset[str]]:
    begun: dict[str, set[str]] = {}
    for word in words:
        for length in range(_LEAST_START, len(word)):
            begun.setdefault(word[:length], set()).add(word)
    return {start: frozenset(found) for start, found in begun.items()}


@lru_cache(maxsize=1)
def _language() -> Language:
    phrases = lexicon.phrases()
    said = {word for phrase in phrases for word in phrase}
    begins = frozenset(phrase[:length] for phrase in phrases for length in range(1, len(phrase) + 1))
    words = frozenset({*said, *spans.WORDS, *lexicon.COLUMNS})
    return Language(phrases, words, begins, words | lexicon.PLAIN)
