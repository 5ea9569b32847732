"""Somebody is asked for by name where names are hashed for the sake of another team."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from reporting_core.core import Core
from reporting_core.words.errors import AskAgain
from tests import safe_company
from tests.safe_company import Seat

SEATS = (
    Seat("ann@example.com", "Ann", "Lee", "Design"),
    Seat("ann@example.com", "Ann", "Lee", "Rail"),
    Seat("ben@example.com", "Ben", "Roe", "Rail"),
    Seat("cy@example.com", "Cy", "Day", "West"),
)


@pytest.fixture
def core(database_url: str, tmp_path: Path) -> Iterator[Core]:
    """Three teams; the personal data of West is off."""
    with safe_company.opened(database_url, safe_company.write(tmp_path / "exports", SEATS)) as core:
        core.set_personal_data("West", shown=False)
        yield core


@pytest.mark.parametrize(
    ("asked", "nearest"),
    [
        ("user=ben status=active", ["team=Rail user=ben status=active last=30d", "status=active last=30d"]),
        (
            "user=ann@example.com",
            ["team=Design user=ann@example.com last=30d", "team=Rail user=ann@example.com last=30d"],
        ),
        ("user=cy", ["last=30d"]),
        ("team=West user=cy", ["team=West last=30d"]),
    ],
)
def test_teams_that_show_their_names_are_offered_one_by_one(core: Core, asked: str, nearest: list[str]) -> None:
    answer = core.answer(asked, core.operator)
    assert (answer.row_count, answer.hashed) == (0, True)
    assert list(answer.nearest)[: len(nearest)] == nearest


def test_what_is_offered_finds_them(core: Core) -> None:
    offered = core.answer("user=ben", core.operator).nearest[0]
    assert [row.person for row in core.answer(offered, core.operator).rows] == ["Ben Roe"]


def test_a_range_that_cannot_be_is_offered_again_with_the_filters(core: Core) -> None:
    with pytest.raises(AskAgain) as refused:
        core.answer("team=Rail product=Revit from=2027-01-01 to=2027-02-01", core.operator)
    assert [each.startswith("team=Rail product=Revit ") for each in refused.value.suggestions] == [True]


async def test_the_last_question_forgets_whom_it_named_once_a_team_hides_names(core: Core) -> None:
    asker = replace(core.operator, slack_user_id="U1")
    await core.usage("team=Design user=ann last=30d", asker)
    assert await core.last_query(asker) == "team=Design user=ann last=30d"
    core.set_personal_data("Design", shown=False)
    assert await core.last_query(asker) == "team=Design last=30d"


async def test_only_what_somebody_asked_is_their_last_question(core: Core) -> None:
    asker = replace(core.operator, slack_user_id="U1")
    await core.keep(asker, "shared C1 1700000000.000100")
    assert await core.last_query(asker) is None
    await core.usage("team=Design last=30d", asker)
    await core.keep(asker, "shared C1 1700000000.000200")
    await core.peek("team=Rail last=7d", asker)
    assert await core.last_query(asker) == "team=Design last=30d"
