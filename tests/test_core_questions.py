"""Plain questions: what is read, what is only offered, and what must never be taken for a question about use."""

import time
import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.demo_company import company as demo
from bot.demo_company.teams import TEAMS
from reporting_core.grammar import canonical, parse
from reporting_core.questions import LONGEST, prepare, read
from reporting_core.words.query import Key, Vocabulary
from reporting_core.words.questions import Act, Readings
from tests.grammar_vocabularies import COMPANY, HOSTILE, TODAY, vocabularies

SAMPLES = Path(__file__).parent / "samples" / "questions"
TABLE = tomllib.loads((SAMPLES / "table.toml").read_text("utf-8"))
HELD_OUT = tomllib.loads((SAMPLES / "held_out.toml").read_text("utf-8"))
PREPARED = prepare(COMPANY)


def _read(text: str, **more: tuple[str, ...]) -> Readings:
    if not more:
        return read(text, PREPARED, TODAY)
    names = {each: getattr(COMPANY, each) for each in ("teams", "products", "groups", "versions", "people")}
    return read(text, Vocabulary(**{**names, **more}), TODAY)


def _sure(text: str, **more: tuple[str, ...]) -> str:
    found = _read(text, **more).sure
    return canonical(found.query) if found else ""


def _near(text: str, **more: tuple[str, ...]) -> list[str]:
    found = _read(text, **more)
    assert found.sure is None, canonical(found.sure.query)
    return [canonical(each.query) for each in found.near]


# The table


def test_the_tables_are_long_enough() -> None:
    assert len(TABLE["questions"]) >= 150
    assert len(TABLE["not_questions"]) >= 60
    assert len(HELD_OUT["questions"]) >= 80


@pytest.mark.parametrize(("text", "act", "query"), TABLE["questions"])
def test_a_plain_question_is_read_as_meant(text: str, act: str, query: str) -> None:
    found = _read(text)
    if act == "unsure":
        assert found.sure is None
        assert not query or query in {canonical(each.query) for each in found.near}
    else:
        assert found.sure is not None, [canonical(each.query) for each in found.near]
        assert (found.sure.act, canonical(found.sure.query)) == (act, query)


@pytest.mark.parametrize("text", [*TABLE["not_questions"], *(f"{each}!" for each in TABLE["not_questions"])])
def test_what_is_no_question_about_use_is_neither_read_nor_offered(text: str) -> None:
    assert _read(text) == Readings()


@pytest.mark.parametrize("text", [text for text, _, _ in TABLE["questions"]])
def test_a_question_reads_the_same_in_any_case_and_with_any_marks(text: str) -> None:
    assert _read(text.upper()) == _read(text)
    assert _read(f"  {text.rstrip('?')} ?!") == _read(text)
    assert _read(text.replace("'", "’")) == _read(text)


# Questions nobody looked at while the reader was made


def _verdict(text: str, act: str, query: str) -> str:
    found = _read(text)
    near = [canonical(each.query) for each in found.near]
    if found.sure:
        return "right" if (found.sure.act, canonical(found.sure.query)) == (act, query) else "wrong"
    return "offered" if query in near else "elsewhere" if near else "unread"


def test_held_out_questions_are_hardly_ever_read_wrongly() -> None:
    # The figures stand in docs/performance.md. A wrong reading may cost a licence, an unsure one costs a click.
    told = [_verdict(*each) for each in HELD_OUT["questions"]]
    assert told.count("wrong") == 0
    assert (told.count("right") + told.count("offered")) / len(told) >= 0.9
    assert [text for text in HELD_OUT["not_questions"] if _read(text).sure] == []


# Words that turn a question round


@pytest.mark.parametrize(
    ("text", "query"),
    [
        ("who is not inactive", "status!=inactive last=30d"),
        ("who is not active in Design", "team=Design status=inactive last=30d"),
        ("everyone except Ann and Ben in Design", 'team=Design user!="Ann Lee","Ben Okafor" last=30d'),
        ("usage not in Design or Planning", "team!=Design,Planning last=30d"),
        ("who is not in Design and inactive", "team!=Design status=inactive last=30d"),
        ("seats not assigned by group in Design", "team=Design access=subscription assigned!=group last=30d"),
        ("last access of Ann", 'user="Ann Lee" last=30d'),
        ("when did Ann last access Revit", 'product=Revit user="Ann Lee" last=30d'),
    ],
)
def test_a_negation_belongs_to_what_it_stands_before(text: str, query: str) -> None:
    assert _sure(text) == query


@pytest.mark.parametrize(
    "text",
    [
        "who has been inactive in Design for more than 90 days",
        "who has been inactive in Design over 90 days",
        "who has been inactive in Design for at least 90 days",
        "who has been inactive in Design under 90 days",
        "who has been inactive in Design >90 days",
        "who has been inactive in Design 90+ days",
        "who used Revit less than 5 days in Design last month",
        "who in Design used Revit 5 days",
        "who in Design hardly uses Revit",
        "who in Design only uses Revit",
        "who in Design rarely used Revit last month",
        "who in Design uses Revit every day",
        "who in Design used Revit before September",
        "who in Design used Revit until September",
        "inactive in Design early October",
        "inactive in Design at the end of last month",
        "inactive people in Design who were active before",
        "inactive in Design for the next 90 days",
        "inactive in Design 90 days ago",
        "inactive in Design last month and this month",
        "inactive since September for 90 days in Design",
        "who is not never active in Design",
        "who is not just inactive in Design",
        "most people in Design use Revit",
        "nobody uses Revit in Design",
        "does nobody use Revit in Design",
        "people in Design without Revit",
        "people in Design with no Revit seat",
        "who in Design has no AutoCAD",
        "who in Design has Revit but no AutoCAD",
        "who in Design started using Revit in September",
        "which users of Revit are new in Design",
        "Design versus Planning last month",
        "compare usage of Design with Planning",
        "usage per team of Revit",
        "which groups is Ann in",
        "inactive in Design or never used",
        "people in Design or inactive",
        "inactive in Design or on Flex",
        "not all people in Design are inactive",
        "people inactive in all products in Design",
        "Revit users by days used in Design",
        "usage by tokens in Design",
        "who last used Revit in May in Design",
        "seats bought in May in Design",
        "who left his seat in Design",
        "inactive in Design as of September",
        "which version of Revit does Ann use",
        "how many teams use Revit",
        "Revit seats assigned last month",
        "people unassigned since September in Design",
        "people from Design to Planning inactive",
        "everyone in Design but not Ann or in Planning",
    ],
)
def test_a_word_that_no_filter_says_is_never_dropped_in_silence(text: str) -> None:
    assert _read(text).sure is None


@pytest.mark.parametrize("word", ["zebra", "not", "never", "only", "more than"])
def test_a_word_put_in_anywhere_never_leaves_the_reading_as_it_was(word: str) -> None:
    # Why has one answer, whether somebody is asked to be active or not.
    asked = [(text.split(), query) for text, act, query in TABLE["questions"] if act in {"report", "export"}]
    for words, query in asked:
        for place in range(len(words) + 1):
            text = " ".join([*words[:place], word, *words[place:]])
            assert _sure(text) != query, text


@pytest.mark.parametrize(
    "text",
    [
        "unassign inactive people in Design since September",
        "Unassign: Ann, Revit",
        "pls unasign ann from revit",
        "un-assign Ann from Revit",
        "de-assign Ann",
        "unassigned Ann from Revit",
        "I want to unassign Ann from Revit",
        "could you please remove Ann's Revit seat",
        "remvoe everyone inactive in Design",
        "show me inactive people in Design and unassign them",
        "export Design and delete it",
        "list inactive seats in Design, then revoke them",
        "free up idle seats in Design",
        "unassign user=ann product=Revit",
    ],
)
def test_a_request_to_change_something_is_never_read_as_a_report(text: str) -> None:
    assert _read(text) == Readings()


# Names


def test_a_name_of_two_teams_is_asked_back() -> None:
    teams = ("Structural West", "Structural East")
    assert _sure("inactive in West", teams=teams) == 'team="Structural West" status=inactive last=30d'
    assert _near("inactive in Structural", teams=teams) == [
        'team="Structural West" status=inactive last=30d',
        'team="Structural East" status=inactive last=30d',
    ]


def test_the_key_beside_a_name_says_whether_the_team_or_the_group_is_meant() -> None:
    both = {"teams": ("Design",), "groups": ("Design",)}
    assert _near("inactive in Design", **both) == [
        "team=Design status=inactive last=30d",
        "group=Design status=inactive last=30d",
    ]
    assert _sure("inactive in the Design group", **both) == "group=Design status=inactive last=30d"
    assert _sure("inactive in team Design", **both) == "team=Design status=inactive last=30d"


def test_of_two_people_called_ann_both_are_offered_and_why_is_asked_of_one() -> None:
    people = ("Ann Lee", "Ann Smith", "Hannah Bell")
    assert _near("show me Ann's usage", people=people) == [
        'user="Ann Lee","Ann Smith" last=30d',
        'user="Ann Lee" last=30d',
        'user="Ann Smith" last=30d',
    ]
    assert _near("why is Ann inactive?", people=people) == ['user="Ann Lee" last=30d', 'user="Ann Smith" last=30d']
    assert {each.act for each in _read("why is Ann inactive?", people=people).near} == {Act.WHY}
    assert _sure("why is Ann Smith inactive?", people=people) == 'user="Ann Smith" last=30d'


def test_a_misspelt_first_name_may_be_another_person_and_is_asked_back() -> None:
    people = ("Annabel Lee", "Bernd Okafor")
    assert _near("why is Annabell inactive", people=people) == ['user="Annabel Lee" last=30d']
    assert _sure("why is Annabell Lee inactive", people=people) == 'user="Annabel Lee" last=30d'


def test_where_people_are_hidden_nobody_is_guessed() -> None:
    assert _read("why is Ann inactive?", people=()) == Readings()
    assert _sure("inactive in Design", people=()) == "team=Design status=inactive last=30d"


def test_names_made_of_everyday_words_are_names_only_beside_their_key() -> None:
    names = {"teams": ("Everyone", "Show"), "people": ("May Day", "Will Smith")}
    assert _sure("is everyone inactive since May", **names) == "status=inactive from=2026-05-01"
    assert _sure("inactive in the Everyone team", **names) == "team=Everyone status=inactive last=30d"
    assert _near("show me May's usage", **names) == ['user="May Day" last=30d']
    assert _sure("why is Will Smith inactive", **names) == 'user="Will Smith" last=30d'


def test_digits_are_never_a_slip() -> None:
    assert (
        _sure("inactive in Studio 12", teams=("Studio 12", "Studio 13")) == 'team="Studio 12" status=inactive last=30d'
    )
    assert _read("inactive in Studio 14", teams=("Studio 12", "Studio 13")).sure is None


DEMO = demo.make_up(TODAY)
NORTHGATE = Vocabulary(
    teams=tuple(team.name for team in TEAMS),
    products=tuple(dict.fromkeys(offer.product for team in TEAMS for offer in team.offers)),
    groups=tuple(group for team in TEAMS for group in team.groups),
    versions=("2025", "2026"),
    people=tuple(each for person in DEMO.people.values() for each in (f"{person.first} {person.last}", person.email)),
)


@pytest.mark.parametrize(
    ("text", "query"),
    [
        ("who in Design hasn't opened Revit for 90 days?", "team=Design product=Revit status=inactive last=90d"),
        ("why is Maeve inactive", 'user="Maeve O\'Hara" last=30d'),
        ("why is maeve ohara inactive", 'user="Maeve O\'Hara" last=30d'),
        ("Lukasz Wojcik last week", 'user="Łukasz Wójcik" last=week'),
        ("usage of Jean-Luc D'Amico", 'user="Jean-Luc D\'Amico" last=30d'),
        ("inactive in Fild Ofice", 'team="Field Office" status=inactive last=30d'),
        ("inactive BIM authors", 'group="BIM authors" status=inactive last=30d'),
        ("who uses 3ds Max in Visualization", 'team=Visualisation product="3ds Max" status=active last=30d'),
        ("PD&M Collection usage since June", 'product="PD&M Collection" from=2026-06-01'),
        ("AutoCAD LT seats in Manufacturing", 'team=Manufacturing product="AutoCAD LT" access=subscription last=30d'),
        ("how many tokens are left in the Field Office?", 'team="Field Office" access=flex last=30d'),
    ],
)
def test_the_names_of_the_demo_company_are_read(text: str, query: str) -> None:
    found = read(text, NORTHGATE, TODAY).sure
    assert found
    assert canonical(found.query) == query


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
    assert _read(text) == Readings()


@pytest.mark.parametrize(
    "text", ["x" * 10_000, "who " * 2_500, "Ann, " * 2_000, "\x00" * 10_000, "設計" * 5_000, "last 90 " * 1_250]
)
def test_a_story_is_cut_off_at_once(text: str) -> None:
    begin = time.process_time()
    assert _read(text) == Readings()
    assert time.process_time() - begin < 0.01


def test_control_characters_change_nothing() -> None:
    assert _sure("who is\x00 inactive\x07 in\u202e Design\r\n?") in {"", "team=Design status=inactive last=30d"}
    assert _sure("\u200bwho is inactive in Design\ufeff") == "team=Design status=inactive last=30d"


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
        begin = time.process_time()
        read(text, prepared, TODAY)
        assert time.process_time() - begin < 0.05, text
