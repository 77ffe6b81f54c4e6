"""Tables of the follow-up of customers: who looked at them, whose they are, what was done about their debts.

Owns names, types and indexes, as `schema` does for the other tables.
"""

from sqlalchemy import Column, Date, DateTime, Double, Index, Integer, String, Table, Text

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

COLLECTION_ACTIONS = Table(
    "collection_actions",
    METADATA,
    Column("action_id", Integer, primary_key=True),
    Column("customer_id", String, nullable=False),
    Column("kind", String, nullable=False),
    Column("note", Text),
    Column("amount_eur", Double),
    Column("until", Date),
    Column("tone", String),
    Column("owed", Text, nullable=False),
    Column("who", String, nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
    Index(None, "customer_id", "action_id"),
    sqlite_autoincrement=True,
)
"""Append-only: the newest action of a customer that is no note decides where its line is."""
