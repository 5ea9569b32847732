"""`python -m bench.filters`: from a press on a filter until Slack has the edited message, over a 5,000-row answer.

The press goes through Bolt and every check; Slack's side is a server on this machine that answers at once.
"""

import argparse
import asyncio
import json
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, closing
from itertools import count, cycle
from pathlib import Path
from statistics import median
from typing import Any, NamedTuple

from aiohttp import web
from slack_bolt.async_app import AsyncApp
from slack_bolt.request.async_request import AsyncBoltRequest

from bench import kept, machine
from bench.company import opened
from bot.app import assemble, workspace
from bot.slack_client import slack_client
from handlers.desk import Desk
from handlers.identity import Directory
from handlers.views.filters import ALL
from reporting_core.core import Core
from reporting_core.usecases.identity import Rules

PAGE = Path(__file__).parent.parent / "docs" / "performance.md"
FIRST, LAST = "<!-- filters: written by `python -m bench.filters --write` -->", "<!-- end of filters -->"
DAYS_OF_A_ROW = 200
MOST = 300.0
"""Milliseconds that a press may take (issue 3)."""

PRESSES = {
    "status": ("inactive", "active", ALL),
    "access": ("flex", "subscription", ALL),
    "range": ("7d", "90d", "12mo", "30d"),
    "team": ("Team 7", ALL),
    "product": ("Revit", ALL),
}
"""Choices of each select, made one after the other; those of the last two lead back to all rows."""


class Measured(NamedTuple):
    """Rows of the whole answer, and milliseconds of each press by select; the last entries turn a page and ask why."""

    rows: int
    presses: dict[str, list[float]]


class Workspace:
    """Slack's side: knows one person, and notes when a message or modal reached it."""

    def __init__(self) -> None:
        """Nothing has come yet."""
        self.blocks: list[Any] = []
        self.at = 0.0

    async def heard(self, request: web.Request) -> web.Response:
        """Answer any method; keep what a message shows."""
        is_json = request.content_type == "application/json"
        body: dict[str, Any] = dict(await request.json()) if is_json else dict(await request.post())
        self.at = time.perf_counter()
        if "blocks" in body:
            blocks = body["blocks"]
            self.blocks = json.loads(blocks) if isinstance(blocks, str) else blocks
        profile = {"email": "owner@example.com", "real_name": "Owner"}
        user = {"id": "U1", "team_id": "T1", "profile": profile}
        told = {"ok": True, "ts": "1.1", "view": {"id": "V1"}, "user": user, "team_id": "T1", "user_id": "UBOT"}
        return web.json_response(told | {"channel": {"id": "C1", "is_channel": True, "is_member": True}})

    def element(self, action_id: str) -> dict[str, Any]:
        """Return an element of the newest message, as it is pressed."""
        rows = (block for block in self.blocks if block["type"] == "actions")
        found = ({**each, "block_id": row["block_id"]} for row in rows for each in row["elements"])
        return next(each for each in found if each["action_id"] == action_id)


@asynccontextmanager
async def serving(core: Core) -> AsyncIterator[tuple[Workspace, AsyncApp, Desk, str]]:
    """Run Slack's side, and the bot's listeners over a core."""
    side, site = Workspace(), web.Application(client_max_size=2**22)
    site.router.add_route("*", "/{any:.*}", side.heard)
    runner = web.AppRunner(site, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    address = f"http://127.0.0.1:{runner.addresses[0][1]}"
    client = slack_client("xoxb-bench", f"{address}/api/")
    home = await workspace(client)
    await core.bind_workspace(home.team_id)
    desk = Desk(core, client, Directory(client, home, time.monotonic), lambda: "0", patience=30)
    yield side, assemble(desk, f"{address}/api/"), desk, address
    await desk.idle(30)
    await runner.cleanup()


async def pressed(core: Core, repeat: int) -> Measured:
    """Ask for all rows, and press one select after the other."""
    async with serving(core) as (side, app, desk, address):
        numbers = count()

        async def send(kind: dict[str, Any]) -> float:
            about = {"team": {"id": "T1"}, "user": {"id": "U1"}, "response_url": f"{address}/response/1"}
            trigger = {"trigger_id": f"{next(numbers)}.1.x"}
            start = time.perf_counter()
            await app.async_dispatch(AsyncBoltRequest(mode="socket_mode", body=about | trigger | kind))
            await desk.idle(30)
            return 1000 * (side.at - start)

        async def press(action: dict[str, Any]) -> float:
            place = {"type": "message", "message_ts": "5.5", "is_ephemeral": True}
            body = {"type": "block_actions", "channel": {"id": "C1"}, "container": place}
            return await send(body | {"actions": [action]})

        command = {"command": "/usage", "text": "last=30d", "team_id": "T1", "user_id": "U1", "channel_id": "C1"}
        await send(command)
        rows = (await core.usage("last=30d", core.operator)).row_count
        found = {name: [await press(each) for each in _choices(side, name, repeat)] for name in PRESSES}
        await send(command)
        found["next page"] = [await press(side.element("page_next")) for _ in range(repeat)]
        found["Why?"] = [await press(side.element("why")) for _ in range(repeat)]
        return Measured(rows, found)


def _choices(side: Workspace, name: str, repeat: int) -> Iterator[dict[str, Any]]:
    """Yield so many presses on a select, each as the newest message has it."""
    values = cycle(PRESSES[name])
    rounds = -(-repeat // len(PRESSES[name])) * len(PRESSES[name])
    for _ in range(rounds):
        yield side.element(f"filter_{name}") | {"selected_option": {"value": next(values)}}


def table(run: Measured) -> str:
    """Return the figures as the page has them."""
    verdict = "reached" if worst(run) <= MOST else "missed"
    about = machine.described()
    load = next(value for name, value in about.items() if name.startswith("Load"))
    head = (
        f"{run.rows:,} rows; {about['Processor']}; load {load}. "
        f"Slowest median: {worst(run):.0f} ms of at most {MOST:.0f} ms ({verdict})."
    )
    rows = [
        f"| {name} | {len(each)} | {median(each):.0f} ms | {max(each):.0f} ms |" for name, each in run.presses.items()
    ]
    return "\n".join([head, "", "| pressed | times | median | slowest |", "|---|---|---|---|", *rows])


def worst(run: Measured) -> float:
    """Return the median of the kind of press that takes longest; single ones wait for what else the machine does."""
    return max(median(times) for times in run.presses.values())


def written(page: str, figures: str) -> str:
    """Return the page with these figures in place of the old ones."""
    before, _, rest = page.partition(FIRST)
    _, _, after = rest.partition(LAST)
    return f"{before}{FIRST}\n\n{figures}\n{LAST}{after}"


def measured(path: Path, repeat: int) -> Measured:
    """Measure a database of `bench.kept`."""
    core = opened(f"sqlite:///{path}")
    core.rules = Rules(owners=frozenset({"owner@example.com"}))
    with closing(core.store):
        return asyncio.run(pressed(core, repeat))


def main(arguments: list[str]) -> int:
    """Measure and tell; ends with status 1 when the figure is missed."""
    parser = argparse.ArgumentParser(prog="python -m bench.filters", description=__doc__)
    parser.add_argument("--rows", type=int, default=5_000)
    parser.add_argument("--repeat", type=int, default=20)
    parser.add_argument("--folder", type=Path, default=Path(tempfile.gettempdir()) / "usagebot-bench")
    parser.add_argument("--write", action="store_true", help="write the figures into docs/performance.md")
    wanted = parser.parse_args(arguments)
    run = measured(kept.database(wanted.folder, wanted.rows * DAYS_OF_A_ROW), wanted.repeat)
    print(table(run))
    if wanted.write:
        PAGE.write_text(written(PAGE.read_text(encoding="utf-8"), table(run)), encoding="utf-8")
    return int(worst(run) > MOST)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
