"""The tables of taking seats back: actions, exemptions, policy, tasks of providers, and the audit."""

from sqlalchemy import BigInteger, Column, DateTime, Index, Integer, SmallInteger, String, Table, Text, UniqueConstraint

from reporting_core.storage.schema import account_column, id_type, metadata, within_account

__all__ = [
    "audit_rows",
    "directory_attempts",
    "exemptions",
    "ledger_effects",
    "metadata",
    "policies",
    "provider_tasks",
    "seat_actions",
]

seat_actions = Table(
    "seat_actions",
    metadata,
    Column("id", id_type, primary_key=True),
    account_column(),
    Column("token", String, nullable=False, unique=True),
    Column("batch", String, nullable=False),
    Column("change", String, nullable=False),
    Column("state", String, nullable=False),
    # The assignment while the action is open, empty once it is final: one open action a seat.
    Column("claim", String, unique=True),
    Column("seat_print", String, nullable=False),
    Column("assignment_id", id_type, nullable=False),
    Column("team_id", id_type, nullable=False),
    Column("person_id", id_type, nullable=False),
    Column("product_id", id_type, nullable=False),
    # The assignment as it was asked for, whatever newer data makes of it.
    Column("assigned_on", Integer),
    Column("origin", String, nullable=False, server_default="unknown"),
    Column("origin_group", String, nullable=False, server_default=""),
    Column("asked_by", String, nullable=False),
    Column("asked_at", DateTime(timezone=True), nullable=False),
    Column("second_by", String, nullable=False, server_default=""),
    Column("attempt", Integer, nullable=False, server_default="0"),
    # Who holds it, and until when; a fencing number that only grows.
    Column("holder", String, nullable=False, server_default=""),
    Column("lease_until", DateTime(timezone=True)),
    Column("fence", Integer, nullable=False, server_default="0"),
    Column("due_at", DateTime(timezone=True), index=True),
    # Since when it is in its state.
    Column("since", DateTime(timezone=True)),
    # 1 once the provider may have acted: it is read before it is asked again.
    Column("doubt", SmallInteger, nullable=False, server_default="0"),
    Column("reason", String, nullable=False, server_default=""),
    Column("detail", Text, nullable=False, server_default=""),
    Column("provider", String, nullable=False, server_default=""),
    Column("reference", String, nullable=False, server_default=""),
    Column("undoes", String, nullable=False, server_default=""),
    Column("undo_until", DateTime(timezone=True)),
    Column("finished_at", DateTime(timezone=True)),
    Column("channel", String, nullable=False, server_default=""),
    Column("message_ts", String, nullable=False, server_default=""),
    Column("told", SmallInteger, nullable=False, server_default="0"),
    Index(None, "account_id", "state", "id"),
    Index(None, "account_id", "batch"),
    Index(None, "account_id", "assignment_id"),
    within_account(),
)

exemptions = Table(
    "exemptions",
    metadata,
    Column("id", id_type, primary_key=True),
    account_column(),
    Column("token", String, nullable=False, unique=True),
    Column("team_id", id_type, nullable=False),
    Column("person_id", id_type, nullable=False),
    Column("product_id", id_type, nullable=False, server_default="0"),  # 0: every product
    Column("until_day", Integer, nullable=False),
    Column("reason", Text, nullable=False),
    Column("by", String, nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("removed_by", String, nullable=False, server_default=""),
    Column("removed_at", DateTime(timezone=True)),
    Index(None, "account_id", "person_id"),
    within_account(),
)

policies = Table(
    "policies",
    metadata,
    account_column(),
    Column("name", String, nullable=False),
    Column("value", Text, nullable=False),
    Column("by", String, nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
    UniqueConstraint("account_id", "name"),
    within_account(),
)

provider_tasks = Table(
    "provider_tasks",
    metadata,
    Column("id", id_type, primary_key=True),
    account_column(),
    Column("key", String, nullable=False, unique=True),
    Column("change", String, nullable=False),
    Column("state", String, nullable=False),
    Column("detail", Text, nullable=False, server_default=""),
    Column("opened_at", DateTime(timezone=True), nullable=False),
    Column("remind_at", DateTime(timezone=True)),
    Column("reminders", Integer, nullable=False, server_default="0"),
    Column("closed_at", DateTime(timezone=True)),
    Index(None, "account_id", "state"),
    within_account(),
)

ledger_effects = Table(
    "ledger_effects",
    metadata,
    Column("id", id_type, primary_key=True),
    account_column(),
    Column("key", String, nullable=False, unique=True),
    Column("change", String, nullable=False),
    Column("assignment_id", id_type, nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
    within_account(),
)

directory_attempts = Table(
    "directory_attempts",
    metadata,
    Column("id", id_type, primary_key=True),
    account_column(),
    Column("key", String, nullable=False, unique=True),
    Column("state", String, nullable=False),
    # How the directory said that the group's memberships were, before they were changed; empty where it says nothing.
    Column("mark", String, nullable=False, server_default=""),
    Column("at", DateTime(timezone=True), nullable=False),
    within_account(),
)

audit_rows = Table(
    "audit_rows",
    metadata,
    Column("id", id_type, primary_key=True),
    account_column(),
    Column("seq", BigInteger, nullable=False),
    Column("at", String, nullable=False),
    Column("kind", String, nullable=False),
    Column("actor", String, nullable=False),
    Column("subject", String, nullable=False, server_default=""),
    Column("team_id", id_type, nullable=False, server_default="0"),
    Column("person_id", id_type, nullable=False, server_default="0"),
    Column("details", Text, nullable=False, server_default="{}"),
    # At most one final row an action: the subject there, empty elsewhere.
    Column("final_of", String, unique=True),
    Column("previous", String, nullable=False),
    Column("hash", String, nullable=False),
    UniqueConstraint("account_id", "seq"),
    within_account(),
)
