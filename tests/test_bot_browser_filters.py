"""Filters and *Why?* in a real browser: the message changes in place, also after a restart; others get their own."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Locator, Page, expect

from bot import app, settings
from handlers.views import report as view
from handlers.views.filters import Controls
from reporting_core.core import Core
from reporting_core.storage.engines import open_store
from tests.playground_cast import CREDENTIALS, Stage
from tests.safe_company import Holder, Seat, core_of, on_stage, write
from tests.screen import choose, go_to, newest, pick, send, watched

pytestmark = pytest.mark.asyncio(loop_scope="module")


class Running:
    """The bot over a database, which can be restarted while the workspace goes on."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.core: Core = core_of(open_store(f"sqlite:///{folder / 'x.db'}"))
        self.stage: Stage
        self.bot: app.Running

    async def restart(self) -> None:
        """Stop the bot and start another one over the same database."""
        await self.bot.stop()
        self.core.store.close()
        self.core = core_of(open_store(f"sqlite:///{self.folder / 'x.db'}"))
        given = settings.read(
            {
                "SLACK_BOT_TOKEN": CREDENTIALS.bot_token,
                "SLACK_APP_TOKEN": CREDENTIALS.app_token,
                "SLACK_SIGNING_SECRET": CREDENTIALS.signing_secret,
                "SLACK_API_URL": self.stage.playground.api_url,
                "USAGEBOT_DATA": str(self.folder),
            }
        )
        self.bot = await app.start(given, "socket", self.core)


@pytest_asyncio.fixture(loop_scope="module")
async def running(tmp_path: Path) -> AsyncIterator[Running]:
    """Two teams of twenty; Ada is admin of both, Ben of Design alone."""
    made = Running(tmp_path)
    seats = [
        Seat(f"{team[:1]}{number}@people.example", f"{team}er", f"{chr(65 + number)}bel", team, product)
        for team in ("Design", "West")
        for number, product in zip(range(20), ("Revit", "AutoCAD") * 10, strict=True)
    ]
    holders = [Holder("ada@example.com", team=team) for team in ("Design", "West")] + [Holder("ben@example.com")]
    made.core.load(write(tmp_path / "in", seats, holders))
    async with on_stage(made.core, tmp_path) as (made.stage, made.bot):
        yield made
        await made.bot.stop()
    made.core.store.close()


@pytest_asyncio.fixture(loop_scope="module")
async def tab(page: Page, running: Running) -> AsyncIterator[Page]:
    """The page as the primary admin, in #general; whatever the browser complains about fails the test."""
    async with watched(page):
        await go_to(page, running.stage.page.base_url, "U0PRIMARY", "general")
        yield page


async def ask(tab: Page, text: str) -> None:
    await send(tab, text)
    await expect(newest(tab)).to_contain_text("Data through")


def select(tab: Page, name: str) -> Locator:
    return newest(tab).get_by_role("combobox", name=name)


async def test_a_choice_changes_the_message_in_place_and_keeps_the_other_filters(tab: Page) -> None:
    await ask(tab, "/usage team=Design last=30d")
    await expect(select(tab, "Team")).to_have_value("Design")
    await choose(tab, newest(tab), "Status", "🔴 Inactive")
    await expect(newest(tab)).to_contain_text("/usage team=Design status=inactive last=30d")
    await expect(select(tab, "Status")).to_have_value("🔴 Inactive")
    await choose(tab, newest(tab), "Team", "West")
    await expect(newest(tab)).to_contain_text("/usage team=West status=inactive last=30d")
    await choose(tab, newest(tab), "Product", "Revit")
    await expect(newest(tab)).to_contain_text("/usage team=West product=Revit status=inactive last=30d")
    await choose(tab, newest(tab), "Team", "All teams")
    await expect(newest(tab)).to_contain_text("/usage product=Revit status=inactive last=30d")
    await expect(tab.get_by_test_id("message")).to_have_count(1)


async def test_after_a_restart_a_press_goes_on_from_where_the_message_stands(tab: Page, running: Running) -> None:
    await ask(tab, "/usage team=Design last=30d")
    await choose(tab, newest(tab), "Status", "🔴 Inactive")
    await expect(newest(tab)).to_contain_text("status=inactive")
    await running.restart()
    await choose(tab, newest(tab), "Product", "Revit")
    await expect(newest(tab)).to_contain_text("/usage team=Design product=Revit status=inactive last=30d")
    await expect(tab.get_by_test_id("message")).to_have_count(1)


async def test_other_dates_are_picked_in_the_form(tab: Page) -> None:
    await ask(tab, "/usage team=Design last=30d")
    await choose(tab, newest(tab), "Dates", "Custom dates…")
    form = tab.get_by_test_id("modal")
    await expect(form.get_by_label("From (optional)")).to_have_value("2026-10-26")
    await form.get_by_role("button", name="Cancel").click()
    await expect(select(tab, "Dates")).to_have_value("Last 30 days")
    await choose(tab, newest(tab), "Dates", "Custom dates…")
    await form.get_by_label("From (optional)").fill("2026-11-02")
    await form.get_by_label("To (optional)").fill("2026-11-08")
    await tab.get_by_test_id("modal-submit").click()
    await expect(form).to_have_count(0)
    await expect(newest(tab)).to_contain_text("/usage team=Design from=2026-11-02 to=2026-11-08")
    await expect(select(tab, "Dates")).to_have_value("2 Nov – 8 Nov 2026")
    await expect(tab.get_by_test_id("message")).to_have_count(1)


async def test_somebody_else_gets_an_own_copy_with_their_own_rights(tab: Page, running: Running) -> None:
    shown = await running.core.shown.open("U0PRIMARY", "last=30d")
    report = running.core.answer("last=30d", running.core.operator)
    words = running.core.names.of(running.core.operator)
    made = view.message(report, {"q": "last=30d"}, Controls(shown, words))
    await running.stage.client.chat_postMessage(channel="C0GENERAL", text=made.text, blocks=list(made.blocks))
    await tab.get_by_test_id("act-as").select_option("U0DESIGN")
    public = tab.get_by_test_id("message").first
    await expect(public).to_contain_text("Rows 1–15 of 40")
    await choose(tab, public, "Status", "🔴 Inactive")
    await expect(tab.get_by_test_id("message")).to_have_count(2)
    await expect(newest(tab).get_by_test_id("ephemeral-note")).to_have_text("Only visible to you")
    await expect(newest(tab)).to_contain_text("/usage status=inactive last=30d")
    await expect(newest(tab)).to_contain_text("You see Design, because your role is there.")
    await expect(newest(tab)).not_to_contain_text("West")
    await expect(public).to_contain_text("Rows 1–15 of 40")
    await choose(tab, newest(tab), "Product", "Revit")
    await expect(newest(tab)).to_contain_text("/usage product=Revit status=inactive last=30d")
    await expect(tab.get_by_test_id("message")).to_have_count(2)
    await tab.get_by_test_id("act-as").select_option("U0PRIMARY")
    await expect(tab.get_by_test_id("message")).to_have_count(1)


async def test_why_shows_the_evidence_of_the_row_that_is_chosen(tab: Page) -> None:
    await ask(tab, "/usage team=Design last=30d")
    await newest(tab).get_by_role("button", name="Why does somebody have this status?").click()
    modal = tab.get_by_test_id("modal")
    await pick(tab, modal.get_by_role("combobox"), tab.get_by_role("option", name="Designer Cbel"))
    await expect(modal.get_by_role("heading", name="Designer Cbel · Revit · Design")).to_be_visible()
    await expect(modal).to_contain_text("Inactive: the seat is assigned since")
    facts = await modal.locator("li").all_inner_texts()
    assert "Assigned on: 31 Jan 2026" in facts
    assert "Dates without data: none" in facts
    await expect(modal).to_contain_text("may have worked offline")
    await pick(tab, modal.get_by_role("combobox"), tab.get_by_role("option", name="Designer Dbel"))
    await expect(modal.get_by_role("heading", name="Designer Dbel · AutoCAD · Design")).to_be_visible()


async def test_why_is_answered_to_whom_it_is_asked_about(tab: Page) -> None:
    await ask(tab, "/usage why Designer Abel")
    await expect(newest(tab).get_by_role("heading", name="Designer Abel · Revit · Design")).to_be_visible()
    await expect(newest(tab)).to_contain_text("Status: 🟢 Active")
    await send(tab, "/usage why Desinger Abel")
    await expect(newest(tab)).to_contain_text("Did you mean one of these?")
    await newest(tab).get_by_role("button", name="Designer Abel").click()
    await expect(newest(tab)).to_contain_text("Status: 🟢 Active")
