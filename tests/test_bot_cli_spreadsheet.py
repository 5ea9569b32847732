"""`usagebot report --format xlsx`: the file, its name, and what is not overwritten."""

from pathlib import Path

import openpyxl
import pytest

from bot.commands.spreadsheet import name
from tests import hand_made
from tests.command_line import Shell


@pytest.fixture
def shell(tmp_path: Path) -> Shell:
    return Shell(f"sqlite:///{tmp_path / 'usagebot.db'}", tmp_path).stocked()


def test_the_answer_is_written_as_a_spreadsheet(shell: Shell) -> None:
    file = shell.files / "report.xlsx"
    ran = shell("report", "team=Design last=30d", "--format", "xlsx", "--out", str(file))
    assert (ran.status, ran.err) == (0, "")
    assert ran.out == f"Wrote {file} (3 rows, {file.stat().st_size // 1024} KB).\n"
    book = openpyxl.load_workbook(file, data_only=True)
    assert [cell.value for cell in book["Report"]["A"]] == ["Person", "Ben Kay", "Gus Oh", "Ann Lee"]
    assert [cell.value for cell in book["Daily use"]["B"]][-2:] == [0, 1]
    told = {line[0]: line[1] for line in book["About"].iter_rows(min_row=3, max_row=14, values_only=True)}
    assert (told["Asked by"], told["Made at"]) == ("an operator, on the command line", "25 Nov 2026, 12:00 UTC")


def test_without_a_name_the_file_gets_one_that_says_what_is_in_it(
    shell: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(shell.files)
    ran = shell("report", "team=Design", "--format", "xlsx")
    assert ran.out.startswith("Wrote usage-design-2026-10-26-to-2026-11-24.xlsx (3 rows, ")
    assert (shell.files / "usage-design-2026-10-26-to-2026-11-24.xlsx").exists()


def test_a_file_that_is_there_stays_unless_it_may_go(shell: Shell) -> None:
    file = shell.files / "report.xlsx"
    file.write_text("mine", encoding="utf-8")
    ran = shell("report", "team=Design", "--format", "xlsx", "--out", str(file))
    assert (ran.status, ran.out, file.read_text(encoding="utf-8")) == (2, "", "mine")
    assert ran.err == f"Error: {file} is there already. Name another file with --out, or replace it with --force.\n"
    assert shell("report", "team=Design", "--format", "xlsx", "--out", str(file), "--force").status == 0
    assert openpyxl.load_workbook(file).sheetnames[0] == "Report"


def test_a_folder_that_is_not_there_is_named(shell: Shell) -> None:
    file = shell.files / "no" / "report.xlsx"
    ran = shell("report", "--format", "xlsx", "--out", str(file))
    assert (ran.status, ran.err) == (2, f"Error: {file}: No such file or directory.\n")


def test_a_question_that_cannot_be_answered_writes_nothing(shell: Shell) -> None:
    file = shell.files / "report.xlsx"
    ran = shell("report", "team=Desing", "--format", "xlsx", "--out", str(file))
    assert (ran.status, file.exists()) == (2, False)
    assert "Did you mean Design?" in ran.err


def test_on_a_terminal_a_bar_shows_how_far_it_is(shell: Shell) -> None:
    ran = shell("report", "--format", "xlsx", "--out", str(shell.files / "report.xlsx"), terminal=True)
    assert ran.status == 0
    assert "Writing" in ran.err


def test_as_of_holds_for_the_days_too(shell: Shell) -> None:
    file = shell.files / "report.xlsx"
    shell("report", "--format", "xlsx", "--out", str(file), "--as-of", "2026-11-23")
    days = [cell.value for cell in openpyxl.load_workbook(file)["Daily use"]["A"]]
    assert str(days[-1]) == "2026-11-23 00:00:00"


@pytest.mark.parametrize(
    ("team", "whose"),
    [
        ("Structural West", "structural-west"),
        ("Zürich Büro", "zurich-buro"),
        ("../../etc/passwd\x00", "etc-passwd"),
        ("設計部", "設計部"),
        ("***", "team"),
        ("x" * 300, "x" * 40),
    ],
)
def test_a_name_is_made_of_letters_whatever_the_team_is_called(team: str, whose: str) -> None:
    assert name(hand_made.report(team=team)) == f"usage-{whose}-2026-10-26-to-2026-11-24.xlsx"
