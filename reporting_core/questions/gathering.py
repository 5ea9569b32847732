"""From the pieces of a question, left to right, to what it asks for: which “not” belongs to what, and which names.

A word that could not be read, a “not” that belongs to nothing, the same key twice without “and”: each is noted, and
whoever decides (`reading`) stands by no reading of a question with a doubt.
"""

from collections.abc import Sequence
from dataclasses import replace

from reporting_core.grammar.ranges import CALENDAR
from reporting_core.questions.judging import judge
from reporting_core.questions.lexicon import Kind
from reporting_core.questions.names import Name
from reporting_core.questions.pieces import Piece
from reporting_core.questions.wish import Choice, Slot, Wish
from reporting_core.words.query import Calendar, Key, Last, Range
from reporting_core.words.terms import Status

_QUIET = frozenset({Kind.FILLER, Kind.HELLO})
_JOINS = frozenset({Kind.AND, Kind.IN, Kind.KEY, Kind.NOT, Kind.EXCEPT})
_COLUMNS = frozenset({Key.TEAM, Key.PRODUCT})
"""Keys that a report shows in columns of their own."""
_SAY_VERB = frozenset({Kind.DO, Kind.WHO, Kind.HAS})


def gather(pieces: Sequence[Piece]) -> Wish:
    """Gather what the pieces of a question ask for."""
    gatherer = _Gatherer(pieces)
    for at, piece in enumerate(gatherer.wish.pieces):
        gatherer.read(at, piece)
    gatherer.end()
    judge(gatherer.wish)
    return gatherer.wish


class _Gatherer:
    def __init__(self, pieces: Sequence[Piece]) -> None:
        heard = [piece for piece in pieces if piece.kind not in _QUIET]
        self.wish = Wish(heard, frozenset(piece.kind for piece in pieces))
        self.mood: Kind | None = None
        """A negation that waits for what it belongs to."""
        self.passed = False
        """Whether a name stands between that negation and what comes: “AutoCAD, not LT, inactive” is inactive."""
        self.out: Slot | None = None
        """The last thing left out: “except Ann and Ben” leaves both out."""
        self.readers = {
            Kind.NAME: self._name, Kind.ME: self._me, Kind.NO_GROUP: self._no_group, Kind.STATUS: self._status,
            Kind.ACCESS: self._access, Kind.ASSIGNED: self._assigned, Kind.ORIGIN: self._origin, Kind.USE: self._use,
            Kind.MAYBE_USE: self._maybe_use, Kind.UNUSED: self._unused, Kind.NOT: self._negation,
            Kind.NEVER: self._negation, Kind.EXCEPT: self._negation, Kind.UNREAD: self._unread, Kind.YET: self._yet,
            Kind.SORT: self._sort, Kind.SORTED_BY: self._unread, Kind.NUMBER: self._number, Kind.TOP: self._top,
            Kind.KEY: self._key, Kind.RANGE: self._range, Kind.ALL: self._all, Kind.BY: self._by, Kind.NONE: self._none,
        }  # fmt: skip

    def read(self, at: int, piece: Piece) -> None:
        """Read one piece; most only stand around the others."""
        if piece.unsure:
            self.wish.doubt("may mean something else")
        if reader := self.readers.get(piece.kind):
            reader(at, piece)

    def end(self) -> None:
        """See whether a negation is left over: “Wer nutzt Revit nicht?” ends with the one of its verb."""
        verbs = self.wish.verbs
        if self.mood is Kind.NOT and verbs.used_at is not None and self.wish.pieces[-1].kind in {Kind.NOT, Kind.YET}:
            verbs.used_at, verbs.unused, self.mood = None, True, None
        if self.mood is not None:
            self.wish.doubt("a negation that belongs to nothing")
        if verbs.none_at is not None:
            self._end_none(verbs.none_at)

    def _end_none(self, at: int) -> None:
        verbs, products = self.wish.verbs, self.wish.of(Key.PRODUCT)
        if verbs.used_at is None or [slot.at for slot in products] != [at + 1]:
            self.wish.unread += 1
        verbs.unused = verbs.unused or verbs.used_at is not None
        # Whatever it means, it is not that somebody used it.
        verbs.used_at = None

    def _before(self, at: int, back: int = 1) -> Kind | None:
        return self.wish.kind(at - back)

    def _negation(self, _at: int, piece: Piece) -> None:
        if self.mood is not None:
            self.wish.doubt("two negations")
        if piece.value:
            # “which seats does nobody use” is about seats, “does nobody use it” about people.
            self.wish.doubt("nobody")
        self.mood, self.passed = piece.kind, False

    def _none(self, at: int, _piece: Piece) -> None:
        """“used no Revit”, “hat kein Revit geöffnet”: the “no” of a product is the “not” of its verb."""
        if self.mood is not None or self.wish.verbs.none_at is not None:
            self.wish.doubt("two negations")
        self.wish.verbs.none_at = at

    def _unread(self, at: int, _piece: Piece) -> None:
        self.wish.unread += self._before(at) is not Kind.UNREAD
        if self.mood is not None:
            # It belongs to the word that nobody understood, and to no name behind it.
            self.mood = None
            self.wish.doubt("not, before an unread word")

    # Names

    def _name(self, at: int, piece: Piece) -> None:
        names = self._meant(at, piece.names)
        if len(names) > 1:
            self.wish.doubt("one of several names")
        choices = _choices(names)
        if (self._before(at, 2), self._before(at)) == (Kind.ASSIGNED, Kind.BY):
            self.wish.doubt("who assigned it is not known")
        if self._before(at) is Kind.FROM and choices[0].key is Key.PRODUCT:
            self.wish.doubt("from a product")
        self._add(Slot(choices, at, self._is_out(at, choices[0].key)))

    def _meant(self, at: int, names: tuple[Name, ...]) -> tuple[Name, ...]:
        """“team Design”, “the Design group”: the key beside a name says which of two is meant."""
        for near in (at - 1, at + 1):
            if self.wish.kind(near) is Kind.KEY:
                kept = tuple(name for name in names if name.key == self.wish.pieces[near].value)
                if kept:
                    return kept
        return names

    def _is_out(self, at: int, key: Key) -> bool:
        """Tell whether a name is to be left out; “not” says so only of where somebody is, as in “not in Design”."""
        if self.mood is None:
            return self.out is not None and self.out.key is key and self._joined(self.out.at, at, key)
        back = 2 if self._before(at) is Kind.KEY else 1
        # Only just before it: in “has no Revit seat in Design” there is nothing about who is in Design.
        placed = (self._before(at, back + 1), self._before(at, back)) == (Kind.NOT, Kind.IN)
        if self.mood is Kind.EXCEPT or (self.mood is Kind.NOT and placed and key in {Key.TEAM, Key.GROUP}):
            self.mood = None
            return True
        if key is not Key.USER:
            self.wish.doubt("not, before a name")
            self.passed = True
        return False

    def _add(self, slot: Slot) -> None:
        same = [each for each in self.wish.of(slot.key) if each.choices != slot.choices]
        if any(each.negated != slot.negated for each in same):
            # “Revit but not AutoCAD” is about people with one and without the other, which no query can ask.
            self.wish.doubt("the same key with and without not")
            if slot.negated:
                return
        elif same and not any(self._joined(each.at, slot.at, slot.key) for each in same):
            # “inactive in Design and active in West”: one of the two is offered, never a mixture.
            self.wish.doubt("two values of one key")
            self._either(same[0], slot)
            return
        self.wish.slots.append(slot)
        self.out = slot if slot.negated else self.out

    def _either(self, one: Slot, other: Slot) -> None:
        slots = self.wish.slots
        slots[slots.index(one)] = replace(one, choices=(*one.choices, *other.choices))

    def _joined(self, first: int, last: int, key: Key) -> bool:
        """Tell whether two values stand in one list: nothing between them but “and”, “or” and other values of it."""
        listed = {slot.at for slot in self.wish.of(key)}
        between = {piece.kind for at, piece in enumerate(self.wish.pieces[:last]) if at > first and at not in listed}
        return Kind.AND in between and between <= _JOINS

    def _me(self, at: int, _piece: Piece) -> None:
        if self.wish.kind(at + 1) in {Kind.KEY, Kind.WHO}:
            self.wish.doubt("my team")
        self._add(Slot((Choice(Key.USER, ("me",)),), at, self._is_out(at, Key.USER)))

    def _no_group(self, at: int, _piece: Piece) -> None:
        self._add(Slot((Choice(Key.GROUP, ("none",)),), at))

    # Status, access, assignment, use

    def _status(self, at: int, piece: Piece) -> None:
        status, mood, self.mood = Status(piece.value), None if self.passed else self.mood, None
        if mood is Kind.NEVER and status is Status.ACTIVE:
            self.wish.verbs.never = True
            return
        if mood is Kind.NEVER:
            self.wish.doubt("never, before a status")
        negated = mood is not None
        if mood is Kind.NOT and status is Status.ACTIVE:
            status, negated = (Status.NOT_YET_ACTIVE if self.wish.verbs.yet else Status.INACTIVE), False
        self._add(Slot((Choice(Key.STATUS, (status,)),), at, negated))

    def _access(self, at: int, piece: Piece) -> None:
        out = self.mood is Kind.EXCEPT or (self.mood is Kind.NOT and self._before(at) is Kind.IN)
        if out:
            self.mood = None
        elif self.mood is Kind.NOT:
            # “has no seat” is something else than a row under Flex.
            self.wish.doubt("not, before an access option")
        self._add(Slot((Choice(Key.ACCESS, (piece.value,)),), at, out))

    def _assigned(self, at: int, _piece: Piece) -> None:
        if self.mood is Kind.NOT and self.wish.kind(at + 1) is Kind.ORIGIN:
            self.wish.verbs.assigned = True
        elif self.mood is not None:
            # Somebody who never had a seat stands in no report; `unassigned` is who had one.
            self.mood = None
            self.wish.doubt("not assigned, or no more")
            self._add(Slot((Choice(Key.STATUS, (Status.UNASSIGNED,)),), at))
        else:
            self.wish.verbs.assigned = True

    def _origin(self, at: int, piece: Piece) -> None:
        out, self.mood = self.mood is not None, None
        self._add(Slot((Choice(Key.ASSIGNED, (piece.value,)),), at, out))

    def _maybe_use(self, at: int, piece: Piece) -> None:
        """“who use Revit” and “did Ann use Revit” say a verb, “Flex use of Ann” does not."""
        if self.mood is not None or any(each.kind in _SAY_VERB for each in self.wish.pieces[:at]):
            self._use(at, piece)

    def _use(self, at: int, _piece: Piece) -> None:
        mood, self.mood = self.mood, None
        if mood is Kind.EXCEPT:
            self.wish.doubt("except those who use")
        elif mood is None:
            self.wish.verbs.used_at = at
        else:
            self.wish.verbs.unused |= mood is Kind.NOT
            self.wish.verbs.never |= mood is Kind.NEVER

    def _unused(self, _at: int, _piece: Piece) -> None:
        if self.mood is not None:
            self.wish.doubt("not unused")
        self.wish.verbs.unused = True

    def _yet(self, _at: int, _piece: Piece) -> None:
        self.wish.verbs.yet = True

    # Order, range and the rest

    def _sort(self, _at: int, piece: Piece) -> None:
        if self.wish.sort:
            self.wish.doubt("two orders")
        self.wish.sort = piece.value

    def _top(self, at: int, piece: Piece) -> None:
        counted = self.wish.kind(at + 1) is Kind.NUMBER
        if piece.value == "first":
            # The first five are those of the usual order.
            self.wish.unread += not counted
        elif not self.wish.sort:
            self.wish.sort = "-days"

    def _number(self, at: int, piece: Piece) -> None:
        counted = self._before(at) is Kind.TOP or self.wish.kind(at + 1) is Kind.SORT
        if self.wish.top is None and counted and int(piece.value) > 0:
            self.wish.top = int(piece.value)
        else:
            self.wish.unread += 1

    def _key(self, at: int, piece: Piece) -> None:
        """A key beside its name belongs to it; “which products” asks for a column; “by team” for what there is not."""
        if any(self._belongs(near, piece.value) for near in (at - 1, at + 1)):
            return
        if self._before(at) is not Kind.WHICH or piece.value not in _COLUMNS:
            self.wish.doubt("a key without a name")

    def _belongs(self, at: int, key: str) -> bool:
        if self.wish.kind(at) is Kind.NAME:
            return any(name.key == key for name in self.wish.pieces[at].names)
        return self.wish.kind(at) is Kind.NO_GROUP or (self.wish.kind(at) is Kind.ALL and key == Key.TEAM)

    def _all(self, _at: int, _piece: Piece) -> None:
        if self.mood is not None:
            self.wish.doubt("not all")

    def _by(self, at: int, _piece: Piece) -> None:
        if self.wish.kind(at + 1) not in {Kind.NAME, Kind.ME}:
            self.wish.doubt("by something that is no name")

    def _range(self, at: int, piece: Piece) -> None:
        if self._before(at) is Kind.TO:
            self.wish.doubt("until, without a beginning")
        if self._before(at) is Kind.FROM and not all(map(_is_past, piece.ranges)):
            self.wish.doubt("in it, or since")
        if self.mood is not None:
            self.wish.doubt("not, before a range")
        self.wish.ranges.append(piece)


def _is_past(asked: Range) -> bool:
    """“from last month” can only be in it; “from September” may be since."""
    return isinstance(asked, Last) or (isinstance(asked, Calendar) and asked.name in CALENDAR)


def _choices(names: tuple[Name, ...]) -> tuple[Choice, ...]:
    """Return what a name may mean; of several people all may be meant, or one of them."""
    single = tuple(Choice(name.key, (name.value,)) for name in names)
    people = tuple(name.value for name in names if name.key is Key.USER)
    return (Choice(Key.USER, people), *single) if len(people) > 1 else single
