"""Keep what each partition adds to the portfolio's results until its run is published."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column."""
    op.add_column("partitions", sa.Column("findings", sa.LargeBinary()))


def downgrade() -> None:
    """Drop the column; a run that is not complete is begun again by the version before."""
    op.drop_column("partitions", "findings")
