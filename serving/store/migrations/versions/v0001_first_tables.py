"""Create runs, their customers and invoices, the pointer to the published run, and API keys."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

TO_CUSTOMER = (["run_id", "customer_id"], ["customers.run_id", "customers.customer_id"])


def upgrade() -> None:
    """Create every table."""
    _create_runs()
    _create_customers()
    _create_invoices()
    _create_api_keys()


def downgrade() -> None:
    """Drop every table."""
    for table in ("api_keys", "invoices", "documents", "customers", "partitions", "pointers", "runs"):
        op.drop_table(table)


def _create_runs() -> None:
    key = ("late_model", "default_model", "policy_hash", "data_hash")
    op.create_table(
        "runs",
        sa.Column("run_id", sa.Integer(), primary_key=True),
        sa.Column("as_of", sa.Date(), nullable=False),
        *(sa.Column(name, sa.String(), nullable=False) for name in key),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True)),
        sa.Column("context", sa.Text()),
        sa.UniqueConstraint("as_of", *key),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "pointers",
        sa.Column("name", sa.String(), primary_key=True),
        sa.Column("run_id", sa.Integer(), sa.ForeignKey("runs.run_id"), nullable=False),
    )
    op.create_table(
        "partitions",
        sa.Column("run_id", sa.Integer(), sa.ForeignKey("runs.run_id", ondelete="CASCADE"), primary_key=True),
        sa.Column("partition", sa.Integer(), primary_key=True),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
    )


def _create_customers() -> None:
    figures = ("limit_eur", "open_eur", "overdue_eur")
    op.create_table(
        "customers",
        sa.Column("run_id", sa.Integer(), sa.ForeignKey("runs.run_id", ondelete="CASCADE"), primary_key=True),
        sa.Column("customer_id", sa.String(), primary_key=True),
        sa.Column("partition", sa.Integer(), nullable=False),
        sa.Column("name", sa.String()),
        sa.Column("name_folded", sa.String(), nullable=False),
        sa.Column("siren", sa.String()),
        sa.Column("pd_12m", sa.Double(), nullable=False),
        sa.Column("p_late30", sa.Double(), nullable=False),
        sa.Column("grade", sa.String(), nullable=False),
        *(sa.Column(name, sa.Double(), nullable=False) for name in figures),
    )
    for columns in (["partition"], ["pd_12m"], ["name_folded", "customer_id"]):
        op.create_index(None, "customers", ["run_id", *columns])
    op.create_table(
        "documents",
        sa.Column("run_id", sa.Integer(), primary_key=True),
        sa.Column("customer_id", sa.String(), primary_key=True),
        sa.Column("party", sa.Text(), nullable=False),
        sa.Column("state", sa.LargeBinary(), nullable=False),
        sa.Column("assessment", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(*TO_CUSTOMER, ondelete="CASCADE"),
    )


def _create_invoices() -> None:
    figures = ("amount_eur", "open_eur", "p_late30", "days_late_p10", "days_late_p50", "days_late_p90")
    op.create_table(
        "invoices",
        sa.Column("run_id", sa.Integer(), primary_key=True),
        sa.Column("invoice_id", sa.String(), primary_key=True),
        sa.Column("customer_id", sa.String(), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        *(sa.Column(name, sa.Double(), nullable=False) for name in figures),
        sa.ForeignKeyConstraint(*TO_CUSTOMER, ondelete="CASCADE"),
    )
    op.create_index(None, "invoices", ["run_id", "customer_id", "due_on"])


def _create_api_keys() -> None:
    op.create_table(
        "api_keys",
        sa.Column("key_id", sa.Integer(), primary_key=True),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("key_hash", sa.String(), nullable=False, unique=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True)),
    )
    active = sa.text("revoked_at IS NULL")
    op.create_index(
        "uq_api_keys_active_name",
        "api_keys",
        ["name"],
        unique=True,
        sqlite_where=active,
        postgresql_where=active,
    )
