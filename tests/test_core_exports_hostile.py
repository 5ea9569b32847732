"""Files made to hurt: each is refused in clear words or read harmlessly; the next is read, and nobody falls over."""

import io
import os
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest

from reporting_core.exports import Limits
from tests.exporting import USAGE_HEADER, Outcome, csv_text, outcome, outcomes, usage_file, usage_row, write_xlsx

MEBIBYTE = 1024 * 1024
SHEET = "xl/worksheets/sheet1.xml"


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """The parts of an ordinary workbook."""
    path = write_xlsx(
        tmp_path_factory.mktemp("book") / "a.xlsx", {"Usage": [USAGE_HEADER, usage_row(), usage_row(person="ben")]}
    )
    with zipfile.ZipFile(path) as archive:
        return {part: archive.read(part) for part in archive.namelist()}


def packed(path: Path, parts: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return path


def with_sheet(book: dict[str, bytes], old: bytes, new: bytes) -> dict[str, bytes]:
    assert old in book[SHEET]
    return book | {SHEET: book[SHEET].replace(old, new, 1)}


def row_xml(number: int, cells: str = "") -> bytes:
    return f'<row r="{number}">{cells}</row>'.encode()


BILLION_LAUGHS = b'<!DOCTYPE x [<!ENTITY a "lol"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
Change = Callable[[dict[str, bytes]], dict[str, bytes]]

REFUSED: dict[str, tuple[Change, str]] = {
    "entity bomb in the sheet": (lambda book: book | {SHEET: BILLION_LAUGHS + book[SHEET]}, "declares entities"),
    "entity bomb elsewhere": (
        lambda book: book | {"xl/styles.xml": BILLION_LAUGHS + book["xl/styles.xml"]},
        "declares entities",
    ),
    "declaration hidden in UTF-16": (
        lambda book: book | {SHEET: (BILLION_LAUGHS + book[SHEET]).decode().encode("utf-16")},
        "unusual encoding",
    ),
    "declaration hidden in another code page": (
        lambda book: book | {SHEET: b"<?xml version='1.0' encoding='cp037'?>" + book[SHEET]},
        "unusual encoding",
    ),
    "zip bomb in the sheet": (
        lambda book: with_sheet(book, b"<sheetData>", b"<sheetData>" + b" " * 40 * MEBIBYTE),
        "fill memory",
    ),
    "zip bomb beside the sheet": (lambda book: book | {"xl/media/a.png": bytes(40 * MEBIBYTE)}, "fill memory"),
    "thousands of parts": (lambda book: book | {f"xl/{number}.xml": b"<x/>" for number in range(3000)}, "parts"),
    "rows without end": (
        lambda book: with_sheet(book, b'<row r="2"', b'<row r="4000000000"/><row r="4000000001"'),
        "rows",
    ),
    "no sheet at all": (lambda book: {name: part for name, part in book.items() if name != SHEET}, "no sheet"),
    "cut XML": (lambda book: book | {SHEET: book[SHEET][:-200]}, "is broken"),
    "no XML": (lambda book: book | {SHEET: b"hello"}, "is broken"),
    "cells at impossible places": (lambda book: with_sheet(book, b'r="A2"', b'r="ZZZZZZZZZ2"'), "is broken"),
    "shared text that is not there": (lambda book: with_sheet(book, b"<c ", b'<c t="s"><v>99</v></c><c '), "is broken"),
    "a binary workbook": (lambda book: book | {"xl/workbook.bin": b""}, "XLSB"),
    "an OpenDocument spreadsheet": (lambda _: {"mimetype": b"", "content.xml": b"<x/>"}, "OpenDocument"),
    "an archive of exports": (lambda _: {"usage.csv": csv_text([USAGE_HEADER]).encode()}, "an archive, not a workbook"),
    "a workbook in an archive": (lambda book: {"a.xlsx": book[SHEET]}, "an archive, not a workbook"),
}

HARMLESS: dict[str, Change] = {
    "macros": lambda book: book | {"xl/vbaProject.bin": b"\0" * 4096, "xl/macrosheets/sheet1.xml": b"<x/>"},
    "a cell in the last row": lambda book: with_sheet(
        book,
        b"</sheetData>",
        row_xml(1_048_576, '<c r="A1048576" t="inlineStr"><is><t> </t></is></c>') + b"</sheetData>",
    ),
    "thousands of empty columns": lambda book: with_sheet(
        book, b"</sheetData>", row_xml(9, '<c r="A9"/>' * 16_000 + '<c r="XFD9"/>') + b"</sheetData>"
    ),
    "a size that is a lie": lambda book: with_sheet(book, b'<dimension ref="A1:H3"', b'<dimension ref="A1:A1"'),
    "a size that is a lie upwards": lambda book: with_sheet(
        book, b'<dimension ref="A1:H3"', b'<dimension ref="A1:XFD1048576"'
    ),
}


@pytest.fixture(scope="module")
def read(tmp_path_factory: pytest.TempPathFactory, book: dict[str, bytes]) -> dict[str, Outcome]:
    """All of them in one command, so that each is read after the one before did its worst."""
    folder = tmp_path_factory.mktemp("hostile")
    changes = {name: change for name, (change, _) in REFUSED.items()} | HARMLESS
    paths = [packed(folder / f"{number}.xlsx", change(book)) for number, change in enumerate(changes.values())]
    return dict(zip(changes, outcomes(paths), strict=True))


@pytest.mark.parametrize("name", REFUSED)
def test_a_hostile_workbook_is_refused_in_clear_words(name: str, read: dict[str, Outcome]) -> None:
    assert REFUSED[name][1] in read[name].reason
    assert read[name].reason.endswith(".")


@pytest.mark.parametrize("name", HARMLESS)
def test_a_strange_workbook_is_read(name: str, read: dict[str, Outcome]) -> None:
    assert (read[name].accepted, read[name].refused) == (2, {})


def test_a_cell_in_the_last_row_is_a_row_by_its_number(tmp_path: Path, book: dict[str, bytes]) -> None:
    cell = '<c r="A1048576" t="inlineStr"><is><t>x</t></is></c>'
    path = packed(tmp_path / "a.xlsx", with_sheet(book, b"</sheetData>", row_xml(1_048_576, cell) + b"</sheetData>"))
    assert outcome(path).refused == {1_048_576: "Day used “x” is no date (2026-11-24 is one)"}


def test_a_workbook_larger_than_allowed_says_how_large(tmp_path: Path, book: dict[str, bytes]) -> None:
    found = outcome(packed(tmp_path / "a.xlsx", book), limits=replace(Limits(), unpacked_bytes=1000))
    assert "unpacks to 0 MB" in found.reason


def test_a_protected_workbook_asks_for_one_without_password(tmp_path: Path, book: dict[str, bytes]) -> None:
    encrypted = tmp_path / "1"
    encrypted.write_bytes(
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504) + "EncryptedPackage".encode("utf-16-le") + bytes(4000)
    )
    old = tmp_path / "2"
    old.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504) + "Workbook".encode("utf-16-le") + bytes(4000))
    flagged = packed(tmp_path / "3", book)
    content = bytearray(flagged.read_bytes())
    # The first bit of the flags in each entry of the central directory says that the entry is encrypted.
    at = content.find(b"PK\x01\x02")
    content[at + 8] |= 1
    flagged.write_bytes(content)
    reasons = [each.reason for each in outcomes([encrypted, old, flagged])]
    assert [("password" in reason, "old XLS format" in reason) for reason in reasons] == [
        (True, False), (False, True), (True, False),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("content", "part"),
    [
        (b"PK\x03\x04" + bytes(100), "is broken"),
        (b"PK\x05\x06" + bytes(18), "an archive, not a workbook"),
        (b"\x1f\x8b\x08" + bytes(100), "gzip archive"),
        (b"%PDF-1.7 ", "a PDF"),
        (b"\xef\xbb\xbf\r\n<!DOCTYPE html><html>", "web page"),
        (b'{"rows": []}', "no kind of file"),
        (bytes(5000), "NUL bytes only"),
        (b"\n\n\n", "is empty"),
        (b"", "is empty"),
        (b"\xff\xfe", "is empty"),
        (os.urandom(64) * 100, "no kind of file"),
    ],
    ids=range(11),
)
def test_what_is_no_export_at_all_is_named(tmp_path: Path, content: bytes, part: str) -> None:
    path = tmp_path / "usage.csv"
    path.write_bytes(content)
    assert part in outcome(path).reason


def test_a_huge_sparse_file_is_refused_unread(tmp_path: Path) -> None:
    huge, hollow = usage_file(tmp_path / "1", [usage_row()]), usage_file(tmp_path / "2", [usage_row()])
    os.truncate(huge, 10_000 * MEBIBYTE)
    os.truncate(hollow, 1_000 * MEBIBYTE)
    reasons = [each.reason for each in outcomes([huge, hollow])]
    assert "The file has 10,000 MB; more than 4,096 MB are not read" in reasons[0]
    assert "NUL bytes only" in reasons[1]


def test_a_line_without_end_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(csv_text([USAGE_HEADER]).encode() + b"x" * 9 * MEBIBYTE)
    assert "longer than 8 MB" in outcome(path).reason


def test_a_quote_at_the_start_of_a_large_file_costs_one_row(tmp_path: Path) -> None:
    rows = [usage_row(person=f"p{number % 50}") for number in range(20_000)]
    text = csv_text([USAGE_HEADER, *rows]).replace("P0,", '"P0,', 1)
    path = tmp_path / "a.csv"
    path.write_text(text)
    found = outcome(path)
    assert list(found.refused) == [2]
    assert found.accepted == 19_999


def test_quotes_in_every_row_cost_no_more_than_their_rows(tmp_path: Path) -> None:
    path = usage_file(tmp_path / "a.csv", [])
    path.write_text(path.read_text() + (",".join(usage_row()).replace("Ann", '"Ann') + "\n") * 5_001)
    found = outcome(path)
    assert (found.accepted, found.done.read) == (0, 5_001)


def test_too_many_refusals_void_the_file(tmp_path: Path) -> None:
    path = usage_file(tmp_path / "a.csv", [usage_row(), *[usage_row(team="")] * 20])
    reason = outcome(path, limits=replace(Limits(), refusals=10)).reason
    assert (
        reason == "More than 10 rows cannot be taken, so nothing of this file is. The first is line 3: Team is blank."
    )


def test_a_column_of_anything_in_place_of_teams_is_noticed(tmp_path: Path) -> None:
    path = usage_file(tmp_path / "a.csv", [usage_row(team=f"Team {number}") for number in range(20_001)])
    assert "Is it the right column?" in outcome(path).reason


def test_folders_and_missing_files_and_pipes_are_named(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    found = outcomes(
        [tmp_path, tmp_path / "missing.csv", tmp_path / "pipe", usage_file(tmp_path / "a.csv", [usage_row()])]
    )
    assert [each.reason for each in found[:3]] == [
        "This is a folder. Name the files in it.",
        "The file cannot be read: No such file or directory.",
        "This is not a regular file.",
    ]
    assert found[3].accepted == 1


def test_formulas_are_not_run_and_texts_that_look_like_them_are_kept(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.append(list(USAGE_HEADER))
    sheet.append([*usage_row()[:4], "=1+1", *usage_row()[5:]])
    sheet["E2"].data_type = "s"
    sheet.append([*usage_row()[:4], '=HYPERLINK("http://127.0.0.1")', *usage_row()[5:]])
    out = io.BytesIO()
    book.save(out)
    path = tmp_path / "a.xlsx"
    path.write_bytes(out.getvalue())
    found = outcome(path)
    assert [key.team for key in found.batches[0].keys] == ["=1+1"]
    assert found.refused == {3: "Team is blank"}
