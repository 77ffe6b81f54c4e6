"""What goes out: the shapes of answers, each field described.

Owns the description of `Assessment.document()` and of the store's rows for the API. A test holds it against
the dataclasses; a field that is not described yet still goes out.
"""

import datetime as dt
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field


class ResponseSchema(BaseModel):
    """What goes out; a field that is not described yet still does."""

    model_config = ConfigDict(extra="allow", from_attributes=True)


class InsolvencyOut(ResponseSchema):
    """How a company stands with the insolvency courts by what was published."""

    stage: Literal["open", "plan", "none"] = Field(
        description="a proceeding is open; a plan is running; neither, but a judgment must be read"
    )
    kind: Literal["safeguard", "receivership", "liquidation"] | None = Field(
        description="the proceeding; of a plan, the one that it ended"
    )
    judged_on: dt.date | None = Field(description="the judgment that made it what it is")
    opened_on: dt.date | None = Field(description="the judgment that opened the proceeding")
    published_on: dt.date | None = Field(description="the opening's publication in the BODACC")
    source: str | None = Field(description="where the opening was read")
    plan_until: dt.date | None = Field(description="the last day that a running plan may have (L626-12)")
    unread_on: dt.date | None = Field(description="of a judgment that was not understood")


class InsolvencyFactsOut(InsolvencyOut):
    """The same, as a case and a party carry it."""

    unread_source: str | None = Field(description="where that judgment was published")


class InsolvencyNoticeOut(InsolvencyOut):
    """The same with what a creditor does about it, and by when."""

    step: Literal["declare", "relief", "follow"] | None = Field(
        description="what is left to do about claims from before the opening: declare them, ask to be "
        "relieved of a missed declaration, follow the proceeding; none without an open proceeding"
    )
    declare_by: dt.date | None = Field(description="the last day to declare a claim (R622-24 C. com.)")
    relief_by: dt.date | None = Field(description="the last day to ask to be relieved (L622-26 C. com.)")
    title_fr: str
    title_en: str
    todo_fr: str
    todo_en: str
    unread_fr: str | None = Field(description="the judgment that a person must read")
    unread_en: str | None


class PartyOut(ResponseSchema):
    """Who is assessed."""

    customer_id: str | None = Field(description="the seller's number; none for a prospect")
    name: str | None
    siren: str | None
    country: str | None = Field(description="ISO 3166 alpha-2")
    naf: str | None = Field(description="activity code such as 43.21A")
    legal_form: str | None = Field(description="INSEE legal category")
    headcount: float | None = Field(description="staff")
    created_on: dt.date | None = Field(description="the company's creation")
    natural_person: bool = Field(description="a natural person: a person decides")
    group_id: str | None = Field(description="the group it belongs to")
    unlisted: bool = Field(
        default=False, description="the public register was asked and holds no such SIREN: a person decides"
    )
    insolvency: InsolvencyFactsOut | None = Field(None, description="none where nothing was judged")


class CreditRequestOut(ResponseSchema):
    """What was asked for."""

    amount_eur: float | None = Field(description="the invoice asked about, incl. VAT")
    terms_days: int | None = Field(description="days from the invoice to its due date")
    yearly_forecast_eur: float | None = Field(description="sales expected over a year, incl. VAT")


class ReasonOut(ResponseSchema):
    """A group of related features and what it does to one probability."""

    group: str = Field(description="the group's name")
    contribution: float = Field(description="in log-odds; above 0 it raises the risk")
    sentence_fr: str = Field(description="the reason in French")
    sentence_en: str = Field(description="the reason in English")
    feature: str | None = Field(None, description="the feature that the sentences name")
    value: float | None = Field(None, description="its value; none where unknown")


class ProbabilityOut(ResponseSchema):
    """A probability and the sum that gives it: base + contributions = margin, mapped to value."""

    target: str = Field(description="what it is a probability of")
    value: float = Field(description="the calibrated probability, in [0, 1]")
    low: float = Field(description="lower end of the 90 % interval of what such customers do")
    high: float = Field(description="upper end of the 90 % interval")
    confidence: Literal["high", "medium", "low", "none"] = Field(
        description="by the interval's width; none: not enough data to tell"
    )
    margin: float = Field(description="the model's raw margin, in log-odds")
    slope: float = Field(description="value = logistic(slope x margin + intercept)")
    intercept: float = Field(description="with that of the length of the customer's history")
    base: float = Field(description="the margin before any feature")
    reasons: list[ReasonOut] = Field(description="what adds up from base to margin")
    model_version: str = Field(description="the model that gave it")
    rests_on: Literal["published", "habit", "level", "own"] = Field(
        default="own",
        description="what it was learnt from: published statistics, your customers' payment habits, "
        "published statistics at the level of your own failures, or your own data",
    )


class LimitTermOut(ResponseSchema):
    """One term of the limit's calculation."""

    name: str
    value_eur: float | None = Field(description="none where unknown or not applied")
    inputs: dict[str, float] = Field(description="what it was computed from")
    label_fr: str
    label_en: str


class CreditLimitOut(ResponseSchema):
    """The recommended limit with its working."""

    limit_eur: float = Field(description="the most exposure to accept; 0 means prepayment")
    binding: str = Field(description="the term that binds")
    terms: list[LimitTermOut]
    valid_until: dt.date = Field(description="the last day on which it holds")
    review_on: dt.date = Field(description="by when somebody looks at the customer again")
    step_eur: float = Field(description="the limit is rounded down to a multiple of it")
    currency: str = Field(description="of every amount, ISO 4217")


class CreditCaseOut(ResponseSchema):
    """The figures the limit was computed from; the same under another policy."""

    pd_12m: float = Field(
        description="probability of default within 12 months, in [0, 1]; the highest of its legal entity; 1 "
        "under an open insolvency proceeding"
    )
    grade: str = Field(description="A (best) to E")
    yearly_sales_forecast_eur: float | None = Field(description="sales expected over a year, incl. VAT")
    terms_days: int = Field(description="days from the invoice to its due date")
    expected_days_late: float = Field(description="days after the due date")
    peak_exposure_eur: float | None = Field(description="the most owed in a year, or with the order on top")
    net_worth_eur: float | None = Field(description="of the last accounts known; may be negative")
    turnover_eur: float | None = Field(description="of the last accounts known")
    n_paid_invoices: int = Field(description="invoices paid so far")
    insured_limit_eur: float = Field(description="the insurer's limit, 0 if none")
    covered_share: float = Field(description="share of a loss that the insurer pays, in [0, 1]")
    open_proceeding: bool = Field(description="an insolvency proceeding is open")
    oldest_overdue_days: float = Field(description="age past due of the oldest open invoice, 0 if none")
    as_of: dt.date = Field(description="what was known at the end of this day")
    in_default: bool = Field(description="in default already, whatever opened it")
    closed: bool = Field(description="its closure is published")
    currency: str = Field(description="of the amounts, ISO 4217")
    insured_currency: str = Field(description="of the insurer's limit, ISO 4217")
    open_eur: float = Field(description="what it owes now; negative where more was paid than owed")
    group_open_eur: float = Field(description="owed by the other members of its group")
    sector_open_eur: float = Field(description="owed by the customers of its sector, this one included")
    portfolio_open_eur: float = Field(description="owed by all customers")
    natural_person: bool = Field(description="a natural person: a person decides")
    p_late30: float | None = Field(description="an invoice is paid more than 30 days late")
    naf: str | None = Field(description="activity code such as 43.21A")
    n_paid_late0: int = Field(description="of the invoices paid, those paid after the due date")
    n_paid_late15: int = Field(description="of the invoices paid, those over 15 days late")
    n_paid_late30: int = Field(description="of the invoices paid, those over 30 days late")
    n_paid_late60: int = Field(description="of the invoices paid, those over 60 days late")
    entity_open_eur: float = Field(description="owed by the other customer numbers of its legal entity")
    entity_in_default: bool = Field(description="one of those numbers is in default")
    entity_oldest_overdue_days: float = Field(description="age past due of their oldest open invoice")
    unlisted: bool = Field(default=False, description="the public register holds no company of its SIREN")
    insolvency: InsolvencyFactsOut | None = Field(None, description="none where nothing was judged")


class AssessmentOut(ResponseSchema):
    """The whole answer, with what is needed to compute it again."""

    party: PartyOut
    as_of: dt.date = Field(description="what was known at the end of this day")
    request: CreditRequestOut
    p_late30: ProbabilityOut = Field(description="an invoice is paid more than 30 days late")
    pd_12m: ProbabilityOut | None = Field(
        description="default within 12 months; none under an open insolvency proceeding: it has happened"
    )
    days_late_p10: float = Field(description="one invoice in ten is paid earlier; negative is before due")
    days_late_p50: float = Field(description="the median delay in days")
    days_late_p90: float = Field(description="one invoice in ten is paid later")
    p_later_than: dict[str, float] = Field(
        default_factory=dict,
        description="chance of being paid more than so many days late, by days; of one curve with the "
        "quantiles; empty where the model has no curve",
    )
    grade: str = Field(description="A (best) to E, by probability of default")
    payer_grade: str = Field(description="very good to very poor payer, by days late")
    paydex: float | None = Field(description="100 (30 days early) to 20 (120 days late); none if unknown")
    history: str = Field(description="how much history the answer rests on")
    limit: CreditLimitOut
    case: CreditCaseOut
    recommended_terms_days: int = Field(description="days from the invoice, at most the legal cap")
    deposit_share: float = Field(description="share paid before delivery, in [0, 1]")
    means_of_payment: str
    needs_human: bool = Field(description="a person must decide: GDPR art. 22, or a judgment to be read")
    policy_version: str
    policy_hash: str
    features_hash: str = Field(description="hash of the features that went in")
    default_model: str | None = Field(None, description="the model of default, told or not")
    insolvency: InsolvencyNoticeOut | None = Field(
        None, description="how the customer stands with the insolvency courts; none where nothing was judged"
    )


class CustomerLineOut(ResponseSchema):
    """One line of a list of customers."""

    customer_id: str
    name: str | None
    siren: str | None
    pd_12m: float | None = Field(
        description="probability of default within 12 months; none under an open insolvency proceeding"
    )
    p_late30: float = Field(description="probability that an invoice is paid more than 30 days late")
    grade: str
    limit_eur: float = Field(description="0 means prepayment")
    open_eur: float = Field(description="what it owes: open invoices less what is on account")
    overdue_eur: float = Field(description="of its open invoices, past due, disputed or not")
    proceeding: str | None = Field(
        None, description="the open insolvency proceeding: safeguard, receivership or liquidation"
    )
    on_account_eur: float = Field(
        description="paid or credited and taken by no invoice, less than 0: so much more may be overdue than "
        "is owed; more than 0: given back, which no invoice asks for"
    )
    sector: str | None = Field(None, description="NAF division, such as 43; none where it is unknown")
    review_on: dt.date | None = Field(
        None, description="by when somebody looks at the customer again; none in runs of an earlier version"
    )
    expected_loss_eur: float | None = Field(
        None, description="expected within 12 months; none in runs of an earlier version"
    )


class LimitUsageOut(ResponseSchema):
    """What a customer of a list owes against the limit in force."""

    limit_in_force_eur: float = Field(description="an override's, else the model's own; 0 means prepayment")
    limit_from: Literal["model", "override", "stop"] = Field(
        description="where it comes from; stop: something stops all credit, so that no override counts"
    )
    grade_in_force: str = Field(description="an override's, else the model's own")
    grade_from: Literal["model", "override", "stop"]
    use_share: float | None = Field(
        description="what it owes over the limit in force; above 1 it is over it; none where the limit is 0"
    )
    over_limit_eur: float = Field(description="what it owes beyond the limit in force, 0 within it")


class ListedCustomerOut(CustomerLineOut, LimitUsageOut):
    """One line of a list of customers, `limit_eur` and `grade` being the model's own."""

    assignee: str | None = Field(description="the user whose customer it is; none where nobody's")
    reviewed_on: dt.date | None = Field(description="the day of its last review; none without any")
    reviewed_by: str | None


class SelectionTotalsOut(ResponseSchema):
    """Sums over all customers that match."""

    customers: int
    open_eur: float = Field(description="of those who owe: no credit of one lowers another's debt")
    overdue_eur: float
    over_limit_eur: float = Field(description="what is owed above limits in force")
    expected_loss_eur: float | None = Field(
        description="expected within 12 months; none where a customer's is not known"
    )


class CustomerPageOut(ResponseSchema):
    """A stretch of the list of customers."""

    as_of: dt.date
    run_id: int
    totals: SelectionTotalsOut
    items: list[ListedCustomerOut]
    total: int = Field(description="how many match in all")
    limit: int
    offset: int
    next_offset: int | None = Field(description="where the next stretch starts; none after the last one")


class InvoiceOut(ResponseSchema):
    """One open invoice with its prospects of being paid."""

    invoice_id: str
    customer_id: str
    issued_on: dt.date
    due_on: dt.date
    amount_eur: float
    open_eur: float = Field(description="what is still owed of it")
    p_late30: float = Field(description="probability that it is paid more than 30 days late")
    days_late_p10: float
    days_late_p50: float
    days_late_p90: float
    days_overdue: int | None = Field(
        description="past the due date, days in dispute not counted; below 0 before it"
    )
    disputed: bool | None = Field(description="whether it is in dispute now")


class HealthOut(ResponseSchema):
    """The process answers."""

    status: str


class ReadyOut(ResponseSchema):
    """Store, scores and models are there."""

    status: str
    as_of: dt.date = Field(description="the day of the published scores")
    run_id: int
