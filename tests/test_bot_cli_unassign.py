"""`usagebot unassign`, `undo`, `exempt`, `exemptions` and `audit`: the checks of Slack, for an operator."""

import asyncio
import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import jsonschema
import openpyxl
import pytest

from bot.opening import provided
from reporting_core.words.people import Asker
from tests.command_line import Ran, Shell

ROOT = Path(__file__).parent.parent
SCHEMA = json.loads((ROOT / "docs" / "unassign.schema.json").read_text(encoding="utf-8"))
BEN = "team=Design user=ben product=Revit"

PLACES = """team,email,first_name,last_name,offering_name,access_option,seat_assignment,assigned_date,last_accessed,\
days_inactive,assigned_by
Design,cleo@example.com,Cleo,Fox,Maya,Subscription,Assigned,2026-01-10,,,Group: Artists
Design,ann@example.com,Ann,Lee,Revit,Subscription,Assigned,2026-01-10,2026-11-24,0,Individual
Design,ben@example.com,Ben,Kay,Revit,Subscription,Assigned,2026-01-10,,,Individual
Design,gus@example.com,Gus,Oh,AutoCAD,Flex,Assigned,2026-01-10,2026-11-23,1,
"""


@pytest.fixture
def shell(tmp_path: Path) -> Shell:
    made = Shell(f"sqlite:///{tmp_path / 'usagebot.db'}", tmp_path, {"USAGEBOT_PROVIDER": "ledger"}).stocked()
    assert made("import", made.file("places.csv", PLACES)).status == 0
    return made


def outcomes(ran: Ran) -> list[tuple[Any, ...]]:
    """The JSON, held to its schema: (outcome, person, reason) of each seat."""
    found = ran.json
    jsonschema.validate(found, SCHEMA, cls=jsonschema.Draft202012Validator, format_checker=jsonschema.FormatChecker())
    assert sum(found["totals"].values()) == len(found["seats"])
    return [(each["outcome"], each["person"], each["reason"]) for each in found["seats"]]


def assigned(shell: Shell, who: str = "ben") -> bool:
    """Ask the database: a report is about the day up to which there is data, which comes before what is done today."""
    with closing(sqlite3.connect(shell.files / "usagebot.db")) as connection:
        statement = "SELECT assigned FROM assignments JOIN people ON people.id = person_id WHERE email LIKE ?"
        return bool(connection.execute(statement, (f"{who}@%",)).fetchone()[0])


def test_a_seat_is_taken_and_given_back(shell: Shell) -> None:
    ran = shell("unassign", BEN, "--yes", "--format", "json")
    assert (ran.status, outcomes(ran)) == (0, [("applied", "Ben Kay", None)])
    assert not assigned(shell)
    number = ran.json["seats"][0]["action"]
    back = shell("undo", number, "--format", "json")
    assert (back.status, outcomes(back)) == (0, [("applied", "Ben Kay", None)])
    assert assigned(shell)


def test_an_undo_that_was_begun_in_slack_is_left_to_the_bot(shell: Shell) -> None:
    number = shell("unassign", BEN, "--yes", "--format", "json").json["seats"][0]["action"]
    here = shell.around()
    with here.core(None) as core:
        core.seats.provided_by(provided(here.settings(), core))
        owner = Asker(core.account_id, "U2", "Ann", "ann@example.com", owner=True)
        begun = asyncio.run(core.seats.undo(owner, number))
        ran = shell("undo", number, "--format", "json")
        assert (ran.status, outcomes(ran)) == (3, [("waiting", "Ben Kay", None)])
        assert asyncio.run(core.seats.undo(owner, number)) == begun
    assert not assigned(shell)


def test_a_dry_run_begins_nothing(shell: Shell) -> None:
    ran = shell("unassign", "team=Design", "--dry-run", "--format", "json")
    assert ran.status == 0
    assert set(outcomes(ran)) == {
        ("would_apply", "Ann Lee", None),
        ("would_apply", "Ben Kay", None),
        ("refused", "Cleo Fox", "group"),
        ("refused", "Gus Oh", "flex"),
    }
    assert ran.json["dry_run"]
    assert shell("audit", "list").out.startswith("0 rows")


def test_in_words(shell: Shell) -> None:
    ran = shell("unassign", BEN, "--yes")
    assert "done: Ben Kay · Revit · Design" in ran.out
    assert "1 seat: 1 applied." in ran.out
    number = ran.out.split("usagebot undo ")[1].split()[0]
    assert "done: Ben Kay" in shell("undo", number).out
    refused = shell("unassign", "user=cleo", "--yes")
    assert refused.status == 3
    assert "refused: Cleo Fox · Maya · Design. The seat comes through a group." in refused.out
    assert "The group is Artists" in refused.out


def test_nobody_asked_nobody_said_yes(shell: Shell) -> None:
    ran = shell("unassign", BEN)
    assert (ran.status, "--yes" in ran.err) == (2, True)
    assert shell("unassign", BEN, "--format", "json").json["error"]["kind"] == "not_confirmed"
    assert assigned(shell)


@pytest.mark.parametrize(("types", "status"), [("yes\n", 0), ("Y\n", 0), ("no\n", 2), ("\n", 2), ("", 2)])
def test_on_a_terminal_it_asks(shell: Shell, types: str, status: int) -> None:
    ran = shell("unassign", BEN, terminal=True, types=types)
    assert ran.status == status
    assert "Take 1 seat back?" in ran.err
    assert "would be unassigned: Ben Kay" in ran.out
    assert assigned(shell) == bool(status)


def test_some_were_not_taken(shell: Shell) -> None:
    ran = shell("unassign", "user!=ann", "--yes", "--format", "json")
    assert ran.status == 3
    assert ran.json["totals"] | {"applied": 1, "refused": 2} == ran.json["totals"]
    assert outcomes(ran)


def test_the_second_time_it_is_gone(shell: Shell) -> None:
    assert shell("unassign", BEN, "--yes").status == 0
    ran = shell("unassign", BEN, "--yes", "--format", "json")
    assert (ran.status, outcomes(ran)) == (3, [("refused", "Ben Kay", "gone")])


def test_a_task_waits(shell: Shell) -> None:
    shell.environment["USAGEBOT_PROVIDER"] = "task"
    ran = shell("unassign", BEN, "--yes", "--format", "json")
    assert (ran.status, outcomes(ran)) == (3, [("waiting", "Ben Kay", None)])
    assert "task 1" in ran.json["seats"][0]["why"]


@pytest.mark.parametrize(
    "arguments",
    [
        ("unassign", "team=Desing", "--yes"),
        ("unassign", "user=nobody", "--yes"),
        ("undo", "nothing"),
        ("undo", "\udcff\0"),
        ("exempt", "user=ben"),
        ("exempt", "user=ben until=2020-01-01 reason=x"),
        ("exemptions", "--end", "nothing"),
        ("exemptions", "--end", "\udcff\0"),
        ("audit", "list", "status=inactive"),
    ],
)
def test_what_cannot_be_is_told(shell: Shell, arguments: tuple[str, ...]) -> None:
    ran = shell(*arguments)
    assert ran.status == 2
    assert ran.err.startswith("Error: ")
    assert "Traceback" not in ran.err


def test_an_unknown_provider_begins_nothing(shell: Shell) -> None:
    shell.environment["USAGEBOT_PROVIDER"] = "carrier-pigeon"
    assert shell("unassign", BEN, "--yes").status == 2
    assert assigned(shell)


# -- exemptions


def test_somebody_is_exempted_listed_and_not_any_more(shell: Shell) -> None:
    assert "Nobody is exempt" in shell("exemptions").out
    ran = shell("exempt", "user=ben", "product=Revit", "until=2027-01-31", "reason=parental leave")
    assert "Ben Kay keeps Revit in Design until 2027-01-31: parental leave." in ran.out
    refused = shell("unassign", BEN, "--yes", "--format", "json")
    assert outcomes(refused) == [("refused", "Ben Kay", "exempt")]
    assert "parental leave" in refused.json["seats"][0]["why"]
    token = shell("exemptions").out.split()[0]
    assert "Nobody is exempt" in shell("exemptions", "--end", token).out
    assert shell("unassign", BEN, "--yes").status == 0


def test_hidden_names_stay_hidden(shell: Shell) -> None:
    shell("team", "personal-data", "Design", "off")
    ran = shell("unassign", "product=Revit", "--dry-run", "--format", "json")
    assert "Ben" not in ran.out
    assert {each["email"] for each in ran.json["seats"]} == {None}


# -- the audit


def test_every_step_is_listed_newest_first(shell: Shell) -> None:
    shell("unassign", BEN, "--yes")
    ran = shell("audit", "list")
    kinds = [line.split("operator  ")[1].split(":")[0] for line in ran.out.splitlines()[:-1]]
    assert kinds == ["Carried out", "Being carried out", "Confirmed"]
    assert "Ben Kay · Revit · Design" in ran.out
    assert ran.out.splitlines()[-1].startswith("3 rows from")
    assert shell("audit", "list", "from=2026-01-01", "to=2026-02-01").out.startswith("0 rows")


def test_pages_or_all(shell: Shell) -> None:
    for _ in range(12):
        shell("exempt", "user=ben until=2027-01-31 reason=leave")
    assert "Page 1 of 2. The next: page=2." in shell("audit", "list").out
    assert len(shell("audit", "list", "page=2").out.splitlines()) == 3
    assert len(shell("audit", "list", "--all").out.splitlines()) == 13


def test_an_untouched_audit_is_whole_and_marked_outside(shell: Shell, tmp_path: Path) -> None:
    shell("unassign", BEN, "--yes")
    ran = shell("audit", "verify")
    assert ran.status == 0
    assert "3 rows" in ran.out
    assert list((tmp_path / "data" / "audit").iterdir())
    assert "Audit: marked in" in shell("check").out


@pytest.mark.parametrize(
    ("change", "row"),
    [
        ("UPDATE audit_rows SET actor = 'U1' WHERE seq = 2", 2),
        ("DELETE FROM audit_rows WHERE seq = 2", 2),
        ("DELETE FROM audit_rows WHERE seq = 3", 3),
        ("DELETE FROM audit_rows", 1),
    ],
)
def test_the_first_bad_row_is_named(shell: Shell, tmp_path: Path, change: str, row: int) -> None:
    shell("unassign", BEN, "--yes")
    with closing(sqlite3.connect(tmp_path / "usagebot.db")) as connection, connection:
        connection.execute(change)
    ran = shell("audit", "verify")
    assert (ran.status, f"BROKEN at row {row}" in ran.out) == (2, True)


def test_check_tells_of_altered_marks_and_a_folder_that_cannot_be_written(shell: Shell, tmp_path: Path) -> None:
    shell("unassign", BEN, "--yes")
    (file,) = (tmp_path / "data" / "audit").iterdir()
    whole = file.read_text()
    file.unlink()
    assert "note   Audit: no marks" in shell("check").out
    file.write_text(whole.replace("3", "4"))
    assert "BROKEN Audit:" in shell("check").out
    file.unlink()
    file.parent.rmdir()
    file.parent.write_text("in the way")
    assert "BROKEN Audit:" in shell("check").out


def test_the_whole_audit_is_written_as_a_spreadsheet(shell: Shell, tmp_path: Path) -> None:
    shell("exempt", 'user=ben until=2027-01-31 reason="=1+1"')
    shell("unassign", "user=ann", "--yes")
    out = str(tmp_path / "audit.xlsx")
    assert shell("audit", "export", "--out", out).out == f"Wrote {out} (4 rows).\n"
    page = openpyxl.load_workbook(out).worksheets[0]
    rows = list(page.iter_rows(values_only=True))
    assert len(rows) == 5
    assert rows[4][3:10] == ("Exempted", "the operator", "operator", "Ben Kay", None, "Design", "=1+1")
    assert page["J5"].data_type == "s"
    assert shell("audit", "export", "--out", out).status == 2
    assert shell("audit", "export", "--out", out, "--force").status == 0
    assert shell("audit", "export", "--out", str(tmp_path / "nowhere" / "a.xlsx")).status == 2


# -- for programs

AUDIT = json.loads((ROOT / "docs" / "audit.schema.json").read_text(encoding="utf-8"))


def held_to(part: str, ran: Ran) -> Any:
    """The JSON, held to the part of the schema that is about the command, and to that one alone."""
    schema = {**AUDIT, "oneOf": [{"$ref": f"#/$defs/{part}"}]}
    for wanted in (AUDIT, schema):
        jsonschema.validate(
            ran.json, wanted, cls=jsonschema.Draft202012Validator, format_checker=jsonschema.FormatChecker()
        )
    return ran.json


def test_programs_hear_whether_the_audit_is_whole(shell: Shell, tmp_path: Path) -> None:
    shell("unassign", BEN, "--yes")
    ran = shell("audit", "verify", "--format", "json")
    found = held_to("verify", ran)
    assert (ran.status, found["whole"], found["rows"], found["first_bad_row"], found["warnings"]) == (
        0,
        True,
        3,
        None,
        [],
    )
    with closing(sqlite3.connect(tmp_path / "usagebot.db")) as connection, connection:
        connection.execute("UPDATE audit_rows SET actor = 'U1' WHERE seq = 2")
    ran = shell("audit", "verify", "--format", "json")
    assert ran.status == 2
    found = held_to("verify", ran)
    assert (found["whole"], found["first_bad_row"], found["what"]) == (False, 2, "Row 2 was altered.")


def test_programs_read_rows_and_exemptions(shell: Shell) -> None:
    shell("exempt", "user=ben product=Revit until=2027-01-31 reason=leave")
    ran = shell("audit", "list", "team=Design", "--format", "json")
    (row,) = held_to("list", ran)["rows"]
    assert (row["number"], row["kind"], row["actor"], row["person"]) == (1, "exempt", "operator", "Ben Kay")
    assert row["details"] == {"product": "Revit", "reason": "leave", "until": "2027-01-31"}
    (kept,) = held_to("exemptions", shell("exemptions", "--format", "json"))["exemptions"]
    assert (kept["person"], kept["product"], kept["until"]) == ("Ben Kay", "Revit", "2027-01-31")
    ended = shell("exemptions", "--end", kept["id"], "--format", "json")
    assert held_to("exemptions", ended)["exemptions"] == []
    assert shell("team", "personal-data", "Design", "off").status == 0
    hidden = shell("audit", "list", "--all", "--format", "json")
    assert held_to("list", hidden)["personal_data"] == "hashed"
    assert "Ben" not in hidden.out
    assert shell("audit", "list", "status=inactive", "--format", "json").json["error"]["kind"]


@pytest.mark.parametrize("details", ["{", "[1]", '{"product": [1]}', "null", "5"])
def test_an_altered_row_is_listed_as_far_as_it_can_be_read(shell: Shell, tmp_path: Path, details: str) -> None:
    shell("unassign", BEN, "--yes")
    with closing(sqlite3.connect(tmp_path / "usagebot.db")) as connection, connection:
        connection.execute("UPDATE audit_rows SET details = ?, at = '2026-11-25x' WHERE seq = 2", [details])
    ran = shell("audit", "list", "--format", "json")
    assert [row["number"] for row in held_to("list", ran)["rows"]] == [3, 2, 1]
    assert shell("audit", "list").status == 0
