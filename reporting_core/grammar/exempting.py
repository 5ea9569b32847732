"""Reading whose seat is kept: `@ann product=Revit until=2027-01-31 reason="parental leave"`.

Who and what is an ordinary question; `until=` and `reason=` are taken out of it, by blanks, so that a fault in the rest
is still found at its place.
"""

from datetime import date
from typing import NamedTuple

from reporting_core.grammar.dates import Misread, not_a_date, on, read_date
from reporting_core.grammar.lexing import Sort, Token, lex
from reporting_core.grammar.patterns import literal
from reporting_core.words.errors import BadQuery
from reporting_core.words.names import fold
from reporting_core.words.said import say

UNTIL, REASON = "until", "reason"


class Keeping(NamedTuple):
    """What was read: the question that is left, and the two values; None and '' where they were not given."""

    question: str
    until: date | None
    reason: str


class _Value(NamedTuple):
    """The value of a key; the pair stands at [start, end) of the text, the value from `at` on."""

    key: str
    words: str
    start: int
    at: int
    end: int


def read_keeping(text: str, today: date) -> Keeping:
    """Read it. Raises `BadQuery` for an end that is no date, and for a key that comes twice."""
    found = _values(text)
    rest, told = text, {each.key: each for each in found}
    for each in found:
        if told[each.key] is not each:
            again = told[each.key]
            raise _fault(say("{key}= can be given once only.", key=each.key), text, again.start, again.end)
        rest = f"{rest[: each.start]}{' ' * (each.end - each.start)}{rest[each.end :]}"
    until = _date(told[UNTIL], text, today) if UNTIL in told else None
    return Keeping(rest, until, told[REASON].words if REASON in told else "")


def _values(text: str) -> list[_Value]:
    tokens = lex(text)
    starts = [at for at in range(len(tokens) - 1) if _is_key(tokens, at)]
    mine = [at for at in starts if fold(tokens[at].value) in {UNTIL, REASON} and tokens[at + 1].sort is Sort.EQUALS]
    return [_value(text, tokens, at) for at in mine]


def _is_key(tokens: list[Token], at: int) -> bool:
    return tokens[at].sort is Sort.WORD and tokens[at + 1].operator


def _value(text: str, tokens: list[Token], at: int) -> _Value:
    key, first = fold(tokens[at].value), at + 2
    after = tokens[at + 1].end
    if first < len(tokens) and tokens[first].sort is Sort.QUOTED and not tokens[first].unclosed:
        quoted = tokens[first]
        words = literal(quoted.value)
        # A * stands for itself in a reason, though it is a wildcard everywhere else.
        given = text[quoted.start + 1 : quoted.end - 1] if words is None else words
        return _Value(key, given, tokens[at].start, quoted.start, quoted.end)
    last = first
    while last < len(tokens) and tokens[last].sort is not Sort.MENTION and not _begins_pair(tokens, last):
        last += 1
    end = tokens[last - 1].end if last > first else after
    # A quote that is never closed means the same words.
    return _Value(key, text[after:end].strip().strip("\"'“”„«»"), tokens[at].start, after, end)


def _begins_pair(tokens: list[Token], at: int) -> bool:
    return at + 1 < len(tokens) and _is_key(tokens, at)


def _date(value: _Value, text: str, today: date) -> date:
    found = read_date(value.words, today, end=True)
    if isinstance(found, Misread) or found is None:
        told = found or not_a_date(UNTIL, value.words, today)
        raise _fault(told.message, text, value.at, value.end, told.suggestions)
    return on(found, today)


def _fault(message: str, text: str, start: int, end: int, near: tuple[str, ...] = ()) -> BadQuery:
    return BadQuery(message, text=text, position=start, length=max(end - start, 1), suggestions=near)
