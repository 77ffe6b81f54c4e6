"""Table of the views of the list of customers that people name.

Owns names, types and indexes, as `schema` does for the other tables.
"""

from sqlalchemy import Boolean, Column, DateTime, Integer, String, Table, Text, UniqueConstraint

from serving.store.schema import METADATA

SAVED_VIEWS = Table(
    "saved_views",
    METADATA,
    Column("view_id", Integer, primary_key=True),
    Column("owner", String, nullable=False),
    Column("name", String, nullable=False),
    Column("query", Text, nullable=False),
    Column("shared", Boolean, nullable=False),
    Column("saved_at", DateTime(timezone=True), nullable=False),
    UniqueConstraint("owner", "name", name="uq_saved_views_name"),
    sqlite_autoincrement=True,
)
