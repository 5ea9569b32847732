"""Imports: rows a second from a CSV file into a database, split into read, match and store; and memory meanwhile.

The import runs in a process of its own (`python -m bench.importing URL FILE`), as the command does, and has a child
process that reads; both are watched from here.
"""

import json
import subprocess
import sys
import time
from pathlib import Path
from typing import NamedTuple

import psutil

from bench.company import opened
from bench.measuring import resident
from reporting_core.exports import Progress
from reporting_core.words.imports import Step

WATCH_SECONDS = 0.02


class Imported(NamedTuple):
    """Rows stored, seconds by step and in all (the process's start is not in it), most memory held (bytes)."""

    rows: int
    seconds: dict[str, float]
    total: float
    memory: int

    @property
    def rate(self) -> float:
        """Rows a second."""
        return self.rows / self.total


def measured(url: str, file: Path) -> Imported:
    """Import a file into an empty database, and watch."""
    command = [sys.executable, "-m", "bench.importing", url, str(file)]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        watched, memory = psutil.Process(process.pid), 0
        while process.poll() is None:
            memory = max(memory, resident(watched))
            time.sleep(WATCH_SECONDS)
        output = process.stdout.read() if process.stdout else b""
    if process.returncode:
        raise SystemExit(f"The import ended with status {process.returncode}.")
    rows, seconds, total = json.loads(output)
    return Imported(rows, seconds, total, memory)


def into_sqlite(folder: Path, file: Path) -> Imported:
    """Import into a new SQLite database."""
    path = folder / "import.db"
    _gone(path)
    try:
        return measured(f"sqlite:///{path}", file)
    finally:
        _gone(path)


def _gone(path: Path) -> None:
    for each in (path, path.with_name(f"{path.name}-wal"), path.with_name(f"{path.name}-shm")):
        each.unlink(missing_ok=True)


class _Watch:
    """Sums up the seconds of steps that take turns."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self.started = self._since = time.perf_counter()
        self._step = "read"

    def begins(self, step: str) -> None:
        now = time.perf_counter()
        self.seconds[self._step] = self.seconds.get(self._step, 0.0) + now - self._since
        self._step, self._since = step, now


def main(url: str, file: str) -> None:
    """Import, and print what it took."""
    core = opened(url)
    watch = _Watch()

    def step(begun: Step) -> None:
        watch.begins(begun.value)

    def progress(_progress: Progress) -> None:
        """As the command's progress bar: told, and nothing done."""

    result = core.load([Path(file)], progress=progress, step=step)
    watch.begins("done")
    total = time.perf_counter() - watch.started
    print(json.dumps([result.files[0].stored, watch.seconds, total]))


if __name__ == "__main__":
    main(*sys.argv[1:])
