"""The nearest names to a mistyped one: three sieves, each dearer and finer: thousands of names take milliseconds."""

from collections.abc import Iterable, Iterator, Sequence
from difflib import SequenceMatcher
from functools import lru_cache
from heapq import nlargest
from typing import NamedTuple

from reporting_core.words.names import fold

_LONGEST = 60
"""Characters that are looked at; nobody tells two longer names apart by a typing slip."""
_COARSE = 200
_FINE = 25
_HELD = 0.75
"""Likeness of a name that holds what was typed (“West” in “Structural West”)."""
_LEAST_HELD = 3
_SAME_START = 0.05
_BITS = 61


class _Known(NamedTuple):
    """A name with its folded form and the set of its letters as bits."""

    name: str
    folded: str
    letters: int


class Near(NamedTuple):
    """A name and how like it is to what was typed, 0 to 1 or a little more."""

    name: str
    likeness: float


def nearest(word: str, names: Iterable[str], n: int = 3) -> tuple[str, ...]:
    """Return up to `n` names most like a word, best first; among equals the order given."""
    return tuple(near.name for near in ranked(word, tuple(names), n))


def ranked(word: str, names: tuple[str, ...], n: int = 3) -> list[Near]:
    """Return up to `n` names with their likeness, best first."""
    typed = fold(word)[:_LONGEST]
    sieved = _sieved(typed, _known(names))
    return sorted(_compared(typed, sieved), key=lambda near: -near.likeness)[:n]


@lru_cache(maxsize=32)
def _known(names: tuple[str, ...]) -> tuple[_Known, ...]:
    folded = ((name, fold(name)[:_LONGEST]) for name in names)
    return tuple(_Known(name, key, _letters(key)) for name, key in folded if key)


def _letters(text: str) -> int:
    bits = 0
    for letter in set(text):
        bits |= 1 << ord(letter) % _BITS
    return bits


def _sieved(typed: str, known: Sequence[_Known]) -> Sequence[_Known]:
    if len(known) <= _FINE:
        return known
    letters, length = _letters(typed), len(typed)
    scores = [
        2 * (each.letters & letters).bit_count() - abs(length - len(each.folded)) + 6 * (typed in each.folded)
        for each in known
    ]
    coarse = nlargest(_COARSE, range(len(known)), key=scores.__getitem__)
    pairs = _pairs(typed)
    fine = nlargest(_FINE, sorted(coarse), key=lambda at: 20 * len(pairs & _pairs(known[at].folded)) + scores[at])
    return [known[at] for at in sorted(fine)]


def _pairs(text: str) -> set[str]:
    return {text[place : place + 2] for place in range(len(text) - 1)}


def _compared(typed: str, known: Iterable[_Known]) -> Iterator[Near]:
    # The matcher keeps what it learned of its second text, so that is the typed one.
    matcher = SequenceMatcher(None, "", typed, autojunk=False)
    for each in known:
        matcher.set_seq1(each.folded)
        start = _SAME_START if typed[:1] == each.folded[:1] else 0
        held = len(typed) >= _LEAST_HELD and typed in each.folded
        yield Near(each.name, max(matcher.ratio() + start, _HELD if held else 0))
