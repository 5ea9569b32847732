"""`usagebot demo`: the local workspace, the bot connected to it, a made-up company to ask about; all on loopback."""

import asyncio
import errno
import secrets
import shutil
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from random import SystemRandom

from bot import app, demo_company, settings
from bot.demo_cast import GERMAN, GERMAN_TEAM, OWNER, REPORTER, REPORTER_TEAM, SUPPORT, cast
from bot.demo_company.people import DOMAIN
from bot.demo_time import Kept, Noted, Passing, following
from bot.opening import opened, provided
from bot.playground import Credentials, MovableClock, Options, Playground
from bot.settings import Settings
from reporting_core.core import Core
from reporting_core.words.errors import SettingWrong

HOST = "127.0.0.1"
PORTS = 20
"""How many ports are tried after one that is taken."""


@dataclass(frozen=True, slots=True)
class Demo:
    """What the demo needs from around it. `kept` is a folder whose data outlives the demo, else it is made anew."""

    environment: Mapping[str, str]
    clock: Callable[[], datetime]
    tell: Callable[[str], None]
    port: int = 3000
    kept: Path | None = None


@dataclass(frozen=True, slots=True)
class Stage:
    """The running demo."""

    address: str
    playground: Playground
    core: Core


async def run(demo: Demo) -> None:
    """Run until SIGINT or SIGTERM, then take everything down again."""
    told_to_stop = asyncio.create_task(app.until_told_to_stop())
    await asyncio.sleep(0)  # from here on a signal ends it in order, also before everything is up
    async with raised(demo) as stage:
        demo.tell(_welcome(stage.address))
        await told_to_stop
        demo.tell("Stopping …")


@asynccontextmanager
async def raised(demo: Demo) -> AsyncIterator[Stage]:
    """Make up the company, start workspace and bot, and hand them out. Raises `SettingWrong`, `StoreBusy`."""
    async with AsyncExitStack() as stack:
        folder = stack.enter_context(_folder(demo.kept))
        clock = MovableClock(lambda: demo.clock().timestamp())
        time = Passing(clock, folder, Kept.read(folder, demo.clock().date()))
        credentials = _credentials()
        playground = Playground(
            cast(time.company), credentials, clock=clock, random=SystemRandom(), options=Options(move=time.to)
        )
        address = await _listening(playground, demo)
        stack.push_async_callback(playground.stop)
        given = _settings(demo.environment, folder, credentials, playground.api_url)
        core = stack.enter_context(opened(given, time.now))
        core.seats.provided_by(Noted(provided(given, core), time.note))
        time.opened = lambda moment: opened(given, lambda: moment)
        # In this thread: nobody is connected yet, and nothing may be left half written when somebody stops it now.
        _filled(core, time, demo.tell)
        running = await app.start(given, "socket", core, clock=clock)
        stack.push_async_callback(running.stop)
        time.at_once, time.following = running.at_once, lambda: following(core)
        yield Stage(address, playground, core)


@contextmanager
def _folder(kept: Path | None) -> Iterator[Path]:
    if kept is not None:
        kept.mkdir(parents=True, exist_ok=True)
        yield kept
        return
    folder = Path(tempfile.mkdtemp(prefix="usagebot-demo-"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _credentials() -> Credentials:
    """Return secrets for this start only: the page on this machine is open, the workspace's other side is not."""
    return Credentials(f"xoxb-{secrets.token_hex(16)}", f"xapp-{secrets.token_hex(16)}", secrets.token_hex(16))


async def _listening(playground: Playground, demo: Demo) -> str:
    """Listen on the port, or on the next free one. Raises `SettingWrong` when there is none."""
    for port in range(demo.port, min(demo.port + PORTS, 65_536)):
        try:
            address = await playground.start(HOST, port)
        except OSError as error:
            if error.errno not in {errno.EADDRINUSE, errno.EACCES}:
                raise
            continue
        if port != demo.port:
            demo.tell(f"Port {demo.port} is taken, so the demo is on port {port}.")
        return address
    raise SettingWrong(f"No port from {demo.port} on is free. Name another: usagebot demo --port 4000")


def _settings(environment: Mapping[str, str], folder: Path, credentials: Credentials, api_url: str) -> Settings:
    """Return settings of the demo's own. Those of a real bot on this machine must not reach in, nor its data."""
    own = {name: value for name, value in environment.items() if not name.startswith(("SLACK_", "USAGEBOT_"))}
    return settings.read(
        {
            **own,
            "USAGEBOT_DATA": str(folder),
            "USAGEBOT_ACCOUNT": "Northgate Studio",
            "USAGEBOT_OWNERS": f"{OWNER}@{DOMAIN}",
            "USAGEBOT_REPORTERS": f"{REPORTER}@{DOMAIN}:{REPORTER_TEAM}, {GERMAN}@{DOMAIN}:{GERMAN_TEAM}",
            "USAGEBOT_SUPPORT_CHANNEL": SUPPORT,
            "USAGEBOT_PLAN": "premium",
            "USAGEBOT_PROVIDER": "ledger",
            "USAGEBOT_CONTACT": "Maeve O'Hara",
            "SLACK_BOT_TOKEN": credentials.bot_token,
            "SLACK_APP_TOKEN": credentials.app_token,
            "SLACK_SIGNING_SECRET": credentials.signing_secret,
            "SLACK_API_URL": api_url,
        }
    )


def _filled(core: Core, time: Passing, tell: Callable[[str], None]) -> None:
    """Import the company's exports; where the data was kept from another time, those of the days since."""
    company, folder = time.company, time.folder
    through = core.data_through()
    if through is not None:
        tell(f"The data in {folder} is kept from before.")
        time.company = demo_company.grown(company, through + timedelta(days=1), time.kept.changes)
        time.export(time.now(), tell)
        return
    time.kept.write(folder)
    tell(f"Making up a company: {len(company.people)} people, {len(company.members)} teams …")
    exports = folder / "exports"
    exports.mkdir(exist_ok=True)
    rows = 0
    for delivery in demo_company.write(company, exports):
        rows += sum(file.read for file in core.load(delivery).files)
    tell(f"Imported {rows:,} rows of its exports, through {company.through}.")


def _welcome(address: str) -> str:
    return "\n".join(
        [
            "",
            f"  The demo is ready:  {address}",
            "",
            "  Open it in a browser and type:  /usage team=Design last=30d",
            "  Act as somebody else with the list at the top left. The clock at the bottom left moves time",
            "  forward: what is due, such as Monday's digest, comes at once. Ctrl-C ends it.",
            "",
        ]
    )
