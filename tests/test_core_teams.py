"""Teams by an operator: merges that can be undone until the next import, personal data on and off."""

from pathlib import Path

import pytest

from reporting_core.words.errors import AskAgain
from reporting_core.words.report import UsageReport
from reporting_core.words.terms import Status
from tests.company import ANN, BEN, CLEO, DESIGN, TODAY, WEST, Answer, Company, Person, ago


@pytest.fixture
def company(company: Company) -> Company:
    """Ann is in both teams, Ben only in Design, Cleo only in Structural West."""
    west = ANN.of(WEST)
    company.load(
        usage(company),
        company.token_usage(BEN.charged("Revit", 1, 2), ANN.charged("AutoCAD", 2), west.charged("AutoCAD", 2, 3)),
        company.report(
            *(ANN.holds("Revit", since=40, last=1), BEN.holds("Revit", access_option="Flex")),
            *(west.gave_back("Revit", on=2, assigned_date=f"{ago(90)}"), CLEO.of(WEST).holds("AutoCAD", last=5)),
        ),
        company.subscriptions(("S-1", "Revit", 5)),
        company.file([{**row, "team": WEST} for row in pools()]),
        company.balances((1000, 400, 90)),
        company.balances((1000, 300, 90), team=WEST),
        company.users(ANN.is_a("Primary admin"), CLEO.of(WEST).is_a("Primary admin")),
    )
    return company


def usage(company: Company) -> Path:
    """Daily use of both teams, Flex among it."""
    flex = [*BEN.used("Revit", 1, 2, access="Flex"), *ANN.used("AutoCAD", 2, access="Flex")]
    west = [*ANN.of(WEST).used("Revit", 3, 4), *ANN.of(WEST).used("AutoCAD", 2, 3, access="Flex")]
    return company.usage(ANN.used("Revit", 1, 2, 3), flex, west, CLEO.of(WEST).used("AutoCAD", 5))


def pools() -> list[dict[str, str]]:
    row = {"subscription_id": "S-1", "offering_name": "Revit", "seat_quantity": "3"}
    return [{**row, "start_date": f"{ago(180)}", "end_date": f"{ago(-180)}"}]


def figures(company: Company, text: str = "last=30d") -> tuple[object, ...]:
    report: UsageReport = company.ask(text).report
    rows = [
        (row.person, row.team, row.product, row.access, row.status, row.days_used, row.tokens_used)
        for row in report.rows
    ]
    return sorted(rows, key=repr), report.tiles, report.chart, report.hashed


def test_teams_are_listed_with_what_is_loaded_of_them(company: Company) -> None:
    design, west = company.core.teams()
    assert (design.name, design.personal_data, design.reported_on) == (DESIGN, True, ago(0))
    assert west.covered == ((ago(5), ago(1)),)


def test_a_merge_makes_use_and_assignments_of_both_one(company: Company) -> None:
    assert company.core.merge_teams("design", WEST) == (DESIGN, WEST)
    answer = company.ask('team="Structural West" last=30d')
    row = next(row for row in answer.report.rows if (row.person, row.product) == ("Ann Lee", "Revit"))
    assert (row.status, row.days_used, row.assigned_on) == (Status.ACTIVE, 4, ago(90))
    tokens = next(row for row in answer.report.rows if (row.person, row.product) == ("Ann Lee", "AutoCAD"))
    assert (tokens.days_used, tokens.tokens_used) == (2, 30.0)
    assert answer.people == ["ann", "ann", "ben", "cleo"]
    assert answer.report.tiles.flex.tokens_remaining == 700
    assert answer.report.tiles.subscriptions.seats == 8
    assert [team.name for team in company.core.teams()] == [WEST]


def test_undo_puts_everything_back(company: Company) -> None:
    before, shown = company.stored(), figures(company)
    company.core.merge_teams(DESIGN, WEST)
    assert figures(company) != shown
    assert company.core.merge_teams(DESIGN, WEST, undo=True) == (DESIGN, WEST)
    assert company.stored() == before
    assert figures(company) == shown


def test_only_the_newest_merge_can_be_undone_and_only_until_an_import_that_changes_something(company: Company) -> None:
    company.core.merge_teams(DESIGN, WEST)
    with pytest.raises(AskAgain, match="I know no team"):
        company.core.merge_teams(WEST, DESIGN, undo=True)
    assert not company.load(usage(company)).changed
    company.core.merge_teams(DESIGN, WEST, undo=True)
    company.core.merge_teams(DESIGN, WEST)
    company.load(company.usage(BEN.of("North").used("Revit", 0)))
    with pytest.raises(AskAgain, match="only until the next import"):
        company.core.merge_teams(DESIGN, WEST, undo=True)
    with pytest.raises(AskAgain, match="I know no team"):
        company.another("other").core.merge_teams(DESIGN, WEST, undo=True)


def test_exports_that_still_name_the_merged_team_go_to_the_one_it_became(company: Company) -> None:
    company.core.merge_teams(DESIGN, WEST)
    shown = figures(company)
    assert not company.load(usage(company)).changed
    assert figures(company) == shown
    company.load(company.usage(CLEO.of("DESIGN").used("Revit", 0)), replace=True)
    assert company.ask("last=30d").days("cleo", "Revit", WEST) == 1
    assert [team.name for team in company.core.teams()] == [WEST]


def test_merges_can_follow_one_another(company: Company) -> None:
    company.load(company.usage(BEN.of("North").used("Revit", 0)), company.groups(ANN.is_in("Everyone", team=DESIGN)))
    company.core.merge_teams(DESIGN, WEST)
    company.core.merge_teams(WEST, "North")
    answer = company.ask("team=North last=30d")
    assert answer.people == ["ann", "ann", "ben", "ben", "cleo"]
    assert answer.row("ann", "Revit", "North").groups == ("Everyone",)
    company.load(company.usage(CLEO.of(DESIGN).used("Revit", 0)), replace=True)
    assert company.ask("last=30d").days("cleo", "Revit", "North") == 1


def test_a_merge_of_unknown_teams_or_of_one_with_itself_is_asked_back(company: Company) -> None:
    with pytest.raises(AskAgain, match="Did you mean “Design”"):
        company.core.merge_teams("Desing", WEST)
    with pytest.raises(AskAgain, match="itself"):
        company.core.merge_teams(DESIGN, "design")


def test_days_used_of_merged_reports_are_not_made_up(company: Company) -> None:
    alone = company.another("reports only")
    ann = ANN.of("East").holds("Revit", last=1, days_used="5"), ANN.of("North").holds("Revit", last=2, days_used="4")
    alone.load(alone.report(*ann), first=ago(29), last=TODAY)
    assert [row.days_used for row in alone.ask("last=30d").report.rows] == [4, 5]
    alone.core.merge_teams("East", "North")
    row = alone.ask("team=North last=30d").row("ann", "Revit", "North")
    # Somewhere between 5 and 9: the reports do not say which days.
    assert (row.status, row.days_used, row.last_accessed) == (Status.ACTIVE, None, ago(1))


def is_hidden(answer: Answer, *people: Person) -> bool:
    text = repr(list(answer.report.rows)) + repr(answer.report.caveats)
    return answer.report.hashed and not any(person.name in text.casefold() for person in people)


def test_a_team_whose_export_comes_masked_has_personal_data_off(company: Company) -> None:
    result = company.load(company.usage(CLEO.of("North").masked.used("Revit", 0)))
    assert any("North is masked" in note for note in result.notes)
    assert [team.personal_data for team in company.core.teams()] == [True, False, True]
    assert is_hidden(company.ask("last=30d"), ANN, BEN, CLEO)
    assert company.ask("team=Design last=30d").report.hashed_because == ()
    assert company.ask("last=30d").report.hashed_because == ("North",)


def test_what_a_person_has_set_is_not_overruled_by_an_export(company: Company) -> None:
    company.load(company.usage(CLEO.of("North").masked.used("Revit", 0)))
    company.core.set_personal_data("North", shown=True)
    assert not company.load(company.usage(CLEO.of("North").masked.used("Revit", 0, 1))).notes
    assert not company.ask("last=30d").report.hashed
    assert company.core.set_personal_data("design", shown=False) == DESIGN
    company.load(company.usage(ANN.used("Revit", 0)))
    assert company.ask("team=Design last=30d").report.hashed
    with pytest.raises(AskAgain, match="I know no team"):
        company.core.set_personal_data("Nowhere", shown=True)


def test_one_person_has_one_hash_in_every_team_and_another_in_another_account(company: Company) -> None:
    company.core.set_personal_data(DESIGN, shown=False)
    anns = {row.person for row in company.ask("last=30d").report.rows if row.product == "Revit" and row.days_used}
    other = company.another("other")
    other.load(other.usage(ANN.used("Revit", 1, 2)))
    other.core.set_personal_data(DESIGN, shown=False)
    (stranger,) = other.ask("last=30d").report.rows
    assert stranger.person not in anns
    hashes = {row.person for row in company.ask("product=Revit access=subscription last=30d").report.rows}
    assert len(hashes) == 1


def test_where_people_are_hidden_only_the_hash_finds_them(company: Company) -> None:
    company.core.set_personal_data(DESIGN, shown=False)
    for text in ("user=ann", "user=ann@example.com", "user=Lee"):
        assert company.ask(f"{text} last=30d").report.row_count == 0
    hash_ = company.ask("last=30d").report.rows[0].person
    assert company.ask(f"user={hash_} last=30d").report.row_count >= 1


def test_a_merged_team_has_personal_data_off_if_either_had(company: Company) -> None:
    company.core.set_personal_data(DESIGN, shown=False)
    company.core.merge_teams(DESIGN, WEST)
    assert company.ask("last=30d").report.hashed
    company.core.merge_teams(DESIGN, WEST, undo=True)
    assert not company.ask('team="Structural West" last=30d').report.hashed
