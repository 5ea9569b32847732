"""A question cut into pieces that mean something: of all ways to cut it the one with the fewest and surest pieces."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from heapq import nsmallest
from itertools import product
from typing import NamedTuple

from reporting_core.grammar.spoken import sort_key
from reporting_core.questions import lexicon, spans
from reporting_core.questions.lexicon import Kind
from reporting_core.questions.names import LONGEST, Form, Name, Prepared
from reporting_core.questions.tokens import JOINS, Word
from reporting_core.words.query import Key, Range

_MOST_NAMES = 12
_OWNED = 0.9
_PART = 0.5
"""What a part of a name costs more than a whole one."""
_SLIP = 0.4
_UNREAD = 4.0
_KEY_BESIDE = -0.3
_RELEASE = -0.1
_ALSO_A_WORD = 0.2
_COLUMN_WORDS = 3
_KEYS = frozenset({"team", "teams", "group", "groups", "product", "products"})
_RELEASES = frozenset({"version", "versions", "release", "releases"})


class Piece(NamedTuple):
    """Words [start, end) and what they mean. `far` counts slips; `unsure`: they may as well mean something else."""

    start: int
    end: int
    kind: Kind
    value: str = ""
    names: tuple[Name, ...] = ()
    ranges: tuple[Range, ...] = ()
    cost: float = 1.0
    far: float = 0.0
    unsure: bool = False
    bare: bool = False
    part: bool = False


def cut(words: Sequence[Word], prepared: Prepared, today: date) -> list[Piece]:
    """Return the pieces of a question, in time linear in its length."""
    cutter = _Cutter(words, prepared, today)
    best: list[tuple[float, Piece | None]] = [(0.0, None)] * (len(words) + 1)
    for at in range(len(words) - 1, -1, -1):
        found = min(cutter.at(at), key=lambda piece: (piece.cost + best[piece.end][0], -piece.end))
        best[at] = (found.cost + best[found.end][0], found)
    pieces: list[Piece] = []
    at = 0
    while (piece := best[at][1]) is not None:
        pieces.append(piece)
        at = piece.end
    return pieces


class _Cutter:
    def __init__(self, words: Sequence[Word], prepared: Prepared, today: date) -> None:
        self.words = words
        self.prepared = prepared
        self.today = today
        self.forms = [prepared.forms(word.key) for word in words]
        # A range is read from the likeliest spelling of each word.
        self.likely = [self._range_word(forms) for forms in self.forms]
        holding = prepared.holding
        self.held = [
            frozenset[int]().union(*(holding.get(form.key, frozenset()) for form in forms)) for forms in self.forms
        ]

    def at(self, at: int) -> Iterator[Piece]:
        """Return everything that can begin at a word; that it cannot be read is one of them."""
        yield from self._phrases(at)
        yield from self._sorted_by(at)
        yield from self._ranges(at)
        yield from self._names(at)
        if self.words[at].key.startswith("<@"):
            yield self._name([at], (Name(Key.USER, self.words[at].key, ()),))
        if spans.number(self.words[at].key) is not None:
            yield Piece(at, at + 1, Kind.NUMBER, str(spans.number(self.words[at].key)), cost=1.5)
        yield Piece(at, at + 1, Kind.UNREAD, cost=_UNREAD)

    def _range_word(self, forms: tuple[Form, ...]) -> str:
        return next((form.key for form in forms if form.key in spans.WORDS), forms[0].key)

    def _far(self, places: Iterable[int]) -> float:
        return sum(self.forms[at][0].far for at in places)

    def _phrases(self, at: int) -> Iterator[Piece]:
        language = self.prepared.language
        live: list[tuple[str, ...]] = [()]
        for end in range(at + 1, len(self.words) + 1):
            keys = [form.key for form in self.forms[end - 1]]
            live = [(*begun, key) for begun, key in product(live, keys) if (*begun, key) in language.begins]
            if not live:
                return
            meanings = _one_verb([language.phrases[each] for each in live if each in language.phrases])
            far = self._far(range(at, end))
            for meaning in meanings:
                yield Piece(at, end, *meaning, cost=1 + _SLIP * far, far=far, unsure=len(meanings) > 1)

    def _sorted_by(self, at: int) -> Iterator[Piece]:
        """“sorted by last access”, with the grammar's own names of columns."""
        for piece in self._phrases(at):
            if piece.kind is not Kind.SORTED_BY:
                continue
            for end in range(min(piece.end + _COLUMN_WORDS, len(self.words)), piece.end, -1):
                said = " ".join(self.likely[piece.end : end])
                # “last access” is what most people call the column “last accessed”.
                if found := sort_key(said) or sort_key(f"{said}ed"):
                    column, descending = found
                    yield Piece(at, end, Kind.SORT, f"={'-' if descending else ''}{column}", far=piece.far)
                    break

    def _ranges(self, at: int) -> Iterator[Piece]:
        for span in spans.spans(self.likely, at, self.today):
            far = self._far(range(at, span.end))
            only = span.end == at + 1 and self._is_release(at)
            yield Piece(
                at,
                span.end,
                Kind.RANGE,
                ranges=span.ranges,
                cost=1 + _SLIP * far,
                far=far,
                bare=span.bare,
                unsure=only,
            )

    def _is_release(self, at: int) -> bool:
        return any(self.prepared.names[number].key is Key.VERSION for number in self.held[at])

    def _names(self, at: int) -> Iterator[Piece]:
        for form in self.forms[at]:
            if form.key in self.prepared.joined:
                joined = self._name([at], self.prepared.joined[form.key])
                yield joined._replace(cost=1 + _SLIP * form.far, far=form.far)
        live = self.held[at]
        places = [at]
        for end in range(at + 1, min(at + LONGEST, len(self.words)) + 1):
            if end > at + 1:
                # “Rail and Road”: what joins the words of a name is not compared.
                if self.words[end - 1].key in JOINS:
                    continue
                live &= self.held[end - 1]
                places.append(end - 1)
            if not live:
                return
            yield from self._named(places, live)

    def _named(self, places: Sequence[int], live: frozenset[int]) -> Iterator[Piece]:
        names = self.prepared.names
        # The names stand in the order of the keys, so that is the order of their numbers.
        fitting = [names[each] for each in sorted(live & self.prepared.lengths.get(len(places), frozenset()))]
        if whole := tuple(name for name in fitting if self._is_whole(name, places)):
            yield from self._whole(places, whole)
        elif part := self._part(places, [names[each] for each in nsmallest(_MOST_NAMES, live)]):
            far = self._far(places)
            cost = 1 + _PART + _SLIP * far
            person = part[0].key is Key.USER or part[-1].key is Key.USER
            doubtful = len(part) == _MOST_NAMES or (person and far >= 1)
            everyday = all(self._is_everyday(at) for at in places)
            if everyday:
                # “May's usage” is a person's, or that of a month.
                cost, doubtful = _OWNED, True
            yield self._name(places, part)._replace(cost=cost, far=far, unsure=doubtful, part=True)

    def _name(self, places: Sequence[int], names: tuple[Name, ...]) -> Piece:
        return Piece(places[0], places[-1] + 1, Kind.NAME, names=names)

    def _is_whole(self, name: Name, places: Sequence[int]) -> bool:
        return all(
            any(form.key == word for form in self.forms[at]) for word, at in zip(name.words, places, strict=True)
        )

    def _whole(self, places: Sequence[int], names: tuple[Name, ...]) -> Iterator[Piece]:
        far = self._far(places)
        start, end = places[0], places[-1] + 1
        release = names[0].key is Key.VERSION
        if release and not self._says_release(start):
            return
        extra = _RELEASE if release else 0.0
        if self._all_words(places):
            beside = {self.words[near].key for near in (start - 1, end) if 0 <= near < len(self.words)}
            extra = _KEY_BESIDE if beside & _KEYS else _ALSO_A_WORD
        # One letter away is often another person: Anna is not Anne.
        person = any(name.key is Key.USER for name in names)
        unsure = person and far >= 1 and (len(places) == 1 or far > 1)
        yield self._name(places, names)._replace(cost=1 + extra + _SLIP * far, far=far, unsure=unsure)

    def _says_release(self, at: int) -> bool:
        """“Revit 2025”, “version 2025”; a year alone is a year."""
        if at == 0:
            return False
        named = (self.prepared.names[each].key for each in self.held[at - 1])
        return self.words[at - 1].key in _RELEASES or Key.PRODUCT in named

    def _part(self, places: Sequence[int], found: Sequence[Name]) -> tuple[Name, ...]:
        """Return the names that some words are a part of, none when the words say nothing by themselves."""
        telling = any(len(self.words[at].key) > 1 and not spans.is_number(self.words[at].key) for at in places)
        if not telling or self._all_words(places):
            return ()
        return tuple(name for name in found if name.key is not Key.VERSION)

    def _all_words(self, places: Sequence[int]) -> bool:
        """Tell whether words of a name are all everyday ones; “May's” is a person's all the same."""
        return not self.words[places[-1]].owner and all(map(self._is_everyday, places))

    def _is_everyday(self, at: int) -> bool:
        return self.forms[at][0].key in self.prepared.language.everyday


def _one_verb(meanings: list[lexicon.Meaning]) -> list[lexicon.Meaning]:
    """“opend” may be “open” or “opened”, which is one thing here."""
    verbs = [meaning for meaning in meanings if meaning.kind in {Kind.USE, Kind.MAYBE_USE}]
    if len(verbs) == len(meanings):
        return sorted(verbs, key=lambda meaning: meaning.kind is Kind.MAYBE_USE)[:1]
    return list(dict.fromkeys(meanings))
