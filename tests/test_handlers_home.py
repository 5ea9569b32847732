"""App Home: figures of the own teams, what waits for a decision, the age of the data; for those without a role, why."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from handlers import limits
from handlers.views import home
from handlers.views.home import TeamToday, Today
from reporting_core.words.errors import AskAgain
from reporting_core.words.people import Asker
from reporting_core.words.report import UsageReport
from tests import hand_made
from tests.bot_under_test import Bot, bot_under_test

ANN = Asker(1, "U1", "Ann", "", every_team=True)


@pytest.fixture
async def bot() -> AsyncIterator[Bot]:
    async with bot_under_test() as made:
        yield made


async def opened(bot: Bot, user: str = "U1") -> dict[str, Any]:
    await bot.event({"type": "app_home_opened", "tab": "home", "user": user, "channel": "D1"})
    return dict(bot.slack.named("views.publish")[-1].arguments["view"])


def idle(count: int | None) -> UsageReport:
    report = hand_made.report()
    seats = replace(report.tiles.subscriptions, inactive=count)
    return replace(report, tiles=replace(report.tiles, subscriptions=seats), canonical="team=Design last=90d")


def today(**changes: Any) -> Today:
    report = hand_made.report()
    teams = (TeamToday("Design", report, idle(25)), TeamToday("West", report, idle(0)))
    return replace(Today(report, teams), **changes)


async def test_the_home_shows_the_teams_and_what_waits(bot: Bot) -> None:
    view = await opened(bot)
    assert limits.view_problems(view) == []
    assert "Waiting for a decision" in str(view)
    assert bot.core.last is None


async def test_who_has_no_role_reads_why(bot: Bot) -> None:
    bot.slack.person("U2")
    assert "You are no administrator" in str(await opened(bot, "U2"))


async def test_an_empty_account_says_what_to_do_first(bot: Bot) -> None:
    bot.core.fails = AskAgain("No exports have been loaded yet.")
    view = str(await opened(bot))
    assert "No exports have been loaded yet." in view
    assert "Waiting for a decision" not in view


def test_idle_seats_come_with_a_button_that_lists_them() -> None:
    view = home.home(ANN, today())
    assert limits.view_problems(view) == []
    (block,) = [each for each in view["blocks"] if "not been used for 90 days" in str(each)]
    assert "Design: 25 seats have" in block["text"]["text"]
    assert "team=Design last=90d status=inactive" in block["accessory"]["value"]


def test_what_was_unassigned_after_the_data_ends_does_not_wait_any_more() -> None:
    report, taken = hand_made.report(), hand_made.row(1, unassigned_on=hand_made.TODAY)
    some = replace(idle(2), rows=(taken, hand_made.row(2), hand_made.row(3)))
    view = home.home(ANN, today(teams=(TeamToday("Design", report, some),)))
    assert "Design: 1 seat has" in str(view)
    view = home.home(ANN, today(teams=(TeamToday("Design", report, replace(idle(1), rows=(taken,))),)))
    assert "not been used for 90 days" not in str(view)


def test_who_has_one_team_reads_its_name_and_opens_its_report() -> None:
    report = hand_made.report()
    view = home.home(replace(ANN, every_team=False), today(teams=(TeamToday("Design", report, idle(3)),)))
    assert limits.view_problems(view) == []
    assert "Ann: reports of Design" in str(view)
    assert "The last 30 days · Design · " in str(view)
    (row,) = [each for each in view["blocks"] if each.get("block_id") == "home_team"]
    assert report.canonical in row["elements"][0]["value"]


def test_the_word_on_work_offline_is_said_once() -> None:
    report = hand_made.report()
    teams = tuple(TeamToday(name, report, idle(3)) for name in ("Design", "West"))
    assert str(home.home(ANN, today(teams=teams))).count("while offline") == 1


def test_who_sees_no_reports_is_told_once_whom_to_ask_and_what_is_answered() -> None:
    view = str(home.outsider("Reports are for admins. Ask Maeve if that is wrong.", "Maeve"))
    assert view.count("Maeve") == 1
    assert "/usage faq" in view


def test_old_data_is_called_old() -> None:
    report = hand_made.report()
    stale = replace(report, data_through=report.as_of - timedelta(days=20))
    assert "20 days ago: newer use is not in these figures" in str(home.home(ANN, today(whole=stale)))


def test_only_who_may_load_is_told_how() -> None:
    assert "drop the files" not in str(home.home(ANN, today()))
    assert "drop the files" in str(home.home(replace(ANN, owner=True), today()))


def test_many_teams_stay_within_slacks_limits() -> None:
    report = hand_made.report()
    many = tuple(TeamToday(f"Team {number} {'x' * 80}", report, idle(3)) for number in range(10))
    assert limits.view_problems(home.home(ANN, today(teams=many, more=90))) == []
