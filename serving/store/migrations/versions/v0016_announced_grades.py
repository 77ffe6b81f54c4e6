"""Keep the grade that alerts compare, which stays while a probability is close to a bound."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column, which is empty in the runs of before."""
    op.add_column("customers", sa.Column("announced_grade", sa.String()))


def downgrade() -> None:
    """Drop the column."""
    op.drop_column("customers", "announced_grade")
