"""Exemptions as they are typed: exactly one person in one team, until a date, for a reason; else what to say."""

import asyncio
from datetime import date

import pytest

from reporting_core import grammar
from reporting_core.words.cards import Kept
from reporting_core.words.errors import AskAgain, BadQuery, NotAllowed
from reporting_core.words.people import Asker
from reporting_core.words.terms import Role
from tests.company import ANN, BEN, TODAY, WEST, Company, ago

END = 'until=2027-01-31 reason="parental leave"'


@pytest.fixture
def staffed(company: Company) -> Company:
    rows = (ANN.holds("Revit"), ANN.holds("AutoCAD"), BEN.holds("Revit"), BEN.of(WEST).holds("Revit"))
    company.load(company.report(*rows), exported_on=ago(0))
    return company


def admin(company: Company, team: int = 1, role: Role = Role.SECONDARY_ADMIN) -> Asker:
    return Asker(company.core.account_id, "U1", "Ann", "", teams={team: frozenset({role})})


def exempt(company: Company, text: str, asker: Asker | None = None, **mentions: str) -> Kept:
    rules = company.core.seat_rules
    return asyncio.run(rules.exempt(asker or admin(company), text, mentions))


@pytest.mark.parametrize(
    ("typed", "until", "reason"),
    [
        (f"ann {END}", date(2027, 1, 31), "parental leave"),
        ("until=2027-01-31 reason=parental leave ann=x", date(2027, 1, 31), "parental leave"),
        ("reason=“on leave” until=2027-01-31 user=ann", date(2027, 1, 31), "on leave"),
        ("reason=back in spring <@U1> until=today", TODAY, "back in spring"),
        ('reason="never closed until=2027-01-31', date(2027, 1, 31), "never closed"),
        ("user=ann", None, ""),
    ],
)
def test_until_and_reason_are_taken_out_of_the_question(typed: str, until: date | None, reason: str) -> None:
    found = grammar.read_keeping(typed, TODAY)
    assert (found.until, found.reason) == (until, reason)
    assert "until" not in found.question
    assert "reason" not in found.question
    assert len(found.question) == len(typed)


@pytest.mark.parametrize("typed", ["until=31/01/2027", "until=soon", "until=", "until=2027-02-30"])
def test_an_end_that_is_no_date_is_pointed_at(typed: str) -> None:
    with pytest.raises(BadQuery) as caught:
        grammar.read_keeping(f"ann {typed} reason=x", TODAY)
    assert caught.value.position == 4 + len("until=")


def test_a_key_comes_once() -> None:
    with pytest.raises(BadQuery, match="once"):
        grammar.read_keeping("until=2027-01-31 until=2027-02-01", TODAY)


def test_a_person_of_a_team_that_shows_names_is_found_beside_one_that_hides_its_own(staffed: Company) -> None:
    staffed.core.set_personal_data("Structural West", shown=False)
    kept = exempt(staffed, f"ann product=Revit {END}", staffed.core.operator)
    assert (kept.team, kept.product) == ("Design", "Revit")
    assert kept.person.startswith("Ann")
    with pytest.raises(AskAgain, match="Nobody of that name"):
        exempt(staffed, f"nobody product=Revit {END}", staffed.core.operator)


def test_one_person_one_product_one_team(staffed: Company) -> None:
    kept = exempt(staffed, f"ann product=Revit {END}")
    assert (kept.person, kept.product, kept.team) == ("Ann Lee", "Revit", "Design")
    assert kept.exemption.until == date(2027, 1, 31)
    verdicts = asyncio.run(staffed.core.seats.preview(admin(staffed), "user=ann product=Revit"))
    assert [str(each.reason) for each in verdicts] == ["exempt"]


def test_without_a_product_every_one_is_kept(staffed: Company) -> None:
    assert exempt(staffed, f"user=ann {END}").exemption.product_id is None


def test_a_mention_is_whoever_slack_says_it_is(staffed: Company) -> None:
    assert exempt(staffed, f"<@U5> product=Revit {END}", U5="ann@example.com").person == "Ann Lee"


def test_somebody_of_two_teams_needs_the_team(staffed: Company) -> None:
    owner = staffed.core.operator
    with pytest.raises(BadQuery) as caught:
        exempt(staffed, f"ben product=Revit {END}", owner)
    assert set(caught.value.suggestions) == {"team=Design", 'team="Structural West"'}
    assert exempt(staffed, f'ben product=Revit team="{WEST}" {END}', owner).team == WEST


def test_an_admin_of_one_team_means_the_one_of_that_team(staffed: Company) -> None:
    asker = Asker(
        staffed.core.account_id,
        "U1",
        "Ann",
        "",
        teams={1: frozenset({Role.SSO_ADMIN}), 2: frozenset({Role.REPORTER})},
    )
    assert exempt(staffed, f"ben product=Revit {END}", asker).team == "Design"


def test_several_people_of_that_name_are_named(staffed: Company) -> None:
    with pytest.raises(BadQuery) as caught:
        exempt(staffed, f"user=lee product=Revit {END}", staffed.core.operator)
    assert "user=ann@example.com" in caught.value.suggestions


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("", "Say whose seat"),
        (END, "Say whose seat"),
        (f"product=Revit {END}", "Say whose seat"),
        (f"ann status=inactive {END}", "Say whose seat"),
        ("ann reason=leave", "until= is missing"),
        ("ann until=2027-01-31", "reason= is missing"),
        ("ann product=Revit", "until= and reason= are missing"),
        ("ann until=2026-01-31 reason=x", "over already"),
        ("ann until=2029-01-31 reason=x", "a year at most"),
        (f"ann product=Revti {END}", "Revti"),
        (f"user=zoe {END}", "Nobody"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_kept(staffed: Company, typed: str, said: str) -> None:
    with pytest.raises(AskAgain, match=said):
        exempt(staffed, typed)
    assert asyncio.run(staffed.core.seat_rules.exemptions(staffed.core.operator)) == []


def test_a_reporter_keeps_nobody(staffed: Company) -> None:
    with pytest.raises(NotAllowed):
        exempt(staffed, f"ann product=Revit {END}", admin(staffed, role=Role.REPORTER))


def test_hidden_names_stay_hidden(staffed: Company) -> None:
    staffed.core.set_personal_data("Design", shown=False)
    with pytest.raises(AskAgain):
        exempt(staffed, f"user=ann {END}")
    hashed = staffed.core.pseudonyms.of(1)
    assert exempt(staffed, f"user={hashed} {END}").person == hashed


def test_it_is_told_who_set_what(staffed: Company) -> None:
    rules = staffed.core.seat_rules
    asyncio.run(rules.set_policy(staffed.core.operator, "switched_on", "off"))
    standing = asyncio.run(rules.standing())
    assert not standing.policy.switched_on
    assert standing.changes["switched_on"][0] == "operator"
