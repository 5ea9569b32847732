"""The decision: which reading of a question is stood by, which are offered, and what is no question about use at all.

Three rules. A word that changes something or asks for an explanation: no reading. Any word not understood, any doubt,
any second meaning: no reading that is stood by, but up to three that are offered. Else the one reading there is.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from itertools import islice, product

from reporting_core.grammar.draft import Draft, Said
from reporting_core.grammar.faults import Faults
from reporting_core.grammar.lexing import lex
from reporting_core.grammar.spoken import sort_key
from reporting_core.questions import german
from reporting_core.questions.gathering import gather
from reporting_core.questions.lexicon import Kind
from reporting_core.questions.manner import is_barred
from reporting_core.questions.names import Prepared, prepare
from reporting_core.questions.pieces import Piece, cut
from reporting_core.questions.tokens import MOST, words
from reporting_core.questions.wish import Slot, Wish
from reporting_core.words.query import DEFAULT_RANGE, Key, Sort, UsageQuery, Vocabulary
from reporting_core.words.questions import Act, Reading, Readings

LONGEST = 400
"""Characters of a plain question; a longer text is a story, and is not looked at."""
OFFERED = 3
_MOST_TRIED = 24
_SLIP = 0.05
_LATER = 0.1
_LEAST = 0.1
_DOUBT = 0.7
_NOWHERE = Said(None, "", 0, 0)
_ACTIVITY = frozenset(
    {Kind.STATUS, Kind.USE, Kind.MAYBE_USE, Kind.UNUSED, Kind.ACCESS, Kind.ASSIGNED, Kind.EXPORT, Kind.WHY, Kind.NEVER}
)
_ASKING = frozenset(
    {Kind.SHOW, Kind.COUNT, Kind.WHO, Kind.WHICH, Kind.DO, Kind.HAS}
    | {Kind.RANGE, Kind.MEASURE, Kind.LATELY, Kind.AMOUNT}
)


def read(text: str, vocabulary: Vocabulary | Prepared, today: date) -> Readings:
    """Read a plain question. Never raises: what cannot be read has no reading; a command is for the grammar to read."""
    if len(text) > LONGEST or any(token.operator for token in lex(text)):
        return Readings()
    prepared = vocabulary if isinstance(vocabulary, Prepared) else prepare(vocabulary)
    said = german.in_english(words(text), prepared.known)
    if not said or len(said) > MOST:
        return Readings()
    pieces = cut(said, prepared, today)
    return Readings() if is_barred(pieces, said) else _decided(pieces, today)


def _decided(pieces: list[Piece], today: date) -> Readings:
    wish = gather(pieces)
    act = _act(wish) if _is_question(wish, pieces) else None
    return _told(act, wish, today) if act else Readings()


def _told(act: Act, wish: Wish, today: date) -> Readings:
    found = list(islice(_readings(act, wish, today), OFFERED))
    certain = not wish.doubts and not wish.unread and _is_clear(act, wish)
    if certain and len(found) == 1:
        return Readings(sure=found[0])
    if wish.unread and not _is_near(wish):
        return Readings()
    return Readings(near=tuple(replace(each, score=each.score * _DOUBT) for each in found))


def _act(wish: Wish) -> Act | None:
    """Say what is wanted. Why is asked of somebody; of nobody in particular it is a question for the answers."""
    if Kind.WHY not in wish.kinds:
        return Act.EXPORT if Kind.EXPORT in wish.kinds else Act.REPORT
    if Kind.EXPORT in wish.kinds:
        return None
    if any(not slot.negated for slot in wish.of(Key.USER)):
        return Act.WHY
    if not wish.of(Key.TEAM) and not wish.of(Key.GROUP):
        return None
    wish.doubts.append("why, of nobody")
    return Act.REPORT


def _is_question(wish: Wish, pieces: list[Piece]) -> bool:
    kinds = wish.kinds
    named = bool({Kind.NAME, Kind.ME, Kind.NO_GROUP} & kinds)
    if Kind.HELLO in kinds and not (kinds & (_ACTIVITY | _ASKING)):
        return False
    if {Kind.WHICH, Kind.EXPORT} <= kinds or (Kind.LATELY in kinds and not named):
        # “what do I find in the spreadsheet”, “is last accessed the last login”
        return False
    if pieces[0].kind is Kind.WHAT_IS and not (named or kinds & {Kind.AMOUNT, Kind.RANGE}):
        return False
    return named or bool(kinds & _ACTIVITY) or bool(Kind.SHOW in kinds and kinds & {Kind.RANGE, Kind.SORT, Kind.ALL})


def _is_clear(act: Act, wish: Wish) -> bool:
    """Tell a question from a name, or a word of the trade, dropped by itself: those are asked back."""
    said = len(wish.slots) + len(wish.ranges) + bool(wish.sort)
    if act is Act.EXPORT:
        return said > 0 or Kind.ALL in wish.kinds
    return act is Act.WHY or said > 1 or bool(wish.kinds & _ASKING)


def _is_near(wish: Wish) -> bool:
    """Tell whether enough was understood beside what was not."""
    activity = len(wish.kinds & _ACTIVITY)
    names = sum(1 for slot in wish.slots if slot.key not in {Key.STATUS, Key.ACCESS, Key.ASSIGNED})
    idle = wish.ranges and wish.kinds & {Kind.STATUS, Kind.UNUSED, Kind.ACCESS, Kind.USE}
    if not activity or not (names or idle):
        return False
    return wish.unread <= activity + names + len(wish.ranges) - 1


def _readings(act: Act, wish: Wish, today: date) -> Iterator[Reading]:
    """Return the readings, likeliest first: every meaning of every slot with every range."""
    slots = [slot for slot in wish.slots if act is not Act.WHY or slot.key is not Key.STATUS]
    order = _order(wish) if act is not Act.WHY else UsageQuery()
    seen: set[UsageQuery] = set()
    for picks in islice(product(*(_meanings(act, slot) for slot in slots)), _MOST_TRIED):
        for asked in wish.spans or (DEFAULT_RANGE,):
            query = _query(picks, replace(order, range=asked), today)
            if query is not None and query not in seen:
                score = max(_LEAST, 1 - _SLIP * wish.far - _LATER * len(seen))
                seen.add(query)
                yield Reading(act, query, score)


def _meanings(act: Act, slot: Slot) -> list[Slot]:
    """Return a slot with each of its meanings; why is answered of one person, so two of a name are never both meant."""
    one = act is Act.WHY and slot.key is Key.USER and len(slot.choices) > 1
    return [replace(slot, choices=(each,)) for each in slot.choices if not one or len(each.values) == 1]


def _order(wish: Wish) -> UsageQuery:
    """Return a query with nothing but the order and number of rows."""
    column = sort_key(wish.sort) if wish.sort else None
    return UsageQuery(sort=(Sort(column[0], bool(column[1])),) if column else (), top=wish.top)


def _query(picks: Sequence[Slot], order: UsageQuery, today: date) -> UsageQuery | None:
    """Put the filters together as a typed command would; None where they contradict each other."""
    faults = Faults()
    draft = Draft(faults)
    for slot in picks:
        for value in slot.choices[0].values:
            draft.pick(slot.key, value, _NOWHERE, negated=slot.negated)
    filters = draft.finished(today).filters
    return None if faults.found else order.with_filters(filters)
