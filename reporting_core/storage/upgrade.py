"""Brings a database to the shape this version needs, and says when it cannot."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from reporting_core.storage.engines import Store
from reporting_core.words.errors import SettingWrong


def upgrade(store: Store) -> bool:
    """Migrate to the newest shape in one transaction; return whether anything was done.

    Raises `SettingWrong` for a newer database.
    """
    with store.reading() as connection:
        if _current(connection) == _head():
            return False
    with store.writing() as connection:
        return _upgrade(connection)


def _upgrade(connection: Connection) -> bool:
    current = _current(connection)
    if current == _head():
        return False
    if current is not None and current not in {script.revision for script in _scripts().walk_revisions()}:
        message = (
            f"The database is from a newer usagebot (its version is {current}). "
            "Install that version, or restore a copy."
        )
        raise SettingWrong(message)
    config = _config()
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
    return True


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations").replace("%", "%%"))
    return config


def _scripts() -> ScriptDirectory:
    return ScriptDirectory.from_config(_config())


def _head() -> str | None:
    return _scripts().get_current_head()


def _current(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()
