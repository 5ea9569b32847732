"""From a command to a query. Reads on after a fault, so that the corrected command keeps everything that was right."""

from datetime import date

from reporting_core.grammar.cursor import Cursor
from reporting_core.grammar.draft import Draft
from reporting_core.grammar.faults import Faults
from reporting_core.grammar.guessing import Guesser
from reporting_core.grammar.lexing import Sort, Token, lex
from reporting_core.grammar.pairs import Pairs
from reporting_core.grammar.picking import Picker
from reporting_core.grammar.writing import canonical
from reporting_core.words.errors import BadQuery
from reporting_core.words.query import UsageQuery, Vocabulary
from reporting_core.words.said import say

_COMMAND = "/usage"
"""Copied along with the rest, it is passed over."""
LONGEST = 3000
"""Characters of a command that is typed; our own kept canonical texts may be longer (`limit`)."""


def parse(text: str, vocabulary: Vocabulary, today: date, *, limit: int = LONGEST) -> UsageQuery:
    """Read the words after `/usage`. Raises `BadQuery` with place, nearest values and a corrected command."""
    check_length(text, limit)
    faults = Faults()
    query = _read(text, vocabulary, today, faults)
    if not faults.found:
        return query
    first, corrected = faults.first, canonical(query)
    raise BadQuery(
        first.message,
        text=text,
        position=first.start,
        length=max(first.end - first.start, 1),
        suggestions=first.suggestions,
        corrected=corrected if len(corrected) <= limit else None,
    )


def _read(text: str, vocabulary: Vocabulary, today: date, faults: Faults) -> UsageQuery:
    cursor = Cursor(text, _closed(lex(text), faults))
    draft = Draft(faults)
    picker = Picker(cursor, draft, vocabulary)
    pairs = Pairs(cursor, draft, picker, today)
    guesser = Guesser(cursor, draft, picker, pairs)
    cursor.at = int(cursor.is_sort(Sort.WORD) and cursor.here.value == _COMMAND and not cursor.key_at(0))
    while not cursor.done and not faults.too_many:
        if cursor.is_sort(Sort.COMMA):
            cursor.at += 1
        elif cursor.key_at(cursor.at):
            pairs.read()
        elif end := cursor.phrase_at(cursor.at):
            pairs.read_phrase(end)
        else:
            guesser.read()
    return draft.finished(today)


def _closed(tokens: list[Token], faults: Faults) -> list[Token]:
    for token in tokens:
        if token.unclosed:
            message = say("This quote is never closed. Put the same mark at the end of the name.")
            faults.note(message, token.start, token.end)
    return [token for token in tokens if not token.unclosed]


def check_length(text: str, limit: int = LONGEST) -> None:
    """Raise `BadQuery` for a text that is longer than anybody types."""
    if len(text) <= limit:
        return
    message = say(
        "This command has {length} characters; I read up to {limit}. Ask for fewer names at once, or use a * wildcard.",
        length=len(text),
        limit=limit,
    )
    raise BadQuery(message, text=text, position=limit, length=len(text) - limit)
