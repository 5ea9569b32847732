"""Brings a database to the shape this version needs, and says when it cannot."""

from pathlib import Path

from sqlalchemy import Connection, inspect, text

from reporting_core.storage.engines import Store
from reporting_core.words.errors import SettingWrong

MIGRATIONS = Path(__file__).parent / "migrations"


def upgrade(store: Store) -> bool:
    """Migrate to the newest shape in one transaction; return whether anything was done.

    Raises `SettingWrong` for a newer database.
    """
    with store.reading() as connection:
        if _current(connection) == _head():
            return False
    with store.writing() as connection:
        return _upgrade(connection)


def is_current(connection: Connection) -> bool:
    """Tell whether the database has the shape that this version needs."""
    return _current(connection) == _head()


def _upgrade(connection: Connection) -> bool:
    current = _current(connection)
    if current == _head():
        return False
    if current is not None and current not in _revisions():
        message = (
            f"The database is from a newer usagebot (its version is {current}). "
            "Install that version, or restore a copy."
        )
        raise SettingWrong(message)
    _migrate(connection)
    return True


def _migrate(connection: Connection) -> None:
    # Loading Alembic takes longer than answering a question, and it is hardly ever needed.
    from alembic import command  # noqa: PLC0415
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def _revisions() -> set[str]:
    """Revisions there are migrations to; each file's name begins with its own, and they are in order."""
    return {path.name.partition("_")[0] for path in (MIGRATIONS / "versions").glob("[0-9]*_*.py")}


def _head() -> str:
    return max(_revisions())


def _current(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    version: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
    return version
