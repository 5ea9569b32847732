"""A report as a spreadsheet: every row and column, figures that can be checked, nothing that should stay hidden."""

import re
import zipfile
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl import Workbook
from openpyxl.utils.escape import unescape

from handlers.language import speaking
from handlers.views import spreadsheet, wording
from handlers.views.sheets import rows
from handlers.views.spreadsheet import About
from reporting_core.core import Core
from reporting_core.words.query import Filter, Key, UsageQuery
from reporting_core.words.report import DayUse, UsageReport
from reporting_core.words.terms import Access, Origin, Status
from reporting_core.workbooks import Limits
from tests import hand_made
from tests.company import ANN, BEN, CLEO, DAN, TODAY, WEST, Company, ago
from tests.formulas import Calculator

MADE = datetime(2026, 11, 25, 12, 30, tzinfo=UTC)
ABOUT = About("Ann Lee", MADE, "0.1.0")
ENGLISH = ["Report", "Summary", "Daily use", "About"]
sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def book(report: UsageReport, folder: Path, daily: Any = (), **more: Any) -> Workbook:
    spreadsheet.write(report, folder / "report.xlsx", ABOUT, None, daily, **more)
    return openpyxl.load_workbook(folder / "report.xlsx")


def answered(core: Core, text: str, folder: Path) -> tuple[UsageReport, Workbook]:
    report = core.answer(text, core.operator)
    return report, book(report, folder, core.daily_use(report.query, core.operator))


def midnight(year: int, month: int, day: int) -> datetime:
    """How openpyxl reads a date."""
    return datetime(year, month, day, tzinfo=UTC).replace(tzinfo=None)


def listed(found: Workbook, sheet: str = "Report") -> list[dict[str, Any]]:
    """Rows by heading, texts as a spreadsheet shows them."""
    heads, *lines = found[sheet].iter_rows(values_only=True)
    return [
        {str(head): unescape(cell) if isinstance(cell, str) else cell for head, cell in zip(heads, line, strict=True)}
        for line in lines
    ]


def figures(found: Workbook, folder: Path, sheet: str = "Summary") -> dict[str, tuple[Any, Any, Any]]:
    """Lines of the summary: what the message said, what the rows say, and the check, all as a program works them out.

    What stands in the file for programs that do not calculate must be the same.
    """
    calculated = Calculator(found, found[sheet]).all()
    known = openpyxl.load_workbook(folder / "report.xlsx", data_only=True)[sheet]
    assert {place: known[place].value for place in calculated} == pytest.approx(calculated)
    lines = [line for line in found[sheet].iter_rows(max_col=4) if line[0].value]
    said = {str(line[0].value): line[1].value for line in lines}
    worked_out = {str(line[0].value): [calculated.get(cell.coordinate) for cell in line[2:4]] for line in lines}
    return {name: (said[name], worked_out[name][0], worked_out[name][1]) for name in said}


def stock(company: Company) -> None:
    """Six seats of Design in every state, two people with Flex, a seat of another team; bought and left are known."""
    company.load(
        company.report(
            ANN.holds("Revit"),
            BEN.holds("Revit"),
            CLEO.holds("Revit", since=5),
            DAN.holds("Revit", since=None),
            ANN.gave_back("AutoCAD", on=3),
            ANN.holds("Maya", access_option="Flex", assigned_by="Group: Artists"),
            BEN.holds("Maya", access_option="Flex"),
            BEN.holds("Inventor", access_option="Flex"),
            CLEO.holds("Inventor", access_option="Flex"),
            DAN.of(WEST).holds("Civil 3D"),
        ),
        company.usage(
            ANN.used("Revit", 1, 2, 2, 40, child="Revit"),
            ANN.used("AutoCAD", 4, 5),
            ANN.used("Maya", 3, access="Flex"),
            BEN.used("Maya", 3, 6, access="Flex"),
            BEN.used("Inventor", 3, access="Flex"),
            DAN.of(WEST).used("Civil 3D", 0),
        ),
        company.token_usage(ANN.charged("Maya", 3, tokens="1.1"), BEN.charged("Maya", 3, 6, tokens="0.2")),
        company.subscriptions(("S-1", "Revit", 10)),
        company.balances((500, 120, 60)),
    )


def test_the_summary_works_out_what_the_message_says(company: Company, tmp_path: Path) -> None:
    stock(company)
    report, found = answered(company.core, "team=Design last=30d", tmp_path)
    tiles = report.tiles
    assert tiles.subscriptions.assigned == 4
    assert figures(found, tmp_path) == {
        "Design · 26 Oct – 24 Nov 2026 (UTC)": (None, None, None),
        str(found["Summary"]["A2"].value): (None, None, None),
        "From": (midnight(2026, 10, 26), None, None),
        "To": (midnight(2026, 11, 24), None, None),
        "Dates": ("=B5-B4+1", None, None),
        "Months": ("=MAX(1,B6/30)", None, None),
        "Figure": ("In the message", None, None),
        "Subscriptions": (None, None, None),
        "Seats bought": (10, None, None),
        "Assigned": (4, 4, "equal"),
        "Available": (6, 6, "equal"),
        "Active": (1, 1, "equal"),
        "Inactive": (1, 1, "equal"),
        "Not yet active": (1, 1, "equal"),
        "Unknown": (1, 1, "equal"),
        "Flex": (None, None, None),
        "Tokens used": (1.5, 1.5, "equal"),
        "Tokens remaining": (120, None, None),
        "Flex users": (2, 2, "equal"),
        "Monthly average": (1.5, 1.5, "equal"),
        "Use": (None, None, None),
        "Days of use": (8, 8, "equal"),
        "4 assigned = 1 active + 1 inactive + 1 not yet active + 1 unknown.": (None, None, None),
    }


@pytest.mark.parametrize(
    "question",
    ["last=30d", "team=Design last=3mo", "access=flex last=45d", "access=subscription last=7d", "user=ben last=1y"],
)
@sqlite
def test_whatever_is_counted_the_rows_add_up_to_it(company: Company, tmp_path: Path, question: str) -> None:
    stock(company)
    _report, found = answered(company.core, question, tmp_path)
    checks = [check for _said, _worked_out, check in figures(found, tmp_path).values() if check]
    assert set(checks) == {"equal"}


@sqlite
def test_a_total_that_is_withheld_is_not_worked_out_either(company: Company, tmp_path: Path) -> None:
    stock(company)
    _report, found = answered(company.core, "last=30d", tmp_path)
    assert figures(found, tmp_path)["Inactive"] == ("–", None, None)
    (line,) = [line for line in found["Summary"].iter_rows() if line[0].value == "Inactive"]
    assert str(line[4].value).startswith("Over several teams there is no total of inactive people")


@sqlite
def test_picked_rows_are_not_passed_off_as_the_whole(company: Company, tmp_path: Path) -> None:
    stock(company)
    _report, found = answered(company.core, "team=Design status=inactive last=30d", tmp_path)
    lines = figures(found, tmp_path)
    assert lines["Assigned"] == (4, 1, "picked rows only")
    assert lines["Inactive"] == (1, 1, "equal")
    assert lines["Available"] == (6, None, None)
    assert lines["Days of use"] == (8, 8, "equal")
    assert str(found["Summary"]["A3"].value).startswith("The rows of this file are picked: 1. The message counts")


@sqlite
def test_the_first_rows_say_how_many_there_are(company: Company, tmp_path: Path) -> None:
    stock(company)
    report, found = answered(company.core, "team=Design top=2 page=2 last=30d", tmp_path)
    assert (len(listed(found)), report.row_count) == (2, 9)
    assert str(found["Summary"]["A3"].value).startswith("The rows of this file are picked: 2 of 9 found.")
    assert told(found)["Rows"] == "2 of the 9 that were found"


def test_rows_without_a_usage_report_count_in_no_tile_and_in_no_formula(company: Company, tmp_path: Path) -> None:
    company.load(company.usage(ANN.used("Revit", 1)))
    report, found = answered(company.core, "team=Design last=30d", tmp_path)
    assert [(row.status, row.assigned) for row in report.rows] == [(Status.UNKNOWN, None)]
    assert listed(found)[0]["Assigned"] == "Unknown"
    assert figures(found, tmp_path)["Unknown"] == (0, 0, "equal")


def test_tokens_of_access_that_is_not_listed_any_more_are_explained(company: Company, tmp_path: Path) -> None:
    gone = ANN.gave_back("Maya", on=3, access_option="Flex")
    company.load(company.report(gone, BEN.holds("Revit")), company.token_usage(ANN.charged("Maya", 5, tokens="2")))
    company.load(company.usage(BEN.used("Revit", 9, 5, 1)), first=ago(9), last=TODAY, replace=True)
    report, found = answered(company.core, "team=Design last=30d", tmp_path)
    assert [row.person for row in report.rows] == ["Ben Lee"]
    assert figures(found, tmp_path)["Tokens used"] == (2, 0, "differs")
    (line,) = [line for line in found["Summary"].iter_rows() if line[0].value == "Tokens used"]
    assert line[4].value == "Some tokens were charged on access that ended and is not listed any more."


def test_every_row_has_all_columns_as_real_numbers_and_dates(tmp_path: Path) -> None:
    row = hand_made.row(
        access=Access.FLEX,
        status=Status.ACTIVE,
        assigned_by=Origin.GROUP,
        origin_group="CAD users",
        groups=("CAD users", "BIM"),
        unassigned_on=date(2026, 11, 1),
        days_used=12,
        monthly_average=6.4,
        tokens_used=512.1,
        why="Active: Flex was used.",
        assigned=False,
        person_id=7,
    )
    found = book(hand_made.report([row]), tmp_path)
    assert found.sheetnames == ENGLISH
    (line,) = listed(found)
    assert line == {
        "Person": "Person 1",
        "E-mail": "person1@example.com",
        "Team": "Design",
        "Product": "Revit",
        "Access": "Flex",
        "Status": "Active",
        "Days used": 12,
        "Monthly average": 6.4,
        "Last accessed": midnight(2026, 3, 9),
        "Days inactive": 260,
        "Tokens used": 512.1,
        "Assigned by": "Group: CAD users",
        "Groups": "CAD users; BIM",
        "Assigned": "No",
        "Assigned on": midnight(2026, 1, 31),
        "Unassigned on": midnight(2026, 11, 1),
        "Counts as Flex user": 1,
        "Why this status": "Active: Flex was used.",
    }


def test_it_is_the_same_rows_in_the_same_order_as_in_the_message(tmp_path: Path) -> None:
    report = hand_made.report(60, query=replace(UsageQuery(), page=3))
    assert [line["Person"] for line in listed(book(report, tmp_path))] == [row.person for row in report.rows]


def test_a_person_with_two_products_under_flex_is_one_user(tmp_path: Path) -> None:
    used: dict[str, Any] = {"access": Access.FLEX, "status": Status.ACTIVE}
    made = [hand_made.row(1, person_id=7, **used), hand_made.row(2, person_id=7, **used)]
    made += [hand_made.row(3, person_id=8, **used), hand_made.row(4, person_id=9, access=Access.FLEX)]
    lines = listed(book(hand_made.report(made), tmp_path))
    assert [line["Counts as Flex user"] for line in lines] == [1, None, 1, None]


NASTY = (*hand_made.HOSTILE, "=1+1", "+1", "@SUM(A1)", "-1", "'", "_x0041_", "عبد الله", "z" * 40_000)


def test_no_text_becomes_a_formula_is_cut_or_breaks_the_file(tmp_path: Path) -> None:
    made = [
        hand_made.row(n, person=text, email=text, team=text, product=text, groups=(text,), origin_group=text, why=text)
        for n, text in enumerate(NASTY)
    ]
    hostile = hand_made.report(made, team=NASTY[0], canonical=NASTY[-2] * 9, notes=NASTY, caveats=NASTY)
    found = book(hostile, tmp_path)
    assert found.sheetnames == [*ENGLISH, "Long texts"]
    lines = listed(found)
    assert [line["Person"] or "" for line in lines[:-1]] == list(NASTY[:-1])
    assert [line["Why this status"] or "" for line in lines[:-1]] == list(NASTY[:-1])
    pieces = [line for line in listed(found, "Long texts") if line["Cell"] == f"A{len(NASTY) + 1}"]
    assert "".join(line["Text"] for line in pieces) == NASTY[-1]
    formulas = [cell for sheet in found for line in sheet.iter_rows() for cell in line if cell.data_type == "f"]
    assert {cell.parent.title for cell in formulas} == {"Summary"}


def test_more_rows_than_a_sheet_holds_are_counted_on_both(tmp_path: Path) -> None:
    made = [hand_made.row(n, assigned=True, person_id=n) for n in range(7)]
    made += [hand_made.row(n, access=Access.FLEX, status=Status.ACTIVE, person_id=n, tokens_used=2.5) for n in range(5)]
    found = book(hand_made.report(made), tmp_path, limits=Limits(rows=4))
    assert found.sheetnames == ["Report", "Report 2", "Report 3", *ENGLISH[1:]]
    lines = figures(found, tmp_path)
    assert (lines["Inactive"][1], lines["Flex users"][1], lines["Tokens used"][1]) == (7, 5, 12.5)
    assert lines["Assigned"] == (100, 7, "differs")


def test_the_days_are_a_table_and_a_chart(tmp_path: Path) -> None:
    daily = [DayUse(date(2026, 11, day), day, 2, 1.5) for day in range(1, 21)]
    found = book(hand_made.report(), tmp_path, daily)
    sheet = found["Daily use"]
    assert [cell.value for cell in sheet[1]][:4] == ["Date", "Subscription", "Flex", "Tokens"]
    assert [cell.value for cell in sheet[21]][1:4] == [20, 2, 1.5]
    assert (sheet.max_row, sheet.tables["Daily_use"].ref) == (21, "A1:D21")
    (chart,) = sheet._charts  # type: ignore[attr-defined]
    assert [series.val.numRef.f for series in chart.series] == ["'Daily use'!$B$2:$B$21", "'Daily use'!$C$2:$C$21"]
    assert chart.series[0].cat.numRef.f == "'Daily use'!$A$2:$A$21"
    assert figures(found, tmp_path)["Days of use"] == (180, 250, "differs")


def test_without_days_the_points_of_the_chart_stand_there(tmp_path: Path) -> None:
    weeks = replace(
        hand_made.chart(2), points=tuple(replace(p, last=date(2026, 11, 30)) for p in hand_made.chart(2).points)
    )
    found = book(hand_made.report(chart=weeks), tmp_path)
    assert [cell.value for cell in found["Daily use"][1]][:4] == ["From", "To", "Subscription", "Flex"]
    assert figures(found, tmp_path)["Days of use"] == (24, 24, "equal")


def test_without_any_use_there_is_no_chart(tmp_path: Path) -> None:
    found = book(hand_made.report([], chart=hand_made.chart(0)), tmp_path)
    assert found["Daily use"]._charts == []  # type: ignore[attr-defined]
    assert figures(found, tmp_path)["Days of use"] == (0, 0, "equal")


def told(found: Workbook, sheet: str = "About") -> dict[str, str]:
    lines = found[sheet].iter_rows(min_col=1, max_col=2, values_only=True)
    return {str(name): str(words) for name, words in lines if words}


def test_the_file_says_what_it_is(tmp_path: Path) -> None:
    words = told(book(hand_made.report(caveats=("Look twice.",), notes=("Read as Design.",)), tmp_path))
    assert list(words.items())[:13] == [
        ("Command", "team=Design last=30d"),
        ("Whose use", "Design"),
        ("Range", "26 Oct – 24 Nov 2026 (UTC)"),
        ("Asked by", "Ann Lee"),
        ("Made at", "25 Nov 2026, 12:30 UTC"),
        ("Data through", "24 Nov 2026"),
        ("As of", "24 Nov 2026"),
        ("Rows", "40"),
        ("Personal data", "Names and e-mails are shown. Pass this file on to those only who may see them."),
        ("Form of this file", "1"),
        ("Made by", "usagebot 0.1.0"),
        ("1", "Read as Design."),
        ("2", "Look twice."),
    ]
    assert {wording.status_word(status) for status in Status} <= set(words)
    assert {rows.heading(column) for column in rows.COLUMNS} <= set(words)


def content(path: Path) -> str:
    with zipfile.ZipFile(path) as archive:
        return "\n".join(archive.read(name).decode() for name in archive.namelist())


@sqlite
def test_where_names_are_hidden_none_is_in_the_file(company: Company, tmp_path: Path) -> None:
    stock(company)
    company.core.set_personal_data("Design", shown=False)
    report, found = answered(company.core, "user!=ann,ben@example.com last=30d", tmp_path)
    assert report.hashed
    assert told(found)["Asked by"] == "Not written down: names are hidden in this report."
    assert told(found)["Command"] == 'user!="*****","*****" last=30d'
    assert "Ann Lee" not in content(tmp_path / "report.xlsx")
    assert re.search(r"(?i)\b(ann|ben|cleo|dan)\b|example\.com", content(tmp_path / "report.xlsx")) is None
    assert [line["E-mail"] for line in listed(found)] == [None] * len(report.rows)
    assert set(figures(found, tmp_path)["Assigned"]) == {5, "equal"}


def test_a_guess_that_may_be_a_name_is_not_repeated_where_names_are_hidden(tmp_path: Path) -> None:
    query = UsageQuery((Filter(Key.USER, ("ann", "0123456789abcdef", "me")),), guesses=("“ann” read as user=ann.",))
    hashed = hand_made.report(query=query, hashed=True, hashed_because=("West",), notes=(*query.guesses, "Cut."))
    words = told(book(hashed, tmp_path))
    assert words["Command"] == 'user="*****",0123456789abcdef,me last=30d'
    assert (words["1"], "2" in words) == ("Cut.", False)


def test_in_german_every_word_of_ours_is_german(tmp_path: Path) -> None:
    with speaking("de"):
        report = hand_made.report(3, query=UsageQuery(top=3))
        found = book(report, tmp_path, [DayUse(date(2026, 11, 1), 170, 10, 1.0)])
        assert found.sheetnames == ["Bericht", "Übersicht", "Nutzung je Tag", "Über diese Datei"]
        lines = figures(found, tmp_path, "Übersicht")
        assert lines["Nutzungstage"] == (180, 180, "gleich")
        assert lines["Inaktiv"] == (25, 0, "nur ausgewählte Zeilen")
        assert listed(found, "Bericht")[0]["Status"] == "Inaktiv"
        assert told(found, "Über diese Datei")["Befehl"] == "team=Design last=30d"
        assert list(found["Bericht"].tables) == ["Bericht"]


def test_the_same_report_makes_the_same_file(tmp_path: Path) -> None:
    for name in "ab":
        spreadsheet.write(hand_made.report(), tmp_path / name, ABOUT)
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


def test_whoever_waits_hears_how_far_it_is_and_can_stop_it(tmp_path: Path) -> None:
    heard: list[tuple[int, int]] = []

    def hear(done: int, total: int) -> None:
        heard.append((done, total))
        if done >= 2_000:
            raise InterruptedError

    with pytest.raises(InterruptedError):
        spreadsheet.write(hand_made.report(2_500), tmp_path / "report.xlsx", ABOUT, hear)
    assert heard == [(1_000, 2_500), (2_000, 2_500)]
    assert list(tmp_path.iterdir()) == []
