"""Late interest: what is asked and what is answered, each field described.

Amounts and rates come as numbers or texts and go out as texts, exact to the digit.
"""

import datetime as dt
from decimal import Decimal
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from models.law.imputation import Imputation
from serving.schemas.answers import ResponseSchema
from serving.schemas.questions import Day

Euros = Annotated[Decimal, Field(gt=0, le=10**12, decimal_places=2, max_digits=15)]
MOST_PAYMENTS = 100


class _PenaltyRequest(BaseModel):
    model_config = ConfigDict(extra="forbid")


class PartPaymentIn(_PenaltyRequest):
    """A part that was paid before."""

    paid_on: Day
    amount_eur: Euros


class PenaltyIn(_PenaltyRequest):
    """A late invoice between professionals."""

    amount_eur: Euros = Field(description="the invoice incl. VAT")
    due_on: Day
    paid_on: Day = Field(description="the day the rest was paid, or up to which interest is counted")
    contract_rate: Annotated[Decimal, Field(ge=0, le=1, max_digits=12)] | None = Field(
        None, description="a share a year: 0.12 is 12 %; the ECB's rate + 10 points without one"
    )
    payments: list[PartPaymentIn] = Field(default_factory=list, max_length=MOST_PAYMENTS)
    imputation: Imputation = Field(
        "principal",
        description="what part payments are set against first; by law the interest, unless agreed otherwise: "
        "art. 1343-1 C. civ.",
    )
    opened_on: Day | None = Field(
        None,
        description="the opening of a proceeding of the debtor: interest stops there (L622-28)",
    )


class PenaltyLineOut(ResponseSchema):
    """Interest on one balance over days of one half-year."""

    semester: str
    first: dt.date
    last: dt.date
    days: int
    balance_eur: str
    rate: str = Field(description="a share a year")
    basis: str = Field(description="ecb, contract or floor")
    basis_fr: str
    basis_en: str
    interest_eur: str
    publication: str = Field("", description="where the rate was published")


class PenaltyOut(ResponseSchema):
    """What is owed on top of a late invoice: art. L441-10 II and D441-5 C. com."""

    amount_eur: str
    due_on: dt.date
    paid_on: dt.date
    days_late: int
    lines: list[PenaltyLineOut]
    interest_eur: str
    indemnity_eur: str = Field(description="40 EUR a late invoice")
    total_eur: str
    floor_applied: bool = Field(description="the contract's rate was below three times the legal rate")
    imputation: Imputation | None = Field(
        None, description="what part payments were set against first; none without any"
    )
    imputation_fr: str | None = None
    imputation_en: str | None = None
    opened_on: dt.date | None = Field(None, description="the opening of a proceeding: interest stops there")
    interest_paid_eur: str = Field("0.00", description="the part of the payments that went to interest")
    principal_left_eur: str = Field("0.00", description="left of the invoice after the part payments")
