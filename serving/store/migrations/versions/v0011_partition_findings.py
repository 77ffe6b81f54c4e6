"""Keep what each partition adds to the portfolio's results until its run is published.

States are packed in another way from this version on, which both versions' rows tell by their first byte.
"""

import sqlalchemy as sa
from alembic import op

from models.errors import StoreError

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

_TABLES = ("documents", "kept_states")
_PACKED = b"v"


def upgrade() -> None:
    """Add the column."""
    op.add_column("partitions", sa.Column("findings", sa.LargeBinary()))


def downgrade() -> None:
    """Drop the column while the version before can read every state; it begins an incomplete run again.

    Raises
    ------
    StoreError
        A state is packed as the version before cannot read it.
    """
    for name in _TABLES:
        state = sa.table(name, sa.column("state", sa.LargeBinary())).c.state
        if op.get_bind().scalar(sa.select(sa.func.count()).where(sa.func.substr(state, 1, 1) == _PACKED)):
            raise StoreError(
                "states are stored that the earlier version cannot read; to go back, put the copy in place "
                "that was made before the update"
            )
    op.drop_column("partitions", "findings")
