"""What comes without asking: schedules, posts, alerts."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the tables."""
    op.create_table(
        "alert_rules",
        sa.Column("account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("on", sa.SmallInteger(), nullable=False),
        sa.Column("threshold", sa.Integer(), nullable=True),
        sa.Column("channel", sa.String(), server_default="", nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_alert_rules_account_id")),
        sa.UniqueConstraint("account_id", "kind", name=op.f("uq_alert_rules_account_id_kind")),
    )
    op.create_table(
        "alert_states",
        sa.Column("account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("team_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), server_default="0", nullable=False),
        sa.Column("subject", sa.String(), server_default="", nullable=False),
        sa.Column("raised", sa.SmallInteger(), nullable=False),
        sa.Column("crossings", sa.Integer(), server_default="0", nullable=False),
        sa.Column("value", sa.String(), server_default="", nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_alert_states_account_id")),
        sa.UniqueConstraint(
            "account_id", "kind", "team_id", "subject", name=op.f("uq_alert_states_account_id_kind_team_id_subject")
        ),
    )
    op.create_table(
        "posts",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("schedule", sa.String(), server_default="", nullable=False),
        sa.Column("slot", sa.String(), server_default="", nullable=False),
        sa.Column("owner", sa.String(), server_default="", nullable=False),
        sa.Column("channel", sa.String(), server_default="", nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("again_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("holder", sa.String(), server_default="", nullable=False),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("fence", sa.Integer(), server_default="0", nullable=False),
        sa.Column("attempt", sa.Integer(), server_default="0", nullable=False),
        sa.Column("posting_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("posting_fence", sa.Integer(), server_default="0", nullable=False),
        sa.Column("message_ts", sa.String(), server_default="", nullable=False),
        sa.Column("late", sa.SmallInteger(), server_default="0", nullable=False),
        sa.Column("as_of_day", sa.Integer(), nullable=True),
        sa.Column("since_day", sa.Integer(), nullable=True),
        sa.Column("cause", sa.String(), server_default="", nullable=False),
        sa.Column("content", sa.Text(), server_default="{}", nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_posts_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_posts")),
        sa.UniqueConstraint("account_id", "key", name=op.f("uq_posts_account_id_key")),
    )
    op.create_index(
        op.f("ix_posts_account_id_channel_message_ts"), "posts", ["account_id", "channel", "message_ts"], unique=False
    )
    op.create_index(op.f("ix_posts_account_id_schedule_id"), "posts", ["account_id", "schedule", "id"], unique=False)
    op.create_index(
        op.f("ix_posts_account_id_state_again_at"), "posts", ["account_id", "state", "again_at"], unique=False
    )
    op.create_table(
        "schedules",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("token", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("cadence", sa.String(), nullable=False),
        sa.Column("zone", sa.String(), nullable=False),
        sa.Column("anchor", sa.Integer(), nullable=False),
        sa.Column("channel", sa.String(), server_default="", nullable=False),
        sa.Column("owner", sa.String(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("standing", sa.String(), nullable=False),
        sa.Column("cause", sa.String(), server_default="", nullable=False),
        sa.Column("by", sa.String(), server_default="", nullable=False),
        sa.Column("next_slot", sa.String(), server_default="", nullable=False),
        sa.Column("next_due", sa.DateTime(timezone=True), nullable=True),
        sa.Column("since_day", sa.Integer(), nullable=True),
        sa.Column("quiet_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revision", sa.Integer(), server_default="0", nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_schedules_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_schedules")),
        sa.UniqueConstraint("token", name=op.f("uq_schedules_token")),
    )
    op.create_index(op.f("ix_schedules_account_id_next_due"), "schedules", ["account_id", "next_due"], unique=False)
    op.create_index(op.f("ix_schedules_account_id_owner"), "schedules", ["account_id", "owner"], unique=False)
