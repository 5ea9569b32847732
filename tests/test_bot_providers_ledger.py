"""The ledger: our own database is the truth, on both databases."""

from dataclasses import replace

import pytest

from bot.providers import PROVIDERS, provider
from bot.providers.ledger import Ledger
from reporting_core.storage import catalog
from reporting_core.storage.engines import open_store
from reporting_core.words.errors import SettingWrong
from reporting_core.words.seats import Change, Done, ProviderError, Seen
from reporting_core.words.terms import Origin
from tests.company import CLEO, NOW, Company, ago
from tests.provider_contract import ProviderContract
from tests.provider_world import InOurData, filled, ground


@pytest.fixture
def company(company: Company) -> Company:
    return filled(company)


def in_ledger(company: Company) -> InOurData:
    return InOurData(company, Ledger(ground(company)))


@pytest.fixture
def world(company: Company) -> InOurData:
    return in_ledger(company)


class TestContract(ProviderContract):
    pass


async def test_reports_know_at_once(world: InOurData) -> None:
    before = data_version(world)
    await world.provider.unassign(world.order())
    assert data_version(world) > before
    tiles = world.company.ask("team=Design product=Revit last=30d", as_of=NOW.date()).report.tiles.subscriptions
    assert (tiles.assigned, tiles.seats) == (1, 2)


def data_version(world: InOurData) -> int:
    with world.company.core.store.reading() as connection:
        return catalog.data_version(connection, world.company.core.account_id)


@pytest.mark.parametrize(
    "changes",
    [
        {"email": "ben@example.com"},
        {"product": "AutoCAD"},
        {"team": "Structural West"},
        {"assignment_id": 999},
        {"assigned_on": ago(3)},
        {"origin": Origin.GROUP, "origin_group": "BIM"},
    ],
)
async def test_an_order_that_names_another_seat_than_its_id_does_is_refused(
    world: InOurData, changes: dict[str, object]
) -> None:
    before = await world.held()
    answer = await world.provider.unassign(replace(world.order(), **changes))  # type: ignore[arg-type]
    assert (answer.done, world.effects, await world.held()) == (Done.REFUSED, 0, before)


async def test_a_seat_that_somebody_else_took_meanwhile_is_not_given_again(world: InOurData) -> None:
    await world.provider.unassign(world.order())
    world.company.load(world.company.report(CLEO.holds("Revit", since=1)), exported_on=NOW.date())
    answer = await world.provider.assign(world.order(change=Change.ASSIGN))
    assert (answer.done, answer.reason) == (Done.REFUSED, "No seat is free.")


async def test_seats_of_another_account_are_out_of_reach(world: InOurData) -> None:
    other = in_ledger(world.company.another("other"))
    assert (await other.provider.unassign(world.order())).done is Done.REFUSED
    assert await other.provider.state(world.order()) is Seen.UNKNOWN
    assert ("ann", "Revit") in await world.held()


async def test_a_database_that_cannot_be_had_was_not_written_to(company: Company) -> None:
    impatient = in_ledger(company)
    store = open_store(company.core.store.engine.url.render_as_string(hide_password=False), busy_seconds=0.1)
    try:
        impatient.provider = Ledger(replace(ground(company), store=store))
        with company.core.store.writing(), pytest.raises(ProviderError) as caught:
            await impatient.provider.unassign(impatient.order())
        assert (caught.value.sent, caught.value.permanent) == (False, False)
    finally:
        store.close()


def test_every_provider_is_found_by_its_name(company: Company) -> None:
    assert provider(ground(company, USAGEBOT_PROVIDER="Ledger")).name == "ledger"


def test_a_name_that_nobody_has_is_answered_with_those_there_are(company: Company) -> None:
    with pytest.raises(SettingWrong, match=r"USAGEBOT_PROVIDER.*ledger, .*task"):
        provider(ground(company, USAGEBOT_PROVIDER="ledgre"))
    assert set(PROVIDERS) >= {"ledger", "task", "webhook"}
