"""Create the history of promotions, which takes new rows only: the database refuses to change or drop one."""

import sqlalchemy as sa
from alembic import op

from serving.store.migrations import append_only

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

REFUSAL = "the history of promotions only grows"


def upgrade() -> None:
    """Create the table and what keeps it as it is."""
    op.create_table(
        "promotions",
        sa.Column("promotion_id", sa.Integer(), primary_key=True),
        sa.Column("target", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("model_version", sa.String(), nullable=False),
        sa.Column("action", sa.String(), nullable=False),
        sa.Column("who", sa.String(), nullable=False),
        sa.Column("second", sa.String()),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("previous", sa.Integer()),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("verdict", sa.Text()),
        sqlite_autoincrement=True,
    )
    op.create_index(None, "promotions", ["target", "promotion_id"])
    append_only.keep("promotions", ["promotion_id"], REFUSAL)


def downgrade() -> None:
    """Drop the table; its triggers go with it."""
    append_only.drop("promotions")
