"""Fails every operation of taking a seat and of giving it again, once each: `python -m tests.seat_every`.

Prints a line for each database, change and way of failing; ends with an error at the first promise that is broken.
"""

import asyncio
import sys
import tempfile
from collections import Counter
from collections.abc import AsyncIterator
from pathlib import Path

from reporting_core.core import Core
from reporting_core.words.seats import Change
from tests import postgres
from tests.company import open_company
from tests.provider_stand_in import ProviderStandIn
from tests.seat_faults import Faults, Mode, Office, Outcome, struck


async def main(url: str, folder: Path) -> None:
    """Go through one database."""
    office = Office(open_company(url, folder), url, ProviderStandIn())
    healthy = office.process()
    for change in Change:
        for mode in Mode:
            outcomes = [each async for each in _each(office, healthy, change, mode)]
            told(url.partition(":")[0], change, mode, outcomes)
    office.close()
    office.company.core.store.close()


async def _each(office: Office, healthy: Core, change: Change, mode: Mode) -> AsyncIterator[Outcome]:
    at = 0
    while True:
        at += 1
        outcome = await struck(office, healthy, Faults(at, mode), change)
        outcome.check()
        if not outcome.hit:
            return
        yield outcome


def told(database: str, change: Change, mode: Mode, outcomes: list[Outcome]) -> None:
    """Print what was seen."""
    ends = ", ".join(f"{count} {state or 'not begun'}" for state, count in Counter(e.state for e in outcomes).items())
    most, longest = max(each.effects for each in outcomes), max(each.seconds for each in outcomes)
    sys.stdout.write(
        f"{database} {change} {mode}: {len(outcomes)} operations, {ends}; "
        f"effects <= {most}, healed within {longest:.0f} s of the harness's clock\n"
    )


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as here:
        asyncio.run(main(f"sqlite:///{here}/usagebot.db", Path(here)))
        with postgres.running() as server, server.database() as address:
            asyncio.run(main(address, Path(here)))
