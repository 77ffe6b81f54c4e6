"""Keep each run's cash forecast, and the weeks in which its open invoices are paid."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column, which is empty in the runs of before, and the table."""
    op.add_column("partitions", sa.Column("payment_weeks", sa.LargeBinary()))
    op.create_table(
        "cash_forecasts",
        sa.Column("run_id", sa.Integer(), sa.ForeignKey("runs.run_id", ondelete="CASCADE"), primary_key=True),
        sa.Column("document", sa.LargeBinary(), nullable=False),
    )


def downgrade() -> None:
    """Drop the table and the column."""
    op.drop_table("cash_forecasts")
    op.drop_column("partitions", "payment_weeks")
