"""The parent's side of reading: starts the child process, waits for it no longer than is right, outlives its end."""

import os
import selectors
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from types import TracebackType
from typing import Self

from reporting_core.exports.asking import EXIT_MEMORY, MEBIBYTE, Limits
from reporting_core.exports.frames import LENGTH, Message, packed, unpacked
from reporting_core.words.said import say

PIECE = 1 << 16


class Gone(Exception):
    """The child process ended in the middle of a file, or had to be ended; `reason` says why and what to do."""

    def __init__(self, reason: str) -> None:
        """Keep the sentence as it was said."""
        super().__init__(reason)
        self.reason = reason


class Child:
    """A child process that reads files, started when it is first needed and again after it was lost."""

    def __init__(self, limits: Limits) -> None:
        """Prepare; nothing is started yet."""
        self._limits = limits
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def stop(self) -> None:
        """End the child, whatever it is doing."""
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.wait()
            for pipe in (process.stdin, process.stdout):
                if pipe is not None:
                    pipe.close()

    def ask(self, request: Message) -> Iterator[Message]:
        """Send a request and yield the answers; `failed` is the last, `done` is kept back. Raises Gone."""
        try:
            process = self._running()
            assert process.stdin is not None  # noqa: S101 - started with a pipe
            process.stdin.write(packed(request))
            process.stdin.flush()
            for message in self._messages(process):
                if message[0] == "done":
                    return
                yield message
                if message[0] == "failed":
                    return
        except BrokenPipeError:
            raise Gone(self._why()) from None

    def _running(self) -> subprocess.Popen[bytes]:
        if self._process is None:
            self._process = subprocess.Popen(
                [sys.executable, "-P", "-W", "ignore", "-m", "reporting_core.exports.child"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env=_environment(),
                close_fds=True,
            )
            assert self._process.stdin is not None  # noqa: S101 - started with a pipe
            self._process.stdin.write(packed((asdict(self._limits),)))
        return self._process

    def _messages(self, process: subprocess.Popen[bytes]) -> Iterator[Message]:
        assert process.stdout is not None  # noqa: S101 - started with a pipe
        stream = _Stream(process.stdout.fileno(), self._limits.stall_seconds)
        while True:
            content = stream.frame()
            if content is None:
                raise Gone(self._why(stalled=stream.stalled))
            yield unpacked(content)

    def _why(self, *, stalled: bool = False) -> str:
        """End the child if need be and say, from how it ended, what the operator can do."""
        process = self._process
        status = None if process is None or stalled else _status(process)
        self.stop()
        if stalled:
            return say(
                "Reading it stood still for {seconds} seconds. Copy it to a local disk first.",
                seconds=round(self._limits.stall_seconds),
            )
        if status == EXIT_MEMORY:
            memory = self._limits.memory_bytes // MEBIBYTE
            return say("Reading it needs more than {most} MB of memory. Export it as CSV, or in parts.", most=memory)
        if status == -signal.SIGXCPU:
            seconds = self._limits.idle_seconds
            return say(
                "Reading it got no further within {seconds} seconds of work. Export it as CSV, or in parts.",
                seconds=seconds,
            )
        if status == -signal.SIGKILL:
            return say(
                "The system stopped the process that was reading it, perhaps for want of memory. Import it in parts."
            )
        return say(
            "The process that was reading it ended unexpectedly; the file may be damaged. Export it again, or as CSV."
        )


def _status(process: subprocess.Popen[bytes]) -> int | None:
    try:
        return process.wait(5)
    except subprocess.TimeoutExpired:
        return None


def _environment() -> dict[str, str]:
    """Return the child's whole environment: where Python finds its modules, and no secret of ours."""
    places = [str(Path(place or ".").resolve()) for place in sys.path]
    # Without lxml and defusedxml, which openpyxl takes where it finds them, memory and behaviour are alike everywhere.
    return {
        "PYTHONPATH": os.pathsep.join(places),
        "PYTHONUTF8": "1",
        "PYTHONDONTWRITEBYTECODE": "1",
        "OPENPYXL_LXML": "False",
        "OPENPYXL_DEFUSEDXML": "False",
    }


class _Stream:
    """Frames of a pipe; waits only while the parent itself has nothing else to do, so a slow parent is no stall."""

    def __init__(self, descriptor: int, seconds: float) -> None:
        self._descriptor = descriptor
        self._seconds = seconds
        self._held = bytearray()
        self.stalled = False

    def frame(self) -> bytes | None:
        """Return the next frame's content; None when the pipe was closed or stood still."""
        head = self._exactly(LENGTH)
        return self._exactly(int.from_bytes(head, "big")) if head is not None else None

    def _exactly(self, count: int) -> bytes | None:
        until = time.monotonic() + self._seconds
        with selectors.DefaultSelector() as waiting:
            waiting.register(self._descriptor, selectors.EVENT_READ)
            while len(self._held) < count:
                if not waiting.select(max(until - time.monotonic(), 0)):
                    self.stalled = True
                    return None
                piece = os.read(self._descriptor, max(PIECE, count - len(self._held)))
                if not piece:
                    return None
                self._held += piece
        found = bytes(self._held[:count])
        del self._held[:count]
        return found
