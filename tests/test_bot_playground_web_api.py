"""The local workspace's Web API, called by the real SDK."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from typing import Any

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry.builtin_async_handlers import AsyncRateLimitErrorRetryHandler
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.webhook.async_client import AsyncWebhookClient

from bot.playground import Options
from tests.playground_cast import BOT, CREDENTIALS, Hand, Stage, raise_curtain

DIVIDER = [{"type": "divider"}]


@pytest.fixture
async def stage() -> AsyncIterator[Stage]:
    async with AsyncExitStack() as stack:
        yield await raise_curtain(stack, Hand())


async def refusal(stage: Stage, method: str, **args: Any) -> dict[str, Any]:
    with pytest.raises(SlackApiError) as caught:
        await stage.client.api_call(method, json=args)
    body: dict[str, Any] = caught.value.response.data
    return body


async def test_the_bot_learns_who_it_is_and_what_it_may(stage: Stage) -> None:
    answer = await stage.client.auth_test()
    assert (answer["user_id"], answer["bot_id"], answer["team_id"]) == (BOT, "B0PLAYBOT1", "T0PLAYTEAM")
    assert "users:read.email" in answer.headers["X-OAuth-Scopes"].split(",")
    assert (await stage.client.bots_info(bot=answer["bot_id"]))["bot"]["app_id"] == "A0PLAYAPP1"
    assert (await stage.client.api_test(foo="bar"))["args"]["foo"] == "bar"


@pytest.mark.parametrize(
    ("token", "method", "error"),
    [
        ("xoxb-wrong", "auth.test", "invalid_auth"),
        ("", "auth.test", "not_authed"),
        (CREDENTIALS.app_token, "auth.test", "not_allowed_token_type"),
        (CREDENTIALS.bot_token, "apps.connections.open", "not_allowed_token_type"),
        (CREDENTIALS.bot_token, "no.suchMethod", "unknown_method"),
        (CREDENTIALS.bot_token, "team.info", "missing_scope"),
        (CREDENTIALS.bot_token, "conversations.join", "missing_scope"),
    ],
)
async def test_who_may_call(stage: Stage, token: str, method: str, error: str) -> None:
    client = AsyncWebClient(token, base_url=stage.playground.api_url)
    with pytest.raises(SlackApiError) as caught:
        await client.api_call(method)
    assert caught.value.response["error"] == error


@pytest.mark.parametrize("how", ["query", "form", "json", "multipart", "mixed"])
async def test_arguments_are_found_wherever_they_are(stage: Stage, how: str) -> None:
    url = f"{stage.playground.api_url}chat.postMessage"
    plain = {"channel": "C0GENERAL", "text": '{"no": "json here"}', "blocks": '[{"type": "divider"}]'}
    session, headers = stage.page.session, {"Authorization": f"Bearer {CREDENTIALS.bot_token}"}
    form = aiohttp.FormData(plain)
    form.add_field("token", CREDENTIALS.bot_token, content_type="text/plain")
    sent: dict[str, dict[str, Any]] = {
        "query": {"params": plain, "headers": headers},
        "form": {"data": {**plain, "token": CREDENTIALS.bot_token}},
        "json": {"json": {**plain, "blocks": DIVIDER}, "headers": headers},
        "multipart": {"data": form},
        "mixed": {"params": {"channel": "C0GENERAL"}, "json": {**plain, "channel": "C0GENERAL"}, "headers": headers},
    }
    async with session.post(url, **sent[how]) as response:
        answer = await response.json()
    assert answer["ok"], answer
    assert answer["message"]["text"] == plain["text"]
    assert answer["message"]["blocks"][0]["type"] == "divider"


@pytest.mark.parametrize(
    ("args", "error"),
    [
        ({"channel": "C0NOWHERE", "text": "x"}, "channel_not_found"),
        ({"channel": "C0SECRET", "text": "x"}, "channel_not_found"),
        ({"channel": "C0LONELY", "text": "x"}, "not_in_channel"),
        ({"channel": "C0OLD", "text": "x"}, "is_archived"),
        ({"channel": "U0GONE", "text": "x"}, "channel_not_found"),
        ({"channel": "C0GENERAL"}, "no_text"),
        ({"channel": "C0GENERAL", "text": "x" * 40_001}, "msg_too_long"),
        ({"channel": "C0GENERAL", "text": "x", "blocks": "no json"}, "invalid_blocks_format"),
        ({"channel": "C0GENERAL", "text": "x", "blocks": [{"type": "nonsense"}]}, "invalid_blocks"),
        ({"channel": "C0GENERAL", "text": "x", "thread_ts": "1.2"}, "thread_not_found"),
        ({"channel": "C0GENERAL", "text": "x", "metadata": {"event_type": "a"}}, "invalid_metadata_format"),
        ({"text": "x"}, "invalid_arguments"),
    ],
)
async def test_what_cannot_be_posted(stage: Stage, args: dict[str, Any], error: str) -> None:
    assert (await refusal(stage, "chat.postMessage", **args))["error"] == error


async def test_a_refusal_of_blocks_names_the_place(stage: Stage) -> None:
    blocks = [{"type": "divider"}, {"type": "header", "text": {"type": "plain_text", "text": "x" * 151}}]
    body = await refusal(stage, "chat.postMessage", channel="C0GENERAL", text="x", blocks=blocks)
    expected = "must be less than 151 characters [json-pointer:/blocks/1/text/text]"
    assert body["errors"] == [expected]
    assert body["response_metadata"] == {"messages": [f"[ERROR] {expected}"]}


async def test_a_workspace_without_the_new_blocks() -> None:
    table = [{"type": "table", "rows": [[{"type": "raw_text", "text": "a"}]]}]
    async with AsyncExitStack() as stack:
        stage = await raise_curtain(stack, Hand(), Options(refuse_new_blocks=True))
        body = await refusal(stage, "chat.postMessage", channel="C0GENERAL", text="x", blocks=table)
        assert body["errors"] == ["unsupported type: table [json-pointer:/blocks/0/type]"]
    async with AsyncExitStack() as stack:
        stage = await raise_curtain(stack, Hand())
        assert (await stage.client.chat_postMessage(channel="C0GENERAL", text="x", blocks=table))["ok"]


async def test_a_message_is_changed_answered_and_deleted(stage: Stage) -> None:
    client = stage.client
    posted = await client.chat_postMessage(channel="C0GENERAL", text="one", blocks=DIVIDER)
    ts = posted["ts"]
    await client.chat_postMessage(channel="C0GENERAL", text="answer", thread_ts=ts)
    changed = await client.chat_update(channel="C0GENERAL", ts=ts, text="two")
    assert (changed["message"]["text"], changed["message"]["reply_count"]) == ("two", 1)
    assert changed["message"]["blocks"][0]["type"] == "divider", "blocks that are not mentioned stay"
    emptied = await client.chat_update(channel="C0GENERAL", ts=ts, text="two", blocks=[])
    assert "blocks" not in emptied["message"]
    link = (await client.chat_getPermalink(channel="C0GENERAL", message_ts=ts))["permalink"]
    assert link.endswith(f"/archives/C0GENERAL/p{ts.replace('.', '')}")
    await client.chat_delete(channel="C0GENERAL", ts=ts)
    assert (await refusal(stage, "chat.delete", channel="C0GENERAL", ts=ts))["error"] == "message_not_found"


async def test_what_is_not_the_bots_or_ephemeral_cannot_be_changed(stage: Stage) -> None:
    await stage.page.say("mine")
    ts = (await stage.page.messages())[0]["ts"]
    for method, error in (("chat.update", "cant_update_message"), ("chat.delete", "cant_delete_message")):
        assert (await refusal(stage, method, channel="C0GENERAL", ts=ts, text="yours"))["error"] == error
    ephemeral = await stage.client.chat_postEphemeral(channel="C0GENERAL", user="U0MEMBER", text="psst")
    body = await refusal(stage, "chat.update", channel="C0GENERAL", ts=ephemeral["message_ts"], text="loud")
    assert body["error"] == "message_not_found"
    body = await refusal(stage, "chat.postEphemeral", channel="C0GENERAL", user="U0OTHER", text="psst")
    assert body["error"] == "user_not_in_channel"


async def test_people_are_found_with_what_decides_their_rights(stage: Stage) -> None:
    client = stage.client
    guest = (await client.users_info(user="U0GUEST"))["user"]
    assert (guest["is_restricted"], guest["profile"]["email"], guest["tz"]) == (
        True,
        "eve@example.com",
        "Europe/Berlin",
    )
    stranger = (await client.users_info(user="U0OTHER"))["user"]
    assert (stranger["is_stranger"], stranger["team_id"]) == (True, "T0OTHER")
    assert (await client.users_info(user="U0GONE"))["user"]["deleted"] is True
    assert (await client.users_info(user="U0PRIMARY"))["user"]["is_admin"] is True
    assert (await client.users_lookupByEmail(email="ADA@example.com"))["user"]["id"] == "U0PRIMARY"
    for email in ("finn@example.com", "nobody@example.com"):
        assert (await refusal(stage, "users.lookupByEmail", email=email))["error"] == "users_not_found"
    assert (await refusal(stage, "users.info", user="U0NOBODY"))["error"] == "user_not_found"
    found = [user["id"] async for page in await client.users_list(limit=2) for user in page["members"]]
    assert found == ["U0PRIMARY", "U0DESIGN", "U0REPORT", "U0MEMBER", "U0GUEST", "U0GONE", BOT]
    groups = (await client.usergroups_list(include_users=True))["usergroups"]
    assert groups[0]["users"] == (await client.usergroups_users_list(usergroup="S0ADMINS"))["users"]


async def test_the_bot_sees_its_places_and_public_ones(stage: Stage) -> None:
    client = stage.client
    types = "public_channel,private_channel"
    listed = (await client.conversations_list(types=types, exclude_archived=True))["channels"]
    assert [(c["id"], c["is_member"]) for c in listed] == [
        ("C0GENERAL", True),
        ("C0LONELY", False),
        ("C0SHARED", True),
    ]
    assert (await client.conversations_info(channel="C0SHARED"))["channel"]["is_ext_shared"] is True
    members = (await client.conversations_members(channel="C0SHARED"))["members"]
    assert members == ["U0OTHER", BOT, "U0PRIMARY"]
    mine = (await client.users_conversations(user="U0MEMBER", types=types))["channels"]
    assert [c["id"] for c in mine] == ["C0GENERAL", "C0LONELY"]
    assert (await refusal(stage, "conversations.info", channel="C0SECRET"))["error"] == "channel_not_found"
    assert (await refusal(stage, "conversations.list", types="mpim"))["needed"] == "mpim:read"


async def test_history_is_open_in_direct_messages_only(stage: Stage) -> None:
    client = stage.client
    im = (await client.conversations_open(users="U0MEMBER"))["channel"]["id"]
    for text in ("one", "two", "three"):
        ts = (await client.chat_postMessage(channel="U0MEMBER", text=text))["ts"]
    history = await client.conversations_history(channel=im, limit=2)
    assert ([m["text"] for m in history["messages"]], history["has_more"]) == (["three", "two"], True)
    await client.chat_postMessage(channel=im, text="answer", thread_ts=ts)
    replies = (await client.conversations_replies(channel=im, ts=ts))["messages"]
    assert [m["text"] for m in replies] == ["three", "answer"]
    body = await refusal(stage, "conversations.history", channel="C0GENERAL")
    assert (body["error"], body["needed"]) == ("missing_scope", "channels:history")
    assert (await refusal(stage, "conversations.open", users="U0GONE"))["error"] == "user_disabled"


async def test_files_are_uploaded_in_three_steps_and_seen_by_members_only(stage: Stage) -> None:
    im = (await stage.client.conversations_open(users="U0MEMBER"))["channel"]["id"]
    done = await stage.client.files_upload_v2(channel=im, filename="ü.csv", content=b"a,b", initial_comment="here")
    file_id = done["files"][0]["id"]
    member = stage.page.acting_as("U0MEMBER")
    message = (await member.messages(im))[0]
    assert (message["text"], message["files"][0]["name"]) == ("here", "ü.csv")
    url = f"{stage.page.base_url}/page/file/{file_id}"
    async with stage.page.session.get(url, params={"as": "U0MEMBER"}) as response:
        assert (response.status, await response.read()) == (200, b"a,b")
        assert response.headers["Content-Disposition"] == "attachment; filename*=UTF-8''%C3%BC.csv"
    async with stage.page.session.get(url, params={"as": "U0PRIMARY"}) as response:
        assert response.status == 404
    await stage.client.files_delete(file=file_id)
    assert (await member.messages(im))[0]["files"] == [{"id": file_id, "mode": "tombstone"}]
    async with stage.page.session.get(url, params={"as": "U0MEMBER"}) as response:
        assert response.status == 404
    for method in ("files.info", "files.delete"):
        assert (await refusal(stage, method, file=file_id))["error"] == "file_deleted"


async def test_a_trigger_opens_one_view_within_three_seconds(stage: Stage) -> None:
    modal = {"type": "modal", "title": {"type": "plain_text", "text": "Hi"}, "blocks": DIVIDER}
    triggers, clock = stage.playground.world.triggers, stage.clock
    assert isinstance(clock, Hand)
    late = triggers.give("U0PRIMARY")
    clock.now += 3.1
    assert (await refusal(stage, "views.open", trigger_id=late, view=modal))["error"] == "expired_trigger_id"
    once = triggers.give("U0PRIMARY")
    await stage.client.views_open(trigger_id=once, view=modal)
    assert (await refusal(stage, "views.open", trigger_id=once, view=modal))["error"] == "exchanged_trigger_id"
    assert (await refusal(stage, "views.open", trigger_id="1.2.x", view=modal))["error"] == "invalid_trigger_id"
    long = {**modal, "title": {"type": "plain_text", "text": "x" * 25}}
    body = await refusal(stage, "views.open", trigger_id=triggers.give("U0PRIMARY"), view=long)
    expected = "[ERROR] must be less than 25 characters [json-pointer:/view/title/text]"
    assert body["response_metadata"]["messages"] == [expected]


async def test_a_response_address_works_five_times_in_half_an_hour(stage: Stage) -> None:
    world, clock = stage.playground.world, stage.clock
    assert isinstance(clock, Hand)
    channel = world.channels["C0GENERAL"]

    def address() -> AsyncWebhookClient:
        return AsyncWebhookClient(f"{stage.page.base_url}/response/{world.response_urls.give('U0PRIMARY', channel)}")

    webhook = address()
    first = await webhook.send(text="working…")
    assert (first.status_code, first.body) == (200, "ok")
    await webhook.send(text="done", replace_original=True)
    await webhook.send(text="for all", response_type="in_channel")
    await webhook.send(delete_original=True)
    assert [(m["text"], m["ephemeral"]) for m in await stage.page.messages()] == [("for all", False)]
    assert (await webhook.send(text="", blocks=[{"type": "header"}])).status_code == 400
    used = await webhook.send(text="again")
    assert (used.status_code, used.body) == (404, '{"ok": false, "error": "used_url"}')
    late = address()
    clock.now += 1801
    assert (await late.send(text="late")).status_code == 404


async def test_faults_come_as_ordered_and_then_no_more(stage: Stage) -> None:
    order, client = stage.playground.faults.order, stage.client
    order("auth.test", "429", seconds=7)
    with pytest.raises(SlackApiError) as limited:
        await client.auth_test()
    assert (limited.value.response.status_code, limited.value.response.headers["Retry-After"]) == (429, "7")
    order("*", "503")
    with pytest.raises(SlackApiError) as broken:
        await client.api_test()
    assert broken.value.response.status_code == 503
    order("chat.postMessage", "invalid_blocks")
    assert (await refusal(stage, "chat.postMessage", channel="C0GENERAL", text="x"))["error"] == "invalid_blocks"
    assert (await client.auth_test())["ok"]
    client.retry_handlers.append(AsyncRateLimitErrorRetryHandler(max_retry_count=1))
    order("auth.test", "429", seconds=1)
    assert (await client.auth_test())["ok"]


async def test_a_lost_reply_leaves_the_work_done_and_a_lost_request_does_not(stage: Stage) -> None:
    client = AsyncWebClient(CREDENTIALS.bot_token, base_url=stage.playground.api_url, retry_handlers=[])
    for kind, posted in (("drop", 0), ("drop_after", 1)):
        stage.playground.faults.order("chat.postMessage", kind)
        with pytest.raises(aiohttp.ClientConnectionError):
            await client.chat_postMessage(channel="C0GENERAL", text="x")
        assert len(await stage.page.messages()) == posted
    stage.playground.faults.order("chat.postMessage", "hang")
    client.timeout = 1
    with pytest.raises(TimeoutError):
        await client.chat_postMessage(channel="C0GENERAL", text="x")
    assert len(await stage.page.messages()) == 1
