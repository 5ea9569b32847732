"""Plain questions that are easily misread: negations, words no filter says, changes, names nearly like others."""

from datetime import date
from typing import Any

import pytest

from reporting_core.grammar import canonical
from reporting_core.questions import prepare, read
from reporting_core.words.questions import Act, Readings
from tests.grammar_vocabularies import TODAY
from tests.plain_questions import FRESH, NORTHGATE, TABLE, near, reading, sure

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
    assert sure(text) == query


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
    assert reading(text).sure is None


@pytest.mark.parametrize("word", ["zebra", "not", "never", "only", "more than"])
def test_a_word_put_in_anywhere_never_leaves_the_reading_as_it_was(word: str) -> None:
    # Why has one answer, whether somebody is asked to be active or not.
    asked = [(text.split(), query) for text, act, query in TABLE["questions"] if act in {"report", "export"}]
    for words, query in asked:
        for place in range(len(words) + 1):
            text = " ".join([*words[:place], word, *words[place:]])
            assert sure(text) != query, text


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
    assert reading(text) == Readings()


@pytest.mark.parametrize(
    "text",
    [
        "cut the idle seats in Design",
        "get rid of inactive people in Planning",
        "tell Ann that she is inactive in Revit",
        "please free all unused Revit seats",
        "strip Ann of Revit",
        # In words that stand in no list.
        "zap all idle seats in Design",
        "please bonk the inactive users in Design",
        "Thwack Ann out of Revit, idle since September",
        "streich die inaktiven Plätze in Design",
        "sag Ann dass ihr Platz inaktiv ist",
    ],
)
def test_an_order_gets_no_report_to_press(text: str) -> None:
    assert reading(text) == Readings()


@pytest.mark.parametrize(
    "text",
    [
        "Ann is a colleague in Design",
        "Design is our biggest team",
        "we bought 20 Revit seats in March",
        "I used Revit in Design yesterday",
        "Ich habe gestern Revit benutzt",
    ],
)
def test_a_statement_gets_no_report(text: str) -> None:
    assert reading(text) == Readings()


def test_what_begins_like_an_order_or_a_statement_and_asks_is_read() -> None:
    assert sure("tell me who is inactive in Design") == "team=Design status=inactive last=30d"
    assert sure("sag mir wer in Design inaktiv ist") == "team=Design status=inactive last=30d"
    assert sure("kannst du mir die Inaktiven in Design zeigen") == "team=Design status=inactive last=30d"
    assert sure("how many free Revit seats in Design") == "team=Design product=Revit access=subscription last=30d"
    assert near("longest inactive people in Design") == ["team=Design status=inactive last=30d"]


# Words that turn a question round, and are not where they belong


@pytest.mark.parametrize(
    ("text", "query"),
    [
        ("who used no Revit since September", "product=Revit status=inactive from=2026-09-01"),
        ("wer hat seit September kein Revit geöffnet", "product=Revit status=inactive from=2026-09-01"),
        (
            "who in structuralwest never used civil3d",
            'team="Structural West" product="Civil 3D" status=not_yet_active last=30d',
        ),
    ],
)
def test_no_before_a_product_is_the_not_of_its_verb(text: str, query: str) -> None:
    assert sure(text) == query


@pytest.mark.parametrize(
    "text",
    [
        "people w/o Revit use since September in Design",
        "Revit seats not usd in Design for 90 days",
        "who used no Revit or AutoCAD since September in Design",
        "who in Design used no software since September",
        "who has no Revit seat in Design",
        "wer ist bei mir in Design inaktiv",
        "nobody in Design used Revit last month",
        "who uses nothing in Design",
        "which seats in Design did nobody use last quarter",
        "none of the people in Design opened Revit in October",
        "AutoCAD (not LT) inactive in Design",
        "niemand in Design hat Inventor benutzt, oder?",
        "wer in Design hat nichts benutzt",
    ],
)
def test_the_opposite_of_what_was_asked_is_not_even_offered(text: str) -> None:
    offered = near(text)
    assert not [
        each for each in offered if any(turned in each for turned in ("status=active", "status!=inactive", "team!="))
    ]


# Ranges


@pytest.mark.parametrize(
    ("said", "query"),
    [
        ("between December and February", "from=2025-12-01 to=2026-02-28"),
        ("from September to November", "from=2026-09-01"),
        ("between 1 March and 31 May 2025", "from=2025-03-01 to=2025-05-31"),
        ("between 1 March 2025 and 31 May 2025", "from=2025-03-01 to=2025-05-31"),
        ("from 2026-03 to 2026-05", "from=2026-03-01 to=2026-05-31"),
        ("for 2026-09", "last=2026-09"),
        ("since last December", ""),
        ("since December", "from=2025-12-01"),
        ("since the start of the month", "from=2026-11-01"),
        ("since last quarter", "from=2026-07-01"),
        ("since 90 days", "last=90d"),
        ("for half a year", "last=6mo"),
        ("for a couple of weeks", "last=2w"),
        ("in the third quarter of 2025", "last=2025-q3"),
        ("on the 3rd of November", "from=2026-11-03 to=2026-11-03"),
        ("since 13/2/2026", "from=2026-02-13"),
        # Two days, two years, a day that is not, ranges that are too long or still to come: asked back or not read.
        ("since 1/2/2026", ""),
        ("between 1 March 2025 and 31 May", ""),
        ("between 31 May 2026 and 1 March 2026", ""),
        ("since 31 September", ""),
        ("for 400 days", ""),
        ("since 1 December 2026", ""),
        ("for the last 13 months", ""),
        ("last Friday", ""),
    ],
)
def test_ranges_in_plain_words(said: str, query: str) -> None:
    assert sure(f"usage of Revit in Design {said}") == (f"team=Design product=Revit {query}" if query else "")


# Names


def test_a_name_of_two_teams_is_asked_back() -> None:
    teams = ("Structural West", "Structural East")
    assert sure("inactive in West", teams=teams) == 'team="Structural West" status=inactive last=30d'
    assert near("inactive in Structural", teams=teams) == [
        'team="Structural West" status=inactive last=30d',
        'team="Structural East" status=inactive last=30d',
    ]


def test_the_key_beside_a_name_says_whether_the_team_or_the_group_is_meant() -> None:
    both = {"teams": ("Design",), "groups": ("Design",)}
    assert near("inactive in Design", **both) == [
        "team=Design status=inactive last=30d",
        "group=Design status=inactive last=30d",
    ]
    assert sure("inactive in the Design group", **both) == "group=Design status=inactive last=30d"
    assert sure("inactive in team Design", **both) == "team=Design status=inactive last=30d"


def test_of_two_people_called_ann_both_are_offered_and_why_is_asked_of_one() -> None:
    people = ("Ann Lee", "Ann Smith", "Hannah Bell")
    assert near("show me Ann's usage", people=people) == [
        'user="Ann Lee","Ann Smith" last=30d',
        'user="Ann Lee" last=30d',
        'user="Ann Smith" last=30d',
    ]
    assert near("why is Ann inactive?", people=people) == ['user="Ann Lee" last=30d', 'user="Ann Smith" last=30d']
    assert {each.act for each in reading("why is Ann inactive?", people=people).near} == {Act.WHY}
    assert sure("why is Ann Smith inactive?", people=people) == 'user="Ann Smith" last=30d'


def test_a_misspelt_first_name_may_be_another_person_and_is_asked_back() -> None:
    people = ("Annabel Lee", "Bernd Okafor")
    assert near("why is Annabell inactive", people=people) == ['user="Annabel Lee" last=30d']
    assert sure("why is Annabell Lee inactive", people=people) == 'user="Annabel Lee" last=30d'


def test_where_people_are_hidden_nobody_is_guessed() -> None:
    assert reading("why is Ann inactive?", people=()) == Readings()
    assert sure("inactive in Design", people=()) == "team=Design status=inactive last=30d"


def test_names_made_of_everyday_words_are_names_only_beside_their_key() -> None:
    names = {"teams": ("Everyone", "Show"), "people": ("May Day", "Will Smith")}
    assert sure("is everyone inactive since May", **names) == "status=inactive from=2026-05-01"
    assert sure("inactive in the Everyone team", **names) == "team=Everyone status=inactive last=30d"
    assert near("show me May's usage", **names) == ['user="May Day" last=30d']
    assert sure("why is Will Smith inactive", **names) == 'user="Will Smith" last=30d'


def test_digits_are_never_a_slip() -> None:
    assert (
        sure("inactive in Studio 12", teams=("Studio 12", "Studio 13")) == 'team="Studio 12" status=inactive last=30d'
    )
    assert reading("inactive in Studio 14", teams=("Studio 12", "Studio 13")).sure is None


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


@pytest.mark.parametrize("asked", FRESH)
def test_what_admins_would_ask_is_never_stood_by_wrongly(asked: dict[str, Any]) -> None:
    prepared = prepare(NORTHGATE)
    day = date(2026, 11, 25)
    found = {text: (each, read(text, prepared, day).sure) for text, *each in asked["questions"]}
    wrong = [
        text
        for text, ((act, *fit), got) in found.items()
        if got and (got.act != act or canonical(got.query) not in fit)
    ]
    assert wrong == []
    assert [text for text in asked["not_questions"] if read(text, prepared, day).sure] == []
