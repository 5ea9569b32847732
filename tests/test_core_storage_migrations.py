"""Migrations: they make the schema, run again cleanly when killed, and refuse what is newer than they are."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy import MetaData, event, text

from reporting_core.storage import tables
from reporting_core.storage.engines import Store, open_store
from reporting_core.storage.upgrade import MIGRATIONS, upgrade
from reporting_core.words.errors import SettingWrong
from tests.company import ANN, Company

STEP = 3
"""Every third statement is a place to be killed at."""
REVISIONS = sorted(path.name.partition("_")[0] for path in (MIGRATIONS / "versions").glob("0*.py"))


@pytest.fixture
def store(bare_database_url: str) -> Iterator[Store]:
    opened = open_store(bare_database_url)
    yield opened
    opened.close()


def shape(store: Store) -> object:
    """Tables, columns and rows, as the database has them."""
    with store.reading() as connection:
        found = MetaData()
        found.reflect(connection)
        return {
            table.name: (
                sorted((column.name, str(column.type), column.nullable) for column in table.columns),
                sorted(repr(tuple(row)) for row in connection.execute(table.select())),
            )
            for table in found.sorted_tables
        }


def migrate_to(store: Store, revision: str) -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with store.writing() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, revision)


def test_the_migrations_make_the_schema_that_the_statements_are_written_for(store: Store) -> None:
    assert upgrade(store)
    assert not upgrade(store)
    with store.reading() as connection:
        assert compare_metadata(MigrationContext.configure(connection), tables.metadata) == []


class Killed(Exception):
    """The upgrade ended at some statement."""


@contextmanager
def killed_at(store: Store, number: int) -> Iterator[None]:
    seen = 0

    def count(*_: object) -> None:
        nonlocal seen
        seen += 1
        if seen == number:
            raise Killed

    event.listen(store.engine, "before_cursor_execute", count)
    yield
    event.remove(store.engine, "before_cursor_execute", count)


@pytest.mark.parametrize("start", [None, *REVISIONS[:-1]])
def test_an_upgrade_killed_at_any_place_runs_again_cleanly(store: Store, start: str | None) -> None:
    if start:
        migrate_to(store, start)
        with store.writing() as connection:
            connection.execute(text("INSERT INTO accounts (id, name) VALUES (7, 'main')"))
    before = shape(store)
    number, done = 1, False
    while not done:
        number += STEP
        with killed_at(store, number), suppress(Killed):
            done = upgrade(store)
        assert done or shape(store) == before
    assert number > 3
    with store.reading() as connection:
        assert compare_metadata(MigrationContext.configure(connection), tables.metadata) == []
        assert connection.scalar(text("SELECT count(*) FROM accounts")) == (1 if start else 0)


def test_a_database_of_a_newer_version_is_refused_and_left_alone(store: Store) -> None:
    upgrade(store)
    with store.writing() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    before = shape(store)
    with pytest.raises(SettingWrong, match=r"newer usagebot.*9999.*Install that version"):
        upgrade(store)
    assert shape(store) == before


def test_two_processes_may_start_on_an_empty_database_at_once(bare_database_url: str, tmp_path: Path) -> None:
    stores = [open_store(bare_database_url) for _ in range(4)]
    with ThreadPoolExecutor() as threads:
        assert sorted(threads.map(upgrade, stores)) == [False, False, False, True]
    company = Company(stores[0], tmp_path)
    assert company.load(company.usage(ANN.used("Revit", 1))).changed
    for store in stores:
        store.close()
