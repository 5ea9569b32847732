"""Seats unassigned in a real browser: one row and its undo, several rows with one unticked, a group and its request."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Locator, Page, expect

from bot.demo import Demo, Stage, raised
from reporting_core.words.seats import Reason, Verdict
from tests.screen import newest, press

pytestmark = pytest.mark.asyncio(loop_scope="module")

IDLE = "team=Design status=inactive last=90d"


@pytest_asyncio.fixture(loop_scope="module")
async def stage(tmp_path: Path) -> AsyncIterator[Stage]:
    """The demo with a company of its own, since seats are taken from it."""
    async with raised(Demo({}, lambda: datetime.now(UTC), lambda _line: None, port=0, kept=tmp_path)) as stage:
        yield stage


@pytest_asyncio.fixture(loop_scope="module")
async def tab(page: Page, stage: Stage) -> AsyncIterator[Page]:
    """The page as the primary admin; whatever the browser complains about fails the test."""
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    await page.goto(f"{stage.address}/?as=U0MAEVE")
    await page.get_by_test_id("channel").filter(has_text="general").click()
    yield page
    await page.close()
    assert complaints == []


async def ask(tab: Page, text: str) -> None:
    await tab.get_by_test_id("composer").fill(text)
    await tab.get_by_test_id("send").click()


async def messages_of_the_bot(tab: Page) -> Locator:
    """The newest message in the Messages tab of the bot."""
    await tab.get_by_test_id("modal-close").click()
    await tab.get_by_role("button", name="usagebot").first.click()
    await tab.get_by_role("tab", name="Messages").click()
    return newest(tab)


async def verdicts(stage: Stage) -> list[Verdict]:
    return await stage.core.seats.preview(stage.core.operator, IDLE)


def assigned(stage: Stage, verdict: Verdict) -> bool:
    """Whether the seat is still held, as the data has it."""
    with stage.core.store.reading() as connection:
        sql = "SELECT assigned FROM assignments WHERE id = "
        return bool(connection.exec_driver_sql(f"{sql}{verdict.seat.assignment_id}").scalar_one())


async def test_one_row_is_unassigned_and_given_back(tab: Page, stage: Stage) -> None:
    first = next(each for each in await verdicts(stage) if each.allowed)
    seat, modal = first.seat, tab.get_by_test_id("modal")
    await ask(tab, f"/usage unassign {IDLE} product={seat.product} user={seat.email}")
    await expect(modal).to_contain_text(f"{seat.person} · {seat.product} · Design")
    await expect(modal).to_contain_text(f"Frees 1 of {seat.seats} {seat.product} seats")
    await expect(modal).to_contain_text("The account and everything in it stay.")
    await tab.get_by_test_id("modal-submit").click()
    await expect(modal).to_contain_text("unassigned by @Maeve O'Hara")
    assert not assigned(stage, first)
    message = await messages_of_the_bot(tab)
    await expect(message).to_contain_text("Undo until")
    await message.get_by_role("button", name="Undo").click()
    await tab.get_by_test_id("confirm-yes").click()
    await expect(message).to_contain_text("given back by @Maeve O'Hara")
    await expect(message.get_by_role("button", name="Undo")).to_have_count(0)
    assert assigned(stage, first)


async def test_evidence_loses_its_button_when_the_seat_is_unassigned(tab: Page, stage: Stage) -> None:
    seat = next(each for each in await verdicts(stage) if each.allowed).seat
    await ask(tab, f"/usage why team=Design product={seat.product} user={seat.email}")
    evidence = newest(tab)
    await press(evidence, "Unassign…").click()
    await tab.get_by_test_id("modal-submit").click()
    await expect(tab.get_by_test_id("modal")).to_contain_text("unassigned by @Maeve O'Hara")
    await expect(evidence).to_contain_text("Unassigned on")
    await expect(press(evidence, "Unassign…")).to_have_count(0)


async def test_several_are_unassigned_but_for_the_unticked(tab: Page, stage: Stage) -> None:
    allowed = [each for each in await verdicts(stage) if each.allowed]
    kept, *taken = allowed
    modal = tab.get_by_test_id("modal")
    await ask(tab, f"/usage {IDLE}")
    await tab.get_by_role("button", name="Review inactive").click()
    await expect(modal.get_by_role("checkbox")).to_have_count(len(allowed))
    await modal.get_by_role("checkbox", name=kept.seat.person).uncheck()
    await tab.get_by_test_id("modal-submit").click()
    await expect(modal.get_by_text("unassigned by @Maeve O'Hara")).to_have_count(len(taken))
    assert assigned(stage, kept)
    assert not any(assigned(stage, each) for each in taken)
    message = await messages_of_the_bot(tab)
    await expect(message.get_by_role("button", name="Undo")).to_have_count(len(taken))


async def test_a_group_is_refused_with_a_request_to_its_owner(tab: Page, stage: Stage) -> None:
    refused = next(each for each in await verdicts(stage) if each.reason is Reason.GROUP)
    assert refused.group is not None
    seat, modal = refused.seat, tab.get_by_test_id("modal")
    await ask(tab, f'/usage unassign {IDLE} product="{seat.product}" user={seat.email}')
    await expect(modal).to_contain_text("The seat comes through a group.")
    await expect(modal).to_contain_text(f"Owner: {refused.group.owners[0]}")
    await expect(modal.locator("pre")).to_contain_text(f"Please take {seat.person} ({seat.email})")
    await expect(tab.get_by_test_id("modal-submit")).to_have_count(0)
