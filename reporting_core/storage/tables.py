"""Every table of the database, for migrations and for what looks at all of them."""

from reporting_core.storage import acting, scheduling, schema, talk

__all__ = ["acting", "metadata", "scheduling", "schema", "talk"]

metadata = schema.metadata
