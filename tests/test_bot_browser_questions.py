"""Questions in a real browser, as somebody would ask them: in the Messages tab, in a channel, and one for a person."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Page, expect

from bot.demo import Demo, Stage, raised
from bot.demo_cast import SUPPORT
from tests.screen import newest

pytestmark = pytest.mark.asyncio(loop_scope="module")

QUESTION = "who in Design hasn't opened Revit for 90 days?"
CANONICAL = "team=Design product=Revit status=inactive last=90d"


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One folder for all tests here, so that the company is imported once."""
    return tmp_path_factory.mktemp("demo")


@pytest_asyncio.fixture(loop_scope="module")
async def stage(kept: Path) -> AsyncIterator[Stage]:
    async with raised(Demo({}, lambda: datetime.now(UTC), lambda _line: None, port=0, kept=kept)) as stage:
        yield stage


@pytest_asyncio.fixture(loop_scope="module")
async def tab(page: Page, stage: Stage) -> AsyncIterator[Page]:
    """The Messages tab of the bot, as the primary admin; whatever the browser complains about fails the test."""
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    await page.goto(f"{stage.address}/?as=U0MAEVE")
    await page.get_by_test_id("app").click()
    await expect(page.get_by_test_id("prompt")).to_have_count(4)
    yield page
    await page.close()
    assert complaints == []


async def ask(tab: Page, text: str) -> None:
    await tab.get_by_test_id("composer").fill(text)
    await tab.get_by_test_id("send").click()


async def test_a_question_for_figures_is_answered_with_the_report(tab: Page, stage: Stage) -> None:
    await ask(tab, QUESTION)
    await expect(newest(tab)).to_contain_text(f"/usage {CANONICAL}")
    report = stage.core.answer(CANONICAL, stage.core.operator)
    cells = newest(tab).get_by_role("table", name="Usage · ").locator("tbody th")
    assert await cells.all_inner_texts() == [row.person for row in report.rows]


async def test_a_suggestion_is_answered_with_an_explanation_and_a_thumb_is_kept(tab: Page, stage: Stage) -> None:
    await tab.get_by_test_id("prompt").filter(has_text="What does inactive mean?").click()
    await expect(newest(tab).get_by_role("heading", name="Who counts as inactive")).to_be_visible()
    await newest(tab).get_by_role("button", name="This answer did not help").click()
    await expect(newest(tab)).to_contain_text("Thank you, that is kept.")
    (waiting,) = [each for each in (await stage.core.asking.open()).questions if each.down]
    assert (waiting.question, waiting.answer) == ("What does inactive mean?", "inactive")


async def test_what_is_not_known_is_on_the_owners_list_until_it_is_settled(tab: Page) -> None:
    riddle = "where can I park my bicycle?"
    await ask(tab, riddle)
    await expect(newest(tab)).to_contain_text("I do not know the answer")
    await ask(tab, "/usage questions")
    await expect(newest(tab)).to_contain_text(riddle)
    row = newest(tab).get_by_role("button", name="Settled: take this question off the list")
    before = await row.count()
    await row.first.click()
    await expect(row).to_have_count(before - 1)
    await expect(newest(tab)).not_to_contain_text(riddle)


async def test_what_is_misspelt_is_understood_or_asked_back(tab: Page) -> None:
    await ask(tab, "who in Desgin hasnt opend Revit for 90 days")
    run = newest(tab).get_by_role("button", name=f"/usage {CANONICAL}")
    await expect(newest(tab).get_by_text(CANONICAL).first).to_be_visible()
    if await run.count():
        await run.click()
    await expect(newest(tab).get_by_role("table", name="Usage · ")).to_be_visible()


async def test_a_mention_says_totals_to_all_and_names_to_whoever_presses(tab: Page, stage: Stage) -> None:
    await tab.get_by_test_id("channel").filter(has_text="general").click()
    await ask(tab, f"@usagebot {QUESTION}")
    await newest(tab).get_by_test_id("open-thread").click()
    answer = tab.locator("#thread").get_by_test_id("message").last
    await expect(answer).to_contain_text("Assigned")
    names = [row.person for row in stage.core.answer(CANONICAL, stage.core.operator).rows]
    assert names
    for name in names:
        await expect(answer).not_to_contain_text(name)
    await answer.get_by_role("button", name="Show me the rows; only I will see them").click()
    await expect(newest(tab).get_by_test_id("ephemeral-note")).to_have_text("Only visible to you")
    for name in names:
        await expect(newest(tab)).to_contain_text(name)
    await tab.get_by_test_id("act-as").select_option("U0BEN")
    await tab.get_by_test_id("channel").filter(has_text="general").click()
    await expect(tab.get_by_test_id("ephemeral-note")).to_have_count(0)


async def test_a_question_is_handed_over_to_a_person_with_all_that_is_known(tab: Page) -> None:
    await ask(tab, QUESTION)
    await expect(newest(tab)).to_contain_text(CANONICAL)
    await ask(tab, "/usage agent Who can give Lucía her seat back?")
    form = tab.get_by_test_id("modal")
    await expect(form.get_by_label("Your question")).to_have_value("Who can give Lucía her seat back?")
    for name, value in (("Team", "Design"), ("Product", "Revit"), ("Range", "last=90d")):
        await expect(form.get_by_label(name)).to_have_value(value)
    await expect(form).to_contain_text("Premium")
    await tab.get_by_test_id("modal-submit").click()
    await expect(form).to_contain_text("Your question was handed over in")
    link = form.get_by_role("link", name="Go to the message")
    assert SUPPORT in (await link.get_attribute("href") or "")
    await tab.get_by_test_id("modal").get_by_role("button", name="Close").last.click()
    await tab.get_by_test_id("channel").filter(has_text="it-help").click()
    posted = newest(tab)
    await expect(posted).to_contain_text("Maeve O'Hara")
    for part in ("Who can give Lucía her seat back?", "Design", "Revit", "last=90d", "Plan: Premium"):
        await expect(posted).to_contain_text(part)


async def test_a_support_channel_that_was_archived_loses_nothing(tab: Page, stage: Stage) -> None:
    stage.playground.happenings.archive(stage.playground.world.channels[SUPPORT], "U0MAEVE")
    await ask(tab, "/usage agent Why is that so?")
    await expect(tab.get_by_test_id("modal").get_by_label("Your question")).to_have_value("Why is that so?")
    await tab.get_by_test_id("modal-submit").click()
    await expect(tab.get_by_test_id("modal")).to_contain_text("archived, so your question was not sent")
    await expect(tab.get_by_test_id("modal").locator("pre")).to_contain_text("Why is that so?")
