"""What a question is made of for the search: words in plain letters, and the pieces of a few letters in them.

Pieces find what words alone do not: a slip of the finger spoils four pieces of a word and leaves the others.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable

LONGEST = 400
"""Characters that are looked at. Whoever writes more has said what it is about by then, and time stays bounded."""

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
    """Count the pieces of 3 to 5 letters over the ends of words too: what stands together belongs together."""
    return Counter(_pieces(f" {' '.join(said)} ", 3, 5))


def _pieces(text: str, shortest: int, longest: int) -> Iterable[str]:
    for length in range(shortest, longest + 1):
        for place in range(len(text) - length + 1):
            yield text[place : place + length]
