"""What goes out about the migration of grades and the vintages of invoices.

Owns the description of `serving.usecases.grade_migration`'s document for the API.
"""

import datetime as dt

from pydantic import Field

from serving.schemas.answers import ResponseSchema


class VintageOut(ResponseSchema):
    """The invoices of a quarter by their age in months, from 0, the day of issue."""

    quarter: dt.date = Field(description="its first day")
    issued_eur: float
    unpaid_shares: list[float] = Field(description="of the amount issued, what was unpaid at each age")
    late_shares: list[float] = Field(description="what had been more than 30 days late by each age")
