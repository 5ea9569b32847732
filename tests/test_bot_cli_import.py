"""`usagebot import`: the result, every row of it, and what ends with which status."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from bot.commands import importing
from reporting_core.exports import Progress
from tests.command_line import REPORT, USAGE, Shell, environment_of


@pytest.fixture
def shell(database_url: str, tmp_path: Path) -> Shell:
    return Shell(database_url, tmp_path)


@pytest.fixture
def local(tmp_path: Path) -> Shell:
    return Shell(f"sqlite:///{tmp_path / 'usagebot.db'}", tmp_path)


def test_an_import_accounts_for_every_row_and_says_what_is_covered(shell: Shell) -> None:
    result = shell("import", shell.file("a.csv", USAGE), shell.file("b.csv", REPORT), "--format", "json").json
    assert [(file["name"], file["kind"], file["read"], file["stored"]) for file in result["files"]] == [
        ("a.csv", "usage", 3, 3),
        ("b.csv", "usage_report", 3, 3),
    ]
    assert result["totals"] == {"read": 6, "stored": 6, "unchanged": 0, "refused": 0}
    assert result["coverage"] == {"Design": [["2026-10-01", "2026-11-24"]]}


def test_the_same_file_again_is_unchanged_and_no_error(shell: Shell) -> None:
    file = shell.file("usage.csv", USAGE)
    shell("import", file)
    again = shell("import", file, "--format", "json")
    assert (again.status, again.json["totals"]["unchanged"], again.json["totals"]["stored"]) == (0, 3, 0)


def test_a_refused_row_is_told_with_its_line_and_the_rest_is_stored(local: Shell) -> None:
    file = local.file("usage.csv", USAGE.replace("2026-11-23", "2026-13-23"))
    result = local("import", file, "--format", "json")
    assert result.status == 0
    (refused,) = result.json["files"][0]["refused"]
    assert refused["line"] == 3
    assert "2026-13-23" in refused["reason"]
    assert "line 3: " in local("import", file).out


def test_a_file_of_no_kind_is_named_and_does_not_hold_up_the_others(local: Shell) -> None:
    files = local.file("usage.csv", USAGE), local.file("notes.csv", "a,b\n1,2\n")
    result = local("import", *files)
    assert result.status == 0
    assert "notes.csv was not read: This is no kind of file that can be imported" in result.out
    assert "error" in local("import", *files, "--format", "json").json["files"][1]


def test_nothing_that_can_be_read_ends_with_2_and_says_so_on_both_streams(local: Shell) -> None:
    result = local("import", local.file("notes.csv", "a,b\n1,2\n"), "--format=json")
    assert result.status == 2
    assert result.json["error"]["kind"] == "import_refused"
    assert "notes.csv: This is no kind of file" in result.err


def test_an_unreadable_file_beside_one_whose_rows_are_all_refused_ends_with_2(local: Shell) -> None:
    bad = local.file("usage.csv", "\n".join(line.replace("2026-", "1926-") for line in USAGE.splitlines()) + "\n")
    assert local("import", bad, local.file("notes.csv", "a,b\n1,2\n")).status == 2


def test_taking_away_much_needs_replace(local: Shell) -> None:
    local.stocked()
    less = local.file("less.csv", "\n".join([*USAGE.splitlines()[:2], USAGE.splitlines()[3]]) + "\n")
    options = ("--from", "2026-10-01", "--to", "2026-11-24", "--exported-on", "2026-11-25")
    refused = local("import", less, *options)
    assert refused.status == 2
    assert "--replace" in refused.err
    assert local("import", less, *options, "--replace").status == 0
    assert local("report", "team=Design access=flex", "--format", "json").json["tiles"]["flex"]["users"] == 0


def test_days_before_months_or_after_are_asked_for_and_told(local: Shell) -> None:
    file = local.file("usage.csv", USAGE.replace("2026-10-01", "01/10/2026").replace("2026-11-2", "02/11/202"))
    assert "--dates" in local("import", file).err
    result = local("import", file, "--dates", "dmy", "--format", "json")
    assert result.json["files"][0]["read"] == 3


def test_a_range_the_wrong_way_round_is_refused(local: Shell) -> None:
    result = local("import", local.file("u.csv", USAGE), "--from", "2026-11-02", "--to", "2026-11-01")
    assert result.status == 2
    assert "--from 2026-11-02 is after --to 2026-11-01" in result.err


def test_accounts_do_not_mix(local: Shell) -> None:
    local("import", local.file("usage.csv", USAGE), "--account", "other")
    assert "No exports have been loaded yet" in local("report").err
    assert local("report", "--account", "other").status == 0


def test_elsewhere_than_on_a_terminal_each_file_is_a_line(local: Shell) -> None:
    assert local("import", local.file("usage.csv", USAGE)).err.splitlines() == ["Reading usage.csv …", "Storing …"]


def test_nothing_is_said_to_be_stored_when_nothing_could_be_read(local: Shell) -> None:
    assert "Storing" not in local("import", local.file("notes.csv", "a note\n")).err


def test_on_a_terminal_there_is_a_bar(local: Shell) -> None:
    around = local.around(terminal=True)
    with importing.progress(around, [Path(local.file("usage.csv", USAGE))]) as hear:
        hear(Progress("usage\x1b.csv", 10, len(USAGE), 1))
        hear(Progress("", 0, 0, 3))
    shown = around.err.getvalue()  # type: ignore[attr-defined]
    assert "Storing" in shown
    assert "3 rows" in shown
    assert "usage\x1b.csv" not in shown


def test_names_in_a_result_cannot_steer_the_terminal(local: Shell) -> None:
    rows = USAGE.replace(",Design,", ",De\u202esign\u009b31m,")
    result = local("import", local.file("usage.csv", rows))
    assert "De\\u202esign\\x9b31m" in result.out
    printed = local("import", local.file("usage.csv", rows), "--format", "json").out
    assert "\u202e" not in printed
    assert "\u009b" not in printed
    assert list(json.loads(printed)["coverage"]) == ["De\u202esign\u009b31m"]


def test_ctrl_c_stores_nothing_and_says_so(local: Shell) -> None:
    rows = USAGE.splitlines()
    big = local.file("usage.csv", "\n".join([rows[0], *(rows[1:] * 100_000)]) + "\n")
    command = [sys.executable, "-m", "bot.cli", "import", big]
    with subprocess.Popen(command, env=environment_of(local), stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        # The line comes with the first news of reading. Any later, a fast machine may be storing already, or be done.
        assert process.stderr.readline() == "Reading usage.csv …\n"
        os.kill(process.pid, signal.SIGINT)
        assert process.wait(30) == 130
        assert process.stderr.read() == "Stopped. Nothing was stored.\n"
    assert "No exports have been loaded yet" in local("report").err
