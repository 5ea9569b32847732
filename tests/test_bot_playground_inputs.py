"""What people fill in and press in modals, Home and messages, and what of it reaches the bot."""

import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from typing import Any

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError

from bot.playground import Options
from tests.playground_cast import CREDENTIALS, Stage, raise_curtain, until

Json = dict[str, Any]


@pytest.fixture
async def stage() -> AsyncIterator[Stage]:
    async with AsyncExitStack() as stack:
        yield await raise_curtain(stack, time.time, Options(ack_seconds=0.5, retry_delays=()))


def plain(text: str) -> Json:
    return {"type": "plain_text", "text": text}


def options(*values: str) -> list[Json]:
    return [{"text": plain(value.title()), "value": value} for value in values]


def modal(*elements: Json, optional: bool = False) -> Json:
    blocks = [
        {"type": "input", "block_id": f"b{n}", "label": plain("x"), "element": element, "optional": optional}
        for n, element in enumerate(elements)
    ]
    return {"type": "modal", "title": plain("Ask"), "submit": plain("Go"), "callback_id": "ask", "blocks": blocks}


async def submitted(stage: Stage, view: Json, values: Json) -> Json:
    opened = stage.playground.modals.open("U0PRIMARY", view)
    answer: Json = await stage.page.post("view", view_id=opened.id, do="submit", state={"values": values})
    return answer


@pytest.mark.parametrize(
    ("element", "typed", "error"),
    [
        ({"type": "plain_text_input", "min_length": 3}, "ab", "Please enter at least 3 characters."),
        ({"type": "plain_text_input", "max_length": 3}, "abcd", "Please enter no more than 3 characters."),
        ({"type": "number_input", "is_decimal_allowed": False}, "1.5", "Please enter a valid number."),
        (
            {"type": "number_input", "is_decimal_allowed": True, "min_value": "2"},
            "1.5",
            "Please enter a number of at least 2.",
        ),
        (
            {"type": "number_input", "is_decimal_allowed": True, "max_value": "1"},
            "1.5",
            "Please enter a number of at most 1.",
        ),
        ({"type": "email_text_input"}, "ann", "Please enter a valid email address."),
        ({"type": "url_text_input"}, "example", "Please enter a valid URL."),
        ({"type": "plain_text_input"}, "", "Please complete this required field."),
    ],
)
async def test_slack_itself_stops_what_is_malformed(stage: Stage, element: Json, typed: str, error: str) -> None:
    values = {"b0": {"a": {"type": element["type"], "value": typed}}}
    answer = await submitted(stage, modal({**element, "action_id": "a"}), values)
    assert answer == {"ok": True, "closed": False, "errors": {"b0": error}}


async def test_every_input_reaches_the_bot_as_state(stage: Stage) -> None:
    app = stage.app()
    seen: list[Any] = []

    @app.view("ask")
    async def ask(ack: Any, view: Any) -> None:
        seen.append(view["state"]["values"])
        await ack()

    await stage.bot(app)
    one, two = options("one", "two")
    view = modal(
        {"type": "static_select", "action_id": "a", "options": [one, two], "initial_option": one},
        {"type": "multi_static_select", "action_id": "a", "options": [one, two]},
        {"type": "datepicker", "action_id": "a", "initial_date": "2026-11-01"},
        {"type": "checkboxes", "action_id": "a", "options": [one, two], "initial_options": [two]},
        {"type": "users_select", "action_id": "a"},
        {"type": "email_text_input", "action_id": "a"},
        optional=True,
    )
    values = {
        "b1": {"a": {"type": "multi_static_select", "selected_options": [one, two]}},
        "b2": {"a": {"type": "datepicker", "selected_date": None}},
        "b5": {"a": {"type": "email_text_input", "value": "ann@example.com"}},
    }
    full = {key: normal(value) for key, value in {"one": one, "two": two}.items()}
    assert (await submitted(stage, view, values))["closed"] is True
    assert seen[0] == {
        "b0": {"a": {"type": "static_select", "selected_option": full["one"]}},
        "b1": {"a": {"type": "multi_static_select", "selected_options": [one, two]}},
        "b2": {"a": {"type": "datepicker", "selected_date": None}},
        "b3": {"a": {"type": "checkboxes", "selected_options": [full["two"]]}},
        "b4": {"a": {"type": "users_select", "selected_user": None}},
        "b5": {"a": {"type": "email_text_input", "value": "ann@example.com"}},
    }


def normal(option: Json) -> Json:
    return {**option, "text": {**option["text"], "emoji": True}}


async def test_elements_of_home_and_modals_send_actions_with_the_view(stage: Stage) -> None:
    app = stage.app()
    seen: list[Any] = []

    async def note(ack: Any, body: Any) -> None:
        await ack()
        seen.append(body)

    app.action("pick")(note)
    await stage.bot(app)
    menu = {"type": "static_select", "action_id": "pick", "options": options("one", "two")}
    block = {"type": "section", "block_id": "b", "text": plain("x"), "accessory": menu}
    home = (await stage.client.views_publish(user_id="U0PRIMARY", view={"type": "home", "blocks": [block]}))["view"]
    press = {"view_id": home["id"], "block_id": "b", "action_id": "pick"}
    foreign = await stage.page.post("action", **press, selected_option=options("three")[0])
    assert foreign["error"] == "invalid_option"
    assert (await stage.page.post("action", **press, selected_option=options("two")[0]))["ok"]
    await until(lambda: seen)
    assert seen[0]["actions"][0]["selected_option"]["value"] == "two"
    assert seen[0]["view"]["state"]["values"]["b"]["pick"]["selected_option"]["value"] == "two"
    assert seen[0]["container"] == {"type": "view", "view_id": home["id"]}
    other = await stage.page.acting_as("U0MEMBER").post("action", **press, selected_option=options("two")[0])
    assert other["error"] == "view_not_found"


async def test_feedback_carries_the_button_that_was_pressed(stage: Stage) -> None:
    app = stage.app()
    seen: list[Any] = []

    @app.action("rate")
    async def rate(ack: Any, action: Any) -> None:
        await ack()
        seen.append(action["value"])

    await stage.bot(app)
    feedback = {
        "type": "feedback_buttons",
        "action_id": "rate",
        "positive_button": {"text": plain("Good"), "value": "up"},
        "negative_button": {"text": plain("Bad"), "value": "down"},
    }
    blocks = [{"type": "context_actions", "block_id": "b", "elements": [feedback]}]
    ts = (await stage.client.chat_postMessage(channel="C0GENERAL", text="x", blocks=blocks))["ts"]
    press = {"channel": "C0GENERAL", "message_ts": ts, "block_id": "b", "action_id": "rate"}
    assert (await stage.page.post("action", **press, value="sideways"))["error"] == "invalid_option"
    assert (await stage.page.post("action", **press, value="down"))["ok"]
    assert seen == ["down"]


async def test_a_click_that_the_bot_does_not_take_is_said(stage: Stage) -> None:
    button = {"type": "button", "action_id": "go", "text": plain("Go")}
    blocks = [{"type": "actions", "block_id": "b", "elements": [button]}]
    ts = (await stage.client.chat_postMessage(channel="C0GENERAL", text="x", blocks=blocks))["ts"]
    press = {"channel": "C0GENERAL", "message_ts": ts, "block_id": "b", "action_id": "go"}
    assert (await stage.page.post("action", **press))["message"].startswith("This app is not responding.")
    answer = await submitted(stage, modal({"type": "datepicker"}, optional=True), {})
    assert answer["message"] == "We had some trouble connecting. Try again?"


async def test_options_in_a_modal_come_from_the_bot(stage: Stage) -> None:
    app = stage.app()

    @app.options("pick")
    async def pick(ack: Any, body: Any) -> None:
        await ack(option_groups=[{"label": plain(body["view"]["callback_id"]), "options": options("one")}])

    await stage.bot(app)
    view = stage.playground.modals.open("U0PRIMARY", modal({"type": "external_select", "action_id": "pick"}))
    answer = await stage.page.post("options", view_id=view.id, block_id="b0", action_id="pick", value="o")
    assert answer["option_groups"][0]["label"]["text"] == "ask"


async def test_a_view_found_by_its_own_name_keeps_what_was_typed(stage: Stage) -> None:
    world, client = stage.playground.world, stage.client
    view = {**modal({"type": "plain_text_input", "action_id": "a"}), "external_id": "filters"}
    opened = await client.views_open(trigger_id=world.triggers.give("U0PRIMARY"), view=view)
    found = world.views.find(opened["view"]["id"])
    found.values = {"b0": {"a": {"type": "plain_text_input", "value": "Design"}}, "gone": {"a": {}}}
    updated = (await client.views_update(external_id="filters", view=view))["view"]
    assert updated["state"]["values"]["b0"]["a"]["value"] == "Design"
    for args, error in (
        ({"external_id": "nothing"}, "not_found"),
        ({}, "invalid_arguments"),
        ({"view_id": found.id, "view": {"type": "home", "blocks": [{"type": "divider"}]}}, "invalid_arguments"),
    ):
        with pytest.raises(SlackApiError, match=error):
            await client.api_call("views.update", json={"view": view, **args})
    with pytest.raises(SlackApiError, match="duplicate_external_id"):
        await client.views_open(trigger_id=world.triggers.give("U0MEMBER"), view=view)


async def test_a_modal_that_clears_on_close_takes_the_others_along(stage: Stage) -> None:
    views = stage.playground.modals
    first = views.open("U0PRIMARY", modal({"type": "datepicker"}))
    second = views.push("U0PRIMARY", {**modal({"type": "datepicker"}), "clear_on_close": True}, first.id)
    async with stage.page.session.ws_connect(f"{stage.page.base_url}/page/live?as=U0PRIMARY") as socket:
        answer = await stage.page.post("view", view_id=second.id, do="close")
        assert (answer["closed"], answer["clear"]) == (True, True)
        gone = [(await socket.receive_json())["view"]["id"] for _ in range(2)]
    assert gone == [second.id, first.id]


async def test_response_addresses_and_uploads_fail_as_ordered(stage: Stage) -> None:
    world, order = stage.playground.world, stage.playground.faults.order
    url = f"{stage.page.base_url}/response/{world.response_urls.give('U0PRIMARY', world.channels['C0GENERAL'])}"
    order("response_url", "500")
    async with stage.page.session.post(url, json={"text": "x"}) as response:
        assert response.status == 500
    for kind, posted in (("drop", 0), ("drop_after", 1)):
        order("response_url", kind)
        with pytest.raises(aiohttp.ClientConnectionError):
            await stage.page.session.post(url, json={"text": "x"})
        assert len(await stage.page.messages()) == posted
    upload = await stage.client.files_getUploadURLExternal(filename="a.csv", length=3)
    order("upload", "503")
    async with stage.page.session.post(upload["upload_url"], data=b"a,b") as response:
        assert response.status == 503
    form = aiohttp.FormData()
    form.add_field("file", b"a,b", filename="a.csv")
    async with stage.page.session.post(upload["upload_url"], data=form) as response:
        assert (response.status, await response.text()) == (200, "OK - 3")
    async with stage.page.session.post(upload["upload_url"], data=b"again") as response:
        assert response.status == 404


async def test_bodies_that_are_no_json_are_refused(stage: Stage) -> None:
    url = f"{stage.playground.api_url}api.test"
    for body, error in ((b"{", "invalid_json"), (b"[" * 100_000, "invalid_json"), (b"[]", "json_not_object")):
        async with stage.page.session.post(url, data=body, headers={"Content-Type": "application/json"}) as response:
            assert (response.status, (await response.json())["error"]) == (200, error)


async def test_events_the_app_did_not_ask_for_are_not_sent(stage: Stage) -> None:
    stage.playground.happenings.join(stage.playground.world.channels["C0LONELY"], "U0DESIGN")
    await stage.page.acting_as("U0GONE").get("home")
    await stage.page.acting_as("U0OTHER").get("home")
    await stage.playground.events.settle()
    assert (await stage.page.get("traffic"))["entries"] == []
    stage.playground.happenings.leave(stage.playground.world.channels["C0GENERAL"], "U0MEMBER")
    await stage.playground.events.settle()
    assert [entry["what"] for entry in stage.playground.traffic.after(0)] == ["member_left_channel"]
    assert CREDENTIALS.bot_token not in repr([*stage.playground.traffic.after(0)])
