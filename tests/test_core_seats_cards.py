"""Cards: what one press brought, drawn from the database for one reader, and told once, also after a crash."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from reporting_core.core import Core
from reporting_core.usecases.identity import Rules
from reporting_core.usecases.seats.exempting import Wish
from reporting_core.words.cards import Admins
from reporting_core.words.people import Asker
from reporting_core.words.seats import Reason, State
from reporting_core.words.terms import Role
from tests.company import ANN, BEN, CLEO, TODAY, open_company
from tests.provider_stand_in import ProviderStandIn
from tests.seat_faults import Office, admin, press


@pytest.fixture
def office(database_url: str, tmp_path: Path) -> Iterator[Office]:
    company = open_company(database_url, tmp_path)
    opened = Office(company, database_url, ProviderStandIn())
    yield opened
    opened.close()
    company.core.store.close()


@pytest.fixture
def core(office: Office) -> Core:
    return office.process()


def stranger() -> Asker:
    return Asker(1, "U2", "Ben", "", teams={2: frozenset({Role.PRIMARY_ADMIN})})


async def test_a_card_holds_each_action_with_its_seat_and_its_undo(office: Office, core: Core) -> None:
    seats = office.hire(2)
    office.change(seats[1], origin="group", origin_group="CAD")
    await press(core, office.shown(*seats))
    card = await core.cards.card(admin(), "b")
    assert [each.action.state for each in card.lines] == [State.DONE, State.REFUSED]
    assert [each.verdict and each.verdict.seat.person for each in card.lines] == ["Person-0 Lee", "Person-1 Lee"]
    assert [each.can_be_undone(card.now) for each in card.lines] == [True, False]
    undo = await core.seats.undo(admin(), card.lines[0].action.token)
    await core.seats.carry_out(undo.token)
    again = await core.cards.with_action(admin(), undo.token)
    assert again is not None
    assert again.batch == "b"
    assert again.lines[0].newest.token == undo.token
    assert not again.lines[0].can_be_undone(again.now)


async def test_a_card_shows_nothing_of_teams_of_others(office: Office, core: Core) -> None:
    await press(core, office.shown(*office.hire(1)))
    assert (await core.cards.card(stranger(), "b")).lines == ()
    assert (await core.cards.card(admin("U1", account_id=2), "b")).lines == ()
    assert (await core.cards.open(stranger())).lines == ()
    assert await core.cards.with_action(admin(), "no such") is None


async def test_news_waits_for_whoever_pressed_and_comes_to_everybody_afterwards(office: Office, core: Core) -> None:
    await press(core, office.shown(*office.hire(1)))
    assert await core.cards.news() == []
    office.clock.forward(60)
    (news,) = await core.cards.news()
    assert (news.batch, news.asked_by, news.place, news.turn) == ("b", "U1", ("", ""), 0)
    office.clock.forward(120)
    assert [each.turn for each in await core.cards.news()] == [1]
    for token in news.untold:
        assert await core.seats.told(token)
    assert await core.cards.news() == []


async def test_news_of_a_card_that_stands_somewhere_comes_at_once(office: Office, core: Core) -> None:
    await press(core, office.shown(*office.hire(1)))
    await core.seats.placed("b", ("D1", "1.1"))
    (news,) = await core.cards.news()
    assert news.place == ("D1", "1.1")


async def test_an_undo_is_news_on_the_card_of_what_it_undoes(office: Office, core: Core) -> None:
    await press(core, office.shown(*office.hire(1)))
    await core.seats.placed("b", ("D1", "1.1"))
    (line,) = (await core.cards.card(admin(), "b")).lines
    assert await core.seats.told(line.action.token)
    undo = await core.seats.undo(admin("U2"), line.action.token)
    await core.seats.carry_out(undo.token)
    (news,) = await core.cards.news()
    assert (news.batch, news.asked_by, news.untold) == ("b", "U1", (undo.token,))


async def test_whoever_was_too_slow_sees_who_won(office: Office, core: Core) -> None:
    shown = office.shown(*office.hire(1))
    await press(core, shown)
    await core.seats.confirm(admin("U2"), "late", shown)
    (line,) = (await core.cards.card(admin("U2"), "late")).lines
    assert (line.action.state, line.action.reason) == (State.REFUSED, Reason.GONE)
    assert line.winner is not None
    assert (line.winner.asked_by, line.winner.finished_at) == ("U1", office.clock.now)
    (mine,) = (await core.cards.card(admin(), "b")).lines
    assert mine.winner is None


async def test_who_could_confirm_are_the_admins_of_all_teams_and_the_owners(office: Office, core: Core) -> None:
    company = office.company
    company.load(company.users(ANN.is_a("Primary admin"), BEN.is_a("Contract manager"), CLEO.is_a("SSO admin")))
    core.rules = Rules(owners=frozenset({"dan@example.com", "U9"}))
    await core.link(admin(), "U5", "cleo@example.com")
    await press(core, office.shown(*office.hire(1)))
    found = await core.cards.admins(await core.cards.card(admin(), "b"))
    assert found == Admins(("U5", "U9"), ("ann@example.com", "dan@example.com"))


async def test_exemptions_are_named_for_whoever_administers_the_team(office: Office, core: Core) -> None:
    (seat,) = office.hire(1)
    await core.seats.exempt(admin(), Wish(1, office.row(seat).person_id, None, TODAY + timedelta(days=3), "leave"))
    (kept,) = await core.cards.kept(admin())
    assert (kept.team, kept.person, kept.product) == ("Design", "Person-0 Lee", "")
    assert await core.cards.kept(stranger()) == []
