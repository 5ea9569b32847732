"""What a question is made of for the search: words in plain letters, the pieces of a few letters in them, meanings.

Pieces find what words do not: a slip of the finger spoils some pieces of a word and leaves the others. Meanings find
what neither does: a laptop is a computer.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise

LONGEST = 250
"""Characters that are looked at. Whoever writes more has said what it is about by then, and time stays bounded."""

_STEM = 5

# How umlauts are typed where the keyboard has none; without dots alone they are a slip like any other.
_SPELT = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "'": "", "’": "", "´": ""})  # noqa: RUF001 - as typed
_WORD = re.compile(r"[^\W_]+|%")


def words(text: str) -> list[str]:
    """Return the words of a text in small letters without accents: “Nicht öffnen?” is `nicht`, `oeffnen`."""
    small = unicodedata.normalize("NFC", text[:LONGEST]).casefold().translate(_SPELT)
    bare = "".join(char for char in unicodedata.normalize("NFKD", small) if not unicodedata.combining(char))
    return _WORD.findall(bare)


def in_words(said: Iterable[str]) -> Counter[str]:
    """Count the pieces of 2 to 4 letters within words, whose ends are spaces: the order of words does not matter."""
    return Counter(piece for word in said for piece in _pieces(f" {word} ", 2, 4))


def across_words(said: Iterable[str]) -> Counter[str]:
    """Count the pieces of 4 to 6 letters over the ends of words too: what stands together belongs together."""
    return Counter(_pieces(f" {' '.join(said)} ", 4, 6))


def meanings(said: Sequence[str], alike: Mapping[str, str]) -> Counter[str]:
    """Count words and neighbours by what they mean, else by their first letters, which stay when endings change."""
    meant = [alike.get(word, word[:_STEM]) for word in said]
    return Counter(meant) + Counter(f"{first} {second}" for first, second in pairwise(meant))


def _pieces(text: str, shortest: int, longest: int) -> Iterable[str]:
    for length in range(shortest, longest + 1):
        for place in range(len(text) - length + 1):
            yield text[place : place + length]
