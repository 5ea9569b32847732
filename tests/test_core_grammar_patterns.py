"""What a value of a filter means: a name, a pattern, a keyword."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reporting_core import grammar
from reporting_core.grammar import encode, is_keyword, literal, matches, named
from reporting_core.words.names import fold
from reporting_core.words.query import Key
from tests.grammar_vocabularies import HOSTILE

_NAMES = st.sampled_from(HOSTILE) | st.text(st.sampled_from("ab*\\"), max_size=8)


@given(_NAMES, st.sampled_from(Key), st.lists(_NAMES, max_size=5))
def test_an_encoded_name_means_that_name_and_no_other(name: str, key: Key, others: list[str]) -> None:
    value = encode(name, key)
    assert literal(value) == name
    assert not is_keyword(value, key)
    assert named(value, [name, *others]) == (name, *(each for each in others if fold(each) == fold(name)))


def test_ordinary_names_stand_as_they_are() -> None:
    for name in ("Design", "O'Brien Labs", "Rail, Road & Bridge", "設計部", 'a "b"', "last=30d"):
        assert encode(name, Key.TEAM) == name


@pytest.mark.parametrize(
    ("name", "key", "value"),
    [
        ("none", Key.GROUP, r"\none"),
        ("none", Key.TEAM, "none"),
        ("Me", Key.USER, r"\Me"),
        ("<@U1>", Key.USER, r"\<@U1>"),
        ("A*B", Key.TEAM, r"A\*B"),
        ("CORP\\ann", Key.USER, r"CORP\\ann"),
    ],
)
def test_names_with_a_meaning_of_their_own_are_escaped(name: str, key: Key, value: str) -> None:
    assert encode(name, key) == value


@given(st.lists(st.text("ab", max_size=3), min_size=2, max_size=5), st.text("abc", max_size=12))
def test_wildcards_match_as_a_regular_expression_would(parts: list[str], name: str) -> None:
    value = "*".join(parts)
    pattern = re.compile(".*".join(map(re.escape, parts)), re.DOTALL)
    assert matches(value, name) == bool(pattern.fullmatch(name))
    assert matches(value, name, part=True) == bool(pattern.search(name))


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ("ann", ("Ann Lee", "ann@example.com", "Joanna Ray")),
        ("ANN LEE", ("Ann Lee",)),
        ("o’neil", ("Cleo O'Neil",)),
        ("ann*lee", ("Ann Lee",)),
        ("zzz", ()),
    ],
)
def test_a_part_of_a_name_finds_people(value: str, found: tuple[str, ...]) -> None:
    people = ("Ann Lee", "ann@example.com", "Joanna Ray", "Cleo O'Neil")
    assert named(value, people, part=True) == found


def test_many_stars_take_no_time() -> None:
    assert not matches("aaa" + "*a" * 2000 + "*b", "a" * 5000)


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("last=30d", "last=30d"),
        ("team=Design user=ann@example.com last=30d", "team=Design user=***** last=30d"),
        ('user="Ann Lee",bob user!="O\\"x last=Ann","Z" last=30d', "user=*****,***** user!=*****,***** last=30d"),
        ('team="user=Ann",West user=me sort=-days top=5', 'team="user=Ann",West user=***** sort=-days top=5'),
    ],
)
def test_a_masked_text_names_nobody(text: str, masked: str) -> None:
    assert grammar.masked(text) == masked
