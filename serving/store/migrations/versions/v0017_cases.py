"""Keep cases sent to the credit department, and what became of them."""

import sqlalchemy as sa
from alembic import op

from serving.store.migrations import append_only

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables, which only grow."""
    _create_cases()
    _create_events()
    append_only.keep("cases", ["case_id"], "cases only grow")
    append_only.keep("case_events", ["event_id", "closes", "endorses"], "the events of cases only grow")


def downgrade() -> None:
    """Drop the tables."""
    append_only.drop("case_events")
    append_only.drop("cases")


def _create_cases() -> None:
    op.create_table(
        "cases",
        sa.Column("case_id", sa.Integer(), primary_key=True),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("customer_id", sa.String()),
        sa.Column("siren", sa.String()),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("who", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("answer_id", sa.String(), nullable=False),
        sa.Column("approver", sa.String(), nullable=False),
        sa.Column("approvals", sa.Integer(), nullable=False),
        sa.Column("amount_eur", sa.Double(), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("facts", sa.Text(), nullable=False),
        sqlite_autoincrement=True,
    )
    for column in ("customer_id", "siren", "who"):
        op.create_index(None, "cases", [column, "case_id"])


def _create_events() -> None:
    op.create_table(
        "case_events",
        sa.Column("event_id", sa.Integer(), primary_key=True),
        sa.Column("case_id", sa.Integer(), sa.ForeignKey("cases.case_id"), nullable=False),
        sa.Column("closes", sa.Integer(), sa.ForeignKey("cases.case_id"), unique=True),
        sa.Column("endorses", sa.Integer(), sa.ForeignKey("cases.case_id"), unique=True),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("who", sa.String(), nullable=False),
        sa.Column("level", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("terms", sa.Text(), nullable=False),
        sa.Column("override_id", sa.Integer(), sa.ForeignKey("overrides.override_id")),
        sa.Column("entry_id", sa.String(), nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_index(None, "case_events", ["case_id", "event_id"])
