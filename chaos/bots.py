"""Processes of the bot as the scenarios need them: the real core, the webhook, Slack's messages, all over HTTP."""

from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime

import aiohttp
from slack_sdk.web.async_client import AsyncWebClient

from bot import settings
from bot.ground import Ground, sessions
from bot.providers.webhook import made
from bot.slack_client import slack_client
from chaos.automation import SECRET
from chaos.blows import Blow
from handlers import seat_cards, seat_rights
from handlers.desk import Desk
from handlers.identity import Directory, Workspace
from reporting_core.core import Core
from reporting_core.storage.engines import Store, open_store
from reporting_core.usecases.identity import Rules
from reporting_core.usecases.seats.machine import Waits
from reporting_core.words.people import Asker
from tests.company import KEY
from tests.seat_faults import FaultyStore
from tests.slack_stand_in import TEAM

ADMINS = ("U1", "U2")
RULES = Rules(owners=frozenset(ADMINS))
WAITS = Waits(call=0.3, look=0.3, rights=0.3)
"""Short where it is really waited; the lease runs by the clock of the scenario."""


@dataclass(frozen=True)
class Where:
    """What a process is told: picklable, for processes of the operating system."""

    url: str
    automation: str
    slack: str
    now: datetime
    account_id: int = 1
    waits: Waits = WAITS
    http_seconds: float = 0.2


@dataclass
class Bot:
    """One process of the bot."""

    desk: Desk
    core: Core
    seen: list[str] = field(default_factory=list)

    async def asker(self, user: str = ADMINS[0]) -> Asker:
        """Return somebody, as Slack and the account know them now."""
        return await self.core.identify(await self.desk.directory.person(user))

    async def press(self, seat: tuple[int, str], batch: str, user: str = ADMINS[0]) -> list[list[str]]:
        """Do what a press does; returns the state of each action, or the reason and the rival of a refusal."""
        confirmed = await self.core.seats.confirm(await self.asker(user), batch, [seat])
        told = [[str(each.reason), each.rival] for each in confirmed.refused]
        for action in confirmed.actions:
            done = await self.core.seats.carry_out(action.token, seat_rights.looked_up(self.desk))
            told.append([str(done and done.state), ""])
        await seat_cards.draw(self.desk, batch, user)
        return told

    async def round(self) -> None:
        """Do what every process does every fifteen seconds."""
        await seat_rights.heal(self.desk)
        await seat_cards.tell(self.desk)


@asynccontextmanager
async def running(where: Where, clock: Callable[[], datetime], blow: Blow | None = None) -> AsyncIterator[Bot]:
    """Open a process, or what one is inside of this; `blow` goes between it and everything around it."""
    store: Store = FaultyStore(where.url, blow) if blow else open_store(where.url)
    async with AsyncExitStack() as stack:
        stack.callback(store.close)
        core = Core(store, "main", where.account_id, clock, KEY, RULES)
        environment = {"USAGEBOT_WEBHOOK_URL": where.automation, "USAGEBOT_WEBHOOK_SECRET": SECRET}
        http = (lambda: _between(blow)) if blow else sessions
        given = settings.read({**environment, "USAGEBOT_PROVIDER": "webhook"})
        ground = Ground(given, store, where.account_id, clock, core.token, http, where.http_seconds)
        core.seats.provided_by(made(ground), None, where.waits, lambda: 0.5)
        client = await _slack(where, stack, blow)
        # The time of people is the scenario's, too: what Slack says of somebody is believed for some seconds of it.
        directory = Directory(client, Workspace(TEAM, bot_user_id="UBOT"), lambda: clock().timestamp())
        yield Bot(Desk(core, client, directory, lambda: "ab12"), core)


def _between(blow: Blow) -> aiohttp.ClientSession:
    made_for = {"Accept": "application/json", "Accept-Encoding": "identity"}
    return aiohttp.ClientSession(headers=made_for, auto_decompress=False, middlewares=(blow.over_http,))


async def _slack(where: Where, stack: AsyncExitStack, blow: Blow | None) -> AsyncWebClient:
    client = slack_client("xoxb-1", where.slack)
    client.timeout = 1
    if blow is not None:
        limit = aiohttp.ClientTimeout(total=0.3)
        session = aiohttp.ClientSession(middlewares=(blow.over_http,), timeout=limit)
        client.session = await stack.enter_async_context(session)
    return client
