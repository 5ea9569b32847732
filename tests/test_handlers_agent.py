"""Handing a question over to a person: the form filled in, the message in the channel, the link; what goes wrong."""

import json
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from handlers.limits import problems, view_problems
from handlers.views import support as view
from handlers.views.support import LONGEST_LINK, Case, Support
from reporting_core.words.questions import AskedBefore, Kind
from tests.bot_under_test import Bot, body_of, bot_under_test

CHANNEL = "C0SUPPORT1"
LINK = "https://help.example.com/new?team={team}&what={question}"
CASE = {"question": "Why is Ann <!channel> inactive?", "team": "Design", "product": "Revit", "range": "last=90d"}


@pytest.fixture
async def bot() -> AsyncIterator[Bot]:
    async with bot_under_test() as made:
        made.desk.support = Support(CHANNEL, plan="premium")
        yield made


async def send(bot: Bot, view_id: str = "V1", user: str = "U1", **changes: str) -> Any:
    values = {name: {name: {"type": "plain_text_input", "value": text}} for name, text in (CASE | changes).items()}
    metadata = json.dumps({"r": bot.slack.response_url, "c": "C1", "m": "", "e": False})
    form = {"type": "modal", "callback_id": view.CALLBACK, "id": view_id, "state": {"values": values}}
    body = bot._interaction("view_submission", user) | {"view": form | {"private_metadata": metadata}}
    return await bot.dispatch(body)


def last_view(bot: Bot) -> str:
    return str(bot.slack.named("views.update")[-1].arguments["view"])


async def sent(bot: Bot, **changes: str) -> str:
    """Send the form; returns what then stands in its place."""
    return str(body_of(await send(bot, **changes))["view"])


def filled(bot: Bot) -> dict[str, str]:
    """What the form shows in its fields."""
    blocks = bot.slack.named("views.update")[-1].arguments["view"]["blocks"]
    fields = [block for block in blocks if block["type"] == "input"]
    return {block["block_id"]: block["element"].get("initial_value", "") for block in fields}


def button(token: str) -> dict[str, Any]:
    return {"type": "button", "action_id": "agent", "value": f'{{"t":"{token}"}}'}


async def test_the_form_is_filled_in_with_the_question_and_the_last_report(bot: Bot) -> None:
    bot.core.last = "team=Design product=Revit,AutoCAD last=90d"
    await bot.command("agent Why is that so?")
    assert filled(bot) == {
        "question": "Why is that so?",
        "team": "Design",
        "product": "Revit, AutoCAD",
        "range": "last=90d",
    }
    assert "around the clock" in last_view(bot)


async def test_under_an_answer_with_the_question_that_it_answers(bot: Bot) -> None:
    bot.core.asking.kept["t1", "U1"] = AskedBefore("who in Build?", Kind.QUERY, "team=Build last=7d")
    bot.core.last = "team=Design last=90d"
    await bot.press(button("t1"))
    assert filled(bot) == {"question": "who in Build?", "team": "Build", "product": "", "range": "last=7d"}


async def test_the_question_of_somebody_else_is_not_filled_in(bot: Bot) -> None:
    bot.core.asking.kept["t1", "U2"] = AskedBefore("who in Build?", Kind.QUERY, "team=Build last=7d")
    await bot.press(button("t1"))
    assert filled(bot) == {"question": "", "team": "", "product": "", "range": ""}


async def test_who_has_no_reports_can_reach_a_person_too(bot: Bot) -> None:
    bot.slack.person("U6")
    bot.core.last = "team=Design last=90d"
    await bot.command("agent help me", user="U6")
    assert filled(bot) == {"question": "help me", "team": "", "product": "", "range": ""}


async def test_the_case_is_posted_once_and_confirmed_with_a_link_to_it(bot: Bot) -> None:
    bot.slack.permalink = "https://acme.slack.com/archives/C0SUPPORT1/p1"
    shown = await sent(bot)
    await send(bot)
    (posted,) = bot.slack.named("chat.postMessage")
    assert posted.arguments["channel"] == CHANNEL
    said = json.dumps(posted.arguments["blocks"], ensure_ascii=False)
    for part in ("U1", "Why is Ann <!channel> inactive?", "Design", "Revit", "last=90d", "Premium"):
        assert part in said
    assert "<!channel>" not in posted.arguments["text"]
    assert f"<#{CHANNEL}>" in shown
    assert "https://acme.slack.com/archives/C0SUPPORT1/p1" in shown


async def test_a_form_sent_twice_says_so(bot: Bot) -> None:
    await send(bot)
    assert "handed over already" in str(body_of(await send(bot)))
    await send(bot, view_id="V2")
    assert len(bot.slack.named("chat.postMessage")) == 2


async def test_an_empty_question_is_asked_for(bot: Bot) -> None:
    answer = body_of(await send(bot, question="  "))
    assert answer["response_action"] == "errors"
    assert "question" in answer["errors"]
    assert bot.slack.named("chat.postMessage") == []


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        ("is_archived", "archived"),
        ("not_in_channel", "no member"),
        ("channel_not_found", "cannot be found"),
        ("restricted_action", "did not take"),
        (500, "did not take"),
    ],
)
async def test_a_channel_that_takes_nothing_loses_nothing(bot: Bot, fault: str | int, said: str) -> None:
    bot.slack.faults["chat.postMessage"] = [fault]
    shown = await sent(bot)
    assert said in shown
    assert "Why is Ann <!channel> inactive?" in shown
    assert "send it to Ann (IT desk)" in shown


async def test_with_a_link_set_too_that_is_the_way_on(bot: Bot) -> None:
    bot.desk.support = replace(bot.desk.support, link=LINK)
    bot.slack.faults["chat.postMessage"] = ["is_archived"]
    assert "https://help.example.com/new?team=Design&what=Why%20is%20Ann" in await sent(bot)


async def test_a_lost_answer_is_not_called_a_failure(bot: Bot) -> None:
    bot.slack.faults["chat.postMessage"] = ["hang"]
    assert "Handing your question over" in await sent(bot)
    assert "look there before you send it again" in last_view(bot)
    assert len(bot.slack.named("chat.postMessage")) == 1


async def test_refused_blocks_go_as_text(bot: Bot) -> None:
    bot.slack.faults["chat.postMessage"] = ["invalid_blocks"]
    shown = await sent(bot)
    first, second = bot.slack.named("chat.postMessage")
    assert first.blocks
    assert not second.blocks
    assert "<@U1>" in second.arguments["text"]
    assert f"<#{CHANNEL}>" in shown


async def test_a_form_that_was_closed_meanwhile_is_answered_where_it_was_called(bot: Bot) -> None:
    bot.slack.faults["chat.postMessage"] = ["hang"]
    bot.slack.faults["views.update"] = ["not_found"]
    await send(bot)
    assert bot.slack.posted[-1].method == "response"
    assert "Slack did not answer in time" in bot.slack.posted[-1].arguments["text"]


async def test_without_a_channel_the_link_is_given_filled_in(bot: Bot) -> None:
    bot.desk.support = Support(link=LINK, plan="standard")
    bot.core.last = "team=Design last=90d"
    await bot.command("agent Why & how?")
    said = json.dumps(bot.slack.posted[-1].blocks, ensure_ascii=False)
    assert "https://help.example.com/new?team=Design&what=Why%20%26%20how%3F" in said
    assert "business hours" in said
    assert bot.slack.named("views.open") == []


async def test_with_nothing_set_the_contact_is_named(bot: Bot) -> None:
    bot.desk.support = Support()
    await bot.press(button("t1"))
    said = bot.slack.posted[-1].arguments
    assert "Please ask Ann (IT desk)" in said["text"]
    assert said["replace_original"] is False


async def test_in_a_conversation_a_button_opens_the_form(bot: Bot) -> None:
    event = {"type": "message", "channel_type": "im", "channel": "D1", "user": "U1", "ts": "1.5"}
    await bot.event(event | {"text": "agent Why is that so?"})
    await bot.press(bot.button("agent"))
    assert filled(bot)["question"] == "Why is that so?"


@pytest.mark.parametrize(
    ("template", "address"),
    [
        (
            "https://x.example/{team}/{product}?q={question}",
            "https://x.example/Rail%20%26%20Road/?q=a%2Fb%3F%20%22c%22",
        ),
        ("https://x.example/", "https://x.example/?question=a%2Fb%3F%20%22c%22&team=Rail%20%26%20Road"),
        ("https://x.example/?form=1", "https://x.example/?form=1&question=a%2Fb%3F%20%22c%22&team=Rail%20%26%20Road"),
        ("mailto:help@x.example?body={question}", "mailto:help@x.example?body=a%2Fb%3F%20%22c%22"),
    ],
)
def test_values_in_a_link_are_encoded(template: str, address: str) -> None:
    assert view.link(template, Case('a/b? "c"', "Rail & Road")) == address


def test_a_bare_mail_address_gets_a_subject_and_all_that_is_known() -> None:
    address = urlsplit(view.link("mailto:help@x.example", Case("Why?", "Design", "Revit", "last=30d")))
    assert parse_qs(address.query) == {
        "subject": ["Contact an agent"],
        "body": ["Why?\nTeam: Design\nProduct: Revit\nRange: last=30d"],
    }


@pytest.mark.parametrize("question", ["💥" * 2_000, "{team}{question}" * 100, "\ud800"])
def test_a_link_stays_within_what_a_button_holds(question: str) -> None:
    address = view.link("https://x.example/?q={question}", Case(question, "Design"))
    assert len(address) <= LONGEST_LINK
    assert address.isascii()


def test_everything_stays_within_slacks_limits() -> None:
    case = Case("?" * 5_000, "T" * 500, "P" * 500, "r" * 200).cut()
    support = Support(CHANNEL, LINK, "enterprise")
    for message in (
        view.posted(case, "U1", support),
        view.by_link(case, support),
        view.failed("No.", case, support, "Ann"),
    ):
        assert problems(message.blocks) == []
    for form in (view.form(case, support, "x" * 3_000), view.shown_in(view.failed("No.", case, support, "Ann"))):
        assert view_problems(form) == []
