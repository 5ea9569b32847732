"""Somebody at a screen with the local workspace's page on it: what is newest there, what they type and choose."""

import asyncio
import csv
import io
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from playwright.async_api import FilePayload, Locator, Page, expect


@asynccontextmanager
async def watched(tab: Page) -> AsyncIterator[Page]:
    """A tab that is closed in the end; whatever the browser complained about fails the test."""
    complaints: list[str] = []
    tab.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    tab.on("pageerror", lambda error: complaints.append(str(error)))
    yield tab
    await tab.close()
    assert complaints == []


async def go_to(tab: Page, address: str, person: str, place: str) -> None:
    """Open the page as somebody, in a channel."""
    await tab.goto(f"{address}/?as={person}")
    await tab.get_by_test_id("channel").filter(has_text=place).click()
    await expect(tab.get_by_role("heading", name=place)).to_be_visible()


ALERT = "You get this as an owner of usagebot"
"""Stands in every alert: those come to owners in their own time, between other messages."""


def newest(tab: Page) -> Locator:
    """The last message of the conversation that is open, alerts apart."""
    return tab.locator("#main").get_by_test_id("message").filter(has_not_text=ALERT).last


def holding(tab: Page, text: str) -> Locator:
    """The messages of the open conversation with some words in them."""
    return tab.locator("#main").get_by_test_id("message").filter(has_text=text)


async def send(tab: Page, text: str) -> None:
    """Type something and send it."""
    await tab.get_by_test_id("composer").fill(text)
    await tab.get_by_test_id("send").click()


async def choose(tab: Page, place: Locator, name: str, option: str) -> None:
    """Choose from a list by its name."""
    await pick(tab, place.get_by_role("combobox", name=name), tab.get_by_role("option", name=option, exact=True))


async def pick(tab: Page, box: Locator, option: Locator) -> None:
    """Open a list and choose."""
    await box.click()
    await option.click()


def press(place: Locator, text: str) -> Locator:
    """A button by the words on it; what a screen reader says may be longer."""
    return place.get_by_role("button").filter(has_text=text)


async def messages(tab: Page) -> None:
    """Turn to the direct message with the bot."""
    await tab.get_by_test_id("app").click()
    await tab.get_by_test_id("messages-tab").click()


async def downloaded(tab: Page, card: Locator) -> bytes:
    """Download a file by its card."""
    async with tab.expect_download() as download:
        await card.click()
    path = Path(await (await download.value).path())
    return await asyncio.to_thread(path.read_bytes)


def cards(tab: Page) -> Locator:
    """The files of the conversation that is open."""
    return tab.locator("#main").get_by_test_id("file")


async def tab_to(tab: Page, wanted: Locator, key: str) -> None:
    """Press a key until the element has the focus."""
    for _ in range(60):
        await tab.keyboard.press(key)
        if await wanted.evaluate("node => node === document.activeElement"):
            return
    raise AssertionError("it cannot be reached")


async def drop(tab: Page, name: str, lines: list[list[str]], kind: str = "text/csv") -> None:
    """Drop a file of these lines into the conversation and send it."""
    text = io.StringIO()
    csv.writer(text).writerows(lines)
    file: FilePayload = {"name": name, "mimeType": kind, "buffer": text.getvalue().encode()}
    await tab.get_by_test_id("file-input").set_input_files([file])
    await expect(tab.get_by_test_id("attached")).to_contain_text(name)
    await tab.get_by_test_id("send").click()
    await expect(tab.get_by_test_id("attached")).to_have_count(0)
