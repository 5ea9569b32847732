"""The made-up company: believable, the same every time, and with every state an admin can meet."""

import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from datetime import time as clock_time
from pathlib import Path

import pytest

from bot import demo_company
from bot.demo_company import Company, tables
from bot.demo_company.company import HISTORY
from bot.demo_company.people import DOMAIN
from reporting_core.core import Core, open_core
from reporting_core.storage.engines import open_store
from reporting_core.words.imports import ImportResult
from reporting_core.words.report import Row, UsageReport
from reporting_core.words.terms import DAILY_KINDS, Access, Kind, Origin, Status

TODAY = date(2026, 11, 25)
NOON = clock_time(12)


@pytest.fixture(scope="module")
def company() -> Company:
    return demo_company.make_up(TODAY)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("exports")


@pytest.fixture(scope="module")
def core(folder: Path) -> Iterator[Core]:
    store = open_store(f"sqlite:///{folder / 'usagebot.db'}")
    yield open_core(store, "demo", clock=lambda: datetime(2026, 11, 25, 12, tzinfo=UTC), key=b"0" * 32)
    store.close()


@pytest.fixture(scope="module")
def results(core: Core, company: Company, folder: Path) -> list[ImportResult]:
    return [core.load(delivery) for delivery in demo_company.write(company, folder)]


@pytest.fixture(scope="module")
def loaded(core: Core, results: list[ImportResult]) -> Core:
    return core


def ask(core: Core, text: str) -> UsageReport:
    return core.answer(text, core.operator)


def rows(core: Core, text: str) -> list[Row]:
    return list(ask(core, text).rows)


def test_every_row_is_taken_and_nothing_is_left_out(results: list[ImportResult]) -> None:
    files = [file for result in results for file in result.files]
    assert [file.name for file in files if file.refused or file.error or file.ignored_columns] == []
    assert {file.kind for file in files} == set(Kind)
    assert {file.kind for file in files} >= DAILY_KINDS


def test_it_is_quick(tmp_path: Path) -> None:
    begun = time.monotonic()
    store = open_store(f"sqlite:///{tmp_path / 'usagebot.db'}")
    core = open_core(store, "demo", clock=lambda: datetime(2026, 11, 25, tzinfo=UTC), key=b"0" * 32)
    for delivery in demo_company.write(demo_company.make_up(TODAY), tmp_path):
        core.load(delivery)
    store.close()
    assert time.monotonic() - begun < 15  # takes 2 s; machines that run tests are busy


def test_it_is_the_same_every_time_and_says_that_it_is_made_up(company: Company, tmp_path: Path) -> None:
    assert demo_company.make_up(TODAY) == company
    demo_company.write(company, tmp_path)
    assert "made up" in (tmp_path / "README.txt").read_text(encoding="utf-8")
    assert {person.email.partition("@")[2] for person in company.people.values()} == {DOMAIN}


def test_it_has_about_120_people_with_different_names(company: Company) -> None:
    people = company.people.values()
    assert 110 <= len(people) <= 130
    assert len({(person.first, person.last) for person in people}) == len(people)
    assert len({person.email for person in people}) == len(people)


def test_use_ends_the_day_before_and_reaches_a_year_back(company: Company) -> None:
    days = {day for seat in company.seats for day in seat.days}
    assert date.fromordinal(max(days)) <= company.through == date(2026, 11, 24)
    assert (company.through - company.first).days == HISTORY - 1
    assert min(days) < company.through.toordinal() - 366


def test_weekends_and_christmas_are_quiet(company: Company) -> None:
    days = [date.fromordinal(day) for seat in company.seats for day in seat.days]
    assert not [day for day in days if day.weekday() == 6 or (day.month, day.day) == (12, 25)]
    assert 0 < sum(day.weekday() == 5 for day in days) < len(days) / 20


@pytest.mark.parametrize("today", [date(2026, 1, 2), date(2027, 2, 28), date(2028, 3, 1)])
def test_any_day_will_do(today: date) -> None:
    company = demo_company.make_up(today)
    assert company.through.toordinal() == today.toordinal() - 1
    assert len(company.seats) > 150


STATES = {
    "team=Design": {Status.ACTIVE, Status.INACTIVE, Status.NOT_YET_ACTIVE, Status.UNASSIGNED, Status.UNKNOWN,
                    Status.NOT_APPLICABLE},
    "team=Manufacturing": {Status.ACTIVE, Status.UNKNOWN},
    "team=Visualisation": {Status.ACTIVE, Status.INACTIVE},
    'team="Field Office"': {Status.ACTIVE, Status.INACTIVE, Status.NOT_APPLICABLE},
    'team="Structural West"': {Status.ACTIVE, Status.INACTIVE},
}  # fmt: skip


@pytest.mark.parametrize("team", STATES)
def test_every_state_occurs_where_it_is_meant_to(loaded: Core, team: str) -> None:
    assert STATES[team] <= {row.status for row in rows(loaded, f"{team} last=30d")}


def test_every_way_of_assigning_occurs(loaded: Core) -> None:
    assert {row.assigned_by for row in rows(loaded, "last=30d")} == set(Origin)


def test_a_team_is_masked_and_so_all_teams_are_hashed(loaded: Core) -> None:
    assert ask(loaded, "team=Visualisation").hashed
    assert ask(loaded, "last=30d").hashed_because == ("Visualisation",)
    assert not ask(loaded, "team=Design").hashed


def test_a_hole_in_the_data_is_told(loaded: Core) -> None:
    (said,) = [each for each in ask(loaded, "team=Manufacturing last=30d").caveats if "No daily data" in each]
    assert "2026-10-30 to 2026-11-12" in said


def test_somebody_is_idle_in_one_team_and_busy_in_another(loaded: Core) -> None:
    idle = rows(loaded, 'team="Structural West" user=tomas.lindqvist@northgate.example product=Revit')
    busy = rows(loaded, "team=Design user=tomas.lindqvist@northgate.example product=Revit")
    assert [row.status for row in (*idle, *busy)] == [Status.INACTIVE, Status.ACTIVE]


def test_a_newcomer_and_a_leaver_are_told_apart_from_the_idle(loaded: Core) -> None:
    found = {(row.person, row.product): row for row in rows(loaded, "team=Design")}
    assert found["美咲 佐藤", "AEC Collection"].status is Status.NOT_YET_ACTIVE
    leaver = found["Oskar Nowak", "AutoCAD"]
    assert leaver.status is Status.UNASSIGNED
    assert leaver.days_used
    assert found["伟 王", "AutoCAD"].assigned_on is None


def test_collections_hold_products_and_seats_can_be_short(loaded: Core) -> None:
    assert any(row.product == "AEC Collection" and row.days_used for row in rows(loaded, "team=Design"))
    short = ask(loaded, 'team="Structural West" product="Civil 3D"').tiles.subscriptions
    assert short.available is not None
    assert short.available < 0


def test_flex_has_tokens_used_and_left_and_days_that_cost_nothing(loaded: Core, company: Company) -> None:
    flex = ask(loaded, "team=Design access=flex last=90d").tiles.flex
    assert flex.tokens_used > 100
    assert flex.tokens_remaining == 2840
    assert any(not use.tokens for seat in company.seats if seat.flex for use in seat.uses)
    assert {row.access for row in rows(loaded, "team=Design")} == set(Access)


def test_some_people_are_in_no_group_and_some_in_two(loaded: Core) -> None:
    sizes = {len(row.groups) for row in rows(loaded, "team=Design")}
    assert {0, 1, 2} <= sizes


def days_of(company: Company) -> dict[tuple[str, str, str, bool], frozenset[int]]:
    return {(each.team.name, each.person.key, each.product, each.flex): each.days for each in company.seats}


def test_days_made_up_later_leave_those_before_as_they_were_and_come_out_the_same_in_any_steps(
    company: Company,
) -> None:
    at_once = demo_company.grown(company, TODAY + timedelta(40))
    by_day = company
    for step in range(41):
        by_day = demo_company.grown(by_day, TODAY + timedelta(step))
    assert by_day == at_once
    assert at_once.through == TODAY + timedelta(39)
    before, after = days_of(company), days_of(at_once)
    last = company.through.toordinal()
    assert {key: frozenset(day for day in days if day <= last) for key, days in after.items()} == before
    assert sum(map(len, after.values())) > sum(map(len, before.values())) + 1_500
    assert demo_company.grown(at_once, TODAY) is not None
    assert demo_company.grown(at_once, TODAY).through == at_once.through


def test_a_seat_that_was_taken_is_used_no_more_and_one_given_back_is(company: Company) -> None:
    seat = next(each for each in company.seats if each.team.name == "Design" and len(each.days) > 250)
    about = ("Design", seat.product, seat.person.email, TODAY.toordinal() + 5)
    (taken,) = [
        each
        for each in demo_company.grown(company, TODAY + timedelta(30), [demo_company.Change(*about, taken=True)]).seats
        if (each.team, each.product, each.person) == (seat.team, seat.product, seat.person)
    ]
    assert (taken.unassigned_on, max(taken.days) < TODAY.toordinal() + 5) == (TODAY.toordinal() + 5, True)
    again = demo_company.grown(company, TODAY + timedelta(30), [demo_company.Change(*about, taken=False)])
    assert any(each.assigned_on == TODAY.toordinal() + 5 and each.unassigned_on is None for each in again.seats)


@pytest.mark.parametrize("weekday", range(6))
def test_the_next_monday_has_news_of_every_kind(weekday: int, tmp_path: Path) -> None:
    """From Sunday to Monday nobody works, so the exports hold nothing new."""
    today, monday = date(2026, 11, 23) + timedelta(weekday), date(2026, 11, 30)
    now = [datetime.combine(today, NOON, UTC)]
    store = open_store(f"sqlite:///{tmp_path / 'usagebot.db'}")
    core = open_core(store, "demo", clock=lambda: now[0], key=b"0" * 32)
    made = demo_company.make_up(today)
    for delivery in demo_company.write(made, tmp_path):
        core.load(delivery)
    before = {row.assignment_id: row for row in rows(core, "team=Design last=30d access=subscription")}
    now[0] = datetime.combine(monday, NOON, UTC)
    later = demo_company.grown(made, monday)
    (tmp_path / "later").mkdir()
    results = [core.load(each) for each in demo_company.write_later(later, tmp_path / "later", made.through)]
    after = {row.assignment_id: row for row in rows(core, "team=Design last=30d access=subscription")}
    store.close()
    assert [file.name for result in results for file in result.files if file.refused or file.error] == []
    turned = {(before[key].status, after[key].status): after[key].person for key in before.keys() & after.keys()}
    assert turned[Status.ACTIVE, Status.INACTIVE]
    assert turned[Status.INACTIVE, Status.ACTIVE]


def test_tokens_go_down_as_they_are_used_and_what_was_bought_stays(company: Company) -> None:
    later = demo_company.grown(company, TODAY + timedelta(60))
    gone = sum(
        use.tokens
        for seat in later.seats
        for use in seat.uses
        if seat.team.name == "Design" and use.day > company.through.toordinal()
    )
    (then, now) = (tables.balances(each).rows[0] for each in (company, later))
    assert (then[0], now[0]) == ("Design", "Design")
    assert gone > 0
    assert (now[2], now[3]) == (then[2] - gone, then[3])
    assert tables.subscriptions(later) == tables.subscriptions(company)
