"""The company of the tests: Ann, Ben, Cleo and Dan of Design and Structural West, and its exports as real files.

A person's methods return rows, the company's write them into export files and import those, so that a test writes only
its twist:

    company.load(company.report(ANN.holds("Revit", since=30)), company.usage(BEN.used("Revit", 1, 2)))
    assert company.ask("team=Design last=30d").row("ann", "Revit").status is Status.INACTIVE

Days are counted back from November 24th, 2026, a Tuesday, up to which data is loaded.
"""

import csv
import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, Self

from reporting_core.core import Core
from reporting_core.storage import directory
from reporting_core.storage.engines import Store, open_store
from reporting_core.storage.tables import metadata
from reporting_core.storage.upgrade import upgrade
from reporting_core.usecases.staging import LoadOptions
from reporting_core.words.imports import ImportResult
from reporting_core.words.people import Asker
from reporting_core.words.report import Row, UsageReport
from tests.reading_here import load_here

TODAY = date(2026, 11, 24)
NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
KEY = b"a key for tests that is long enough"
DESIGN, WEST = "Design", "Structural West"
MASK = "*****"

Cells = dict[str, str]


def ago(days: int) -> date:
    """So many days before November 24th."""
    return TODAY - timedelta(days=days)


@dataclass(frozen=True)
class Person:
    """Somebody of the company, in a team; the methods return rows of exports."""

    name: str
    team: str = DESIGN
    email: str = ""
    autodesk_id: str = ""
    hashed_autodesk_id: str = ""

    def of(self, team: str) -> Self:
        """The same person in another team."""
        return replace(self, team=team)

    def called(self, **ids: str) -> Self:
        """The same person, of whom an export says more or something else."""
        return replace(self, **ids)

    @property
    def masked(self) -> Self:
        """The same person in an export without personal data."""
        return replace(self, name=MASK, email=MASK, hashed_autodesk_id=f"hash-of-{self.name}")

    def cells(self) -> Cells:
        """Columns that name the person."""
        hidden = self.name == MASK
        return {
            "email": self.email or f"{self.name}@example.com",
            "first_name": MASK if hidden else self.name.title(),
            "last_name": MASK if hidden else "Lee",
            "autodesk_id": self.autodesk_id,
            "hashed_autodesk_id": self.hashed_autodesk_id,
            "team": self.team,
        }

    def used(
        self, product: str, *days: int, access: str = "Subscription", child: str = "", release: str = "2027"
    ) -> list[Cells]:
        """Daily use so many days ago."""
        row = {**self.cells(), "offering_name": product, "product_name": child or product}
        return [{**row, "access_option": access, "version": release, "day_used": f"{ago(day)}"} for day in days]

    def charged(self, product: str, *days: int, tokens: str = "10", feature: str = "") -> list[Cells]:
        """Token charges so many days ago."""
        row = {**self.cells(), "offering_name": product, "feature": feature, "tokens_used": tokens}
        return [{**row, "day_used": f"{ago(day)}"} for day in days]

    def holds(self, product: str, since: int | None = 300, last: int | None = None, **changes: str) -> list[Cells]:
        """A row of the Usage Report: assigned `since` days ago, last accessed `last` days ago."""
        row = {
            **self.cells(),
            "offering_name": product,
            "access_option": "Subscription",
            "seat_assignment": "Assigned",
            "assigned_date": "" if since is None else f"{ago(since)}",
            "unassigned_date": "",
            "last_accessed": "" if last is None else f"{ago(last)}",
            "days_inactive": "" if last is None else f"{last}",
            "days_used": "",
            "tokens_used": "",
            "group": "",
            "assigned_by": "",
        }
        return [{**row, **changes}]

    def gave_back(self, product: str, on: int, **changes: str) -> list[Cells]:
        """A row of the Usage Report: unassigned so many days ago."""
        return self.holds(product, **{"seat_assignment": "Unassigned", "unassigned_date": f"{ago(on)}", **changes})  # type: ignore[arg-type]

    def is_a(self, role: str, status: str = "Active") -> list[Cells]:
        """A row of the Users export."""
        return [{**self.cells(), "role": role, "account_status": status}]

    def is_in(self, group: str, role: str = "Member", **changes: str) -> list[Cells]:
        """A row of the Groups export, which knows people by e-mail and names no team."""
        return [{"email": self.cells()["email"], "group": group, "group_type": "Team", "role": role, **changes}]


ANN, BEN, CLEO, DAN = (Person(name) for name in ("ann", "ben", "cleo", "dan"))


@dataclass(frozen=True)
class Answer:
    """A report, with its rows by person."""

    report: UsageReport

    def row(self, name: str, product: str, team: str = DESIGN) -> Row:
        """The one row of a person, by name or hash, and product."""
        (found,) = [
            row for row in self.report.rows if (self._name(row), row.product, row.team) == (name, product, team)
        ]
        return found

    def days(self, name: str, product: str, team: str = DESIGN) -> int | None:
        """Days used of that row."""
        return self.row(name, product, team).days_used

    @property
    def people(self) -> list[str]:
        """Names of all rows, sorted."""
        return sorted(self._name(row) for row in self.report.rows)

    @staticmethod
    def _name(row: Row) -> str:
        return row.person.partition(" ")[0].lower()


class Company:
    """One account in a database, and a folder for its exports."""

    def __init__(self, store: Store, folder: Path, account: str = "main", now: datetime = NOW) -> None:
        upgrade(store)
        with store.writing() as connection:
            account_id = directory.account_id(connection, account)
        self.core = Core(store, account, account_id, lambda: now, KEY)
        self.folder = folder
        self.numbers = itertools.count(1)

    def another(self, account: str) -> "Company":
        """Another account in the same database."""
        return Company(self.core.store, self.folder, account)

    def file(self, *rows: Sequence[Cells], name: str = "") -> Path:
        """Write an export with the columns that the rows have; what it is shows in its headers."""
        cells = list(itertools.chain.from_iterable(rows))
        path = self.folder / (name or f"{self.core.account}-{next(self.numbers)}.csv")
        with path.open("w", encoding="utf-8", newline="") as out:
            writer = csv.DictWriter(out, list(dict.fromkeys(key for row in cells for key in row)), restval="")
            writer.writeheader()
            writer.writerows(cells)
        return path

    # Each kind of export is recognised by its columns, so these say what a reader of a test should see.
    usage = report = users = groups = file

    def token_usage(self, *rows: Sequence[Cells]) -> Path:
        """A Token Usage export."""
        return self.file(*rows)

    def seat_usage(self, *rows: Sequence[Cells]) -> Path:
        """A Seat Usage export: no access option, no child product, no release."""
        listed = ("email", "first_name", "last_name", "team", "offering_name", "day_used")
        return self.file([{key: row[key] for key in listed} for some in rows for row in some])

    def subscriptions(self, *pools: tuple[str, str, int], team: str = DESIGN) -> Path:
        """A Subscriptions export: (subscription, product, seats), running for a year around today."""
        return self.file(
            [
                {
                    "team": team,
                    "subscription_id": id_,
                    "offering_name": product,
                    "seat_quantity": f"{seats}",
                    "start_date": f"{ago(180)}",
                    "end_date": f"{ago(-180)}",
                }
                for id_, product, seats in pools
            ]
        )

    def balances(self, *packs: tuple[int, int, int], team: str = DESIGN) -> Path:
        """A file of token balances: (purchased, remaining, days until the pack ends), as of today."""
        return self.file(
            [
                {
                    "team": team,
                    "tokens_purchased": f"{purchased}",
                    "tokens_remaining": f"{remaining}",
                    "expires_on": f"{ago(-ends)}",
                    "as_of": f"{TODAY}",
                }
                for purchased, remaining, ends in packs
            ]
        )

    def load(self, *paths: Path, **options: Any) -> ImportResult:
        """Import files in one command; every row of each must be accounted for."""
        result = load_here(self.core, paths, LoadOptions(**options))
        for file in result.files:
            assert file.read == file.stored + file.unchanged + len(file.refused), file
            assert min(file.stored, file.unchanged) >= 0, file
        return result

    def ask(self, text: str, asker: Asker | None = None, as_of: date | None = None) -> Answer:
        """Ask a typed question, as the operator unless somebody else is named."""
        return Answer(self.core.answer(text, asker or self.core.operator, as_of=as_of))

    def stored(self, leave_out: Iterable[str] = ("imports", "accounts", "alert_states")) -> dict[str, list[str]]:
        """All rows of the account, but for the record of imports and what is told of it: to see what changed."""
        found = {}
        with self.core.store.reading() as connection:
            for table in metadata.sorted_tables:
                if table.name not in leave_out and "account_id" in table.c:
                    rows = connection.execute(table.select().where(table.c.account_id == self.core.account_id))
                    found[table.name] = sorted(repr(tuple(row)) for row in rows)
        return found


def open_company(url: str, folder: Path) -> Company:
    """The company in an empty database."""
    return Company(open_store(url), folder)
