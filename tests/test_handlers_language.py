"""Every language has the same sentences, labels and values, for what the core says as well."""

import ast
import copy
import pickle
import re
import string
import tomllib
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any, Self

import pytest
from jinja2 import Environment, StrictUndefined, meta

from handlers import language
from handlers.views import wording
from reporting_core.exports import frames
from reporting_core.words.report import Period
from reporting_core.words.said import Said, both, counted, either, joined, say

ROOT = Path(__file__).parents[1]
TEMPLATES, CORE = ROOT / "templates", ROOT / "reporting_core"
ENGLISH, *OTHERS = language.LANGUAGES

DAY = date(2026, 11, 24)

SAME = {"Person", "Team", "Status", "Flex", "Text", "Tokens", "MMM y"}
SAME |= {"Standard", "Premium", "Enterprise", "Business Success"}
SAME |= {"help"}  # typed for the asker
"""Texts that are the same in German."""


def files(spoken: str, pattern: str) -> set[str]:
    return {path.relative_to(TEMPLATES / spoken).as_posix() for path in (TEMPLATES / spoken).glob(pattern)}


def text(spoken: str, name: str) -> str:
    return (TEMPLATES / spoken / name).read_text("utf-8")


def labels(spoken: str, name: str) -> dict[str, str]:
    return tomllib.loads(text(spoken, name))


def holes(pattern: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(pattern) if name is not None}


# -- one file of each name, with the same values in it


@pytest.mark.parametrize("spoken", OTHERS)
def test_every_sentence_has_its_twin(spoken: str) -> None:
    assert files(spoken, "*.j2") == files(ENGLISH, "*.j2")
    assert files(spoken, "labels/*.toml") == files(ENGLISH, "labels/*.toml")


class Anything(int):
    """A value that stands for any that a template may ask for."""

    def __new__(cls) -> Self:
        return super().__new__(cls, 1)

    def __getattr__(self, name: str) -> "Anything":
        if name.startswith("__"):
            raise AttributeError(name)
        return Anything()

    def __getitem__(self, key: object) -> "Anything":
        return Anything()

    def __call__(self, *values: object) -> "Anything":
        return Anything()

    def __iter__(self) -> Iterator["Anything"]:
        return iter((Anything(), Anything()))

    def __len__(self) -> int:
        return 2


@pytest.mark.parametrize("name", sorted(files(ENGLISH, "*.j2")))
@pytest.mark.parametrize("spoken", OTHERS)
def test_a_twin_asks_for_the_same_values(spoken: str, name: str) -> None:
    environment = Environment(undefined=StrictUndefined, autoescape=False)  # noqa: S701 - as the bot's own
    for each in ("told", "mrkdwn", "day", "dates", "number", "counted", "moment", "who"):
        environment.filters[each] = lambda value, *_more: str(value)
    theirs, ours = environment.parse(text(ENGLISH, name)), environment.parse(text(spoken, name))
    needed = meta.find_undeclared_variables(theirs)
    assert meta.find_undeclared_variables(ours) == needed
    values = {each: Anything() for each in needed}
    assert environment.from_string(text(ENGLISH, name)).render(values).strip()
    assert environment.from_string(text(spoken, name)).render(values).strip()
    assert text(spoken, name) != text(ENGLISH, name)


@pytest.mark.parametrize("name", sorted(files(ENGLISH, "labels/*.toml")))
@pytest.mark.parametrize("spoken", OTHERS)
def test_every_label_has_its_twin_with_the_same_values(spoken: str, name: str) -> None:
    theirs, ours = labels(ENGLISH, name), labels(spoken, name)
    assert ours.keys() == theirs.keys()
    assert {key: holes(each) for key, each in ours.items()} == {key: holes(each) for key, each in theirs.items()}
    assert {each for key, each in ours.items() if each == theirs[key]} <= SAME, (
        "say it in the other language, or list it as the same"
    )


# -- what the core says


def modules() -> Iterator[tuple[Path, ast.Module]]:
    for path in sorted(CORE.rglob("*.py")):
        yield path, ast.parse(path.read_text("utf-8"))


def calls(tree: ast.AST, *names: str) -> Iterator[ast.Call]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and called(node) in names:
            yield node


def called(node: ast.Call) -> str:
    return getattr(node.func, "id", getattr(node.func, "attr", ""))


def patterns() -> dict[str, set[str]]:
    """Every pattern with the values that are handed over for it; `*` where they are handed over as a mapping."""
    found: dict[str, set[str]] = {}
    for _, tree in modules():
        for call in calls(tree, "say", "counted"):
            given = {each.arg or "*" for each in call.keywords} | ({"count"} if called(call) == "counted" else set())
            for each in call.args:
                if isinstance(each, ast.Constant) and isinstance(each.value, str):
                    found.setdefault(each.value, given)
    return {
        pattern: given for pattern, given in found.items() if re.search("[A-Za-z]", re.sub(r"{[^}]*}", "", pattern))
    }


@pytest.mark.parametrize("spoken", OTHERS)
def test_whatever_the_core_says_is_translated_and_nothing_else(spoken: str) -> None:
    catalogue, said = labels(spoken, "core.toml"), patterns()
    assert sorted(said.keys() - catalogue.keys()) == []
    assert sorted(catalogue.keys() - said.keys()) == []
    extra = {pattern: holes(ours) - said[pattern] for pattern, ours in catalogue.items() if "*" not in said[pattern]}
    assert {pattern: names for pattern, names in extra.items() if names} == {}


OPEN = {"AskAgain", "NotAllowed", "BadQuery", "StoreBusy", "ImportRefused", "WouldRemove", "Unreadable"}
OPEN |= {"Misread", "Mend", "note"}
"""What takes a sentence that can reach Slack as its first value. Why single rows are refused stays English."""


def unsaid(tree: ast.Module) -> Iterator[str]:
    """Plain texts where a sentence is needed that remembers its pattern."""
    for function in ast.walk(tree):
        if not isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        plain = {
            target.id: ast.unparse(node.value)
            for node in ast.walk(function)
            if isinstance(node, ast.Assign) and is_plain(node.value)
            for target in node.targets
            if isinstance(target, ast.Name)
        }
        for call in calls(function, *OPEN):
            first = call.args[0] if call.args else None
            if is_plain(first):
                yield ast.unparse(call)
            elif isinstance(first, ast.Name) and first.id in plain:
                yield plain[first.id]


def is_plain(node: ast.AST | None) -> bool:
    return isinstance(node, ast.JoinedStr) or (isinstance(node, ast.Constant) and isinstance(node.value, str))


def test_no_sentence_leaves_the_core_that_no_language_can_be_found_for() -> None:
    found = {str(path.relative_to(CORE)): list(unsaid(tree)) for path, tree in modules()}
    assert {path: plain for path, plain in found.items() if plain} == {}


def test_a_sentence_is_english_and_remembers_what_it_is_made_of() -> None:
    made = say("Tokens remaining are as stated on {date}.", date=date(2026, 11, 24))
    within = say("No Usage Report is loaded for {listed}: who has a seat there is not known.", listed=made)
    assert within == f"No Usage Report is loaded for {made}: who has a seat there is not known."
    with language.speaking("de"):
        assert wording.told(made) == "Verbleibende Tokens nach dem Stand vom 24. Nov. 2026."
        assert wording.shown(made, 200) == wording.told(made)
        assert wording.told(made) in wording.told(within)
    assert wording.told(made) is made


@pytest.mark.parametrize("copied", [copy.deepcopy, lambda each: pickle.loads(pickle.dumps(each))])  # noqa: S301
def test_a_copy_of_a_sentence_remembers_it_too(copied: Any) -> None:
    made = copied(say("{parts} and {last}", parts=joined(["A", "B"], ", "), last="C"))
    assert (made, type(made), made.pattern) == ("A, B and C", Said, "{parts} and {last}")


def test_a_sentence_comes_whole_out_of_the_child_process_that_reads_files() -> None:
    made = say("Is “{text}” {dmy}?", text="5/6/2026", dmy=say(" since {day}", day=DAY), day=DAY, count=3)
    again = frames.closed(frames.unpacked(frames.packed((frames.opened(made),))[frames.LENGTH :])[0])
    assert isinstance(again, Said)
    assert (again, again.pattern, dict(again.values)) == (made, made.pattern, dict(made.values))


@pytest.mark.parametrize("pattern", ["{text.__class__}", "{text[0]}", "{text!r}", "{0}", "{", "{text:>9999999}"])
def test_a_child_process_cannot_reach_into_values(pattern: str) -> None:
    told = frames.closed((pattern, {"text": "x"}))
    assert (told, type(told)) == (pattern, str)


def test_braces_and_percents_in_a_value_stay_as_they_are() -> None:
    made = say("I know no key “{raw}”.{hint}", raw="{0} %s {raw}", hint="")
    assert made == "I know no key “{0} %s {raw}”."
    with language.speaking("de"):
        assert wording.told(made) == "Ich kenne keinen Schlüssel „{0} %s {raw}“."


def test_lists_and_numbers_follow_the_language() -> None:
    told = [
        either(["a"]),
        either(["a", "b", "c"]),
        both(["a", "b"]),
        counted(1, "{gaps} and 1 more gap", "{gaps} and {count} more gaps", gaps="x"),
        counted(1234, "{gaps} and 1 more gap", "{gaps} and {count} more gaps", gaps="x"),
    ]
    assert told == ["a", "a, b or c", "a and b", "x and 1 more gap", "x and 1,234 more gaps"]
    with language.speaking("de"):
        german = ["a", "a, b oder c", "a und b", "x und 1 weitere Lücke", "x und 1.234 weitere Lücken"]
        assert [wording.told(each) for each in told] == german


# -- dates and numbers


@pytest.mark.parametrize(
    ("value", "in_english", "in_german"),
    [(2840, "2,840", "2.840"), (2840.5, "2,840.5", "2.840,5"), (999, "999", "999"), (2840.0, "2,840", "2.840"),
     (-1234567, "-1,234,567", "-1.234.567"), (0.1, "0.1", "0,1"), ("2840", "2840", "2840")],
)  # fmt: skip
def test_numbers_in_sentences_are_written_as_in_tables_and_names_as_they_are(
    value: str | float, in_english: str, in_german: str
) -> None:
    told = say("{count} lines of the marks outside the database are altered or cut.", count=value)
    assert told.startswith(f"{in_english} lines")
    assert told.values["count"] == value
    with language.speaking("de"):
        assert wording.told(told).startswith(f"{in_german} Zeilen")
        assert isinstance(value, str) or wording.number(value) == in_german
    assert isinstance(value, str) or wording.number(value) == in_english


@pytest.mark.parametrize(
    ("spoken", "written"),
    [
        (
            "en",
            ["24 Nov 2026", "26 Oct – 24 Nov 2026", "24 Dec 2025 – 24 Nov 2026", "1,234.5", "1,234", "0.1"],
        ),
        (
            "de",
            ["24. Nov. 2026", "26. Okt. – 24. Nov. 2026", "24. Dez. 2025 – 24. Nov. 2026", "1.234,5", "1.234", "0,1"],
        ),
    ],
)
def test_dates_and_numbers_are_written_as_in_the_language(spoken: str, written: list[str]) -> None:
    with language.speaking(spoken):
        assert [
            wording.day(DAY),
            wording.dates(Period(date(2026, 10, 26), DAY)),
            wording.dates(Period(date(2025, 12, 24), DAY)),
            wording.number(1234.5),
            wording.number(1234),
            wording.number(0.123, 1),
        ] == written


def test_days_in_tables_stay_as_they_sort() -> None:
    with language.speaking("de"):
        assert wording.iso(DAY) == "2026-11-24"
