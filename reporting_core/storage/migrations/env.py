"""Alembic's entry: runs inside the transaction that `upgrade` hands in, so that a killed run leaves nothing."""

from alembic import context

from reporting_core.storage.tables import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata, transactional_ddl=True)
context.run_migrations()
