"""Tiles: they add up, follow what is counted, withhold what nobody can add, and say what is not known."""

from collections.abc import Iterable
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reporting_core.metrics.caveats import NO_POOLS, OFFLINE, UNCOUNTED, caveats
from reporting_core.metrics.pools import Balance, Pool
from reporting_core.metrics.status import statuses
from reporting_core.metrics.tiles import Scope, Tally, scope, tiles
from reporting_core.words.query import Filter, Key, UsageQuery
from reporting_core.words.report import Fact, FlexTiles, Period, SubscriptionTiles
from reporting_core.words.terms import Access, Status
from tests.facts import ANN, AS_OF, BEN, DESIGN, FIRST, PERIOD, STRUCTURAL, flex, seat

LATER = AS_OF + timedelta(days=1)
NEW = FIRST + timedelta(days=1)
ONE_TEAM = Scope(PERIOD, AS_OF, one_team=True)
ALL_TEAMS = Scope(PERIOD, AS_OF, one_team=False)
SEATS = [Pool(120, None, None)]


def tally(
    facts: list[Fact],
    about: Scope = ONE_TEAM,
    pools: Iterable[Pool] | None = SEATS,
    balances: Iterable[Balance] | None = None,
) -> Tally:
    return tiles(facts, statuses(facts, about.period, about.as_of), about, pools, balances)


def seats(facts: list[Fact], about: Scope = ONE_TEAM, pools: Iterable[Pool] | None = SEATS) -> SubscriptionTiles:
    return tally(facts, about, pools).tiles.subscriptions


def said(facts: list[Fact], about: Scope = ONE_TEAM, pools: Iterable[Pool] | None = SEATS) -> str:
    return " ".join(caveats(tally(facts, about, pools), about, pools_loaded=pools is not None))


def test_a_team_with_one_of_each_adds_up() -> None:
    facts = [
        *[seat(days=1)] * 60,
        *[seat()] * 25,
        *[seat(assigned_on=NEW)] * 14,
        seat(assigned_on=None),
        seat(assigned=0, days=3),
        seat(assigned=0),
        flex(days=3),
    ]
    assert seats(facts) == SubscriptionTiles(
        seats=120, assigned=100, available=20, active=60, inactive=25, not_yet_active=14, unknown=1
    )


def test_over_several_teams_the_inactive_total_is_withheld_and_says_why() -> None:
    found = tally([seat(team=DESIGN), seat(team=STRUCTURAL, days=1)], ALL_TEAMS)
    assert found.tiles.subscriptions.inactive is None
    assert found.tiles.subscriptions.assigned == 2
    assert "inactive in one team and active in another" in found.withheld["inactive"]
    assert tally([seat()], ONE_TEAM).withheld == {}


def test_more_people_than_seats_is_a_negative_number_that_is_said() -> None:
    facts = [seat(days=1)] * 3
    assert seats(facts, pools=[Pool(2, None, None)]).available == -1
    assert "more people than seats: 3 assigned, 2 bought" in said(facts, pools=[Pool(2, None, None)])
    assert said(facts) == ""


def test_without_a_subscriptions_export_seats_are_empty_and_not_0() -> None:
    found = seats([seat(days=1)], pools=None)
    assert (found.seats, found.available, found.assigned) == (None, None, 1)
    assert said([seat(days=1)], pools=None) == NO_POOLS
    assert seats([seat(days=1)], pools=[]).seats == 0


def test_a_seat_that_nobody_knows_to_be_assigned_is_in_no_tile() -> None:
    facts = [seat(assigned=None, days=5), seat(assigned=None), seat(assigned_on=None)]
    found = seats(facts)
    assert (found.assigned, found.unknown) == (1, 1)
    assert "2 rows are of teams without a Usage Report" in said(facts)
    assert "1 seat is unknown" in said(facts)


def test_a_list_of_inactive_people_says_that_offline_use_is_not_reported() -> None:
    assert OFFLINE in said([seat()])
    assert OFFLINE in said([seat()], ALL_TEAMS)
    assert OFFLINE not in said([seat(days=1)])


def test_flex_counts_people_once_and_tokens_exactly() -> None:
    period = Period(AS_OF - timedelta(days=89), AS_OF)
    about = Scope(period, AS_OF, one_team=True)
    facts = [
        flex(person=ANN, days=3, millitokens=300_100),
        flex(person=ANN, days=3, millitokens=212_000, team=STRUCTURAL),
        flex(person=BEN, days=1, millitokens=0, assigned=0),
        flex(person=102),
        seat(person=103, days=9),
    ]
    assert tally(facts, about).tiles.flex == FlexTiles(
        tokens_used=512.1, tokens_remaining=None, users=2, monthly_average=170.7
    )


def test_tokens_left_are_those_of_the_newest_statement() -> None:
    stated = AS_OF.toordinal() - 3
    found = tally([flex()], balances=[Balance(DESIGN, 5_000_000, None, stated)])
    assert found.tiles.flex.tokens_remaining == 5000.0
    assert caveats(found, ONE_TEAM, pools_loaded=True) == ("Tokens remaining are as stated on 2026-11-21.",)
    assert tally([flex()], balances=[]).tiles.flex.tokens_remaining is None


def test_tokens_that_are_not_known_are_said_to_be_left_out() -> None:
    facts = [flex(days=3, millitokens=None), flex(days=0, millitokens=None), flex(days=2, millitokens=7_000)]
    assert tally(facts).tiles.flex.tokens_used == 7.0
    assert "Tokens of 1 Flex assignment are not known for this range" in said(facts)


@pytest.mark.parametrize("key", [Key.GROUP, Key.USER, Key.VERSION])
def test_seats_and_tokens_left_are_empty_while_a_part_of_a_team_is_counted(key: Key) -> None:
    about = scope(UsageQuery((Filter(key, ("x",)),)), PERIOD, AS_OF, one_team=True)
    found = tally([seat(days=1)], about, balances=[Balance(DESIGN, 1_000, None, None)]).tiles
    assert (found.subscriptions.seats, found.subscriptions.available) == (None, None)
    assert found.flex.tokens_remaining is None
    assert found.subscriptions.assigned == 1
    assert said([seat(days=1)], about) == UNCOUNTED


@pytest.mark.parametrize("key", [Key.TEAM, Key.PRODUCT, Key.STATUS, Key.ASSIGNED])
def test_seats_are_known_for_teams_and_products_whatever_rows_are_picked(key: Key) -> None:
    about = scope(UsageQuery((Filter(key, ("x",)),)), PERIOD, AS_OF, one_team=True)
    assert seats([seat()], about).seats == 120


@pytest.mark.parametrize(
    ("asked", "counted"),
    [
        (Filter(Key.ACCESS, ("flex",)), {Access.FLEX}),
        (Filter(Key.ACCESS, ("flex",), negated=True), {Access.SUBSCRIPTION}),
        (Filter(Key.ACCESS, ("flex", "subscription")), {Access.FLEX, Access.SUBSCRIPTION}),
    ],
)
def test_what_is_bought_is_shown_for_the_access_options_counted(asked: Filter, counted: set[Access]) -> None:
    about = scope(UsageQuery((asked,)), PERIOD, AS_OF, one_team=True)
    found = tally([], about, balances=[Balance(DESIGN, 1_000, None, None)]).tiles
    assert about.accesses == counted
    assert found.subscriptions.seats == (120 if Access.SUBSCRIPTION in counted else None)
    assert found.flex.tokens_remaining == (1.0 if Access.FLEX in counted else None)


def test_only_one_access_option_is_said() -> None:
    flex_only = scope(UsageQuery((Filter(Key.ACCESS, ("flex",)),)), PERIOD, AS_OF, one_team=True)
    seats_only = scope(UsageQuery((Filter(Key.ACCESS, ("subscription",)),)), PERIOD, AS_OF, one_team=True)
    assert "Only Flex is counted" in said([], flex_only)
    assert "Only Subscription is counted" in said([], seats_only)


SOME_FACTS = st.lists(
    st.builds(
        lambda access, **twist: (seat if access is Access.SUBSCRIPTION else flex)(**twist),
        st.sampled_from(Access),
        person=st.integers(1, 5),
        assigned=st.sampled_from([None, 0, 1]),
        assigned_on=st.sampled_from([None, FIRST, NEW, LATER]),
        unassigned_on=st.sampled_from([None, FIRST, LATER]),
        days=st.sampled_from([None, 0, 3]),
        millitokens=st.sampled_from([None, 0, 2_500]),
    ),
    max_size=30,
)


@given(SOME_FACTS)
def test_tiles_add_up_and_equal_a_plain_count_of_rows(facts: list[Fact]) -> None:
    found = statuses(facts, PERIOD, AS_OF)
    shown = tiles(facts, found, ONE_TEAM, SEATS, None).tiles.subscriptions
    rows = [status for fact, status in zip(facts, found, strict=True) if fact.access is Access.SUBSCRIPTION]
    unclear = sum(fact.assigned is None and fact.access is Access.SUBSCRIPTION for fact in facts)
    assert shown.assigned == shown.active + (shown.inactive or 0) + shown.not_yet_active + shown.unknown
    assert shown.active == rows.count(Status.ACTIVE)
    assert shown.inactive == rows.count(Status.INACTIVE)
    assert shown.not_yet_active == rows.count(Status.NOT_YET_ACTIVE)
    assert shown.unknown == rows.count(Status.UNKNOWN) - unclear


@given(SOME_FACTS)
def test_flex_tiles_equal_a_plain_count(facts: list[Fact]) -> None:
    users = {fact.person_id for fact in facts if fact.access is Access.FLEX and (fact.days_used or 0) > 0}
    tokens = sum(fact.millitokens or 0 for fact in facts if fact.access is Access.FLEX)
    found = tally(facts).tiles.flex
    assert (found.users, found.tokens_used) == (len(users), tokens / 1000)
