"""What the words of a question mean together: use and status, assignments, order. Whatever does not fit is a doubt."""

from collections.abc import Sequence
from itertools import pairwise

from reporting_core.questions.lexicon import Kind
from reporting_core.questions.wish import Choice, Slot, Wish
from reporting_core.words.query import Between, Key, Range
from reporting_core.words.terms import Status

_SEATS = (Status.ACTIVE, Status.INACTIVE, Status.NOT_YET_ACTIVE)
_IDLE = (Status.INACTIVE, Status.NOT_YET_ACTIVE, Status.UNKNOWN)
# What was not used in a range that nobody named may be either, as the grammar has it for “unused”.
_UNUSED = ((Status.INACTIVE,), (Status.NOT_YET_ACTIVE,), (Status.INACTIVE, Status.NOT_YET_ACTIVE))


def judge(wish: Wish) -> None:
    """Complete a wish when all its pieces have been read."""
    _judge_use(wish)
    _judge_idle(wish)
    _judge_assigned(wish)
    _judge_ranges(wish)
    _judge_either(wish)
    if Kind.SORT not in wish.kinds and any(slot.value in _IDLE for slot in wish.of(Key.STATUS)):
        # The top ten of those who used nothing are the riskiest ten, which is the usual order.
        wish.sort = ""
    if wish.flex and wish.sort in {"days", "-days"}:
        wish.sort = wish.sort.replace("days", "tokens")
    wish.sort = wish.sort.removeprefix("=")
    if Kind.AMOUNT in wish.kinds and (not wish.of(Key.ACCESS) or _somebody_left(wish)):
        # “how many are left”: of what?
        wish.unread += 1


def _somebody_left(wish: Wish) -> bool:
    return (Kind.WHO, Kind.AMOUNT) in pairwise(piece.kind for piece in wish.pieces)


def _judge_use(wish: Wish) -> None:
    verbs, asked = wish.verbs, wish.of(Key.STATUS)
    if verbs.unused or verbs.never:
        _judge_unused(wish, asked)
    elif verbs.used_at is not None and not wish.kinds & {Kind.MEASURE, Kind.LATELY}:
        if asked:
            wish.doubt("a status and use")
        else:
            _add_status(wish, (Status.ACTIVE,))
    if verbs.yet and not (verbs.unused or verbs.never or asked):
        wish.unread += 1


def _judge_unused(wish: Wish, asked: Sequence[Slot]) -> None:
    verbs = wish.verbs
    new = verbs.never or verbs.yet
    said = Status.NOT_YET_ACTIVE if new else Status.INACTIVE
    if verbs.used_at is not None or any(slot.negated or slot.value != said for slot in asked):
        wish.doubt("not used, and something else")
    if asked:
        return
    if new and not wish.ranges:
        _add_status(wish, (Status.NOT_YET_ACTIVE,))
    elif wish.ranges and not new:
        _add_status(wish, (Status.INACTIVE,))
    else:
        _add_status(wish, *_UNUSED)
        wish.doubt("inactive, or not yet active")


def _add_status(wish: Wish, *choices: tuple[Status, ...]) -> None:
    wish.slots.append(Slot(tuple(Choice(Key.STATUS, each) for each in choices), len(wish.pieces)))


def _judge_idle(wish: Wish) -> None:
    idle = any(slot.value != Status.ACTIVE for slot in wish.of(Key.STATUS))
    if idle and any(map(_is_one_day, wish.spans)):
        wish.doubt("idle on one day")
    if idle and wish.flex:
        wish.doubt("Flex is never idle")
    if len({slot.value for slot in wish.of(Key.ACCESS)}) > 1:
        # Both together are all rows: who names both compares them.
        wish.doubt("seat or Flex")


def _judge_assigned(wish: Wish) -> None:
    """Whoever is active, inactive or not yet active is assigned; the date of an assignment is no range of use."""
    origins, statuses = wish.of(Key.ASSIGNED), wish.of(Key.STATUS)
    assigned = wish.verbs.assigned
    if origins and not assigned:
        wish.doubt("by group, or how it was assigned")
    if wish.ranges and (assigned or any(slot.value == Status.UNASSIGNED for slot in statuses)):
        wish.doubt("assigned then, or used then")
    if assigned and (Kind.AMOUNT in wish.kinds or any(slot.value not in _SEATS for slot in statuses)):
        wish.doubt("assigned and not assigned")
    if not origins and not statuses and (assigned or _is_holding(wish)):
        wish.slots.append(Slot((Choice(Key.ASSIGNED, ("yes",)),), len(wish.pieces)))


def _is_holding(wish: Wish) -> bool:
    """“who has Revit”: now, and not whoever used it."""
    quiet = not wish.kinds & {Kind.LATELY, Kind.MEASURE, Kind.SORT, Kind.TOP, Kind.AMOUNT}
    kinds = pairwise(piece.kind for piece in wish.pieces)
    return quiet and not wish.flex and (Kind.WHO, Kind.HAS) in kinds


def _judge_ranges(wish: Wish) -> None:
    if len(wish.ranges) > 1:
        wish.doubt("two ranges")
    if any(len(piece.ranges) > 1 for piece in wish.ranges):
        wish.doubt("a range with two meanings")
    counted = wish.verbs.used_at is not None or Kind.MEASURE in wish.kinds
    if counted and any(piece.bare for piece in wish.ranges):
        wish.doubt("days of use, or a range")
    if wish.ranges and wish.kinds & {Kind.LATELY, Kind.AMOUNT}:
        # “last used in May”, “bought in May”: a range of something else than of use.
        wish.doubt("a range of something else")


def _judge_either(wish: Wish) -> None:
    """“or” joins two values of one key; “in Design or inactive” is what no query can ask."""
    for at, piece in enumerate(wish.pieces):
        if piece.kind is Kind.AND and piece.value == "or":
            before = max((slot for slot in wish.slots if slot.at < at), key=lambda slot: slot.at, default=None)
            after = min((slot for slot in wish.slots if slot.at > at), key=lambda slot: slot.at, default=None)
            if before is None or after is None or before.key is not after.key:
                wish.doubt("one or the other, of two keys")


def _is_one_day(asked: Range) -> bool:
    return isinstance(asked, Between) and asked.first == asked.last
