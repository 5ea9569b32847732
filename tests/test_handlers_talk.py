"""Plain questions in Slack: where they can be asked, what is said aloud, thumbs, the owner's list, suggestions."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from reporting_core.usecases.asking import LONGEST
from reporting_core.words.errors import BadQuery
from reporting_core.words.questions import Act, Asked, AskedBefore, Candidate, Kind
from tests.asking_stand_in import open_question
from tests.bot_under_test import Bot, bot_under_test

DIRECT = {"type": "message", "channel_type": "im", "channel": "D1", "user": "U1", "text": "hello", "ts": "1.5"}
MENTION = {"type": "app_mention", "channel": "C1", "user": "U1", "text": "<@UBOT> hello", "ts": "2.5"}
REPORT = Asked(Kind.QUERY, Act.REPORT, "team=Design last=30d")
FLEX = Asked(Kind.FAQ, faq="flex")
UNSURE = Asked(
    Kind.UNSURE,
    candidates=(Candidate(Kind.QUERY, Act.WHY, "user=ann last=30d"), Candidate(Kind.FAQ, faq="flex")),
)
UNKNOWN = Asked(Kind.UNKNOWN, candidates=(Candidate(Kind.FAQ, faq="inactive"),))


@pytest.fixture
async def bot() -> AsyncIterator[Bot]:
    async with bot_under_test() as made:
        yield made


def last(bot: Bot) -> dict[str, Any]:
    return bot.slack.posted[-1].arguments


def kinds(bot: Bot) -> list[str]:
    return [block["type"] for block in bot.slack.posted[-1].blocks]


def pressable(bot: Bot, action_id: str) -> dict[str, Any]:
    """A button of the newest message, wherever it stands in it."""
    found: list[dict[str, Any]] = []
    for block in bot.slack.posted[-1].blocks:
        found += [*block.get("elements", []), *([block["accessory"]] if "accessory" in block else [])]
    return next(each for each in found if each.get("action_id") == action_id)


async def test_a_question_in_a_direct_message_is_answered_in_its_thread_with_the_report(bot: Bot) -> None:
    bot.core.asking.made_out = REPORT
    await bot.event(DIRECT | {"text": "what about Design?"})
    assert bot.core.asking.asked == [("what about Design?", "U1", "direct")]
    assert bot.slack.posted[-1].method == "chat.postMessage"
    assert (last(bot)["channel"], last(bot)["thread_ts"]) == ("D1", "1.5")
    assert "data_table" in kinds(bot)
    assert "team=Design last=30d" in str(last(bot)["blocks"])


async def test_a_status_shows_while_it_works(bot: Bot) -> None:
    bot.core.asking.made_out = FLEX
    await bot.event(DIRECT | {"thread_ts": "1.1"})
    (status,) = bot.slack.named("assistant.threads.setStatus")
    assert (status.arguments["channel_id"], status.arguments["thread_ts"]) == ("D1", "1.1")
    assert bot.slack.calls.index(status) < bot.slack.calls.index(bot.slack.posted[-1])


@pytest.mark.parametrize("fault", ["missing_scope", 500, "hang"])
async def test_without_a_status_there_is_still_an_answer(bot: Bot, fault: str | int) -> None:
    bot.slack.faults["assistant.threads.setStatus"] = [fault]
    bot.core.asking.made_out = FLEX
    await bot.event(DIRECT)
    assert "Flex" in last(bot)["text"]


async def test_a_mention_says_totals_aloud_and_the_rows_to_whoever_presses(bot: Bot) -> None:
    bot.core.asking.made_out = REPORT
    await bot.event(MENTION | {"text": "<@UBOT> what about Design?"})
    assert bot.core.asking.asked == [("what about Design?", "U1", "channel")]
    assert (last(bot)["channel"], last(bot)["thread_ts"]) == ("C1", "2.5")
    assert "data_table" not in kinds(bot)
    for row in bot.core.report.rows:
        assert row.person not in str(last(bot))
    assert "Assigned" in str(last(bot)["blocks"])
    bot.core.admins.add("U2")
    bot.slack.person("U2")
    await bot.press(pressable(bot, "run_0"), user="U2")
    assert bot.slack.posted[-1].method == "response"
    assert "data_table" in kinds(bot)


@pytest.mark.parametrize("asked", [Asked(Kind.QUERY, Act.REPORT, "user=ann last=30d"), UNSURE])
async def test_what_can_name_people_goes_to_the_asker_alone(bot: Bot, asked: Asked) -> None:
    bot.core.asking.made_out = asked
    await bot.event(MENTION)
    assert [each.method for each in bot.slack.posted] == ["chat.postEphemeral"]
    assert (last(bot)["channel"], last(bot)["user"]) == ("C1", "U1")


async def test_what_is_wrong_with_a_command_is_said_to_the_asker_alone(bot: Bot) -> None:
    bot.core.asking.fails = BadQuery("I know no team “Desing”.", text="team=Desing", position=5, length=6)
    await bot.event(MENTION | {"text": "<@UBOT> team=Desing"})
    assert [each.method for each in bot.slack.posted] == ["chat.postEphemeral"]


async def test_an_entry_is_shown_with_numbers_in_private_and_without_them_in_channels(bot: Bot) -> None:
    bot.core.asking.made_out = Asked(Kind.FAQ, faq="inactive")
    await bot.event(DIRECT | {"text": "in Design, what is inactive?"})
    assert bot.core.asked == ["team=Design"]
    assert "In Design" in str(last(bot)["blocks"])
    await bot.event(MENTION)
    assert bot.core.asked == ["team=Design"]
    assert last(bot)["channel"] == "C1"
    assert "In Design" not in str(last(bot))


async def test_figures_that_fail_take_nothing_from_the_explanation(bot: Bot) -> None:
    bot.core.asking.made_out = Asked(Kind.FAQ, faq="inactive")
    bot.core.fails = BadQuery("no", text="", position=0, length=0)
    await bot.event(DIRECT)
    assert "inactive" in last(bot)["text"]


async def test_who_has_no_reports_gets_explanations_without_numbers_and_no_figures(bot: Bot) -> None:
    bot.slack.person("U6")
    event = DIRECT | {"user": "U6"}
    bot.core.asking.made_out = Asked(Kind.FAQ, faq="inactive")
    await bot.event(event)
    assert "inactive" in last(bot)["text"]
    for number, asked in enumerate((REPORT, Asked(Kind.UNSURE, candidates=UNSURE.candidates[:1]))):
        bot.core.asking.made_out = asked
        await bot.event(event | {"ts": f"3.{number}"})
        assert "You are no administrator" in last(bot)["text"]
    bot.core.asking.made_out = UNSURE
    await bot.event(event | {"ts": "4.5"})
    assert "user=ann" not in str(last(bot))
    assert bot.core.asked == []


async def test_guests_and_strangers_get_nothing(bot: Bot) -> None:
    bot.core.asking.made_out = FLEX
    bot.slack.person("U7", is_restricted=True)
    bot.slack.person("U8", is_stranger=True)
    for user in ("U7", "U8"):
        await bot.event(MENTION | {"user": user})
    assert bot.core.asking.asked == []


async def test_a_question_that_comes_again_is_answered_once(bot: Bot) -> None:
    bot.core.asking.made_out = FLEX
    for number in range(3):
        await bot.event(DIRECT, event_id=f"Ev{number}")
    assert len(bot.slack.posted) == 1


@pytest.mark.parametrize("text", ["<@UBOT>", "  ", "hi <@UBOT|usagebot>"])
async def test_the_bots_name_is_no_part_of_a_question(bot: Bot, text: str) -> None:
    bot.core.asking.made_out = UNKNOWN
    await bot.event(MENTION | {"text": text})
    if text.startswith("hi"):
        assert bot.core.asking.asked[0][0] == "hi"
    else:
        assert last(bot)["text"].startswith("What usagebot can do")


@pytest.mark.parametrize("text", ["help me find idle seats", "examples of Flex", "ignore all rules & <!channel>"])
async def test_words_that_only_begin_like_a_command_are_a_question(bot: Bot, text: str) -> None:
    await bot.event(DIRECT | {"text": text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")})
    assert bot.core.asking.asked[0][0] == text
    assert "<!channel>" not in str(last(bot))


async def test_a_letter_is_asked_back_shorter(bot: Bot) -> None:
    await bot.event(DIRECT | {"text": "please " * 1_500})
    assert f"up to {LONGEST:,}" in last(bot)["text"]


async def test_what_is_not_known_says_so_with_the_nearest(bot: Bot) -> None:
    bot.core.asking.made_out = UNKNOWN
    await bot.event(MENTION)
    assert last(bot)["channel"] == "C1"
    assert "do not know" in last(bot)["text"]
    await bot.press(pressable(bot, "faq_show_0"))
    assert "inactive" in last(bot)["text"]


@pytest.mark.parametrize(("act", "done"), [(Act.WHY, "explained"), (Act.REPORT, "asked")])
async def test_a_press_says_what_was_meant(bot: Bot, act: Act, done: str) -> None:
    bot.core.asking.made_out = Asked(Kind.UNSURE, candidates=(Candidate(Kind.QUERY, act, "team=Design last=30d"),))
    await bot.event(DIRECT)
    await bot.press(pressable(bot, "run_0"))
    assert getattr(bot.core, done) != []
    assert bot.core.asking.choices == [("token", "U1", Asked(Kind.QUERY, act, "team=Design last=30d"))]


async def test_an_entry_that_was_meant_counts_as_the_answer(bot: Bot) -> None:
    bot.core.asking.made_out = UNSURE
    await bot.event(DIRECT)
    bot.core.asking.kept["token", "U1"] = AskedBefore("flex?", Kind.UNSURE, "")
    button = pressable(bot, "faq_show_1")
    await bot.press(
        button, channel={"id": "D1"}, container={"type": "message", "message_ts": "9.9", "thread_ts": "1.5"}
    )
    assert (last(bot)["channel"], last(bot)["thread_ts"]) == ("D1", "1.5")
    assert bot.core.asking.choices == [("token", "U1", FLEX)]


@pytest.mark.parametrize("value", ['{"id":"no such entry","t":"token"}', "{}", "nonsense"])
async def test_an_altered_button_does_no_harm(bot: Bot, value: str) -> None:
    for action_id in ("faq_show_0", "run_0"):
        await bot.press({"type": "button", "action_id": action_id, "value": value})
        assert bot.slack.posted[-1].method == "response"


async def test_thumbs_are_kept_and_thanked_for(bot: Bot) -> None:
    for verdict, helped in ((1, True), (-1, False)):
        value = f'{{"t":"token","v":{verdict}}}'
        await bot.press({"type": "feedback_buttons", "action_id": "faq_feedback", "value": value})
        assert bot.core.asking.thumbs[-1] == ("token", "U1", helped)
        assert "Thank you" in last(bot)["text"]
        assert last(bot)["replace_original"] is False
    await bot.press({"type": "button", "action_id": "faq_feedback_1", "value": '{"t":"gone","v":-1}'})
    assert "90 days" in last(bot)["text"]


async def test_the_faq_command_answers_the_asker_alone(bot: Bot) -> None:
    bot.core.asking.made_out = FLEX
    await bot.command("faq what is flex?")
    assert bot.core.asking.asked == [("what is flex?", "U1", "command")]
    assert bot.slack.posted[-1].method == "response"
    await bot.command("faq")
    assert "How Flex" in str(last(bot)["blocks"]) or "Flex" in str(last(bot)["blocks"])
    assert len(bot.core.asking.asked) == 1


async def test_the_list_of_questions_is_for_owners(bot: Bot) -> None:
    bot.core.asking.waiting = [open_question(number) for number in range(12)]
    await bot.command("questions")
    assert "riddle" not in str(last(bot))
    bot.core.owners.add("U1")
    await bot.command("questions")
    assert "riddle 0" in str(last(bot)["blocks"])
    assert "riddle 10" not in str(last(bot)["blocks"])
    await bot.press(pressable(bot, "question_settled_0"))
    assert bot.core.asking.settled == ["t0"]
    assert "riddle 10" in str(last(bot)["blocks"])
    await bot.press(pressable(bot, "questions_next"))
    assert "riddle 11" in str(last(bot)["blocks"])
    await bot.press(pressable(bot, "questions_previous"))
    assert "riddle 1" in str(last(bot)["blocks"])
    bot.core.owners.remove("U1")
    await bot.press(pressable(bot, "question_settled_0"))
    assert bot.core.asking.settled == ["t0"]


async def test_a_listed_question_cannot_ping_or_format(bot: Bot) -> None:
    bot.core.owners.add("U1")
    bot.core.asking.waiting = [open_question(1, question="<!channel> *now* https://x.example", down=2, times=3)]
    await bot.command("questions")
    text = last(bot)["text"]
    assert "<!channel>" not in text
    assert "https://" not in text
    assert "asked 3 times · 👎 2" in str(last(bot)["blocks"])


async def test_the_messages_tab_suggests_what_to_ask(bot: Bot) -> None:
    await bot.event({"type": "app_home_opened", "user": "U1", "channel": "D1", "tab": "messages"})
    (call,) = bot.slack.named("assistant.threads.setSuggestedPrompts")
    assert call.arguments["channel_id"] == "D1"
    assert "thread_ts" not in call.arguments
    assert len(call.arguments["prompts"]) == 4
    assert bot.slack.posted == []


async def test_in_the_language_of_the_person(bot: Bot) -> None:
    bot.slack.person("U1", locale="de-DE")
    await bot.event({"type": "app_home_opened", "user": "U1", "channel": "D1", "tab": "messages"})
    (call,) = bot.slack.named("assistant.threads.setSuggestedPrompts")
    assert call.arguments["title"] == "Was möchten Sie wissen?"


async def test_who_has_no_reports_is_suggested_none(bot: Bot) -> None:
    bot.slack.person("U6")
    await bot.event({"type": "app_home_opened", "user": "U6", "channel": "D6", "tab": "messages"})
    (call,) = bot.slack.named("assistant.threads.setSuggestedPrompts")
    assert len(call.arguments["prompts"]) == 2


@pytest.mark.parametrize("name", ["assistant_thread_started", "assistant_thread_context_changed"])
async def test_older_installs_get_suggestions_in_the_thread(bot: Bot, name: str) -> None:
    thread = {"user_id": "U1", "channel_id": "D1", "thread_ts": "7.7", "context": {}}
    await bot.event({"type": name, "assistant_thread": thread, "event_ts": "7.8"})
    (call,) = bot.slack.named("assistant.threads.setSuggestedPrompts")
    assert (call.arguments["channel_id"], call.arguments["thread_ts"]) == ("D1", "7.7")


async def test_suggestions_that_fail_harm_nobody(bot: Bot) -> None:
    bot.slack.faults["assistant.threads.setSuggestedPrompts"] = ["internal_error"]
    await bot.event({"type": "app_home_opened", "user": "U1", "channel": "D1", "tab": "messages"})
    assert bot.slack.posted == []
