"""Every figure of a report equals a naive loop over plain days, whatever was imported in whatever order.

On both databases. Companies are made up by hypothesis; each example is an account of its own beside the earlier ones,
so an account that saw another's data would fail, too.
"""

import itertools
import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from reporting_core.core import Core
from reporting_core.storage import directory, schema
from reporting_core.storage.engines import Store, open_store
from reporting_core.storage.upgrade import upgrade
from reporting_core.usecases.staging import LoadOptions
from reporting_core.words.errors import AskAgain, ImportRefused
from reporting_core.words.imports import ImportResult
from reporting_core.words.report import Row, UsageReport
from tests.made_up_worlds import TODAY, Command, World, worlds
from tests.plain_answers import Answer, Asked, Asker, Line
from tests.plain_days import PlainDays, TakesTooMuch
from tests.plain_rows import Seat, Told
from tests.reading_here import csv_text, load_here

EXAMPLES = int(os.environ.get("USAGEBOT_TEST_EXAMPLES", "50"))
numbers = itertools.count(1)
TENTH = 10
"""One company in so many is read by the real child process; for all, starting it would take longer than the rest."""


@pytest.fixture
def store(database_url: str) -> Iterator[Store]:
    opened = open_store(database_url)
    upgrade(opened)
    yield opened
    opened.close()


def new_core(store: Store) -> Core:
    name = f"account {next(numbers)}"
    with store.writing() as connection:
        id_ = directory.account_id(connection, name)
    return Core(store, name, id_, lambda: datetime(TODAY.year, TODAY.month, TODAY.day, 12, tzinfo=UTC), b"k" * 32)


def options(told: Told) -> LoadOptions:
    first, last, made = (
        datetime.fromordinal(on).date() if on else None for on in (told.first, told.last, told.exported_on)
    )
    return LoadOptions(None, first, last, made, told.replace)


class Run:
    """The product and the plain days, side by side."""

    def __init__(self, core: Core, folder: Path) -> None:
        self.core = core
        self.folder = folder
        self.plain = PlainDays(TODAY.toordinal())

    def do(self, command: Command) -> None:
        if command.merge:
            self.merge(*command.merge, undone=command.undone)
        elif command.files:
            self.load(command)

    def load(self, command: Command) -> None:
        paths = []
        for number, file in enumerate(command.files):
            paths.append(self.folder / f"{number}.csv")
            paths[-1].write_text(csv_text([dict(row) for row in file.rows]), encoding="utf-8")
        before, plain = self.state(), self.plain
        self.plain = plain.copy()
        try:
            refused = self.plain.load(command.files, command.told)
        except TakesTooMuch:
            self.plain = plain
            with pytest.raises(ImportRefused, match="--replace"):
                load_here(self.core, paths, options(command.told))
            assert self.state() == before
            return
        result = self.read(paths, options(command.told))
        for found, file, lost in zip(result.files, command.files, refused, strict=True):
            assert found.error is None
            assert found.read == len(file.rows) == found.stored + found.unchanged + len(found.refused)
            assert min(found.stored, found.unchanged) >= 0
            assert len(found.refused) == lost
        self.again(paths, command)

    def read(self, paths: list[Path], told: LoadOptions) -> ImportResult:
        if self.core.account_id % TENTH:
            return load_here(self.core, paths, told)
        return self.core.load(paths, told)

    def again(self, paths: list[Path], command: Command) -> None:
        state = self.state()
        result = load_here(self.core, paths, options(command.told))
        assert not result.changed
        assert sum(file.stored for file in result.files) == 0
        assert self.state() == state

    def merge(self, old: str, new: str, *, undone: bool) -> None:
        if not {old, new} <= {line.name for line in self.core.teams()}:
            return
        state = self.state()
        self.core.merge_teams(old, new)
        if undone:
            self.core.merge_teams(old, new, undo=True)
            assert self.state() == state
        else:
            self.plain.merge(old, new)

    def state(self) -> dict[str, list[Any]]:
        """All rows of the account, but for the record of imports and the count of changes."""
        return rows_of(self.core, leave_out={"imports", "accounts", "merges"})


def rows_of(core: Core, leave_out: set[str]) -> dict[str, list[Any]]:
    found = {}
    with core.store.reading() as connection:
        for table in schema.metadata.sorted_tables:
            if table.name not in leave_out and "account_id" in table.c:
                rows = connection.execute(table.select().where(table.c.account_id == core.account_id))
                found[table.name] = sorted((tuple(row) for row in rows), key=repr)
    return found


def people_by_id(core: Core, plain: PlainDays) -> dict[int, str]:
    """The product's person ids to the persons of the plain days."""
    p = schema.people.c
    with core.store.reading() as connection:
        rows = connection.execute(schema.people.select().where(p.account_id == core.account_id)).mappings().all()
    found = {}
    for row in rows:
        ids = (("h", row["hashed_autodesk_id"]), ("a", row["autodesk_id"]), ("e", row["email_key"]))
        found[row["id"]] = next(plain.root(f"{kind}:{value}") for kind, value in ids if value)
    return found


def check(run: Run, asked: Asked) -> None:
    core, plain = run.core, run.plain
    persons = people_by_id(core, plain)
    assert len(set(persons.values())) == len(persons)
    ids = {person: id_ for id_, person in persons.items()}
    asker = Asker(plain, asked, lambda person: core.pseudonyms.of(ids[person]))
    wanted = asker.answer()
    report = core.answer(asked.text, core.operator, as_of=asked.as_of)
    compare(report, wanted, {hash_: person for person, id_ in ids.items() if (hash_ := core.pseudonyms.of(id_))}, plain)
    assert list(core.daily_use(report.query, core.operator, as_of=asked.as_of)) == wanted.daily


def compare(report: UsageReport, wanted: Answer, hashes: dict[str, str], plain: PlainDays) -> None:
    assert (report.period.first, report.period.last, report.hashed) == (wanted.first, wanted.last, wanted.hashed)
    rows = {seat_of(row, hashes, plain): line_of(row) for row in report.rows}
    assert report.hashed == all(row.email is None for row in report.rows) or not rows
    assert rows == wanted.lines
    assert report.row_count == len(report.rows) == len(wanted.lines)
    tiles = report.tiles
    got = {name: getattr(tiles.subscriptions, name) for name in tiles.subscriptions.__slots__}
    got |= {name: getattr(tiles.flex, name) for name in tiles.flex.__slots__}
    assert got == wanted.tiles
    assert [(point.first, point.last, point.subscription, point.flex) for point in report.chart.points] == wanted.chart


def seat_of(row: Row, hashes: dict[str, str], plain: PlainDays) -> Seat:
    if row.email:
        email, name, _ = next(known for known in plain.emails.values() if known[0].casefold() == row.email.casefold())
        assert (row.email, row.person) == (email, name or email)
        person = plain.root(f"e:{row.email.casefold()}")
    else:
        person = hashes[row.person]
    return Seat(person, row.team, row.product, row.access.value)


def line_of(row: Row) -> Line:
    return Line(
        row.status.value,
        row.days_used,
        row.monthly_average,
        row.last_accessed,
        row.days_inactive,
        row.tokens_used,
        row.assigned_on,
        row.assigned_by.value,
        row.groups,
        row.stale,
    )


def ask(run: Run, asked: Asked) -> None:
    if not run.plain.knows(asked.picks):
        with pytest.raises(AskAgain):
            run.core.answer(asked.text, run.core.operator, as_of=asked.as_of)
    elif run.plain.loaded and Asker(run.plain, asked, lambda _: "").answerable():
        check(run, asked)
    else:
        with pytest.raises(AskAgain):
            run.core.answer(asked.text, run.core.operator, as_of=asked.as_of)


@settings(
    max_examples=EXAMPLES,
    # One database serves all examples on purpose: each is an account of its own.
    suppress_health_check=[*HealthCheck],
    print_blob=True,
    report_multiple_bugs=False,
)
@given(world=worlds)
def test_every_figure_equals_a_loop_over_plain_days(store: Store, tmp_path: Path, world: World) -> None:
    run = Run(new_core(store), tmp_path)
    for command in world.commands:
        run.do(command)
    for asked in world.questions:
        ask(run, asked)
