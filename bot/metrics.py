"""Figures for Prometheus, in a registry of this process's own: no name and no id of anybody, no text that was typed."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from importlib.metadata import version
from typing import Protocol

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4

from handlers.meter import Meter, Outcome
from reporting_core.words.condition import Condition
from reporting_core.words.errors import StoreBusy
from reporting_core.words.schedules import Kind, Standing, State

CONTENT_TYPE = CONTENT_TYPE_PLAIN_0_0_4
_ANSWERS = (0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)
_ROUNDS = (0.01, 0.1, 1, 10, 60, 300)
TICK = 0.5
"""Seconds between two looks at how late the event loop is."""


class Watched(Protocol):
    """The core, as far as its condition is read."""

    @property
    def clock(self) -> Callable[[], datetime]:
        """The time."""

    async def condition(self) -> Condition:
        """Return how the installation stands; raises `StoreBusy`."""


class Metrics(Meter):
    """Counts what this process does, and reads from the database what all processes did when somebody asks."""

    def __init__(self) -> None:
        self.registry = registry = CollectorRegistry()
        ProcessCollector(registry=registry)
        self._heard = Histogram(
            *("usagebot_request_seconds", "Time from a request to the end of its listener.", ["kind", "outcome"]),
            buckets=_ANSWERS,
            registry=registry,
        )
        self._rounds = Histogram(
            *("usagebot_round_seconds", "Time that a round of housekeeping took.", ["round", "outcome"]),
            buckets=_ROUNDS,
            registry=registry,
        )
        self._turned = Counter(
            "usagebot_turned_away_total", "HTTP requests that were not let in.", ["reason"], registry=registry
        )
        self._stands = _Standings(registry)
        self._lag = Gauge(
            "usagebot_loop_lag_seconds",
            "By how much the event loop was late at most.",
            registry=registry,
        )
        about = Gauge("usagebot_build_info", "The version that runs.", ["version"], registry=registry)
        about.labels(version("usagebot")).set(1)
        self._worst = 0.0

    def heard(self, kind: str, outcome: Outcome, seconds: float) -> None:
        """Count a request."""
        self._heard.labels(kind, outcome).observe(seconds)

    def went_round(self, name: str, seconds: float, *, failed: bool) -> None:
        """Count a round of housekeeping."""
        self._rounds.labels(name, "failed" if failed else "done").observe(seconds)

    def turned_away(self, reason: str) -> None:
        """Count a request that was not let in."""
        self._turned.labels(reason).inc()

    async def look_at_loop(self, sleep: Callable[[float], Awaitable[None]] = asyncio.sleep) -> None:
        """Note, until it is cancelled, by how much the event loop is late."""
        time = asyncio.get_running_loop().time
        while True:
            began = time()
            await sleep(TICK)
            self._worst = max(self._worst, time() - began - TICK)

    async def text(self, core: Watched) -> bytes:
        """Return all figures as text."""
        self._lag.set(self._worst)
        self._worst = 0.0
        try:
            self._stands.show(await core.condition(), core.clock())
        except StoreBusy:
            self._stands.show(None, core.clock())
        return generate_latest(self.registry)


class _Standings:
    """What the database says. Where it does not answer, figures of before would be lies: they are left out."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._answers = Gauge("usagebot_database_up", "Whether the database answers.", registry=registry)
        self._schedules = Gauge("usagebot_schedules", "Schedules that were not ended.", ["standing"], registry=registry)
        self._open = Gauge("usagebot_posts_open", "Posts not yet finished.", ["kind", "state"], registry=registry)
        self._day = Gauge("usagebot_posts_day", "Posts finished in a day.", ["kind", "state"], registry=registry)
        self._overdue = Gauge("usagebot_posts_overdue_seconds", "Since when a post waits.", registry=registry)
        self._age = Gauge("usagebot_data_age_days", "Days since the newest date with data.", registry=registry)

    def show(self, found: Condition | None, now: datetime) -> None:
        """Show a condition, or that there is none."""
        self._answers.set(found is not None and found.is_current)
        for gauge in (self._schedules, self._open, self._day):
            gauge.clear()
        for gauge in (self._overdue, self._age):
            gauge.set(float("nan"))
        if found is None or found.schedules is None:
            return
        for standing in Standing:
            if standing is not Standing.ENDED:
                self._schedules.labels(standing).set(found.schedules.get(standing, 0))
        _show(self._open, found.waiting or {})
        _show(self._day, found.finished or {})
        self._overdue.set((now - found.due_since).total_seconds() if found.due_since else 0)
        if found.data_through is not None:
            self._age.set((now.date() - found.data_through).days)


def _show(gauge: Gauge, counts: Mapping[tuple[Kind, State], int]) -> None:
    for (kind, state), count in counts.items():
        gauge.labels(kind, state).set(count)
