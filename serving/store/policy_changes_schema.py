"""Table of the changes of the policy that people propose on the page.

Owns names, types and indexes, as `schema` does for the other tables.
"""

from sqlalchemy import Column, DateTime, ForeignKey, Integer, String, Table, Text

from serving.store.schema import METADATA

POLICY_CHANGES = Table(
    "policy_changes",
    METADATA,
    Column("policy_change_id", Integer, primary_key=True),
    Column("closes", ForeignKey("policy_changes.policy_change_id"), unique=True),
    Column("event", String, nullable=False),
    Column("before_hash", String, nullable=False),
    Column("policy_hash", String, nullable=False),
    Column("text", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("who", String, nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
    sqlite_autoincrement=True,
)
"""Append-only: a proposal is closed once, by a row of its own that references it."""
