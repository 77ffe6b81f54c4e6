"""Keep once, beside the audit log, what answers about one customer share; older entries hold all of it."""

import sqlalchemy as sa
from alembic import op

from models.errors import StoreError
from serving.store.migrations import append_only

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table, which only grows."""
    op.create_table(
        "kept_forms",
        sa.Column("form_hash", sa.String(), primary_key=True),
        sa.Column("form", sa.LargeBinary(), nullable=False),
    )
    append_only.keep("kept_forms", ["form_hash"], "a kept form stays as it is")


def downgrade() -> None:
    """Drop the table while it is empty.

    Raises
    ------
    StoreError
        Entries of the audit log rest on it.
    """
    if held := op.get_bind().scalar(sa.text("SELECT count(*) FROM kept_forms")):
        raise StoreError(
            f"answers of the audit log fill in {held} kept forms and could never be read again without them; "
            "to go back, put the copy in place that was made before the update"
        )
    append_only.drop("kept_forms")
