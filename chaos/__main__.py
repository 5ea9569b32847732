"""`make chaos`: fails what can fail, prints what was seen, and writes it into docs/reliability.md when asked to."""

import argparse
import asyncio
import logging
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import Any

import structlog

from chaos import crowd, drift, every, matrix, offices, page, races, revoking, slots, tampering, zones
from chaos.blows import Way

PAGE = Path(__file__).parent.parent / "docs" / "reliability.md"
PROMISES = {
    "every": "One effect and one end, whichever operation of the database or over HTTP fails",
    "races": "Two admins in two processes, at the same moment",
    "anew": "A seat assigned anew while healing is not taken",
    "flips": "A seat that became one of a group, or of a default, is not taken",
    "audit": "No record, no action",
    "crowd": "Bots and database killed again and again, judged by a checker that shares no code with the bot",
    "tampering": "Whatever is done to the audit is found, and the first bad row is named",
    "matrix": "Who may do what, where: against a table written apart from the code",
    "revoked": "Rights taken away between asking and confirming",
    "slots": "A digest comes once for each slot, whichever of two bots is killed or frozen wherever it is",
    "zones": "Every time zone, ten years of schedules: each slot once, at its moment",
}
FULL = {"every": 1, "races": 2000, "anew": 500, "flips": 600, "audit": 200, "crowd": 5000, "tampering": 300,
        "matrix": 1, "revoked": 1000, "slots": 250, "zones": 1}  # fmt: skip
"""How large each is in full; of `every`, `matrix` and `zones` one in so many."""

Found = tuple[list[str], list[str]]


def options(arguments: Sequence[str]) -> argparse.Namespace:
    """Read the command's options."""
    parser = argparse.ArgumentParser(prog="python -m chaos", description=__doc__)
    parser.add_argument("scenarios", nargs="*", help=f"which of {', '.join(FULL)}; all where none is named")
    parser.add_argument("--size", type=int, default=0, help="how large; 0: in full")
    parser.add_argument("--seed", type=int, default=0, help="0: by the clock; it is printed")
    parser.add_argument("--database", choices=offices.KINDS, action="append", help="one of the two; else both")
    parser.add_argument("--write", action="store_true", help="write what was seen into docs/reliability.md")
    return parser.parse_args(arguments)


def shown(scenario: str, size: int, seed: int, kinds: Sequence[str]) -> page.Seen:
    """Go through a scenario."""
    size, began = size or FULL[scenario], time.monotonic()
    lines, wrong = SCENARIOS[scenario](size, Random(seed), kinds)
    only = "".join(f" --database {kind}" for kind in kinds) if len(kinds) < len(offices.KINDS) else ""
    command = f"make chaos ARGS='{scenario} --size {size} --seed {seed}{only}'"
    return page.Seen(scenario, PROMISES[scenario], command, time.monotonic() - began, lines, wrong)


def _on_each(kinds: Sequence[str], work: Callable[[tuple[str, str, Path]], Awaitable[Any]]) -> Found:
    lines: list[str] = []
    wrong: list[str] = []
    for kind in kinds:
        with offices.databases([kind]) as (database,):
            found = asyncio.run(_awaited(work(database)))
            tallies: Iterable[Any] = found if isinstance(found, list) else [found]
            for tally in tallies:
                lines.append(tally.line())
                wrong += tally.wrong
    return lines, wrong


async def _awaited(found: Awaitable[Any]) -> Any:
    return await found


def _every(size: int, _dice: Random, kinds: Sequence[str]) -> Found:
    return _on_each(kinds, lambda database: every.run(database, list(Way), 1, size))


def _races(size: int, _dice: Random, kinds: Sequence[str]) -> Found:
    return _on_each(kinds, lambda database: races.run(database, size))


def _anew(size: int, dice: Random, kinds: Sequence[str]) -> Found:
    return _on_each(kinds, lambda database: drift.assigned_anew(database, size, dice))


def _flips(size: int, dice: Random, kinds: Sequence[str]) -> Found:
    return _on_each(kinds, lambda database: drift.flipped(database, size, dice))


def _audit(size: int, _dice: Random, kinds: Sequence[str]) -> Found:
    return _on_each(kinds, lambda database: drift.unrecorded(database, size))


def _crowd(size: int, dice: Random, _kinds: Sequence[str]) -> Found:
    with tempfile.TemporaryDirectory(prefix="usagebot-chaos-") as folder:
        tally = asyncio.run(crowd.run(Path(folder), size, dice))
    return [tally.line()], [str(tally)] if tally.wrong else []


def _tampering(size: int, dice: Random, _kinds: Sequence[str]) -> Found:
    with tempfile.TemporaryDirectory(prefix="usagebot-chaos-") as folder:
        tally = tampering.run(Path(folder), size, dice)
    return [tally.line()], [*tally.missed, *tally.misplaced]


def _matrix(size: int, dice: Random, _kinds: Sequence[str]) -> Found:
    return _on_each(["SQLite"], lambda database: matrix.run(database, size, dice))


def _revoked(size: int, dice: Random, _kinds: Sequence[str]) -> Found:
    return _on_each(["SQLite"], lambda database: revoking.run(database, size, dice))


def _slots(size: int, dice: Random, kinds: Sequence[str]) -> Found:
    return _on_each(kinds, lambda database: slots.run(database, size, dice))


def _zones(size: int, dice: Random, _kinds: Sequence[str]) -> Found:
    tally = zones.run(size, dice)
    return [tally.line()], tally.wrong


SCENARIOS: dict[str, Callable[[int, Random, Sequence[str]], Found]] = {
    "every": _every,
    "races": _races,
    "anew": _anew,
    "flips": _flips,
    "audit": _audit,
    "crowd": _crowd,
    "tampering": _tampering,
    "matrix": _matrix,
    "revoked": _revoked,
    "slots": _slots,
    "zones": _zones,
}


def main(arguments: Sequence[str]) -> int:
    """Go through what is asked for and tell; returns 1 where a promise was broken."""
    wanted = options(arguments)
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    seed = wanted.seed or int(time.time())
    seen = []
    for scenario in wanted.scenarios or FULL:
        found = shown(scenario, wanted.size, seed, wanted.database or offices.KINDS)
        print(found.text(), *(f"WRONG: {each}" for each in found.wrong), sep="\n", flush=True)
        seen.append(found)
    if wanted.write:
        day = datetime.now(UTC).date().isoformat()
        PAGE.write_text(page.written(PAGE.read_text(encoding="utf-8"), day, seen), encoding="utf-8")
    return int(any(each.wrong for each in seen))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
