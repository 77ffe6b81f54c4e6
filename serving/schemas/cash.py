"""What goes out about expected receipts.

Owns the description of `serving.usecases.cash.CashForecast.document` for the API.
"""

import datetime as dt

from pydantic import Field

from serving.schemas.answers import ResponseSchema


class CashWeekOut(ResponseSchema):
    """Receipts of one week."""

    first_day: dt.date = Field(description="the first week begins on the day after the night's")
    last_day: dt.date = Field(description="six days later")
    expected_eur: float = Field(description="the sum of its invoices' expectations, to the cent")
    p10_eur: float = Field(description="receipts are below it in one week of ten")
    p50_eur: float = Field(description="receipts are as often below as above")
    p90_eur: float = Field(description="receipts are above it in one week of ten")
    sales_eur: float = Field(
        description="expected of invoices to come of customers invoiced regularly; no part of the others"
    )


class CashLineOut(ResponseSchema):
    """Receipts of a set of customers by week."""

    name: str = Field(description="the set's key: a grade, a NAF division, a group; `unknown`, `others`")
    open_eur: float = Field(description="open invoices")
    later_eur: float = Field(description="what is expected after the last week, or never")
    weeks: list[CashWeekOut] = Field(description="thirteen, the first one first")


class CashGroupingsOut(ResponseSchema):
    """The same receipts by customer group."""

    grade: list[CashLineOut]
    sector: list[CashLineOut] = Field(description="the largest open amount first")
    group: list[CashLineOut] = Field(
        description="legal groups, the largest open amount first; those beyond the first twenty are `others`"
    )


class ExpectedInvoiceOut(ResponseSchema):
    """What one week expects of an open invoice."""

    invoice_id: str
    customer_id: str
    name: str | None
    due_on: dt.date
    open_eur: float
    expected_eur: float = Field(description="open amount times the probability of a payment in that week")


class LargestOfWeekOut(ResponseSchema):
    """The invoices of which a week expects most."""

    first_day: dt.date
    last_day: dt.date = Field(description="six days later")
    invoices: list[ExpectedInvoiceOut] = Field(description="at most twenty")


class CashForecastOut(ResponseSchema):
    """Receipts of thirteen weeks, from the open invoices of the published night."""

    as_of: dt.date
    run_id: int
    past_weeks: int = Field(
        description="past weekly totals from which the width of the band was estimated; 0 where the past is "
        "too short and a default is used"
    )
    total: CashLineOut
    by: CashGroupingsOut = Field(description="the same by customer group")
    largest: list[LargestOfWeekOut] = Field(description="of all customers, week by week")
