"""How like a question is to each of some texts: the cosine of their pieces, rare pieces weighing most (TF-IDF)."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import log, sqrt

Pieces = Callable[[Sequence[str]], Counter[str]]


@dataclass(frozen=True, slots=True)
class Space:
    """Texts by their pieces. A piece leads to the texts that hold it, each with its share of the text's length 1."""

    pieces: Pieces
    texts: int
    rarity: Mapping[str, float]
    holders: Mapping[str, Sequence[tuple[int, float]]]

    def likeness(self, said: Sequence[str]) -> list[float]:
        """Return 0 to 1 for each text. What no text holds makes a question unlike all of them."""
        scores, square = [0.0] * self.texts, 0.0
        unseen = _rarity(self.texts, 0)
        for piece, count in self.pieces(said).items():
            weight = (1 + log(count)) * self.rarity.get(piece, unseen)
            square += weight * weight
            for text, share in self.holders.get(piece, ()):
                scores[text] += weight * share
        length = sqrt(square) or 1.0
        return [score / length for score in scores]


def space(texts: Sequence[Sequence[str]], pieces: Pieces) -> Space:
    """Weigh the pieces of texts that are given as their words."""
    counted = [pieces(text) for text in texts]
    held = Counter(piece for each in counted for piece in each)
    rarity = {piece: _rarity(len(texts), count) for piece, count in held.items()}
    holders: dict[str, list[tuple[int, float]]] = {piece: [] for piece in held}
    for index, each in enumerate(counted):
        for piece, share in _shares(each, rarity):
            holders[piece].append((index, share))
    return Space(pieces, len(texts), rarity, holders)


def _shares(counted: Counter[str], rarity: Mapping[str, float]) -> Iterator[tuple[str, float]]:
    weights = {piece: (1 + log(count)) * rarity[piece] for piece, count in counted.items()}
    length = sqrt(sum(weight * weight for weight in weights.values())) or 1.0
    return ((piece, weight / length) for piece, weight in weights.items())


def _rarity(texts: int, holding: int) -> float:
    return log((texts + 1) / (holding + 0.5))
