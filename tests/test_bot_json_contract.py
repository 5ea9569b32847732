"""The JSON that programs rely on, held to its written schema with a company in which every state occurs."""

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from bot import demo_company
from tests.command_line import Shell

SCHEMA = json.loads((Path(__file__).parent.parent / "docs" / "report.schema.json").read_text(encoding="utf-8"))


def valid(what: str, value: Any) -> None:
    """Check against one of the three things that are printed; the whole schema would take any of them."""
    schema = {**SCHEMA, "anyOf": [{"$ref": f"#/$defs/{what}"}]}
    jsonschema.validate(value, schema, cls=jsonschema.Draft202012Validator, format_checker=jsonschema.FormatChecker())


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def shell(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """The made-up company, imported once for each database."""
    folder = tmp_path_factory.mktemp("contract")
    if request.param == "sqlite":
        yield stocked(Shell(f"sqlite:///{folder / 'usagebot.db'}", folder))
        return
    with request.getfixturevalue("postgres").database() as url:
        yield stocked(Shell(url, folder))


def stocked(shell: Shell) -> Shell:
    for delivery in demo_company.write(demo_company.make_up(shell.now.date()), shell.files):
        printed = shell("import", *map(str, delivery), "--format", "json").json
        valid("import", printed)
        assert printed["totals"]["read"] == sum(printed["totals"][part] for part in ("stored", "unchanged", "refused"))
    return shell


QUESTIONS = (
    "team=Design last=30d",
    "last=90d",
    "team=Visualisation last=12mo",
    "team=Manufacturing last=30d",
    'team="Structural West" product="Civil 3D" last=quarter',
    "team=Design status=inactive,unknown sort=-days,person top=3",
    "team=Design user!=tomas group=none version=2027",
    "team=Design access=flex last=1y",
    "team=Design user=nobody-of-that-name",
    "Design Revit",
)


@pytest.mark.parametrize("question", QUESTIONS)
def test_every_answer_keeps_to_the_schema(shell: Shell, question: str) -> None:
    ran = shell("report", question, "--format", "json")
    assert ran.status == 0
    valid("report", ran.json)


def test_the_tiles_of_one_team_add_up(shell: Shell) -> None:
    for team in ("Design", "Structural West", "Visualisation", "Manufacturing", "Field Office"):
        seats = shell("report", f'team="{team}"', "--format", "json").json["tiles"]["subscriptions"]
        parts = ("active", "inactive", "not_yet_active", "unknown")
        assert seats["assigned"] == sum(seats[part] for part in parts)
        assert seats["available"] == seats["seats"] - seats["assigned"]


def test_over_all_teams_the_inactive_total_is_withheld_with_the_reason(shell: Shell) -> None:
    found = shell("report", "last=30d", "--format", "json").json
    assert found["tiles"]["subscriptions"]["inactive"] is None
    assert "one person may be inactive in one team and active in another" in found["withheld"]["inactive"]
    assert any(row["status"] == "inactive" for row in found["rows"])


def test_hashed_rows_hold_no_email(shell: Shell) -> None:
    found = shell("report", "last=30d", "--format", "json").json
    assert found["personal_data"] == "hashed"
    assert {row["email"] for row in found["rows"]} == {None}
    assert all(len(row["person"]) >= 12 and set(row["person"]) <= set("0123456789abcdef") for row in found["rows"])


def test_subscription_rows_use_no_tokens(shell: Shell) -> None:
    rows = shell("report", "team=Design last=90d", "--format", "json").json["rows"]
    assert {row["tokens_used"] for row in rows if row["access"] == "subscription"} == {0}
    assert any(row["tokens_used"] for row in rows if row["access"] == "flex")


def test_days_that_are_not_known_are_null(shell: Shell) -> None:
    found = shell("report", "team=Manufacturing last=30d", "--format", "json").json
    statuses = {row["status"] for row in found["rows"]}
    assert "unknown" in statuses
    assert "inactive" not in statuses


def test_rows_found_are_counted_also_where_fewer_are_shown(shell: Shell) -> None:
    found = shell("report", "team=Design top=2", "--format", "json").json
    assert len(found["rows"]) == 2 < found["row_count"]


@pytest.mark.parametrize(
    ("arguments", "kind"),
    [
        (("report", "team=Nowhere"), "bad_query"),
        (("report", "from=2026-11-20 to=2026-11-01"), "bad_query"),
        (("report", "last=2019"), "ask_again"),
        (("report", "--as-of", "2030-01-01"), "ask_again"),
        (("report", "--nonsense"), "usage"),
        (("import", "/nowhere/at/all.csv"), "import_refused"),
    ],
)
def test_every_error_keeps_to_the_schema(shell: Shell, arguments: tuple[str, ...], kind: str) -> None:
    ran = shell(*arguments, "--format", "json")
    assert ran.status == 2
    valid("error", ran.json)
    assert ran.json["error"]["kind"] == kind


def test_the_schema_is_one_and_refuses_what_is_none() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    with pytest.raises(jsonschema.ValidationError):
        valid("report", {"schema": 1, "rows": []})
