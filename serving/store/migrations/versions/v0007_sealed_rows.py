"""Seal the rows that decide what is answered and who may ask, those that are there now included."""

import sqlalchemy as sa
from alembic import op

from serving.store import seals as sealing
from serving.store.hash_chain import AuditKeys
from serving.store.migrations import append_only

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

KINDS = ("override", "promotion", "policy", "user", "key")
"""Of the rows that there were then."""


def upgrade() -> None:
    """Create the table, which only grows, and seal what was written before; no key is at hand here."""
    op.create_table(
        "sealed_rows",
        sa.Column("seal_id", sa.Integer(), primary_key=True),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("row_key", sa.String(), nullable=False),
        sa.Column("seal", sa.String(), nullable=False),
        sa.Column("link", sa.String(), nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_sealed_rows_kind_row_key", "sealed_rows", ["kind", "row_key"])
    append_only.keep("sealed_rows", ["seal_id"], "the seals of rows only grow")
    for kind in KINDS:
        sealing.seal_rows(op.get_bind(), kind, None, AuditKeys())


def downgrade() -> None:
    """Drop the table."""
    append_only.drop("sealed_rows")
