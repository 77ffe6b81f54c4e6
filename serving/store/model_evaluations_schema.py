"""Table of what the registered versions of the models showed on their test periods.

Owns names and types, as `schema` does for the other tables.
"""

from sqlalchemy import Column, DateTime, Integer, String, Table, Text

from serving.store.schema import METADATA

MODEL_EVALUATIONS = Table(
    "model_evaluations",
    METADATA,
    Column("target", String, primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("model_version", String, nullable=False),
    Column("compared_with", Integer),
    Column("document", Text, nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
)
