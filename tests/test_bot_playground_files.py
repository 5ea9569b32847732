"""Files that people put into the local workspace: how the bot hears of them and fetches them, and how it fails."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import replace
from typing import Any

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError

from bot.playground import Options
from bot.playground.files import MOST_ATTACHED, MOST_BYTES
from tests.playground_cast import BOT, CAST, CREDENTIALS, Stage, raise_curtain, until

Json = dict[str, Any]
BEARER = {"Authorization": f"Bearer {CREDENTIALS.bot_token}"}
EXPORTS = {"Seats ü.csv": b"a,b\n1,2\n", "users.xlsx": b"PK"}


@pytest.fixture
async def stage() -> AsyncIterator[Stage]:
    async with AsyncExitStack() as stack:
        yield await raise_curtain(stack, time.time, Options(retry_delays=()))


async def hearing(stage: Stage, *events: str) -> list[Json]:
    """Connect a bot that notes these events."""
    app, seen = stage.app(), []

    async def note(event: Any) -> None:
        seen.append(event)

    for name in events:
        app.event(name)(note)
    await stage.bot(app)
    return seen


async def fetched(stage: Stage, url: str, headers: Json) -> tuple[int, str, bytes]:
    async with stage.page.session.get(url, headers=headers) as response:
        return response.status, response.content_type, await response.read()


async def test_files_dropped_into_the_direct_message_are_one_event_and_can_be_fetched(stage: Stage) -> None:
    seen = await hearing(stage, "message")
    im = await stage.page.im()
    assert await stage.page.drop(im, EXPORTS, "load these, please") == {"ok": True}
    await until(lambda: seen)
    event = seen[0]
    assert (event["subtype"], event["text"], event["user"]) == ("file_share", "load these, please", "U0PRIMARY")
    assert (event["channel"], event["channel_type"]) == (im, "im")
    assert [(f["name"], f["mimetype"], f["filetype"], f["size"]) for f in event["files"]] == [
        ("Seats ü.csv", "text/csv", "csv", 8),
        ("users.xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx", 2),
    ]
    first = event["files"][0]
    assert (first["mode"], first["file_access"], first["is_external"], first["user"]) == (
        "hosted",
        "visible",
        False,
        "U0PRIMARY",
    )
    assert first["url_private_download"].endswith(f"-{first['id']}/download/Seats%20%C3%BC.csv")
    for address in ("url_private", "url_private_download"):
        assert await fetched(stage, first[address], BEARER) == (200, "text/csv", b"a,b\n1,2\n")
    assert (await stage.client.files_info(file=first["id"]))["file"]["name"] == "Seats ü.csv"


async def test_files_without_a_word_come_with_an_empty_text(stage: Stage) -> None:
    seen = await hearing(stage, "message")
    im = await stage.page.im()
    await stage.page.drop(im, {"a.csv": b"x"})
    await until(lambda: seen)
    assert (seen[0]["text"], "blocks" in seen[0], "thread_ts" in seen[0]) == ("", False, False)
    await stage.page.drop(im, {"b.csv": b"x"}, thread_ts=seen[0]["ts"])
    await until(lambda: len(seen) == 2)
    assert (seen[1]["thread_ts"], seen[1]["parent_user_id"]) == (seen[0]["ts"], "U0PRIMARY")


async def test_in_a_channel_only_a_mention_tells_the_bot_of_files(stage: Stage) -> None:
    seen = await hearing(stage, "message", "app_mention")
    await stage.page.drop("C0GENERAL", {"quiet.csv": b"x"}, "nobody asked")
    await stage.page.drop("C0GENERAL", {"loud.csv": b"x"}, "@usagebot look")
    await until(lambda: seen)
    assert [(event["type"], event["files"][0]["name"]) for event in seen] == [("app_mention", "loud.csv")]


@pytest.mark.parametrize("headers", [{}, {"Authorization": "Bearer xoxb-wrong"}])
async def test_without_the_token_a_download_ends_at_a_page_for_signing_in(stage: Stage, headers: Json) -> None:
    await stage.page.drop(await stage.page.im(), {"a.csv": b"x"})
    url = next(iter(stage.playground.world.files.known.values())).id
    address = f"{stage.page.base_url}/files-pri/T0PLAYTEAM-{url}/download/a.csv"
    async with stage.page.session.get(address, headers=headers, allow_redirects=False) as response:
        assert (response.status, response.headers["Location"].partition("?")[0]) == (
            302,
            f"{stage.page.base_url}/signin",
        )
    status, kind, page = await fetched(stage, address, headers)
    assert (status, kind) == (200, "text/html")
    assert b"Sign in" in page


async def test_without_the_scope_a_download_ends_there_as_well() -> None:
    less = replace(CAST, app=replace(CAST.app, scopes=tuple(s for s in CAST.app.scopes if s != "files:read")))
    async with AsyncExitStack() as stack:
        stage = await raise_curtain(stack, time.time, Options(retry_delays=()), less)
        await stage.page.drop(await stage.page.im(), {"a.csv": b"x"})
        [file] = stage.playground.world.files.known.values()
        address = f"{stage.page.base_url}/files-pri/T0PLAYTEAM-{file.id}/a.csv"
        assert (await fetched(stage, address, BEARER))[:2] == (200, "text/html")
        with pytest.raises(SlackApiError, match="missing_scope"):
            await stage.client.files_info(file=file.id)


async def test_the_bot_fetches_only_what_lies_where_it_is(stage: Stage) -> None:
    await stage.page.drop("C0LONELY", {"a.csv": b"x"})
    [file] = stage.playground.world.files.known.values()
    address = f"{stage.page.base_url}/files-pri/T0PLAYTEAM-{file.id}/a.csv"
    assert (await fetched(stage, address, BEARER))[0] == 404
    with pytest.raises(SlackApiError, match="file_not_found"):
        await stage.client.files_info(file=file.id)


async def test_in_a_shared_channel_only_files_info_tells_more(stage: Stage) -> None:
    seen = await hearing(stage, "app_mention")
    await stage.page.drop("C0SHARED", {"a.csv": b"x"}, "@usagebot look")
    await until(lambda: seen)
    [file] = seen[0]["files"]
    assert (file["file_access"], "url_private" in file) == ("check_file_info", False)
    told = (await stage.client.files_info(file=file["id"]))["file"]
    assert (told["name"], told["file_access"]) == ("a.csv", "visible")


async def test_a_document_of_another_service_is_only_a_link(stage: Stage) -> None:
    seen = await hearing(stage, "message")
    world, im = stage.playground.world, await stage.page.im()
    file = world.files.link("U0PRIMARY", "Budget", "gdrive", "https://drive.example/1")
    stage.playground.deeds.share("U0PRIMARY", im, [file.id])
    await until(lambda: seen)
    [told] = seen[0]["files"]
    assert (told["is_external"], told["external_type"], told["mode"]) == (True, "gdrive", "external")
    assert told["url_private"] == told["url_private_download"] == "https://drive.example/1"
    [shown] = (await stage.page.messages(im))[0]["files"]
    assert shown["url_private"] == "https://drive.example/1"


async def test_a_file_that_may_not_be_seen_says_so(stage: Stage) -> None:
    seen = await hearing(stage, "message")
    im = await stage.page.im()
    file = stage.playground.deeds.attach("U0PRIMARY", "a.csv", b"x")
    file.access = "access_denied"
    stage.playground.deeds.share("U0PRIMARY", im, [file.id])
    await until(lambda: seen)
    assert seen[0]["files"][0]["file_access"] == "access_denied"
    with pytest.raises(SlackApiError, match="access_denied"):
        await stage.client.files_info(file=file.id)


async def test_what_the_page_does_not_let_through(stage: Stage) -> None:
    im = await stage.page.im()
    assert (await stage.page.attach("empty.csv", b""))["error"] == "file_empty"
    assert (await stage.page.acting_as("U0GONE").attach("a.csv", b"x"))["error"] == "account_inactive"
    mine = (await stage.page.attach("a.csv", b"x"))["file"]["id"]
    member = stage.page.acting_as("U0MEMBER")
    assert (await member.say("", await member.im(), files=[mine]))["error"] == "file_not_found"
    assert (await stage.page.say("", "C0OLD", files=[mine]))["error"] == "is_archived"
    assert (await stage.page.say("", im, files=[mine])) == {"ok": True}
    assert (await stage.page.say("", im, files=[mine]))["error"] == "file_not_found", "a file is sent once"
    many = [(await stage.page.attach("a.csv", b"x"))["file"]["id"] for _ in range(MOST_ATTACHED + 1)]
    assert (await stage.page.say("", im, files=many))["error"] == "too_many_files"
    limits = (await stage.page.get("state"))["limits"]
    assert limits == {"files": MOST_ATTACHED, "bytes": MOST_BYTES}


async def test_a_form_of_another_page_attaches_nothing(stage: Stage) -> None:
    form = aiohttp.FormData({"file": "x"})
    where = f"{stage.page.base_url}/page/attach?as=U0PRIMARY&name=a.csv"
    async with stage.page.session.post(where, data=form) as response:
        assert response.status == 415
    kind = {"Content-Type": "application/octet-stream", "Origin": "http://evil.example"}
    async with stage.page.session.post(where, data=b"x", headers=kind) as response:
        assert response.status == 403
    assert stage.playground.world.files.known == {}


@pytest.mark.parametrize(
    ("method", "kind", "raised"),
    [
        ("files.getUploadURLExternal", "storage_limit", "storage_limit"),
        ("files.completeUploadExternal", "is_archived", "is_archived"),
        ("upload", "500", "500"),
    ],
)
async def test_a_failing_upload_leaves_no_message(stage: Stage, method: str, kind: str, raised: str) -> None:
    stage.playground.faults.order(method, kind)
    with pytest.raises(Exception, match=raised):
        await stage.client.files_upload_v2(channel=await stage.page.im(), filename="a.csv", content=b"x")
    assert await stage.page.messages(await stage.page.im()) == []


@pytest.mark.parametrize(("channel", "error"), [("C0OLD", "is_archived"), ("C0LONELY", "not_in_channel")])
async def test_an_upload_needs_a_place_the_bot_may_write_in(stage: Stage, channel: str, error: str) -> None:
    with pytest.raises(SlackApiError, match=error):
        await stage.client.files_upload_v2(channel=channel, filename="a.csv", content=b"x")


async def test_a_download_fails_as_ordered(stage: Stage) -> None:
    await stage.page.drop(await stage.page.im(), {"a.csv": b"x"})
    [file] = stage.playground.world.files.known.values()
    address = f"{stage.page.base_url}/files-pri/T0PLAYTEAM-{file.id}/a.csv"
    stage.playground.faults.order("download", "503")
    assert (await fetched(stage, address, BEARER))[0] == 503
    # Twice: aiohttp tries a GET again by itself when a kept connection breaks.
    stage.playground.faults.order("download", "drop", 2)
    with pytest.raises(aiohttp.ClientConnectionError):
        await fetched(stage, address, BEARER)
    assert (await fetched(stage, address, BEARER))[0] == 200


async def test_the_bots_own_file_is_told_as_its_own(stage: Stage) -> None:
    await hearing(stage, "message")
    await stage.client.files_upload_v2(channel=await stage.page.im(), filename="a.csv", content=b"x")
    await stage.playground.events.settle()
    [event] = [e["request"]["payload"]["event"] for e in stage.playground.traffic.after(0) if e["what"] == "message.im"]
    assert (event["subtype"], event["user"], "bot_id" in event) == ("file_share", BOT, True)
