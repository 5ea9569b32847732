"""Whether a seat may be taken back: one reason against it, in a fixed order, with the way forward."""

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import insert, select

from bot.providers import provider
from reporting_core.storage import catalog, schema
from reporting_core.usecases.seats.judging import Bench, judged
from reporting_core.words.people import Asker
from reporting_core.words.seats import OutOfGroups, Policy, Reason, Verdict
from reporting_core.words.terms import Role
from tests.company import ANN, BEN, CLEO, DAN, KEY, NOW, Company, ago
from tests.provider_world import ground


def bench(company: Company, **changes: Any) -> Bench:
    return Bench(company.core.account_id, NOW, Policy(**changes), company.core.pseudonyms.of, KEY)


def every_id(company: Company) -> list[int]:
    a = schema.assignments.c
    with company.core.store.reading() as connection:
        found = connection.execute(select(a.id).where(a.account_id == company.core.account_id).order_by(a.id))
        return list(found.scalars())


def judge(
    company: Company, asker: Asker | None = None, prints: dict[int, str] | None = None, **policy: Any
) -> dict[str, Verdict]:
    with company.core.store.reading() as connection:
        bench_, asker = bench(company, **policy), asker or company.core.operator
        found = judged(connection, bench_, asker, every_id(company), prints)
    return {f"{each.seat.person.split()[0].lower()} {each.seat.product}": each for each in found}


@pytest.fixture
def company(company: Company) -> Company:
    """Ann holds Revit by herself, Ben through a group, Cleo by default, Dan Flex; Ann's AutoCAD is new."""
    company.load(
        company.report(
            ANN.holds("Revit", since=200, assigned_by="Individual"),
            ANN.holds("AutoCAD", since=5, assigned_by="Individual"),
            BEN.holds("Revit", since=200, assigned_by="Group: BIM"),
            BEN.holds("AutoCAD", since=200, assigned_by="Group: BIM"),
            CLEO.holds("Revit", since=200, assigned_by="Default"),
            DAN.holds("Revit", since=200, access_option="Flex"),
            CLEO.gave_back("AutoCAD", 3),
        ),
        company.usage(ANN.used("Revit", 1, 40)),
        company.groups(BEN.is_in("BIM"), CLEO.is_in("BIM", "Owner")),
        company.subscriptions(("s1", "Revit", 12)),
    )
    return company


def reasons(found: dict[str, Verdict]) -> dict[str, Reason | None]:
    return {name: verdict.reason for name, verdict in found.items()}


def test_each_seat_has_one_reason_or_none(company: Company) -> None:
    assert reasons(judge(company)) == {
        "ann Revit": None,
        "ann AutoCAD": Reason.GRACE,
        "ben Revit": Reason.GROUP,
        "ben AutoCAD": Reason.GROUP,
        "cleo Revit": Reason.DEFAULT,
        "cleo AutoCAD": Reason.GONE,
        "dan Revit": Reason.FLEX,
    }


def test_a_seat_comes_with_what_a_decision_needs(company: Company) -> None:
    seat = judge(company)["ann Revit"].seat
    assert (seat.days_30, seat.days_90, seat.seats, seat.assigned_seats) == (1, 2, 12, 3)
    assert (seat.assigned_on, seat.last_accessed, seat.data_through) == (ago(200), ago(1), ago(1))


def test_a_group_comes_with_its_owner_its_members_and_what_else_it_carries(company: Company) -> None:
    group = judge(company)["ben Revit"].group
    assert group is not None
    assert (group.name, group.members, group.products) == ("BIM", 2, ("AutoCAD",))
    assert [owner.split()[0].lower() for owner in group.owners] == ["cleo"]


def test_whoever_keeps_the_product_by_a_group_frees_no_seat(company: Company) -> None:
    company.load(company.groups(BEN.is_in("BIM"), ANN.is_in("BIM"), CLEO.is_in("BIM", "Owner")))
    verdict = judge(company)["ann Revit"]
    assert verdict.seat.other_ways == ("BIM",)
    assert any("Frees no seat" in warning for warning in verdict.warnings)


def test_a_collection_that_opens_the_product_as_well_is_told_also_once_the_seat_is_gone(company: Company) -> None:
    company.load(company.report(ANN.holds("Revit"), ANN.holds("AEC Collection"), ANN.gave_back("AutoCAD", 3)))
    with company.core.store.writing() as connection:
        ids = {name: id_ for id_, name in catalog.products(connection, company.core.account_id).items()}
        for product in ("Revit", "AutoCAD"):
            held = {"collection_id": ids["AEC Collection"], "product_id": ids[product]}
            connection.execute(insert(schema.collection_products).values(account_id=company.core.account_id, **held))
    found = judge(company)
    assert found["ann Revit"].seat.collections == ("AEC Collection",)
    assert found["ann Revit"].stays == ("Revit still opens through AEC Collection.",)
    assert set(found["ann Revit"].stays) <= set(found["ann Revit"].warnings)
    assert found["ann AutoCAD"].stays == ("AutoCAD still opens through AEC Collection.",)
    assert found["ann AEC Collection"].stays == ()


@pytest.mark.parametrize(
    ("policy", "reason"),
    [
        ({"switched_on": False}, Reason.SWITCHED_OFF),
        ({"hours": (13, 17)}, Reason.HOURS),
        ({"hours": (22, 6)}, Reason.HOURS),
        ({"hours": (9, 17)}, None),
        ({"old_data_days": 0}, Reason.OLD_DATA),
    ],
)
def test_the_policy_of_an_owner_comes_first(company: Company, policy: dict[str, Any], reason: Reason | None) -> None:
    assert judge(company, **policy)["ann Revit"].reason is reason


def test_only_admins_of_the_team_may(company: Company) -> None:
    (team,) = {verdict.seat.team_id for verdict in judge(company).values()}
    asker = Asker(company.core.account_id, "U1", "Ann", "", teams={team: frozenset({Role.REPORTER})})
    assert judge(company, asker)["ann Revit"].reason is Reason.NO_RIGHTS
    asker = Asker(company.core.account_id, "U1", "Ann", "", teams={team: frozenset({Role.SSO_ADMIN})})
    assert judge(company, asker)["ann Revit"].reason is None


def test_what_is_no_longer_as_shown_has_changed(company: Company) -> None:
    shown = judge(company)["ann Revit"].seat
    assert judge(company, prints={shown.assignment_id: shown.print})["ann Revit"].reason is None
    company.load(company.report(ANN.holds("Revit", since=40, assigned_by="Individual")), exported_on=ago(0))
    assert judge(company, prints={shown.assignment_id: shown.print})["ann Revit"].reason is Reason.CHANGED


def test_a_team_that_hides_names_hides_them_here_too(company: Company) -> None:
    company.core.set_personal_data("Design", shown=False)
    with company.core.store.reading() as connection:
        found = judged(connection, bench(company), company.core.operator, every_id(company))
    assert all(verdict.seat.email is None and "ann" not in verdict.seat.person.lower() for verdict in found)


def test_ids_of_another_account_are_nothing(company: Company) -> None:
    ids = every_id(company)
    other = company.another("other")
    with other.core.store.reading() as connection:
        assert judged(connection, bench(other), other.core.operator, ids) == []


# -- a provider that takes people out of groups


def judged_with(company: Company, out_of_groups: OutOfGroups) -> dict[str, Verdict]:
    with company.core.store.reading() as connection:
        bench_ = replace(bench(company), out_of_groups=out_of_groups)
        found = judged(connection, bench_, company.core.operator, every_id(company))
    return {f"{each.seat.person.split()[0].lower()} {each.seat.product}": each for each in found}


def of_one_product(company: Company) -> Company:
    company.load(company.report(BEN.holds("Revit", since=200, assigned_by="Group: Only Revit")), exported_on=ago(0))
    return company


@pytest.mark.parametrize("out_of_groups", [OutOfGroups.ALONE, OutOfGroups.SHARED])
def test_a_group_of_one_product_is_left_where_the_provider_may(company: Company, out_of_groups: OutOfGroups) -> None:
    verdict = judged_with(of_one_product(company), out_of_groups)["ben Revit"]
    assert verdict.reason is None
    assert "Takes the person out of the group Only Revit." in verdict.warnings


def test_a_group_of_several_products_is_left_only_where_that_is_allowed_by_name(company: Company) -> None:
    assert judged_with(company, OutOfGroups.ALONE)["ben Revit"].reason is Reason.GROUP
    verdict = judged_with(company, OutOfGroups.SHARED)["ben Revit"]
    assert verdict.reason is None
    assert "Takes AutoCAD away as well, which the group also carries." in verdict.warnings


def test_what_came_by_default_stays_whatever_the_provider_may(company: Company) -> None:
    found = reasons(judged_with(company, OutOfGroups.SHARED))
    assert (found["cleo Revit"], found["dan Revit"]) == (Reason.DEFAULT, Reason.FLEX)


def test_a_provider_that_says_nothing_of_groups_leaves_none(company: Company) -> None:
    seats = of_one_product(company).core.seats
    assert seats.records.out_of_groups() is OutOfGroups.NO
    seats.provided_by(provider(ground(company)))
    assert seats.records.out_of_groups() is OutOfGroups.NO
