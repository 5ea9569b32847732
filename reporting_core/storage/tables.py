"""Every table of the database, for migrations and for what looks at all of them."""

from reporting_core.storage import acting, schema, talk

__all__ = ["acting", "metadata", "schema", "talk"]

metadata = schema.metadata
