"""Link each entry of the audit log to the one before it; older entries stay as they are, without a link."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column."""
    op.add_column("audit", sa.Column("link", sa.String()))


def downgrade() -> None:
    """Drop the column."""
    op.drop_column("audit", "link")
