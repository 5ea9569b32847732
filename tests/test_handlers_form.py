"""The form: opened at once, filled in, checked, answered where it was called."""

from collections.abc import AsyncIterator
from datetime import date
from typing import Any

import pytest

from handlers import limits
from handlers.views import filled, form
from reporting_core import grammar
from reporting_core.words.query import Between, Calendar, Filter, Key, Sort, SortKey, UsageQuery, Vocabulary
from tests import hand_made
from tests.bot_under_test import Bot, body_of, bot_under_test

WORDS = Vocabulary(("Design", "Build"), ("Revit", "AutoCAD"))
MANY = Vocabulary(
    ("Design", "Build", *(f"Team {number}" for number in range(150))),
    ("Revit", "AutoCAD", *(f"Product {number}" for number in range(101))),
)


@pytest.fixture
async def bot() -> AsyncIterator[Bot]:
    async with bot_under_test() as made:
        yield made


def chosen(*values: str) -> dict[str, Any]:
    return {"type": "multi_static_select", "selected_options": [{"value": value} for value in values]}


def one(value: str) -> dict[str, Any]:
    return {"type": "static_select", "selected_option": {"value": value}}


def typed(value: str) -> dict[str, Any]:
    return {"type": "plain_text_input", "value": value}


def picked(value: str | None) -> dict[str, Any]:
    return {"type": "datepicker", "selected_date": value}


def as_left(view: dict[str, Any]) -> dict[str, Any]:
    """Return the state that Slack sends when somebody submits a form without touching it."""
    state = {}
    for block in view["blocks"]:
        element = block["element"]
        held = {
            "selected_options": element.get("initial_options", []),
            "selected_option": element.get("initial_option"),
            "selected_date": element.get("initial_date"),
            "value": element.get("initial_value"),
        }
        state[block["block_id"]] = {element["action_id"]: {"type": element["type"], **held}}
    return state


async def test_the_bare_command_opens_a_form_at_once_and_fills_it_in(bot: Bot) -> None:
    bot.core.last = "team=Design status=inactive last=90d"
    await bot.command("")
    opened, updated = (bot.slack.named(method)[0].arguments for method in ("views.open", "views.update"))
    assert "Fetching" in str(opened["view"])
    assert updated["view_id"] == "V1"
    fields = {block["block_id"]: block["element"] for block in updated["view"]["blocks"]}
    assert [each["value"] for each in fields["team"]["initial_options"]] == ["Design"]
    assert [each["value"] for each in fields["status"]["initial_options"]] == ["inactive"]
    assert fields["range"]["initial_option"]["value"] == "last=90d"
    assert bot.slack.posted == []


async def test_the_form_is_answered_where_it_was_called(bot: Bot) -> None:
    await bot.command("")
    metadata = bot.slack.named("views.update")[0].arguments["view"]["private_metadata"]
    answer = await bot.submit({"team": chosen("Design"), "range": one("last=30d")}, metadata)
    assert body_of(answer) == {}
    assert bot.core.asked == ["team=Design last=30d"]
    assert [call.method for call in bot.slack.posted] == ["response"]
    assert "data_table" in str(bot.slack.posted[0].arguments)


async def test_a_form_without_a_place_is_answered_by_direct_message(bot: Bot) -> None:
    await bot.submit({"range": one("last=30d")})
    assert [call.method for call in bot.slack.posted] == ["chat.postMessage"]


async def test_change_opens_the_form_with_the_question_of_the_message_and_replaces_it(bot: Bot) -> None:
    await bot.command("product=Revit last=3mo")
    await bot.press(bot.button("change"))
    view = bot.slack.named("views.update")[0].arguments["view"]
    fields = {block["block_id"]: block["element"] for block in view["blocks"]}
    assert [each["value"] for each in fields["product"]["initial_options"]] == ["Revit"]
    await bot.submit(as_state(view), view["private_metadata"])
    assert bot.core.asked[-1] == "product=Revit last=3mo"
    assert bot.slack.posted[-1].arguments["replace_original"] is True


def as_state(view: dict[str, Any]) -> dict[str, Any]:
    return {name: element for block in as_left(view).values() for name, element in block.items()}


@pytest.mark.parametrize(
    ("values", "where", "what"),
    [
        ({"range": one("custom")}, "from", "Choose the first day"),
        (
            {"range": one("custom"), "from": picked("2026-11-24"), "to": picked("2026-11-01")},
            "to",
            "before the first one",
        ),
        ({"range": one("custom"), "from": picked("2025-01-01"), "to": picked("2026-11-01")}, "to", "at most 366"),
        ({"typed": typed("team=Desgin")}, "typed", "Design"),
        ({"team": chosen("Secret")}, "typed", "Secret"),
    ],
)
async def test_faults_are_shown_beside_the_input(bot: Bot, values: dict[str, Any], where: str, what: str) -> None:
    answer = body_of(await bot.submit(values))
    assert answer["response_action"] == "errors"
    assert list(answer["errors"]) == [where]
    assert what in answer["errors"][where]
    assert bot.core.asked == []


DATES_TOO = {"range": one("last=30d"), "from": picked("2026-09-01")}


async def test_dates_that_would_not_be_used_are_asked_about(bot: Bot) -> None:
    answer = body_of(await bot.submit(DATES_TOO))
    assert list(answer["errors"]) == ["range"]
    assert bot.core.asked == []


def test_dates_that_stood_there_give_way_to_another_range() -> None:
    opened = form.form(UsageQuery(range=Between(date(2026, 9, 1), date(2026, 9, 30))), WORDS, "")
    state = as_left(opened) | {"range": {"range": one("last=90d")}}
    read = filled.read(state, WORDS, opened["blocks"])
    assert (read.errors, read.text) == ({}, "last=90d")


async def test_a_trigger_that_came_too_late_says_what_to_press(bot: Bot) -> None:
    bot.slack.faults["views.open"] = ["expired_trigger_id"]
    await bot.command("")
    assert "press the button again" in bot.slack.posted[-1].arguments["text"]
    assert bot.button("form")


async def test_what_goes_wrong_while_the_names_are_fetched_is_said_in_the_form(bot: Bot) -> None:
    bot.core.fails = RuntimeError()
    await bot.command("")
    assert "incident ab12" in str(bot.slack.named("views.update")[0].arguments["view"])


async def test_a_last_question_that_no_longer_reads_leaves_the_form_empty(bot: Bot) -> None:
    bot.core.last = "team=Gone last=30d"
    await bot.command("")
    assert "initial_options" not in str(bot.slack.named("views.update")[0].arguments["view"]["blocks"][0])


async def test_many_names_are_looked_up_while_typing(bot: Bot) -> None:
    bot.core.words = MANY
    assert [each["value"] for each in body_of(await bot.look_up("team", "m 14"))["options"]] == [
        "Team 14",
        *(f"Team 14{digit}" for digit in range(10)),
    ]
    assert len(body_of(await bot.look_up("product", ""))["options"]) == 100


async def test_only_names_the_asker_may_use_are_looked_up(bot: Bot) -> None:
    bot.slack.person("U6")
    assert body_of(await bot.look_up("team", "", user="U6")) == {"options": []}


HOSTILE_WORDS = Vocabulary(tuple(hand_made.HOSTILE[:17]), ("A*B", "all", 'Rev"it', "x" * 200, "y" * 200, "back\\slash"))

QUESTIONS = [
    UsageQuery(),
    UsageQuery(filters=(Filter(Key.TEAM, ("Design", "Build")),)),
    UsageQuery(filters=(Filter(Key.TEAM, ("Design",), negated=True),)),
    UsageQuery(filters=(Filter(Key.PRODUCT, ("Rev*",)), Filter(Key.GROUP, ("none",)))),
    UsageQuery(filters=(Filter(Key.USER, ("ann lee",)), Filter(Key.STATUS, ("inactive", "unknown")))),
    UsageQuery(filters=(Filter(Key.ACCESS, ("flex",)), Filter(Key.ASSIGNED, ("yes",), negated=True)), top=20),
    UsageQuery(range=Between(date(2026, 9, 1), date(2026, 9, 30))),
    UsageQuery(range=Between(date(2026, 9, 1))),
    UsageQuery(range=Between("yesterday")),
    UsageQuery(range=Calendar("2026-q3")),
    UsageQuery(sort=(Sort(SortKey.DAYS, descending=True), Sort(SortKey.PERSON))),
    UsageQuery(sort=(Sort(SortKey.DAYS),)),
]


@pytest.mark.parametrize("query", QUESTIONS, ids=grammar.canonical)
@pytest.mark.parametrize("words", [WORDS, MANY], ids=["few", "many"])
def test_a_form_left_as_it_was_asks_the_same_question_again(query: UsageQuery, words: Vocabulary) -> None:
    view = form.form(query, words, "")
    assert limits.view_problems(view) == []
    read = filled.read(as_left(view), words)
    assert read.errors == {}
    assert grammar.parse(read.text, words, hand_made.TODAY) == query


@pytest.mark.parametrize("name", HOSTILE_WORDS.products)
def test_a_chosen_name_means_exactly_that_name(name: str) -> None:
    view = form.form(UsageQuery(), HOSTILE_WORDS, "")
    assert limits.view_problems(view) == []
    state = as_left(view)
    option = next(each for each in form.options(HOSTILE_WORDS.products) if each["value"] == form.option_value(name))
    state["product"]["product"]["selected_options"] = [option]
    query = grammar.parse(filled.read(state, HOSTILE_WORDS).text, HOSTILE_WORDS, hand_made.TODAY)
    assert [grammar.literal(value) for each in query.of(Key.PRODUCT) for value in each.values] == [name]


@pytest.mark.parametrize(
    "words",
    [Vocabulary(), WORDS, MANY, Vocabulary(hand_made.HOSTILE, hand_made.HOSTILE)],
    ids=["none", "few", "many", "bad"],
)
def test_forms_keep_every_limit(words: Vocabulary) -> None:
    for view in (form.loading("x" * 3_000), form.ended("x" * 9_000), form.form(UsageQuery(), words, "x" * 3_000)):
        assert limits.view_problems(view) == []
