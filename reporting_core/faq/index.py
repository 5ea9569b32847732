"""The search itself: a question against every way of asking, and against all ways of asking an entry together."""

from collections.abc import Iterable, Sequence
from heapq import nlargest

from reporting_core.faq import letters
from reporting_core.faq.space import space
from reporting_core.words.questions import Band, FaqEntry, FaqHit, Found

NEAREST = 3

# Found with tests/samples/faq/development.toml; `python -m bench.answers` measures on questions kept apart from it.
SURE = 0.36
CLEAR = 0.03
LEAST = 0.20


class Index:
    """Entries that can be found. Making one takes a moment; finding in it does not, and changes nothing."""

    def __init__(self, entries: Iterable[FaqEntry]) -> None:
        known = tuple(entries)
        self._ids = [entry.id for entry in known]
        self._owners = [place for place, entry in enumerate(known) for _ in entry.variants]
        self._one_by_one = space([letters.words(each) for entry in known for each in entry.variants], letters.in_words)
        self._together = space([_all_words(entry) for entry in known], letters.across_words)

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
        nearest = [0.0] * len(self._ids)
        for place, likeness in zip(self._owners, self._one_by_one.likeness(said), strict=True):
            nearest[place] = max(nearest[place], likeness)
        return [(one + whole) / 2 for one, whole in zip(nearest, self._together.likeness(said), strict=True)]


def _band(hits: Sequence[FaqHit]) -> Band:
    if not hits or hits[0].score < LEAST:
        return Band.UNKNOWN
    second = hits[1].score if len(hits) > 1 else 0.0
    sure = hits[0].score >= SURE and hits[0].score - second >= CLEAR
    return Band.ANSWER if sure else Band.UNSURE


def _all_words(entry: FaqEntry) -> list[str]:
    return [word for variant in entry.variants for word in letters.words(variant)]
