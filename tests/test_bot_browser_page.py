"""The page of the local workspace in a real browser: what is drawn, typed, pressed and read out."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Locator, Page, expect

from tests.gallery import CHARTS, ELEMENTS, HOSTILE, MODAL, MORE_CHARTS, SHOWN, plain
from tests.playground_cast import Stage, raise_curtain, until

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(loop_scope="module")
async def stage() -> AsyncIterator[Stage]:
    async with AsyncExitStack() as stack:
        yield await raise_curtain(stack, time.time)


@pytest_asyncio.fixture(loop_scope="module")
async def tab(page: Page, stage: Stage) -> AsyncIterator[Page]:
    """The page as the primary admin, in #general; whatever the browser complains about fails the test."""
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    await page.goto(f"{stage.page.base_url}/?as=U0PRIMARY")
    await page.get_by_test_id("channel").filter(has_text="general").click()
    await expect(page.get_by_role("heading", name="general")).to_be_visible()
    yield page
    assert complaints == []


async def show(stage: Stage, blocks: list[dict[str, Any]], text: str = "what screen readers hear") -> str:
    answer = await stage.client.chat_postMessage(channel="C0GENERAL", text=text, blocks=blocks)
    return str(answer["ts"])


async def show_in(stage: Stage, channel: str, text: str) -> None:
    await stage.client.chat_postMessage(channel=channel, text=text)


def newest(tab: Page) -> Locator:
    return tab.get_by_test_id("message").last


async def test_every_block_that_shows_something_is_drawn_as_text(tab: Page, stage: Stage) -> None:
    await show(stage, SHOWN)
    blocks = newest(tab).get_by_test_id("message-blocks")
    await expect(blocks.get_by_role("heading", name="Design · last 30 days")).to_be_visible()
    await expect(blocks.locator(".context-row")).to_have_text("Data through 2026-11-24team=Design")
    await expect(blocks.locator(".section-text")).to_have_text("Tiles at 2025-11-24")
    assert await blocks.locator(".field").all_inner_texts() == ["Assigned\n100", "Active\n60", HOSTILE]
    await expect(blocks.locator(".rich-text li").first).to_have_text("first of all")
    await expect(blocks.locator(".mention")).to_have_text("@Ben Design")
    await expect(blocks.locator(".markdown")).to_contain_text("<b>no markup</b>")
    assert await tab.locator(".unknown-block").count() == 0


async def test_hostile_text_neither_pings_nor_links_nor_runs(tab: Page, stage: Stage) -> None:
    await show(stage, SHOWN)
    await show(stage, MORE_CHARTS)
    await expect(tab.get_by_test_id("message")).to_have_count(2)
    await expect(tab.get_by_text(HOSTILE, exact=True).first).to_be_visible()
    messages = tab.locator(".message-list")
    assert await messages.locator("a, .mention-ping, script").count() == 0


async def test_a_ping_that_slips_through_is_seen(tab: Page, stage: Stage) -> None:
    await stage.client.chat_postMessage(channel="C0GENERAL", text="Hello <!channel> and &lt;!here&gt;")
    await expect(newest(tab).locator(".mention-ping")).to_have_text("@channel")
    await expect(newest(tab).locator(".message-text")).to_have_text("Hello @channel and <!here>")


MRKDWN = {
    "*bold* _it_ ~no~ `a*b*`": "<strong>bold</strong> <em>it</em> <s>no</s> <code>a*b*</code>",
    "snake_case_name 2*3*4": "snake_case_name 2*3*4",
    "*_both_*": "<strong><em>both</em></strong>",
    "&amp;lt; &quot; &lt;b&gt;": "&amp;lt; &amp;quot; &lt;b&gt;",
    "> quote\nafter": "<blockquote>quote</blockquote>after",
    "```\n*raw*\n```": "<pre>*raw*</pre>",
    ":tada: :nosuch: 12:30:45": "🎉 :nosuch: 12:30:45",
    "<#C0GENERAL|general>": '<span class="mention" data-channel="C0GENERAL">#general</span>',
    "<javascript:alert(1)|x>": '<span class="dead-link" title="Slack would not follow this address">x</span>',
    "a\nb": "a<br>b",
    "*open and `*` closed": "*open and <code>*</code> closed",
    "<!date^1764000000^{date_num} {date_short}|old>": (
        '<time datetime="2025-11-24T16:00:00.000Z" title="2025-11-24T16:00:00.000Z">2025-11-24 Nov 24, 2025</time>'
    ),
}


async def test_mrkdwn_reads_as_in_slack(tab: Page) -> None:
    script = """async texts => {
        const { mrkdwn } = await import("/static/js/mrkdwn.js");
        const box = document.createElement("div");
        const drawn = nodes => { box.replaceChildren(...nodes); return box.innerHTML; };
        return texts.map(text => drawn(mrkdwn(text)));
    }"""
    drawn = await tab.evaluate(script, [*MRKDWN])
    assert dict(zip(MRKDWN, drawn, strict=True)) == MRKDWN


async def test_a_data_table_sorts_turns_its_pages_and_aligns_figures(tab: Page, stage: Stage) -> None:
    await show(stage, SHOWN)
    table = newest(tab).get_by_role("table", name="Riskiest first")
    await expect(table.get_by_role("row")).to_have_count(3)
    assert await table.locator("td.side-right").all_inner_texts() == ["2", "12"]
    await newest(tab).get_by_role("button", name="Next", exact=True).click()
    await expect(table.locator("tbody th")).to_have_text([HOSTILE])
    await table.get_by_role("button", name="Days used").press("Enter")
    await expect(table.get_by_role("columnheader", name="Days used")).to_have_attribute("aria-sort", "ascending")
    assert await table.locator("tbody th").all_inner_texts() == [HOSTILE, "Ben"]
    await tab.keyboard.press("Enter")
    assert await table.locator("tbody th").all_inner_texts() == ["Chloé", "Ben"]


async def test_charts_are_pictures_with_names_and_tables(tab: Page, stage: Stage) -> None:
    await show(stage, CHARTS)
    await show(stage, MORE_CHARTS)
    for name in ("Line of use, line", "Bars of use, bar", "Area of use, area", "Shares of use, pie"):
        await expect(tab.get_by_role("img", name=f"{name} chart")).to_be_visible()
    bars = tab.locator(".chart").filter(has_text="Bars of use")
    assert await bars.locator("svg rect.fill").count() == 6
    await bars.get_by_role("button", name="Show the numbers").click()
    assert await bars.locator("tbody tr").first.inner_text() == "Mon\t10\t1,200"


async def test_pressing_elements_tells_the_bot_what_was_chosen(tab: Page, stage: Stage) -> None:
    app, heard = stage.app(), []

    async def take(ack: Any, action: Any) -> None:
        await ack()
        heard.append((action["action_id"], action.get("value") or action.get("selected_option", {}).get("value")))

    for name in ("next", "share", "team", "more", "feedback"):
        app.action(name)(take)
    await stage.bot(app)
    await show(stage, ELEMENTS)
    await tab.get_by_role("button", name="Next page").click()
    await tab.get_by_role("button", name="Share", exact=True).click()
    await tab.get_by_test_id("confirm-no").click()
    await tab.get_by_role("button", name="Share", exact=True).click()
    await tab.get_by_test_id("confirm-yes").click()
    team = tab.get_by_role("combobox", name="Team")
    await team.fill("west")
    await team.press("ArrowDown")
    await team.press("Enter")
    await tab.get_by_role("button", name="More actions").press("Enter")
    await tab.keyboard.press("ArrowDown")
    await tab.keyboard.press("Enter")
    await tab.get_by_role("button", name="Helpful", exact=True).click()
    await until(lambda: len(heard) >= 5)
    assert heard == [("next", "2"), ("share", None), ("team", "dw"), ("more", "set"), ("feedback", "1")]


async def test_a_page_turn_edits_in_place_and_keeps_the_focus(tab: Page, stage: Stage) -> None:
    app = stage.app()

    @app.action("next")
    async def turn(ack: Any, client: Any, body: Any) -> None:
        await ack()
        blocks = [{"type": "header", "text": {"type": "plain_text", "text": "Page 2"}}, *ELEMENTS]
        await client.chat_update(channel="C0GENERAL", ts=body["message"]["ts"], text="Page 2", blocks=blocks)

    await stage.bot(app)
    await show(stage, ELEMENTS)
    await tab.get_by_role("button", name="Next page").press("Enter")
    await expect(tab.get_by_role("heading", name="Page 2")).to_be_visible()
    await expect(tab.get_by_test_id("message")).to_have_count(1)
    await expect(newest(tab)).to_contain_text("(edited)")
    await expect(tab.get_by_role("button", name="Next page")).to_be_focused()


async def test_a_modal_shows_errors_beside_fields_and_closes_when_all_is_well(tab: Page, stage: Stage) -> None:
    app, sent = stage.app(), []

    @app.command("/usage")
    async def opens(ack: Any, client: Any, body: Any) -> None:
        await ack()
        await client.views_open(trigger_id=body["trigger_id"], view=MODAL)

    @app.view("ask")
    async def submitted(ack: Any, view: Any) -> None:
        values = view["state"]["values"]
        sent.append(values)
        known = values["person"]["v"]["value"] == "Ann"
        await (ack() if known else ack(response_action="errors", errors={"person": "I know nobody “Bob”."}))

    await stage.bot(app)
    composer = tab.get_by_test_id("composer")
    await composer.fill("/usage")
    await composer.press("Enter")
    modal = tab.get_by_test_id("modal")
    await expect(modal.get_by_role("heading", name="Usage report")).to_be_visible()
    team = modal.get_by_role("combobox", name="Team")
    await expect(team).to_be_focused()
    await tab.get_by_test_id("modal-submit").click()
    assert await modal.get_by_test_id("field-error").all_inner_texts() == ["Please fill in this field."] * 2 + [""] * 3
    await expect(team).to_be_focused()
    await team.press("ArrowDown")
    await tab.keyboard.press("ArrowDown")
    await tab.keyboard.press("Enter")
    await modal.get_by_role("textbox", name="Person").fill("Bob")
    await modal.get_by_role("textbox", name="Top").fill("99")
    await tab.get_by_test_id("modal-submit").click()
    await expect(modal.get_by_text("Write 50 or less.")).to_be_visible()
    await modal.get_by_role("textbox", name="Top").fill("9")
    await tab.get_by_test_id("modal-submit").click()
    await expect(modal.get_by_text("I know nobody “Bob”.")).to_be_visible()
    person = modal.get_by_role("textbox", name="Person")
    await expect(person).to_be_focused()
    await expect(person).to_have_attribute("aria-invalid", "true")
    await person.fill("Ann")
    await tab.keyboard.press("Enter")
    await expect(modal).to_have_count(0)
    await expect(composer).to_be_focused()
    assert sent[-1]["team"]["v"]["selected_option"]["value"] == "d"
    assert sent[-1]["top"]["v"]["value"] == "9"


async def test_modals_stack_and_escape_closes_the_top_one(tab: Page, stage: Stage) -> None:
    app = stage.app()

    @app.command("/usage")
    async def opens(ack: Any, client: Any, body: Any) -> None:
        await ack()
        await client.views_open(trigger_id=body["trigger_id"], view={**MODAL, "blocks": ELEMENTS[:1]})

    @app.action("next")
    async def pushes(ack: Any, client: Any, body: Any) -> None:
        await ack()
        await client.views_push(trigger_id=body["trigger_id"], view={**MODAL, "title": plain("More")})

    await stage.bot(app)
    await tab.get_by_test_id("composer").fill("/usage")
    await tab.get_by_test_id("send").click()
    await tab.get_by_role("button", name="Next page").click()
    await expect(tab.get_by_role("heading", name="More")).to_be_visible()
    await expect(tab.get_by_test_id("modal")).to_have_count(2)
    await tab.keyboard.press("Escape")
    await expect(tab.get_by_test_id("modal")).to_have_count(1)
    await expect(tab.get_by_role("button", name="Next page")).to_be_focused()


async def test_a_command_is_completed_by_keyboard(tab: Page) -> None:
    composer = tab.get_by_test_id("composer")
    await composer.press_sequentially("/us")
    options = tab.get_by_test_id("command-option")
    await expect(options).to_have_count(1)
    await expect(options.first).to_contain_text("Who uses what")
    await composer.press("Enter")
    await expect(composer).to_have_value("/usage ")
    await expect(tab.get_by_test_id("usage-hint")).to_contain_text("team=Design last=30d")
    await composer.press("ArrowDown")
    await composer.press("ArrowDown")
    await expect(options.nth(1)).to_have_attribute("aria-selected", "true")
    await composer.press("Tab")
    await expect(composer).to_have_value("/usage last=30d ")
    await composer.press_sequentially("te")
    await composer.press("Tab")
    await expect(composer).to_have_value("/usage last=30d team=")
    await composer.press("Escape")
    await expect(options).to_have_count(0)


async def test_a_command_nobody_answers_says_so_and_comes_back(tab: Page) -> None:
    composer = tab.get_by_test_id("composer")
    await composer.fill("/usage team=Design")
    await composer.press("Enter")
    await expect(tab.get_by_test_id("toast")).to_contain_text("/usage failed with the error “dispatch_failed”")
    await expect(composer).to_have_value("/usage team=Design")


async def test_only_the_asker_sees_an_ephemeral_answer(tab: Page, stage: Stage) -> None:
    await stage.client.chat_postEphemeral(channel="C0GENERAL", user="U0PRIMARY", text="for Ada alone")
    await expect(newest(tab).get_by_test_id("ephemeral-note")).to_have_text("Only visible to you")
    await tab.get_by_test_id("act-as").select_option("U0MEMBER")
    await expect(tab.get_by_test_id("message")).to_have_count(0)
    await tab.get_by_test_id("act-as").select_option("U0PRIMARY")
    await expect(newest(tab)).to_contain_text("for Ada alone")
    assert "as=U0PRIMARY" in tab.url


async def test_a_reply_opens_in_the_thread_and_escape_closes_it(tab: Page) -> None:
    await tab.get_by_test_id("composer").fill("How many seats? a<b & c")
    await tab.get_by_test_id("send").click()
    await expect(newest(tab)).to_contain_text("How many seats? a<b & c")
    await tab.get_by_role("button", name="Reply in thread").click()
    reply = tab.get_by_test_id("thread-composer")
    await expect(reply).to_be_focused()
    await reply.fill("two of them")
    await reply.press("Enter")
    await expect(tab.locator("#thread").get_by_test_id("message")).to_have_count(2)
    await expect(tab.locator("#main").get_by_role("button", name="1 reply")).to_be_visible()
    await reply.press("Escape")
    await expect(tab.locator("#thread")).to_be_hidden()


async def test_home_shows_what_the_bot_has_published_for_this_person(tab: Page, stage: Stage) -> None:
    app = stage.app()

    @app.event("app_home_opened")
    async def opened(event: Any, client: Any) -> None:
        if event["tab"] == "home":
            await client.views_publish(user_id=event["user"], view={"type": "home", "blocks": [SHOWN[0], ELEMENTS[0]]})

    await stage.bot(app)
    await tab.get_by_test_id("app").click()
    await tab.get_by_test_id("home-tab").click()
    await expect(tab.get_by_test_id("home-content").get_by_role("heading", name="Design")).to_be_visible()
    await tab.keyboard.press("ArrowRight")
    await expect(tab.get_by_test_id("messages-tab")).to_be_focused()
    await expect(tab.get_by_test_id("composer")).to_be_visible()


async def test_the_inspector_lists_calls_and_orders_faults(tab: Page, stage: Stage) -> None:
    await tab.get_by_test_id("inspector-toggle").click()
    await tab.get_by_test_id("inspector-faults").click()
    await tab.get_by_label("Fault").select_option("500")
    await tab.get_by_test_id("fault-add").click()
    await expect(tab.get_by_test_id("faults")).to_contain_text("chat.postMessage 500, 1 more time")
    await tab.get_by_test_id("inspector-traffic").click()
    await stage.client.chat_postEphemeral(channel="C0GENERAL", user="U0PRIMARY", text="seen in the inspector")
    entry = tab.get_by_test_id("traffic-entry").filter(has_text="chat.postEphemeral")
    await entry.click()
    await expect(tab.get_by_test_id("traffic-detail")).to_contain_text('"text": "seen in the inspector"')


async def test_the_report_fits_at_1280_pixels(tab: Page, stage: Stage) -> None:
    await show(stage, SHOWN)
    await expect(newest(tab).get_by_role("table")).to_be_visible()
    widths = "node => [node.scrollWidth, node.clientWidth]"
    for place in (tab.locator("html"), newest(tab).locator(".table-scroll")):
        inner, outer = await place.evaluate(widths)
        assert inner <= outer


async def test_the_page_says_when_the_workspace_is_gone(page: Page, stage: Stage) -> None:
    await page.goto(stage.page.base_url)
    await expect(page.get_by_test_id("composer")).to_be_visible()
    await stage.playground.stop()
    await expect(page.get_by_text("The connection to the local workspace is lost.")).to_be_visible()


async def test_a_report_that_replaces_the_working_line_is_read_from_its_beginning(tab: Page, stage: Stage) -> None:
    ts = await show(stage, [], "Working on it…")
    await expect(newest(tab)).to_contain_text("Working on it…")
    await stage.client.chat_update(channel="C0GENERAL", ts=ts, text="Design: 100 assigned", blocks=[*SHOWN, *CHARTS])
    heading = newest(tab).get_by_role("heading", name="Design · last 30 days")
    await expect(heading).to_be_in_viewport()
    await expect(tab.locator("#announcer")).to_have_text("usagebot: Design: 100 assigned")


async def test_a_press_is_not_lost_when_a_message_arrives_meanwhile(tab: Page, stage: Stage) -> None:
    general, other = (tab.get_by_test_id("channel").filter(has_text=name) for name in ("general", "shared"))
    await other.hover()
    await tab.mouse.down()
    await show_in(stage, "C0SHARED", "news")
    await expect(other.locator(".unread")).to_be_visible()
    await tab.mouse.up()
    await expect(tab.get_by_role("heading", name="shared")).to_be_visible()
    await expect(other.locator(".unread")).to_have_count(0)
    await expect(other).to_have_attribute("aria-current", "page")
    await expect(general).not_to_have_attribute("aria-current", "page")
    await general.click()
    await expect(tab.get_by_role("heading", name="general")).to_be_visible()


async def test_who_could_not_be_become_is_not_shown_as_acting(tab: Page) -> None:
    acting = tab.get_by_test_id("act-as")
    refused = {"ok": False, "error": "internal_error"}
    await tab.route("**/page/state?*", lambda route: route.fulfill(json=refused))
    async with tab.expect_response("**/page/state?*"):
        await acting.select_option("U0DESIGN")
    await expect(acting).to_have_value("U0PRIMARY")
    await tab.unroute("**/page/state?*")
    await acting.select_option("U0DESIGN")
    await expect(tab.locator(".act-as-who")).to_contain_text("Ben Design")


async def test_everything_can_be_reached_by_keyboard_and_has_a_name(tab: Page, stage: Stage) -> None:
    await show(stage, ELEMENTS)
    await expect(newest(tab).get_by_role("button", name="Next page")).to_be_visible()
    nameless = """() => {
        const named = node => node.ariaLabel || node.getAttribute("aria-labelledby") || node.labels?.length;
        const controls = "button, input, select, textarea, a[href], [role=img], [role=region]";
        return [...document.querySelectorAll(controls)]
            .filter(node => node.checkVisibility() && !named(node) && !node.textContent.trim())
            .map(node => node.outerHTML);
    }"""
    assert await tab.evaluate(nameless) == []
    await tab.get_by_test_id("composer").focus()
    seen = set()
    for _ in range(60):
        await tab.keyboard.press("Shift+Tab")
        seen.add(await tab.evaluate("document.activeElement.dataset.testid || document.activeElement.innerText"))
    assert {"act-as", "app", "channel", "inspector-toggle", "Next page", "Helpful"} <= seen
