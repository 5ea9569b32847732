"""The bot as one process: Bolt's app with every listener on it, a transport, and a stop that loses nothing."""

import asyncio
import secrets
import signal
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Literal, Protocol

import aiohttp
import structlog
from slack_bolt import BoltResponse
from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.error import BoltUnhandledRequestError
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot import logs, settings
from bot.front_door import Door, FrontDoor
from bot.housekeeping import SOON, Housekeeping, Round
from bot.link import Link
from bot.metrics import Metrics
from bot.settings import Settings
from bot.slack_client import slack_client
from bot.status import Answering, Status, listen
from handlers import alerts, faq_entries, faq_live, posting, refusals, seat_cards, seat_rights, seat_tasks
from handlers.desk import Answers, Desk
from handlers.identity import Directory, Workspace
from handlers.routes import register
from handlers.views.support import Support
from reporting_core.words.condition import Condition
from reporting_core.words.errors import SettingWrong

Transport = Literal["socket", "http"]
ALERTS = 60.0
"""Seconds between two looks at what is watched."""
LAST_WORDS = 10
"""Seconds that answers under way get before the process ends."""

DEAD_TOKENS = {"invalid_auth", "not_authed", "account_inactive", "token_revoked", "token_expired", "missing_scope"}


class Served(Answers, Protocol):
    """The core as the process needs it: what handlers use, and the binding of the workspace."""

    async def bind_workspace(self, workspace_id: str, enterprise_id: str = ...) -> None:
        """Bind the workspace to the account; raises SettingWrong if the account is another's."""

    async def warm(self) -> None:
        """Prepare what the first question would wait for."""

    async def hand_back(self) -> int:
        """Give back what this process holds of posts that it has not begun to send; returns how many."""

    @property
    def clock(self) -> Callable[[], datetime]:
        """The time."""

    async def condition(self) -> Condition:
        """Return how the installation stands; raises `StoreBusy`."""


@dataclass(frozen=True, slots=True)
class Way:
    """How the process is reached: the address for Slack where there is one, who is watching, and how it all ends."""

    status: Status
    stop: Callable[[], Awaitable[None]]
    address: str = ""
    end_status: Callable[[], Awaitable[None]] | None = None


class Running:
    """A bot that is connected."""

    def __init__(self, desk: Desk, core: Served, way: Way) -> None:
        self.desk = desk
        self.address = way.address
        self._core = core
        self._way = way
        metrics = way.status.metrics
        tasks = Round("tasks", SOON, lambda: seat_tasks.remind(desk))
        seats = Round("seats", SOON, lambda: seat_rights.heal(desk))
        told = Round("seats_told", SOON, lambda: seat_cards.tell(desk))
        errands = {"spreadsheets": desk.core.exports.expire, "questions": desk.core.asking.expire}
        errands["schedules"] = desk.core.schedules.expire
        coming = [
            Round("alerts", ALERTS, lambda: alerts.look(desk)),
            Round("posts", SOON, lambda: posting.post_due(desk)),
            Round("doubtful", SOON, lambda: posting.look_again(desk)),
        ]
        self._rounds = Housekeeping(errands, more=[tasks, seats, told, *coming], counted=metrics.went_round)
        self._rounds.start()
        self._looking = asyncio.create_task(metrics.look_at_loop())

    async def at_once(self) -> None:
        """Do everything that is done again and again, now: in the demo a clock was moved."""
        await self._rounds.at_once()

    async def stop(self) -> None:
        """Take nothing new, finish what was begun, and give back what another process can do."""
        self._way.status.is_stopping = self.desk.is_stopping = True
        await self._way.stop()
        await self._rounds.stop(LAST_WORDS)
        await self.desk.idle(LAST_WORDS)
        await self._give_back()
        self._looking.cancel()
        if self._way.end_status:
            await self._way.end_status()

    async def _give_back(self) -> None:
        try:
            await self._core.hand_back()
        except Exception as error:  # noqa: BLE001 - then they are free when their leases are over
            structlog.get_logger().warning("not_handed_back", error=type(error).__name__)


async def run(given: Settings, transport: Transport, core: Served, doors: Mapping[str, Door] | None = None) -> None:
    """Answer Slack until SIGTERM or SIGINT; raises SettingWrong in clear words when it cannot begin.

    `doors` are for others than Slack, by path; without HTTP nobody can knock.
    """
    running = await start(given, transport, core, doors)
    structlog.get_logger().info("running", transport=transport, address=running.address)
    await until_told_to_stop()
    await running.stop()


async def start(
    given: Settings,
    transport: Transport,
    core: Served,
    doors: Mapping[str, Door] | None = None,
    clock: Callable[[], float] = time.time,
) -> Running:
    """Connect, and return the running bot. `clock` is what signatures of requests are held against."""
    client = slack_client(settings.needed(given.slack_bot_token, "SLACK_BOT_TOKEN", "xoxb-"), given.slack_api_url)
    home = await workspace(client)
    await core.bind_workspace(home.team_id, home.enterprise_id)
    desk = Desk(core, client, Directory(client, home, time.monotonic), lambda: secrets.token_hex(4), given.whom_to_ask)
    desk.language = given.language
    desk.support = Support(given.support_channel, given.support_link, given.plan)
    desk.meter = metrics = Metrics()
    await warmed(core)
    app = assemble(desk, given.slack_api_url)
    if transport == "socket":
        link = Link(app, client, settings.needed(given.slack_app_token, "SLACK_APP_TOKEN", "xapp-"))
        status = Status(core, metrics, link.is_open, time.monotonic)
        await link.start()
        return Running(desk, core, await _watched(Way(status, link.stop), given))
    settings.needed(given.slack_signing_secret, "SLACK_SIGNING_SECRET")
    status = Status(core, metrics, Answering(client, time.monotonic), time.monotonic)
    door = FrontDoor(app, given.slack_signing_secret, clock, doors=doors)
    door.watching, door.turned_away = status.routes(metrics=given.metrics), metrics.turned_away
    way = Way(status, door.stop, await door.start(given.host, given.port))
    return Running(desk, core, await _watched(way, given))


async def _watched(way: Way, given: Settings) -> Way:
    """Answer who watches over the process on a port of its own, too, if one is set."""
    if given.status_port is None:
        return way
    try:
        return replace(way, end_status=await listen(way.status, given.status_port))
    except SettingWrong:
        await way.stop()
        raise


async def warmed(core: Served) -> None:
    """Read and prepare all that questions need, so that the first one waits for nothing."""
    await asyncio.to_thread(faq_entries.warm)
    await asyncio.to_thread(faq_live.warm)
    await core.warm()


def assemble(desk: Desk, api_url: str) -> AsyncApp:
    """Return Bolt's app with every listener on it. What comes in was checked by the transport before."""
    home = desk.directory.home

    async def authorize(**_claimed: Any) -> AuthorizeResult:
        return AuthorizeResult(
            enterprise_id=home.enterprise_id or None, team_id=home.team_id, bot_user_id=home.bot_user_id
        )

    app = AsyncApp(
        name="usagebot",
        logger=logs.of_slack(),
        client=AsyncWebClient(base_url=api_url),
        authorize=authorize,
        signing_secret="",
        request_verification_enabled=False,
        ssl_check_enabled=False,
        url_verification_enabled=False,
        raise_error_for_unhandled_request=True,
        attaching_conversation_kwargs_enabled=False,
    )
    app.error(_unheard)
    register(app, desk)
    return app


async def workspace(client: AsyncWebClient) -> Workspace:
    """Return the workspace that the token belongs to; raises SettingWrong if Slack refuses it or is out of reach."""
    try:
        told = await client.auth_test()
    except SlackApiError as error:
        reason = refusals.word(error) or f"status {refusals.status(error)}"
        mend = "Install the app anew and copy its bot token." if reason in DEAD_TOKENS else "Try again later."
        raise SettingWrong(f"Slack refused SLACK_BOT_TOKEN ({reason}). {mend}") from None
    except (aiohttp.ClientError, TimeoutError) as error:
        raise SettingWrong(f"Slack cannot be reached at {client.base_url} ({type(error).__name__}).") from None
    return Workspace(str(told["team_id"]), str(told.get("enterprise_id") or ""), str(told.get("user_id") or ""))


async def _unheard(error: Exception) -> BoltResponse:
    """Take what nobody listens for as received, since Slack would send it again; a fault of our own is a 500."""
    if isinstance(error, BoltUnhandledRequestError):
        return BoltResponse(status=200, body="")
    structlog.get_logger().error("failed", error=type(error).__name__)
    return BoltResponse(status=500, body="")


async def until_told_to_stop() -> None:
    """Wait for SIGTERM or SIGINT."""
    loop, told = asyncio.get_running_loop(), asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, told.set)
    await told.wait()
