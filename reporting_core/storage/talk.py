"""The tables of conversations: reports that stand in Slack, spreadsheets that were made, questions that were asked."""

from sqlalchemy import BigInteger, Column, DateTime, Index, Integer, SmallInteger, String, Table, Text

from reporting_core.storage.schema import account_column, id_type, metadata, within_account

__all__ = ["asked_questions", "made_exports", "metadata", "shown_reports"]

shown_reports = Table(
    "shown_reports",
    metadata,
    Column("id", id_type, primary_key=True),
    account_column(),
    Column("token", String, nullable=False, unique=True),
    Column("slack_user_id", String, nullable=False),
    Column("query", Text, nullable=False),
    Column("revision", Integer, nullable=False, server_default="1"),
    Column("shared", SmallInteger, nullable=False, server_default="0"),
    Column("changed_at", DateTime(timezone=True), nullable=False, index=True),
    Index(None, "account_id", "slack_user_id", "id"),
    within_account(),
)

made_exports = Table(
    "made_exports",
    metadata,
    Column("id", id_type, primary_key=True),
    account_column(),
    Column("token", String, nullable=False, unique=True),
    Column("slack_user_id", String, nullable=False),
    Column("query", Text, nullable=False),
    # What makes two exports equal: one of a kind is made and kept at a time. Empty once its file is gone.
    Column("claim", String, unique=True),
    Column("state", String, nullable=False),
    Column("reason", Text, nullable=False, server_default=""),
    Column("teams", Text, nullable=False, server_default=""),
    Column("hashed", SmallInteger, nullable=False, server_default="1"),
    Column("data_version", BigInteger, nullable=False, server_default="0"),
    Column("row_count", Integer, nullable=False, server_default="0"),
    Column("size", BigInteger, nullable=False, server_default="0"),
    Column("asked_at", DateTime(timezone=True), nullable=False),
    Column("lease_until", DateTime(timezone=True)),
    Column("ready_at", DateTime(timezone=True)),
    Column("expires_at", DateTime(timezone=True), nullable=False, index=True),
    Column("deleted_at", DateTime(timezone=True)),
    Index(None, "account_id", "slack_user_id", "id"),
    within_account(),
)

asked_questions = Table(
    "asked_questions",
    metadata,
    Column("id", id_type, primary_key=True),
    account_column(),
    Column("token", String, nullable=False, unique=True),
    Column("slack_user_id", String, nullable=False),
    Column("question", Text, nullable=False),
    # query, faq, unsure, unknown; and what was answered: a canonical query or the id of an entry.
    Column("kind", String, nullable=False),
    Column("answer", Text, nullable=False, server_default=""),
    Column("place", String, nullable=False, server_default=""),
    # 1 for a thumb up, -1 for one down.
    Column("verdict", SmallInteger),
    Column("settled", SmallInteger, nullable=False, server_default="0"),
    Column("asked_at", DateTime(timezone=True), nullable=False, index=True),
    Index(None, "account_id", "kind", "id"),
    within_account(),
)
