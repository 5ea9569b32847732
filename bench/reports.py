"""Reports: one team and all teams, 30 and 365 days, beside the same over daily rows; and the event loop's lag."""

import asyncio
import time
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import replace
from functools import partial
from pathlib import Path
from statistics import median
from typing import NamedTuple

from sqlalchemy import Connection

from bench.company import TEAMS, opened
from bench.daily_rows import DailyRows
from bench.measuring import Times, lags, timed
from reporting_core.core import Core
from reporting_core.storage import facts
from reporting_core.storage.facts import Found, Scope, Windows
from reporting_core.usecases.gathering import FactSource
from reporting_core.words.people import Asker

PAGE = 15
"""Rows that a message shows."""
MIDDLE, LARGEST = TEAMS // 2, 1
"""Teams are numbered from the largest; the one in the middle has a hundredth of all assignments, or a little less."""


DAILY = "all teams, 365 days, over daily rows"


class Asked(NamedTuple):
    """Rows of the answer, how long the whole report takes, and how much of that its facts (seconds)."""

    rows: int
    whole: Times
    facts: float


class Reports(NamedTuple):
    """What was asked, by name; the chart's part of the answer over daily rows; the event loop's greatest lag.

    Lag is measured idle and during reports over all teams. All in seconds.
    """

    asked: dict[str, Asked]
    daily_chart: float
    idle: float
    lag: float


def asker(core: Core) -> Asker:
    """Somebody who asks in Slack and sees every team; the question is remembered, as it always is."""
    return replace(core.operator, slack_user_id="U1")


def answered(core: Core, question: str, source: FactSource | None = None) -> int:
    """Answer a question as a message needs it: the whole report, and its first page; returns the number of rows."""
    core.source = source or core.source
    report = core.answer(question, asker(core))
    return report.row_count if report.rows[:PAGE] else 0


TEAM = {
    "one team, 30 days": f'team="Team {MIDDLE}" last=30d',
    "one team, 365 days": f'team="Team {MIDDLE}" last=365d',
    "largest team, 30 days": f'team="Team {LARGEST}" last=30d',
    "largest team, 365 days": f'team="Team {LARGEST}" last=365d',
}
ALL = {"all teams, 30 days": "last=30d", "all teams, 365 days": "last=365d"}


def measured(path: Path, repeat: int) -> Reports:
    """Measure a database of `bench.kept`; what takes milliseconds is asked more often."""
    core = opened(f"sqlite:///{path}")
    with closing(core.store):
        asked = _asked(core, facts, TEAM, 5 * repeat) | _asked(core, facts, ALL, repeat)
        daily = DailyRows()
        asked |= _asked(core, daily, {DAILY: "last=365d"}, max(repeat // 5, 1))
        core.source = facts
        idle, lag = asyncio.run(_lag(core, repeat))
    return Reports(asked, median(daily.charts[1:]), idle, lag)


def _asked(core: Core, source: FactSource, questions: Mapping[str, str], repeat: int) -> dict[str, Asked]:
    clocks = {name: Clocked(source) for name in questions}
    works = {name: partial(answered, core, question, clocks[name]) for name, question in questions.items()}
    times = timed(works, repeat)
    return {name: Asked(work(), times[name], median(clocks[name].seconds[1:])) for name, work in works.items()}


class Clocked:
    """A source of facts that notes how long they take to come."""

    def __init__(self, source: FactSource) -> None:
        self.source = source
        self.seconds: list[float] = []

    def facts(
        self, connection: Connection, scope: Scope, buckets: Sequence[Windows], days: tuple[int, int], /
    ) -> Found:
        """Pass the question on."""
        start = time.perf_counter()
        found = self.source.facts(connection, scope, buckets, days)
        self.seconds.append(time.perf_counter() - start)
        return found


async def _lag(core: Core, repeat: int) -> tuple[float, float]:
    await core.usage("last=365d", asker(core))
    start = time.perf_counter()
    async with lags() as busy:
        for _ in range(max(repeat // 3, 1)):
            await core.usage("last=365d", asker(core))
    async with lags() as idle:
        await asyncio.sleep(time.perf_counter() - start)
    return max(idle), max(busy)


def same(path: Path) -> bool:
    """Tell whether both sources of facts answer alike: rows, figures and chart."""
    core = opened(f"sqlite:///{path}")
    with closing(core.store):
        ours = core.answer("last=365d", core.operator)
        core.source = DailyRows()
        theirs = core.answer("last=365d", core.operator)
        return (ours.tiles, ours.chart, list(ours.rows)) == (theirs.tiles, theirs.chart, list(theirs.rows))
