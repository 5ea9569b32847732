"""How a text is said: an order that changes something, or a statement. Neither asks for a report, whatever it names."""

from collections.abc import Sequence

from reporting_core.questions.lexicon import Kind
from reporting_core.questions.pieces import Piece
from reporting_core.questions.tokens import Word
from reporting_core.words.query import Key
from reporting_core.words.terms import Status

_CALLED = frozenset({"please", "pls", "kindly"})
_WHOSE = frozenset({"the", "all", "a", "an", "my", "our", "your", "his", "her", "their", "these", "those", "every"})
_COPULAS = frozenset({"is", "are", "was", "were", "isnt", "arent", "wasnt", "werent"})
_SPEAKERS = frozenset({"i", "we"})
_TOLD = frozenset({Kind.USE, Kind.MAYBE_USE, Kind.AMOUNT, Kind.ASSIGNED})
_ASKING = frozenset({Kind.SHOW, Kind.EXPORT, Kind.COUNT, Kind.WHICH, Kind.DO, Kind.WHY, Kind.MEASURE, Kind.LATELY})


def is_barred(pieces: Sequence[Piece], said: Sequence[Word]) -> bool:
    """Tell whether a text wants something changed or explained, or tells something, instead of asking for use."""
    kinds = [piece.kind for piece in pieces]
    # “unassigned Ann from Revit” is a slip of an order.
    taken = any(piece.value == Status.UNASSIGNED for piece in pieces)
    if Kind.STOP in kinds or (taken and Kind.FROM in kinds):
        return True
    return _is_statement(pieces, said) or (_is_order(pieces, said) and not _ASKING & {*kinds})


def _is_order(pieces: Sequence[Piece], said: Sequence[Word]) -> bool:
    """“Cut the idle seats in Design”: a word nobody knows, in front, with what it is done to behind it."""
    called = [piece for piece in pieces if piece.kind is not Kind.HELLO and said[piece.start].key not in _CALLED]
    if len(called) < 2 or called[0].kind is not Kind.UNREAD:  # noqa: PLR2004 - an order, and what it is about
        return False
    follows = called[1]
    person = any(name.key is Key.USER for name in follows.names)
    return person or follows.kind is Kind.ALL or said[follows.start].key in _WHOSE


def _is_statement(pieces: Sequence[Piece], said: Sequence[Word]) -> bool:
    """“Ann is a colleague in Design”, “we bought 20 Revit seats in March”."""
    if said[0].key in _SPEAKERS:
        told = next((piece.kind for piece in pieces if piece.start == 1), None)
        has = told is Kind.HAS and said[0].key == "i"
        return (told in _TOLD or has) and not {*_ASKING, Kind.WHO} & {piece.kind for piece in pieces}
    if pieces[0].kind is not Kind.NAME:
        return False
    behind = [word.key for word in said[pieces[0].end : pieces[0].end + 2]]
    return len(behind) == 2 and behind[0] in _COPULAS and behind[1] in _WHOSE  # noqa: PLR2004 - “is a”
