"""Requests to the owner of a group: about whose seats one may be sent, once a press, and never without its record."""

import asyncio
import json
from collections.abc import Collection

import pytest

from reporting_core.usecases.seats.requesting import SENT, UNSENT, Press
from reporting_core.words.people import Asker
from reporting_core.words.seats import Verdict
from reporting_core.words.terms import Role
from tests.company import ANN, BEN, CLEO, DAN, DESIGN, Company
from tests.test_core_seats_judging import every_id


@pytest.fixture
def grouped(company: Company) -> Company:
    """Ann and Ben hold Revit through BIM, which Cleo owns; Dan by himself."""
    company.load(
        company.report(
            ANN.holds("Revit", assigned_by="Group: BIM"),
            BEN.holds("Revit", assigned_by="Group: BIM"),
            CLEO.holds("AutoCAD", assigned_by="Group: Others"),
            DAN.holds("Revit", assigned_by="Individual"),
        ),
        company.groups(ANN.is_in("BIM"), BEN.is_in("BIM"), CLEO.is_in("BIM", "Owner")),
    )
    return company


def admin(company: Company, *roles: Role, team: int = 1) -> Asker:
    held = frozenset(roles or {Role.SECONDARY_ADMIN})
    return Asker(company.core.account_id, "U1", "Ann", "", teams={team: held})


def people(found: Collection[Verdict]) -> list[str]:
    return sorted(each.seat.person.split()[0].lower() for each in found)


def about(company: Company, asker: Asker | None = None) -> list[Verdict]:
    return asyncio.run(company.core.requests.about(asker or admin(company), every_id(company)))


def begin(company: Company, form: str = "V1", to: tuple[str, ...] = ("U9",)) -> list[Verdict]:
    return asyncio.run(company.core.requests.begin(Press(admin(company), form, every_id(company)), to))


def rows(company: Company) -> list[tuple[str, str, str]]:
    lines = company.core.audit.book.listed(company.core.operator)
    return [(each.kind, each.actor, each.person.split()[0].lower()) for each in reversed(lines)]


def test_it_is_about_the_seats_that_one_group_brings(grouped: Company) -> None:
    assert people(about(grouped)) == ["ann", "ben"]
    (owner,) = {each.group.owners for each in about(grouped) if each.group}
    assert [each.split()[0].lower() for each in owner] == ["cleo"]


def test_the_owner_is_found_by_e_mail_or_a_match_made_by_hand(grouped: Company) -> None:
    requests = grouped.core.requests
    found = asyncio.run(requests.owners(about(grouped)))
    assert (found.slack_user_ids, len(found.emails)) == ((), 1)
    asyncio.run(grouped.core.link(grouped.core.operator, "U7", found.emails[0]))
    assert asyncio.run(requests.owners(about(grouped))).slack_user_ids == ("U7",)


@pytest.mark.parametrize("role", [Role.REPORTER, Role.CONTRACT_MANAGER, Role.USER])
def test_nobody_asks_about_a_team_they_do_not_administer(grouped: Company, role: Role) -> None:
    assert about(grouped, admin(grouped, role)) == []
    assert about(grouped, admin(grouped, team=2)) == []
    assert about(grouped, Asker(grouped.core.account_id + 1, "U1", "", "", owner=True)) == []


def test_a_team_that_hides_names_gets_no_request(grouped: Company) -> None:
    grouped.core.set_personal_data(DESIGN, shown=False)
    assert about(grouped) == []
    assert begin(grouped) == []


def test_each_person_is_asked_about_once_a_press_and_it_is_written_down(grouped: Company) -> None:
    assert people(begin(grouped)) == ["ann", "ben"]
    assert begin(grouped) == []
    assert sorted(rows(grouped)) == [(SENT, "U1", "ann"), (SENT, "U1", "ben")]
    last = grouped.core.audit.book.listed(grouped.core.operator)[0]
    assert last.details["to"] == ["U9"]
    assert last.details["product"] == "Revit"
    assert "cleo" not in json.dumps(last.details).casefold()


def test_another_press_asks_again(grouped: Company) -> None:
    begin(grouped)
    assert people(begin(grouped, "V2")) == ["ann", "ben"]


def test_what_reached_nobody_may_be_pressed_again(grouped: Company) -> None:
    found = begin(grouped)
    press = Press(admin(grouped), "V1", every_id(grouped))
    asyncio.run(grouped.core.requests.unsent(press, found, ("U9",)))
    assert [kind for kind, *_ in rows(grouped)] == [SENT, SENT, UNSENT, UNSENT]
    assert people(begin(grouped)) == ["ann", "ben"]


def test_switched_off_nobody_is_asked_for_anything(grouped: Company) -> None:
    asyncio.run(grouped.core.seats.set_policy(grouped.core.operator, "switched_on", "off"))
    assert begin(grouped) == []
