"""What every test may ask for: a fresh database of either kind, a browser. The company is in `tests.company`."""

import os
import shutil
import signal
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import hypothesis
import pytest
import pytest_asyncio
import structlog
from playwright.async_api import Browser, Page, async_playwright

from tests import browser as browsers
from tests import postgres as postgresql
from tests.company import Company, open_company
from tests.provider_stand_in import ProviderStandIn
from tests.seat_faults import Office

DATABASES = ("sqlite", "postgresql")

# One machine may be busy with several runs, so no time limit an example; in CI the same examples every time.
hypothesis.settings.register_profile("usagebot", deadline=None, derandomize=os.environ.get("CI") == "true")
hypothesis.settings.load_profile("usagebot")


def pytest_configure(config: pytest.Config) -> None:
    config.pluginmanager.register(browsers.BrowserTests())
    # A run that is told to stop ends like one that is interrupted, and so stops its PostgreSQL too.
    signal.signal(signal.SIGTERM, signal.default_int_handler)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int | None:
    """Run half as many workers again as there are processors: many tests wait for a browser, a database or a clock."""
    if "PYTEST_XDIST_AUTO_NUM_WORKERS" in os.environ:
        return None
    return len(os.sched_getaffinity(0)) * 3 // 2


@pytest.fixture(autouse=True)
def own_log() -> Iterator[None]:
    """Where a test sends the log is no business of the next one."""
    yield
    structlog.reset_defaults()


@pytest.fixture(scope="session")
def postgres() -> Iterator[postgresql.Postgres]:
    """One PostgreSQL server for the run, started by the first test that asks."""
    with postgresql.running() as server:
        yield server


@pytest.fixture(scope="session")
def shape(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file of the newest shape without rows, migrated once."""
    path = tmp_path_factory.mktemp("shape") / "usagebot.sqlite3"
    postgresql.migrated(f"sqlite:///{path}")
    return path


@pytest.fixture(params=DATABASES)
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a database without rows: every test that asks runs once on SQLite and once on PostgreSQL.

    It is a copy of one that was migrated before, which takes a tenth of the time. For one of the two:
    `@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)`.
    """
    if request.param == "sqlite":
        path = shutil.copy(request.getfixturevalue("shape"), tmp_path / "usagebot.sqlite3")
        yield f"sqlite:///{path}"
        return
    server: postgresql.Postgres = request.getfixturevalue("postgres")
    with server.database(server.shape) as url:
        yield url


@pytest.fixture(params=DATABASES)
def bare_database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a database with nothing in it, for tests of how it gets its shape."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'usagebot.sqlite3'}"
        return
    server: postgresql.Postgres = request.getfixturevalue("postgres")
    with server.database() as url:
        yield url


@pytest.fixture
def company(database_url: str, tmp_path: Path) -> Iterator[Company]:
    """The company of the tests, in an empty database of either kind."""
    opened = open_company(database_url, tmp_path)
    yield opened
    opened.core.store.close()


@pytest.fixture
def provider() -> ProviderStandIn:
    """Something that unassigns, and does as a test says."""
    return ProviderStandIn()


@pytest.fixture
def office(database_url: str, tmp_path: Path, provider: ProviderStandIn) -> Iterator[Office]:
    """A company whose seats are unassigned by several processes on one database."""
    company = open_company(database_url, tmp_path)
    opened = Office(company, database_url, provider)
    yield opened
    opened.close()
    company.core.store.close()


@pytest.fixture(scope="session")
def chromium() -> Path:
    """The browser's program. Tests that use it are left out, loudly, where there is none."""
    found = browsers.chromium()
    assert found is not None
    return found


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser(chromium: Path) -> AsyncIterator[Browser]:
    """A headless browser for the tests of one file, which all run in one event loop.

    `page` is nearly always what a test wants, unless two people sit at two screens. Such a file says
    `pytestmark = pytest.mark.asyncio(loop_scope="module")`.
    """
    async with async_playwright() as playwright:
        launched = await playwright.chromium.launch(executable_path=chromium, args=browsers.ARGUMENTS)
        with browsers.patient():
            yield launched
        await launched.close()


@pytest_asyncio.fixture(loop_scope="module")
async def page(browser: Browser) -> AsyncIterator[Page]:
    """An empty tab. A script error on the page fails the test, whatever else it checks."""
    errors: list[str] = []
    tab = await browser.new_page(viewport={"width": 1280, "height": 900})
    tab.set_default_timeout(browsers.PATIENCE)
    tab.on("pageerror", lambda error: errors.append(str(error)))
    yield tab
    await tab.close()
    assert errors == []
