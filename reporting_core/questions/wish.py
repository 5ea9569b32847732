"""What a question asks for, as gathered from its pieces: filters with their possible values, ranges, order, doubts."""

from dataclasses import dataclass, field
from typing import NamedTuple

from reporting_core.questions.lexicon import Kind
from reporting_core.questions.pieces import Piece
from reporting_core.words.query import Key, Range
from reporting_core.words.terms import Access


class Choice(NamedTuple):
    """One thing that a slot may mean: a key and its values."""

    key: Key
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Slot:
    """A filter that is asked for: what it may mean, likeliest first, and the place of its words among the pieces."""

    choices: tuple[Choice, ...]
    at: int
    negated: bool = False

    @property
    def key(self) -> Key:
        """The key of the likeliest meaning."""
        return self.choices[0].key

    @property
    def value(self) -> str:
        """The first value of the likeliest meaning."""
        return self.choices[0].values[0]


@dataclass(slots=True)
class Verbs:
    """What was said of use and of assignments; what it means is judged when everything has been heard."""

    used_at: int | None = None
    none_at: int | None = None
    """Where a “no” stands, as in “used no Revit”."""
    unused: bool = False
    never: bool = False
    yet: bool = False
    assigned: bool = False


@dataclass(slots=True)
class Wish:
    """A question as gathered; `unread` counts runs of words nobody understood, `doubts` says what else is not sure."""

    pieces: list[Piece]
    kinds: frozenset[Kind]
    slots: list[Slot] = field(default_factory=list)
    ranges: list[Piece] = field(default_factory=list)
    verbs: Verbs = field(default_factory=Verbs)
    sort: str = ""
    top: int | None = None
    doubts: list[str] = field(default_factory=list)
    unread: int = 0

    def of(self, key: Key) -> list[Slot]:
        """Return the slots of a key."""
        return [slot for slot in self.slots if slot.key is key]

    def kind(self, at: int) -> Kind | None:
        """Return the kind of the piece at a place, None outside of the question."""
        return self.pieces[at].kind if 0 <= at < len(self.pieces) else None

    def doubt(self, why: str) -> None:
        """Note a doubt: no reading of the question is stood by."""
        self.doubts.append(why)

    @property
    def flex(self) -> bool:
        """Whether it is asked about Flex."""
        return any(slot.value == Access.FLEX and not slot.negated for slot in self.of(Key.ACCESS))

    @property
    def spans(self) -> tuple[Range, ...]:
        """Every range that may be meant, likeliest first."""
        return tuple(asked for piece in self.ranges for asked in piece.ranges)

    @property
    def far(self) -> float:
        """How many slips were put right."""
        return sum(piece.far for piece in self.pieces)
