"""Say of each scored customer which insolvency proceeding is open; older runs leave it empty."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column."""
    op.add_column("customers", sa.Column("proceeding", sa.String()))


def downgrade() -> None:
    """Drop the column."""
    op.drop_column("customers", "proceeding")
