"""Who may ask: roles of the Users export, owners and reporters of the settings, matches by hand; else nobody."""

from dataclasses import replace
from typing import Any

import pytest

from reporting_core.usecases.identity import Rules
from reporting_core.words.errors import AskAgain, NotAllowed, SettingWrong
from reporting_core.words.people import Asker, Need, SlackPerson
from tests.company import ANN, BEN, CLEO, DAN, DESIGN, WEST, Company, Person

WORKSPACE = "T1"


def slack(person: Person, **changes: Any) -> SlackPerson:
    made = SlackPerson(f"U{person.name}", WORKSPACE, email=f"{person.name}@example.com", name=person.name.title())
    return replace(made, **changes)


@pytest.fixture
async def company(company: Company) -> Company:
    """Ann is admin of Design, Ben of both teams, Cleo a user, Dan unknown."""
    await company.core.bind_workspace(WORKSPACE)
    company.load(
        company.report(ANN.holds("Revit"), BEN.of(WEST).holds("Revit"), CLEO.holds("Revit")),
        company.users(
            ANN.is_a("Primary admin"), BEN.is_a("Secondary admin"), BEN.of(WEST).is_a("SSO admin"), CLEO.is_a("User")
        ),
        company.usage(ANN.used("Revit", 0, 29)),
    )
    return company


async def teams_of(company: Company, person: SlackPerson) -> list[str]:
    """Teams whose reports somebody gets."""
    asker = await company.core.identify(person)
    assert asker.may(Need.REPORTS)
    return list((await company.core.vocabulary(asker)).teams)


async def test_admins_see_their_teams_and_nobody_else_sees_any(company: Company) -> None:
    assert await teams_of(company, slack(ANN)) == [DESIGN]
    assert await teams_of(company, slack(BEN)) == [DESIGN, WEST]
    for person in (CLEO, DAN):
        with pytest.raises(NotAllowed):
            await company.core.identify(slack(person))


async def test_an_empty_configuration_allows_nobody(company: Company) -> None:
    empty = company.another("empty")
    with pytest.raises(NotAllowed, match="not bound"):
        await empty.core.identify(slack(ANN))
    await empty.core.bind_workspace("T2")
    with pytest.raises(NotAllowed, match="I do not know you"):
        await empty.core.identify(slack(ANN, workspace_id="T2"))


async def test_contract_managers_and_roles_nobody_knows_get_no_reports(company: Company) -> None:
    company.load(company.users(ANN.is_a("Contract manager"), BEN.is_a("Emperor")))
    with pytest.raises(NotAllowed):
        await company.core.identify(slack(ANN))
    assert await teams_of(company, slack(BEN)) == [WEST]


async def test_a_slack_profile_may_spell_the_e_mail_otherwise(company: Company) -> None:
    assert await teams_of(company, slack(ANN, email="Ann@EXAMPLE.com")) == [DESIGN]


async def test_a_newer_users_export_takes_roles_away_in_its_teams(company: Company) -> None:
    company.load(company.users(CLEO.is_a("Primary admin"), ANN.is_a("User")))
    assert await teams_of(company, slack(CLEO)) == [DESIGN]
    assert await teams_of(company, slack(BEN)) == [WEST]
    with pytest.raises(NotAllowed, match="makes you neither"):
        await company.core.identify(slack(ANN))


async def test_who_has_left_gets_nothing_until_an_export_says_active(company: Company) -> None:
    company.load(company.users(ANN.is_a("Primary admin", status="Inactive"), CLEO.is_a("User")))
    with pytest.raises(NotAllowed):
        await company.core.identify(slack(ANN))
    company.load(company.users(ANN.is_a("Primary admin"), CLEO.is_a("User")))
    assert await teams_of(company, slack(ANN)) == [DESIGN]


async def test_who_has_left_stays_out_when_two_people_turn_out_to_be_one(company: Company) -> None:
    company.load(company.users(ANN.is_a("Primary admin", status="Inactive")))
    known = ANN.called(autodesk_id="A1")
    company.load(company.usage(known.called(email=" ").used("Revit", 1)), replace=True)
    company.load(company.usage(known.used("Revit", 1)), replace=True)
    with pytest.raises(NotAllowed):
        await company.core.identify(slack(ANN))


@pytest.mark.parametrize(
    "change",
    [
        {"is_guest": True},
        {"is_bot": True},
        {"deleted": True},
        {"is_stranger": True},
        {"workspace_id": "T9"},
        {"workspace_id": "T9", "enterprise_id": "E9"},
    ],
)
async def test_guests_apps_leavers_and_other_workspaces_get_nothing(company: Company, change: dict[str, Any]) -> None:
    company.core.rules = Rules(owners=frozenset({"ann@example.com"}))
    with pytest.raises(NotAllowed):
        await company.core.identify(slack(ANN, **change))


async def test_an_owner_sees_every_team_by_e_mail_or_slack_id(company: Company) -> None:
    for owner in ("dan@example.com", "Udan"):
        company.core.rules = Rules(owners=frozenset({owner}))
        assert await teams_of(company, slack(DAN)) == [DESIGN, WEST]
        assert (await company.core.identify(slack(DAN))).may(Need.OWNER)
    assert not (await company.core.identify(slack(ANN))).may(Need.OWNER)


async def test_reporters_come_from_settings_or_from_an_owner(company: Company) -> None:
    company.core.rules = Rules(reporters={"cleo@example.com": frozenset({WEST}), "dan@example.com": frozenset({None})})
    assert await teams_of(company, slack(CLEO)) == [WEST]
    assert await teams_of(company, slack(DAN)) == [DESIGN, WEST]
    company.core.rules = Rules()
    owner = company.core.operator
    await company.core.grant(owner, "Cleo@example.com", "design")
    assert await teams_of(company, slack(CLEO)) == [DESIGN]
    with pytest.raises(AskAgain, match="no team"):
        await company.core.grant(owner, "cleo@example.com", "Nowhere")
    assert ("cleo@example.com", DESIGN) in (await company.core.people(owner)).reporters


async def test_a_match_by_hand_counts_for_more_than_the_profile(company: Company) -> None:
    with pytest.raises(NotAllowed):
        await company.core.identify(slack(DAN))
    owner = company.core.operator
    assert any("Dan" in who and "Udan" in who for who in (await company.core.people(owner)).unmatched)
    await company.core.link(owner, "Udan", "Ann@example.com")
    assert await teams_of(company, slack(DAN)) == [DESIGN]
    assert (await company.core.people(owner)).unmatched == ()


async def test_an_admin_of_one_team_gets_rows_of_that_team_only(company: Company) -> None:
    asker = await company.core.identify(slack(ANN))
    answer = company.ask("last=30d", asker)
    assert {row.team for row in answer.report.rows} == {DESIGN}
    assert any("your role is there" in note for note in answer.report.notes)
    with pytest.raises(NotAllowed, match="does not cover"):
        company.ask('team="Structural West" last=30d', asker)


async def test_who_has_no_team_gets_no_report_even_past_the_door(company: Company) -> None:
    nobody = Asker(company.core.account_id, "U9", "Nobody", "")
    with pytest.raises(NotAllowed):
        company.ask("last=30d", nobody)


async def test_the_admin_of_a_merged_team_gets_the_team_it_became(company: Company) -> None:
    company.core.merge_teams(DESIGN, WEST)
    assert await teams_of(company, slack(ANN)) == [WEST]


async def test_a_workspace_belongs_to_one_account(company: Company) -> None:
    other = company.another("other")
    with pytest.raises(SettingWrong, match="belongs to the account “main”"):
        await other.core.bind_workspace(WORKSPACE)
    with pytest.raises(SettingWrong, match="SLACK_BOT_TOKEN"):
        await company.core.bind_workspace("T2")
