"""What an admin may load: exports of the own teams alone, and none that decides who somebody is."""

from pathlib import Path

import pytest

from reporting_core.usecases.allowance import teams_of
from reporting_core.usecases.staging import LoadOptions
from reporting_core.words.errors import NotAllowed
from reporting_core.words.people import Asker, SlackPerson
from tests.company import ANN, BEN, CLEO, DAN, DESIGN, WEST, Company, Person


@pytest.fixture
async def company(company: Company) -> Company:
    """Ann is admin of Design, Ben of West; Cleo reports on Design, Dan is known by his e-mail alone."""
    await company.core.bind_workspace("T1")
    company.load(
        company.report(ANN.holds("Revit"), BEN.of(WEST).holds("Revit"), DAN.holds("Revit")),
        company.users(ANN.is_a("Primary admin"), BEN.of(WEST).is_a("SSO admin")),
    )
    await company.core.grant(company.core.operator, "cleo@example.com", DESIGN)
    return company


async def asker(company: Company, person: Person) -> Asker:
    return await company.core.identify(SlackPerson(f"U{person.name}", "T1", email=f"{person.name}@example.com"))


async def load(company: Company, person: Person, *paths: Path) -> int:
    result = company.load(*paths, teams=teams_of(await asker(company, person)))
    return sum(file.stored for file in result.files)


async def test_an_admin_loads_the_own_team_new_people_included(company: Company) -> None:
    assert await load(company, ANN, company.usage(ANN.used("Revit", 1), CLEO.used("Revit", 2))) == 2


async def test_through_the_facade_it_is_the_askers_teams_that_count(company: Company) -> None:
    with pytest.raises(NotAllowed, match="you are no admin there"):
        await company.core.load_for(
            await asker(company, ANN), [company.usage(BEN.of(WEST).used("Revit", 1))], LoadOptions()
        )


@pytest.mark.parametrize("team", [WEST, "A team nobody has"])
async def test_a_row_of_another_team_stops_the_whole_import(company: Company, team: str) -> None:
    before = company.stored()
    with pytest.raises(NotAllowed, match="Nothing was stored"):
        await load(company, ANN, company.usage(ANN.used("Revit", 1)), company.usage(ANN.of(team).used("Revit", 1)))
    assert company.stored() == before


async def test_lists_of_roles_and_groups_are_for_owners(company: Company) -> None:
    with pytest.raises(NotAllowed, match="an owner of usagebot has to load it"):
        await load(company, ANN, company.users(ANN.is_a("Primary admin"), ANN.of(WEST).is_a("Primary admin")))
    with pytest.raises(NotAllowed, match="an owner of usagebot has to load it"):
        await load(company, ANN, company.groups(ANN.is_in("Everybody")))


async def test_nobody_becomes_somebody_else_by_an_admins_file(company: Company) -> None:
    """Who has an e-mail or an id has the roles that go with it, in every team."""
    company.load(company.report(DAN.called(autodesk_id="D1").holds("Revit")))
    before = company.stored()
    with pytest.raises(NotAllowed, match="give new e-mails or ids to 1"):
        await load(company, ANN, company.usage(DAN.called(autodesk_id="D1", email="eve@example.com").used("Revit", 0)))
    assert company.stored() == before


async def test_reporters_load_nothing_and_owners_everything(company: Company) -> None:
    with pytest.raises(NotAllowed, match="Exports are loaded by admins"):
        await load(company, CLEO, company.usage(CLEO.used("Revit", 1)))
    assert teams_of(company.core.operator) is None
