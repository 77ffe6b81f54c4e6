"""Table of the cash forecasts of runs.

Owns names, types and indexes, as `schema` does for the other tables.
"""

from sqlalchemy import Column, ForeignKey, LargeBinary, Table

from serving.store.schema import METADATA

CASH_FORECASTS = Table(
    "cash_forecasts",
    METADATA,
    Column("run_id", ForeignKey("runs.run_id", ondelete="CASCADE"), primary_key=True),
    Column("document", LargeBinary, nullable=False),
)
