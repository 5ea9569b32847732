"""Spreadsheets, sharing, dropped exports and the Home in a real browser, as somebody would use them in the demo."""

import io
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta

import openpyxl
import pytest
import pytest_asyncio
from playwright.async_api import Browser, Locator, Page, expect

from bot.demo import Demo, Stage, raised
from bot.playground.cast import Place
from bot.playground.messages import Channel
from handlers.views import wording
from reporting_core.words.report import UsageReport
from tests.screen import cards, downloaded, drop, go_to, messages, newest, pick, press, send, tab_to, watched

pytestmark = pytest.mark.asyncio(loop_scope="module")

QUESTION = "team=Design last=30d"
MAEVE, TOMAS, RUTH, BEN, LENA = "U0MAEVE", "U0TOMAS", "U0RUTH", "U0BEN", "U0LENA"
ADMINS = "licence-admins"
"""A private channel of Maeve and Tomas, who both may see everybody in Design."""

Sit = Callable[..., Awaitable[Page]]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def stage() -> AsyncIterator[Stage]:
    """The demo, raised once for all tests here, and one more channel in it."""
    async with raised(Demo({}, lambda: datetime.now(UTC), lambda _line: None, port=0)) as stage:
        world = stage.playground.world
        place = Place("C0ADMINS", ADMINS, members=(MAEVE, TOMAS), has_bot=True, is_private=True)
        world.channels[place.id] = Channel.of(place, world.bot.id, int(world.clock()))
        yield stage


@pytest_asyncio.fixture(loop_scope="module")
async def sit(browser: Browser, stage: Stage) -> AsyncIterator[Sit]:
    """Sit somebody down at a screen of their own: in a channel, or with the app's Home or Messages tab."""
    async with AsyncExitStack() as screens:

        async def down(person: str, place: str) -> Page:
            screen = await browser.new_page(viewport={"width": 1280, "height": 900})
            tab = await screens.enter_async_context(watched(screen))
            if place in {"home", "messages"}:
                await tab.goto(f"{stage.address}/?as={person}")
                await messages(tab)
                await tab.get_by_test_id(f"{place}-tab").click()
            else:
                await go_to(tab, stage.address, person, place)
            return tab

        yield down


def answer(stage: Stage, question: str = QUESTION) -> UsageReport:
    """What the core says, to hold the page to."""
    return stage.core.answer(question, stage.core.operator)


async def ask(tab: Page, question: str = QUESTION) -> Locator:
    await send(tab, f"/usage {question}")
    await expect(newest(tab).get_by_role("table", name="Usage · ")).to_be_visible()
    return newest(tab)


# --- Spreadsheets


async def test_a_spreadsheet_holds_what_the_report_shows(sit: Sit, stage: Stage) -> None:
    tab = await sit(TOMAS, "general")
    await press(await ask(tab), "Spreadsheet").click()
    report = answer(stage)
    await expect(newest(tab)).to_contain_text(f"Spreadsheet with {report.row_count} rows is in our direct message.")
    await expect(newest(tab).get_by_role("link", name="Open it")).to_have_attribute("href", re.compile(r"\.xlsx$"))
    await messages(tab)
    await expect(cards(tab).last).to_be_visible()
    book = openpyxl.load_workbook(io.BytesIO(await downloaded(tab, cards(tab).last)))
    assert book.sheetnames == ["Report", "Summary", "Daily use", "About"]
    head, *rows = book["Report"].iter_rows(values_only=True)
    assert head[:6] == ("Person", "E-mail", "Team", "Product", "Access", "Status")
    assert [row[0] for row in rows] == [row.person for row in report.rows]
    assert len(rows) == report.row_count
    assert report.canonical in [row[1] for row in book["About"].iter_rows(values_only=True)]


async def test_the_history_sends_a_spreadsheet_again_and_deletes_it(sit: Sit) -> None:
    tab = await sit(TOMAS, "messages")
    await send(tab, "/usage export team=Design product=Revit last=90d")
    await expect(cards(tab).filter(has_text="Revit")).to_have_count(1)
    await send(tab, "/usage exports")
    await expect(newest(tab).get_by_role("heading", name="Spreadsheets")).to_be_visible()
    await expect(newest(tab)).to_contain_text("/usage team=Design product=Revit last=90d")
    await press(newest(tab), "Fetch again").first.click()
    await expect(cards(tab).filter(has_text="Revit")).to_have_count(2)
    listed = tab.locator("#main").get_by_test_id("message").filter(has=tab.get_by_role("heading", name="Spreadsheets"))
    await press(listed, "Delete").first.click()
    await tab.get_by_test_id("confirm-no").click()
    await press(listed, "Delete").first.click()
    await expect(tab.get_by_test_id("confirm")).to_contain_text("what was sent to Slack stays there")
    await tab.get_by_test_id("confirm-yes").click()
    await expect(listed).to_contain_text("· deleted ")
    await expect(press(listed, "Make anew")).to_have_count(1)


# --- Sharing


async def shared(tab: Page, place: str) -> Locator:
    """Ask in #general, and share the report to a place; returns the form, which says so."""
    await press(await ask(tab), "Share…").click()
    form = tab.get_by_test_id("modal")
    await expect(form).to_contain_text("The whole workspace can read #general")
    if place != "general":
        await pick(tab, form.get_by_role("combobox"), tab.get_by_role("option", name=f"#{place}"))
        await expect(form).to_contain_text(f"#{place} ")
    await tab.get_by_test_id("modal-submit").click()
    await expect(form).to_contain_text(f"Shared to #{place}")
    return form


def named(report: UsageReport, text: str) -> list[str]:
    """Who of a report is named in a text."""
    return [row.person for row in report.rows if row.person in text]


async def test_the_whole_workspace_gets_totals_and_who_may_gets_rows_alone(sit: Sit, stage: Stage) -> None:
    maeve = await sit(MAEVE, "general")
    assert "totals only" in await (await shared(maeve, "general")).inner_text()
    tomas, report = await sit(TOMAS, "general"), answer(stage)
    public = tomas.get_by_test_id("message").filter(has_text="Shared by @Maeve O'Hara")
    await expect(public).to_contain_text(wording.number(report.tiles.subscriptions.assigned))
    await expect(public.get_by_role("table")).to_have_count(0)
    assert named(report, await public.inner_text()) == []
    await press(public, "Show me the rows").click()
    await expect(newest(tomas).get_by_test_id("ephemeral-note")).to_have_text("Only visible to you")
    await expect(newest(tomas).get_by_role("table", name="Usage · ")).to_contain_text(report.rows[0].person)
    ben = await sit(BEN, "general")
    await press(ben.locator("#main"), "Show me the rows").click()
    await expect(newest(ben)).to_contain_text("Reports are for admins")


async def test_another_company_gets_totals_which_can_be_taken_back(sit: Sit, stage: Stage) -> None:
    maeve, lena = await sit(MAEVE, "general"), await sit(LENA, "partner")
    form = await shared(maeve, "partner")
    await expect(newest(lena)).to_contain_text("Shared by @Maeve O'Hara")
    assert named(answer(stage), await newest(lena).inner_text()) == []
    await press(newest(lena), "Show me the rows").click()
    await lena.wait_for_timeout(1_000)
    await expect(lena.get_by_test_id("message")).to_have_count(1)
    await press(form, "Undo").click()
    await expect(form).to_contain_text("Taken back: the message was deleted from the channel.")
    await expect(lena.get_by_test_id("message").filter(has_text="Shared by")).to_have_count(0)


async def test_where_every_member_may_see_them_rows_are_shared(sit: Sit, stage: Stage) -> None:
    form = await shared(await sit(MAEVE, "general"), ADMINS)
    await expect(form).to_contain_text("with names")
    tomas, report = await sit(TOMAS, ADMINS), answer(stage)
    public = tomas.get_by_test_id("message").first
    await expect(public.get_by_role("table", name="Usage · ")).to_contain_text(report.rows[0].person)
    await press(public, "Next").click()
    await expect(newest(tomas).get_by_test_id("ephemeral-note")).to_have_text("Only visible to you")
    await expect(newest(tomas).get_by_role("table", name="Usage · ")).to_contain_text(report.rows[15].person)
    await expect(public).to_contain_text("Page 1 of")
    await expect(tomas.get_by_test_id("message")).to_have_count(2)


# --- Dropped exports


def export(stage: Stage, days: list[str]) -> list[list[str]]:
    """Rows of a Usage export that fills days of Manufacturing on which nobody exported: one person a day."""
    people = answer(stage, "team=Manufacturing status=active last=90d").rows
    head = ["day_used", "email", "team", "access_option", "offering_name", "product_name"]
    rows = [
        [day, row.email or "", row.team, "Subscription", row.product, row.product]
        for day, row in zip(days, people, strict=False)
    ]
    return [head, *rows]


def missing(stage: Stage, *ago: int) -> list[str]:
    """Days without data, as many days ago; the demo has none for 12 to 24 days ago."""
    through = stage.core.data_through()
    assert through is not None
    return [str(through - timedelta(days=each)) for each in ago]


async def test_a_dropped_export_is_loaded_before_ones_eyes(sit: Sit, stage: Stage) -> None:
    tab = await sit(MAEVE, "messages")
    stage.playground.faults.order("download", "hang", seconds=3)
    await drop(tab, "gap.csv", export(stage, missing(stage, 24, 23, 22)))
    await expect(newest(tab)).to_contain_text("Fetching gap.csv …")
    await expect(newest(tab)).to_contain_text("1 file: 3 rows read, 3 stored, 0 unchanged, 0 refused.")
    await expect(newest(tab)).to_contain_text("gap.csv: Usage, 3 rows read")
    await expect(newest(tab)).to_contain_text("The daily data now covers (newest ranges):")
    await press(newest(tab), "Show the report").click()
    await expect(newest(tab).get_by_role("table", name="Usage · ")).to_be_visible()


async def test_every_refused_row_comes_back_in_a_file(sit: Sit, stage: Stage) -> None:
    tab = await sit(MAEVE, "messages")
    lines = export(stage, missing(stage, 20, 19, 18, 17, 16, 15))
    lines[2][0], lines[4][1] = "someday", ""
    await drop(tab, "half.csv", lines)
    await expect(newest(tab).get_by_test_id("file")).to_contain_text("refused-rows.csv")
    told = tab.get_by_test_id("message").filter(has_text="half.csv: Usage")
    await expect(told).to_contain_text("6 rows read, 4 stored, 0 unchanged, 2 refused. The file below lists every")
    refused = (await downloaded(tab, cards(tab).last)).decode("utf-8-sig").splitlines()
    assert [line.split(",")[:2] for line in refused[1:]] == [["half.csv", "3"], ["half.csv", "5"]]
    assert "someday" in refused[1]


async def test_dates_that_read_both_ways_are_asked_about_and_stored_as_pressed(sit: Sit, stage: Stage) -> None:
    tab = await sit(MAEVE, "messages")
    year = datetime.now(UTC).year - 3  # no newer export knows better
    await drop(tab, "slashes.csv", export(stage, [f"03/04/{year}", f"03/05/{year}"]))
    await expect(newest(tab)).to_contain_text(f"Is “03/04/{year}” 3 April {year} or 4 March {year}?")
    assert "--dates" not in await newest(tab).inner_text()
    await press(newest(tab), "Day first").click()
    await expect(newest(tab)).to_contain_text("slashes.csv: Usage, 2 rows read, 2 stored")
    stored = answer(stage, f"team=Manufacturing from={year}-04-03 to={year}-05-03")
    assert sum(row.days_used or 0 for row in stored.rows) == len(("3 April", "3 May"))
    await expect(press(newest(tab), "Day first")).to_have_count(0)


async def test_use_is_taken_away_only_after_a_second_word(sit: Sit, stage: Stage) -> None:
    tab = await sit(MAEVE, "messages")
    lines = export(stage, missing(stage, 14, 13, 12))
    await drop(tab, "all.csv", lines)
    await expect(newest(tab)).to_contain_text("3 rows read, 3 stored")
    await drop(tab, "fewer.csv", [lines[0], lines[1], lines[3]])
    await expect(newest(tab)).to_contain_text("these files would take away 1 of the")
    assert "--replace" not in await newest(tab).inner_text()
    await press(newest(tab), "Replace anyway").click()
    await tab.get_by_test_id("confirm-yes").click()
    await expect(newest(tab)).to_contain_text("fewer.csv: Usage, 2 rows read, 0 stored, 2 unchanged")


async def test_a_picture_is_no_export(sit: Sit) -> None:
    tab = await sit(MAEVE, "messages")
    await drop(tab, "photo.png", [["x"]], kind="image/png")
    await expect(newest(tab)).to_contain_text("photo.png is no export: pictures, sounds and films hold no rows.")
    await expect(newest(tab).get_by_role("button", name="Open the form")).to_have_count(0)


@pytest.mark.parametrize(
    ("person", "words"),
    [
        (TOMAS, "holds rows of “Manufacturing”, and you are no admin there"),
        (RUTH, "Das dürfen nur primäre, sekundäre und SSO-Administratoren"),
        (BEN, "Reports are for admins of a team"),
    ],
)
async def test_who_may_not_load_is_told_so(sit: Sit, stage: Stage, person: str, words: str) -> None:
    tab = await sit(person, "messages")
    await drop(tab, "gap.csv", export(stage, missing(stage, 24, 23)))
    await expect(newest(tab)).to_contain_text(words)


# --- Home


async def test_the_home_shows_figures_and_leads_to_reports_and_spreadsheets(sit: Sit, stage: Stage) -> None:
    tab = await sit(MAEVE, "messages")
    await send(tab, "/usage export team=Design access=flex last=30d")
    await expect(cards(tab).filter(has_text="flex")).to_have_count(1)
    await tab.get_by_test_id("home-tab").click()
    home, whole, idle = (
        tab.get_by_test_id("home-content"),
        answer(stage, "last=30d"),
        answer(stage, "team=Design last=90d"),
    )
    await expect(home).to_contain_text("You are here as Maeve O'Hara: owner, all teams")
    figures = dict([text.split("\n") for text in await home.locator(".field").all_inner_texts()])
    assert figures["Assigned"] == wording.number(whole.tiles.subscriptions.assigned)
    assert figures["Tokens used"] == wording.number(whole.tiles.flex.tokens_used)
    await expect(home).to_contain_text(f"The data ends on {wording.day(whole.data_through)}.")
    await expect(home).to_contain_text(
        f"Design: {idle.tiles.subscriptions.inactive} seats have not been used for 90 days."
    )
    await home.get_by_role("button", name="Review inactive people, and unassign their seats: Design").click()
    await expect(tab.get_by_test_id("modal")).to_contain_text("can be unassigned")
    await tab.get_by_test_id("modal-close").click()
    await home.get_by_role("button", name="Open: Design").click()
    await home.get_by_role("button", name="Fetch again").first.click()
    await tab.get_by_test_id("messages-tab").click()
    await expect(cards(tab).filter(has_text="flex")).to_have_count(2)
    report = tab.get_by_test_id("message").filter(has_text="/usage team=Design last=")
    await expect(report.get_by_role("table", name="Usage · ")).to_be_visible()


async def test_the_home_of_somebody_without_a_role_says_what_is_left_to_ask(sit: Sit) -> None:
    home = (await sit(BEN, "home")).get_by_test_id("home-content")
    await expect(home).to_contain_text("Reports are for admins of a team")
    await expect(home).to_contain_text("/usage faq")
    await expect(home.locator(".field")).to_have_count(0)


async def test_the_home_of_a_reporter_is_in_the_language_of_their_slack(sit: Sit) -> None:
    home = (await sit(RUTH, "home")).get_by_test_id("home-content")
    await expect(home).to_contain_text("Sie sind hier als Ruth Feldmann: Berichte von Design")
    for heading in ("Wartet auf eine Entscheidung", "Ihre Tabellen", "Die Daten", "Einstellungen"):
        await expect(home.get_by_role("heading", name=heading)).to_be_visible()
    await expect(home).to_contain_text("Plätze wurden seit 90 Tagen nicht genutzt.")
    await expect(home).not_to_contain_text("Legen Sie die Dateien")


# --- Keys


async def test_filters_and_buttons_are_worked_with_keys_alone(sit: Sit) -> None:
    tab = await sit(TOMAS, "general")
    await ask(tab)
    await tab.get_by_test_id("composer").focus()
    await tab_to(tab, newest(tab).get_by_role("combobox", name="Status"), "Shift+Tab")
    await tab.keyboard.type("Inactive")
    await expect(tab.get_by_role("option", name="Inactive")).to_be_visible()
    await tab.keyboard.press("ArrowDown")
    await tab.keyboard.press("Enter")
    await expect(newest(tab)).to_contain_text("/usage team=Design status=inactive last=30d")
    await tab.get_by_test_id("composer").focus()
    await tab_to(tab, press(newest(tab), "Why?"), "Shift+Tab")
    await tab.keyboard.press("Enter")
    await expect(tab.get_by_test_id("modal")).to_contain_text("Whose status?")
    await tab.keyboard.press("Escape")
    await expect(tab.get_by_test_id("modal")).to_have_count(0)
    await tab_to(tab, press(newest(tab), "Spreadsheet"), "Shift+Tab")
    await tab.keyboard.press("Enter")
    await expect(newest(tab)).to_contain_text("is in our direct message")
