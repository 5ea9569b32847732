"""The agent's side of a conversation in the local workspace: prompts, what it is doing, titles, threads, languages."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from typing import Any

import pytest
from slack_sdk.errors import SlackApiError

from bot.playground import Options
from tests.playground_cast import BOT, Stage, raise_curtain, until

Json = dict[str, Any]
PROMPTS = [{"title": "Who is inactive?", "message": "who is inactive in Design?"}]


@pytest.fixture
async def stage() -> AsyncIterator[Stage]:
    async with AsyncExitStack() as stack:
        yield await raise_curtain(stack, time.time, Options(retry_delays=()))


async def call(stage: Stage, method: str, **args: Any) -> None:
    await stage.client.api_call(f"assistant.threads.{method}", json=args)


async def place(stage: Stage, channel: str) -> Json:
    channels: list[Json] = (await stage.page.get("state"))["channels"]
    return next(each for each in channels if each["id"] == channel)


async def test_prompts_are_shown_in_the_direct_message_with_and_without_a_thread(stage: Stage) -> None:
    im = await stage.page.im()
    await call(stage, "setSuggestedPrompts", channel_id=im, prompts=PROMPTS, title="Ask me")
    assert (await place(stage, im))["prompts"] == {"title": "Ask me", "prompts": PROMPTS}
    await call(stage, "setSuggestedPrompts", channel_id=im, prompts=PROMPTS * 4, thread_ts="1.1")
    assert len((await place(stage, im))["prompts"]["prompts"]) == 4
    for wrong in (PROMPTS * 5, [], [{"title": "x"}], "x"):
        with pytest.raises(SlackApiError, match="invalid_arguments"):
            await call(stage, "setSuggestedPrompts", channel_id=im, prompts=wrong)


async def test_what_the_app_is_doing_is_told_and_ends_with_its_answer(stage: Stage) -> None:
    im = await stage.page.im()
    async with stage.page.session.ws_connect(f"{stage.page.base_url}/page/live?as=U0PRIMARY") as socket:
        told = []

        async def typing() -> list[tuple[str, str]]:
            while (event := await socket.receive_json())["type"] != "typing":
                pass
            told.append((event["thread_ts"], event["status"]))
            return told

        await call(stage, "setStatus", channel_id=im, status="is looking…")
        assert await typing() == [("", "is looking…")]
        assert (await place(stage, im))["working"] == {"": "is looking…"}
        await stage.client.chat_postMessage(channel=im, text="here")
        assert (await typing())[-1] == ("", "")
        ts = (await stage.client.chat_postMessage(channel=im, text="a thread"))["ts"]
        await call(stage, "setStatus", channel_id=im, status="is counting…", thread_ts=ts)
        assert (await typing())[-1] == (ts, "is counting…")
        await call(stage, "setStatus", channel_id=im, status="", thread_ts=ts)
        assert (await typing())[-1] == (ts, "")
    await call(stage, "setStatus", channel_id=im, status="is counting…", thread_ts=ts)
    await stage.page.say("hurry", im, thread_ts=ts)
    assert (await place(stage, im))["working"] == {ts: "is counting…"}, "what a person says ends nothing"
    await stage.client.chat_postMessage(channel=im, text="done", thread_ts=ts)
    assert (await place(stage, im))["working"] == {}


async def test_a_status_needs_a_thread_in_a_channel_and_the_bot_in_it(stage: Stage) -> None:
    for channel, more, error in (
        ("C0GENERAL", {}, "invalid_arguments"),
        ("C0LONELY", {"thread_ts": "1.1"}, "not_in_channel"),
        ("C0GENERAL", {"thread_ts": "1.1", "loading_messages": ["x"] * 11}, "invalid_arguments"),
    ):
        with pytest.raises(SlackApiError, match=error):
            await call(stage, "setStatus", channel_id=channel, status="x", **more)
    await call(stage, "setStatus", channel_id="C0GENERAL", status="x", thread_ts="1.1", loading_messages=["One", "Two"])


async def test_a_thread_gets_a_title(stage: Stage) -> None:
    im = await stage.page.im()
    ts = (await stage.client.chat_postMessage(channel=im, text="a thread"))["ts"]
    await call(stage, "setTitle", channel_id=im, thread_ts=ts, title="Design, last month")
    assert (await place(stage, im))["titles"] == {ts: "Design, last month"}


async def test_an_answer_in_a_thread_says_whose_thread_it_is(stage: Stage) -> None:
    app, seen = stage.app(), []

    @app.event("message")
    async def note(event: Any) -> None:
        seen.append(event)

    await stage.bot(app)
    im = await stage.page.im()
    ts = (await stage.client.chat_postMessage(channel=im, text="which team?"))["ts"]
    await stage.page.say("Design", im, thread_ts=ts)
    await until(lambda: seen)
    assert (seen[0]["thread_ts"], seen[0]["parent_user_id"], seen[0]["text"]) == (ts, BOT, "Design")


async def test_a_link_to_an_answer_names_its_thread(stage: Stage) -> None:
    ts = (await stage.client.chat_postMessage(channel="C0GENERAL", text="one"))["ts"]
    reply = (await stage.client.chat_postMessage(channel="C0GENERAL", text="two", thread_ts=ts))["ts"]
    link = (await stage.client.chat_getPermalink(channel="C0GENERAL", message_ts=reply))["permalink"]
    assert link.endswith(f"/p{reply.replace('.', '')}?thread_ts={ts}&cid=C0GENERAL")


async def test_a_locale_is_told_to_who_asks_for_it(stage: Stage) -> None:
    stage.playground.happenings.change_person("U0MEMBER", locale="de-DE")
    assert (await stage.client.users_info(user="U0MEMBER", include_locale=True))["user"]["locale"] == "de-DE"
    assert (await stage.client.users_info(user="U0PRIMARY", include_locale=True))["user"]["locale"] == "en-US"
    assert "locale" not in (await stage.client.users_info(user="U0MEMBER"))["user"]
    assert "locale" not in (await stage.client.users_info(user=BOT, include_locale=True))["user"]
    members = (await stage.client.users_list(include_locale=True))["members"]
    assert {user["locale"] for user in members if user["id"] != BOT} == {"en-US", "de-DE"}


async def test_members_come_in_pages_and_are_counted(stage: Stage) -> None:
    pages = [page["members"] async for page in await stage.client.conversations_members(channel="C0GENERAL", limit=4)]
    assert [len(page) for page in pages] == [4, 2]
    info = (await stage.client.conversations_info(channel="C0GENERAL", include_num_members=True))["channel"]
    assert (info["num_members"], info["is_member"], info["is_archived"], info["is_ext_shared"], info["is_private"]) == (
        6,
        True,
        False,
        False,
        False,
    )


async def test_the_bot_is_taken_out_of_a_channel_and_says_so(stage: Stage) -> None:
    assert await stage.page.say("/remove @usagebot") == {"ok": True}
    for method, more in (("postMessage", {}), ("postEphemeral", {"user": "U0PRIMARY"})):
        with pytest.raises(SlackApiError, match="not_in_channel"):
            await stage.client.api_call(f"chat.{method}", json={"channel": "C0GENERAL", "text": "x", **more})
    assert (await stage.client.conversations_info(channel="C0GENERAL"))["channel"]["is_member"] is False
    assert (await stage.page.say("/remove @usagebot"))["error"] == "not_in_channel"
    assert (await stage.page.say("/remove @nobody"))["error"] == "user_not_found"
    await stage.page.say("/invite @usagebot")
    assert (await stage.client.chat_postMessage(channel="C0GENERAL", text="back"))["ok"]


async def test_a_private_channel_is_gone_for_a_bot_that_was_taken_out(stage: Stage) -> None:
    await stage.page.say("/invite @usagebot", "C0SECRET")
    await stage.client.chat_postMessage(channel="C0SECRET", text="x")
    await stage.page.say("/remove @usagebot", "C0SECRET")
    with pytest.raises(SlackApiError, match="channel_not_found"):
        await stage.client.chat_postMessage(channel="C0SECRET", text="x")


async def test_an_archived_channel_takes_nothing(stage: Stage) -> None:
    await stage.page.say("/invite @usagebot", "C0LONELY")
    assert await stage.page.say("/archive", "C0LONELY") == {"ok": True}
    for method, more in (("postMessage", {}), ("postEphemeral", {"user": "U0PRIMARY"})):
        with pytest.raises(SlackApiError, match="is_archived"):
            await stage.client.api_call(f"chat.{method}", json={"channel": "C0LONELY", "text": "x", **more})
    assert (await stage.client.conversations_info(channel="C0LONELY"))["channel"]["is_archived"] is True
    assert (await stage.page.say("late", "C0LONELY"))["error"] == "is_archived"
    stage.playground.happenings.unarchive(stage.playground.world.channels["C0LONELY"])
    assert (await stage.client.chat_postMessage(channel="C0LONELY", text="x"))["ok"]
    assert (await stage.page.say("/archive"))["error"] == "cant_archive_general"


async def test_somebody_leaves(stage: Stage) -> None:
    member = stage.page.acting_as("U0MEMBER")
    assert await member.say("/leave") == {"ok": True}
    assert (await member.say("still here?"))["error"] == "not_in_channel"
    assert "U0MEMBER" not in (await stage.client.conversations_members(channel="C0GENERAL"))["members"]
    assert (await member.say("/leave", await member.im()))["error"] == "not_in_channel"
