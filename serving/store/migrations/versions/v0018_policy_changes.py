"""Keep the changes of the policy that people propose, and who put them in force or dropped them."""

import sqlalchemy as sa
from alembic import op

from serving.store.migrations import append_only

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "policy_changes",
        sa.Column("policy_change_id", sa.Integer(), primary_key=True),
        sa.Column("closes", sa.Integer(), sa.ForeignKey("policy_changes.policy_change_id"), unique=True),
        sa.Column("event", sa.String(), nullable=False),
        sa.Column("before_hash", sa.String(), nullable=False),
        sa.Column("policy_hash", sa.String(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("who", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sqlite_autoincrement=True,
    )
    append_only.keep(
        "policy_changes", ["policy_change_id", "closes"], "the history of policy changes only grows"
    )


def downgrade() -> None:
    """Drop the table."""
    append_only.drop("policy_changes")
