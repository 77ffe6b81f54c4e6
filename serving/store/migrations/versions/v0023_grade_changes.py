"""Keep the grades that customers had, and whether they were in default."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables, which the next publication fills from the stored runs, and add the column."""
    op.create_table(
        "grade_changes",
        sa.Column("customer_id", sa.String(), primary_key=True),
        sa.Column("as_of", sa.Date(), primary_key=True),
        sa.Column("state", sa.String(), nullable=False),
    )
    op.create_table(
        "grade_nights",
        sa.Column("as_of", sa.Date(), primary_key=True),
        sa.Column("default_model", sa.String(), nullable=False),
        sa.Column("policy_hash", sa.String(), nullable=False),
        sa.Column("grades", sa.LargeBinary(), nullable=False),
    )
    op.add_column("customers", sa.Column("in_default", sa.Boolean()))


def downgrade() -> None:
    """Drop the tables and the column."""
    op.drop_column("customers", "in_default")
    op.drop_table("grade_nights")
    op.drop_table("grade_changes")
