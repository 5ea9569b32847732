"""Presses on what stands in a message: pages, corrections, help; and values altered by hand."""

import json
from collections.abc import AsyncIterator
from typing import Any

import pytest

from tests.bot_under_test import Bot, bot_under_test


@pytest.fixture
async def bot() -> AsyncIterator[Bot]:
    async with bot_under_test() as made:
        yield made


def pressed(action_id: str, value: object) -> dict[str, Any]:
    return {"type": "button", "action_id": action_id, "value": value if isinstance(value, str) else json.dumps(value)}


async def test_a_page_turn_edits_the_message_in_place(bot: Bot) -> None:
    await bot.command("team=Design last=30d")
    await bot.press(bot.button("page_next"))
    turned = bot.slack.posted[-1]
    assert turned.method == "response"
    assert turned.arguments["replace_original"] is True
    assert "Rows 16–30 of 40 · Page 2 of 3" in str(turned.arguments)
    await bot.press(bot.button("page_previous"))
    assert "Rows 1–15 of 40 · Page 1 of 3" in str(bot.slack.posted[-1].arguments)
    assert bot.core.asked[1:] == ["team=Design last=30d page=2", "team=Design last=30d"]


async def test_a_page_turn_shows_no_working_line_in_place_of_the_report(bot: Bot) -> None:
    bot.core.takes = 0.2
    await bot.press(pressed("page_next", {"q": "last=30d", "p": 2}))
    assert len(bot.slack.posted) == 1


async def test_a_failed_page_turn_leaves_the_report_where_it_is(bot: Bot) -> None:
    bot.core.fails = RuntimeError()
    await bot.press(pressed("page_next", {"q": "last=30d", "p": 2}))
    assert [call.arguments["replace_original"] for call in bot.slack.posted] == [False]


async def test_a_lost_error_is_not_sent_again_over_the_report(bot: Bot) -> None:
    bot.core.fails = RuntimeError()
    bot.slack.faults["response"] = [500]
    await bot.press(pressed("page_next", {"q": "last=30d", "p": 2}))
    assert [call.method for call in bot.slack.posted] == ["response", "chat.postEphemeral"]


async def test_an_expired_message_gets_its_page_as_a_new_one(bot: Bot) -> None:
    bot.slack.faults["response"] = ["expired_url"]
    await bot.press(pressed("page_next", {"q": "last=30d", "p": 2}))
    assert bot.slack.posted[-1].method == "chat.postEphemeral"
    assert "Page 2 of 3" in str(bot.slack.posted[-1].arguments)


async def test_a_lasting_message_is_changed_by_its_time_stamp(bot: Bot) -> None:
    bot.slack.faults["response"] = ["used_url"]
    container = {"type": "message", "message_ts": "5.5", "is_ephemeral": False}
    await bot.press(pressed("page_next", {"q": "last=30d", "p": 2}), container=container, channel={"id": "D1"})
    changed = bot.slack.posted[-1]
    assert (changed.method, changed.arguments["ts"]) == ("chat.update", "5.5")


async def test_a_long_question_is_kept_under_a_token_for_its_asker_alone(bot: Bot) -> None:
    question = f'user="{"x" * 400}" last=30d'
    await bot.command(question)
    button = bot.button("page_next")
    assert json.loads(button["value"]) == {"k": "token0", "p": 2}
    await bot.press(button)
    assert bot.core.asked[-1].startswith("user=")
    bot.core.admins.add("U2")
    bot.slack.person("U2")
    # Whoever holds the message's own token gets a copy (test_handlers_filters); the kept question is its asker's.
    await bot.press(button | {"block_id": "report"}, user="U2")
    assert len(bot.core.asked) == 2
    assert "too old or was altered" in bot.slack.posted[-1].arguments["text"]


@pytest.mark.parametrize(
    "value",
    [
        "",
        "{",
        "[]",
        "null",
        "9" * 2_000,
        "[" * 100_000,
        {},
        {"q": "last=30d"},
        {"q": "last=30d", "p": 0},
        {"q": "last=30d", "p": "2"},
        {"q": "last=30d", "p": 10**9},
        {"q": ["last=30d"], "p": 2},
        {"k": "unknown", "p": 2},
        {"k": {"a": 1}, "p": 2},
    ],
)
async def test_values_altered_by_hand_lead_nowhere(bot: Bot, value: object) -> None:
    await bot.press(pressed("page_next", value))
    assert bot.core.asked == []
    assert "too old or was altered" in bot.slack.posted[-1].arguments["text"]


async def test_a_question_altered_by_hand_is_checked_like_a_typed_one(bot: Bot) -> None:
    await bot.press(pressed("page_next", {"q": "team=Secret last=30d", "p": 2}))
    assert bot.core.asked == []
    assert "Secret" in bot.slack.posted[-1].arguments["text"]
    assert "data_table" not in str(bot.slack.posted[-1].arguments)


async def test_help_stands_beside_the_message_whose_button_asked_for_it(bot: Bot) -> None:
    await bot.press(pressed("help_0", {"t": "filters"}))
    assert bot.slack.posted[-1].arguments["text"].startswith("Filters.")
    assert bot.slack.posted[-1].arguments["replace_original"] is False


async def test_what_comes_by_itself_has_a_page_of_the_help(bot: Bot) -> None:
    await bot.press(pressed("help_2", {"t": "digests"}))
    assert bot.slack.posted[-1].arguments["text"].startswith("What comes by itself.")
    assert "/usage subscribe team=Design weekly mon 9:00" in str(bot.slack.posted[-1].blocks)


async def test_an_example_is_asked_at_a_press(bot: Bot) -> None:
    await bot.command("examples")
    accessory = next(block["accessory"] for block in bot.slack.posted[-1].blocks if "accessory" in block)
    await bot.press(accessory)
    assert bot.core.asked == ["last=30d"]
