"""The grammar of `/usage`: typed text to a query and back. Pure: names come as a `Vocabulary`, today as a date."""

from reporting_core.grammar.caret import render_error
from reporting_core.grammar.commands import REPORT, VERBS, Command, Verb, command
from reporting_core.grammar.exempting import Keeping, read_keeping
from reporting_core.grammar.nearness import nearest
from reporting_core.grammar.parsing import LONGEST, parse
from reporting_core.grammar.patterns import encode, is_keyword, literal, matches, named
from reporting_core.grammar.ranges import spell_range
from reporting_core.grammar.subscribing import says_when
from reporting_core.grammar.writing import MASK, canonical, masked, spell_filter, spell_value

__all__ = [
    "LONGEST",
    "MASK",
    "REPORT",
    "VERBS",
    "Command",
    "Keeping",
    "Verb",
    "canonical",
    "command",
    "encode",
    "is_keyword",
    "literal",
    "masked",
    "matches",
    "named",
    "nearest",
    "parse",
    "read_keeping",
    "render_error",
    "says_when",
    "spell_filter",
    "spell_range",
    "spell_value",
]
