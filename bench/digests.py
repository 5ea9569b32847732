"""`python -m bench.digests`: the digests of 2,000 teams that are due at the same minute, and the event loop's lag."""

import argparse
import asyncio
import shutil
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from statistics import median
from typing import NamedTuple

from bench import kept, machine, many_teams
from bench.company import AS_OF, opened
from bench.many_teams import SINCE_DAYS, TEAMS
from bench.measuring import lags
from reporting_core.core import Core
from reporting_core.words.digests import Digest, DigestWish
from reporting_core.words.people import Asker
from reporting_core.words.terms import Role

PAGE = Path(__file__).parent.parent / "docs" / "performance.md"
FIRST, LAST = "<!-- digests: written by `python -m bench.digests --write` -->", "<!-- end of digests -->"
MOST_SECONDS, MOST_LAG = 10, 50
"""Seconds of all digests, and milliseconds of lag (issue 5)."""
APART = 10
"""Teams whose digests are also computed one after the other."""
_ROLES = frozenset({Role.PRIMARY_ADMIN})


class Measured(NamedTuple):
    """Usage days of the company; seconds of all digests at once by round, of one after the other, and of the alerts.

    `idle` and `lag` are by how much the event loop wakes up late (seconds). `told` are seats named in all digests.
    """

    days: int
    digests: int
    told: dict[str, int]
    seconds: list[float]
    one: float
    alerts: float
    idle: float
    lag: float


def wishes(core: Core, teams: int = TEAMS) -> list[DigestWish]:
    """Wish for the digest of each team, each for an admin of that team alone."""
    since, today = AS_OF - timedelta(days=SINCE_DAYS), AS_OF + timedelta(days=1)
    return [
        DigestWish(f"D{n}", _admin(core, n), f'team="Team {n}" last=30d', since, today) for n in range(1, teams + 1)
    ]


def _admin(core: Core, team: int) -> Asker:
    return Asker(core.account_id, f"U{team}", f"Admin {team}", f"admin{team}@example.com", teams={team: _ROLES})


async def _measured(core: Core, repeat: int) -> Measured:
    asked, lag, seconds = wishes(core), [], []
    for _ in range(repeat):
        found: Mapping[str, object] = {}  # the digests of the round before are let go outside the measurement
        async with lags() as busy:
            start = time.perf_counter()
            found = await core.digests.of(asked)
            seconds.append(time.perf_counter() - start)
        lag.append(max(busy))
    async with lags() as idle:
        await asyncio.sleep(median(seconds))
    start = time.perf_counter()
    for each in asked[:APART]:
        await core.digests.of([each])
    one = (time.perf_counter() - start) / APART
    start = time.perf_counter()
    await core.alerts.look(core.clock())
    alerts = time.perf_counter() - start
    told = _told([each for each in found.values() if isinstance(each, Digest)])
    return Measured(0, len(found), told, seconds, one, alerts, max(idle), median(lag))


def _told(digests: Sequence[Digest]) -> dict[str, int]:
    lists = ("newly_inactive", "back_again", "unused_14", "freed", "waiting")
    found = {name: sum(getattr(each, name).count for each in digests) for name in lists}
    return {"digests": len(digests), **found, "nothing_new": sum(each.nothing_new for each in digests)}


def measured(path: Path, repeat: int) -> Measured:
    """Measure a database of `bench.kept`."""
    days = many_teams.count(path)
    with tempfile.TemporaryDirectory() as folder:
        # Alerts write down what they told; the kept database stays as it was made.
        core = opened(f"sqlite:///{shutil.copy(path, folder)}")
        with closing(core.store):
            return asyncio.run(_measured(core, repeat))._replace(days=days)


def table(run: Measured) -> str:
    """Return the figures as the page has them."""
    about, told = machine.described(), run.told
    seconds, lag = median(run.seconds), run.lag * 1000
    load = about["Load when the run ended (1, 5, 15 minutes)"]
    lines = [
        f"{run.days:,} usage days in SQLite; {about['Processor']}; Python {about['Python']}; load when the run ended",
        f"(1, 5, 15 minutes): {load}. Medians of {len(run.seconds)} rounds; lag is the greatest of each.",
        "",
        "| figure | at most | measured | reached |",
        "|---|---|---|---|",
        _row(
            f"{run.digests:,} digests, computed at once",
            f"{MOST_SECONDS} s",
            f"{seconds:.1f} s",
            seconds <= MOST_SECONDS,
        ),
        _row("event loop's lag meanwhile", f"{MOST_LAG} ms", f"{lag:.0f} ms", lag <= MOST_LAG),
        "",
        f"One after the other, each takes {run.one * 1000:.0f} ms, {run.one * run.digests:.0f} s in all.",
        f"They name {told['newly_inactive']:,} newly inactive seats, {told['back_again']:,} that are used again,",
        f"{told['unused_14']:,} never used, {told['freed']:,} freed, and {told['waiting']:,} decisions that wait.",
        f"A look at all alerts takes {run.alerts:.1f} s. Idle, the event loop lags by {run.idle * 1000:.0f} ms.",
    ]
    return "\n".join(lines)


def _row(name: str, most: str, measured: str, reached: bool) -> str:  # noqa: FBT001 - a column of the table
    return f"| {name} | {most} | {measured} | {'yes' if reached else '**no**'} |"


def written(page: str, figures: str) -> str:
    """Return the page with these figures in place of the old ones."""
    before, _, rest = page.partition(FIRST)
    return f"{before}{FIRST}\n\n{figures}\n{LAST}{rest.partition(LAST)[2]}"


def main(arguments: Sequence[str]) -> int:
    """Measure and tell; ends with status 1 when a figure is missed."""
    parser = argparse.ArgumentParser(prog="python -m bench.digests", description=__doc__)
    parser.add_argument("--days", type=int, default=20_000_000)
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--folder", type=Path, default=Path(tempfile.gettempdir()) / "usagebot-bench")
    parser.add_argument("--write", action="store_true", help="write the figures into docs/performance.md")
    wanted = parser.parse_args(arguments)
    run = measured(kept.in_many_teams(wanted.folder, wanted.days), wanted.repeat)
    print(table(run))
    if wanted.write:
        PAGE.write_text(written(PAGE.read_text(encoding="utf-8"), table(run)), encoding="utf-8")
    return int(median(run.seconds) > MOST_SECONDS or run.lag * 1000 > MOST_LAG)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
