"""Table of the closings of provisions that were kept.

Owns names, types and indexes, as `schema` does for the other tables.
"""

from sqlalchemy import Column, Date, DateTime, Index, Integer, LargeBinary, String, Table

from serving.store.schema import METADATA

CLOSINGS = Table(
    "closings",
    METADATA,
    Column("closing_id", Integer, primary_key=True),
    Column("as_of", Date, nullable=False),
    Column("policy_hash", String, nullable=False),
    Column("who", String, nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("document", LargeBinary, nullable=False),
    Index(None, "as_of", "closing_id"),
    sqlite_autoincrement=True,
)
"""Append-only: a closing that is kept again for a day replaces nothing; the newest one counts."""
