"""Keep once, beside the audit log, what answers about one customer share; older entries hold all of it."""

import sqlalchemy as sa
from alembic import op

from serving.store.migrations import append_only

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table, which only grows."""
    op.create_table(
        "kept_forms",
        sa.Column("form_hash", sa.String(), primary_key=True),
        sa.Column("form", sa.LargeBinary(), nullable=False),
    )
    append_only.keep("kept_forms", ["form_hash"], "a kept form stays as it is")


def downgrade() -> None:
    """Drop the table; entries that fill a form in cannot be read without it."""
    append_only.drop("kept_forms")
