"""The demo in a real browser, as somebody would try it: ask, turn pages, use the form, mistype, be a guest."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Locator, Page, expect

from bot.demo import Demo, Stage, raised
from handlers.views import wording
from reporting_core.words.report import UsageReport
from tests.screen import go_to, newest, send, watched

pytestmark = pytest.mark.asyncio(loop_scope="module")

QUESTION = "team=Design last=30d"


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One folder for all tests here, so that the company is imported once."""
    return tmp_path_factory.mktemp("demo")


@pytest_asyncio.fixture(loop_scope="module")
async def stage(kept: Path) -> AsyncIterator[Stage]:
    """Workspace, bot and company, as `usagebot demo` raises them."""
    async with raised(Demo({}, lambda: datetime.now(UTC), lambda _line: None, port=0, kept=kept)) as stage:
        yield stage


@pytest_asyncio.fixture(loop_scope="module")
async def tab(page: Page, stage: Stage) -> AsyncIterator[Page]:
    """The page as the primary admin, in #general; whatever the browser complains about fails the test."""
    async with watched(page):
        await go_to(page, stage.address, "U0MAEVE", "general")
        yield page


def table(tab: Page) -> Locator:
    return newest(tab).get_by_role("table", name="Usage · ")


def answer(stage: Stage, question: str = QUESTION) -> UsageReport:
    """What the core says, to hold the page to."""
    return stage.core.answer(question, stage.core.operator)


def people(report: UsageReport, first: int) -> list[str]:
    """The first column of the page that begins with this row."""
    return [row.person for row in report.rows[first : first + 15]]


async def shown_people(tab: Page) -> list[str]:
    cells = await table(tab).locator("tbody th").all_inner_texts()
    # Two people of one name on a page are told apart by their e-mail behind it.
    return [cell.split(" (")[0] for cell in cells]


async def test_the_report_holds_what_the_core_answers(tab: Page, stage: Stage) -> None:
    await send(tab, f"/usage {QUESTION}")
    report = answer(stage)
    title = f"Design · {wording.dates(report.period)} (UTC)"
    await expect(newest(tab).get_by_role("heading", name=title)).to_be_visible()
    await expect(newest(tab).get_by_test_id("ephemeral-note")).to_have_text("Only visible to you")
    await expect(newest(tab)).to_contain_text(f"/usage {report.canonical}")
    seats, flex = report.tiles.subscriptions, report.tiles.flex
    figures = dict([text.split("\n") for text in await newest(tab).locator(".field").all_inner_texts()])
    assert figures["Seats bought"] == wording.number(seats.seats)
    assert [figures[label] for label in ("Assigned", "Active", "Inactive", "Not yet active", "Unknown")] == [
        wording.number(each)
        for each in (seats.assigned, seats.active, seats.inactive, seats.not_yet_active, seats.unknown)
    ]
    assert (figures["Tokens used"], figures["Flex users"]) == (wording.number(flex.tokens_used), str(flex.users))
    await expect(newest(tab).get_by_role("img", name="Use per week, bar chart")).to_be_visible()
    statuses = await table(tab).locator("tbody tr td:nth-child(4)").all_inner_texts()
    assert statuses == [wording.status(row.status) for row in report.rows[:15]]
    assert await shown_people(tab) == people(report, 0)


async def test_pages_turn_in_place(tab: Page, stage: Stage) -> None:
    await send(tab, f"/usage {QUESTION}")
    await expect(newest(tab)).to_contain_text("Page 1 of")
    report = answer(stage)
    for page in (2, 3):
        await newest(tab).get_by_role("button", name="Next page").click()
        await expect(newest(tab)).to_contain_text(f"Page {page} of")
        assert await shown_people(tab) == people(report, 15 * (page - 1))
    await newest(tab).get_by_role("button", name="Previous page").click()
    await expect(newest(tab)).to_contain_text("Page 2 of")
    await expect(tab.get_by_test_id("message")).to_have_count(1)


async def test_next_stays_under_the_pointer(tab: Page) -> None:
    await send(tab, f"/usage {QUESTION}")
    button = newest(tab).get_by_role("button", name="Next page")
    before = await button.bounding_box()
    await button.click()
    await expect(newest(tab)).to_contain_text("Page 2 of")
    after = await button.bounding_box()
    assert before is not None
    assert after is not None
    assert (before["x"], before["width"]) == (after["x"], after["width"])


async def test_a_bare_command_opens_the_form_with_the_last_question(tab: Page, stage: Stage) -> None:
    await send(tab, "/usage team=Design last=7d")
    await expect(newest(tab)).to_contain_text("/usage team=Design last=7d")
    await send(tab, "/usage")
    form = tab.get_by_test_id("modal")
    await expect(form.get_by_role("button", name="Remove Design")).to_be_visible()
    await expect(form.get_by_role("combobox", name="Dates")).to_have_value("Last 7 days")
    await form.get_by_role("combobox", name="Status").click()
    await tab.get_by_role("option", name="🔴 Inactive", exact=True).click()
    await tab.keyboard.press("Escape")
    await form.get_by_role("combobox", name="Dates").click()
    await tab.get_by_role("option", name="From … to …").click()
    await tab.get_by_test_id("modal-submit").click()
    await expect(form).to_contain_text("Choose the first day, or another range above.")
    await form.get_by_role("combobox", name="Dates").click()
    await tab.get_by_role("option", name="Last 90 days").click()
    await tab.get_by_test_id("modal-submit").click()
    await expect(form).to_have_count(0)
    report = answer(stage, "team=Design status=inactive last=90d")
    await expect(newest(tab)).to_contain_text(f"/usage {report.canonical}")
    assert await shown_people(tab) == people(report, 0)


async def test_the_form_changes_the_question_of_a_message(tab: Page) -> None:
    await send(tab, f"/usage {QUESTION}")
    await newest(tab).get_by_role("button", name="More filters").click()
    form = tab.get_by_test_id("modal")
    await form.get_by_label("More filters").fill("top=3")
    await tab.get_by_test_id("modal-submit").click()
    await expect(newest(tab)).to_contain_text("/usage team=Design last=30d top=3")
    await expect(table(tab).locator("tbody tr")).to_have_count(3)
    await expect(tab.get_by_test_id("message")).to_have_count(1)


async def test_a_guest_is_refused_and_sees_nothing_of_others(tab: Page) -> None:
    await send(tab, f"/usage {QUESTION}")
    await expect(newest(tab)).to_contain_text("Data through")
    await tab.get_by_test_id("act-as").select_option("U0GUEST")
    await expect(tab.get_by_test_id("message")).to_have_count(0)
    for text in (f"/usage {QUESTION}", "/usage", "/usage help"):
        before = await tab.get_by_test_id("message").count()
        await send(tab, text)
        await expect(tab.get_by_test_id("message")).to_have_count(before + 1)
        await expect(newest(tab)).to_contain_text("Guests of this workspace get no reports")
        await expect(newest(tab)).to_contain_text("Please ask Maeve O'Hara")
    await expect(tab.get_by_role("table")).to_have_count(0)
    await expect(tab.get_by_test_id("modal")).to_have_count(0)


async def test_keys_alone_complete_and_send_a_command(tab: Page) -> None:
    composer = tab.get_by_test_id("composer")
    await composer.focus()
    await tab.keyboard.type("/us")
    await expect(tab.get_by_test_id("command-option").first).to_be_visible()
    await tab.keyboard.press("Tab")
    await expect(composer).to_have_value("/usage ")
    await tab.keyboard.press("ArrowDown")
    await tab.keyboard.press("Tab")
    await expect(composer).to_have_value(f"/usage {QUESTION} ")
    await tab.keyboard.press("Enter")
    await expect(newest(tab).get_by_role("heading", name="Design · ")).to_be_visible()


async def test_a_mistyped_team_is_put_right_by_a_press(tab: Page) -> None:
    await tab.get_by_text("With a typing mistake").click()
    await expect(tab.get_by_test_id("composer")).to_have_value("/usage team=Desing last=30d")
    await tab.get_by_test_id("send").click()
    await expect(newest(tab).locator("pre")).to_have_text("team=Desing last=30d\n     ^^^^^^")
    await newest(tab).get_by_role("button", name=f"Run: /usage {QUESTION}").click()
    await expect(newest(tab).get_by_role("heading", name="Design · ")).to_be_visible()
