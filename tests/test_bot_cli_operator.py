"""What an operator does: teams, people, balances, the database."""

import sqlite3
from pathlib import Path

import pytest
from alembic.config import Config
from alembic.script import ScriptDirectory

from reporting_core.storage import upgrade
from tests.command_line import REPORT, Shell


@pytest.fixture
def shell(database_url: str, tmp_path: Path) -> Shell:
    shell = Shell(database_url, tmp_path).stocked()
    shell("import", shell.file("west.csv", REPORT.replace("Design", "Structural West")))
    return shell


@pytest.fixture
def local(tmp_path: Path) -> Shell:
    return Shell(f"sqlite:///{tmp_path / 'usagebot.db'}", tmp_path)


def test_teams_are_listed_with_what_is_loaded_of_them(shell: Shell) -> None:
    assert shell("team", "list").out.splitlines() == [
        "Team             Personal data  Usage Report of  Daily data",
        "Design           shown          2026-11-24       2026-10-01 to 2026-11-24",
        "Structural West  shown          2026-11-24       none",
    ]


def test_no_team_says_what_to_do(local: Shell) -> None:
    assert "usagebot import" in local("team", "list").out


def test_a_merge_can_be_taken_back(shell: Shell) -> None:
    assert "is now part of “Design”" in shell("team", "merge", "structural west", "design").out
    assert len(shell("team", "list").out.splitlines()) == 2
    assert "are two teams again" in shell("team", "merge", "Structural West", "Design", "--undo").out
    assert len(shell("team", "list").out.splitlines()) == 3
    again = shell("team", "merge", "Structural West", "Design", "--undo")
    assert (again.status, "There is no merge" in again.err) == (2, True)


def test_personal_data_off_hashes_from_the_next_report_on(shell: Shell) -> None:
    shell("team", "personal-data", "design", "off")
    hashed = shell("report", "team=Design", "--format", "json")
    assert hashed.json["personal_data"] == "hashed"
    assert "Ann" not in hashed.out
    assert "Ann" not in shell("report", "last=30d").out
    shell("team", "personal-data", "design", "on")
    assert shell("report", "team=Design", "--format", "json").json["personal_data"] == "shown"


def test_neither_on_nor_off_is_refused(local: Shell) -> None:
    ran = local("team", "personal-data", "Design", "maybe")
    assert (ran.status, "'maybe' is not one of 'on', 'off'" in ran.err) == (2, True)


def test_a_balance_is_the_tokens_remaining(shell: Shell) -> None:
    arguments = ("balance", "design", "--remaining", "500.5", "--purchased", "1000", "--as-of", "2026-11-24")
    assert shell(*arguments).out == "“Design” has 500.5 tokens left.\n"
    assert shell(*arguments).out == "That was known already.\n"
    assert shell("report", "team=Design", "--format", "json").json["tiles"]["flex"]["tokens_remaining"] == 500.5


def test_a_balance_of_a_misspelt_team_makes_no_new_team(shell: Shell) -> None:
    ran = shell("balance", "Desing", "--remaining", "5")
    assert (ran.status, "Did you mean “Design”" in ran.err) == (2, True)
    assert len(shell("team", "list").out.splitlines()) == 3


def test_people_are_matched_and_made_reporters_by_hand(shell: Shell) -> None:
    shell("people", "link", "U024BE7LH", "ann@example.com")
    shell("people", "reporter", "ben@example.com", "Design")
    shell("people", "reporter", "gus@example.com")
    assert shell("people", "list").out.splitlines() == [
        "Asked, and matched nobody (usagebot people link SLACK_ID EMAIL):",
        "  nobody",
        "Matched by hand:",
        "  U024BE7LH is ann@example.com",
        "Reporters:",
        "  ben@example.com: Design",
        "  gus@example.com: every team",
    ]


def test_what_was_given_by_hand_can_be_taken_back(shell: Shell) -> None:
    shell("people", "link", "U024BE7LH", "ann@example.com")
    shell("people", "reporter", "ben@example.com", "Design")
    assert shell("people", "remove", "U024BE7LH").out == "Taken back from U024BE7LH.\n"
    assert shell("people", "remove", "ben@example.com").status == 0
    again = shell("people", "remove", "ben@example.com")
    assert again.status == 2
    assert "Nothing was given to ben@example.com by hand" in again.err
    assert "ben@example.com" not in shell("people", "list").out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("people", "link", "ann", "ann@example.com"), "it looks like U024BE7LH"),
        (("people", "link", "U024BE7LH", "ann"), "'ann' is no e-mail"),
        (("people", "reporter", "ann@example.com", "Nowhere"), "I know no team “Nowhere”"),
        (("balance", "Design", "--remaining", "-1"), "--remaining"),
    ],
)
def test_what_makes_no_sense_is_refused_in_words(local: Shell, arguments: tuple[str, ...], said: str) -> None:
    ran = local(*arguments)
    assert ran.status == 2
    assert said in ran.err


def test_the_database_is_upgraded_once(bare_database_url: str, tmp_path: Path) -> None:
    shell = Shell(bare_database_url, tmp_path)
    assert shell("db", "upgrade").out == "The database was upgraded.\n"
    assert shell("db", "upgrade").out == "The database is up to date.\n"


def test_a_database_of_a_newer_version_is_left_alone(local: Shell) -> None:
    local("db", "upgrade")
    with sqlite3.connect(local.files / "usagebot.db") as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    ran = local("db", "upgrade")
    assert (ran.status, "from a newer usagebot" in ran.err) == (2, True)


def test_the_newest_revision_is_the_one_that_alembic_finds() -> None:
    config = Config()
    config.set_main_option("script_location", str(upgrade.MIGRATIONS))
    scripts = ScriptDirectory.from_config(config)
    assert upgrade._head() == scripts.get_current_head()
    assert upgrade._revisions() == {script.revision for script in scripts.walk_revisions()}


def test_the_help_names_the_commands_that_there_are(local: Shell, capsys: pytest.CaptureFixture[str]) -> None:
    assert local("--help").status == 0
    shown = capsys.readouterr().out
    names = (
        "demo",
        "import",
        "report",
        "ask",
        "team",
        "balance",
        "unassign",
        "undo",
        "exempt",
        "audit",
        "run",
        "check",
        "db",
    )
    assert all(f" {name} " in shown for name in names)
    assert local().status == 0
    assert capsys.readouterr().out == shown


def test_half_a_command_says_where_the_other_half_is_told(local: Shell) -> None:
    ran = local("team")
    assert (ran.status, ran.err) == (2, "Error: Missing command.\nSee: usagebot team --help\n")
