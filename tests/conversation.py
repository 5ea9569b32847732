"""The conversation that the README tells, held with the demo: `python -m tests.conversation --write` tells it anew."""

import asyncio
import re
import sys
import tempfile
import textwrap
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import aiohttp

from bot.demo import Demo, Stage, raised
from tests.playground_cast import Page
from tests.transcript import told

README = Path(__file__).parents[1] / "README.md"
FIRST, LAST = "<!-- conversation: written by `python -m tests.conversation --write` -->", "<!-- end of conversation -->"
NOW = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)
"""The made-up company is the same every day, only later; so the conversation is held on one day."""

MAEVE, HELP_DESK = "U0MAEVE", "C0ITHELP"
PATIENCE = 60.0
WIDTH = 120

TOKENS = """\
day_used,email,product,team,tokens_used
2026-11-25,jonas.mueller@northgate.example,Civil 3D,Design,9
2026-11-25,jonas.mueller@northgate.example,Inventor,Design,many
"""
"""A small Token Usage export, one row of which cannot be taken."""

Message = dict[str, Any]


@dataclass
class Talk:
    """Maeve and the bot in their direct message; `lines` is what was said so far."""

    stage: Stage
    page: Page
    place: str
    lines: list[str] = field(default_factory=list)

    async def says(self, text: str, sign: str, only: str = "") -> Message:
        """Type a line; the answer is the newest message with the sign in it."""
        before = {each["ts"] for each in await self.page.messages(self.place)}
        assert (await self.page.say(text, self.place))["ok"]
        self._tell("Maeve", f"{text}")
        return await self._answered(lambda each: each["ts"] not in before, sign, only)

    async def drops(self, name: str, data: str, sign: str, only: str = "") -> Message:
        """Drop a file into the direct message."""
        before = {each["ts"] for each in await self.page.messages(self.place)}
        assert (await self.page.drop(self.place, {name: data.encode()}))["ok"]
        self._tell("Maeve", f"drops {name}")
        return await self._answered(lambda each: each["ts"] not in before, sign, only)

    async def chooses(self, message: Message, menu: str, option: str, sign: str, only: str = "") -> Message:
        """Choose in a menu of a message, which is edited in place."""
        block, element = _element(message, menu)
        offered = await self._post("options", message, block, element, value=option)
        chosen = next(each for each in offered["options"] if each["text"]["text"].endswith(option))
        self._tell("Maeve", f"chooses “{chosen['text']['text']}”")
        await self._post("action", message, block, element, selected_option=chosen)
        return await self._answered(lambda each: each["ts"] == message["ts"], sign, only)

    async def presses(self, message: Message, action: str) -> None:
        """Press a button of a message."""
        block, element = _element(message, action)
        self._tell("Maeve", f"presses [{element['text']['text']}]")
        await self._post("action", message, block, element, value=element.get("value", ""))

    async def gets(self, before: Message, sign: str) -> Message:
        """Wait for what comes after a message."""
        return await self._answered(lambda each: each["ts"] > before["ts"] and each["user"] != MAEVE, sign)

    async def sends_the_form(self) -> None:
        """Send the form that is open, as it was filled in."""
        views = self.stage.playground.world.views
        view = await _there(lambda: next((each for each in views.all() if "submit" in each.content), None))
        self._tell("Maeve", f"presses [{view.content['submit']['text']}] in the form, which is filled in already")
        assert (await self.page.post("view", view_id=view.id, do="submit"))["ok"]

    async def looks_into(self, place: str) -> None:
        """See what the bot posted in another place."""
        self._tell("Maeve", f"looks into #{self.stage.playground.world.channels[place].name}")
        await self._answered(lambda _each: True, "", place=place)

    async def _post(self, what: str, message: Message, block: Message, element: Message, **more: Any) -> Message:
        where = {"channel": self.place, "message_ts": message["ts"], "block_id": block["block_id"]}
        done: Message = await self.page.post(what, **where, action_id=element["action_id"], **more)
        assert done["ok"], done
        return done

    async def _answered(self, mine: Callable[[Message], bool], sign: str, only: str = "", place: str = "") -> Message:
        """Wait for a message of the bot with the sign in it, and tell its lines."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            shown: list[Message] = await self.page.messages(place or self.place)
            for message in reversed(shown):
                lines = told(message, self._names())
                if message["user"] != MAEVE and mine(message) and sign in "\n".join(lines):
                    self._tell("usagebot", *_chosen(lines, only))
                    return message
            await asyncio.sleep(0.05)
        raise AssertionError(f"no answer with {sign!r} to {self.lines[-1]!r}")

    def _names(self) -> dict[str, str]:
        return {person.id: person.name for person in self.stage.playground.world.people.values()}

    def _tell(self, who: str, first: str, *lines: str) -> None:
        whole = "\n".join(line for each in (first, *lines) for line in textwrap.wrap(each, WIDTH))
        self.lines += textwrap.indent(whole, " " * 10).replace(" " * 10, f"{who:<10}", 1).split("\n")


def _element(message: Message, action: str) -> tuple[Message, Message]:
    """Return an element of a message, with its block, by the beginning of its action."""
    both = ((block, each) for block in message["blocks"] for each in block.get("elements", ()) if "action_id" in each)
    return next((block, each) for block, each in both if each["action_id"].startswith(action))


async def _there(found: Callable[[], Any]) -> Any:
    end = time.monotonic() + PATIENCE
    while (it := found()) is None:
        assert time.monotonic() < end, "it did not come"
        await asyncio.sleep(0.05)
    return it


def _chosen(lines: list[str], only: str) -> list[str]:
    """Keep the lines that match, and say where others were."""
    kept = [line if re.search(only, line) else "…" for line in lines]
    return [line for line, before in zip(kept, ["", *kept], strict=False) if (line, before) != ("…", "…")]


REPORT = r"^(Design|Seats|53|Tokens|\[)"
ROWS = r"^(Data|Person|… and|.*🔴 Inactive  )"
WHY = r"^(Ingrid|Inactive:|Assigned|Days|Last|Dates without)"


async def held(folder: Path) -> list[str]:
    """Hold the conversation, and return it line by line."""
    demo = Demo({}, lambda: NOW, lambda _line: None, port=0, kept=folder)
    async with raised(demo) as stage, aiohttp.ClientSession() as session:
        page = Page(stage.address, session, MAEVE)
        talk = Talk(stage, page, await page.im())
        await _over_figures(talk)
        await _over_words(talk)
        loaded = await talk.drops("token_usage.csv", TOKENS, "Loaded", r"^(Loaded|1 file)")
        await talk.gets(loaded, "refused-rows")
        return talk.lines


async def _over_figures(talk: Talk) -> None:
    report = await talk.says("/usage team=Design last=30d", "Page 1 of", REPORT)
    await talk.chooses(report, "filter_status", "Inactive", "status=inactive", ROWS)
    await talk.says("why is Ingrid Jansen inactive?", "Assigned on", WHY)
    found = await talk.says("who in Desing hasnt opend Revit for 90 days?", "Data through", ROWS)
    await talk.presses(found, "spreadsheet")
    await talk.gets(found, "xlsx")


async def _over_words(talk: Talk) -> None:
    await talk.says("what does inactive mean?", "inactive")
    unknown = await talk.says("who repairs the plotter?", "do not know")
    await talk.presses(unknown, "agent")
    await talk.sends_the_form()
    await talk.looks_into(HELP_DESK)


def written(page: str, lines: list[str]) -> str:
    """Return the page with this conversation in place of the old one."""
    before, _, rest = page.partition(FIRST)
    _, _, after = rest.partition(LAST)
    return "\n".join([f"{before}{FIRST}\n\n```text", *lines, f"```\n\n{LAST}{after}"])


def main(arguments: list[str]) -> int:
    """Tell the conversation, or write it into the README."""
    with tempfile.TemporaryDirectory() as folder:
        lines = asyncio.run(held(Path(folder)))
    print("\n".join(lines))  # noqa: T201 - what it is for
    if "--write" in arguments:
        README.write_text(written(README.read_text("utf-8"), lines), "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
