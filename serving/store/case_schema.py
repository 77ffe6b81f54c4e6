"""Tables of cases, both append-only: what is sent to the credit department, and its events.

Owns names, types and indexes, as `schema` does of the other tables.
"""

from sqlalchemy import Column, DateTime, Double, ForeignKey, Index, Integer, String, Table, Text

from serving.store.schema import METADATA

CASES = Table(
    "cases",
    METADATA,
    Column("case_id", Integer, primary_key=True),
    Column("kind", String, nullable=False),
    Column("customer_id", String),
    Column("siren", String),
    Column("name", String, nullable=False),
    Column("who", String, nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("reason", Text, nullable=False),
    Column("answer_id", String, nullable=False),
    Column("approver", String, nullable=False),
    Column("approvals", Integer, nullable=False),
    Column("amount_eur", Double, nullable=False),
    Column("question", Text, nullable=False),
    Column("facts", Text, nullable=False),
    Index(None, "customer_id", "case_id"),
    Index(None, "siren", "case_id"),
    Index(None, "who", "case_id"),
    sqlite_autoincrement=True,
)
"""Append-only: a case's state follows from its events."""

CASE_EVENTS = Table(
    "case_events",
    METADATA,
    Column("event_id", Integer, primary_key=True),
    Column("case_id", ForeignKey("cases.case_id"), nullable=False),
    Column("closes", ForeignKey("cases.case_id"), unique=True),
    Column("endorses", ForeignKey("cases.case_id"), unique=True),
    Column("kind", String, nullable=False),
    Column("who", String, nullable=False),
    Column("level", String, nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("reason", Text, nullable=False),
    Column("terms", Text, nullable=False),
    Column("override_id", ForeignKey("overrides.override_id")),
    Column("entry_id", String, nullable=False),
    Index(None, "case_id", "event_id"),
    sqlite_autoincrement=True,
)
"""Append-only: `closes` and `endorses` hold the case's number in the one event that does it."""
