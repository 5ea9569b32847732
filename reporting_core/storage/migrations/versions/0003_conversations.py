"""Reports that stand in Slack, spreadsheets that were made, questions that were asked."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the tables."""
    op.create_table(
        "asked_questions",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("token", sa.String(), nullable=False),
        sa.Column("slack_user_id", sa.String(), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("answer", sa.Text(), server_default="", nullable=False),
        sa.Column("place", sa.String(), server_default="", nullable=False),
        sa.Column("verdict", sa.SmallInteger(), nullable=True),
        sa.Column("settled", sa.SmallInteger(), server_default="0", nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_asked_questions_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_asked_questions")),
        sa.UniqueConstraint("token", name=op.f("uq_asked_questions_token")),
    )
    op.create_index(
        op.f("ix_asked_questions_account_id_kind_id"), "asked_questions", ["account_id", "kind", "id"], unique=False
    )
    op.create_index(op.f("ix_asked_questions_asked_at"), "asked_questions", ["asked_at"], unique=False)
    op.create_table(
        "made_exports",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("token", sa.String(), nullable=False),
        sa.Column("slack_user_id", sa.String(), nullable=False),
        sa.Column("query", sa.Text(), nullable=False),
        sa.Column("claim", sa.String(), nullable=True),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.Column("teams", sa.Text(), server_default="", nullable=False),
        sa.Column("hashed", sa.SmallInteger(), server_default="1", nullable=False),
        sa.Column("data_version", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("row_count", sa.Integer(), server_default="0", nullable=False),
        sa.Column("size", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ready_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_made_exports_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_made_exports")),
        sa.UniqueConstraint("claim", name=op.f("uq_made_exports_claim")),
        sa.UniqueConstraint("token", name=op.f("uq_made_exports_token")),
    )
    op.create_index(
        op.f("ix_made_exports_account_id_slack_user_id_id"),
        "made_exports",
        ["account_id", "slack_user_id", "id"],
        unique=False,
    )
    op.create_index(op.f("ix_made_exports_expires_at"), "made_exports", ["expires_at"], unique=False)
    op.create_table(
        "shown_reports",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("token", sa.String(), nullable=False),
        sa.Column("slack_user_id", sa.String(), nullable=False),
        sa.Column("query", sa.Text(), nullable=False),
        sa.Column("revision", sa.Integer(), server_default="1", nullable=False),
        sa.Column("shared", sa.SmallInteger(), server_default="0", nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_shown_reports_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shown_reports")),
        sa.UniqueConstraint("token", name=op.f("uq_shown_reports_token")),
    )
    op.create_index(
        op.f("ix_shown_reports_account_id_slack_user_id_id"),
        "shown_reports",
        ["account_id", "slack_user_id", "id"],
        unique=False,
    )
    op.create_index(op.f("ix_shown_reports_changed_at"), "shown_reports", ["changed_at"], unique=False)
