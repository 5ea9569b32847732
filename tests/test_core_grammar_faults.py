"""What is wrong with a command: the place, the nearest three, and a whole command to run instead."""

import pytest

from reporting_core.grammar import parse, render_error
from reporting_core.words.errors import BadQuery
from reporting_core.words.query import Vocabulary
from tests.grammar_vocabularies import COMPANY, TODAY


def _fault(text: str, vocabulary: Vocabulary = COMPANY) -> BadQuery:
    with pytest.raises(BadQuery) as caught:
        parse(text, vocabulary, TODAY)
    return caught.value


def test_an_unknown_team_has_place_nearest_three_and_a_corrected_command() -> None:
    error = _fault("product=Revit team=Desgin last=7d")
    assert error.text[error.position : error.position + error.length] == "Desgin"
    assert error.suggestions == ("Design", "Planning", "O'Brien Labs")
    assert error.corrected == "team=Design product=Revit last=7d"
    assert error.message == "I know no team “Desgin”. Did you mean Design, Planning or O'Brien Labs?"
    assert render_error(error) == "product=Revit team=Desgin last=7d\n                   ^^^^^^"


@pytest.mark.parametrize(
    ("text", "place", "first", "corrected"),
    [
        (
            "team=Structurl West product=Revit",
            "Structurl West",
            "Structural West",
            'team="Structural West" product=Revit last=30d',
        ),
        ("product=Revitt", "Revitt", "Revit", "product=Revit last=30d"),
        ("group=Evryone,none", "Evryone", "Everyone", "group=Everyone,none last=30d"),
        ("version=2027", "2027", "2024", "version=2024 last=30d"),
        ("team=“Desgin”", "“Desgin”", "Design", "team=Design last=30d"),
        ("team!=Desgin", "Desgin", "Design", "team!=Design last=30d"),
        ("status=inactve", "inactve", "inactive", "status=inactive last=30d"),
        ("access=sub", "sub", "subscription", "access=subscription last=30d"),
        ("assigned=grup", "grup", "group", "assigned=group last=30d"),
        ("sort=dayz", "dayz", "days", "last=30d sort=days"),
        ("teem=Design", "teem", "team", "team=Design last=30d"),
        ("Product2=Revit", "Product2", "product", "product=Revit last=30d"),
        ("days=30", "days", "last", "last=30d"),
        ("person=ann", "person", "user", "user=ann last=30d"),
        ("since=2026-11-01", "since", "from", "from=2026-11-01"),
        ("limit=5", "limit", "top", "last=30d top=5"),
        ("Desgin", "Desgin", "Design", "team=Design last=30d"),
        ("Structurl West Revit", "Structurl West", "Structural West", 'team="Structural West" product=Revit last=30d'),
        ("team=Revit", "Revit", "product=Revit", "product=Revit last=30d"),
        ("team=!Design", "!Design", "team!=Design", "team!=Design last=30d"),
        ("status=unused", "unused", "inactive", "status=inactive,not_yet_active last=30d"),
        ("team=De*", "De*", "Design", "team=Design last=30d"),
        ("team=*", "*", None, "last=30d"),
        ("product=all", "all", None, "last=30d"),
        ("team=Desginn*", "Desginn*", "Design", "team=Design last=30d"),
        ("user=an*", "an*", "me", "last=30d"),
        ("team!=all", "all", "Design", "last=30d"),
    ],
)
def test_an_unknown_name_or_key(text: str, place: str, first: str | None, corrected: str) -> None:
    error = _fault(text)
    assert text[error.position : error.position + error.length] == place
    assert next(iter(error.suggestions), None) == first
    assert error.corrected == corrected


@pytest.mark.parametrize(
    ("text", "place", "suggestions", "corrected"),
    [
        ("last=30", "30", ("30d", "30w"), "last=30d"),
        ("last=0d", "0d", ("1d", "12mo", "366d"), "last=1d"),
        ("last=367d", "367d", ("366d", "12mo"), "last=366d"),
        ("last=53w", "53w", ("52w", "12mo", "366d"), "last=52w"),
        ("last=13mo", "13mo", ("12mo", "366d"), "last=12mo"),
        ("last=2y", "2y", ("1y", "12mo", "366d"), "last=1y"),
        ("last=-5d", "-5d", ("1d", "12mo", "366d"), "last=1d"),
        ("last=99999999999999999999d", "99999999999999999999d", ("366d", "12mo"), "last=366d"),
        ("last 400 days", "400 days", ("366d", "12mo"), "last=366d"),
        ("last=2 quarters", "2 quarters", ("6mo", "quarter"), "last=6mo"),
        ("last=yesterday", "yesterday", ("from=yesterday to=yesterday",), "from=yesterday to=yesterday"),
        ("last=2026-13", "2026-13", ("2026-12",), "last=2026-12"),
        ("last=2026-9", "2026-9", ("2026-09",), "last=2026-09"),
        ("last=Q3 2026", "Q3 2026", ("2026-q3",), "last=2026-q3"),
        ("last=2026-02-01", "2026-02-01", ("from=2026-02-01",), "from=2026-02-01"),
        ("last=ever", "ever", ("1y", "12mo", "366d"), "last=1y"),
        ("last=soon", "soon", ("30d", "3mo", "quarter"), "last=30d"),
        ("from=2026-02-30", "2026-02-30", ("2026-02-28",), "from=2026-02-28"),
        ("from=2026-11-31", "2026-11-31", ("2026-11-30",), "from=2026-11-30"),
        ("from=2026-13-01", "2026-13-01", ("2026-12-01",), "from=2026-12-01"),
        ("from=2026-01-00", "2026-01-00", ("2026-01-01",), "from=2026-01-01"),
        ("from=1/2/2026", "1/2/2026", ("2026-02-01", "2026-01-02"), "from=2026-02-01"),
        ("from=24.12.2025", "24.12.2025", ("2025-12-24",), "from=2025-12-24"),
        ("from=2026/02/01", "2026/02/01", ("2026-02-01",), "from=2026-02-01"),
        ("from=20260201", "20260201", ("2026-02-01",), "from=2026-02-01"),
        ("from=Feb 1, 2026", "Feb 1, 2026", ("2026-02-01",), "from=2026-02-01"),
        ("from=1st march to=today", "1st march", ("2026-03-01",), "from=2026-03-01 to=today"),
        ("from=25 Dec to=today", "25 Dec", ("2025-12-25",), "from=2025-12-25 to=today"),
        ("from=2026-01 to=2026-02-01", "2026-01", ("2026-01-01",), "from=2026-01-01 to=2026-02-01"),
        ("from=2026-01-01 to=2026-02", "2026-02", ("2026-02-28",), "from=2026-01-01 to=2026-02-28"),
        ("from=tomorrow", "tomorrow", ("2026-11-24", "today", "yesterday"), "last=30d"),
        ("top=0", "0", ("10",), "last=30d top=10"),
        ("top=-3", "-3", ("10",), "last=30d top=10"),
        ("top=ten", "ten", ("10",), "last=30d top=10"),
        ("page=1.5", "1.5", ("1",), "last=30d"),
        ("last!=30d", "!=", ("last=",), "last=30d"),
    ],
)
def test_a_range_or_number_that_cannot_be(text: str, place: str, suggestions: tuple[str, ...], corrected: str) -> None:
    error = _fault(text)
    assert text[error.position : error.position + error.length] == place
    assert error.suggestions == suggestions
    assert error.corrected == corrected


@pytest.mark.parametrize(
    ("text", "one", "other", "corrected"),
    [
        ("last=30d last=60d", "last=30d", "last=60d", "last=60d"),
        ("last=30d last=30d", "last=30d", "last=30d", "last=30d"),
        ("last=30d,60d", "last=30d", "last=60d", "last=60d"),
        ("last=30d last 60 days", "last=30d", "last=60 days", "last=60d"),
        ("last=30d from=2026-11-01", "last=30d", "from=2026-11-01", "from=2026-11-01"),
        ("from=2026-11-01 to=today last=week", "from=2026-11-01", "last=week", "from=2026-11-01 to=today"),
        ("to=2026-11-01 last=week", "to=2026-11-01", "last=week", "last=week"),
        ("from=2026-11-02 from=2026-11-03", "from=2026-11-02", "from=2026-11-03", "from=2026-11-03"),
        ("from=2026-11-20 to=2026-11-10", "from=2026-11-20", "to=2026-11-10", "from=2026-11-10 to=2026-11-20"),
        ("from=today to=yesterday", "from=today", "to=yesterday", "from=yesterday to=today"),
        ("team=all team=Design", "team=all", "team=Design", "team=Design last=30d"),
        ("team=Design,all", "team=Design", "team=all", "team=Design last=30d"),
        ("team=Design team!=design", "team=Design", "team!=design", "team=Design last=30d"),
        ("status!=active status=active", "status!=active", "status=active", "status=active last=30d"),
        ("sort=days,-days", "sort=days", "sort=-days", "last=30d sort=days"),
        ("top=3 top=4", "top=3", "top=4", "last=30d top=4"),
        ("page=2 page=3", "page=2", "page=3", "last=30d page=3"),
    ],
)
def test_things_that_contradict_each_other_are_both_named(text: str, one: str, other: str, corrected: str) -> None:
    error = _fault(text)
    assert one in error.message
    assert other in error.message
    assert error.corrected == corrected
    assert error.position > 0


def test_an_end_without_a_beginning_is_asked_back() -> None:
    error = _fault("team=Design to=2026-02-01")
    assert "from when?" in error.message
    assert error.corrected == "team=Design from=2026-01-03 to=2026-02-01"
    assert error.suggestions == ("from=2026-01-03 to=2026-02-01",)


@pytest.mark.parametrize(
    ("text", "place", "suggestions"),
    [
        ("team=", "team=", ("Design", "Structural West", "O'Brien Labs")),
        ("team= last=30d", "team=", ("Design", "Structural West", "O'Brien Labs")),
        ("team = last 30 days", "team =", ("Design", "Structural West", "O'Brien Labs")),
        ('team=""', '""', ("Design", "Structural West", "O'Brien Labs")),
        ("team=,", "team=", ("Design", "Structural West", "O'Brien Labs")),
        ("team", "team", ("Design", "Structural West", "O'Brien Labs")),
        ("user=", "user=", ("me",)),
        ("status!=", "status!=", ("active", "inactive", "not_yet_active")),
        ("last=", "last=", ("30d", "3mo", "quarter")),
        ("from= to=2026-11-01", "from=", ("2026-09-01", "yesterday")),
        ("sort=", "sort=", ("-days", "person", "status")),
        ("page:", "page:", ("1", "2")),
    ],
)
def test_a_key_without_a_value_is_shown_values(text: str, place: str, suggestions: tuple[str, ...]) -> None:
    error = _fault(text)
    assert text[error.position : error.position + error.length] == place
    assert error.suggestions == suggestions


@pytest.mark.parametrize(
    ("text", "quote", "corrected"),
    [
        ('team="Structural West last=7d', '"', 'team="Structural West" last=7d'),
        ("team=“Structural West product=Revit", "“", 'team="Structural West" product=Revit last=30d'),
        ("team='Design last=7d", "'", "team=Design last=7d"),
        ("user='t Hart", "'", 'user="t Hart" last=30d'),
        ('"', '"', "last=30d"),
    ],
)
def test_a_quote_that_is_never_closed(text: str, quote: str, corrected: str) -> None:
    error = _fault(text)
    assert text[error.position : error.position + error.length] == quote
    assert "never closed" in error.message
    assert error.corrected == corrected


@pytest.mark.parametrize(
    ("text", "place", "corrected"),
    [
        ("= Design", "=", "team=Design last=30d"),
        ("team=Design != Revit", "!=", "team=Design product=Revit last=30d"),
        ('team=Design ""', '""', "team=Design last=30d"),
        ("Design and Revit", "and", "team=Design product=Revit last=30d"),
        ("who is inactive in Design", "who", "team=Design status=inactive last=30d"),
        ("Design not used", "not used", "team=Design status=inactive,not_yet_active last=30d"),
        ("Desgin Revit", "Desgin", "team=Design product=Revit last=30d"),
        ("today", "today", "from=today to=today"),
        ("2026-09-01", "2026-09-01", "from=2026-09-01"),
    ],
)
def test_marks_and_words_that_stand_alone(text: str, place: str, corrected: str) -> None:
    error = _fault(text)
    assert text[error.position : error.position + error.length] == place
    assert error.corrected == corrected


def test_of_several_faults_the_first_is_told_and_all_are_corrected() -> None:
    error = _fault("team=Desgin last=400d status=inactve sort=dayz")
    assert error.text[error.position :].startswith("Desgin")
    assert error.corrected == "team=Design status=inactive last=366d sort=days"


def test_where_nothing_is_known_yet_the_answer_says_so() -> None:
    error = _fault("team=Design", Vocabulary())
    assert error.message == "No team is known yet, so none is called “Design”."
    assert error.suggestions == ()
    assert error.corrected == "last=30d"


def test_who_may_not_see_names_is_told_how_to_ask_for_a_person() -> None:
    error = _fault("ann", Vocabulary(teams=("Design",)))
    assert "For a person type user=ann." in error.message
