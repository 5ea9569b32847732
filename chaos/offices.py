"""A company whose seats are taken while things go wrong: one database of either kind, the automation and Slack."""

import tempfile
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from chaos.automation import Automation, serving
from chaos.bots import ADMINS, Where
from tests import postgres
from tests.company import NOW, open_company
from tests.provider_stand_in import ProviderStandIn
from tests.seat_faults import Office
from tests.slack_stand_in import TEAM, Slack, standing_in

KINDS = ("SQLite", "PostgreSQL")


@contextmanager
def databases(kinds: Sequence[str] = KINDS) -> Iterator[list[tuple[str, str, Path]]]:
    """Lend an empty database of each kind: its name, its address and a folder."""
    with tempfile.TemporaryDirectory(prefix="usagebot-chaos-") as name:
        folder = Path(name)
        lent = [("SQLite", f"sqlite:///{folder}/usagebot.db", folder)] if "SQLite" in kinds else []
        if "PostgreSQL" not in kinds:
            yield lent
            return
        with postgres.running() as server, server.database() as url:
            yield [*lent, ("PostgreSQL", url, folder)]


@dataclass
class Scene:
    """The office with all that is around it."""

    office: Office
    automation: Automation
    slack: Slack
    where: Where

    @property
    def log(self) -> Path:
        """What reached the automation."""
        return self.automation.log


@asynccontextmanager
async def scene(url: str, folder: Path, **automation: float) -> AsyncIterator[Scene]:
    """Open an empty office; its people hold nothing yet."""
    company = open_company(url, folder)
    await company.core.bind_workspace(TEAM)
    office = Office(company, url, ProviderStandIn())
    log = folder / f"{url.partition(':')[0]}.jsonl"
    async with serving(log, **automation) as here, standing_in() as slack:
        for user in ADMINS:
            slack.person(user, real_name=user)
        where = Where(url, here.url, slack.api_url, NOW, company.core.account_id)
        try:
            yield Scene(office, here, slack, where)
        finally:
            office.close()
            company.core.store.close()


def at(where: Where, office: Office) -> Where:
    """Return the same at the time of the office."""
    return replace(where, now=office.clock.now)
