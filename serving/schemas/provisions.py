"""What goes out about provisions: kept closings, their totals, matrix, doubtful claims and movement."""

import datetime as dt
from typing import Literal

from pydantic import Field

from models.policy.sections.provisions import DoubtfulReason
from models.portfolio.provision_matrix import RateSource
from serving.schemas.answers import ResponseSchema

AgeBand = Literal["not_due", "d1_30", "d31_60", "d61_90", "over_90"]
_EUR = "in euros"


class ClosingRecordOut(ResponseSchema):
    """Who kept a closing, and when."""

    as_of: dt.date
    who: str = Field(description="who kept it")
    at: dt.datetime = Field(description="when, in UTC")
    policy_hash: str


class ClosingsOut(ResponseSchema):
    """The closings that count, one a day, the latest first."""

    items: list[ClosingRecordOut]


class ProvisionTotalsOut(ResponseSchema):
    """Sums over the open invoices; lost claims are apart."""

    invoices: int = Field(description="number of open invoices")
    open_eur: float = Field(description="open amount incl. VAT, less customers' credits")
    insured_eur: float = Field(description="the part that insurers would pay")
    matrix_eur: float = Field(description="by IFRS 9's matrix, doubtful claims at their depreciation")
    probability_eur: float | None = Field(
        description="expected loss by probabilities; none where some invoice has no probability"
    )
    probability_unknown: int = Field(description="number of invoices without a probability")
    doubtful_eur: float = Field(description="doubtful claims incl. VAT (416)")
    french_eur: float = Field(description="their depreciation (491)")
    lost_eur: float = Field(description="claims on written-off customers, incl. VAT")
    lost_not_booked_eur: float = Field(description="those that the books do not have as a loss yet (654)")


class MatrixRowOut(ResponseSchema):
    """One band of one segment: its sound claims."""

    segment: str = Field(description="sector or size; empty where rates are not segmented")
    band: AgeBand = Field(description="days past due")
    invoices: int = Field(description="number of invoices")
    open_eur: float = Field(description="open amount incl. VAT")
    insured_eur: float = Field(description="the part that insurers would pay")
    rate: float = Field(description="loss rate, in [0, 1]")
    matrix_eur: float = Field(description="the provision")


class DoubtfulRowOut(ResponseSchema):
    """Doubtful claims of one reason."""

    reason: DoubtfulReason = Field(description="why they are doubtful")
    invoices: int = Field(description="number of invoices")
    customers: int
    open_eur: float = Field(description="open amount incl. VAT")
    insured_eur: float = Field(description="the part that insurers would pay")
    excl_vat_eur: float = Field(description="own risk excl. VAT")
    rate: float = Field(description="share that is depreciated, in [0, 1]")
    french_eur: float = Field(description="the depreciation (491)")


class BandDifferenceOut(ResponseSchema):
    """What the matrix provides for beyond the probabilities in one band, over sound claims."""

    band: AgeBand = Field(description="days past due")
    matrix_eur: float = Field(description="by the matrix")
    probability_eur: float = Field(description="by probabilities")
    difference_eur: float = Field(description="the first less the second")


class BandRateOut(ResponseSchema):
    """One band's flow and loss rate."""

    band: AgeBand = Field(description="days past due")
    entered_eur: float = Field(description="what entered the band over the history")
    passed_eur: float = Field(description="what of it went on to the next band, or was lost after the last")
    impaired_eur: float = Field(description="what of it became impaired, and counts as lost")
    invoices: int = Field(description="number of invoices that entered")
    flow_rate: float = Field(description="the second over the first")
    historical_rate: float = Field(description="loss rate before the outlook")
    rate: float = Field(description="loss rate under the policy's outlook")


class LossRatesOut(ResponseSchema):
    """Loss rates of a segment."""

    segment: str = Field(description="sector or size; empty for the whole portfolio")
    source: RateSource = Field(description="own flows, those of the portfolio, or the policy's default rates")
    bands: list[BandRateOut] = Field(description="one for each band")


class NightUsedOut(ResponseSchema):
    """The night that probabilities come from."""

    run_id: int
    as_of: dt.date


class MovementOut(ResponseSchema):
    """What moved provisions: opening + added - used - unused = closing."""

    opening_eur: float = Field(description=_EUR)
    added_eur: float = Field(description="additions")
    used_eur: float = Field(description="reversed because the claim was lost")
    unused_eur: float = Field(description="reversed because it was paid or is worth more")
    closing_eur: float = Field(description=_EUR)
    written_off_eur: float = Field(description="new certain losses, excl. VAT; not part of the sum")


class MovementsOut(ResponseSchema):
    """Movements since the closing before."""

    since: dt.date | None = Field(description="day of that closing; none where none was kept before")
    ifrs: MovementOut = Field(description="by IFRS 9's matrix")
    french: MovementOut = Field(description="by French accounts")


class ProvisionLineOut(ResponseSchema):
    """Provisions of one invoice."""

    invoice_id: str = Field(description="the invoice's number")
    customer_id: str
    name: str | None
    issued_on: dt.date = Field(description="date of issue")
    due_on: dt.date = Field(description="due date")
    segment: str = Field(description="sector or size; empty where rates are not segmented")
    band: AgeBand = Field(description="days past due")
    status: Literal["sound", "lost"] | DoubtfulReason = Field(
        description="sound, lost, or why it is doubtful"
    )
    booked: bool = Field(description="whether the books have the loss already")
    open_eur: float = Field(description="open amount incl. VAT")
    insured_eur: float = Field(description="the part that an insurer would pay")
    excl_vat_eur: float = Field(description="own risk excl. VAT")
    rate: float = Field(description="rate of the matrix's provision")
    matrix_eur: float = Field(description="provision by IFRS 9's matrix")
    pd: float | None = Field(description="probability of default until it is paid; none where unknown")
    probability_eur: float | None = Field(description="expected loss by it; none where unknown")
    french_rate: float = Field(description="share that French accounts depreciate")
    french_eur: float = Field(description="the depreciation (491)")


class ClosingOut(ResponseSchema):
    """A kept closing."""

    as_of: dt.date
    currency: str = Field(description="ISO 4217 code")
    policy_version: str
    policy_hash: str
    vat_share: float = Field(description="VAT as a share of the amount before tax")
    lgd_share: float = Field(description="loss given default")
    night: NightUsedOut | None = Field(description="none where no night of that day or before is stored")
    own_rates_from: dt.date | None = Field(description="from when a year of own outcomes is known")
    totals: ProvisionTotalsOut = Field(description="sums over the invoices")
    unused_credit_eur: float = Field(description="credits of customers beyond their debts")
    matrix: list[MatrixRowOut] = Field(description="IFRS 9's matrix")
    doubtful: list[DoubtfulRowOut] = Field(description="doubtful claims by reason, the gravest first")
    difference: list[BandDifferenceOut] = Field(description="the matrix against probabilities")
    rates: list[LossRatesOut] = Field(description="where the rates come from")
    kept: ClosingRecordOut | None = Field(description="who kept it")
    movement: MovementsOut = Field(description="what moved since the closing before")
    lines: list[ProvisionLineOut] = Field(description="invoices of the customer asked for; empty without one")
