"""Usage Reports, groups, pools, balances and rules: the newest export counts, in whatever order files come."""

import itertools
from collections.abc import Iterable

import pytest

from reporting_core.words.errors import AskAgain
from reporting_core.words.report import Row
from reporting_core.words.terms import Origin, Status
from tests.company import ANN, BEN, CLEO, DESIGN, TODAY, WEST, Answer, Company, ago


def in_every_order(company: Company, exports: Iterable[tuple[str, list[dict[str, str]]]]) -> Iterable[Answer]:
    """The answer after importing some exports file by file, in each order, and all at once."""
    exports = list(exports)
    for number, order in enumerate([*itertools.permutations(exports), exports]):
        account = company.another(f"order {number}")
        paths = [account.file(rows, name=f"{number}-{name}") for name, rows in order]
        for some in [paths] if order is exports else [[path] for path in paths]:
            account.load(*some)
        yield account.ask("last=30d")


def rows(answer: Answer) -> list[tuple[object, ...]]:
    def shown(row: Row) -> tuple[object, ...]:
        return row.person, row.product, row.team, row.status, row.assigned_on, row.assigned_by, row.groups, row.stale

    return sorted(map(shown, answer.report.rows), key=repr)


def test_whoever_is_missing_from_a_newer_report_is_kept_and_marked_stale(company: Company) -> None:
    company.load(company.report(ANN.holds("Revit", last=9), BEN.holds("Revit", last=12)))
    result = company.load(company.report(BEN.holds("Revit", last=1)))
    row = company.ask("last=30d").row("ann", "Revit")
    assert (row.status, row.stale) == (Status.ACTIVE, True)
    assert "no longer lists it" in row.why
    assert any("marked stale: Ann Lee (Design, Revit)" in note for note in result.notes)
    company.load(company.report(ANN.holds("Revit", last=1), BEN.holds("Revit", last=1)))
    assert not company.ask("last=30d").row("ann", "Revit").stale


def test_reports_may_come_in_any_order(company: Company) -> None:
    answers = in_every_order(
        company,
        [
            ("october.csv", [*ANN.holds("Revit", since=90, last=40, days_inactive="5"), *CLEO.holds("Revit")]),
            ("november.csv", [*ANN.gave_back("Revit", on=12, last_accessed=f"{ago(15)}", days_inactive="5")]),
            ("newest.csv", [*BEN.holds("Revit", since=5, last=1, group="CAD users", assigned_by="Default")]),
        ],
    )
    first, *others = map(rows, answers)
    assert others == [first] * len(others)
    assert [(row[0], row[-1]) for row in first] == [
        ("Ann Lee", False),
        ("Ben Lee", False),
        ("Cleo Lee", True),
    ]


def test_an_older_report_takes_back_nothing(company: Company) -> None:
    newer = company.report(ANN.holds("Revit", since=5, last=1, group="Everyone"))
    older = company.report(ANN.gave_back("Revit", on=30, last_accessed=f"{ago(30)}", days_inactive="2", group="Old"))
    company.load(newer)
    (file,) = company.load(older).files
    assert (file.stored, file.unchanged) == (0, 1)
    row = company.ask("last=30d").row("ann", "Revit")
    assert (row.status, row.groups) == (Status.ACTIVE, ("Everyone",))


def test_a_report_in_which_nobody_ever_used_anything_is_dated_by_its_assignments(company: Company) -> None:
    company.load(
        company.report(ANN.holds("Revit", since=40), BEN.holds("Revit", since=3), CLEO.holds("Revit", since=-9))
    )
    report = company.ask("last=30d").report
    assert report.as_of == ago(3)
    assert company.ask("team=Design last=30d").row("ann", "Revit").status is Status.INACTIVE
    undated = company.another("undated")
    undated.load(undated.report(ANN.holds("Revit", since=None)))
    assert undated.ask("last=30d").report.as_of == TODAY


def test_with_a_report_alone_status_is_exact_and_days_are_not_guessed(company: Company) -> None:
    company.load(company.report(ANN.holds("Revit", last=5), BEN.holds("Revit", last=80), CLEO.holds("Revit")))
    answer = company.ask("team=Design from=2026-10-21 to=2026-11-19")
    assert [(row.person, row.status, row.days_used) for row in answer.report.rows] == [
        ("Cleo Lee", Status.INACTIVE, 0),
        ("Ben Lee", Status.INACTIVE, 0),
        ("Ann Lee", Status.ACTIVE, None),
    ]


def test_a_report_that_says_its_range_knows_the_days_of_it(company: Company) -> None:
    path = company.report(ANN.holds("Revit", last=0, days_used="7"))
    company.load(path, first=ago(29), last=ago(0))
    assert company.ask("last=30d").days("ann", "Revit") == 7
    assert company.ask("last=7d").days("ann", "Revit") is None


def test_last_accessed_newer_than_the_daily_data_does_not_hide_the_use_before(company: Company) -> None:
    company.load(company.usage(ANN.used("Revit", 9, 10, 11)), company.report(ANN.holds("Revit", last=0)))
    row = company.ask("last=3d").row("ann", "Revit")
    assert (row.days_used, row.last_accessed, row.days_inactive) == (3, ago(9), 0)


def test_days_after_the_as_of_date_are_a_gap(company: Company) -> None:
    company.load(
        company.usage(ANN.used("Revit", 2, 40)), company.report(BEN.holds("Revit"), ANN.holds("Revit", last=2))
    )
    answer = company.ask(f"team=Design from={ago(20)} to={ago(0)}")
    assert answer.report.as_of == ago(2)
    assert (answer.row("ben", "Revit").status, answer.row("ann", "Revit").status) == (Status.UNKNOWN, Status.ACTIVE)


def test_the_groups_export_is_the_truth_about_membership(company: Company) -> None:
    company.load(company.report(ANN.holds("Revit", group="Old; Rail, Road & Bridge"), BEN.holds("Revit", group="Old")))
    assert company.ask("last=30d").row("ann", "Revit").groups == ("Old", "Rail, Road & Bridge")
    company.load(company.groups(ANN.is_in("CAD users")))
    answer = company.ask("last=30d")
    assert (answer.row("ann", "Revit").groups, answer.row("ben", "Revit").groups) == (("CAD users",), ())
    company.load(company.groups(BEN.is_in("CAD users")))
    assert company.ask('group="CAD users" last=30d').people == ["ben"]
    assert company.ask("group=none last=30d").people == ["ann"]


def test_a_member_listed_in_two_roles_is_one_member_and_can_be_read_again(company: Company) -> None:
    path = company.groups(ANN.is_in("CAD users", role="Admin"), ANN.is_in("CAD users", role="Member"))
    company.load(path, company.report(ANN.holds("Revit")))
    assert not company.load(path).changed
    assert company.ask("last=30d").row("ann", "Revit").groups == ("CAD users",)


def test_groups_in_the_cells_of_a_report_belong_to_its_team(company: Company) -> None:
    company.load(company.report(ANN.holds("Revit", group="CAD users"), ANN.of(WEST).holds("Revit")))
    answer = company.ask("last=30d")
    assert (answer.row("ann", "Revit").groups, answer.row("ann", "Revit", WEST).groups) == (("CAD users",), ())
    company.load(company.report(ANN.of(WEST).holds("Revit", group="West users", last=0)))
    answer = company.ask("last=30d")
    assert answer.row("ann", "Revit").groups == ("CAD users",)
    assert answer.row("ann", "Revit", WEST).groups == ("West users",)


def test_how_a_seat_was_assigned_is_learned_from_the_report_or_from_rules(company: Company) -> None:
    company.load(
        company.report(ANN.holds("Revit", assigned_by="Group: CAD users"), BEN.holds("Revit"), CLEO.holds("AutoCAD")),
        company.file([{"team": DESIGN, "product": "Revit", "assigned_by": "Default"}]),
    )
    answer = company.ask("last=30d")
    found = [answer.row(name, product) for name, product in (("ann", "Revit"), ("ben", "Revit"), ("cleo", "AutoCAD"))]
    assert [row.assigned_by for row in found] == [Origin.GROUP, Origin.DEFAULT, Origin.UNKNOWN]
    assert found[0].origin_group == "CAD users"
    company.load(company.report(ANN.holds("Revit"), BEN.holds("Revit"), CLEO.holds("AutoCAD")))
    assert company.ask("last=30d").row("ann", "Revit").assigned_by is Origin.GROUP


def test_a_subscription_with_two_terms_is_two_pools(company: Company) -> None:
    row = {"team": DESIGN, "subscription_id": "S-1", "offering_name": "Revit", "seat_quantity": "10"}
    path = company.file(
        [
            {**row, "start_date": f"{ago(400)}", "end_date": f"{ago(36)}"},
            {**row, "start_date": f"{ago(35)}", "end_date": f"{ago(-330)}", "seat_quantity": "12"},
        ]
    )
    company.load(path, company.usage(ANN.used("Revit", 0)))
    assert company.ask("last=7d").report.tiles.subscriptions.seats == 12
    assert company.ask("last=7d", as_of=ago(0)).report.tiles.subscriptions.seats == 12
    assert not company.load(path).changed
    company.load(company.file([{**row, "start_date": f"{ago(35)}", "end_date": f"{ago(-330)}", "seat_quantity": "15"}]))
    assert company.ask("last=7d").report.tiles.subscriptions.seats == 15


def test_packs_of_tokens_that_end_on_one_day_add_up(company: Company) -> None:
    path = company.balances((1000, 400, 90), (500, 500, 90), (100, 50, -1))
    company.load(path, company.usage(ANN.used("Revit", 0)))
    assert company.ask("last=7d").report.tiles.flex.tokens_remaining == 900
    assert not company.load(path).changed


def test_filters_that_leave_no_team_are_asked_back(company: Company) -> None:
    company.load(company.usage(ANN.used("Revit", 0)))
    with pytest.raises(AskAgain, match="leave no team over") as asked:
        company.ask("team!=Design last=7d")
    assert asked.value.suggestions == ("last=7d",)


def test_before_anything_is_loaded_the_operator_is_told_how(company: Company) -> None:
    with pytest.raises(AskAgain, match="usagebot import"):
        company.ask("last=7d")
