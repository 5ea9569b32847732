"""`usagebot report`: the same answer in three forms, and errors that show what to type."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from bot.printing.terminal import cut, padded, safe, width
from tests.command_line import REPORT, Shell, environment_of


@pytest.fixture
def shell(database_url: str, tmp_path: Path) -> Shell:
    return Shell(database_url, tmp_path).stocked()


@pytest.fixture
def local(tmp_path: Path) -> Shell:
    return Shell(f"sqlite:///{tmp_path / 'usagebot.db'}", tmp_path).stocked()


def test_the_text_shows_tiles_rows_caveats_and_what_to_type_again(shell: Shell) -> None:
    assert shell("report", "team=design", "last=30d").out == TEXT


TEXT = """\
Design · 26 Oct – 24 Nov 2026 (UTC)
team=Design last=30d
Data through 24 Nov 2026 · 3 rows

Subscriptions  Seats bought  Assigned  Available  Active  Inactive  Not yet active  Unknown
                          –         2          –       1         1               0        0
2 assigned = 1 active + 1 inactive + 0 not yet active + 0 unknown.
Flex           Tokens used  Tokens remaining  Flex users  Monthly average
                         7                 –           1              7.0
Tokens remaining are empty: load a token balances file to see them.

Person   Product  Access        Status    Days used  Monthly average  Last accessed  Tokens used  Assigned by
───────  ───────  ────────────  ────────  ─────────  ───────────────  ─────────────  ───────────  ───────────
Ben Kay  Revit    Subscription  Inactive          0              0.0  –                        0  Unknown
Gus Oh   AutoCAD  Flex          Active            1              1.0  2026-11-23               7  Unknown
Ann Lee  Revit    Subscription  Active            1              1.0  2026-11-24               0  Unknown

* Only use while online is reported: somebody listed as inactive may have worked offline.
* No Subscriptions export was loaded, so seats bought and available are not known.
"""


def test_no_question_is_the_usual_one(local: Shell) -> None:
    assert local("report").out.splitlines()[1] == "last=30d"


def test_on_a_terminal_the_status_is_in_colour_unless_that_is_not_wanted(local: Shell) -> None:
    assert "\x1b[31mInactive\x1b[0m" in local("report", terminal=True).out
    local.environment["NO_COLOR"] = "1"
    assert "\x1b" not in local("report", terminal=True).out


def test_as_json_all_rows_are_there_whatever_the_page(local: Shell) -> None:
    found = local("report", "team=Design page=2", "--format", "json").json
    assert [(row["person"], row["status"]) for row in found["rows"]] == [
        ("Ben Kay", "inactive"),
        ("Gus Oh", "active"),
        ("Ann Lee", "active"),
    ]
    assert found["query"]["canonical"] == "team=Design last=30d page=2"


def test_the_blocks_are_those_that_slack_gets(local: Shell) -> None:
    found = local("report", "team=Design", "--format", "blocks").json
    assert [block["type"] for block in found["blocks"]][:2] == ["header", "context"]
    assert found["blocks"][0]["text"]["text"] == "Design · 26 Oct – 24 Nov 2026 (UTC)"
    button = found["blocks"][-1]["elements"][0]
    assert json.loads(button["value"]) == {"q": "team=Design last=30d"}


def test_a_question_too_long_for_a_button_is_kept_under_a_token(local: Shell) -> None:
    names = ",".join(f"somebody{number}" for number in range(60))
    found = local("report", f"user!={names}", "--format", "blocks").json
    assert list(json.loads(found["blocks"][-1]["elements"][0]["value"])) == ["k"]


def test_as_of_leaves_later_use_out(local: Shell) -> None:
    found = local("report", "team=Design", "--as-of", "2026-11-23", "--format", "json").json
    assert (found["as_of"], found["query"]["to"]) == ("2026-11-23", "2026-11-23")
    assert [row["status"] for row in found["rows"]] == ["inactive", "inactive", "active"]


def test_the_answer_can_go_into_a_file(local: Shell) -> None:
    file = local.files / "report.txt"
    ran = local("report", "team=Design", "--out", str(file), terminal=True)
    assert ran.out == ""
    assert file.read_text(encoding="utf-8") == local("report", "team=Design").out


def test_a_file_that_cannot_be_written_is_named(local: Shell) -> None:
    ran = local("report", "--out", str(local.files / "no" / "report.txt"), "--format", "json")
    assert ran.status == 2
    assert ran.json["error"]["kind"] == "file"
    assert "no/report.txt: No such file or directory." in ran.err


def test_a_mistyped_question_gets_a_caret_and_a_question_that_would_be_answered(local: Shell) -> None:
    ran = local("report", "team=Desing last=30d")
    assert ran.status == 2
    assert ran.out == ""
    assert ran.err == (
        "Error: I know no team “Desing”. Did you mean Design?\n  team=Desing last=30d\n       ^^^^^^\n"
        "Try: team=Design last=30d\n"
    )


def test_errors_are_json_too(local: Shell) -> None:
    error = local("report", "team=Desing", "--format", "json").json["error"]
    assert error == {
        "kind": "bad_query",
        "message": "I know no team “Desing”. Did you mean Design?",
        "suggestions": ["Design"],
        "corrected": "team=Design last=30d",
    }


@pytest.mark.parametrize(
    "arguments",
    [
        ("report", "--format", "json", "--as-of", "yesterday"),
        ("report", "--format=json", "--nonsense"),
        ("import", "--format", "json"),
        ("nonsense", "--format", "json"),
    ],
)
def test_a_mistyped_command_line_is_an_error_like_any_other(local: Shell, arguments: tuple[str, ...]) -> None:
    ran = local(*arguments)
    assert ran.status == 2
    assert ran.json["error"]["kind"] == "usage"
    assert ran.err.startswith("Error: ")


def test_a_wrong_setting_is_named(local: Shell) -> None:
    local.environment["USAGEBOT_DATABASE_URL"] = "nonsense"
    ran = local("report", "--format", "json")
    assert (ran.status, ran.json["error"]["kind"]) == (2, "setting_wrong")


def test_a_name_can_neither_steer_the_terminal_nor_shift_a_column(local: Shell) -> None:
    local(
        "import", local.file("names.csv", REPORT.replace("Ben,Kay", "設計,\u202eK\u009b2J").replace("2026-11-24", ""))
    )
    lines = local("report", "team=Design").out.splitlines()
    (row,) = [line for line in lines if line.startswith("設計")]
    assert row.startswith("設計 K 2J  Revit    Subscription")
    assert local("report", "team=Design", "--format", "json").json["rows"][0]["person"] == "設計 \u202eK\u009b2J"


def test_wide_letters_take_two_columns() -> None:
    assert width("設計部") == 6
    assert padded("設計", 6) == "設計  "
    assert cut("設計部門", 6) == "設計…"
    assert cut("Ann", 3) == "Ann"


def test_signs_that_steer_are_spelt_out() -> None:
    assert safe("a\x1b[2J\u202eb\r\nc\ud800") == "a\\x1b[2J\\u202eb\\x0d\nc\\ud800".replace("\\x0d", "\\r")


def test_names_give_way_on_a_narrow_terminal(local: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    long = REPORT.replace("Ben,Kay", "Benedictus Maximilianus,von und zu Kay")
    local("import", local.file("names.csv", long))
    monkeypatch.setenv("COLUMNS", "125")
    (row,) = [line for line in local("report", terminal=True).out.splitlines() if line.startswith("Bened")]
    assert row.startswith("Benedictus Maximil")
    assert "…" in row


def test_a_reader_that_has_gone_is_no_error(local: Shell) -> None:
    command = [sys.executable, "-m", "bot.cli", "report"]
    reading, writing = os.pipe()
    os.close(reading)
    ran = subprocess.run(
        command, env=environment_of(local), stdout=writing, stderr=subprocess.PIPE, text=True, check=False
    )
    os.close(writing)
    assert (ran.returncode, ran.stderr) == (1, "")


def test_neither_slack_nor_the_web_is_loaded_for_a_report(local: Shell) -> None:
    script = (
        "import sys; from bot.cli import main; sys.argv = ['usagebot', 'report']; main()\n"
        "heavy = {'slack_bolt', 'slack_sdk', 'aiohttp', 'openpyxl', 'alembic', 'psycopg'} & set(sys.modules)\n"
        "sys.exit(f'loaded: {heavy}' if heavy else 0)"
    )
    ran = subprocess.run(
        [sys.executable, "-c", script], env=environment_of(local), capture_output=True, text=True, check=False
    )
    assert (ran.returncode, ran.stderr) == (0, "")
