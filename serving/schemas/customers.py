"""What goes out about one customer: the shape of its whole file, each field described.

Owns the description of `serving.usecases.customer_file`' document for the API.
"""

import datetime as dt
from typing import Literal

from pydantic import Field

from models.portfolio.change_events import ChangeEventKind
from models.portfolio.worklist import CollectionStage, Proposal
from serving.schemas.answers import AssessmentOut, CustomerLineOut, InvoiceOut, ResponseSchema
from serving.schemas.decisions import ApproverOut, ConditionOut, DecisionReasonOut
from serving.schemas.records import InForceOut, OverrideOut


class AgedBalanceOut(ResponseSchema):
    """Open amounts by how long they are past due, in euros; the bands add up to `total_eur`."""

    not_due_eur: float
    d1_30_eur: float = Field(description="1 to 30 days past due")
    d31_60_eur: float
    d61_90_eur: float
    over_90_eur: float
    total_eur: float
    overdue_eur: float
    disputed_eur: float = Field(description="of the total, in dispute")
    on_account_eur: float = Field(
        description="paid or credited, taken by no invoice, less than 0; more: given back, asked for by none"
    )
    net_eur: float = Field(description="total and on account, all customers together")
    exposure_eur: float | None = Field(
        None,
        description="owed by those who owe: no credit of one lowers another's debt; none in a night of an "
        "earlier version",
    )
    in_credit_eur: float | None = Field(None, description="what customers have beyond their debts, 0 or less")
    overdue_net_eur: float | None = Field(
        None, description="overdue less what the same customer has on account, from 0"
    )


class ExposureOut(ResponseSchema):
    """What the customer owes against the limit in force."""

    open_eur: float = Field(description="less than 0 where more was paid than owed")
    overdue_eur: float = Field(description="of its open invoices, past due, disputed or not")
    on_account_eur: float = Field(description="paid or credited and taken by no invoice, less than 0")
    limit_eur: float = Field(description="the limit in force")
    available_eur: float = Field(description="what may still be owed, from 0")
    limit_use: float | None = Field(description="open over limit; none where the limit is 0")


class AvailableCreditOut(ResponseSchema):
    """What the customer may order now: the decision on the largest order that the limit in force leaves."""

    outcome: Literal["accept", "accept_with_conditions", "refer"]
    label_fr: str
    label_en: str
    largest_order_eur: float = Field(
        description="incl. VAT, its deposit included, in whole euros; 0 where nothing is left on credit"
    )
    terms_days: int = Field(description="the longest terms, in days from the invoice")
    exposure_eur: float = Field(description="what is used of the limit now")
    limit_in_force_eur: float = Field(description="the limit that counts")
    conditions: list[ConditionOut] = Field(description="what such an order has to meet")
    reasons: list[DecisionReasonOut]
    approval: ApproverOut | None = Field(description="none where nobody has to approve")
    valid_until: dt.date


class EntityNumberOut(ResponseSchema):
    """Another customer number of the same legal entity."""

    customer_id: str
    name: str | None
    open_eur: float = Field(description="less than 0 where more was paid than owed")
    oldest_overdue_days: float = Field(description="age past due of its oldest open invoice, 0 if none")
    in_default: bool
    pd_12m: float | None = Field(
        description="its own; grade and limit rest on the highest of the entity; none where it is in default"
    )


class EntityOut(ResponseSchema):
    """The legal entity that the customer is under several numbers: one risk, one limit."""

    open_eur: float = Field(description="owed under all its numbers; money on account of one pays no other")
    others: list[EntityNumberOut]


class HistoryPointOut(ResponseSchema):
    """What one night said."""

    run_id: int
    as_of: dt.date
    pd_12m: float | None = Field(description="none under an open insolvency proceeding")
    p_late30: float
    grade: str
    limit_eur: float
    open_eur: float
    overdue_eur: float
    on_account_eur: float
    proceeding: str | None = Field(None, description="the open insolvency proceeding")


class PaidInvoiceOut(ResponseSchema):
    """One invoice that was paid."""

    invoice_id: str
    due_on: dt.date
    paid_on: dt.date
    days_late: int = Field(description="days in dispute not counted; negative when early")
    amount_eur: float


class EventOut(ResponseSchema):
    """A filing in a register, or a signal of the seller's own."""

    kind: str = Field(
        description="of safeguard, receivership, liquidation, safeguard_plan, receivership_plan, "
        "proceeding_ended, unknown (a judgment to read), closure, sale, accounts and "
        "accounts_confidential, or of dispute, more_time, returned_debit, change_of_activity, doubtful, "
        "write_off, cover and cover_ended"
    )
    known_on: dt.date = Field(description="from when it is known")
    happened_on: dt.date | None = Field(description="such as the judgment's date")
    source: str | None = Field(description="where it was read")
    amount_eur: float | None = Field(description="such as the insurer's limit")


class OutsideScoreOut(ResponseSchema):
    """What somebody else says of the customer, on its own scale; no model of ours reads it."""

    scale: str = Field(description="creditsafe, allianz, coface_dra, banque_de_france or dnb_failure")
    label_fr: str
    label_en: str
    score: str = Field(description="as it was given")
    worst: str = Field(description="the score of the scale's bad end")
    best: str = Field(description="the score of its good end")
    safety: float | None = Field(
        description="its place between them, 0 at the bad end and 1 at the good one; no probability, and not "
        "to be compared across scales; none where the score stands for no grade"
    )
    scored_on: dt.date
    source: str | None = Field(description="where it was read")


class FiguresOut(ResponseSchema):
    """The figures of one night that are compared."""

    pd_12m: float | None = Field(description="none under an open insolvency proceeding")
    p_late30: float
    grade: str
    limit_eur: float
    open_eur: float
    oldest_overdue_days: float
    open_proceeding: bool
    covered_eur: float = Field(description="the insurer's share of its limit")
    declare_by: dt.date | None = Field(None, description="the last day to declare a claim")
    days_to_declare: int | None = Field(None, description="days left until then, below 0 after it")
    unread_on: dt.date | None = Field(None, description="a judgment of this day must be read by a person")
    plan: bool = Field(default=False, description="a plan is running")
    announced_grade: str | None = Field(
        None, description="the grade whose change is reported; none in an older night"
    )


class EffectOut(ResponseSchema):
    """The parts of one figure's change; they sum to the whole. A grade counts in notches."""

    data: float
    model: float
    policy: float


class ChangeEventOut(ResponseSchema):
    """One event that moved a customer."""

    kind: ChangeEventKind
    what: str | None = Field(description="the model's target, or the kind of the filing or the signal")
    ref: str | None = Field(description="the invoice, or the versions before and after")
    on: dt.date | None = Field(description="due date, payment, publication or signal")
    amount_eur: float | None
    days_late: int | None = Field(description="of a payment, below 0 when early")


class AlertOut(ResponseSchema):
    """What changed about a customer since the night before, and why."""

    customer_id: str
    name: str | None
    severity: Literal["high", "medium", "low"]
    cause: Literal["data", "model", "policy"] = Field(description="what it is mainly due to")
    kinds: list[str] = Field(
        description="of proceeding, declare_claim, unread_judgment, plan, grade, limit, probability, "
        "over_limit, long_overdue, cover_ended"
    )
    open_eur: float
    sentence_fr: str
    sentence_en: str
    before: FiguresOut
    after: FiguresOut
    effects: dict[str, EffectOut] = Field(description="by figure, the parts of its change")
    separable: bool = Field(description="false where the parts could not be told: all counts as data")
    events: list[ChangeEventOut] = Field(
        default_factory=list, description="what happened since the night before, the most telling first"
    )
    because_fr: str = Field("", description="the events as a sentence; empty in an older night")
    because_en: str = Field("", description="the events as a sentence; empty in an older night")


class ChasedInvoiceOut(ResponseSchema):
    """One overdue or disputed invoice of the worklist."""

    invoice_id: str
    due_on: dt.date
    open_eur: float
    p_late30: float = Field(description="probability that it is paid more than 30 days late, or never")
    days_overdue: int = Field(description="days in dispute not counted")
    disputed: bool
    issued_on: dt.date | None = None
    at_risk_eur: float = Field(description="open_eur x p_late30")


class PaymentContactOut(ResponseSchema):
    """Whom to call about payments."""

    name: str | None = Field(description="the person's name")
    phone: str | None = Field(description="telephone number, as the ledger has it")
    email: str | None = Field(description="e-mail address, as the ledger has it")


class WorklistLineOut(ResponseSchema):
    """A customer to chase."""

    place: int = Field(description="its rank by the euros that a call can still save, from 1")
    customer_id: str
    name: str | None
    tone: Proposal = Field(
        description="a reminder (before_due, courteous, firm, formal), legal action, write_off, or in a "
        "proceeding: declare the claim, ask for relief of a missed declaration, follow the proceeding, read "
        "a judgment that was not understood"
    )
    stage: CollectionStage = Field(description="of collection, from not_due to lost; the tone determines it")
    saveable_eur: float = Field(
        description="what a call can still save of the euros at risk: the less the older the debt, the "
        "expected dividend of a claim to declare, nothing of a lost debt"
    )
    at_risk_eur: float = Field(description="euros expected more than 30 days late, or lost")
    overdue_eur: float = Field(description="past due and not in dispute")
    disputed_eur: float = Field(description="open and in dispute: not chased")
    oldest_days: int
    payer_grade: str
    last_step_on: dt.date = Field(description="when the present step was due by the policy")
    next_step_on: dt.date | None = Field(description="of a claim to declare, the last day; none after it")
    next_tone: Proposal
    why_fr: str
    why_en: str
    invoices: list[ChasedInvoiceOut] = Field(description="the riskiest first")
    disputed: list[ChasedInvoiceOut]
    on_account_eur: float = Field(
        0.0, description="paid or credited and taken by no invoice, 0 or less; see it before you call"
    )
    claim_eur: float = Field(0.0, description="from before the opening of a proceeding: to be declared")
    lost_eur: float = Field(0.0, description="past due and counted as lost, by its age or a write-off")
    contact: PaymentContactOut | None = Field(
        None, description="whom to call; none where the ledger names nobody"
    )


class CounterfactualOut(ResponseSchema):
    """What would move the answer, computed by asking the models and the policy again."""

    code: str
    change_fr: str = Field(description="to be read after si")
    change_en: str = Field(description="to be read after if")
    limit_eur: float
    grade: str
    pd_12m: float | None
    p_late30: float
    outcome: str = Field(description="accept, accept_with_conditions or refer")
    within_reach_of: Literal["customer", "seller"]
    sentence_fr: str
    sentence_en: str


class CustomerFileOut(ResponseSchema):
    """Everything that is known of a customer by the last published night."""

    as_of: dt.date
    run_id: int
    summary: CustomerLineOut
    assessment: AssessmentOut = Field(description="the model's own answer")
    in_force: InForceOut
    available: AvailableCreditOut | None = Field(
        description="what may be ordered now; none where an earlier version wrote the night"
    )
    exposure: ExposureOut
    entity: EntityOut | None = Field(description="none where the customer is a legal entity by itself")
    aged_balance: AgedBalanceOut
    invoices: list[InvoiceOut] = Field(description="open ones, the earliest due date first")
    history: list[HistoryPointOut] = Field(description="one point a day, the oldest first")
    paid: list[PaidInvoiceOut] = Field(description="paid in the last two years, the latest first")
    filings: list[EventOut]
    signals: list[EventOut]
    outside_scores: list[OutsideScoreOut] = Field(description="the latest of each scale, the latest first")
    overrides: list[OverrideOut] = Field(description="the whole history, the oldest first")
    change: AlertOut | None = Field(description="since the night before; none where nothing moved enough")
    to_chase: WorklistLineOut | None = Field(description="its line of the worklist")
    counterfactuals: list[CounterfactualOut] | None = Field(description="where they were asked for")
