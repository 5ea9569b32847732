"""The demo's clock in a real browser: by mouse and by keys alone, and what a screen reader hears of it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime

import pytest
import pytest_asyncio
from playwright.async_api import Page, expect

from bot.demo import Demo, Stage, raised
from tests.screen import go_to, holding, newest, send, tab_to, watched

pytestmark = pytest.mark.asyncio(loop_scope="module")

THURSDAY = datetime(2026, 11, 26, 8, 12, tzinfo=UTC)


@pytest_asyncio.fixture(loop_scope="module")
async def stage() -> AsyncIterator[Stage]:
    """The demo on a Thursday morning that stands still until it is moved."""
    async with raised(Demo({}, lambda: THURSDAY, lambda _line: None, port=0)) as stage:
        yield stage


@pytest_asyncio.fixture(loop_scope="module")
async def tab(page: Page, stage: Stage) -> AsyncIterator[Page]:
    """The page as the primary admin, in #general; whatever the browser complains about fails the test."""
    async with watched(page):
        await go_to(page, stage.address, "U0MAEVE", "general")
        yield page


@asynccontextmanager
async def elsewhere(tab: Page) -> AsyncIterator[Page]:
    """A tab of somebody else's browser."""
    browser = tab.context.browser
    assert browser is not None
    other = await browser.new_page()
    yield other
    await other.close()


async def test_monday_comes_with_new_exports_and_everybody_sees_it(tab: Page, stage: Stage) -> None:
    await send(tab, "/usage team=Design last=30d")
    await expect(newest(tab)).to_contain_text("Data through 25 Nov 2026")
    clock = tab.get_by_test_id("clock")
    await expect(clock).to_have_text("Now: Thu 26 Nov 09:12")
    await clock.click()
    await expect(tab.get_by_test_id("clock-monday")).to_have_text("To next Monday 9:00Mon 30 Nov 09:00")
    await tab.get_by_test_id("clock-monday").click()
    await expect(clock).to_have_text("Now: Mon 30 Nov 09:00")
    await expect(tab.get_by_test_id("clock-doing")).to_have_text("")
    await expect(tab.locator(".day")).to_have_text(["Thursday, November 26"])
    await expect(tab.get_by_test_id("channel").filter(has_text="general").locator(".unread")).to_have_count(0)
    await send(tab, "/usage team=Design last=30d")
    await expect(newest(tab)).to_contain_text("Data through 29 Nov 2026")
    await expect(tab.locator(".day")).to_have_text(["Thursday, November 26", "Today"])
    assert stage.core.clock() == datetime(2026, 11, 30, 8, tzinfo=UTC)


async def test_keys_alone_move_it_and_the_focus_stays(tab: Page) -> None:
    clock = tab.get_by_test_id("clock")
    await expect(clock).to_have_accessible_name("Now: Thu 26 Nov 09:12 (Europe/Berlin). Move the clock forward")
    await tab.get_by_test_id("composer").fill("half a word")
    await tab_to(tab, clock, "Shift+Tab")
    await tab.keyboard.press("Enter")
    await expect(tab.get_by_role("menuitem", name="+1 hour")).to_be_focused()
    await tab.keyboard.press("Escape")
    await expect(clock).to_be_focused()
    await tab.keyboard.press("Enter")
    await tab.keyboard.press("ArrowDown")
    await expect(tab.get_by_role("menuitem", name="+1 day")).to_be_focused()
    await tab.keyboard.press("Enter")
    await expect(clock).to_have_text("Now: Fri 27 Nov 09:12")
    await expect(clock).to_be_focused()
    await expect(tab.locator("#announcer")).to_have_text("It is Fri 27 Nov 09:12 now.")
    await expect(tab.get_by_test_id("composer")).to_have_value("half a word")


async def test_lists_stay_open_while_others_write(tab: Page, stage: Stage) -> None:
    await send(tab, "/usage team=Design last=30d")
    await expect(newest(tab)).to_contain_text("Data through 25 Nov 2026")
    status = holding(tab, "Data through 25 Nov").get_by_role("combobox", name="Status")
    inactive = tab.get_by_role("option", name="Inactive")
    clock, hour = tab.get_by_test_id("clock"), tab.get_by_test_id("clock-hour")
    async with elsewhere(tab) as other:
        await go_to(other, stage.address, "U0RUTH", "general")
        for opened, listed in (status, inactive), (clock, hour):
            await opened.click()
            await expect(listed).to_be_visible()
            before = await tab.get_by_test_id("message").count()
            await send(other, "lunch?\nat noon?")
            await expect(tab.get_by_test_id("message")).to_have_count(before + 1)
            await expect(newest(tab)).to_be_in_viewport()
            await listed.click()
    await expect(status).to_have_value("🔴 Inactive")
    await expect(tab.get_by_test_id("clock")).to_have_text("Now: Thu 26 Nov 10:12")


async def test_a_time_is_chosen_and_one_that_has_passed_is_not_taken(tab: Page) -> None:
    clock, wanted = tab.get_by_test_id("clock"), tab.get_by_test_id("clock-input")
    await clock.click()
    await tab.get_by_test_id("clock-choose").click()
    await wanted.fill("2026-11-25T09:00")
    await tab.get_by_test_id("clock-move").click()
    await expect(wanted).to_be_visible()
    await wanted.fill("2026-12-24T17:30")
    await tab.get_by_test_id("clock-move").click()
    await expect(clock).to_have_text("Now: Thu 24 Dec 17:30")
    await send(tab, "/usage team=Design last=30d")
    await expect(newest(tab)).to_contain_text("Data through 23 Dec 2026")


async def test_a_seat_that_was_taken_stays_taken_in_later_exports(tab: Page, stage: Stage) -> None:
    core = stage.core
    (idle,) = core.seats.rows("team=Design user=ines product=AutoCAD", core.operator, None)
    (verdict,) = await core.seats.preview(core.operator, [idle])
    confirmed = await core.seats.confirm(core.operator, core.token(), [(idle, verdict.seat.print)])
    await core.seats.carry_out(confirmed.actions[0].token)
    await tab.get_by_test_id("clock").click()
    await tab.get_by_test_id("clock-monday").click()
    await expect(tab.get_by_test_id("clock")).to_have_text("Now: Mon 30 Nov 09:00")
    await expect(tab.get_by_test_id("clock-doing")).to_have_text("")
    assert core.data_through() == date(2026, 11, 29)
    assert not core.answer("team=Design user=ines product=AutoCAD assigned=yes", core.operator).rows


async def test_a_channel_is_archived_and_opened_again_from_its_heading(tab: Page) -> None:
    await tab.get_by_test_id("channel").filter(has_text="it-help").click()
    await tab.get_by_role("button", name="Menu of it-help").click()
    await tab.get_by_role("menuitem", name="Archive channel").click()
    await expect(tab.get_by_text("This channel is archived.")).to_be_visible()
    await tab.get_by_role("button", name="Menu of it-help").click()
    await tab.get_by_role("menuitem", name="Unarchive channel").click()
    await expect(tab.get_by_test_id("composer")).to_be_visible()
    await expect(newest(tab)).to_contain_text("unarchived the channel")
