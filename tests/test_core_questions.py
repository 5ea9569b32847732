"""Plain questions: what is read, what is only offered, and what must never be taken for a question about use."""

import time
import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reporting_core.grammar import canonical, parse
from reporting_core.questions import LONGEST, Prepared, prepare, read
from reporting_core.words.query import Key, Vocabulary
from reporting_core.words.questions import Act, Readings
from tests.grammar_vocabularies import COMPANY, HOSTILE, TODAY, vocabularies
from tests.plain_questions import HELD_OUT, MISSPELT, TABLE, reading, sure

ANSWERS = Path(__file__).parent.parent / "templates" / "faq"

# The table


def test_the_tables_are_long_enough_and_a_third_is_misspelt() -> None:
    questions = {text for text, _, _ in TABLE["questions"]}
    assert len(questions) >= 150
    assert len({*MISSPELT}) / len(questions) >= 1 / 3
    assert len({*TABLE["not_questions"]}) >= 60
    assert len(HELD_OUT["questions"]) >= 80


@pytest.mark.parametrize(("text", "act", "query"), TABLE["questions"])
def test_a_plain_question_is_read_as_meant(text: str, act: str, query: str) -> None:
    found = reading(text)
    if act == "unsure":
        assert found.sure is None
        assert not query or query in {canonical(each.query) for each in found.near}
    else:
        assert found.sure is not None, [canonical(each.query) for each in found.near]
        assert (found.sure.act, canonical(found.sure.query)) == (act, query)


@pytest.mark.parametrize("text", [*TABLE["not_questions"], *(f"{each}!" for each in TABLE["not_questions"])])
def test_what_is_no_question_about_use_is_neither_read_nor_offered(text: str) -> None:
    assert reading(text) == Readings()


@pytest.mark.parametrize("text", [text for text, _, _ in TABLE["questions"]])
def test_a_question_reads_the_same_in_any_case_and_with_any_marks(text: str) -> None:
    assert reading(text.upper()) == reading(text)
    assert reading(f"  {text.rstrip('?')} ?!") == reading(text)
    assert reading(text.replace("'", "’")) == reading(text)


# Questions nobody looked at while the reader was made


def _verdict(text: str, act: str, query: str) -> str:
    found = reading(text)
    offered = [canonical(each.query) for each in found.near]
    if found.sure:
        return "right" if (found.sure.act, canonical(found.sure.query)) == (act, query) else "wrong"
    return "offered" if query in offered else "elsewhere" if offered else "unread"


def test_held_out_questions_are_hardly_ever_read_wrongly() -> None:
    # The figures stand in docs/performance.md. A wrong reading may cost a licence, an unsure one costs a click.
    told = [_verdict(*each) for each in HELD_OUT["questions"]]
    assert told.count("wrong") == 0
    assert (told.count("right") + told.count("offered")) / len(told) >= 0.9
    assert [text for text in HELD_OUT["not_questions"] if reading(text).sure] == []


def test_ways_of_asking_for_an_explanation_are_hardly_ever_read_as_a_query() -> None:
    # A few are both: “AEC Collection usage” asks for figures, too. Whoever chooses between the two knows the entries.
    files = [tomllib.loads(path.read_text("utf-8")) for path in sorted(ANSWERS.glob("*/*.toml"))]
    asked = [text for entry in files for text in entry["ask"]]
    assert asked
    assert sum(1 for text in asked if reading(text).sure) / len(asked) < 0.01


# Whatever is typed


_TYPED = st.sampled_from(
    [word for text, _, _ in TABLE["questions"] for word in text.split()] + TABLE["not_questions"] + list(HOSTILE)
)
_TEXTS = st.lists(_TYPED | st.text(max_size=6), max_size=14).map(" ".join)


@given(_TEXTS, st.just(COMPANY) | vocabularies())
def test_any_text_is_read_or_not_and_what_is_read_can_be_typed(text: str, vocabulary: Vocabulary) -> None:
    found = read(text, vocabulary, TODAY)
    assert len(found.near) <= 3
    for each in (*found.near, *((found.sure,) if found.sure else ())):
        assert parse(canonical(each.query), vocabulary, TODAY, limit=100_000) == each.query
        assert 0 < each.score <= 1
        assert each.act is not Act.WHY or each.query.of(Key.USER)


@pytest.mark.parametrize("text", ["team=design status=inactive", "export team=Design", "why user=ann"])
def test_a_command_is_left_to_the_grammar(text: str) -> None:
    assert reading(text) == Readings()


@pytest.mark.parametrize(
    "text", ["x" * 10_000, "who " * 2_500, "Ann, " * 2_000, "\x00" * 10_000, "設計" * 5_000, "last 90 " * 1_250]
)
def test_a_story_is_cut_off_at_once(text: str) -> None:
    begin = time.process_time()
    assert reading(text) == Readings()
    assert time.process_time() - begin < 0.01


def test_control_characters_change_nothing() -> None:
    assert sure("who is\x00 inactive\x07 in\u202e Design\r\n?") in {"", "team=Design status=inactive last=30d"}
    assert sure("\u200bwho is inactive in Design\ufeff") == "team=Design status=inactive last=30d"


# Speed


FIRST = (
    "Anna",
    "Bruno",
    "Carla",
    "Deniz",
    "Emil",
    "Farah",
    "Goran",
    "Hilde",
    "Ivo",
    "Jana",
    "Karl",
    "Lena",
    "Mona",
    "Nils",
)


def _big() -> Vocabulary:
    people = [
        f"{FIRST[at % 14]}{at // 700} {chr(97 + at % 26)}{FIRST[at % 13].lower()}sen{at % 70}" for at in range(5_000)
    ]
    return Vocabulary(
        teams=tuple(f"Studio {at} {FIRST[at % 14]}" for at in range(200)) + COMPANY.teams,
        products=tuple(f"{FIRST[at % 14]}CAD {at}" for at in range(300)) + COMPANY.products,
        groups=COMPANY.groups,
        versions=COMPANY.versions,
        people=(*people, *(f"p{at}@example.com" for at in range(5_000)), *COMPANY.people),
    )


def test_among_thousands_of_names_a_question_takes_milliseconds() -> None:
    prepared = prepare(_big())
    worst = "who wiht strnage wrods in Desgin hasnt openned Revti adn AutoCADD sinse Septembre excpet Bnen Okafro"
    asked = [*(text for text, _, _ in TABLE["questions"]), worst, " ".join(["Stduio"] * 40), "a " * LONGEST]
    for text in asked:
        # The better of two: the search for reference cycles, in a process full of tests, is not the reader's time.
        assert min(_seconds(text, prepared) for _ in range(2)) < 0.05, text


def _seconds(text: str, prepared: Prepared) -> float:
    begin = time.process_time()
    read(text, prepared, TODAY)
    return time.process_time() - begin
