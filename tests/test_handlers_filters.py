"""The selects under a report: one choice changes one filter, in the asker's own message, with the presser's rights."""

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import pytest

from handlers import limits
from handlers.views import filters
from handlers.views import report as view
from handlers.views.filters import ALL, CUSTOM, KEPT, Controls
from reporting_core import grammar
from reporting_core.words.errors import AskAgain
from reporting_core.words.query import Vocabulary
from reporting_core.words.report import UsageReport
from reporting_core.words.shown import Shown
from tests import hand_made
from tests.bot_under_test import Bot, body_of, bot_under_test
from tests.slack_stand_in import Call

WORDS = Vocabulary(("Design", "West"), ("Revit", "AutoCAD"))
QUESTION = "team=Design last=30d"


@pytest.fixture
async def bot() -> AsyncIterator[Bot]:
    async with bot_under_test() as made:
        made.core.words = WORDS
        yield made


def selects(call: Call) -> dict[str, dict[str, Any]]:
    """The selects of a message by name, each as it is pressed."""
    (row,) = [block for block in call.blocks if str(block.get("block_id")).startswith("filters:")]
    return {
        each["action_id"].removeprefix("filter_"): {**each, "block_id": row["block_id"]} for each in row["elements"]
    }


def chosen(call: Call) -> dict[str, str]:
    return {name: each["initial_option"]["text"]["text"] for name, each in selects(call).items()}


def option(element: dict[str, Any], value: str) -> dict[str, Any]:
    return {key: element[key] for key in ("type", "action_id", "block_id")} | {"selected_option": {"value": value}}


async def choose(bot: Bot, name: str, value: str, at: Call | None = None, **changes: Any) -> Call:
    """Choose something in the newest message, or in an older one; returns the newest afterwards."""
    await bot.press(option(selects(at or bot.slack.posted[-1])[name], value), **changes)
    return bot.slack.posted[-1]


def reported(question: str, words: Vocabulary = WORDS) -> UsageReport:
    query = grammar.parse(question, words, hand_made.TODAY)
    return hand_made.report(1, query=query, canonical=grammar.canonical(query))


def row(question: str, words: Vocabulary = WORDS, listed: int = 5_000) -> dict[str, dict[str, Any]]:
    controls = Controls(Shown("token", "U1", question, 3), words)
    made = filters.filter_row(reported(question, words), controls, listed)
    assert limits.problems([made]) == []
    return {each["action_id"].removeprefix("filter_"): each for each in made["elements"]}


async def test_a_report_shows_what_is_chosen_in_every_select(bot: Bot) -> None:
    await bot.command("team=Design status=inactive last=quarter")
    assert chosen(bot.slack.posted[-1]) == {
        "team": "Design",
        "product": "All products",
        "status": "🔴 Inactive",
        "access": "Seats and Flex",
        "range": "Last quarter",
    }


@pytest.mark.parametrize(
    ("name", "value", "question"),
    [
        ("team", "West", "team=West access!=flex last=90d sort=days"),
        ("team", ALL, "access!=flex last=90d sort=days"),
        ("product", "Revit", "team=Design product=Revit access!=flex last=90d sort=days"),
        ("status", "not_yet_active", "team=Design access!=flex status=not_yet_active last=90d sort=days"),
        ("access", "flex", "team=Design access=flex last=90d sort=days"),
        ("access", KEPT, "team=Design access!=flex last=90d sort=days"),
        ("range", "12mo", "team=Design access!=flex last=12mo sort=days"),
        ("range", "month", "team=Design access!=flex last=month sort=days"),
    ],
)
async def test_a_choice_changes_one_filter_and_keeps_the_others(bot: Bot, name: str, value: str, question: str) -> None:
    await bot.command("team=Design access!=flex last=90d sort=days page=3")
    edited = await choose(bot, name, value)
    assert bot.core.asked[-1] == question
    assert (edited.method, edited.arguments["replace_original"]) == ("response", True)
    assert "Page 1 of 3" in str(edited.blocks)


async def test_what_a_select_cannot_show_stands_first_and_is_replaced_by_a_choice(bot: Bot) -> None:
    await bot.command("team=Design,West product!=Revit last=2026-09")
    shown = bot.slack.posted[-1]
    picked = chosen(shown)
    assert (picked["team"], picked["product"]) == ("Design, West (2)", "not Revit")
    assert picked["range"] == "26 Oct – 24 Nov 2026"
    await choose(bot, "team", "West")
    assert bot.core.asked[-1] == "team=West product!=Revit last=2026-09"


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("team!=Design,West", "not Design, West (2)"),
        ("team=Des*", "Des*"),
        ("team=Des* team!=West", "Des*, not West (2)"),
        ("status=active,inactive", None),
    ],
)
def test_several_negated_and_wild_names_are_said(question: str, said: str | None) -> None:
    made = row(f"{question} last=30d")
    name = question.split("=", maxsplit=1)[0].rstrip("!")
    first = made[name]["initial_option"]
    assert first["value"] == KEPT
    assert first["text"]["text"] == (said or "🟢 Active, 🔴 Inactive (2)")


def test_long_names_stay_within_slacks_limits_and_keep_their_number() -> None:
    words = Vocabulary(tuple(f"{letter * 200}" for letter in "AB"), ("#all", "#kept", " "))
    made = row(f"team={'A' * 200},{'B' * 200}", words, 10_000)
    assert made["team"]["initial_option"]["text"]["text"].endswith("… (2)")
    values = [each["value"] for each in made["product"]["options"]]
    assert len(values) == len(set(values)) == 4
    for value, name in zip(values[1:], words.products, strict=True):
        query = filters.altered(grammar.parse("", words, hand_made.TODAY), "product", value, words)
        assert query is not None
        assert grammar.literal(query.filters[0].values[0]) == name


def test_more_names_than_a_list_holds_are_looked_up() -> None:
    many = Vocabulary(tuple(f"Team {number}" for number in range(120)), ("Revit",))
    made = row('team="Team 7"', many, 100_000)
    assert [made[name]["type"] for name in ("team", "product")] == ["external_select", "static_select"]
    assert made["team"]["initial_option"]["text"]["text"] == "Team 7"
    assert len(filters.looked_up("team", many, "")) == 100
    assert filters.looked_up("team", many, "")[0]["text"]["text"] == "All teams"
    assert [each["value"] for each in filters.looked_up("team", many, "m 11")] == [
        "Team 11", *(f"Team {number}" for number in range(110, 120))
    ]  # fmt: skip


def test_where_there_is_no_room_everything_is_looked_up() -> None:
    made = row("status=inactive last=7d", listed=0)
    assert {each["type"] for each in made.values()} == {"external_select"}
    assert made["status"]["initial_option"]["text"]["text"] == "🔴 Inactive"
    assert [each["value"] for each in filters.looked_up("status", WORDS, "yet")] == ["not_yet_active"]
    assert [each["value"] for each in filters.looked_up("range", WORDS, "")][-2:] == ["12mo", CUSTOM]


async def test_a_lookup_offers_only_what_the_asker_may_name(bot: Bot) -> None:
    answer = await bot.look_up("filter_team", "des")
    assert [each["value"] for each in body_of(answer)["options"]] == ["Design"]
    assert body_of(await bot.look_up("filter_team", "des", user="U9")) == {"options": []}


async def test_two_quick_presses_are_both_heard(bot: Bot) -> None:
    await bot.command(QUESTION)
    shown = bot.slack.posted[-1]
    bot.core.takes = 0.1
    await asyncio.gather(choose(bot, "team", "West", shown), choose(bot, "status", "inactive", shown))
    assert chosen(bot.slack.posted[-1])["team"] == "West"
    assert chosen(bot.slack.posted[-1])["status"] == "🔴 Inactive"
    (kept,) = bot.core.shown.messages.values()
    assert kept.query == "team=West status=inactive last=30d"


async def test_of_two_presses_on_one_filter_the_last_one_wins_although_it_is_answered_first(bot: Bot) -> None:
    await bot.command(QUESTION)
    shown = bot.slack.posted[-1]
    bot.core.takes = 0.2
    first = asyncio.create_task(choose(bot, "team", ALL, shown))
    await asyncio.sleep(0.1)
    bot.core.takes = 0
    await choose(bot, "team", "West", shown)
    await first
    assert chosen(bot.slack.posted[-1])["team"] == "West"


async def test_a_message_that_was_overtaken_while_it_was_sent_is_made_good(bot: Bot) -> None:
    await bot.command(QUESTION)
    send = bot.core.shown.of
    calls = 0

    async def elsewhere(token: str) -> Shown | None:
        # Another process hears a press between our look before sending and the one after it.
        nonlocal calls
        calls += 1
        if calls == 4:
            now = await send(token)
            assert now is not None
            await bot.core.shown.change(now, "team=West status=unknown last=30d")
        return await send(token)

    bot.core.shown.of = elsewhere  # type: ignore[method-assign]
    await choose(bot, "team", "West")
    assert chosen(bot.slack.posted[-1])["status"] == "⚪ Unknown"


async def test_a_choice_without_an_answer_leaves_the_message_and_its_selects_as_they_were(bot: Bot) -> None:
    await bot.command(QUESTION)
    usage = bot.core.usage

    async def without_data(text: str, *arguments: Any, **more: Any) -> UsageReport:
        if "last=month" in text:
            raise AskAgain("No use is loaded for October.", ["team=Design last=30d"])
        return await usage(text, *arguments, **more)

    bot.core.usage = without_data  # type: ignore[method-assign]
    await choose(bot, "range", "month")
    again, told = bot.slack.posted[-2:]
    assert chosen(again)["range"] == "Last 30 days"
    assert again.arguments["replace_original"] is True
    assert "No use is loaded" in told.arguments["text"]
    assert told.arguments["replace_original"] is False
    (kept,) = bot.core.shown.messages.values()
    assert kept.query == QUESTION


async def test_a_failed_choice_takes_back_nothing_that_was_chosen_meanwhile(bot: Bot) -> None:
    await bot.command(QUESTION)
    shown = bot.slack.posted[-1]
    usage = bot.core.usage

    async def without_data(text: str, *arguments: Any, **more: Any) -> UsageReport:
        if "last=month" in text:
            (standing,) = bot.core.shown.messages.values()
            await bot.core.shown.change(standing, "team=West last=month")
            raise AskAgain("No use is loaded for October.")
        return await usage(text, *arguments, **more)

    bot.core.usage = without_data  # type: ignore[method-assign]
    await choose(bot, "range", "month", shown)
    (kept,) = bot.core.shown.messages.values()
    assert kept.query == "team=West last=30d"


async def test_the_block_id_changes_with_every_change(bot: Bot) -> None:
    await bot.command(QUESTION)
    before = selects(bot.slack.posted[-1])["team"]["block_id"]
    edited = await choose(bot, "team", "West")
    assert [each.split(":")[2] for each in (before, selects(edited)["team"]["block_id"])] == ["1", "2"]


async def test_pages_and_choices_go_on_from_one_another(bot: Bot) -> None:
    await bot.command(QUESTION)
    await bot.press(bot.button("page_next"))
    await bot.press(bot.button("page_next"))
    assert bot.core.asked[-1] == f"{QUESTION} page=3"
    await choose(bot, "status", "inactive")
    await bot.press(bot.button("page_next"))
    assert bot.core.asked[-1] == "team=Design status=inactive last=30d page=2"


async def test_a_report_older_than_a_month_says_so_and_offers_the_form(bot: Bot) -> None:
    await bot.command(QUESTION)
    shown = bot.slack.posted[-1]
    bot.core.shown.messages.clear()
    told = await choose(bot, "team", "West", shown)
    assert "too old to be changed here" in told.arguments["text"]
    assert told.arguments["replace_original"] is False
    assert bot.button("form")
    await bot.press({**bot.button("form")} | {"action_id": "page_next", "value": json.dumps({"q": QUESTION, "p": 2})})
    assert bot.core.asked[-1] == f"{QUESTION} page=2"


async def test_somebody_else_gets_an_own_copy_and_leaves_the_message_alone(bot: Bot) -> None:
    await bot.command(QUESTION)
    shown = bot.slack.posted[-1]
    bot.core.admins.add("U2")
    bot.slack.person("U2")
    channel: dict[str, Any] = {
        "channel": {"id": "C1"},
        "container": {"type": "message", "message_ts": "5.5", "is_ephemeral": False},
    }
    copy = await choose(bot, "status", "inactive", shown, user="U2", **channel)
    assert (copy.method, copy.arguments["replace_original"]) == ("response", False)
    assert chosen(copy)["status"] == "🔴 Inactive"
    first, second = bot.core.shown.messages.values()
    assert (first.slack_user_id, first.query, first.revision) == ("U1", QUESTION, 1)
    assert (second.slack_user_id, second.query) == ("U2", "team=Design status=inactive last=30d")
    assert not bot.slack.named("chat.update")


async def test_a_public_message_is_never_edited_not_even_by_whose_it_is(bot: Bot) -> None:
    await bot.command(QUESTION)
    channel: dict[str, Any] = {
        "channel": {"id": "C1"},
        "container": {"type": "message", "message_ts": "5.5", "is_ephemeral": False},
    }
    copy = await choose(bot, "status", "inactive", **channel)
    assert copy.arguments["replace_original"] is False
    assert next(iter(bot.core.shown.messages.values())).query == QUESTION


async def test_a_lasting_message_of_ones_own_is_changed_by_its_time_stamp(bot: Bot) -> None:
    await bot.command(QUESTION)
    direct: dict[str, Any] = {
        "channel": {"id": "D1"},
        "container": {"type": "message", "message_ts": "5.5", "is_ephemeral": False},
    }
    edited = await choose(bot, "status", "inactive", **direct)
    assert (edited.method, edited.arguments["ts"]) == ("chat.update", "5.5")


async def test_whoever_lost_the_role_gets_nothing(bot: Bot) -> None:
    await bot.command(QUESTION)
    bot.core.admins.clear()
    told = await choose(bot, "team", "West")
    assert "You are no administrator" in told.arguments["text"]
    assert len(bot.core.asked) == 1


@pytest.mark.parametrize("value", ["", "Secret", "#", KEPT * 100, "\x00", "last=30d", "#custom"])
@pytest.mark.parametrize("name", ["team", "product", "status", "access", "range"])
async def test_values_altered_by_hand_ask_for_nothing_new(bot: Bot, name: str, value: str) -> None:
    await bot.command(QUESTION)
    await choose(bot, name, value)
    assert set(bot.core.asked) == {QUESTION}


async def test_other_dates_are_picked_in_the_form_which_begins_with_those_shown(bot: Bot) -> None:
    await bot.command("team=Design status=inactive last=30d")
    await choose(bot, "range", CUSTOM)
    form = bot.slack.named("views.update")[-1].arguments["view"]
    inputs = {block["block_id"]: block["element"] for block in form["blocks"]}
    assert inputs["range"]["initial_option"]["value"] == "custom"
    assert (inputs["from"]["initial_date"], inputs["to"]["initial_date"]) == ("2026-10-26", "2026-11-24")
    assert inputs["status"]["initial_options"][0]["value"] == "inactive"
    # The form may be cancelled, so the select shows the old choice at once.
    assert chosen(bot.slack.posted[-1])["range"] == "Last 30 days"
    await bot.submit(
        {
            "team": {"type": "multi_static_select", "selected_options": [{"value": "Design"}]},
            "range": {"type": "static_select", "selected_option": {"value": "custom"}},
            "from": {"type": "datepicker", "selected_date": "2026-09-01"},
            "to": {"type": "datepicker", "selected_date": "2026-09-30"},
        },
        form["private_metadata"],
    )
    assert bot.core.asked[-1] == "team=Design from=2026-09-01 to=2026-09-30"
    assert bot.slack.posted[-1].arguments["replace_original"] is True
    (kept,) = bot.core.shown.messages.values()
    assert kept.query == "team=Design from=2026-09-01 to=2026-09-30"


async def test_a_question_too_long_to_be_typed_can_still_be_changed(bot: Bot) -> None:
    names = ",".join(f'"{letter * 100}"' for letter in "abcdefghijklmnopqrstuvwxyzABCDEFGHIJK")
    bot.core.words = replace(WORDS, people=())
    question = f"user!={names} last=30d"
    bot.core.texts["U1", "kept"] = question
    opened = await bot.core.shown.open("U1", question)
    press = {"type": "static_select", "action_id": "filter_range", "block_id": f"filters:{opened.token}:1"}
    await bot.press(press | {"selected_option": {"value": "7d"}})
    assert question in bot.core.texts.values()


def test_the_message_keeps_its_limits_with_the_names_of_a_large_account() -> None:
    words = Vocabulary(tuple(f"Team number {number}" for number in range(500)), tuple("ABCDEFGH"))
    controls = Controls(Shown("t" * 24, "U1", QUESTION, 1), words)
    for rows in (0, 1, 15, 40):
        made = view.message(hand_made.report(rows), {"q": QUESTION}, controls)
        assert limits.problems(made.blocks) == []
        assert any(str(block.get("block_id")).startswith("filters:") for block in made.blocks)
        assert made.fallback is not None
        assert limits.problems(made.fallback.blocks) == []


def test_short_lists_stand_in_the_message_and_long_ones_are_looked_up() -> None:
    words = Vocabulary(tuple(f"Team number {number}" for number in range(20)), ("Revit", "AutoCAD"))
    made = row("last=30d", words, 2_400)
    assert {name: each["type"] for name, each in made.items()} == {
        "team": "external_select",
        "product": "static_select",
        "status": "static_select",
        "access": "static_select",
        "range": "static_select",
    }
