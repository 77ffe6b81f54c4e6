"""Keep the group, the region and the insurer of a customer, by which risks are summed."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

COLUMNS = ("group_id", "region", "insurer")


def upgrade() -> None:
    """Add the columns, which are empty in the runs of before."""
    for name in COLUMNS:
        op.add_column("customers", sa.Column(name, sa.String()))


def downgrade() -> None:
    """Drop the columns."""
    for name in COLUMNS:
        op.drop_column("customers", name)
