"""Holds what happened to the promises, from the automation's log and plain SQL. Shares no code with the bot."""

import json
import sqlite3
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg

ENDS = ("done", "refused", "failed")
ACTIONS = "SELECT token, batch, change, state, assignment_id FROM seat_actions ORDER BY finished_at"
AUDIT = "SELECT subject, kind FROM audit_rows ORDER BY seq"
TAKEN = "SELECT id FROM assignments WHERE assigned = 0"


@dataclass
class Verdict:
    """What was found; every list names actions by their ids."""

    actions: int = 0
    states: Counter[str] = field(default_factory=Counter)
    effects: int = 0
    calls: int = 0
    lost: list[str] = field(default_factory=list)
    """Asked for and not in the books, done without an effect, or an effect that the books know nothing of."""
    double: list[str] = field(default_factory=list)
    """Two effects of one action or on one seat, two ends, an order repeated without looking first."""
    stuck: list[str] = field(default_factory=list)
    """Neither ended nor waiting for a person."""
    unrecorded: list[str] = field(default_factory=list)
    """Called or ended without the rows of the audit that belong to it."""

    @property
    def wrong(self) -> int:
        """How much is wrong."""
        return sum(map(len, (self.lost, self.double, self.stuck, self.unrecorded)))


def read(url: str, statement: str) -> list[tuple[Any, ...]]:
    """Read from either database by its own driver."""
    if url.startswith("sqlite"):
        with sqlite3.connect(url.removeprefix("sqlite:///")) as connection:
            found = list(connection.execute(statement))
        connection.close()
        return found
    with psycopg.connect(url.replace("postgresql+psycopg", "postgresql", 1)) as server:
        return list(server.execute(statement.encode()))


def lines(log: Path) -> list[dict[str, Any]]:
    """Read the automation's log; before the first request there is none."""
    if not log.exists():
        return []
    return [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines()]


def checked(url: str, log: Path, pressed: Iterable[str] = ()) -> Verdict:
    """Check everything; `pressed` are the batches that somebody asked for and was answered."""
    rows, seen = read(url, ACTIONS), lines(log)
    by_key: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for each in seen:
        by_key[each["key"]].append(each)
    recorded: dict[str, list[str]] = defaultdict(list)
    for subject, kind in read(url, AUDIT):
        recorded[subject].append(kind)
    found = Verdict(len(rows), Counter(row[3] for row in rows), _count(seen, "effect"), _count(seen, "order"))
    for row in rows:
        judge(found, row, by_key[row[0]], recorded[row[0]])
    found.lost += sorted(set(pressed) - {row[1] for row in rows})
    found.lost += sorted(set(by_key) - {row[0] for row in rows})
    found.double += _seats(seen)
    found.lost += _not_noted(rows, {row[0] for row in read(url, TAKEN)})
    return found


def _count(seen: Sequence[dict[str, Any]], kind: str) -> int:
    return sum(each["kind"] == kind for each in seen)


def judge(found: Verdict, row: Sequence[Any], seen: Sequence[dict[str, Any]], recorded: Sequence[str]) -> None:
    token, _batch, _change, state, _seat = row
    effects, ends = _count(seen, "effect"), sum(kind in ENDS for kind in recorded)
    if state not in (*ENDS, "person"):
        found.stuck.append(token)
    if (state == "done") != bool(effects) and state != "person":
        found.lost.append(token)
    if effects > 1 or ends > 1 or _repeated(seen):
        found.double.append(token)
    if (state in ENDS and ends != 1) or (seen and "intent" not in recorded):
        found.unrecorded.append(token)


def _repeated(seen: Sequence[dict[str, Any]]) -> bool:
    """Tell whether an order was sent again although nobody had looked since the last one."""
    looked = True
    for each in seen:
        if each["kind"] == "order":
            if not looked:
                return True
            looked = False
        looked = looked or each["kind"] == "state"
    return False


def _not_noted(rows: Sequence[Sequence[Any]], taken: set[int]) -> list[str]:
    """Name the actions that are done and whose seat does not look like it in the data."""
    last = {seat: (token, change) for token, _batch, change, state, seat in rows if state == "done"}
    return [token for seat, (token, change) in last.items() if (change == "unassign") != (seat in taken)]


def _seats(seen: Sequence[dict[str, Any]]) -> list[str]:
    """Name the seats that were taken or given twice in a row."""
    last: dict[str, str] = {}
    twice = []
    for each in seen:
        if each["kind"] == "effect":
            seat = "/".join(each["seat"])
            twice += [seat] if last.get(seat) == each["change"] else []
            last[seat] = each["change"]
    return twice
