"""Marks of the audit outside the database: how far it went, so that rows cut off at its end are missed.

A line is a JSON list of number, hash, time and a keyed hash over them. The file is only ever added to.
"""

import errno
import hmac
import json
import os
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from threading import Lock


@dataclass(frozen=True, slots=True)
class Mark:
    """The newest row at some time: its number and its hash."""

    seq: int
    hash: str


class Checkpoints:
    """The marks of one account, in a file of its own. `folder` None: there is nowhere to put them (yet)."""

    def __init__(self, folder: Path | None, account_id: int, master: bytes) -> None:
        """Derive the key of the marks; nothing is read or made yet."""
        self.folder = folder
        self._name = f"{account_id}.jsonl"
        self._key = hmac.digest(master, b"usagebot audit marks, account %d" % account_id, "sha256")
        self._newest = 0
        self._lock = Lock()

    @property
    def path(self) -> Path | None:
        """The file; None where there is no folder for it."""
        return self.folder / self._name if self.folder else None

    def add(self, mark: Mark, at: datetime) -> None:
        """Add a mark, on the disk when this returns; one that is no newer than the last adds nothing."""
        with self._lock:
            if self.path is None or mark.seq <= self._newest:
                return
            self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            line = [mark.seq, mark.hash, at.isoformat()]
            written = f"{json.dumps([*line, self._seal(line)], separators=(',', ':'))}\n".encode()
            self._append(self.path, written)
            self._newest = mark.seq

    def _append(self, path: Path, written: bytes) -> None:
        # One write of one line: several processes add to the same file.
        handle = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            # A line that a full disk or a crash cut off must not spoil the next one as well.
            whole = not os.fstat(handle).st_size or (os.lseek(handle, -1, os.SEEK_END), os.read(handle, 1))[1] == b"\n"
            written = written if whole else b"\n" + written
            if os.write(handle, written) < len(written):
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(path))
            os.fsync(handle)
        finally:
            os.close(handle)

    def read(self) -> tuple[list[Mark], int]:
        """Return the marks in their order, and how many lines are none of ours or were altered."""
        if self.path is None or not self.path.exists():
            return [], 0
        marks, broken = [], 0
        for line in self.path.read_text(encoding="utf-8", errors="replace").splitlines():
            mark = self._mark(line)
            marks += [mark] if mark else []
            broken += mark is None
        return marks, broken

    def _mark(self, line: str) -> Mark | None:
        try:
            seq, hash_, at, seal = json.loads(line)
        except (ValueError, TypeError):
            return None
        good = isinstance(seq, int) and hmac.compare_digest(str(seal).encode(), self._seal([seq, hash_, at]).encode())
        return Mark(seq, str(hash_)) if good else None

    def _seal(self, line: list[object]) -> str:
        return hmac.digest(self._key, json.dumps(line).encode(), "sha256").hex()
