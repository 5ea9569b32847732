"""Dates: ISO, or one order that the file proves; never a guess."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reporting_core.exports import ReadOptions
from reporting_core.exports.asking import DateOrder, Refused, Unreadable
from reporting_core.exports.dates import DateReader, Survey, in_order, iso, slashed
from reporting_core.words.imports import ReportRow
from tests.exporting import TODAY, outcome, outcomes, write_csv, write_xlsx

HEADER = ["day_used", "email", "team", "access_option", "product"]


def rows(days: Sequence[object]) -> list[list[object]]:
    return [[day, f"p{at}@example.com", "Design", "Seat", "Revit"] for at, day in enumerate(days)]


def written(path: Path, days: Sequence[str]) -> Path:
    return write_csv(path, [HEADER, *rows(days)])  # type: ignore[list-item]


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-24", "2026/11/24", "2026.11.24", "20261124", "2026-11-24T00:00:00Z", "2026-11-24 00:00",
        "2026-11-24T23:59:59.123456+00:00", "2026-11-24 13:05:00 UTC",
    ],
)  # fmt: skip
def test_year_first_is_understood(text: str) -> None:
    assert iso(text) == date(2026, 11, 24).toordinal()


@pytest.mark.parametrize(
    "text",
    [
        "2026-02-30", "2026-13-01", "2026-11/24", "24 Nov 2026", "24/11/26", "46350", "yesterday",
        "2026-11-24T10:00:00-05:00",
        "0000-01-01", "24/11-2026", "٢٠٢٦-11-24",
    ],
)  # fmt: skip
def test_what_is_no_date_is_refused(text: str) -> None:
    with pytest.raises(Refused):
        DateReader("dmy", lambda: pytest.fail("no need")).ordinal(text, 0)


@pytest.mark.parametrize(
    "text", ["24/11/2026", "24.11.2026", "24-11-2026", "24/11/2026 13:05", "24/11/2026 1:05:00 PM"]
)
def test_year_last_is_read_in_the_order_told(text: str) -> None:
    assert DateReader("dmy", lambda: pytest.fail("no need")).ordinal(text, 0) == date(2026, 11, 24).toordinal()


@given(st.lists(st.dates(date(1990, 1, 1), TODAY), min_size=1, max_size=30), st.sampled_from(["dmy", "mdy"]))
def test_an_order_is_found_only_if_no_other_reading_exists(days: list[date], order: DateOrder) -> None:
    texts = [f"{day:%d/%m/%Y}" if order == "dmy" else f"{day:%m/%d/%Y}" for day in days]
    survey = Survey([0], sheet=False)
    survey.look(0, texts, range(2, len(days) + 2))
    if all(day.day <= 12 for day in days) and any(day.day != day.month for day in days):
        with pytest.raises(Unreadable, match="--dates dmy"):
            survey.decide()
    else:
        assert [in_order(slashed(text) or (0, 0, 0), survey.decide().order) for text in texts] == [
            day.toordinal() for day in days
        ]


def test_the_whole_file_decides_even_if_only_its_last_row_does(tmp_path: Path) -> None:
    doubtful = ["01/02/2026"] * 20_000
    dmy = written(tmp_path / "1", [*doubtful, "13/02/2026"])
    mdy = written(tmp_path / "2", [*doubtful, "02/13/2026"])
    first, second = outcomes([dmy, mdy])
    assert {day for _, day in first.days()} == {date(2026, 2, 1), date(2026, 2, 13)}
    assert {day for _, day in second.days()} == {date(2026, 1, 2), date(2026, 2, 13)}


def test_a_file_that_can_be_read_both_ways_is_a_question(tmp_path: Path) -> None:
    path = written(tmp_path / "a.csv", ["03/03/2026", "05/06/2026", "07/08/2026"])
    assert outcome(path).reason == (
        "Is “05/06/2026” 5 June 2026 or 6 May 2026? Every date in this file can be read both ways. "
        "Import it with --dates dmy (5 June 2026) or --dates mdy (6 May 2026)."
    )
    days = {order: {day for _, day in outcome(path, ReadOptions(order, TODAY)).days()} for order in ("dmy", "mdy")}
    assert date(2026, 6, 5) in days["dmy"]
    assert date(2026, 5, 6) in days["mdy"]


def test_no_question_where_both_readings_are_the_same(tmp_path: Path) -> None:
    assert outcome(written(tmp_path / "a.csv", ["03/03/2026", "4/4/2026"])).accepted == 2


def test_two_orders_in_one_file_are_refused_with_their_lines(tmp_path: Path) -> None:
    reason = outcome(written(tmp_path / "a.csv", ["01/02/2026", "13/02/2026", "01/02/2026", "02/14/2026"])).reason
    assert "“13/02/2026” in line 3 is day/month/year" in reason
    assert "“02/14/2026” in line 5 is month/day/year" in reason


def test_one_column_proves_the_order_for_all(tmp_path: Path) -> None:
    header = ["team", "email", "product", "access_option", "seat_assignment", "assigned_date", "last_accessed"]
    cells = ["Design", "ann@example.com", "Revit", "Seat", "Assigned"]
    path = write_csv(tmp_path / "a.csv", [header, [*cells, "01/02/2026", ""], [*cells, "01/02/2026", "31/03/2026"]])
    assert {row.assigned_on for row in outcome(path).records if isinstance(row, ReportRow)} == {
        date(2026, 2, 1).toordinal()
    }


def test_a_stray_year_last_date_among_iso_dates_is_refused_by_row(tmp_path: Path) -> None:
    found = outcome(written(tmp_path / "a.csv", ["2026-11-02", "05/06/2026", "2026-11-03", "13/06/2026", "2026-11-04"]))
    assert found.accepted == 3
    assert found.refused == {
        3: "Day used “05/06/2026” is not written like the other dates of its column (2026-11-24)",
        5: "Day used “13/06/2026” is not written like the other dates of its column (2026-11-24)",
    }


def test_a_date_against_the_order_told_is_refused_by_row(tmp_path: Path) -> None:
    path = written(tmp_path / "a.csv", ["01/02/2026", "13/02/2026"])
    assert outcome(path, ReadOptions("mdy", TODAY)).refused == {
        3: "Day used “13/02/2026” is no date (2026-11-24 is one)"
    }


def test_dates_that_a_spreadsheet_program_converted_in_part_are_refused(tmp_path: Path) -> None:
    days = [date(2026, month, 6) for month in range(1, 6)]
    path = write_xlsx(tmp_path / "a.xlsx", {"Sheet": [HEADER, *rows([*days, "24/06/2026"])]})
    assert "converted part of it" in outcome(path).reason
    assert outcome(path, ReadOptions("dmy", TODAY)).accepted == 6


def test_text_dates_in_a_workbook(tmp_path: Path) -> None:
    path = write_xlsx(
        tmp_path / "a.xlsx", {"Sheet": [HEADER, *rows(["24/11/2026", "01.02.2026", "2026-01-05T00:00:00Z"])]}
    )
    assert {day for _, day in outcome(path).days()} == {date(2026, 11, 24), date(2026, 2, 1), date(2026, 1, 5)}
