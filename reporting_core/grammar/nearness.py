"""The nearest names to a mistyped one: three sieves, each dearer and finer: thousands of names take milliseconds."""

from collections.abc import Iterable
from difflib import SequenceMatcher
from functools import lru_cache
from heapq import nlargest
from typing import NamedTuple

from reporting_core.words.names import fold

_LONGEST = 60
"""Characters that are looked at; nobody tells two longer names apart by a typing slip."""
_COARSE = 200
_FINE = 30
_PART = 0.75
"""Likeness of a name that holds what was typed (“West” in “Structural West”)."""
_LEAST_PART = 3


class _Known(NamedTuple):
    name: str
    folded: str
    letters: frozenset[str]


class Near(NamedTuple):
    """A name and how like it is to what was typed, 0 to 1."""

    name: str
    likeness: float


def nearest(word: str, names: Iterable[str], n: int = 3) -> tuple[str, ...]:
    """Return up to `n` names most like a word, best first; among equals the order given."""
    return tuple(near.name for near in ranked(word, tuple(names), n))


def ranked(word: str, names: tuple[str, ...], n: int = 3) -> list[Near]:
    """Return up to `n` names with their likeness, best first."""
    typed = fold(word)[:_LONGEST]
    return _finest(typed, _sieved(typed, _known(names)), n)


def likeness(typed: str, folded: str) -> float:
    """Compare two folded words: 1 is equal, 0 nothing alike."""
    matcher = SequenceMatcher(None, typed, folded, autojunk=False)
    alike = matcher.ratio() + (0.05 if typed[:1] == folded[:1] else 0)
    held = len(typed) >= _LEAST_PART and (typed in folded or (len(folded) >= _LEAST_PART and folded in typed))
    return max(alike, _PART) if held else alike


@lru_cache(maxsize=32)
def _known(names: tuple[str, ...]) -> tuple[_Known, ...]:
    folded = ((name, fold(name)[:_LONGEST]) for name in names)
    return tuple(_Known(name, key, frozenset(key)) for name, key in folded if key)


def _sieved(typed: str, known: tuple[_Known, ...]) -> Iterable[_Known]:
    if len(known) <= _FINE:
        return known
    letters, length = frozenset(typed), len(typed)
    coarse = nlargest(
        _COARSE,
        known,
        key=lambda each: (
            len(letters & each.letters)
            - abs(length - len(each.folded)) / 2
            + 3 * (typed in each.folded)
            + (each.folded[:2] == typed[:2])
        ),
    )
    pairs = _pairs(typed)
    return nlargest(_FINE, coarse, key=lambda each: len(pairs & _pairs(each.folded)) - len(each.folded) / 20)


def _pairs(text: str) -> set[str]:
    return {text[place : place + 2] for place in range(len(text) - 1)}


def _finest(typed: str, known: Iterable[_Known], n: int) -> list[Near]:
    order = sorted((Near(each.name, likeness(typed, each.folded)) for each in known), key=lambda near: -near.likeness)
    return order[:n]
