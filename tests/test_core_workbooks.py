"""Large tables as xlsx files: read back cell for cell, whatever is in them; there whole or not at all."""

import zipfile
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from openpyxl import Workbook
from openpyxl.utils.escape import unescape

from reporting_core.workbooks import Around, Column, Kind, Limits, Row, Table, Written, WrongCount, put, write
from reporting_core.workbooks.escaping import spelt, utf16
from reporting_core.workbooks.long_texts import beginning

MADE = datetime(2026, 11, 25, 12, 30, tzinfo=UTC)
COLUMNS = (
    Column("Person", format="@"),
    Column("Days used", Kind.NUMBER, format="0"),
    Column("Last accessed", Kind.DATE, format="yyyy-mm-dd"),
)
ANN, BEN = ("Ann Lee", 12, date(2026, 11, 20)), ("Ben Kay", 0, None)


def table(*rows: Row, title: str = "Report", count: int | None = None) -> Table:
    return Table(title, COLUMNS, rows, len(rows) if count is None else count)


def around(**more: Any) -> Around:
    return Around(MADE, "usagebot", **more)


def written(path: Path, *rows: Row, **more: Any) -> Workbook:
    write(path, table(*rows), around(**more))
    return openpyxl.load_workbook(path)


def midnight(*day: int) -> datetime:
    """How openpyxl reads a date."""
    return datetime(*day, tzinfo=UTC).replace(tzinfo=None)  # type: ignore[misc,arg-type]


def values(book: Workbook, title: str = "Report") -> list[tuple[Any, ...]]:
    """Rows of a sheet, with texts as a spreadsheet shows them."""
    rows = book[title].iter_rows(min_row=2, values_only=True)
    return [tuple(unescape(each) if isinstance(each, str) else each for each in row) for row in rows]


def texts(path: Path, *some: str, limits: Limits | None = None) -> list[str]:
    book = written(path, *((text, None, None) for text in some), limits=limits or Limits())
    return [row[0] or "" for row in values(book)]


def test_numbers_are_numbers_dates_are_dates_and_nothing_is_empty(tmp_path: Path) -> None:
    book = written(tmp_path / "a.xlsx", ANN, BEN, (None, 0.1, date(2026, 1, 2)), ("x", None, None))
    assert values(book) == [
        ("Ann Lee", 12, midnight(2026, 11, 20)),
        ("Ben Kay", 0, None),
        (None, 0.1, midnight(2026, 1, 2)),
        ("x", None, None),
    ]
    sheet = book["Report"]
    assert [cell.data_type for cell in sheet[2]] == ["s", "n", "d"]
    assert [cell.number_format for cell in sheet[2]] == ["@", "0", "yyyy-mm-dd"]
    assert [cell.value for cell in sheet[1]] == ["Person", "Days used", "Last accessed"]


def test_a_date_that_spreadsheets_count_wrong_is_text(tmp_path: Path) -> None:
    book = written(tmp_path / "a.xlsx", ("x", 1, date(1899, 5, 1)), ("x", 1, date(1900, 3, 1)))
    assert [row[2] for row in values(book)] == ["1899-05-01", midnight(1900, 3, 1)]


def test_the_sheet_is_a_table_with_a_filter_and_a_frozen_head(tmp_path: Path) -> None:
    sheet = written(tmp_path / "a.xlsx", ANN, BEN)["Report"]
    native = sheet.tables["Report"]
    assert (native.ref, native.autoFilter.ref, sheet.freeze_panes) == ("A1:C3", "A1:C3", "A2")
    assert [column.name for column in native.tableColumns] == ["Person", "Days used", "Last accessed"]
    assert sheet.calculate_dimension() == "A1:C3"


def test_without_rows_there_is_still_a_table(tmp_path: Path) -> None:
    book = written(tmp_path / "a.xlsx")
    assert values(book) == []
    assert book["Report"].tables["Report"].ref == "A1:C2"


HOSTILE = (
    "=1+1",
    "+1",
    "-2+3",
    "@SUM(A1)",
    "\tx",
    '=HYPERLINK("http://example.com")',
    "<!channel>",
    "a & b < c > d \"e\" 'f'",
    "]]>",
    " both ends ",
    "line\nbreak\n",
    "carriage\rreturn\r\n",
    "bell\x07 null\x00 escape\x1b del\x7f nel\x85",
    "_x0041_",
    "_x005F_x0041_",
    "_x0041_x0042_",
    "_\x01x0041_",
    "👩‍💻 emoji 🏗️",
    "عبد الله",
    "\u202eturned",
    "\ufffe\uffff",
    "half \ud83d pair",
    "|",
    "a||b",
    " |",
    "\u00a0",
    "|x",
)


@pytest.mark.parametrize("text", HOSTILE)
def test_a_text_stays_that_text(tmp_path: Path, text: str) -> None:
    book = written(tmp_path / "a.xlsx", (text, 1, None), ("Ann", 2, None))
    assert [row[0] for row in values(book)] == [text, "Ann"]
    assert book["Report"]["A2"].data_type == "s"


def test_all_of_them_together(tmp_path: Path) -> None:
    assert texts(tmp_path / "a.xlsx", *HOSTILE, "", "Ann") == [*HOSTILE, "", "Ann"]


ANY_TEXT = st.text(st.characters(), max_size=20) | st.text("_x0F4| \n\r\t&<\x01", max_size=20)


@given(st.lists(ANY_TEXT, min_size=1, max_size=30))
@example(["", "|", ""])
@example(["a", ""])
def test_any_texts_read_back_the_same(tmp_path_factory: pytest.TempPathFactory, some: list[str]) -> None:
    assert texts(tmp_path_factory.mktemp("any") / "a.xlsx", *some) == some


@given(ANY_TEXT)
def test_what_is_spelt_out_is_read_back(text: str) -> None:
    assert unescape(spelt(text)) == text


def test_a_text_too_long_for_a_cell_goes_in_pieces_on_a_sheet_of_its_own(tmp_path: Path) -> None:
    long, emoji = "ab" * 20_000, "🙂" * 20_000
    book = written(tmp_path / "a.xlsx", ("=short", 1, None), (long, 1, None), (emoji, 1, None), ("x" * 32_767, 1, None))
    assert book.sheetnames == ["Report", "Long texts"]
    shown = [row[0] for row in values(book)]
    assert [utf16(text) for text in shown] == [6, 32_767, 32_767, 32_767]
    assert shown[1].endswith("ab … (the whole text: sheet “Long texts”, from row 2)")
    assert shown[2].endswith("🙂 … (the whole text: sheet “Long texts”, from row 4)")
    pieces = values(book, "Long texts")
    assert [piece[:3] for piece in pieces] == [
        ("Report", "A3", 1),
        ("Report", "A3", 2),
        ("Report", "A4", 1),
        ("Report", "A4", 2),
    ]
    assert pieces[0][3] + pieces[1][3] == long
    assert pieces[2][3] + pieces[3][3] == emoji
    assert book["Long texts"].tables["Long_texts"].ref == "A1:D5"


@given(st.text(st.sampled_from("a🙂é"), max_size=60), st.integers(1, 30))
def test_a_beginning_is_as_long_as_it_can_be(text: str, most: int) -> None:
    kept = beginning(text, most)
    assert text.startswith(kept)
    assert utf16(kept) <= most
    assert kept == text or utf16(text[: len(kept) + 1]) > most


def test_more_rows_than_a_sheet_holds_go_on_to_a_second(tmp_path: Path) -> None:
    rows = [(f"Person {number}", number, None) for number in range(25)]
    book = written(tmp_path / "a.xlsx", *rows, limits=Limits(rows=10))
    assert book.sheetnames == ["Report", "Report 2", "Report 3"]
    assert [row for title in book.sheetnames for row in values(book, title)] == rows
    assert [sheet.tables[sheet.title.replace(" ", "_")].ref for sheet in book.worksheets] == [
        "A1:C11",
        "A1:C11",
        "A1:C6",
    ]


def test_rows_that_fill_a_sheet_need_no_other(tmp_path: Path) -> None:
    assert written(tmp_path / "a.xlsx", *[ANN] * 10, limits=Limits(rows=10)).sheetnames == ["Report"]


def notes(book: Workbook) -> Mapping[str, Mapping[str, float | str]]:
    sheet = book.create_sheet("Notes")
    put(sheet["A1"], "=2+2\x07")
    sheet["B1"] = "=SUM(Report!B2:B3)"
    sheet["B2"] = '=IF(B1=12,"yes","no")'
    return {"Notes": {"B1": 12, "B2": "yes & <no>"}}


def test_small_sheets_follow_with_formulas_and_what_they_come_to(tmp_path: Path) -> None:
    book = written(tmp_path / "a.xlsx", ANN, BEN, finish=notes)
    assert book.sheetnames == ["Report", "Notes"]
    assert [book["Notes"][cell].value for cell in ("A1", "B1")] == ["=2+2_x0007_", "=SUM(Report!B2:B3)"]
    assert book["Notes"]["A1"].data_type == "s"
    known = openpyxl.load_workbook(tmp_path / "a.xlsx", data_only=True)["Notes"]
    assert [known[cell].value for cell in ("B1", "B2")] == [12, "yes & <no>"]


def test_the_same_content_makes_the_same_file(tmp_path: Path) -> None:
    files = [tmp_path / "a.xlsx", tmp_path / "b.xlsx"]
    for file in files:
        write(file, table(ANN, BEN, ("y" * 40_000, 1, None)), around(finish=notes))
    assert files[0].read_bytes() == files[1].read_bytes()


def test_the_file_says_when_it_was_made_and_by_what(tmp_path: Path) -> None:
    told = written(tmp_path / "a.xlsx", ANN).properties
    assert (told.creator, told.lastModifiedBy) == ("usagebot", None)
    assert told.created == told.modified == MADE.replace(tzinfo=None)


def test_it_tells_how_far_it_is(tmp_path: Path) -> None:
    heard: list[tuple[int, int]] = []
    write(tmp_path / "a.xlsx", table(*[ANN] * 2_500), around(progress=lambda *far: heard.append(far)))
    assert heard == [(1000, 2500), (2000, 2500), (2500, 2500)]


def test_it_tells_what_it_wrote(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    found = write(path, table(ANN, ("z" * 40_000, 1, None)), around())
    assert found == Written(2, path.stat().st_size, 1)


def test_only_the_owner_may_read_it(tmp_path: Path) -> None:
    write(tmp_path / "a.xlsx", table(ANN), around())
    assert (tmp_path / "a.xlsx").stat().st_mode & 0o077 == 0


def failing() -> Iterator[Row]:
    yield from [ANN] * 1_500
    raise ConnectionError("the database went away")


def test_after_an_error_nothing_is_left_and_an_older_file_stays(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(b"older")
    with pytest.raises(ConnectionError):
        write(path, Table("Report", COLUMNS, failing(), 5_000), around())
    assert [(each.name, each.read_bytes()) for each in tmp_path.iterdir()] == [("a.xlsx", b"older")]


def test_whoever_hears_how_far_it_is_can_stop_it(tmp_path: Path) -> None:
    def stop(done: int, whole: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write(tmp_path / "a.xlsx", table(*[ANN] * 2_000), around(progress=stop))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("count", [1, 3])
def test_a_promise_about_rows_is_kept_or_nothing_is_written(tmp_path: Path, count: int) -> None:
    with pytest.raises(WrongCount, match=rf"{count} rows were promised and 2 came"):
        write(tmp_path / "a.xlsx", table(ANN, BEN, count=count), around())
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("row", [("x", float("nan"), None), ("x", float("inf"), None), ("x", 1)])
def test_rows_that_no_sheet_can_hold_are_faults(tmp_path: Path, row: Row) -> None:
    with pytest.raises(ValueError, match=r"number that is none|zip"):
        write(tmp_path / "a.xlsx", table(row), around())


def test_every_part_is_stored_under_the_same_date(tmp_path: Path) -> None:
    write(tmp_path / "a.xlsx", table(ANN), around())
    with zipfile.ZipFile(tmp_path / "a.xlsx") as archive:
        assert {info.date_time for info in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert archive.testzip() is None
