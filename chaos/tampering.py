"""An audit of a thousand rows, in which somebody with the database in hand alters, deletes, adds, moves, cuts off."""

import shutil
import sqlite3
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from random import Random

from reporting_core.storage.auditing import Chain, Entry
from reporting_core.storage.checkpoints import Checkpoints
from reporting_core.storage.engines import open_store
from reporting_core.usecases.auditing import Audit
from tests.company import KEY, NOW, open_company

ROWS = 1000
COLUMNS = ("at", "kind", "actor", "subject", "team_id", "person_id", "details", "final_of", "previous", "hash")


@dataclass
class Tally:
    rows: int
    tried: Counter[str] = field(default_factory=Counter)
    missed: list[str] = field(default_factory=list)
    misplaced: list[str] = field(default_factory=list)
    """Found, but another row was named."""

    def line(self) -> str:
        tried = ", ".join(f"{count} {what}" for what, count in self.tried.items())
        wrong = len(self.missed) + len(self.misplaced)
        return f"{self.rows} rows, {self.tried.total()} changes ({tried}): {wrong} missed or named wrongly"


Change = Callable[[sqlite3.Connection, Random], int]
"""Makes one and returns the number of the first row that is bad then."""


def run(folder: Path, changes: int, dice: Random, rows: int = ROWS) -> Tally:
    """Make so many changes of each kind, each to the untouched audit; SQLite, whose file is quickly copied."""
    whole, marks = _filled(folder, rows)
    tally = Tally(rows)
    for what, change in KINDS.items():
        for _ in range(changes):
            _tried(tally, (whole, marks), what, (change, dice))
    return tally


def _tried(tally: Tally, kept: tuple[Path, Path], what: str, how: tuple[Change, Random]) -> None:
    whole, marks = kept
    altered = whole.with_name("altered.db")
    shutil.copy(whole, altered)
    with sqlite3.connect(altered) as connection:
        expected = how[0](connection, how[1])
    connection.close()
    audit = _audit(altered, marks)
    found = audit.verify()
    audit.store.close()
    tally.tried[what] += 1
    if found.finding is None:
        tally.missed.append(f"{what} at {expected}")
    elif found.finding.seq != expected:
        tally.misplaced.append(f"{what} at {expected}: row {found.finding.seq} was named")


def _filled(folder: Path, rows: int) -> tuple[Path, Path]:
    path, marks = folder / "audit.db", folder / "marks"
    company = open_company(f"sqlite:///{path}", folder)
    company.core.store.close()
    audit = _audit(path, marks)
    for first in range(0, rows, 50):
        with audit.store.writing() as connection:
            for number in range(first, min(first + 50, rows)):
                at, final = NOW + timedelta(seconds=number), f"a{number}" if number % 3 == 0 else None
                entry = Entry(at, "done", f"U{number % 7}", f"a{number}", 1, number, {"n": number}, final)
                audit.chain.append(connection, entry)
        audit.mark()
    assert audit.verify().whole
    audit.store.close()
    with sqlite3.connect(path) as file:
        file.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    file.close()
    return path, marks


def _audit(path: Path, marks: Path) -> Audit:
    store = open_store(f"sqlite:///{path}")
    return Audit(store, Chain(1, KEY), Checkpoints(marks, 1, KEY), lambda: NOW, str)


def _last(connection: sqlite3.Connection) -> int:
    return int(connection.execute("SELECT max(seq) FROM audit_rows").fetchone()[0])


def _altered(connection: sqlite3.Connection, dice: Random) -> int:
    seq, column = dice.randint(1, _last(connection)), dice.choice(COLUMNS)
    (old,) = connection.execute(f"SELECT {column} FROM audit_rows WHERE seq = ?", (seq,)).fetchone()
    new = old + 1 if isinstance(old, int) else _one_letter(str(old or ""), dice)
    if column == "final_of":  # the database itself refuses another action's
        new = f"{old or ''}~{seq}"
    connection.execute(f"UPDATE audit_rows SET {column} = ? WHERE seq = ?", (new, seq))
    return seq


def _one_letter(old: str, dice: Random) -> str:
    at = dice.randrange(len(old) + 1)
    letter = dice.choice([each for each in "0a9f~" if each != old[at : at + 1]])
    return f"{old[:at]}{letter}{old[at + 1 :]}"


def _deleted(connection: sqlite3.Connection, dice: Random) -> int:
    seq = dice.randint(1, _last(connection))
    connection.execute("DELETE FROM audit_rows WHERE seq = ?", (seq,))
    return seq


def _closed_up(connection: sqlite3.Connection, dice: Random) -> int:
    """Delete one and renumber those behind it, so that no number is missing."""
    seq = dice.randint(1, _last(connection) - 1)
    connection.execute("DELETE FROM audit_rows WHERE seq = ?", (seq,))
    connection.execute("UPDATE audit_rows SET seq = -seq WHERE seq > ?", (seq,))
    connection.execute("UPDATE audit_rows SET seq = -seq - 1 WHERE seq < 0")
    return seq


def _inserted(connection: sqlite3.Connection, dice: Random) -> int:
    """Copy a row in between and number those behind it anew."""
    seq = dice.randint(2, _last(connection))
    connection.execute("UPDATE audit_rows SET seq = -seq WHERE seq >= ?", (seq,))
    connection.execute("UPDATE audit_rows SET seq = -seq + 1 WHERE seq < 0")
    names = "account_id, at, kind, actor, subject, team_id, person_id, details, previous, hash"
    connection.execute(f"INSERT INTO audit_rows (seq, {names}) SELECT ?, {names} FROM audit_rows WHERE seq = ?",
                       (seq, seq - 1))  # fmt: skip
    return seq


def _added(connection: sqlite3.Connection, _dice: Random) -> int:
    """Put a row behind the last one that fits it but for the key."""
    last = _last(connection)
    names = "account_id, at, kind, actor, subject, team_id, person_id, details, hash"
    connection.execute(
        f"INSERT INTO audit_rows (seq, previous, {names}) SELECT ?, hash, {names} FROM audit_rows WHERE seq = ?",
        (last + 1, last),
    )
    return last + 1


def _swapped(connection: sqlite3.Connection, dice: Random) -> int:
    one, two = sorted(dice.sample(range(1, _last(connection) + 1), 2))
    for old, new in ((one, -1), (two, one), (-1, two)):
        connection.execute("UPDATE audit_rows SET seq = ? WHERE seq = ?", (new, old))
    return one


def _cut_off(connection: sqlite3.Connection, dice: Random) -> int:
    kept = dice.randint(0, _last(connection) - 1)
    connection.execute("DELETE FROM audit_rows WHERE seq > ?", (kept,))
    return kept + 1


KINDS: dict[str, Change] = {
    "altered": _altered,
    "deleted": _deleted,
    "deleted and closed up": _closed_up,
    "put in": _inserted,
    "added": _added,
    "swapped": _swapped,
    "cut off": _cut_off,
}
