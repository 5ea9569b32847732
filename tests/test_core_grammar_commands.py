"""The first word: a verb, or the beginning of a report."""

import pytest

from reporting_core.grammar import VERBS, Command, canonical, command, parse
from reporting_core.words.query import Vocabulary
from tests.grammar_vocabularies import TODAY


@pytest.mark.parametrize(
    ("text", "verb", "rest"),
    [
        ("", "modal", ""),
        ("  \u3000 ", "modal", ""),
        ("team=Design", "report", "team=Design"),
        ("Design", "report", "Design"),
        ("report team=Design", "report", "team=Design"),
        ("report", "report", ""),
        ("HELP filters", "help", "filters"),
        ("  examples  ", "examples", ""),
        ("people", "people", ""),
        ("?", "help", ""),
        ("why @ann product=Revit", "why", "@ann product=Revit"),
        ("unassign off", "unassign", "off"),
        ('"help"', "report", '"help"'),
        ("help=x", "report", "help=x"),
        ("help = x", "report", "help = x"),
        ("modal", "report", "modal"),
        ("helpers", "report", "helpers"),
    ],
)
def test_the_first_word_is_a_verb_or_belongs_to_the_report(text: str, verb: str, rest: str) -> None:
    assert command(text) == Command(verb, rest)


def test_every_verb_has_a_line_and_this_version_does_it() -> None:
    assert all(verb.available for verb in VERBS.values())
    assert all(verb.line and "\n" not in verb.line for verb in VERBS.values())


def test_a_team_that_is_called_like_a_verb_is_reached_by_its_key() -> None:
    asked = command('team="help"')
    query = parse(asked.rest, Vocabulary(teams=("help",)), TODAY)
    assert canonical(query) == "team=help last=30d"
