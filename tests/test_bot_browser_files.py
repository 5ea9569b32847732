"""The page of the local workspace in a real browser: files in and out, prompts, what the app is doing, menus."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import FilePayload, Locator, Page, expect

from tests.gallery import ELEMENTS, option, plain
from tests.playground_cast import Stage, raise_curtain, until

pytestmark = pytest.mark.asyncio(loop_scope="module")


def file(name: str, content: bytes = b"a,b\n1,2\n") -> FilePayload:
    return {"name": name, "mimeType": "application/octet-stream", "buffer": content}


TEAMS = [option("Design", "d"), option("Design West", "dw"), option("Field", "f")]
MENUS: list[dict[str, Any]] = [
    {
        "type": "actions",
        "block_id": "row",
        "elements": [
            {"type": "static_select", "action_id": "team", "placeholder": plain("Team"), "options": TEAMS},
            {"type": "datepicker", "action_id": "day", "placeholder": plain("From"), "initial_date": "2026-11-01"},
            {"type": "external_select", "action_id": "who", "placeholder": plain("Person"), "min_query_length": 1},
        ],
    }
]


@pytest_asyncio.fixture(loop_scope="module")
async def stage() -> AsyncIterator[Stage]:
    async with AsyncExitStack() as stack:
        yield await raise_curtain(stack, time.time)


@pytest_asyncio.fixture(loop_scope="module")
async def tab(page: Page, stage: Stage) -> AsyncIterator[Page]:
    """The page as the primary admin, in the bot's direct message; what the browser complains about fails the test."""
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    await page.goto(f"{stage.page.base_url}/?as=U0PRIMARY")
    await page.get_by_test_id("app").click()
    await page.get_by_test_id("messages-tab").click()
    await expect(page.get_by_test_id("composer")).to_be_visible()
    yield page
    assert complaints == []


def newest(tab: Page) -> Locator:
    return tab.locator("#main").get_by_test_id("message").last


async def test_files_are_picked_listed_removed_and_sent_with_a_text(tab: Page, stage: Stage) -> None:
    app, heard = stage.app(), []

    @app.event("message")
    async def note(event: Any) -> None:
        heard.append(event)

    await stage.bot(app)
    await tab.get_by_test_id("file-input").set_input_files(
        [file("seats.csv"), file("Nutzer ü.xlsx", b"PK" * 700), file("wrong.csv")]
    )
    waiting = tab.get_by_test_id("attached")
    await expect(waiting).to_have_count(3)
    await tab.get_by_role("button", name="Remove wrong.csv").press("Enter")
    await expect(waiting).to_have_count(2)
    await expect(waiting.nth(1)).to_contain_text("1.4 KB")
    await tab.get_by_test_id("composer").fill("load these")
    await tab.get_by_test_id("send").click()
    cards = newest(tab).get_by_test_id("file")
    await expect(cards).to_have_count(2)
    await expect(newest(tab)).to_contain_text("load these")
    await expect(waiting).to_have_count(0)
    await until(lambda: heard)
    assert [each["name"] for each in heard[0]["files"]] == ["seats.csv", "Nutzer ü.xlsx"]
    async with tab.expect_download() as download:
        await cards.nth(1).click()
    got = await download.value
    assert got.suggested_filename == "Nutzer ü.xlsx"


async def test_files_are_dropped_onto_the_conversation_and_onto_a_thread(tab: Page, stage: Stage) -> None:
    drop = """(node, name) => {
        const data = new DataTransfer();
        data.items.add(new File(["x,y"], name, { type: "text/csv" }));
        const how = { bubbles: true, cancelable: true };
        const fire = kind => node.dispatchEvent(new DragEvent(kind, { ...how, dataTransfer: data }));
        fire("dragover");
        const marked = document.querySelector(".is-dropping")?.id;
        fire("drop");
        return [marked, document.querySelector(".is-dropping")];
    }"""
    assert await tab.locator(".messages").evaluate(drop, "main.csv") == ["main", None]
    await expect(tab.get_by_test_id("attached")).to_contain_text("main.csv")
    await expect(tab.get_by_test_id("composer")).to_be_focused()
    await tab.keyboard.press("Enter")
    await expect(newest(tab).get_by_test_id("file")).to_contain_text("main.csv")
    await newest(tab).get_by_test_id("open-thread").click()
    await expect(tab.get_by_test_id("thread-composer")).to_be_focused()
    assert await tab.locator("#thread .messages").evaluate(drop, "thread.csv") == ["thread", None]
    await expect(tab.get_by_test_id("thread-attached-list")).to_contain_text("thread.csv")
    await tab.get_by_test_id("thread-send").click()
    await expect(tab.locator("#thread").get_by_test_id("file").last).to_contain_text("thread.csv")
    channel = stage.playground.world.channels[await stage.page.im()]
    first, second = channel.messages.values()
    assert (second.thread_ts, len(second.files)) == (first.ts, 1)


async def test_files_the_workspace_does_not_take_are_refused_in_a_sentence(tab: Page) -> None:
    await tab.get_by_test_id("file-input").set_input_files([file("seats.csv", b"")])
    await expect(tab.get_by_test_id("toast")).to_have_text("“seats.csv” is empty. Slack takes no empty files.")
    await expect(tab.get_by_test_id("attached")).to_have_count(0)
    await tab.get_by_test_id("file-input").set_input_files([file(f"{n}.csv") for n in range(11)])
    await expect(tab.get_by_test_id("attached")).to_have_count(10)
    await expect(tab.get_by_test_id("toast").last).to_have_text("A message may carry 10 files.")


async def test_what_the_bot_uploads_is_a_card_until_it_is_deleted(tab: Page, stage: Stage) -> None:
    im = await stage.page.im()
    done = await stage.client.files_upload_v2(channel=im, filename="usage.xlsx", title="Usage", content=b"x" * 2048)
    card = newest(tab).get_by_test_id("file")
    await expect(card).to_have_text("Usageusage.xlsx · 2.0 KB")
    async with tab.expect_download() as download:
        await card.press("Enter")
    assert (await download.value).suggested_filename == "usage.xlsx"
    await stage.client.files_delete(file=done["files"][0]["id"])
    await expect(card).to_have_text("This file was deleted.")
    await expect(card).to_have_attribute("data-mode", "tombstone")
    link = stage.playground.world.files.link("U0PRIMARY", "Budget", "gdrive", "https://drive.example/1")
    stage.playground.deeds.share("U0PRIMARY", im, [link.id])
    await expect(newest(tab).get_by_test_id("file")).to_have_attribute("href", "https://drive.example/1")


async def test_a_prompt_is_sent_and_the_app_is_seen_at_work_until_it_answers(tab: Page, stage: Stage) -> None:
    app, opened = stage.app(), []
    im = await stage.page.im()

    @app.event("app_home_opened")
    async def offer(event: Any, client: Any) -> None:
        opened.append(event["tab"])
        prompts = [{"title": "Who is inactive?", "message": "who is inactive in Design?"}]
        body = {"channel_id": event["channel"], "prompts": prompts, "title": "Ask me:"}
        await client.api_call("assistant.threads.setSuggestedPrompts", json=body)

    @app.event("message")
    async def look(event: Any, client: Any) -> None:
        body = {"channel_id": event["channel"], "status": "is looking…"}
        await client.api_call("assistant.threads.setStatus", json=body)

    await stage.bot(app)
    await tab.get_by_test_id("home-tab").click()
    await tab.get_by_test_id("messages-tab").click()
    await expect(tab.get_by_test_id("prompts-title")).to_have_text("Ask me:")
    await tab.get_by_test_id("composer").fill("half a")
    await tab.get_by_test_id("prompt").press("Enter")
    await expect(newest(tab)).to_contain_text("who is inactive in Design?")
    await expect(tab.get_by_test_id("composer")).to_have_value("half a")
    working = tab.locator("#main").get_by_test_id("working")
    await expect(working).to_have_text("usagebot is looking…")
    await tab.get_by_test_id("channel").filter(has_text="general").click()
    await tab.get_by_test_id("app").click()
    await expect(working).to_have_text("usagebot is looking…")
    ts = next(iter(stage.playground.world.channels[im].messages))
    await stage.client.chat_postMessage(channel=im, thread_ts=ts, text="two people")
    await expect(newest(tab)).to_contain_text("two people")
    await expect(working).to_have_text("")
    assert opened[:2] == ["home", "messages"]


async def test_an_answer_can_be_answered_in_its_thread(tab: Page, stage: Stage) -> None:
    im = await stage.page.im()
    await stage.page.say("who is inactive?", im)
    ts = next(iter(stage.playground.world.channels[im].messages))
    await stage.client.chat_postMessage(channel=im, thread_ts=ts, text="In which team?")
    await stage.client.api_call("assistant.threads.setTitle", json={"channel_id": im, "thread_ts": ts, "title": "Idle"})
    await tab.get_by_role("button", name="1 reply").click()
    heading = tab.locator("#thread").get_by_role("heading")
    await expect(heading).to_have_text("Idle")
    renamed = {"channel_id": im, "thread_ts": ts, "title": "Idle in Design"}
    await stage.client.api_call("assistant.threads.setTitle", json=renamed)
    await expect(heading).to_have_text("Idle in Design")
    await tab.get_by_test_id("thread-composer").fill("Design")
    await tab.get_by_test_id("thread-send").click()
    await expect(tab.locator("#thread").get_by_test_id("message")).to_have_count(3)
    assert [m.thread_ts for m in stage.playground.world.channels[im].messages.values()] == [None, ts, ts]


async def test_menus_in_a_message_keep_what_was_chosen_and_take_what_the_bot_changes(tab: Page, stage: Stage) -> None:
    app, heard = stage.app(), []

    async def take(ack: Any, body: Any) -> None:
        await ack()
        heard.append(body["state"]["values"]["row"])

    for name in ("team", "day", "who"):
        app.action(name)(take)

    @app.options("who")
    async def people(ack: Any, payload: Any) -> None:
        await ack(options=[option(f"{payload['value']}n Design", "1")])

    await stage.bot(app)
    sent = await stage.client.chat_postMessage(channel=await stage.page.im(), text="menus", blocks=MENUS)
    team = newest(tab).get_by_role("combobox", name="Team")
    await team.fill("west")
    await team.press("ArrowDown")
    await team.press("Enter")
    await newest(tab).get_by_label("From").fill("2026-11-02")
    who = newest(tab).get_by_role("combobox", name="Person")
    await who.press_sequentially("Be")
    await expect(newest(tab).get_by_role("option", name="Ben Design")).to_be_visible()
    await who.press("ArrowDown")
    await who.press("Enter")
    await until(lambda: len(heard) == 3)
    last = heard[-1]
    assert (last["team"]["selected_option"]["value"], last["day"]["selected_date"]) == ("dw", "2026-11-02")
    assert last["who"]["selected_option"]["value"] == "1"
    await stage.client.chat_update(channel=sent["channel"], ts=sent["ts"], text="menus", blocks=MENUS)
    await expect(newest(tab)).to_contain_text("(edited)")
    await expect(team).to_have_value("Design West")
    row = MENUS[0]
    fresh = [{**row, "block_id": "other", "elements": [{**row["elements"][0], "initial_option": TEAMS[2]}]}]
    await stage.client.chat_update(channel=sent["channel"], ts=sent["ts"], text="menus", blocks=fresh)
    await expect(team).to_have_value("Field")


async def test_what_nobody_touched_follows_the_bot(tab: Page, stage: Stage) -> None:
    def blocks(initial: dict[str, Any]) -> list[dict[str, Any]]:
        team = {"type": "static_select", "action_id": "team", "options": TEAMS, "placeholder": plain("Team")}
        return [{"type": "actions", "block_id": "row", "elements": [{**team, "initial_option": initial}]}]

    sent = await stage.client.chat_postMessage(channel=await stage.page.im(), text="x", blocks=blocks(TEAMS[0]))
    team = newest(tab).get_by_role("combobox", name="Team")
    await expect(team).to_have_value("Design")
    await stage.client.chat_update(channel=sent["channel"], ts=sent["ts"], text="x", blocks=blocks(TEAMS[2]))
    await expect(team).to_have_value("Field")


async def test_a_channel_that_is_archived_takes_no_more_messages(tab: Page, stage: Stage) -> None:
    await tab.get_by_test_id("channel").filter(has_text="lonely").click()
    await tab.get_by_test_id("composer").fill("/archive")
    await tab.get_by_test_id("composer").press("Enter")
    await expect(tab.get_by_text("This channel is archived.")).to_be_visible()
    await expect(tab.get_by_test_id("composer")).to_have_count(0)
    await expect(tab.get_by_test_id("channel").filter(has_text="lonely")).to_contain_text("archived")


async def test_the_box_with_files_fits_a_narrow_screen_in_the_dark(tab: Page) -> None:
    await tab.emulate_media(color_scheme="dark")
    await tab.set_viewport_size({"width": 360, "height": 700})
    await tab.get_by_test_id("file-input").set_input_files([file("a.csv"), file(f"{'long ' * 20}.xlsx")])
    await expect(tab.get_by_test_id("attached")).to_have_count(2)
    inner, outer = await tab.locator("html").evaluate("node => [node.scrollWidth, node.clientWidth]")
    assert inner <= outer
    await expect(tab.get_by_role("button", name="Attach files")).to_be_visible()


async def test_a_link_to_a_message_leads_there_on_the_page(tab: Page, stage: Stage) -> None:
    client = stage.client
    first = (await client.chat_postMessage(channel="C0GENERAL", text="the first of many"))["ts"]
    for number in range(30):
        await client.chat_postMessage(channel="C0GENERAL", text=f"line {number}")
    link = (await client.chat_getPermalink(channel="C0GENERAL", message_ts=first))["permalink"]
    await client.chat_postMessage(channel="U0PRIMARY", text=f"<{link}|the question>, <https://example.com|elsewhere>")
    await expect(newest(tab).get_by_role("link", name="elsewhere")).to_have_attribute("target", "_blank")
    await newest(tab).get_by_role("link", name="the question").click()
    await expect(tab.get_by_role("heading", name="general")).to_be_visible()
    await expect(tab.get_by_text("the first of many")).to_be_in_viewport()
    await expect(tab.locator(".is-pointed-at")).to_have_attribute("data-ts", str(first))


async def test_the_day_stands_above_a_question_with_answers(tab: Page, stage: Stage) -> None:
    im = await stage.page.im()
    await stage.page.say("who?", im)
    ts = next(iter(stage.playground.world.channels[im].messages))
    await stage.client.chat_postMessage(channel=im, thread_ts=ts, text="they")
    await stage.page.say("thanks", im)
    await tab.reload()
    await expect(tab.locator("#main").get_by_test_id("message")).to_have_count(3)
    kinds = await tab.locator("#main .message-list > *").evaluate_all("nodes => nodes.map(node => node.className)")
    assert [kind.split()[0] for kind in kinds] == ["day", "message", "message", "message"]


async def test_the_newest_message_stays_in_sight_when_the_box_grows(tab: Page, stage: Stage) -> None:
    for number in range(30):
        await stage.client.chat_postMessage(channel="U0PRIMARY", text=f"line {number}")
    await expect(newest(tab)).to_be_in_viewport(ratio=1)
    await tab.get_by_test_id("file-input").set_input_files([file("a.csv")])
    await expect(tab.get_by_test_id("attached")).to_have_count(1)
    await expect(newest(tab)).to_be_in_viewport(ratio=1)


async def test_who_thinks_better_of_it_has_chosen_nothing(tab: Page, stage: Stage) -> None:
    app, heard = stage.app(), []

    @app.action("team")
    async def take(ack: Any, action: Any) -> None:
        await ack()
        heard.append(action["selected_option"]["value"])

    await stage.bot(app)
    ask = {"title": plain("Sure?"), "text": plain("All see it."), "confirm": plain("Yes"), "deny": plain("No")}
    team = {"type": "static_select", "action_id": "team", "options": TEAMS, "initial_option": TEAMS[0], "confirm": ask}
    blocks = [{"type": "section", "text": plain("Team"), "accessory": {**team, "placeholder": plain("Team")}}]
    await stage.client.chat_postMessage(channel="U0PRIMARY", text="x", blocks=blocks)
    menu = newest(tab).get_by_role("combobox", name="Team")
    for answer, value in (("confirm-no", "Design"), ("confirm-yes", "Field")):
        await menu.fill("field")
        await menu.press("ArrowDown")
        await menu.press("Enter")
        await tab.get_by_test_id(answer).click()
        await expect(menu).to_have_value(value)
    await until(lambda: heard)
    assert heard == ["f"]


async def test_a_thumb_stays_marked_when_the_message_changes(tab: Page, stage: Stage) -> None:
    app = stage.app()

    @app.action("feedback")
    async def thank(ack: Any, client: Any, body: Any) -> None:
        await ack()
        blocks = [{"type": "header", "text": plain("Thank you")}, *body["message"]["blocks"]]
        await client.chat_update(channel=body["channel"]["id"], ts=body["message"]["ts"], text="y", blocks=blocks)

    await stage.bot(app)
    await stage.client.chat_postMessage(channel="U0PRIMARY", text="x", blocks=[ELEMENTS[1]])
    await newest(tab).get_by_role("button", name="Not helpful").press("Enter")
    await expect(tab.get_by_role("heading", name="Thank you")).to_be_visible()
    await expect(newest(tab).get_by_role("button", name="Not helpful")).to_have_attribute("aria-pressed", "true")
    await expect(newest(tab).get_by_role("button", name="Helpful", exact=True)).to_have_attribute(
        "aria-pressed", "false"
    )


async def test_a_file_that_is_too_large_stays_outside(tab: Page) -> None:
    await tab.evaluate("import('/static/js/state.js').then(({ state }) => { state.limits.bytes = 4; })")
    await tab.get_by_test_id("file-input").set_input_files([file("big.csv", b"12345"), file("small.csv", b"1234")])
    await expect(tab.get_by_test_id("toast")).to_have_text("“big.csv” has 5 bytes; a file may have 4 bytes here.")
    await expect(tab.get_by_test_id("attached")).to_have_count(1)
