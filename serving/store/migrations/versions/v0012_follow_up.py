"""Keep who reviewed customers and whose they are; list customers by sector, review day and expected loss."""

import sqlalchemy as sa
from alembic import op

from serving.store.migrations import append_only

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

_COLUMNS = {"sector": sa.String, "review_on": sa.Date, "expected_loss_eur": sa.Double}


def upgrade() -> None:
    """Create the tables, and add the columns, which are empty in the runs of before."""
    op.create_table(
        "reviews",
        sa.Column("review_id", sa.Integer(), primary_key=True),
        sa.Column("customer_id", sa.String(), nullable=False),
        sa.Column("who", sa.String(), nullable=False),
        sa.Column("reviewed_on", sa.Date(), nullable=False),
        sa.Column("note", sa.Text()),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_index(None, "reviews", ["customer_id", "review_id"])
    op.create_table(
        "assignments",
        sa.Column("assignment_id", sa.Integer(), primary_key=True),
        sa.Column("customer_id", sa.String(), nullable=False),
        sa.Column("assignee", sa.String()),
        sa.Column("who", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_index(None, "assignments", ["customer_id", "assignment_id"])
    append_only.keep("reviews", ["review_id"], "the history of reviews only grows")
    append_only.keep("assignments", ["assignment_id"], "the history of assignments only grows")
    for name, kind in _COLUMNS.items():
        op.add_column("customers", sa.Column(name, kind()))


def downgrade() -> None:
    """Drop the tables and the columns."""
    for name in _COLUMNS:
        op.drop_column("customers", name)
    for table in ("assignments", "reviews"):
        append_only.drop(table)
