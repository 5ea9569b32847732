"""The pictures of the README, taken of the demo in a headless browser: `python -m tests.pictures` takes them anew.

With fonts for everything that is shown, and what makes them small (Debian: fonts-noto-core, fonts-noto-cjk,
fonts-noto-color-emoji, pngquant).
"""

import asyncio
import subprocess
import tempfile
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path

from playwright.async_api import Browser, Locator, Page, async_playwright

from bot.demo import Demo, raised
from tests import browser as browsers
from tests import screen
from tests.conversation import MAEVE, NOW

IMAGES = Path(__file__).parents[1] / "docs" / "images"
WIDTH = 1180
REST = 500
"""Milliseconds in which the page scrolls to the newest message and charts are drawn."""


async def _say(tab: Page, text: str, sign: str) -> Locator:
    """Type a line, and return the newest message once the sign is in it."""
    await tab.get_by_test_id("composer").fill(text)
    await tab.get_by_test_id("send").click()
    newest = screen.newest(tab)
    await newest.filter(has_text=sign).wait_for(timeout=browsers.PATIENCE)
    await tab.wait_for_timeout(REST)
    return newest


async def report(tab: Page) -> None:
    """A report whose status was chosen in its message."""
    shown = await _say(tab, "/usage team=Design last=30d", "Page 1 of")
    menu = shown.get_by_role("combobox", name="Status")
    await menu.scroll_into_view_if_needed()
    await tab.wait_for_timeout(REST)  # a menu closes when the page scrolls
    await menu.click()
    await tab.get_by_role("option", name="🔴 Inactive", exact=True).click()
    await shown.filter(has_text="status=inactive").wait_for(timeout=browsers.PATIENCE)


async def mistyped(tab: Page) -> None:
    """A team that is not known, with the nearest that are."""
    await _say(tab, "/usage team=Desing last=30d", "^^^^^^")


async def why(tab: Page) -> None:
    """The evidence for the status of a row."""
    shown = await _say(tab, "/usage team=Design product=Revit status=inactive last=90d", "Data through")
    await shown.get_by_text("Why?", exact=True).click()
    form = tab.get_by_test_id("modal")
    await form.get_by_role("combobox").click()
    await tab.get_by_role("option", name="Ingrid Jansen").click()
    await form.filter(has_text="Days used in the range").wait_for(timeout=browsers.PATIENCE)
    await form.get_by_role("combobox").press("Home")


async def questions(tab: Page) -> None:
    """A question with an answer, one without, and the form that hands it over."""
    await _say(tab, "what does inactive mean?", "Who counts as inactive")
    await _say(tab, "who repairs the plotter?", "I do not know")


async def handed_over(tab: Page) -> None:
    """The form that hands a question over, filled in."""
    shown = await _say(tab, "who repairs the plotter?", "I do not know")
    await shown.get_by_text("Ask a person", exact=True).click()
    await tab.get_by_test_id("modal-submit").wait_for(timeout=browsers.PATIENCE)


SCENES: Mapping[str, tuple[int, Callable[[Page], Awaitable[None]]]] = {
    "report": (1740, report),
    "mistyped": (520, mistyped),
    "why": (760, why),
    "questions": (900, questions),
    "handed-over": (760, handed_over),
}
"""For each picture its height, and what is done before it is taken."""


async def take(browser: Browser, folder: Path, images: Path) -> None:
    """Take every picture, each in a workspace of its own, over the same company."""
    for name, (height, act) in SCENES.items():
        async with raised(Demo({}, lambda: NOW, lambda _line: None, port=0, kept=folder)) as stage:
            tab = await browser.new_page(viewport={"width": WIDTH, "height": height})
            await tab.goto(f"{stage.address}/?as={MAEVE}")
            await tab.get_by_test_id("app").click()
            await tab.get_by_test_id("messages-tab").click()
            await act(tab)
            await tab.wait_for_timeout(REST)
            await tab.screenshot(path=images / f"{name}.png")
            await tab.close()


def shrink(images: Path) -> None:
    """Give each picture a palette of its own, which leaves a third of the bytes and no difference to see."""
    pictures = [str(images / f"{name}.png") for name in SCENES]
    subprocess.run(["pngquant", "--nofs", "--strip", "--force", "--ext", ".png", "200", *pictures], check=True)


async def _main() -> None:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=browsers.chromium(), args=browsers.ARGUMENTS)
        with tempfile.TemporaryDirectory() as folder:
            await take(browser, Path(folder), IMAGES)
        await browser.close()
    shrink(IMAGES)


if __name__ == "__main__":
    asyncio.run(_main())
