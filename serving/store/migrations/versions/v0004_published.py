"""Create what the night publishes beside the scores: the portfolio, alerts, the worklist, what is past."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables, and add what older runs leave empty."""
    op.create_table(
        "portfolio",
        sa.Column("run_id", sa.Integer(), sa.ForeignKey("runs.run_id", ondelete="CASCADE"), primary_key=True),
        sa.Column("document", sa.LargeBinary(), nullable=False),
    )
    _create_ranked("alerts", "severity", "cause", "open_eur")
    _create_ranked("worklist", "tone", None, "at_risk_eur", "overdue_eur")
    op.add_column("documents", sa.Column("dossier", sa.LargeBinary()))
    op.add_column("invoices", sa.Column("days_overdue", sa.Integer()))
    op.add_column("invoices", sa.Column("disputed", sa.Boolean()))


def downgrade() -> None:
    """Drop the tables and the new columns."""
    op.drop_column("invoices", "disputed")
    op.drop_column("invoices", "days_overdue")
    op.drop_column("documents", "dossier")
    for table in ("worklist", "alerts", "portfolio"):
        op.drop_table(table)


def _create_ranked(table: str, first: str, second: str | None, *amounts: str) -> None:
    """Create a list of a run's customers in an order of ours."""
    op.create_table(
        table,
        sa.Column("run_id", sa.Integer(), primary_key=True),
        sa.Column("customer_id", sa.String(), primary_key=True),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("name", sa.String()),
        *(sa.Column(name, sa.String(), nullable=False) for name in (first, second) if name),
        *(sa.Column(name, sa.Double(), nullable=False) for name in amounts),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["run_id", "customer_id"], ["customers.run_id", "customers.customer_id"], ondelete="CASCADE"
        ),
    )
    op.create_index(None, table, ["run_id", "place"], unique=True)
