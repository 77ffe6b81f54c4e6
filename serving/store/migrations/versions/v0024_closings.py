"""Keep the closings of provisions, with who kept them and when."""

import sqlalchemy as sa
from alembic import op

from serving.store.migrations import append_only

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "closings",
        sa.Column("closing_id", sa.Integer(), primary_key=True),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("policy_hash", sa.String(), nullable=False),
        sa.Column("who", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("document", sa.LargeBinary(), nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_closings_as_of_closing_id", "closings", ["as_of", "closing_id"])
    append_only.keep("closings", ["closing_id"], "the list of closings only grows")


def downgrade() -> None:
    """Drop the table."""
    append_only.drop("closings")
