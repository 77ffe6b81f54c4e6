"""Create the table of each night's portfolio figures, which outlive its run."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table; the next publication fills it from the runs that are there."""
    op.create_table(
        "portfolio_nights",
        sa.Column("as_of", sa.Date(), primary_key=True),
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("document", sa.LargeBinary(), nullable=False),
    )


def downgrade() -> None:
    """Drop the table."""
    op.drop_table("portfolio_nights")
