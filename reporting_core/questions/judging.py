"""What the words of a question mean together: use and status, assignments, order. Whatever does not fit is a doubt."""

from collections.abc import Sequence
from itertools import pairwise

from reporting_core.questions.lexicon import Kind
from reporting_core.questions.wish import Choice, Slot, Wish
from reporting_core.words.query import Between, Key, Range
from reporting_core.words.terms import Status

_SEATS = (Status.ACTIVE, Status.INACTIVE, Status.NOT_YET_ACTIVE)
# What was not used in a range that nobody named may be either, as the grammar has it for “unused”.
_UNUSED = ((Status.INACTIVE,), (Status.NOT_YET_ACTIVE,), (Status.INACTIVE, Status.NOT_YET_ACTIVE))


def judge(wish: Wish) -> None:
    """Complete a wish when all its pieces have been read."""
    _judge_use(wish)
    _judge_idle(wish)
    _judge_assigned(wish)
    _judge_ranges(wish)
    if wish.flex and wish.sort in {"days", "-days"}:
        wish.sort = wish.sort.replace("days", "tokens")
    wish.sort = wish.sort.removeprefix("=")
    if Kind.AMOUNT in wish.kinds and not wish.of(Key.ACCESS):
        # “how many are left”: of what?
        wish.unread += 1


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
    if verbs.used_at is not None or any(slot.negated or slot.value == Status.ACTIVE for slot in asked):
        wish.doubt("used and not used")
    if asked:
        return
    new = verbs.never or verbs.yet
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


def _judge_assigned(wish: Wish) -> None:
    """Whoever is active, inactive or not yet active is assigned; the date of an assignment is no range of use."""
    origins, statuses = wish.of(Key.ASSIGNED), wish.of(Key.STATUS)
    assigned = wish.verbs.assigned
    if origins and not assigned and Kind.ACCESS not in wish.kinds:
        wish.doubt("by group, or how it was assigned")
    if wish.ranges and (assigned or any(slot.value == Status.UNASSIGNED for slot in statuses)):
        wish.doubt("assigned then, or used then")
    if assigned and any(slot.value not in _SEATS for slot in statuses):
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


def _is_one_day(asked: Range) -> bool:
    return isinstance(asked, Between) and asked.first == asked.last
