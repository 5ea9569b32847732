"""What the other tests stand on: fresh databases, closed doors to the network, a browser or a loud word."""

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest
import sqlalchemy
from playwright.async_api import Page
from pytest_socket import SocketConnectBlockedError

from reporting_core.storage.engines import open_store
from reporting_core.storage.schema import accounts
from reporting_core.storage.tables import metadata
from reporting_core.storage.upgrade import upgrade
from tests.postgres import Postgres

ROOT = Path(__file__).parent.parent


@pytest.mark.parametrize("run", [1, 2])
def test_every_test_gets_a_database_with_nothing_in_it(bare_database_url: str, run: int) -> None:
    engine = sqlalchemy.create_engine(bare_database_url)
    with engine.begin() as connection:
        assert sqlalchemy.inspect(connection).get_table_names() == []
        connection.execute(sqlalchemy.text("CREATE TABLE left_by_the_test_before (run integer)"))
    engine.dispose()


@pytest.mark.parametrize("run", [1, 2])
def test_or_one_of_the_newest_shape_without_rows(database_url: str, run: int) -> None:
    store = open_store(database_url)
    assert not upgrade(store)
    with store.writing() as connection:
        for table in metadata.sorted_tables:
            assert connection.execute(table.select()).all() == []
        connection.execute(accounts.insert().values(name="left by the test before"))
    store.close()


def test_a_database_goes_although_somebody_is_still_connected(postgres: Postgres) -> None:
    with postgres.database() as url:
        engine = sqlalchemy.create_engine(url, poolclass=sqlalchemy.NullPool)
        connection = engine.connect()
        connection.execute(sqlalchemy.text("SELECT 1"))
    with pytest.raises(sqlalchemy.exc.OperationalError, match="terminat"):
        connection.execute(sqlalchemy.text("SELECT 1"))
    connection.close()


def test_nothing_leaves_the_machine() -> None:
    # 192.0.2.0/24 is set aside for documentation: no host is ever there.
    with (
        socket.socket() as outside,
        pytest.warns(UserWarning, match="connect"),
        pytest.raises(SocketConnectBlockedError),
    ):
        outside.connect(("192.0.2.1", 80))


@pytest.mark.asyncio(loop_scope="module")
async def test_the_browser_draws_a_page(page: Page) -> None:
    await page.goto("data:text/html,<h1>Design</h1>")
    assert await page.inner_text("h1") == "Design"


@pytest.mark.parametrize("shares", [[], ["-n", "2"]], ids=["one process", "two processes"])
@pytest.mark.parametrize(("ci", "status"), [("true", 1), ("", 0)])
def test_without_a_browser_the_last_lines_say_so(tmp_path: Path, ci: str, status: int, shares: list[str]) -> None:
    run = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", f"{__file__}", "-k", "draws_a_page or leaves_the_machine", *shares],
        cwd=ROOT,
        env={**os.environ, "PATH": str(tmp_path), "CI": ci, "COLUMNS": "200"},
        capture_output=True,
        text=True,
        check=False,
    )
    *_, loud, _, summary = run.stdout.splitlines()
    assert run.returncode == status, run.stdout
    assert "BROWSER TESTS DID NOT RUN: 1 left out" in loud
    assert "apt-get install chromium" in loud
    assert "1 passed" in summary
