"""Tables of the grades that customers had, which outlive the runs.

Owns names, types and indexes, as `schema` does for the other tables.
"""

from sqlalchemy import Column, Date, LargeBinary, String, Table

from serving.store.schema import METADATA

GRADE_CHANGES = Table(
    "grade_changes",
    METADATA,
    Column("customer_id", String, primary_key=True),
    Column("as_of", Date, primary_key=True),
    Column("state", String, nullable=False),
)
"""The state of a customer from a night on, where it is another one than on the night before."""

GRADE_NIGHTS = Table(
    "grade_nights",
    METADATA,
    Column("as_of", Date, primary_key=True),
    Column("default_model", String, nullable=False),
    Column("policy_hash", String, nullable=False),
    Column("grades", LargeBinary, nullable=False),
)
"""Customers and their mean probability of default by state, of each night whose changes are kept."""
