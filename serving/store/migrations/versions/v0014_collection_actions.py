"""Keep what was done about customers' debts."""

import sqlalchemy as sa
from alembic import op

from serving.store.migrations import append_only

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "collection_actions",
        sa.Column("action_id", sa.Integer(), primary_key=True),
        sa.Column("customer_id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("note", sa.Text()),
        sa.Column("amount_eur", sa.Double()),
        sa.Column("until", sa.Date()),
        sa.Column("tone", sa.String()),
        sa.Column("owed", sa.Text(), nullable=False),
        sa.Column("who", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_index(None, "collection_actions", ["customer_id", "action_id"])
    append_only.keep("collection_actions", ["action_id"], "the history of collection only grows")


def downgrade() -> None:
    """Drop the table."""
    append_only.drop("collection_actions")
