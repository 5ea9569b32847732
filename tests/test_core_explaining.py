"""Why a row has its status: the evidence of each case, who is meant, and what stays hidden."""

import pytest

from reporting_core.usecases.explaining import MOST
from reporting_core.words.errors import BadQuery
from reporting_core.words.evidence import Evidence, Explanation
from reporting_core.words.people import Asker
from reporting_core.words.terms import Origin, Role, Status
from tests.company import ANN, BEN, CLEO, DAN, DESIGN, WEST, Company, ago


@pytest.fixture
def loaded(company: Company) -> Company:
    """Ann idle, Ben active with two products, Cleo new, Dan under Flex; a week without data a month ago."""
    company.load(
        company.report(
            ANN.holds("Revit", since=300, last=90, assigned_by="Group: CAD users"),
            BEN.holds("Revit", since=200),
            BEN.holds("AEC", since=200),
            CLEO.holds("Revit", since=10),
            DAN.holds("AutoCAD", access_option="Flex"),
        )
    )
    company.load(
        company.usage(
            BEN.used("Revit", 0, 3, 29),
            BEN.used("AEC", 1, 2, child="Revit"),
            BEN.used("AEC", 2, child="Civil 3D"),
            DAN.used("AutoCAD", 5, access="Flex"),
        )
    )
    return company


async def explained(company: Company, text: str, asker: Asker | None = None, row: int | None = None) -> Explanation:
    return await company.core.evidence(text, asker or company.core.operator, assignment=row)


async def one(company: Company, text: str) -> Evidence:
    (found,) = (await explained(company, text)).evidence
    return found


async def test_an_idle_seat_comes_with_what_decided_about_it(loaded: Company) -> None:
    found = await one(loaded, "ann product=Revit")
    assert (found.row.status, found.row.assigned_on, found.row.days_used) == (Status.INACTIVE, ago(300), 0)
    assert (found.row.last_accessed, found.row.assigned_by, found.row.origin_group) == (
        ago(90),
        Origin.GROUP,
        "CAD users",
    )
    assert found.row.why.startswith("Inactive: the seat is assigned since")
    assert (found.gaps, found.launched, found.grace_until) == ((), {}, None)


async def test_a_seat_assigned_within_thirty_days_is_still_in_its_grace(loaded: Company) -> None:
    found = await one(loaded, "cleo")
    assert (found.row.status, found.grace_until) == (Status.NOT_YET_ACTIVE, ago(-20))


@pytest.mark.parametrize(("since", "until"), [(0, -30), (29, -1), (30, None)])
async def test_the_grace_lasts_thirty_days(company: Company, since: int, until: int | None) -> None:
    company.load(company.report(ANN.holds("Revit", since=since)), company.usage(BEN.used("Revit", 0, 29)))
    assert (await one(company, "ann")).grace_until == (None if until is None else ago(until))


async def test_a_collection_names_the_products_it_was_used_under(loaded: Company) -> None:
    found = await one(loaded, "ben product=AEC last=30d")
    assert (found.row.days_used, found.launched) == (2, {"Civil 3D": 1, "Revit": 2})
    assert (await one(loaded, "ben product=Revit")).launched == {}


async def test_dates_without_data_are_named(loaded: Company) -> None:
    found = await one(loaded, "ann last=90d")
    assert found.row.status is Status.UNKNOWN
    assert found.gaps == ((ago(89), ago(30)),)


async def test_a_person_of_several_products_has_each_with_its_own_status(loaded: Company) -> None:
    found = await explained(loaded, "ben last=30d")
    assert sorted((each.row.product, each.row.status) for each in found.evidence) == [
        ("AEC", Status.ACTIVE),
        ("Revit", Status.ACTIVE),
    ]


async def test_of_more_rows_than_can_be_read_none_is_picked(company: Company) -> None:
    company.load(company.report(*(ANN.holds(f"Product {number}") for number in range(MOST + 1))))
    found = await explained(company, "ann")
    assert (len(found.report.rows), found.evidence) == (MOST + 1, ())


async def test_one_row_of_a_report_can_be_picked_by_its_number(loaded: Company) -> None:
    rows = (await explained(loaded, "last=30d")).report.rows
    for row in rows:
        (found,) = (await explained(loaded, "last=30d", row=row.assignment_id)).evidence
        assert found.row == row
    assert (await explained(loaded, "last=30d", row=10**9)).evidence == ()


async def test_words_that_are_no_name_mean_a_person(loaded: Company) -> None:
    for text in (
        "ann",
        "Ann Lee",
        "ann@example.com",
        "  ANN  last=30d",
        'user="Ann Lee"',
        "ann product=Revit",
        '"Ann Lee"',
        "“Ann Lee” last=30d",
    ):
        assert (await one(loaded, text)).row.person == "Ann Lee"
    missed = await explained(loaded, "Anne Lee")
    assert (missed.evidence, missed.report.nearest[0]) == ((), 'user="Ann Lee" last=30d')


@pytest.mark.parametrize("text", ["ann prodct=Revit", "team=Desing", "ann last=soon", "ann product="])
async def test_other_faults_are_told_as_they_were_typed(loaded: Company, text: str) -> None:
    with pytest.raises(BadQuery) as raised:
        await explained(loaded, text)
    assert raised.value.text == text


async def test_where_names_are_hidden_only_the_hash_finds_anybody(loaded: Company) -> None:
    loaded.core.set_personal_data(DESIGN, shown=False)
    everybody = (await explained(loaded, "team=Design")).evidence
    ann = next(each.row for each in everybody if each.row.status is Status.INACTIVE)
    assert "Ann" not in repr(everybody)
    assert "ann@" not in repr(everybody)
    assert (await one(loaded, ann.person)).row == ann
    hidden = await explained(loaded, "ann")
    assert (hidden.evidence, hidden.report.hashed) == ((), True)
    assert "Ann" not in repr(hidden.report.nearest)
    for typed in ("ann", "lee", "example"):
        assert await loaded.core.candidates("team=Design", loaded.core.operator, typed) == []


async def test_nobody_learns_of_teams_that_are_not_theirs(loaded: Company) -> None:
    loaded.load(loaded.report(ANN.of(WEST).holds("Revit")))
    (west,) = (await explained(loaded, f'team="{WEST}"')).report.team_ids
    asker = Asker(loaded.core.account_id, "U2", "Ben", "ben@example.com", teams={west: frozenset({Role.REPORTER})})
    found = await explained(loaded, "ann", asker)
    assert [each.row.team for each in found.evidence] == [WEST]
    other = (await explained(loaded, "team=Design ann")).report.rows[0].assignment_id
    assert (await explained(loaded, "last=30d", asker, other)).evidence == ()


async def test_candidates_are_found_by_all_the_words_typed(loaded: Company) -> None:
    async def named(typed: str) -> list[str]:
        rows = await loaded.core.candidates("last=30d", loaded.core.operator, typed)
        return [f"{row.person} {row.product}" for row in rows]

    assert await named("ben aec") == ["Ben Lee AEC"]
    assert await named("REVIT cleo") == ["Cleo Lee Revit"]
    assert await named("dan@example") == ["Dan Lee AutoCAD"]
    assert await named("nobody") == []
    assert len(await named(" ")) == 5
    rows = await loaded.core.candidates("last=30d", loaded.core.operator, "")
    for first in range(7):
        turned = await loaded.core.candidates("last=30d", loaded.core.operator, "", first=first)
        assert turned == [*rows[first:], *rows[:first]]


async def test_asking_why_is_not_remembered_as_the_last_report(loaded: Company) -> None:
    asker = Asker(loaded.core.account_id, "U1", "Ann", "ann@example.com", every_team=True)
    await loaded.core.usage("team=Design last=7d", asker)
    await explained(loaded, "ann", asker)
    assert await loaded.core.last_query(asker) == "team=Design last=7d"
