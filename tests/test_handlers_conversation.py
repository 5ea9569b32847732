"""Words to the bot outside of commands, its Home, and events that come twice."""

from collections.abc import AsyncIterator

import pytest

from tests.bot_under_test import Bot, bot_under_test

DIRECT = {"type": "message", "channel_type": "im", "channel": "D1", "user": "U1", "text": "hello", "ts": "1.5"}


@pytest.fixture
async def bot() -> AsyncIterator[Bot]:
    async with bot_under_test() as made:
        yield made


async def test_a_direct_message_is_answered_in_its_thread(bot: Bot) -> None:
    await bot.event(DIRECT)
    said = bot.slack.posted[-1]
    assert said.method == "chat.postMessage"
    assert (said.arguments["channel"], said.arguments["thread_ts"]) == ("D1", "1.5")
    assert "I do not know the answer" in said.arguments["text"]


async def test_a_mention_is_answered_in_its_thread(bot: Bot) -> None:
    await bot.event({"type": "app_mention", "channel": "C1", "user": "U1", "text": "<@UBOT> hi", "ts": "2.5"})
    assert bot.slack.posted[-1].arguments["thread_ts"] == "2.5"


@pytest.mark.parametrize("fault", [500, "is_archived", "ratelimited", "invalid_blocks"])
async def test_an_answer_that_slack_does_not_take_is_told_all_the_same(bot: Bot, fault: str | int) -> None:
    bot.slack.faults["chat.postMessage"] = [fault]
    await bot.event({"type": "app_mention", "channel": "C1", "user": "U1", "text": "<@UBOT> hi", "ts": "2.5"})
    lost, told = bot.slack.posted
    assert told.arguments["text"] == lost.arguments["text"]
    # A channel that takes nothing is given up for the direct message with whoever asked.
    assert told.arguments["channel"] == ("C1" if fault in {500, "invalid_blocks"} else "D-U1")


async def test_an_answer_that_nobody_gets_is_in_the_log(bot: Bot, capsys: pytest.CaptureFixture[str]) -> None:
    bot.slack.faults["chat.postMessage"] = [500] * 4
    await bot.event(DIRECT)
    assert len(bot.slack.posted) == 3
    assert "unanswered" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("text", "start"),
    [("help", "What usagebot can do"), ("<@UBOT> help filters", "Filters"), ("examples", "Examples")],
)
async def test_the_suggested_prompts_are_answered(bot: Bot, text: str, start: str) -> None:
    await bot.event(DIRECT | {"text": text})
    assert bot.slack.posted[-1].arguments["text"].startswith(start)


async def test_an_event_that_comes_again_is_answered_once(bot: Bot) -> None:
    for _ in range(3):
        await bot.event(DIRECT, event_id="Ev1")
    assert len(bot.slack.posted) == 1


@pytest.mark.parametrize(
    "changes",
    [
        {"bot_id": "B1"},
        {"subtype": "message_changed"},
        {"subtype": "message_deleted"},
        {"user": "UBOT"},
        {"channel_type": "channel"},
    ],
)
async def test_nothing_else_that_is_said_is_answered(bot: Bot, changes: dict[str, str]) -> None:
    await bot.event(DIRECT | changes)
    assert bot.slack.posted == []


async def test_home_says_who_one_is_here(bot: Bot) -> None:
    await bot.event({"type": "app_home_opened", "user": "U1", "channel": "D1", "tab": "home"})
    published = bot.slack.named("views.publish")[0].arguments
    assert published["user_id"] == "U1"
    assert "reports of all teams" in str(published["view"])


async def test_home_tells_others_why_they_see_nothing_and_whom_to_ask(bot: Bot) -> None:
    bot.slack.person("U6")
    bot.slack.person("U7", is_restricted=True)
    for user, reason in (("U6", "You are no administrator"), ("U7", "Guests of this workspace get no reports")):
        await bot.event({"type": "app_home_opened", "user": user, "channel": "D1", "tab": "home"})
        assert reason in str(bot.slack.named("views.publish")[-1].arguments["view"])


async def test_opening_the_messages_tab_publishes_no_home(bot: Bot) -> None:
    await bot.event({"type": "app_home_opened", "user": "U1", "channel": "D1", "tab": "messages"})
    assert bot.slack.posted == []


async def test_what_nobody_listens_for_is_taken_as_received(bot: Bot) -> None:
    assert (await bot.event({"type": "reaction_added", "user": "U1"})).status == 200
    assert (await bot.press({"type": "button", "action_id": "of_a_later_version"})).status == 200
    assert bot.slack.posted == []
