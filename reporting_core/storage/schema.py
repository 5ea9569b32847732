"""The tables. Each carries `account_id`: every statement names it, and larger engines distribute by it.

Days are integers (proleptic ordinals), months are year * 12 + month - 1, tokens are thousandths: exact and small.
"""

from sqlalchemy import (
    BigInteger,
    Column,
    DateTime,
    ForeignKeyConstraint,
    Index,
    Integer,
    MetaData,
    PrimaryKeyConstraint,
    SmallInteger,
    String,
    Table,
    Text,
    UniqueConstraint,
)

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

# SQLite counts up only an INTEGER PRIMARY KEY; PostgreSQL wants the width said.
id_type = BigInteger().with_variant(Integer, "sqlite")

accounts = Table(
    "accounts",
    metadata,
    Column("id", id_type, primary_key=True),
    Column("name", String, nullable=False, unique=True),
    Column("workspace_id", String, unique=True),
    Column("enterprise_id", String, nullable=False, server_default=""),
    Column("version", BigInteger, nullable=False, server_default="0"),
)


def account_column() -> Column[int]:
    """Return the column that every table has."""
    return Column("account_id", id_type, nullable=False)


def within_account() -> ForeignKeyConstraint:
    """Return the constraint that ties a table to its account."""
    return ForeignKeyConstraint(["account_id"], ["accounts.id"])


teams = Table(
    "teams",
    metadata,
    Column("id", id_type, primary_key=True),
    account_column(),
    Column("name", String, nullable=False),
    Column("key", String, nullable=False),
    Column("personal_data", SmallInteger, nullable=False, server_default="1"),
    Column("personal_data_set_by", String),
    Column("merged_into", id_type),
    Column("reported_on", Integer),
    UniqueConstraint("account_id", "key"),
    within_account(),
)

products = Table(
    "products",
    metadata,
    Column("id", id_type, primary_key=True),
    account_column(),
    Column("name", String, nullable=False),
    Column("key", String, nullable=False),
    UniqueConstraint("account_id", "key"),
    within_account(),
)

collection_products = Table(
    "collection_products",
    metadata,
    account_column(),
    Column("collection_id", id_type, nullable=False),
    Column("product_id", id_type, nullable=False),
    PrimaryKeyConstraint("account_id", "collection_id", "product_id"),
    within_account(),
)

releases = Table(
    "releases",
    metadata,
    Column("id", id_type, primary_key=True),
    account_column(),
    Column("name", String, nullable=False),
    UniqueConstraint("account_id", "name"),
    within_account(),
)

people = Table(
    "people",
    metadata,
    Column("id", id_type, primary_key=True),
    account_column(),
    Column("hashed_autodesk_id", String),
    Column("autodesk_id", String),
    Column("email", String),
    Column("email_key", String),
    Column("first_name", String, nullable=False, server_default=""),
    Column("last_name", String, nullable=False, server_default=""),
    Column("account_status", String, nullable=False, server_default=""),
    Column("exported_on", Integer, nullable=False, server_default="0"),
    UniqueConstraint("account_id", "hashed_autodesk_id"),
    Index(None, "account_id", "autodesk_id"),
    Index(None, "account_id", "email_key"),
    within_account(),
)

former_emails = Table(
    "former_emails",
    metadata,
    account_column(),
    Column("person_id", id_type, nullable=False),
    Column("email_key", String, nullable=False),
    PrimaryKeyConstraint("account_id", "person_id", "email_key"),
    within_account(),
)

roles = Table(
    "roles",
    metadata,
    account_column(),
    Column("person_id", id_type, nullable=False),
    Column("team_id", id_type, nullable=False),
    Column("role", String, nullable=False),
    PrimaryKeyConstraint("account_id", "person_id", "team_id", "role"),
    Index(None, "account_id", "team_id"),
    within_account(),
)

grants = Table(
    "grants",
    metadata,
    account_column(),
    Column("email_key", String, nullable=False),
    Column("team_id", id_type, nullable=False, server_default="0"),  # 0: every team
    Column("role", String, nullable=False),
    Column("granted_by", String, nullable=False),
    PrimaryKeyConstraint("account_id", "email_key", "team_id", "role"),
    within_account(),
)

links = Table(
    "links",
    metadata,
    account_column(),
    Column("slack_user_id", String, nullable=False),
    Column("email_key", String, nullable=False),
    Column("linked_by", String, nullable=False),
    PrimaryKeyConstraint("account_id", "slack_user_id"),
    within_account(),
)

strangers = Table(
    "strangers",
    metadata,
    account_column(),
    Column("slack_user_id", String, nullable=False),
    Column("name", String, nullable=False),
    Column("email", String, nullable=False),
    Column("seen_at", DateTime(timezone=True), nullable=False),
    PrimaryKeyConstraint("account_id", "slack_user_id"),
    within_account(),
)

groups = Table(
    "groups",
    metadata,
    Column("id", id_type, primary_key=True),
    account_column(),
    Column("team_id", id_type, nullable=False, server_default="0"),  # 0: the export names no team
    Column("name", String, nullable=False),
    Column("key", String, nullable=False),
    Column("group_type", String, nullable=False, server_default=""),
    UniqueConstraint("account_id", "team_id", "key"),
    within_account(),
)

group_members = Table(
    "group_members",
    metadata,
    account_column(),
    Column("group_id", id_type, nullable=False),
    Column("person_id", id_type, nullable=False),
    Column("source", SmallInteger, nullable=False),  # 0: Groups export, 1: cell of a Usage Report
    Column("role", String, nullable=False, server_default=""),
    PrimaryKeyConstraint("account_id", "group_id", "person_id", "source"),
    Index(None, "account_id", "person_id"),
    within_account(),
)

assignments = Table(
    "assignments",
    metadata,
    Column("id", id_type, primary_key=True),
    account_column(),
    Column("team_id", id_type, nullable=False),
    Column("person_id", id_type, nullable=False),
    Column("product_id", id_type, nullable=False),
    Column("flex", SmallInteger, nullable=False),
    Column("assigned", SmallInteger),
    Column("assigned_on", Integer),
    Column("unassigned_on", Integer),
    Column("origin", String),
    Column("origin_group", String, nullable=False, server_default=""),
    Column("stale", SmallInteger, nullable=False, server_default="0"),
    Column("exported_on", Integer, nullable=False, server_default="0"),
    Column("last_used", Integer),
    Column("reported_last", Integer),
    Column("reported_from", Integer),
    Column("reported_to", Integer),
    Column("reported_days", Integer),
    Column("reported_millitokens", BigInteger),
    UniqueConstraint("account_id", "team_id", "person_id", "product_id", "flex"),
    Index(None, "account_id", "person_id"),
    within_account(),
)

calendar = Table(
    "calendar",
    metadata,
    account_column(),
    Column("assignment_id", id_type, nullable=False),
    Column("month", Integer, nullable=False),
    Column("product_id", id_type, nullable=False),
    Column("release_id", id_type, nullable=False),
    Column("source", SmallInteger, nullable=False),
    Column("mask", BigInteger, nullable=False),
    # Bits of `mask` that no earlier series of the same assignment and month has: summing them counts each day once.
    Column("own", BigInteger, nullable=False),
    # How many bits `own` has, so that a report counts bits only in the months that its range cuts.
    Column("days", SmallInteger, nullable=False),
    PrimaryKeyConstraint("account_id", "assignment_id", "month", "product_id", "release_id", "source"),
    within_account(),
    sqlite_with_rowid=False,
)

token_days = Table(
    "token_days",
    metadata,
    account_column(),
    Column("assignment_id", id_type, nullable=False),
    Column("day", Integer, nullable=False),
    Column("millitokens", BigInteger, nullable=False),
    PrimaryKeyConstraint("account_id", "assignment_id", "day"),
    within_account(),
    sqlite_with_rowid=False,
)

coverage = Table(
    "coverage",
    metadata,
    account_column(),
    Column("team_id", id_type, nullable=False),
    Column("source", SmallInteger, nullable=False),
    Column("first_day", Integer, nullable=False),
    Column("last_day", Integer, nullable=False),
    Column("exported_on", Integer, nullable=False),
    PrimaryKeyConstraint("account_id", "team_id", "source", "first_day"),
    within_account(),
)

subscriptions = Table(
    "subscriptions",
    metadata,
    Column("id", id_type, primary_key=True),
    account_column(),
    Column("team_id", id_type, nullable=False),
    Column("product_id", id_type, nullable=False),
    Column("subscription_id", String, nullable=False),
    Column("seats", Integer, nullable=False),
    Column("starts", Integer),
    Column("ends", Integer),
    Column("status", String, nullable=False, server_default=""),
    Column("contract", String, nullable=False, server_default=""),
    Column("term", String, nullable=False, server_default=""),
    Column("exported_on", Integer, nullable=False, server_default="0"),
    UniqueConstraint("account_id", "team_id", "product_id", "subscription_id"),
    within_account(),
)

token_balances = Table(
    "token_balances",
    metadata,
    Column("id", id_type, primary_key=True),
    account_column(),
    Column("team_id", id_type, nullable=False),
    Column("purchased", BigInteger, nullable=False),
    Column("remaining", BigInteger, nullable=False),
    Column("expires_on", Integer),
    Column("as_of", Integer, nullable=False),
    UniqueConstraint("account_id", "team_id", "as_of", "expires_on"),
    within_account(),
)

assignment_rules = Table(
    "assignment_rules",
    metadata,
    account_column(),
    Column("team_id", id_type, nullable=False),
    Column("product_id", id_type, nullable=False),
    Column("origin", String, nullable=False),
    Column("group_name", String, nullable=False, server_default=""),
    PrimaryKeyConstraint("account_id", "team_id", "product_id"),
    within_account(),
)

imports = Table(
    "imports",
    metadata,
    Column("id", id_type, primary_key=True),
    account_column(),
    Column("finished_at", DateTime(timezone=True), nullable=False),
    Column("summary", Text, nullable=False),
    within_account(),
)

merges = Table(
    "merges",
    metadata,
    Column("id", id_type, primary_key=True),
    account_column(),
    Column("from_team", id_type, nullable=False),
    Column("into_team", id_type, nullable=False),
    Column("merged_at", DateTime(timezone=True), nullable=False),
    Column("before", Text, nullable=False),
    within_account(),
)

kept_queries = Table(
    "kept_queries",
    metadata,
    Column("id", id_type, primary_key=True),
    account_column(),
    Column("token", String, nullable=False, unique=True),
    Column("slack_user_id", String, nullable=False),
    Column("query", Text, nullable=False),
    Column("asked_at", DateTime(timezone=True), nullable=False),
    Index(None, "account_id", "slack_user_id", "id"),
    within_account(),
)

seen_events = Table(
    "seen_events",
    metadata,
    Column("event_id", String, primary_key=True),
    Column("seen_at", DateTime(timezone=True), nullable=False, index=True),
)
