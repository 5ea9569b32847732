"""Opens a database and hands out transactions: `reading()` sees one snapshot, `writing()` has the only pen.

SQLite is made safe for several processes (WAL, busy timeout, BEGIN IMMEDIATE); PostgreSQL goes through psycopg 3.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.engine import URL
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError

from reporting_core.storage.dialects import BitOr
from reporting_core.words.errors import SettingWrong, StoreBusy
from reporting_core.words.said import say

__all__ = ["Connection", "Store", "open_store"]

BUSY_SECONDS = 30
NOTE_SECONDS = 0.2
"""How long a note waits for a lock: it can be written later, and somebody waits for the answer beside it."""

_WRITE = "usagebot_write"
_NOTE = "usagebot_note"
_LASTING = "usagebot_lasting"
_BUSY = "usagebot_busy_seconds"


class Store:
    """An open database. Engines are synchronous and used from worker threads.

    Every method may be called from any thread.
    """

    def __init__(self, engine: Engine) -> None:
        """Keep the engine; nothing is opened yet."""
        self.engine = engine
        self._writer = engine.execution_options(**{_WRITE: True})
        self._lasting = engine.execution_options(**{_WRITE: True, _LASTING: True})

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """One consistent snapshot; raises `StoreBusy` when the database cannot be read now."""
        with _translated(self.engine), self.engine.connect() as connection, connection.begin():
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """One transaction that commits as a whole or not at all; raises `StoreBusy` when it cannot be had."""
        with _translated(self.engine), self._writer.connect() as connection, connection.begin():
            yield connection

    @contextmanager
    def lasting(self) -> Iterator[Connection]:
        """`writing()` that has reached the disk when it ends: for what is promised to the world outside."""
        with _translated(self.engine), self._lasting.connect() as connection, connection.begin():
            yield connection

    @contextmanager
    def noting(self, seconds: float = NOTE_SECONDS, *, lasting: bool = False) -> Iterator[Connection]:
        """One short transaction on tables that no import touches; raises `StoreBusy` where it would wait longer.

        `lasting`: it has reached the disk when it ends, as that of `lasting()`.
        """
        noter = self.engine.execution_options(**{_WRITE: True, _NOTE: seconds, _LASTING: lasting})
        with _translated(self.engine), noter.connect() as connection, connection.begin():
            yield connection

    def close(self) -> None:
        """Give back all connections."""
        self.engine.dispose()


def open_store(url: str, busy_seconds: float = BUSY_SECONDS) -> Store:
    """Open `url` (any SQLAlchemy URL; SQLite and PostgreSQL are tested).

    `busy_seconds` is how long a change waits for another one to end. Raises `SettingWrong` for an address that cannot
    be used.
    """
    try:
        parsed = _with_driver(make_url(url))
        is_sqlite = parsed.get_backend_name() == "sqlite"
        engine = _sqlite(parsed, busy_seconds) if is_sqlite else _postgresql(parsed, busy_seconds)
    except (ArgumentError, NoSuchModuleError, ModuleNotFoundError) as error:
        message = (
            "USAGEBOT_DATABASE_URL is not an address of a database I can use. "
            "Write sqlite:////folder/usagebot.db or postgresql://user:password@host/name."
        )
        raise SettingWrong(message) from error
    return Store(engine)


def _with_driver(url: URL) -> URL:
    if url.drivername in {"postgresql", "postgres"}:
        return url.set(drivername="postgresql+psycopg")
    return url


def _sqlite(url: URL, busy_seconds: float) -> Engine:
    if url.database:
        Path(url.database).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(
        url,
        hide_parameters=True,
        connect_args={"timeout": busy_seconds, "check_same_thread": False},
        execution_options={_BUSY: busy_seconds},
    )
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: Any, _record: object) -> None:
    # The driver's implicit BEGIN is deferred and can deadlock two writers; we say BEGIN ourselves.
    connection.isolation_level = None
    connection.create_function("bit_count", 1, int.bit_count, deterministic=True)
    connection.create_aggregate("bit_or", 1, BitOr)
    for pragma in (
        "journal_mode=WAL",
        "synchronous=NORMAL",
        "foreign_keys=ON",
        "temp_store=MEMORY",
        "cache_size=-65536",
        "mmap_size=268435456",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    options = connection.get_execution_options()
    seconds = options.get(_NOTE) or options[_BUSY]
    connection.exec_driver_sql(f"PRAGMA busy_timeout={int(seconds * 1000)}")
    if options.get(_WRITE):
        # NORMAL may lose the last transactions in a power cut, never halves of them: an import is made again.
        connection.exec_driver_sql(f"PRAGMA synchronous={'FULL' if options.get(_LASTING) else 'NORMAL'}")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if options.get(_WRITE) else "BEGIN")


def _postgresql(url: URL, busy_seconds: float) -> Engine:
    engine = create_engine(
        url,
        hide_parameters=True,
        pool_pre_ping=True,
        connect_args={"connect_timeout": 10},
        execution_options={_BUSY: busy_seconds},
    )
    event.listen(engine, "begin", _begin_postgresql)
    return engine


def _begin_postgresql(connection: Connection) -> None:
    options = connection.get_execution_options()
    if seconds := options.get(_NOTE):
        connection.execute(text(f"SET LOCAL lock_timeout = '{int(seconds * 1000)}ms'"))
    elif options.get(_WRITE):
        connection.execute(text(f"SET LOCAL lock_timeout = '{int(options[_BUSY] * 1000)}ms'"))
        # One writer at a time, as on SQLite: imports read before they write and must not interleave.
        connection.execute(text("SELECT pg_advisory_xact_lock(7263001)"))
    else:
        connection.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY"))


_REMEDIES = (
    ("full", say("The disk that holds the database is full. Free some space and try again. Nothing was changed.")),
    ("locked", say("The database is busy with another change. Try again in a minute. Nothing was changed.")),
    ("lock timeout", say("The database is busy with another change. Try again in a minute. Nothing was changed.")),
    (
        "readonly",
        say("The database file is read-only. Let the bot's user write to it and to its folder. Nothing was changed."),
    ),
    (
        "unable to open",
        say(
            "The database file cannot be opened. See that its folder exists and that the bot's user may write there. "
            "Nothing was changed."
        ),
    ),
    (
        "not a database",
        say(
            "The database file is damaged or something else. Restore a copy, or name another in "
            "USAGEBOT_DATABASE_URL. Nothing was changed."
        ),
    ),
    (
        "malformed",
        say(
            "The database file is damaged. Restore a copy, or name another file in USAGEBOT_DATABASE_URL. "
            "Nothing was changed."
        ),
    ),
    ("no space", say("The disk that holds the database is full. Free some space and try again. Nothing was changed.")),
)


@contextmanager
def _translated(engine: Engine) -> Iterator[None]:
    try:
        yield
    except DBAPIError as error:
        told = str(error.orig).lower()
        for sign, remedy in _REMEDIES:
            if sign in told:
                raise StoreBusy(remedy) from error
        if error.connection_invalidated or type(error).__name__ in {"OperationalError", "InterfaceError"}:
            place = engine.url.render_as_string(hide_password=True)
            raise StoreBusy(
                say("The database at {place} does not answer. Nothing was changed; try again shortly.", place=place)
            ) from error
        raise
