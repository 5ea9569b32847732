"""Which rows are shown, in which order, under which names."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reporting_core.metrics.ordering import Names, by_letters, ordered
from reporting_core.metrics.picking import asks_for_unassigned, picked, top
from reporting_core.metrics.status import statuses
from reporting_core.words.query import Filter, Key, Sort, SortKey, UsageQuery
from reporting_core.words.report import Fact
from reporting_core.words.terms import Origin, Status
from tests.facts import AS_OF, AUTOCAD, BEN, DESIGN, FIRST, PERIOD, REVIT, STRUCTURAL, flex, seat

NEW = FIRST + timedelta(days=1)
NAMES = Names(
    {DESIGN: "Design", STRUCTURAL: "Structural West"},
    {REVIT: "Revit", AUTOCAD: "AutoCAD"},
    lambda fact: fact.person_name,
)

ACTIVE, INACTIVE, NEWCOMER, UNKNOWN, LEAVER, FLEX = range(6)
COMPANY = [
    seat(days=9, origin=Origin.GROUP),
    seat(),
    seat(assigned_on=NEW, origin=Origin.DEFAULT),
    seat(assigned_on=None),
    seat(assigned=0, days=2),
    flex(),
]


def picks(*filters: Filter, facts: list[Fact] | None = None) -> list[int]:
    query = UsageQuery(filters)
    chosen = COMPANY if facts is None else facts
    found = statuses(chosen, PERIOD, AS_OF, asked=asks_for_unassigned(query))
    return picked(chosen, found, query, AS_OF)


def order(facts: list[Fact], *sort: Sort) -> list[int]:
    return ordered(range(len(facts)), facts, statuses(facts, PERIOD, AS_OF), sort, NAMES)


def test_all_listed_rows_are_picked_without_a_filter() -> None:
    assert picks() == [ACTIVE, INACTIVE, NEWCOMER, UNKNOWN, LEAVER, FLEX]


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        (Filter(Key.STATUS, ("inactive",)), [INACTIVE]),
        (Filter(Key.STATUS, ("inactive", "unknown")), [INACTIVE, UNKNOWN]),
        (Filter(Key.STATUS, ("active", "not_applicable"), negated=True), [INACTIVE, NEWCOMER, UNKNOWN, LEAVER]),
        (Filter(Key.ASSIGNED, ("yes",)), [ACTIVE, INACTIVE, NEWCOMER, UNKNOWN, FLEX]),
        (Filter(Key.ASSIGNED, ("no",)), [LEAVER]),
        (Filter(Key.ASSIGNED, ("yes",), negated=True), [LEAVER]),
        (Filter(Key.ASSIGNED, ("group",)), [ACTIVE]),
        (Filter(Key.ASSIGNED, ("group", "default")), [ACTIVE, NEWCOMER]),
        (Filter(Key.ASSIGNED, ("individual",), negated=True), [ACTIVE, NEWCOMER]),
        (Filter(Key.ASSIGNED, ("no", "group")), [ACTIVE, LEAVER]),
    ],
)
def test_status_and_assigned_pick_rows(asked: Filter, expected: list[int]) -> None:
    assert picks(asked) == expected


def test_different_keys_and_negation_must_all_hold() -> None:
    held = Filter(Key.ASSIGNED, ("yes",))
    not_in_use = Filter(Key.STATUS, ("active", "not_applicable"), negated=True)
    assert picks(held, not_in_use) == [INACTIVE, NEWCOMER, UNKNOWN]


@pytest.mark.parametrize(
    "asked",
    [
        Filter(Key.ASSIGNED, ("no",)),
        Filter(Key.ASSIGNED, ("group", "no")),
        Filter(Key.ASSIGNED, ("yes",), negated=True),
        Filter(Key.STATUS, ("unassigned",)),
    ],
)
def test_unused_and_unassigned_seats_are_shown_to_whoever_asks(asked: Filter) -> None:
    assert picks(asked, facts=[seat(assigned=0), seat(days=1)]) == [0]


@pytest.mark.parametrize(
    "asked",
    [
        Filter(Key.ASSIGNED, ("yes",)),
        Filter(Key.ASSIGNED, ("no",), negated=True),
        Filter(Key.STATUS, ("unassigned",), negated=True),
        Filter(Key.STATUS, ("active",), negated=True),
        Filter(Key.ASSIGNED, ("individual",)),
    ],
)
def test_nobody_else_sees_unused_and_unassigned_seats(asked: Filter) -> None:
    assert picks(asked, facts=[seat(assigned=0)]) == []


def test_nobody_knows_who_is_assigned_without_a_usage_report() -> None:
    facts = [seat(assigned=None, days=2)]
    assert picks(Filter(Key.ASSIGNED, ("yes", "no")), facts=facts) == []
    assert picks(Filter(Key.ASSIGNED, ("unknown",)), facts=[seat(assigned=None, origin=Origin.UNKNOWN)]) == [0]


def test_assigned_is_asked_of_the_as_of_date() -> None:
    gone_since = [seat(assigned=0, unassigned_on=AS_OF + timedelta(days=1))]
    assert picks(Filter(Key.ASSIGNED, ("yes",)), facts=gone_since) == [0]


def test_riskiest_first() -> None:
    facts = [
        flex(),
        seat(days=9),
        seat(days=2),
        seat(assigned=0, days=1),
        seat(assigned_on=NEW),
        seat(assigned_on=None),
        seat(last=FIRST - timedelta(days=30)),
        seat(last=FIRST - timedelta(days=90)),
        seat(last=None),
        seat(days=None, used=1),
    ]
    assert order(facts) == [8, 7, 6, 5, 4, 3, 2, 1, 9, 0]


def test_who_waits_longest_for_a_first_start_comes_first() -> None:
    assert order([seat(assigned_on=AS_OF), seat(assigned_on=NEW)]) == [1, 0]


def test_equal_rows_stand_by_person_then_product_then_team() -> None:
    facts = [
        seat(person=BEN, name="ben"),
        seat(team=STRUCTURAL),
        seat(product=REVIT),
        seat(product=AUTOCAD),
        seat(person=99, name="Ämil"),
    ]
    assert order(facts) == [4, 3, 2, 1, 0]


def test_two_people_of_one_name_stay_apart() -> None:
    facts = [seat(person=BEN), seat(product=AUTOCAD), seat(person=BEN, product=AUTOCAD), seat()]
    assert order(facts) == [1, 3, 2, 0]


@pytest.mark.parametrize(
    ("sort", "expected"),
    [
        (Sort(SortKey.PERSON), [1, 0, 2]),
        (Sort(SortKey.PERSON, descending=True), [2, 0, 1]),
        (Sort(SortKey.TEAM), [2, 1, 0]),
        (Sort(SortKey.PRODUCT), [0, 1, 2]),
        (Sort(SortKey.STATUS), [1, 0, 2]),
        (Sort(SortKey.DAYS), [1, 0, 2]),
        (Sort(SortKey.DAYS, descending=True), [0, 1, 2]),
        (Sort(SortKey.LAST), [1, 2, 0]),
        (Sort(SortKey.LAST, descending=True), [0, 2, 1]),
        (Sort(SortKey.TOKENS), [1, 2, 0]),
        (Sort(SortKey.TOKENS, descending=True), [2, 1, 0]),
        (Sort(SortKey.ASSIGNED), [2, 1, 0]),
        (Sort(SortKey.ASSIGNED, descending=True), [1, 2, 0]),
    ],
)
def test_columns_sort_both_ways_with_what_is_not_known_last(sort: Sort, expected: list[int]) -> None:
    facts = [
        seat(
            person=2,
            name="Ben",
            product=AUTOCAD,
            team=STRUCTURAL,
            days=5,
            last=AS_OF,
            millitokens=None,
            assigned_on=None,
        ),
        seat(person=1, name="Ann", days=0, team=STRUCTURAL, last=None, millitokens=0),
        flex(person=3, name="Cy", days=None, last=FIRST, millitokens=9, assigned_on=FIRST - timedelta(days=999)),
    ]
    assert order(facts, sort) == expected


def test_the_first_column_counts_most() -> None:
    facts = [seat(days=1), seat(days=5), seat(days=9, team=STRUCTURAL)]
    assert order(facts, Sort(SortKey.TEAM, descending=True), Sort(SortKey.DAYS, descending=True)) == [2, 1, 0]


def test_hashed_people_are_sorted_by_their_hash() -> None:
    facts = [seat(person=1, name="Ann"), seat(person=2, name="Ben")]
    hashed = Names(NAMES.teams, NAMES.products, lambda fact: {1: "ff", 2: "00"}[fact.person_id])
    assert ordered(range(2), facts, statuses(facts, PERIOD, AS_OF), (), hashed) == [1, 0]


def test_top_cuts_the_sorted_rows() -> None:
    assert list(top([3, 1, 2], UsageQuery(top=2))) == [3, 1]
    assert list(top([3, 1, 2], UsageQuery())) == [3, 1, 2]


@pytest.mark.parametrize(
    ("text", "letters"), [("ANN", "ann"), ("Étienne", "etienne"), ("STRASSE", "strasse"), ("Straße", "strasse")]
)
def test_case_and_accents_do_not_separate_names(text: str, letters: str) -> None:
    assert by_letters(text) == letters


RANDOM = st.lists(
    st.builds(
        seat,
        person=st.integers(1, 4),
        product=st.sampled_from([REVIT, AUTOCAD]),
        team=st.sampled_from([DESIGN, STRUCTURAL]),
        days=st.sampled_from([None, 0, 1, 5]),
        last=st.sampled_from([None, FIRST, AS_OF]),
        name=st.just("Ann"),
    ),
    max_size=15,
)


@given(RANDOM, st.lists(st.builds(Sort, st.sampled_from(SortKey), st.booleans()), max_size=3))
def test_sorting_keeps_every_row_and_does_not_depend_on_the_order_they_came_in(
    facts: list[Fact], sort: list[Sort]
) -> None:
    forward = [facts[index] for index in order(facts, *sort)]
    backward = [facts[::-1][index] for index in order(facts[::-1], *sort)]
    keys = [(fact.person_id, fact.product_id, fact.team_id) for fact in facts]
    assert sorted(map(repr, forward)) == sorted(map(repr, facts))
    if len(set(keys)) == len(keys):
        assert forward == backward


def test_a_status_is_never_listed_twice() -> None:
    found = statuses(COMPANY, PERIOD, AS_OF)
    by_status = [picks(Filter(Key.STATUS, (each.value,))) for each in Status]
    assert sorted(index for group in by_status for index in group) == list(range(len(found)))
