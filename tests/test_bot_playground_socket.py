"""The local workspace through Socket Mode, with the real Bolt and SDK."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from typing import Any

import pytest
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.errors import SlackApiError

from bot.playground import Options
from tests.playground_cast import Stage, raise_curtain, until

BUTTON = {"type": "button", "action_id": "go", "text": {"type": "plain_text", "text": "Go"}, "value": "42"}
ACTIONS = [{"type": "actions", "block_id": "row", "elements": [BUTTON]}]
MODAL = {
    "type": "modal",
    "callback_id": "ask",
    "title": {"type": "plain_text", "text": "Ask"},
    "submit": {"type": "plain_text", "text": "Go"},
    "notify_on_close": True,
    "blocks": [
        {
            "type": "input",
            "block_id": "team",
            "label": {"type": "plain_text", "text": "Team"},
            "element": {"type": "plain_text_input", "action_id": "name"},
        }
    ],
}


def retitled(title: str) -> dict[str, Any]:
    return {**MODAL, "title": {"type": "plain_text", "text": title}}


@pytest.fixture
async def stage() -> AsyncIterator[Stage]:
    async with AsyncExitStack() as stack:
        yield await raise_curtain(stack, time.time, Options(ack_seconds=0.5, retry_delays=(0,) * 9))


def recording(app: AsyncApp, *events: str) -> list[Any]:
    """Let an app note these events."""
    seen: list[Any] = []

    async def note(event: Any) -> None:
        seen.append(event)

    for name in events:
        app.event(name)(note)
    return seen


async def test_a_slash_command_reaches_the_bot_and_its_answer_only_the_asker(stage: Stage) -> None:
    app = stage.app()
    seen: list[Any] = []

    @app.command("/usage")
    async def usage(ack: Any, respond: Any, command: Any) -> None:
        await ack()
        seen.append(command)
        await respond("here it is")

    await stage.bot(app)
    assert await stage.page.say("/usage user=@ben in #general a<b & mail ann@example.com") == {"ok": True}
    await until(lambda: seen)
    expected = "user=<@U0DESIGN|ben> in <#C0GENERAL|general> a&lt;b &amp; mail ann@example.com"
    assert seen[0]["text"] == expected
    assert seen[0]["channel_name"] == "general"
    await until(lambda: len(stage.playground.world.channels["C0GENERAL"].messages) == 1)
    shown = await stage.page.messages()
    assert [m["text"] for m in shown if m["ephemeral"]] == ["here it is"]
    assert await stage.page.acting_as("U0MEMBER").messages() == []


async def test_text_in_the_acknowledgement_is_shown_to_the_asker(stage: Stage) -> None:
    app = stage.app()

    @app.command("/usage")
    async def usage(ack: Any) -> None:
        await ack("one moment")

    await stage.bot(app)
    await stage.page.say("/usage")
    assert [(m["text"], m["ephemeral"]) for m in await stage.page.messages()] == [("one moment", True)]


async def test_a_command_says_like_slack_when_the_bot_is_away_or_slow(stage: Stage) -> None:
    away = await stage.page.say("/usage")
    assert (away["error"], away["message"]) == ("dispatch_failed", "/usage failed with the error “dispatch_failed”")
    app = stage.app()

    @app.command("/usage")
    async def usage(ack: Any) -> None:
        await asyncio.sleep(0.7)
        await ack()

    await stage.bot(app)
    slow = await stage.page.say("/usage")
    assert (slow["error"], slow["message"]) == ("operation_timeout", "/usage failed with the error “operation_timeout”")


async def test_commands_that_slack_refuses_itself(stage: Stage) -> None:
    unknown = await stage.page.say("/nothing here")
    assert unknown["error"] == "unknown_command"
    threaded = await stage.page.say("/usage", thread_ts="1.1")
    assert threaded["message"] == "/usage is not supported in threads. Sorry!"


async def test_a_button_brings_its_own_value_and_the_message_can_be_replaced_and_deleted(stage: Stage) -> None:
    app = stage.app()
    bodies: list[Any] = []

    @app.action("go")
    async def go(ack: Any, body: Any, respond: Any) -> None:
        await ack()
        bodies.append(body)
        await respond(text=f"page {len(bodies)}", blocks=ACTIONS, replace_original=True)

    await stage.bot(app)
    ts = (await stage.client.chat_postMessage(channel="C0GENERAL", text="report", blocks=ACTIONS))["ts"]
    press = {"channel": "C0GENERAL", "message_ts": ts, "block_id": "row", "action_id": "go", "value": "forged"}
    assert (await stage.page.post("action", **press))["ok"]
    await until(lambda: bodies)
    assert bodies[0]["actions"][0]["value"] == "42"
    assert bodies[0]["message"]["text"] == "report"
    world = stage.playground.world.channels["C0GENERAL"]
    await until(lambda: world.messages[ts].text == "page 1")
    missing = await stage.page.post("action", **{**press, "action_id": "other"})
    assert missing["error"] == "element_not_found"
    key = bodies[0]["response_url"].rpartition("/")[2]
    stage.playground.world.response_urls.take(key)
    async with stage.page.session.post(bodies[0]["response_url"], json={"delete_original": True}) as response:
        assert await response.json() == {"ok": True}
    assert ts not in world.messages


async def test_a_click_on_an_ephemeral_message_comes_without_the_message(stage: Stage) -> None:
    app = stage.app()
    bodies: list[Any] = []

    @app.action("go")
    async def go(ack: Any, body: Any) -> None:
        await ack()
        bodies.append(body)

    await stage.bot(app)
    ts = (await stage.client.chat_postEphemeral(channel="C0GENERAL", user="U0MEMBER", text="hi", blocks=ACTIONS))[
        "message_ts"
    ]
    press = {"channel": "C0GENERAL", "message_ts": ts, "block_id": "row", "action_id": "go"}
    assert (await stage.page.post("action", **press))["error"] == "message_not_found"
    assert (await stage.page.acting_as("U0MEMBER").post("action", **press))["ok"]
    await until(lambda: bodies)
    assert bodies[0]["container"]["is_ephemeral"] is True
    assert "message" not in bodies[0]


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ({"response_action": "errors", "errors": {"team": "No such team"}}, {"errors": {"team": "No such team"}}),
        ({"response_action": "update", "view": retitled("Updated")}, {"view": "Updated", "closed": False}),
        ({"response_action": "push", "view": retitled("Pushed")}, {"view": "Pushed", "closed": False}),
        ({"response_action": "clear"}, {"closed": True, "clear": True}),
        ({}, {"closed": True}),
        ({"response_action": "errors", "errors": {"nowhere": "?"}}, {"error": "invalid_errors"}),
        ({"response_action": "update", "view": retitled("x" * 25)}, {"error": "invalid_arguments"}),
        ({"response_action": "dance"}, {"error": "invalid_response_action"}),
    ],
)
async def test_a_modal_is_submitted_and_obeys(stage: Stage, answer: dict[str, Any], expected: dict[str, Any]) -> None:
    app = stage.app()
    values: list[Any] = []

    @app.command("/usage")
    async def usage(ack: Any, body: Any, client: Any) -> None:
        await ack()
        await client.views_open(trigger_id=body["trigger_id"], view=MODAL)

    @app.view("ask")
    async def ask(ack: Any, view: Any) -> None:
        values.append(view["state"]["values"])
        await ack(**answer)

    await stage.bot(app)
    await stage.page.say("/usage")
    stacks = stage.playground.world.views.stacks
    await until(lambda: "U0PRIMARY" in stacks)
    view_id = stacks["U0PRIMARY"][0].id
    empty = await stage.page.post("view", view_id=view_id, do="submit", state={"values": {}})
    assert empty["errors"] == {"team": "Please complete this required field."}
    state = {"values": {"team": {"name": {"type": "plain_text_input", "value": "Design"}}}}
    result = await stage.page.post("view", view_id=view_id, do="submit", state=state)
    assert values == [state["values"]]
    shown = {**result, **({"view": result["view"]["title"]["text"]} if "view" in result else {})}
    assert {key: shown.get(key) for key in expected} == expected


async def test_closing_a_modal_tells_the_bot_that_asked_to_know(stage: Stage) -> None:
    app = stage.app()
    closed: list[Any] = []

    @app.view_closed("ask")
    async def gone(ack: Any, body: Any) -> None:
        await ack()
        closed.append(body["is_cleared"])

    await stage.bot(app)
    view = stage.playground.modals.open("U0PRIMARY", MODAL)
    stranger = await stage.page.acting_as("U0MEMBER").post("view", view_id=view.id, do="close")
    assert stranger["error"] == "view_not_found"
    assert (await stage.page.post("view", view_id=view.id, do="close"))["closed"] is True
    assert closed == [False]
    assert stage.playground.world.views.stacks["U0PRIMARY"] == []


async def test_views_are_pushed_updated_and_guarded_by_their_hash(stage: Stage) -> None:
    world, client = stage.playground.world, stage.client
    opened = (await client.views_open(trigger_id=world.triggers.give("U0PRIMARY"), view=MODAL))["view"]
    first = await client.views_update(view_id=opened["id"], hash=opened["hash"], view=retitled("Second"))
    assert first["view"]["title"]["text"] == "Second"
    with pytest.raises(SlackApiError, match="hash_conflict"):
        await client.views_update(view_id=opened["id"], hash=opened["hash"], view=MODAL)
    for title in ("Third", "Fourth"):
        await client.views_push(trigger_id=world.triggers.give("U0PRIMARY", opened["id"]), view=retitled(title))
    with pytest.raises(SlackApiError, match="push_limit_reached"):
        await client.views_push(trigger_id=world.triggers.give("U0PRIMARY", opened["id"]), view=MODAL)
    stack = world.views.stacks["U0PRIMARY"]
    assert [view.previous for view in stack] == [None, stack[0].id, stack[1].id]


async def test_options_come_from_the_bot(stage: Stage) -> None:
    app = stage.app()
    option = {"text": {"type": "plain_text", "text": "Design"}, "value": "design"}

    @app.options("pick")
    async def options(ack: Any, payload: Any) -> None:
        await ack(options=[option] if payload["value"] == "Des" else [])

    await stage.bot(app)
    menu = {"type": "external_select", "action_id": "pick", "min_query_length": 1}
    blocks = [{"type": "actions", "block_id": "row", "elements": [menu]}]
    ts = (await stage.client.chat_postMessage(channel="C0GENERAL", text="pick", blocks=blocks))["ts"]
    place = {"channel": "C0GENERAL", "message_ts": ts, "block_id": "row", "action_id": "pick"}
    assert await stage.page.post("options", **place, value="Des") == {"ok": True, "options": [option]}


async def test_home_mentions_and_direct_messages_arrive_as_events(stage: Stage) -> None:
    app = stage.app()
    seen = recording(app, "app_home_opened", "app_mention", "message")
    await stage.bot(app)
    home = {"type": "home", "blocks": [{"type": "divider"}]}
    assert await stage.page.get("home") == {"view": None}
    await until(lambda: len(seen) == 1)
    await stage.client.views_publish(user_id="U0PRIMARY", view=home)
    assert (await stage.page.get("home"))["view"]["type"] == "home"
    await until(lambda: len(seen) == 2)
    assert [(event["tab"], "view" in event) for event in seen] == [("home", False), ("home", True)]
    im = await stage.page.im()
    await stage.page.post("open", channel=im)
    await stage.page.say("@usagebot who uses Revit? write to ann@example.com")
    await stage.page.say("and here?", im)
    await until(lambda: len(seen) == 5)
    by_type = {event["type"]: event for event in seen[2:]}
    assert by_type["app_home_opened"]["tab"] == "messages"
    expected = "<@U0PLAYBOT1> who uses Revit? write to <mailto:ann@example.com|ann@example.com>"
    assert by_type["app_mention"]["text"] == expected
    assert (by_type["message"]["text"], by_type["message"]["channel_type"]) == ("and here?", "im")


async def test_what_happens_where_the_bot_is_not_stays_there(stage: Stage) -> None:
    app = stage.app()
    seen = recording(app, "app_mention", "message", "member_joined_channel")
    await stage.bot(app)
    await stage.page.say("@usagebot are you here?", "C0LONELY")
    await stage.page.say("nothing to do with it", "C0GENERAL")
    await stage.page.say("/invite @usagebot", "C0LONELY")
    await stage.page.say("@usagebot and now?", "C0LONELY")
    await until(lambda: len(seen) == 2)
    assert {event["type"] for event in seen} == {"member_joined_channel", "app_mention"}


async def test_a_changed_person_is_an_event(stage: Stage) -> None:
    app = stage.app()
    seen = recording(app, "user_change")
    await stage.bot(app)
    stage.playground.happenings.change_person("U0MEMBER", is_restricted=True)
    await until(lambda: seen)
    assert (seen[0]["user"]["id"], seen[0]["user"]["is_restricted"]) == ("U0MEMBER", True)
    assert (await stage.client.users_info(user="U0MEMBER"))["user"]["is_restricted"] is True


async def test_an_event_that_one_connection_loses_comes_again_on_another(stage: Stage) -> None:
    first, second = stage.app(), stage.app()
    seen = [recording(app, "app_mention") for app in (first, second)]
    await stage.bot(first)
    await stage.bot(second)
    stage.playground.faults.order("socket", "drop")
    await stage.page.say("@usagebot hello")
    await until(lambda: sum(map(len, seen)) == 1)
    statuses = [entry["status"] for entry in stage.playground.traffic.after(0) if entry["what"] == "app_mention"]
    assert statuses == ["failed", "acknowledged"]


async def test_an_envelope_that_is_not_acknowledged_comes_again_with_its_number(stage: Stage) -> None:
    app = stage.app()
    seen = recording(app, "app_mention")
    await stage.bot(app)
    stage.playground.faults.order("socket", "hang", 2)
    await stage.page.say("@usagebot hello")
    await until(lambda: seen)
    await stage.playground.events.settle()
    tries = [entry["request"] for entry in stage.playground.traffic.after(0) if entry["what"] == "app_mention"]
    # On a busy machine the third try may be too slow as well, and is followed by others.
    first = [(one["retry_attempt"], one["retry_reason"]) for one in tries[:3]]
    assert first == [(0, ""), (1, "timeout"), (2, "timeout")]
    assert len({one["payload"]["event_id"] for one in tries}) == 1


async def test_a_connection_that_is_told_to_go_comes_back(stage: Stage) -> None:
    app = stage.app()
    seen = recording(app, "app_mention")
    await stage.bot(app)
    before = stage.playground.socket.connections[0]
    await stage.playground.socket.refresh()
    await until(lambda: [c for c in stage.playground.socket.connections if c is not before])
    await until(lambda: before not in stage.playground.socket.connections)
    await stage.page.say("@usagebot still there?")
    await until(lambda: seen)


async def test_a_ticket_opens_one_connection(stage: Stage) -> None:
    ticket = stage.playground.socket.ticket()
    url = f"{stage.page.base_url}/link/"
    async with stage.page.session.ws_connect(url, params={"ticket": ticket}) as socket:
        hello = await socket.receive_json()
        assert (hello["type"], hello["num_connections"]) == ("hello", 1)
        async with stage.page.session.get(url, params={"ticket": ticket}) as again:
            assert again.status == 403
