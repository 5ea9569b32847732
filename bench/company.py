"""The company that is measured: a database of any size, written straight into the tables, kept between runs.

About 100 teams of uneven size, 200 usage days an assignment in 400 days, two releases, collections with child products,
seats that nobody opens, and some Flex with its tokens. Random, but the same for the same size.
"""

import random
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from itertools import accumulate
from pathlib import Path
from typing import NamedTuple

from reporting_core.core import Core, open_core
from reporting_core.metrics.calendar import month_start, window
from reporting_core.storage.engines import open_store

GENERATION = 2
"""Counts changes of what is generated; databases of an older one are not used again."""
AS_OF = date(2026, 11, 24)
HISTORY = 400
TEAMS = 100
SEED = 20261124
PRODUCTS = (
    "AutoCAD", "Revit", "Civil 3D", "Inventor", "3ds Max", "Maya", "Navisworks", "Plant 3D", "Vault", "AutoCAD LT",
    "AEC Collection", "PD&M Collection", "M&E Collection",
)  # fmt: skip
CHILDREN = {10: (0, 1, 2, 6), 11: (3, 8, 0), 12: (4, 5)}
"""Collections and the products in them, by their places in `PRODUCTS`."""
FIRST = ("Ann", "Ben", "Chi", "Dora", "Emil", "Femke", "Gina", "Hugo", "Ines", "Jan", "Kari", "Lucas", "Mia", "Noor")
LAST = ("Lee", "Novak", "Okafor", "Silva", "Tanaka", "Weber", "Jensen", "Rossi", "Dubois", "Kaya", "Moreau", "Lind")
VARIETY = 2048
"""Different masks for each month and intensity that assignments draw from."""

MONTHS = window(date.fromordinal(AS_OF.toordinal() - HISTORY + 1), AS_OF)


class Use(NamedTuple):
    """Masks by month: `IDLE` has none, others use some of the working days."""

    weight: int
    workday: float
    weekend: float


USES = (Use(13, 0, 0), Use(20, 0.12, 0.01), Use(67, 0.9, 0.06))
FLEX = Use(0, 0.1, 0)


def clock() -> datetime:
    """Say that it is the noon after the newest day of use."""
    return datetime(2026, 11, 25, 12, tzinfo=UTC)


def opened(url: str) -> Core:
    """Open a database as the bot does, with a key of its own."""
    return open_core(open_store(url), "bench", clock=clock, key=b"a key for measurements only")


@dataclass(slots=True)
class _Rows:
    assignments: list[tuple[object, ...]] = field(default_factory=list)
    calendar: list[tuple[int, ...]] = field(default_factory=list)
    tokens: list[tuple[int, ...]] = field(default_factory=list)


def make(path: Path, days: int) -> None:
    """Write a company with at least `days` usage days, through the tables the product made itself."""
    core = opened(f"sqlite:///{path}")
    core.store.close()
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA synchronous = OFF")
    with connection:
        people = _Company(random.Random(SEED), core.account_id).write(connection, days)
        _write_around(connection, core.account_id, people)
    connection.close()


class _Company:
    """Draws assignment after assignment until there is enough use."""

    def __init__(self, rng: random.Random, account: int) -> None:
        self.rng = rng
        self.account = account
        self.masks = {use: {month: self._variety(use, month) for month in MONTHS} for use in (*USES, FLEX)}
        self.team_weights = list(accumulate(1 / (place + 20) for place in range(TEAMS)))
        self.use_weights = list(accumulate(use.weight for use in USES))
        self.used = 0

    def _variety(self, use: Use, month: int) -> list[int]:
        first = month_start(month).toordinal()
        chances = [use.workday if (first + day) % 7 in range(1, 6) else use.weekend for day in range(31)]
        whole, draw = MONTHS[month], self.rng.random
        return [sum((draw() < chance) << day for day, chance in enumerate(chances)) & whole for _ in range(VARIETY)]

    def write(self, connection: sqlite3.Connection, days: int) -> int:
        id_ = 0
        while self.used < days:
            rows = _Rows()
            for _ in range(500):
                id_ += 1
                self._assign(id_, rows)
            connection.executemany(_ASSIGNMENT, rows.assignments)
            connection.executemany("INSERT INTO calendar VALUES (?, ?, ?, ?, ?, 0, ?, ?, ?)", rows.calendar)
            connection.executemany("INSERT INTO token_days VALUES (?, ?, ?, ?)", rows.tokens)
        return id_ // 2 + 1

    def _assign(self, id_: int, rows: _Rows) -> None:
        rng = self.rng
        (team,) = rng.choices(range(1, TEAMS + 1), cum_weights=self.team_weights)
        flex = rng.random() < 0.08
        use = FLEX if flex else rng.choices(USES, cum_weights=self.use_weights)[0]
        # A person has two assignments; the product moves on with the number, so that no two are the same.
        person, product = (id_ + 1) // 2, id_ % 2 + 2 * rng.randrange(len(PRODUCTS) // 2)
        since = AS_OF.toordinal() - rng.randrange(20, 2000)
        newest = self._calendar(id_, use, CHILDREN.get(product, (product,)), rows) if use.workday else 0
        if flex:
            rows.tokens += self._charged(rows, id_)
        place = (id_, self.account, team, person, product + 1, int(flex))
        told = (1, since, AS_OF.toordinal(), newest or None, newest or None, AS_OF.toordinal() - 29, AS_OF.toordinal())
        rows.assignments.append((*place, *told))

    def _calendar(self, id_: int, use: Use, children: Sequence[int], rows: _Rows) -> int:
        rng, newest = self.rng, 0
        turn = rng.choice(list(MONTHS))
        several = children[: 1 + (len(children) > 1)]
        for month, varieties in self.masks[use].items():
            seen = 0
            for child in several:
                mask = rng.choice(varieties)
                if mask:
                    release = 1 if month < turn else 2
                    own = mask & ~seen
                    rows.calendar.append((self.account, id_, month, child + 1, release, mask, own, own.bit_count()))
                    seen |= mask
                    self.used += mask.bit_count()
            if seen:
                newest = month_start(month).toordinal() + seen.bit_length() - 1
        return newest

    def _charged(self, rows: _Rows, id_: int) -> Iterator[tuple[int, ...]]:
        for row in reversed(rows.calendar):
            if row[1] != id_:
                return
            start = month_start(row[2]).toordinal()
            yield from ((self.account, id_, start + day, 7000) for day in range(31) if row[6] >> day & 1)


_ASSIGNMENT = (
    "INSERT INTO assignments (id, account_id, team_id, person_id, product_id, flex, assigned, assigned_on, exported_on,"
    " last_used, reported_last, reported_from, reported_to, reported_days, origin_group)"
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 9, '')"
)


def _write_around(connection: sqlite3.Connection, account: int, people: int) -> None:
    """Write the names, groups, seats bought, balances and days covered that a report looks at beside use."""
    last, first = AS_OF.toordinal(), AS_OF.toordinal() - HISTORY + 1
    teams = range(1, TEAMS + 1)
    rows: dict[str, Iterable[tuple[object, ...]]] = {
        "teams (id, account_id, name, key, reported_on)": [(n, account, f"Team {n}", f"team {n}", last) for n in teams],
        "products (id, account_id, name, key)": [(n, account, p, p.casefold()) for n, p in enumerate(PRODUCTS, 1)],
        "releases (id, account_id, name)": [(1, account, "2026"), (2, account, "2027")],
        "coverage (account_id, team_id, source, first_day, last_day, exported_on)": [
            (account, n, source, first, last, last) for n in teams for source in (0, 2)
        ],
        "people (id, account_id, autodesk_id, email, email_key, first_name, last_name)": (
            _person(account, n) for n in range(1, people + 1)
        ),
        "groups (id, account_id, team_id, name, key)": [(n, account, n, f"CAD {n}", f"cad {n}") for n in teams],
        "group_members (account_id, group_id, person_id, source)": (
            (account, n % TEAMS + 1, n, 0) for n in range(1, people + 1)
        ),
        "subscriptions (id, account_id, team_id, product_id, subscription_id, seats, starts, ends)": [
            (n * 100 + p, account, n, p, f"S-{n}-{p}", 90, first, last + 300) for n in teams for p in range(1, 14)
        ],
        "token_balances (account_id, team_id, purchased, remaining, as_of)": [
            (account, n, 10**8, 10**7, last) for n in teams
        ],
    }
    for table, some in rows.items():
        marks = ", ".join("?" * (table.count(",") + 1))
        connection.executemany(f"INSERT INTO {table} VALUES ({marks})", some)
    connection.execute("UPDATE accounts SET version = version + 1")


def _person(account: int, number: int) -> tuple[object, ...]:
    first, last = FIRST[number % len(FIRST)], LAST[number // 7 % len(LAST)]
    email = f"{first}.{last}.{number}@example.com"
    return number, account, f"A{number:08d}", email, email.casefold(), first, f"{last} {number}"
