"""`/usage` from the command to the message, and what becomes of the answer when Slack is in trouble."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import pytest
from slack_bolt.request.async_request import AsyncBoltRequest

from handlers import usage
from reporting_core import grammar
from reporting_core.words.errors import AskAgain, BadQuery, StoreBusy
from tests import hand_made
from tests.bot_under_test import Bot, bot_under_test


@pytest.fixture
async def bot() -> AsyncIterator[Bot]:
    async with bot_under_test() as made:
        yield made


def kinds(blocks: list[dict[str, Any]]) -> set[str]:
    return {block["type"] for block in blocks}


async def test_a_question_is_answered_to_its_asker_alone(bot: Bot) -> None:
    answer = await bot.command("team=Design last=30d")
    assert (answer.status, answer.body) == (200, "")
    sent = bot.slack.posted
    assert [call.method for call in sent] == ["response"]
    assert sent[0].arguments["response_type"] == "ephemeral"
    assert sent[0].arguments["replace_original"] is False
    assert "data_table" in kinds(sent[0].blocks)
    assert bot.core.asked == ["team=Design last=30d"]


async def test_the_word_payload_in_a_command_reaches_the_command(bot: Bot) -> None:
    await bot.command("user=payload")
    assert bot.core.asked == ["user=payload"]


async def test_the_request_is_acknowledged_before_anything_is_looked_up(bot: Bot) -> None:
    bot.slack.faults["users.info"] = ["hang"]
    started = asyncio.get_running_loop().time()
    body = {"command": "/usage", "text": "help", "team_id": "T1", "user_id": "U1", "channel_id": "C1"}
    answer = await bot.app.async_dispatch(AsyncBoltRequest(mode="socket_mode", body=body))
    assert answer.status == 200
    assert asyncio.get_running_loop().time() - started < 1
    await bot.desk.idle(10)


async def test_a_long_answer_shows_a_working_line_and_then_takes_its_place(bot: Bot) -> None:
    bot.core.takes = 0.2
    await bot.command("last=30d")
    first, second = bot.slack.posted
    assert "Working on it" in first.arguments["text"]
    assert first.arguments["replace_original"] is False
    assert second.arguments["replace_original"] is True
    assert "data_table" in kinds(second.blocks)


async def test_an_error_takes_the_place_of_the_working_line_too(bot: Bot) -> None:
    bot.core.takes, bot.core.fails = 0.2, StoreBusy("The database is busy.")
    await bot.command("last=30d")
    assert [call.arguments["replace_original"] for call in bot.slack.posted] == [False, True]


async def test_refused_blocks_come_again_as_text_with_the_same_rows(bot: Bot) -> None:
    bot.slack.faults["response"] = ["invalid_blocks"]
    await bot.command("last=30d")
    first, second = bot.slack.posted
    assert "data_table" in kinds(first.blocks)
    assert not kinds(second.blocks) & {"data_table", "data_visualization"}
    for number in range(1, 16):
        assert f"Person {number} " in second.arguments["text"]


async def test_refused_blocks_without_a_plain_form_of_their_own_come_again_as_their_text(bot: Bot) -> None:
    bot.core.report = replace(bot.core.report, rows=bot.core.report.rows[:3])
    bot.slack.faults["response"] = ["invalid_blocks"]
    await bot.command("why last=30d")
    refused, told = bot.slack.posted
    assert told.method == "response"
    assert not told.blocks
    assert "Person 1" in told.arguments["text"]
    assert told.arguments["text"] == refused.arguments["text"]


@pytest.mark.parametrize("error", ["used_url", "expired_url", 404])
async def test_a_used_up_response_url_is_followed_by_an_ephemeral_message(bot: Bot, error: str | int) -> None:
    bot.slack.faults["response"] = [error]
    await bot.command("last=30d")
    assert [call.method for call in bot.slack.posted] == ["response", "chat.postEphemeral"]
    assert bot.slack.posted[1].arguments["user"] == "U1"
    assert "data_table" in kinds(bot.slack.posted[1].blocks)


async def test_where_the_bot_is_no_member_the_answer_comes_as_a_direct_message(bot: Bot) -> None:
    bot.slack.faults["response"] = ["used_url"]
    bot.slack.faults["chat.postEphemeral"] = ["channel_not_found"]
    await bot.command("last=30d")
    assert bot.slack.posted[-1].method == "chat.postMessage"
    assert bot.slack.posted[-1].arguments["channel"] == "D-U1"


async def test_refused_blocks_come_as_text_on_every_way(bot: Bot) -> None:
    bot.slack.faults["response"] = ["used_url"]
    bot.slack.faults["chat.postEphemeral"] = ["invalid_blocks"]
    await bot.command("last=30d")
    assert [call.method for call in bot.slack.posted] == ["response", "chat.postEphemeral", "chat.postEphemeral"]
    assert "Person 15" in bot.slack.posted[-1].arguments["text"]


async def test_a_lost_answer_is_sent_again_in_a_way_that_cannot_show_it_twice(bot: Bot) -> None:
    bot.slack.faults["response"] = [500]
    await bot.command("last=30d")
    assert [call.arguments["replace_original"] for call in bot.slack.posted] == [False, True]


async def test_a_hanging_slack_does_not_keep_the_asker_waiting(bot: Bot) -> None:
    bot.slack.faults["response"] = ["hang", "hang"]
    started = asyncio.get_running_loop().time()
    await bot.command("last=30d")
    assert bot.slack.posted[-1].method == "chat.postEphemeral"
    assert asyncio.get_running_loop().time() - started < 10


async def test_a_mistyped_word_is_pointed_at_and_its_correction_runs_at_a_press(bot: Bot) -> None:
    await bot.command("team=Desgin last=30d")
    pointed = next(block for block in bot.slack.posted[0].blocks if block["type"] == "rich_text")
    assert "team=Desgin last=30d\n     ^^^^^^" in str(pointed["elements"][0]["elements"][0]["text"])
    await bot.press(bot.button("run_0"))
    assert bot.core.asked[-1] == "team=Design last=30d"
    assert bot.slack.posted[-1].arguments["replace_original"] is True


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (AskAgain("A range spans at most 366 days."), "A range spans at most 366 days."),
        (StoreBusy("The database is busy."), "Nothing was changed"),
        (BadQuery("What?", text="x", position=0, length=1), "What?"),
        (RuntimeError("ann@example.com"), "incident ab12"),
    ],
)
async def test_every_error_has_an_answer(bot: Bot, error: Exception, said: str) -> None:
    bot.core.fails = error
    await bot.command("last=30d")
    assert said in bot.slack.posted[-1].arguments["text"]


async def test_an_unforeseen_error_is_logged_by_its_number_without_its_words(
    bot: Bot, capsys: pytest.CaptureFixture[str]
) -> None:
    bot.core.fails = RuntimeError("ann@example.com has no seat")
    await bot.command("last=30d user=ann@example.com")
    written = capsys.readouterr()
    assert "ab12" in written.out + written.err
    assert "ann@example.com" not in written.out + written.err


@pytest.mark.parametrize("text", ["help", "HELP", "?", "help filters", "examples"])
async def test_help_needs_no_role(bot: Bot, text: str) -> None:
    bot.slack.person("U7")
    await bot.command(text, user="U7")
    assert "last=30d" in bot.slack.posted[-1].arguments["text"]


async def test_every_verb_that_can_be_typed_is_answered(bot: Bot) -> None:
    assert set(usage.VERBS) == set(grammar.VERBS)
    assert all(verb.available for verb in grammar.VERBS.values())


async def test_slacks_escaping_is_taken_off_once(bot: Bot) -> None:
    assert usage.unescaped("user=&lt;x&gt; &amp;amp;") == "user=<x> &amp;"


async def test_a_mention_is_that_person_by_the_e_mail_slack_knows(bot: Bot) -> None:
    bot.slack.person("U2", profile={"email": "ben@example.com"})
    bot.slack.person("U3", is_stranger=True)
    await bot.command("user=<@U2|ben>,<@U3|eve>,<@U4>")
    assert bot.core.mentions == [{"U2": "ben@example.com"}]


async def test_owners_see_who_is_who_and_admins_do_not(bot: Bot) -> None:
    await bot.command("people")
    assert "Only an owner" in bot.slack.posted[-1].arguments["text"]
    bot.core.owners.add("U1")
    await bot.command("people")
    assert "zoe@example.com" in bot.slack.posted[-1].arguments["text"]


async def test_an_owner_matches_people_by_hand(bot: Bot) -> None:
    bot.core.owners.add("U1")
    await bot.command("people link <@U9|zoe> <mailto:zoe@example.com|zoe@example.com>")
    await bot.command('people reporter bob@example.com "Design West"')
    await bot.command("people reporter cy@example.com")
    assert bot.core.changes == [
        ("link", "U9", "zoe@example.com"),
        ("grant", "bob@example.com", "Design West"),
        ("grant", "cy@example.com", "*"),
    ]
    await bot.command("people nonsense")
    assert "people link" in bot.slack.posted[-1].arguments["text"]


@pytest.mark.parametrize("text", [*hand_made.HOSTILE, "x" * 10_000, "team=" + '"' * 2_000])
async def test_any_text_is_answered(bot: Bot, text: str) -> None:
    assert (await bot.command(text)).status == 200
    shown = [call for call in bot.slack.calls if call.method in {"response", "views.open"}]
    assert shown
    assert "incident" not in str(shown[-1].arguments.get("text"))


async def test_an_address_out_of_reach_is_followed_by_an_ephemeral_message(bot: Bot, unused_tcp_port: int) -> None:
    await bot.command("last=30d", response_url=f"http://127.0.0.1:{unused_tcp_port}/response/1")
    assert [call.method for call in bot.slack.posted] == ["chat.postEphemeral"]


async def test_an_answer_that_reaches_nobody_is_in_the_log(bot: Bot, capsys: pytest.CaptureFixture[str]) -> None:
    bot.slack.faults["response"] = ["used_url"]
    bot.slack.faults["chat.postEphemeral"] = ["user_not_in_channel"]
    bot.slack.faults["conversations.open"] = ["user_disabled"]
    await bot.command("last=30d")
    written = capsys.readouterr()
    assert "unanswered" in written.out + written.err


async def test_an_error_that_cannot_be_told_is_in_the_log(bot: Bot, capsys: pytest.CaptureFixture[str]) -> None:
    bot.slack.faults["views.update"] = ["not_found", "not_found"]
    await bot.command("")
    written = capsys.readouterr()
    assert "unanswered" in written.out + written.err


async def test_a_direct_message_is_the_last_way_even_where_ephemeral_ones_fail(bot: Bot) -> None:
    bot.slack.faults["response"] = [500, 500]
    bot.slack.faults["chat.postEphemeral"] = [500]
    await bot.command("last=30d")
    assert [call.method for call in bot.slack.posted] == [
        "response",
        "response",
        "chat.postEphemeral",
        "chat.postMessage",
    ]
