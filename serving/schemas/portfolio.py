"""What goes out about the portfolio: its figures, lists of changes and of customers to chase.

Owns the description of `pipelines.nightly.findings`'s document and of the store's lists for the API.
"""

import datetime as dt
from typing import Literal

from pydantic import Field

from serving.schemas.answers import LimitUsageOut, ResponseSchema
from serving.schemas.collection import FollowUpOut
from serving.schemas.customers import AgedBalanceOut, AlertOut, WorklistLineOut
from serving.schemas.migration import VintageOut


class DsoOut(ResponseSchema):
    """Days of sales outstanding; none where there are no sales to measure against."""

    annualised_days: float | None = Field(description="receivables over the sales of a year, times its days")
    count_back_days: float | None = Field(description="how many days of the latest sales are still owed")
    best_possible_days: float | None = Field(description="the annualised figure if nothing were past due")
    average_days_delinquent: float | None = Field(description="annualised less best possible")


class ClassLineOut(ResponseSchema):
    """One grade's part of the portfolio."""

    grade: str
    customers: int
    customer_share: float
    open_eur: float
    open_share: float
    expected_loss_eur: float


class ExpectedLossOut(ResponseSchema):
    """What defaults within a year are expected to cost: PD x LGD x exposure at the seller's own risk.

    The numbers of a legal entity fail together: each counts with the worst probability among them.
    """

    expected_loss_eur: float
    own_risk_eur: float = Field(description="what is owed less what insurers would pay of it")
    open_eur: float
    lgd_share: float


class TopExposureOut(LimitUsageOut):
    """One of the largest exposures, `limit_eur` and `grade` being the model's own."""

    customer_id: str
    name: str | None
    grade: str
    open_eur: float
    overdue_eur: float
    on_account_eur: float = Field(0.0, description="paid or credited and taken by no invoice, less than 0")
    limit_eur: float
    pd_12m: float | None = Field(
        description="of this number; its expected loss reckons with its legal entity's; none under an open "
        "insolvency proceeding"
    )
    proceeding: str | None = Field(None, description="the open insolvency proceeding")
    expected_loss_eur: float
    share: float = Field(description="of all that is owed")


class TopEntityOut(ResponseSchema):
    """One of the legal entities that owe most, all of its customer numbers together."""

    customer_ids: list[str] = Field(description="its numbers, the one that owes most first")
    name: str | None = Field(description="of the number that owes most")
    siren: str | None
    grade: str
    open_eur: float
    overdue_eur: float
    on_account_eur: float = Field(0.0, description="of all its numbers; of one it pays no other's debt")
    pd_12m: float | None = Field(
        description="the worst of its numbers; none under an open insolvency proceeding"
    )
    expected_loss_eur: float
    share: float = Field(description="of all that is owed")


class ShareOut(ResponseSchema):
    """One name's part of the whole."""

    name: str
    eur: float
    share: float


class SpreadOut(ResponseSchema):
    """How exposures are spread."""

    total_eur: float
    count: int
    top: list[ShareOut]
    top_share: float = Field(description="the top's part of the whole")
    herfindahl: float = Field(description="the sum of squared shares; 1 is one name only")
    effective_count: float | None = Field(description="so many equal names would be as concentrated")


class ConcentrationOut(ResponseSchema):
    """How exposures are spread over customer numbers, legal entities, sectors (NAF divisions) and groups."""

    customers: SpreadOut
    entities: SpreadOut | None = Field(
        None, description="by the number that owes most; none in a night of an earlier version"
    )
    sectors: SpreadOut
    groups: SpreadOut


class MigrationOut(ResponseSchema):
    """From which grade to which customers went since the night before."""

    counts: dict[str, dict[str, int]] = Field(
        description="by grade before (or new), then by grade after (or gone)"
    )
    better: int
    worse: int


class QuarterOut(MigrationOut):
    """From which grade to which customers went over a quarter, up to a night of it."""

    since: dt.date = Field(description="the last night before the quarter, else the first one in it")


class OverLimitOut(ResponseSchema):
    """Customers that owe more than their limit in force."""

    customers: int
    over_eur: float = Field(description="what they owe beyond it, in all")


class PastMonthOut(ResponseSchema):
    """A past month end, reconstructed from the invoices and payments of the ledger."""

    as_of: dt.date
    exposure_eur: float = Field(description="what is owed; no customer's credit lowers another's debt")
    overdue_eur: float
    overdue_net_eur: float = Field(description="less each customer's money on account")
    dso: DsoOut


class ToChaseOut(ResponseSchema):
    """The worklist in figures."""

    customers: int
    at_risk_eur: float
    saveable_eur: float | None = Field(
        None, description="what calls can still save; none in a night of an earlier version"
    )
    overdue_eur: float
    by_tone: dict[str, int]


class AlertCountsOut(ResponseSchema):
    """The alerts in figures."""

    customers: int
    by_severity: dict[str, int]
    by_cause: dict[str, int]


class PortfolioOut(ResponseSchema):
    """The portfolio as the last published night has it."""

    as_of: dt.date
    run_id: int
    previous_as_of: dt.date | None = Field(description="the night that it is compared with")
    customers: int = Field(description="customer numbers")
    entities: int | None = Field(None, description="legal entities; none in a night of an earlier version")
    open_invoices: int
    aged_balance: AgedBalanceOut
    dso: DsoOut
    class_mix: list[ClassLineOut]
    payer_mix: dict[str, int] = Field(description="customers by payer grade")
    expected_loss: ExpectedLossOut
    top_exposures: list[TopExposureOut] = Field(description="by customer number")
    top_entities: list[TopEntityOut] = Field(
        default_factory=list, description="by legal entity; empty in a night of an earlier version"
    )
    concentration: ConcentrationOut
    migration: MigrationOut | None = Field(description="none on the first night")
    quarter: QuarterOut | None = Field(
        None, description="none without a night before, or in a night of an earlier version"
    )
    over_limit: OverLimitOut | None = Field(None, description="none in a night of an earlier version")
    past_months: list[PastMonthOut] = Field(
        default_factory=list, description="those that the ledger reaches, the oldest first"
    )
    vintages: list[VintageOut] = Field(
        default_factory=list, description="quarters that the ledger reaches, the oldest first"
    )
    to_chase: ToChaseOut
    alerts: AlertCountsOut


class GradeFiguresOut(ResponseSchema):
    """One grade's part of the portfolio on a past night; the grade is the model's own."""

    grade: str
    customers: int
    open_eur: float
    expected_loss_eur: float


class PortfolioMonthOut(PastMonthOut):
    """The portfolio on the last night of a month, or at its end."""

    source: Literal["night", "ledger"] = Field(
        description="`night`: as it was published; `ledger`: reconstructed, with none of what needs a model"
    )
    customers: int | None
    grades: list[GradeFiguresOut] | None = Field(description="by grade, the best first")
    expected_loss_eur: float | None
    over_limit: OverLimitOut | None = Field(description="by the limits in force when the night was published")
    quarter: QuarterOut | None = Field(description="since the start of the quarter, up to this night")


class PortfolioQuarterOut(QuarterOut):
    """The grade migration of a quarter."""

    as_of: dt.date = Field(description="the last night of the quarter so far")


class PortfolioHistoryOut(ResponseSchema):
    """The portfolio's last twelve months and quarters, the oldest first."""

    as_of: dt.date
    run_id: int
    first_night: dt.date = Field(description="what needs a model is known from this day on")
    months: list[PortfolioMonthOut] = Field(description="a month that the ledger does not reach is left out")
    quarters: list[PortfolioQuarterOut] = Field(description="those with a night to compare with")


class ListedAlertOut(AlertOut, LimitUsageOut):
    """An alert, with where its customer stands now."""

    seen_by: str | None = Field(description="who reviewed the customer since the night was published")
    seen_at: dt.datetime | None = Field(description="when that review was recorded")
    owner: str | None = Field(description="whose the customer is")


class AlertPageOut(ResponseSchema):
    """A stretch of the alerts, the most urgent first."""

    as_of: dt.date
    run_id: int
    items: list[ListedAlertOut]
    total: int = Field(description="how many match in all")
    limit: int
    offset: int
    next_offset: int | None = Field(description="where the next stretch starts; none after the last one")


class ListedChaseOut(WorklistLineOut, LimitUsageOut):
    """A customer to chase, with what it owes in all against the limit in force."""

    open_eur: float = Field(description="what it owes, due or not")
    follow_up: FollowUpOut | None = Field(None, description="where the line is; none where nothing was done")


class WorklistPageOut(ResponseSchema):
    """A stretch of the worklist, the most euros to save first."""

    as_of: dt.date
    run_id: int
    items: list[ListedChaseOut]
    total: int
    limit: int
    offset: int
    next_offset: int | None
