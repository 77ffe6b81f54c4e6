"""Tables of the follow-up of customers: who looked at them, and whose they are.

Owns names, types and indexes, as `schema` does for the other tables.
"""

from sqlalchemy import Column, Date, DateTime, Index, Integer, String, Table, Text

from serving.store.schema import METADATA

REVIEWS = Table(
    "reviews",
    METADATA,
    Column("review_id", Integer, primary_key=True),
    Column("customer_id", String, nullable=False),
    Column("who", String, nullable=False),
    Column("reviewed_on", Date, nullable=False),
    Column("note", Text),
    Column("at", DateTime(timezone=True), nullable=False),
    Index(None, "customer_id", "review_id"),
    sqlite_autoincrement=True,
)
"""Append-only."""

ASSIGNMENTS = Table(
    "assignments",
    METADATA,
    Column("assignment_id", Integer, primary_key=True),
    Column("customer_id", String, nullable=False),
    Column("assignee", String),
    Column("who", String, nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
    Index(None, "customer_id", "assignment_id"),
    sqlite_autoincrement=True,
)
"""Append-only: the newest row of a customer counts; without an assignee it is nobody's."""
