"""A bot in a process of its own that takes seats back when a file appears: `python -m tests.seat_process`.

Arguments: address of the database, Slack id, file to wait for, seats as JSON pairs of assignment and fingerprint.
Prints a JSON list: of each seat, the state of its action, or the reason and the rival where it was refused.
"""

import asyncio
import json
import sys
from pathlib import Path

from bot import settings
from bot.ground import Ground
from bot.providers import ledger
from reporting_core.core import Core
from reporting_core.storage import directory
from reporting_core.storage.engines import open_store
from tests.company import KEY, NOW
from tests.seat_faults import admin, anybody


async def main(url: str, name: str, flag: Path, seats: list[tuple[int, str]]) -> list[list[str]]:
    """Wait for the others, then press on one seat after the other."""
    store = open_store(url)
    with store.reading() as connection:
        account_id = directory.known_account(connection, "main") or 0
    core = Core(store, "main", account_id, lambda: NOW, KEY)
    ground = Ground(settings.read({}), store, account_id, lambda: NOW, core.token)
    core.seats.provided_by(ledger.made(ground), anybody)
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    while not flag.exists():  # noqa: ASYNC110, ASYNC240 - the others are processes
        await asyncio.sleep(0.002)
    found = [await pressed(core, name, (seat, shown)) for seat, shown in seats]
    store.close()
    return found


async def pressed(core: Core, name: str, seat: tuple[int, str]) -> list[str]:
    """Press and carry out."""
    confirmed = await core.seats.confirm(admin(name, core.account_id), f"{name} {seat[0]}", [seat])
    for refused in confirmed.refused:
        return [str(refused.reason), refused.rival]
    action = await core.seats.carry_out(confirmed.actions[0].token)
    return [str(action and action.state)]


if __name__ == "__main__":
    result = asyncio.run(main(sys.argv[1], sys.argv[2], Path(sys.argv[3]), json.loads(sys.argv[4])))
    sys.stdout.write(json.dumps(result) + "\n")
