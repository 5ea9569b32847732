"""The child process that reads files: limited in memory and in time, without settings, network or leave to write.

Runs as `python -m reporting_core.exports.child`. Requests come on standard input, messages go to standard output
(see `frames`).
"""

import contextlib
import gc
import os
import resource
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any, BinaryIO

from reporting_core.exports.asking import EXIT_MEMORY, Limits, ReadOptions, Unreadable
from reporting_core.exports.frames import key_of, opened, packed, received
from reporting_core.exports.parsing import Pace, Send, locate_rows, read_file
from reporting_core.words.said import say


def limit(limits: Limits) -> None:
    """Take away memory above the limit, core files, and writing to files."""
    for what, most in (
        (resource.RLIMIT_AS, limits.memory_bytes),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, 0),
    ):
        # Some systems know a limit by name only; the others still hold.
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(what, (most, most))


def alive(limits: Limits) -> Callable[[], None]:
    """Return what moves the end of processor time ahead; the system stops whoever does not call it for too long."""
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)

    def move() -> None:
        used = resource.getrusage(resource.RUSAGE_SELF)
        resource.setrlimit(resource.RLIMIT_CPU, (int(used.ru_utime + used.ru_stime) + limits.idle_seconds + 1, hard))

    return move


def serve(requests: BinaryIO, answers: BinaryIO) -> None:
    """Answer requests until there are no more. The first one holds the limits."""

    def send(*message: Any) -> None:
        answers.write(packed(message))
        answers.flush()

    first = received(requests)
    if first is None:
        return
    limits = Limits(**first[0])
    limit(limits)
    while request := received(requests):
        _answer(request, limits, send)


def _answer(request: tuple[Any, ...], limits: Limits, send: Send) -> None:
    """Do one request, and end it with `failed` or `done`."""
    task, name, dates, today, wanted = request
    path, options = Path(name), ReadOptions(dates, date.fromordinal(today))
    try:
        pace = Pace(send, alive(limits), path.stat().st_size)
        pace.alive()
        if task == "read":
            read_file(path, options, limits, pace)
        else:
            locate_rows(path, options, limits, pace, [(key_of(key), day) for key, day in wanted])
        send("done")
    except Unreadable as error:
        send("failed", opened(error.reason))
    except MemoryError:
        os._exit(EXIT_MEMORY)
    except OSError as error:
        why = error.strerror or type(error).__name__
        send("failed", opened(say("The file cannot be read: {why}.", why=why)))
    except Exception as error:  # noqa: BLE001 - a broken archive or broken XML comes as any error of its library
        why = type(error).__name__
        broken = say("The file is broken ({why}). Export it again, or save it anew as CSV.", why=why)
        send("failed", opened(broken))


def main() -> None:
    """Serve the parent process. Whatever a library prints goes nowhere."""
    answers = os.fdopen(os.dup(1), "wb")
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for stream in (1, 2):
        os.dup2(nowhere, stream)
    # Rows are made and dropped by the million, in no cycles: looking for cycles would cost half of the time.
    gc.set_threshold(200_000, 20, 100)
    with contextlib.suppress(BrokenPipeError):
        serve(sys.stdin.buffer, answers)
    os._exit(0)


if __name__ == "__main__":
    main()
