"""What a reader of files is asked with, and what it answers besides rows: options, limits, progress, failures."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

MEBIBYTE = 1024 * 1024
EXIT_MEMORY = 71
"""Exit status of a child process that ran into its limit of memory; nothing it holds can be trusted then."""

DateOrder = Literal["dmy", "mdy"]


@dataclass(frozen=True, slots=True)
class ReadOptions:
    """How to read: `dates` is the order of day and month (None: what the file proves), `today` the date in UTC."""

    dates: DateOrder | None
    today: date


@dataclass(frozen=True, slots=True)
class Limits:
    """What one file may cost; above it the file is refused. Sizes in bytes, times in seconds."""

    memory_bytes: int = 512 * MEBIBYTE
    """Address space of the child process."""
    idle_seconds: int = 20
    """Time on the processor without getting any further in the file."""
    stall_seconds: float = 120
    """Time on the clock without hearing from the child: a disk or a network folder that hangs."""
    file_bytes: int = 4096 * MEBIBYTE
    unpacked_bytes: int = 1024 * MEBIBYTE
    """Sum of the parts of a workbook."""
    parts: int = 2000
    """Parts of a workbook."""
    refusals: int = 200_000
    """Refused rows after which the file as a whole is not believed."""
    batch_entries: int = 150_000
    """Entries (a month of a key, a charge) after which a batch is handed over."""
    keys: int = 600_000
    """Different keys (person, team, product, …) of a daily file that are kept in mind at once."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far reading is: bytes of the file on disk, and rows so far."""

    file: str
    done_bytes: int
    total_bytes: int
    rows: int


@dataclass(frozen=True, slots=True)
class FileFailure:
    """A file that could not be read; whatever was handed over of it before is void. `reason` says what to do."""

    name: str
    reason: str


class Unreadable(Exception):
    """Inside the child: the file as a whole is refused, with the sentence for whoever loads it."""

    def __init__(self, reason: str) -> None:
        """Keep the sentence as it was said."""
        super().__init__(reason)
        self.reason = reason


class Refused(Exception):
    """Inside the child: one row is refused, with the reason."""
