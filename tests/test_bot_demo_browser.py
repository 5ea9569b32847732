"""The demo in a real browser, as somebody would try it: ask, turn a page, use the form, be a guest."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest_asyncio
from playwright.async_api import Locator, Page, expect

from bot.demo import Demo, raised

SECONDS_20 = 20_000
expect.set_options(timeout=SECONDS_20)


@pytest_asyncio.fixture
async def tab(page: Page, tmp_path: Path) -> AsyncIterator[Page]:
    """The page as the primary admin, in #general; whatever the browser complains about fails the test."""
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    demo = Demo({}, lambda: datetime.now(UTC), lambda _line: None, port=0, kept=tmp_path)
    async with raised(demo) as stage:
        await page.goto(f"{stage.address}/?as=U0MAEVE")
        await page.get_by_test_id("channel").filter(has_text="general").click()
        yield page
        await page.close()
    assert complaints == []


def newest(tab: Page) -> Locator:
    return tab.get_by_test_id("message").last


async def ask(tab: Page, text: str) -> None:
    await tab.get_by_test_id("composer").fill(text)
    await tab.get_by_test_id("send").click()


async def test_an_admin_asks_turns_a_page_and_uses_the_form(tab: Page) -> None:
    await ask(tab, "/usage team=Design last=30d")
    await expect(newest(tab).get_by_role("heading", name="Design · ")).to_be_visible()
    await expect(newest(tab)).to_contain_text("Page 1 of")
    await expect(newest(tab).locator("table").last).to_contain_text("Inactive")
    await newest(tab).get_by_role("button", name="Next").click()
    await expect(newest(tab)).to_contain_text("Page 2 of")
    await expect(tab.get_by_test_id("message")).to_have_count(1)

    await newest(tab).get_by_role("button", name="Change").click()
    modal = tab.get_by_test_id("modal")
    await expect(modal).to_contain_text("Team")
    await tab.get_by_test_id("modal-submit").click()
    await expect(modal).to_have_count(0)
    await expect(newest(tab).get_by_role("heading", name="Design · ")).to_be_visible()


async def test_a_bare_command_opens_the_form(tab: Page) -> None:
    await ask(tab, "/usage")
    await expect(tab.get_by_test_id("modal")).to_contain_text("Usage report")
    await tab.get_by_test_id("modal-submit").click()
    await expect(newest(tab).get_by_role("heading", name="All teams")).to_be_visible()


async def test_a_guest_is_refused_and_sees_nothing_of_others(tab: Page) -> None:
    await ask(tab, "/usage team=Design last=30d")
    await expect(newest(tab)).to_contain_text("Data through")
    await tab.get_by_test_id("act-as").select_option("U0GUEST")
    await expect(tab.get_by_test_id("message")).to_have_count(0)
    await ask(tab, "/usage team=Design last=30d")
    await expect(newest(tab)).to_contain_text("Guests of this workspace get no reports")
    await expect(newest(tab)).to_contain_text("Maeve O'Hara")


async def test_a_suggestion_is_typed_for_one(tab: Page) -> None:
    await tab.get_by_text("With a typing mistake").click()
    await expect(tab.get_by_test_id("composer")).to_have_value("/usage team=Desing last=30d")
    await tab.get_by_test_id("send").click()
    await newest(tab).get_by_role("button", name="Run: /usage team=Design").click()
    await expect(newest(tab).get_by_role("heading", name="Design · ")).to_be_visible()
