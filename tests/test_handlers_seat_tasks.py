"""Tasks for admins in Slack: told once with link and steps, as the reader may see them, ended by a press."""

from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import pytest

from handlers import seat_tasks
from handlers.views import seat_tasks as view
from reporting_core.words.errors import AskAgain, NotAllowed
from reporting_core.words.seats import Change
from tests.bot_under_test import Bot, bot_under_test
from tests.tasks_stand_in import SEAT, waiting


@pytest.fixture
async def bot() -> AsyncIterator[Bot]:
    async with bot_under_test() as bot:
        bot.core.owners.add("U1")
        yield bot


async def told(bot: Bot, **changes: Any) -> str:
    bot.core.tasks.queue.append(waiting(**changes))
    await seat_tasks.remind(bot.desk)
    posted = bot.slack.named("chat.postMessage")
    return str([posted[-1].arguments["text"], posted[-1].blocks]) if posted else ""


async def test_a_task_says_what_to_do_where(bot: Bot) -> None:
    text = await told(bot)
    for part in (
        "Task 41",
        "Revit",
        "Ben Lee",
        "ben@example.com",
        "Design",
        "https://manage.autodesk.com/",
        "Unassign",
    ):
        assert part in text
    assert "Reminder" not in text


async def test_a_reminder_says_that_it_is_one(bot: Bot) -> None:
    assert "Reminder: task 41 is still open" in await told(bot, reminders=2)


async def test_giving_again_has_its_own_steps(bot: Bot) -> None:
    text = await told(bot, change=Change.ASSIGN)
    assert "*Assign*" in text
    assert "Unassign" not in text


async def test_it_is_said_in_the_readers_language(bot: Bot) -> None:
    bot.slack.person("U1", real_name="Ann", locale="de-DE")
    assert "Aufgabe 41 für Sie" in await told(bot)


async def test_hidden_names_stay_hidden(bot: Bot) -> None:
    bot.core.tasks.shown = replace(SEAT, person="9f8e7d6c5b4a", email=None)
    text = await told(bot)
    assert "9f8e7d6c5b4a" in text
    assert "this is a hash" in text
    assert "Ben" not in text


@pytest.mark.parametrize("who", ["operator", "U7"])
async def test_whoever_cannot_be_told_or_may_not_is_not(bot: Bot, who: str) -> None:
    bot.slack.person("U7", real_name="Zoe")
    assert await told(bot, asked_by=who) == ""
    assert bot.core.tasks.given_back == []


async def test_somebody_without_rights_on_the_team_is_not_told(bot: Bot) -> None:
    bot.core.tasks.shown = None
    assert await told(bot) == ""


async def test_a_message_that_slack_does_not_take_comes_again(bot: Bot) -> None:
    bot.slack.faults["chat.postMessage"].append("fatal_error")
    await told(bot)
    assert [task.number for task in bot.core.tasks.given_back] == [41]


async def press(bot: Bot, action_id: str, user: str = "U1") -> str:
    await told(bot)
    await bot.press(bot.button(action_id), user)
    return str(bot.slack.posted[-1].arguments)


async def test_an_admin_says_that_it_is_done(bot: Bot) -> None:
    assert "says that it is done" in await press(bot, "seat_task_done")
    assert bot.core.tasks.closed == [("U1", "token", True)]


async def test_an_admin_says_that_it_will_not_be_done(bot: Bot) -> None:
    assert "The seat stays" in await press(bot, "seat_task_declined")
    assert bot.core.tasks.closed == [("U1", "token", False)]


async def test_a_stranger_who_presses_ends_nothing(bot: Bot) -> None:
    bot.slack.person("U7", real_name="Zoe")
    await press(bot, "seat_task_done", "U7")
    assert bot.core.tasks.closed == []


@pytest.mark.parametrize("error", [AskAgain("Nothing waits any more."), NotAllowed("Not yours.")])
async def test_a_press_that_changes_nothing_says_so(bot: Bot, error: Exception) -> None:
    bot.core.tasks.fails = error
    assert str(error) in await press(bot, "seat_task_done")


def test_names_that_format_or_ping_do_not(bot: Bot) -> None:
    hostile = replace(SEAT, person="<!channel> *bold*", team="`x` <@U1>", product="<https://evil.example|here>")
    text = str(view.task(waiting().task, hostile))
    for part in ("<!channel>", "<@U1>", "<https://evil.example", "*bold*"):
        assert part not in text


def test_the_longest_names_fit(bot: Bot) -> None:
    long = replace(SEAT, person="P" * 300, team="T" * 300, product="R" * 300, email=f"{'e' * 300}@example.com")
    for block in view.task(waiting().task, long).blocks:
        assert len(block.get("text", {}).get("text", "")) <= 3_000  # of a section in Block Kit
