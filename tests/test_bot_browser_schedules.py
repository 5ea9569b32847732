"""What comes by itself, in a real browser: digests awaited and acted on, an archived channel, alerts."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest
import pytest_asyncio
from playwright.async_api import Page, expect

from bot.demo import Demo, Stage, raised
from tests.screen import ALERT, choose, go_to, holding, messages, newest, press, send, watched

pytestmark = pytest.mark.asyncio(loop_scope="module")

THURSDAY = datetime(2026, 11, 26, 8, 12, tzinfo=UTC)


@pytest_asyncio.fixture(loop_scope="module")
async def stage() -> AsyncIterator[Stage]:
    """The demo on a Thursday morning that stands still until its clock is moved."""
    async with raised(Demo({}, lambda: THURSDAY, lambda _line: None, port=0)) as stage:
        yield stage


@pytest_asyncio.fixture(loop_scope="module")
async def tab(page: Page, stage: Stage) -> AsyncIterator[Page]:
    """The page as the primary admin, in #general; whatever the browser complains about fails the test."""
    async with watched(page):
        await go_to(page, stage.address, "U0MAEVE", "general")
        yield page


async def move(tab: Page, to: str, now: str) -> None:
    """Move the clock by one of its menu's entries, until everything due then is done."""
    await tab.get_by_test_id("clock").click()
    await tab.get_by_test_id(f"clock-{to}").click()
    await expect(tab.get_by_test_id("clock")).to_have_text(f"Now: {now}")
    await expect(tab.get_by_test_id("clock-doing")).to_have_text("")


async def test_mondays_digest_is_previewed_awaited_and_acted_on(tab: Page) -> None:
    await send(tab, "/usage subscribe team=Design weekly mon 9:00")
    await expect(newest(tab)).to_contain_text("every Monday at 09:00, Europe/Berlin time, to your direct message")
    await press(newest(tab), "Preview").click()
    await expect(newest(tab)).to_contain_text("Preview: so it would come now. Nothing was sent.")
    await expect(newest(tab)).to_contain_text("Decisions waiting")
    await expect(press(newest(tab), "Keep")).to_have_count(0)
    await move(tab, "monday", "Mon 30 Nov 09:00")
    await messages(tab)
    digest = holding(tab, "Design · how it stands on 29 Nov 2026")
    await expect(digest).to_contain_text("8 seats are inactive")
    await expect(digest).to_contain_text("At this pace they last until the last pack ends")
    await expect(press(digest, "Unassign")).to_have_count(3)
    await press(digest, "Keep").last.click()
    await expect(digest).to_contain_text("kept for now by @Maeve O'Hara")
    await press(digest, "Unassign").first.click()
    await expect(tab.get_by_test_id("modal")).to_contain_text("Frees 1 of")
    await tab.get_by_test_id("modal-submit").click()
    await expect(tab.get_by_test_id("modal")).to_contain_text("unassigned by @Maeve O'Hara")
    await tab.get_by_test_id("modal-close").click()
    await expect(digest).to_contain_text("unassigned by @Maeve O'Hara")
    await expect(press(digest, "Unassign")).to_have_count(1)
    await press(digest, "Report").click()
    await expect(newest(tab)).to_contain_text("Only visible to you")
    await expect(newest(tab)).to_contain_text("Design · 31 Oct")
    await expect(digest).to_contain_text("Decisions waiting")


async def test_the_next_digest_says_what_changed_and_a_pause_is_kept(tab: Page) -> None:
    await send(tab, "/usage subscribe team=Design weekly mon 9:00")
    await move(tab, "monday", "Mon 30 Nov 09:00")
    await move(tab, "monday", "Mon 7 Dec 09:00")
    await messages(tab)
    digest = holding(tab, "what changed from 29 Nov 2026 to 6 Dec 2026")
    await expect(digest).to_have_count(1)
    await press(digest, "Manage").click()
    await expect(newest(tab)).to_contain_text("Every Monday at 09:00, Europe/Berlin time")
    await press(newest(tab), "Pause").click()
    await expect(newest(tab)).to_contain_text("Nothing comes until somebody resumes it")
    await move(tab, "monday", "Mon 14 Dec 09:00")
    await expect(holding(tab, "to 12 Dec 2026")).to_have_count(0)
    await press(newest(tab), "Resume").click()
    await expect(newest(tab)).to_contain_text("Goes on")
    await move(tab, "monday", "Mon 21 Dec 09:00")
    await expect(holding(tab, "to 20 Dec 2026")).to_have_count(1)


async def test_an_archived_channel_lets_it_rest_and_the_remedy_is_told(tab: Page) -> None:
    await tab.get_by_test_id("channel").filter(has_text="it-help").click()
    await send(tab, "/usage subscribe team=Design daily 9:00 here")
    await expect(newest(tab)).to_contain_text("every day at 09:00, Europe/Berlin time, to #it-help")
    await move(tab, "day", "Fri 27 Nov 09:12")
    digest = holding(tab, "Design · how it stands on 26 Nov 2026")
    await expect(digest).to_contain_text("The whole workspace can read along here, so there are no names.")
    await expect(press(digest, "Unassign")).to_have_count(0)
    await tab.get_by_role("button", name="Menu of it-help").click()
    await tab.get_by_role("menuitem", name="Archive channel").click()
    await expect(tab.get_by_text("This channel is archived.")).to_be_visible()
    await move(tab, "day", "Sat 28 Nov 09:12")
    await messages(tab)
    notice = holding(tab, "rests until somebody mends it")
    await expect(notice).to_have_count(1)
    await expect(notice).to_contain_text("The channel is archived. Bring it back in Slack or choose another one")
    await tab.get_by_test_id("home-tab").click()
    await expect(tab.locator("#main")).to_contain_text("Rests: The channel is archived.")
    await messages(tab)
    await tab.get_by_test_id("channel").filter(has_text="it-help").click()
    await tab.get_by_role("button", name="Menu of it-help").click()
    await tab.get_by_role("menuitem", name="Unarchive channel").click()
    await messages(tab)
    await press(notice, "Resume").click()
    await expect(holding(tab, "Goes on")).to_contain_text("every day at 09:00")
    await move(tab, "day", "Sun 29 Nov 09:12")
    await send(tab, "/usage subscriptions")
    await expect(newest(tab)).to_contain_text("Last: ")


async def test_a_report_is_scheduled_as_a_spreadsheet(tab: Page) -> None:
    await send(tab, "/usage team=Design product=AutoCAD")
    await press(newest(tab), "Schedule").click()
    modal = tab.get_by_test_id("modal")
    await expect(modal.get_by_label("What it is about")).to_have_value("team=Design product=AutoCAD last=30d")
    await choose(tab, modal, "What comes", "A spreadsheet with all rows")
    await choose(tab, modal, "Where to", "To me, in a direct message")
    await modal.get_by_label("At what time").fill("25:00")
    await tab.get_by_test_id("modal-submit").click()
    await expect(modal).to_contain_text("There is no 25:00")
    await modal.get_by_label("At what time").fill("9:00")
    await tab.get_by_test_id("modal-submit").click()
    await expect(modal).to_have_count(0)
    await messages(tab)
    await expect(newest(tab)).to_contain_text("Subscribed: Spreadsheet team=Design product=AutoCAD last=30d")
    await move(tab, "monday", "Mon 30 Nov 09:00")
    await expect(tab.locator("#main").get_by_test_id("file")).to_have_count(1)


async def test_alerts_are_told_switched_off_and_set(tab: Page) -> None:
    await messages(tab)
    told = holding(tab, ALERT).filter(has_text="Few tokens left")
    await expect(told).to_have_count(1)
    await expect(told).to_contain_text("Field Office: 130 of")
    await press(told, "Report").click()
    await expect(newest(tab)).to_contain_text("Field Office · 27 Oct")
    await send(tab, "/usage alerts pack_ends off")
    await expect(newest(tab)).to_contain_text("A pack of tokens ends soon · switched off (changed)")
    await send(tab, "/usage alerts tokens_low 50")
    await expect(newest(tab)).to_contain_text("at 50 % of the tokens or fewer, to the owners")
    await move(tab, "hour", "Thu 26 Nov 10:12")
    await expect(told).to_have_count(2)
    await expect(told.last).to_contain_text("Design: ")
    await send(tab, "/usage alerts packs off")
    await expect(newest(tab)).to_contain_text("There is no alert “packs”. They are tokens_low")


async def test_times_stand_as_whoever_reads_them_has_slack(tab: Page, stage: Stage) -> None:
    await go_to(tab, stage.address, "U0RUTH", "general")
    await send(tab, "/usage subscribe Design weekly mon 9:00")
    await expect(newest(tab)).to_contain_text("Das nächste Mal: 30. Nov. 2026 9:00")
