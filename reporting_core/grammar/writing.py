"""From a query back to text: the canonical form, which is always shown and reads back as the same query."""

import re

from reporting_core.grammar.lexing import DOUBLE, lex
from reporting_core.grammar.lexing import Sort as Piece
from reporting_core.grammar.patterns import is_keyword, pieces
from reporting_core.grammar.ranges import spell_range
from reporting_core.words.names import fold
from reporting_core.words.query import Filter, Key, Sort, UsageQuery

ALL = "all"
"""`team=all` asks for every team; a team that is called so is typed in quotes."""

# Whatever could be read otherwise (spaces, commas, quotes, operators, stars that are letters) goes into quotes.
_SAFE = re.compile(r"\w[\w.@+\-]*(?:\*[\w.@+\-]*)*")
_INSIDE_QUOTES = re.compile(rf"[\\*{DOUBLE}]")


MASK = "*****"
"""Stands for a name that must not be shown."""


def masked(text: str) -> str:
    """Return a canonical text in which `*****` stands for everybody that `user` names."""
    kept, end, naming, before = list[str](), 0, False, Piece.WORD
    for token in lex(text):
        value = before in {Piece.EQUALS, Piece.DIFFERS, Piece.COMMA} and token.sort is not Piece.COMMA
        kept += [text[end : token.start], MASK if naming and value else text[token.start : token.end]]
        if token.sort is Piece.WORD and not value:
            naming = token.value == Key.USER
        end, before = token.end, token.sort
    return "".join(kept) + text[end:]


def canonical(query: UsageQuery) -> str:
    """Write a query so that `parse` reads the same query: filters in the order of `Key`, range, sort, top, page."""
    parts = [spell_filter(each) for each in query.filters]
    parts.append(spell_range(query.range))
    if query.sort:
        parts.append(f"sort={','.join(map(_spell_sort, query.sort))}")
    if query.top is not None:
        parts.append(f"top={query.top}")
    if query.page > 1:
        parts.append(f"page={query.page}")
    return " ".join(parts)


def spell_filter(each: Filter) -> str:
    """Write one filter: `team=Design,"Structural West"` or `access!=flex`."""
    values = ",".join(spell_value(value, each.key) for value in each.values)
    return f"{each.key}{'!=' if each.negated else '='}{values}"


def spell_value(value: str, key: Key) -> str:
    """Write one value of a filter as it is typed, in “"…"” if it needs that."""
    if is_keyword(value, key):
        return value
    if _SAFE.fullmatch(value) and "\\" not in value and not (key is Key.TEAM and fold(value) == ALL):
        return value
    return f'"{"*".join(_INSIDE_QUOTES.sub(_escaped, part) for part in pieces(value))}"'


def _escaped(found: re.Match[str]) -> str:
    return f"\\{found[0]}"


def _spell_sort(each: Sort) -> str:
    return f"{'-' if each.descending else ''}{each.key}"
