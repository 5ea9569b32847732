"""The tables of what comes without asking: schedules, the posts that go out once, alerts."""

from sqlalchemy import Column, DateTime, Index, Integer, SmallInteger, String, Table, Text, UniqueConstraint

from reporting_core.storage.schema import account_column, id_type, metadata, within_account

__all__ = ["alert_rules", "alert_states", "metadata", "posts", "schedules"]

schedules = Table(
    "schedules",
    metadata,
    Column("id", id_type, primary_key=True),
    account_column(),
    Column("token", String, nullable=False, unique=True),
    Column("kind", String, nullable=False),
    Column("question", Text, nullable=False),
    Column("cadence", String, nullable=False),
    Column("zone", String, nullable=False),
    Column("anchor", Integer, nullable=False),
    # Slack's id of a channel, empty for the owner's direct message.
    Column("channel", String, nullable=False, server_default=""),
    Column("owner", String, nullable=False),
    Column("made_at", DateTime(timezone=True), nullable=False),
    Column("standing", String, nullable=False),
    Column("cause", String, nullable=False, server_default=""),
    Column("by", String, nullable=False, server_default=""),
    # The next slot by its local name, and when it is due; empty while it does not go on.
    Column("next_slot", String, nullable=False, server_default=""),
    Column("next_due", DateTime(timezone=True)),
    Column("since_day", Integer),
    Column("quiet_since", DateTime(timezone=True)),
    Column("ended_at", DateTime(timezone=True)),
    # Grows with each change, so that two changes at once are noticed.
    Column("revision", Integer, nullable=False, server_default="0"),
    Index(None, "account_id", "next_due"),
    Index(None, "account_id", "owner"),
    within_account(),
)

posts = Table(
    "posts",
    metadata,
    Column("id", id_type, primary_key=True),
    account_column(),
    # What makes it happen once: (schedule, local slot), an alert's crossing, a notice's cause.
    Column("key", String, nullable=False),
    Column("kind", String, nullable=False),
    Column("state", String, nullable=False),
    Column("schedule", String, nullable=False, server_default=""),
    Column("slot", String, nullable=False, server_default=""),
    Column("owner", String, nullable=False, server_default=""),
    Column("channel", String, nullable=False, server_default=""),
    Column("due_at", DateTime(timezone=True), nullable=False),
    # When it is looked at next: due, a retry, or a look whether it arrived.
    Column("again_at", DateTime(timezone=True)),
    Column("holder", String, nullable=False, server_default=""),
    Column("lease_until", DateTime(timezone=True)),
    Column("fence", Integer, nullable=False, server_default="0"),
    Column("attempt", Integer, nullable=False, server_default="0"),
    Column("posting_at", DateTime(timezone=True)),
    # Whoever began to send it last.
    Column("posting_fence", Integer, nullable=False, server_default="0"),
    Column("message_ts", String, nullable=False, server_default=""),
    Column("late", SmallInteger, nullable=False, server_default="0"),
    Column("as_of_day", Integer),
    Column("since_day", Integer),
    Column("cause", String, nullable=False, server_default=""),
    # Ids alone, never names.
    Column("content", Text, nullable=False, server_default="{}"),
    Column("finished_at", DateTime(timezone=True)),
    UniqueConstraint("account_id", "key"),
    Index(None, "account_id", "state", "again_at"),
    Index(None, "account_id", "schedule", "id"),
    Index(None, "account_id", "channel", "message_ts"),
    within_account(),
)

alert_rules = Table(
    "alert_rules",
    metadata,
    account_column(),
    Column("kind", String, nullable=False),
    Column("on", SmallInteger, nullable=False),
    Column("threshold", Integer),
    # Empty: direct messages to the owners.
    Column("channel", String, nullable=False, server_default=""),
    Column("by", String, nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
    UniqueConstraint("account_id", "kind"),
    within_account(),
)

alert_states = Table(
    "alert_states",
    metadata,
    account_column(),
    Column("kind", String, nullable=False),
    Column("team_id", id_type, nullable=False, server_default="0"),
    # A product, a pack, an import: what it is about beside the team.
    Column("subject", String, nullable=False, server_default=""),
    Column("raised", SmallInteger, nullable=False),
    # How often it was raised: names the crossing, so that each is told once.
    Column("crossings", Integer, nullable=False, server_default="0"),
    Column("value", String, nullable=False, server_default=""),
    Column("at", DateTime(timezone=True), nullable=False),
    UniqueConstraint("account_id", "kind", "team_id", "subject"),
    within_account(),
)
