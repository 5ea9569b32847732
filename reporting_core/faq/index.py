"""The search itself: a question against every way of asking, and against all ways of asking an entry together."""

from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from heapq import nlargest

from reporting_core.faq import letters
from reporting_core.faq.space import space
from reporting_core.words.questions import Band, FaqEntry, FaqHit, Found

NEAREST = 3

# Found with tests/samples/faq/development.toml; `python -m bench.answers` measures on questions kept apart from it.
SURE = 0.23
CLEAR = 0.03
LEAST = 0.12
ALONE = 0.5


class Index:
    """Entries that can be found. Making one takes a moment; finding in it does not, and changes nothing.

    `alike` leads from a word to the name under which it stands with others that mean the same.
    """

    def __init__(self, entries: Iterable[FaqEntry], alike: Mapping[str, str] | None = None) -> None:
        known = tuple(entries)
        by_meaning = partial(letters.meanings, alike=alike or {})
        self._ids = [entry.id for entry in known]
        self._owners = [place for place, entry in enumerate(known) for _ in entry.variants]
        each = [letters.words(variant) for entry in known for variant in entry.variants]
        whole = [[word for variant in entry.variants for word in letters.words(variant)] for entry in known]
        self._one_by_one = [space(each, pieces) for pieces in (letters.in_words, by_meaning)]
        self._together = [space(whole, pieces) for pieces in (letters.in_words, letters.across_words, by_meaning)]

    def find(self, text: str) -> Found:
        """Return the nearest entries, best first, and how sure that is; only the first `LONGEST` characters count."""
        said = letters.words(text)
        if not said or not self._ids:
            return Found(Band.UNKNOWN)
        scores = self._scores(said)
        best = nlargest(NEAREST, range(len(scores)), key=lambda place: (scores[place], -place))
        hits = tuple(FaqHit(self._ids[place], scores[place]) for place in best if scores[place] > 0)
        return Found(_band(hits), hits)

    def _scores(self, said: Sequence[str]) -> list[float]:
        """Return the mean of looks at each entry: its best way of asking alone, and all of them together."""
        looks = [(ALONE, self._best(space.likeness(said))) for space in self._one_by_one]
        looks += [(1.0, space.likeness(said)) for space in self._together]
        whole = sum(weight for weight, _ in looks)
        return [sum(weight * scores[place] for weight, scores in looks) / whole for place in range(len(self._ids))]

    def _best(self, likeness: Sequence[float]) -> list[float]:
        best = [0.0] * len(self._ids)
        for owner, score in zip(self._owners, likeness, strict=True):
            best[owner] = max(best[owner], score)
        return best


def _band(hits: Sequence[FaqHit]) -> Band:
    if not hits or hits[0].score < LEAST:
        return Band.UNKNOWN
    second = hits[1].score if len(hits) > 1 else 0.0
    sure = hits[0].score >= SURE and hits[0].score - second >= CLEAR
    return Band.ANSWER if sure else Band.UNSURE
