"""Create the table of promoted models, so that answering needs the store alone."""

import sqlalchemy as sa
from alembic import op

from serving.store.migrations import append_only

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table; models promoted before are copied from the registry when they are first needed."""
    op.create_table(
        "models",
        sa.Column("model_version", sa.String(), primary_key=True),
        sa.Column("target", sa.String(), nullable=False),
        sa.Column("files", sa.LargeBinary(), nullable=False),
        sa.Column("kept_at", sa.DateTime(timezone=True), nullable=False),
    )
    append_only.keep("models", ["model_version"], "a promoted model stays as it is")


def downgrade() -> None:
    """Drop the table; the registry still has the models."""
    append_only.drop("models")
