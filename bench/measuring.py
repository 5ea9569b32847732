"""Clocks: how long something takes again and again, how far the event loop lags, how much memory processes hold."""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from statistics import median
from typing import NamedTuple

import psutil


class Times(NamedTuple):
    """Seconds of the first run, and the median of those after it."""

    first: float
    median: float


def timed(works: Mapping[str, Callable[[], object]], repeat: int) -> dict[str, Times]:
    """Run each once, and then all in turns, `repeat` times, so that whatever else the machine does meets all alike."""
    first = {name: _seconds(work) for name, work in works.items()}
    rounds = [{name: _seconds(work) for name, work in works.items()} for _ in range(repeat)]
    return {name: Times(first[name], median(each[name] for each in rounds)) for name in works}


def _seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


@asynccontextmanager
async def lags() -> AsyncIterator[list[float]]:
    """While the block runs, a task that sleeps a millisecond notes by how many seconds it wakes up late."""
    late: list[float] = []

    async def probe() -> None:
        while True:
            start = time.perf_counter()
            await asyncio.sleep(0.001)
            late.append(time.perf_counter() - start - 0.001)

    task = asyncio.create_task(probe())
    await asyncio.sleep(0.01)
    try:
        yield late
        await asyncio.sleep(0.01)
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task


def resident(process: psutil.Process) -> int:
    """Bytes a process and its children hold in memory together."""
    held = 0
    with contextlib.suppress(psutil.NoSuchProcess):
        for each in (process, *process.children(recursive=True)):
            held += each.memory_info().rss
    return held
