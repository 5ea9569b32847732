"""Menus, pickers and buttons inside messages: what the bot hears of them, with the state of the whole message."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from typing import Any

import pytest

from bot.playground import Options
from tests.gallery import option, plain
from tests.playground_cast import Stage, raise_curtain, until

Json = dict[str, Any]
TEAMS = [option("Design", "d"), option("Field", "f")]
CONFIRM = {"title": plain("Sure?"), "text": plain("All see it."), "confirm": plain("Yes"), "deny": plain("No")}


def row(*elements: Json, block_id: str = "row") -> Json:
    return {"type": "actions", "block_id": block_id, "elements": [*elements]}


TEAM = {"type": "static_select", "action_id": "team", "options": TEAMS, "initial_option": TEAMS[0]}
DAY = {"type": "datepicker", "action_id": "day", "initial_date": "2026-11-01"}
SORT = {"type": "multi_static_select", "action_id": "sort", "options": TEAMS}
FEEDBACK = {
    "type": "feedback_buttons",
    "action_id": "feedback",
    "positive_button": {"text": plain("Good"), "value": "up"},
    "negative_button": {"text": plain("Bad"), "value": "down"},
}
SHARE = {"type": "button", "action_id": "share", "text": plain("Share"), "value": "7", "confirm": CONFIRM}
MORE = {"type": "overflow", "action_id": "more", "options": TEAMS}
BLOCKS = [
    row(TEAM, DAY, SHARE, MORE),
    {"type": "section", "block_id": "by", "text": plain("Sort by"), "accessory": SORT},
    {"type": "context_actions", "block_id": "thanks", "elements": [FEEDBACK]},
]


@pytest.fixture
async def stage() -> AsyncIterator[Stage]:
    async with AsyncExitStack() as stack:
        yield await raise_curtain(stack, time.time, Options(retry_delays=()))


async def bodies(stage: Stage, *actions: str) -> list[Json]:
    """Connect a bot that notes these actions."""
    app, seen = stage.app(), []

    async def note(ack: Any, body: Any) -> None:
        await ack()
        seen.append(body)

    for name in actions:
        app.action(name)(note)
    await stage.bot(app)
    return seen


async def shown(stage: Stage, blocks: list[Json] = BLOCKS) -> str:
    return str((await stage.client.chat_postMessage(channel="C0GENERAL", text="x", blocks=blocks))["ts"])


async def press(stage: Stage, ts: str, action_id: str, block_id: str = "row", **chosen: Any) -> Json:
    place = {"channel": "C0GENERAL", "message_ts": ts, "block_id": block_id, "action_id": action_id}
    answer: Json = await stage.page.post("action", **place, **chosen)
    return answer


async def test_every_action_carries_the_state_of_the_whole_message(stage: Stage) -> None:
    seen = await bodies(stage, "team", "day", "share", "more", "sort", "feedback")
    ts = await shown(stage)
    for pressed in (
        {"action_id": "share"},
        {"action_id": "team", "selected_option": TEAMS[1]},
        {"action_id": "day", "selected_date": "2026-11-02"},
        {"action_id": "sort", "block_id": "by", "selected_options": [TEAMS[1], TEAMS[0]]},
        {"action_id": "more", "selected_option": TEAMS[1]},
        {"action_id": "feedback", "block_id": "thanks", "value": "down"},
    ):
        assert (await press(stage, ts, **pressed))["ok"], pressed
    await until(lambda: len(seen) == 6)
    first = seen[0]
    assert first["container"] == {
        "type": "message",
        "message_ts": ts,
        "channel_id": "C0GENERAL",
        "is_ephemeral": False,
    }
    assert (first["message"]["ts"], first["channel"]["name"]) == (ts, "general")
    assert {"response_url", "trigger_id"} <= first.keys()
    assert (first["actions"][0]["value"], first["actions"][0]["confirm"]["title"]["text"]) == ("7", "Sure?")
    values = first["state"]["values"]
    assert values["row"]["team"]["selected_option"]["value"] == "d"
    assert values["row"]["day"] == {"type": "datepicker", "selected_date": "2026-11-01"}
    assert values["by"]["sort"] == {"type": "multi_static_select", "selected_options": []}
    assert values.keys() == {"row", "by"}, "buttons and overflow menus have no state"
    last = seen[-1]["state"]["values"]
    assert last["row"]["team"]["selected_option"]["value"] == "f"
    assert last["row"]["day"]["selected_date"] == "2026-11-02"
    assert [each["value"] for each in last["by"]["sort"]["selected_options"]] == ["f", "d"]
    assert seen[1]["actions"][0]["initial_option"]["value"] == "d"
    assert seen[4]["actions"][0]["selected_option"]["value"] == "f"
    assert (seen[5]["actions"][0]["value"], seen[5]["actions"][0]["text"]["text"]) == ("down", "Bad")


async def test_each_person_has_chosen_for_themselves(stage: Stage) -> None:
    seen = await bodies(stage, "team", "share")
    ts = await shown(stage)
    await press(stage, ts, "team", selected_option=TEAMS[1])
    place = {"channel": "C0GENERAL", "message_ts": ts, "block_id": "row", "action_id": "share"}
    await stage.page.acting_as("U0MEMBER").post("action", **place)
    await until(lambda: len(seen) == 2)
    assert seen[1]["state"]["values"]["row"]["team"]["selected_option"]["value"] == "d"


async def test_what_was_chosen_outlives_an_update_unless_it_is_gone(stage: Stage) -> None:
    seen = await bodies(stage, "team", "share")
    ts = await shown(stage)
    await press(stage, ts, "team", selected_option=TEAMS[1])

    async def changed(team: Json) -> Any:
        await stage.client.chat_update(channel="C0GENERAL", ts=ts, text="y", blocks=[row(team, SHARE)])
        heard = len(seen)
        await press(stage, ts, "share")
        await until(lambda: len(seen) > heard)
        return seen[-1]["state"]["values"]["row"]["team"]["selected_option"]["value"]

    assert await changed(TEAM) == "f"
    only = {**TEAM, "options": [TEAMS[0], option("Site", "s")]}
    assert await changed(only) == "d"


async def test_nobody_chooses_what_is_not_offered(stage: Stage) -> None:
    await bodies(stage, "team", "feedback")
    ts = await shown(stage)
    assert (await press(stage, ts, "team", selected_option=option("Other", "o")))["error"] == "invalid_option"
    answer = await press(stage, ts, "feedback", "thanks", value="sideways")
    assert answer["error"] == "invalid_option"


async def test_an_ephemeral_answer_is_edited_through_its_response_address(stage: Stage) -> None:
    seen = await bodies(stage, "share")
    sent = await stage.client.chat_postEphemeral(channel="C0GENERAL", user="U0PRIMARY", text="one", blocks=BLOCKS)
    await press(stage, sent["message_ts"], "share")
    await until(lambda: seen)
    assert (seen[0]["container"]["is_ephemeral"], "message" in seen[0]) == (True, False)
    edit = {"text": "two", "replace_original": True, "blocks": BLOCKS[:1]}
    async with stage.page.session.post(seen[0]["response_url"], json=edit) as response:
        assert response.status == 200
    [message] = await stage.page.messages()
    assert (message["text"], message["ephemeral"], len(message["blocks"])) == ("two", True, 1)
    wrong = {"text": "three", "replace_original": True, "blocks": [row({"type": "static_select", "options": []})]}
    async with stage.page.session.post(seen[0]["response_url"], json=wrong) as response:
        assert (response.status, (await response.json())["error"]) == (400, "invalid_blocks")
    assert (await stage.page.messages())[0]["text"] == "two"


async def suggested(stage: Stage, offered: Json) -> tuple[Json, Json]:
    """What the page gets when the bot answers with this, and what the bot was asked."""
    app, asked = stage.app(), []

    @app.options("pick")
    async def pick(ack: Any, body: Any) -> None:
        asked.append(body)
        await ack(**offered)

    await stage.bot(app)
    menu = {"type": "external_select", "action_id": "pick", "min_query_length": 0}
    ts = await shown(stage, [row(menu)])
    place = {"channel": "C0GENERAL", "message_ts": ts, "block_id": "row", "action_id": "pick"}
    return await stage.page.post("options", **place, value="De"), asked[0]


async def test_a_menu_asks_for_its_options_and_says_where_it_stands(stage: Stage) -> None:
    answer, asked = await suggested(stage, {"options": TEAMS})
    assert answer == {"ok": True, "options": TEAMS}
    assert (asked["type"], asked["value"], asked["action_id"]) == ("block_suggestion", "De", "pick")
    assert (asked["container"]["type"], asked["message"]["text"]) == ("message", "x")
    assert asked["channel"] == {"id": "C0GENERAL", "name": "general"}


@pytest.mark.parametrize(
    "offered",
    [
        {"options": [option("x" * 76, "v")]},
        {"options": [option("x", str(n)) for n in range(101)]},
        {"option_groups": [{"label": plain("Teams"), "options": []}]},
    ],
)
async def test_options_that_slack_would_not_take_are_none(stage: Stage, offered: Json) -> None:
    answer, _asked = await suggested(stage, offered)
    assert answer["error"] == "invalid_options"


async def test_a_menu_without_a_bot_says_so(stage: Stage) -> None:
    ts = await shown(stage, [row({"type": "external_select", "action_id": "pick"})])
    place = {"channel": "C0GENERAL", "message_ts": ts, "block_id": "row", "action_id": "pick"}
    assert (await stage.page.post("options", **place, value="De"))["error"] == "dispatch_failed"
