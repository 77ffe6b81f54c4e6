"""Decisions and batches: what is asked and what is answered, each field described."""

import datetime as dt
from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field

from models.policy.decision.exposure import Commitments
from models.policy.decision.order import Order
from serving.schemas.answers import AssessmentOut, CreditLimitOut, ResponseSchema
from serving.schemas.questions import MOST_EUR, AssessmentIn
from serving.schemas.records import InForceOut
from serving.schemas.registers import WithFacts

MOST_AT_ONCE = 1_000
Means = Literal["transfer", "direct_debit", "bill_of_exchange", "guarantee", "prepayment"]
DueDateBasis = Literal["net", "eom_plus", "plus_eom"]
Committed = Annotated[float, Field(strict=True, allow_inf_nan=False, ge=0, le=MOST_EUR)]
_COMMITMENTS = ("delivered_not_invoiced_eur", "ordered_not_delivered_eur", "deposits_eur")
_ORDER = ("amount_eur", "terms_days", "deposit_share", "prepaid", "invoice_basis", "means_of_payment")


class DecisionIn(AssessmentIn):
    """An order of a customer or a prospect."""

    amount_eur: Annotated[float, Field(strict=True, allow_inf_nan=False, ge=0.01, le=MOST_EUR)] = Field(
        description="the order incl. VAT"
    )
    terms_days: Annotated[int, Field(strict=True, ge=0, le=365)] = Field(
        description="the days of the terms, counted as invoice_basis says"
    )
    deposit_share: Annotated[float, Field(strict=True, allow_inf_nan=False, ge=0, le=1)] = Field(
        0.0, description="share paid before delivery"
    )
    prepaid: bool = Field(default=False, strict=True, description="all of it is paid before delivery")
    invoice_basis: DueDateBasis = Field(
        "net", description="from the invoice; days then month end; or month end then days"
    )
    means_of_payment: Means = "transfer"
    delivered_not_invoiced_eur: Committed = Field(
        0.0, description="earlier orders incl. VAT, delivered and on no invoice yet"
    )
    ordered_not_delivered_eur: Committed = Field(
        0.0, description="earlier orders incl. VAT, not delivered yet; without this one"
    )
    deposits_eur: Committed = Field(0.0, description="deposits received for such orders, on no invoice yet")

    def order(self) -> Order:
        """Return the order asked about."""
        commitments = Commitments(**{name: getattr(self, name) for name in _COMMITMENTS})
        return Order(**{name: getattr(self, name) for name in _ORDER}, commitments=commitments)


class CommitmentsOut(ResponseSchema):
    """What the customer has on order already, as it was asked with; the policy says what of it counts."""

    delivered_not_invoiced_eur: float
    ordered_not_delivered_eur: float
    deposits_eur: float = Field(description="received for such orders")


class OrderOut(ResponseSchema):
    """The order that was decided on."""

    amount_eur: float
    terms_days: int
    deposit_share: float
    prepaid: bool
    invoice_basis: DueDateBasis
    means_of_payment: str
    currency: str
    commitments: CommitmentsOut
    deposit_eur: float = Field(description="paid before delivery")
    credit_eur: float = Field(description="left to pay after delivery")


class ConditionOut(ResponseSchema):
    """One condition, and how it goes with the others."""

    code: str = Field(description="terms, deposit, means_of_payment, cover, approval or prepayment")
    value: float | str = Field(description="days, euros, or a means of payment; of an approval, the limit")
    label_fr: str
    label_en: str
    role: Literal["alone", "always", "one_of"] = Field(
        description="alone: enough by itself; else every always is needed, and one of the one_of"
    )
    share: float | None
    basis: str | None
    cumulative: bool = Field(description="not enough by itself")


class DecisionReasonOut(ResponseSchema):
    """Why an order is answered as it is."""

    code: str
    label_fr: str
    label_en: str
    refers: bool = Field(description="a person must decide because of it")


class ApproverOut(ResponseSchema):
    """Who approves a limit that allows the order."""

    role: str
    label_fr: str
    label_en: str


class ApprovedOrderOut(ResponseSchema):
    """A person's approval that covers the order; the outcome stays what the policy says."""

    case_id: int = Field(description="the case that was approved")
    who: str
    at: dt.datetime
    reason: str
    valid_until: dt.date
    amount_eur: float
    terms_days: int
    deposit_share: float


class DecisionOut(WithFacts):
    """The answer to an order with its working. A machine never refuses: what it cannot accept it refers."""

    answer_id: str = Field(description="under which it stands in the audit log")
    outcome: Literal["accept", "accept_with_conditions", "refer"]
    label_fr: str
    label_en: str
    order: OrderOut
    exposure_before_eur: float = Field(description="what the documents that count use of the limit")
    exposure_after_eur: float
    limit: CreditLimitOut = Field(description="the policy's own limit with its working")
    limit_in_force_eur: float = Field(
        description="a limit that somebody approved, else the policy's as far as it stands without approval"
    )
    recommended_limit_eur: float = Field(
        description="the policy's, whether or not it stands without approval"
    )
    available_eur: float
    conditions: list[ConditionOut] = Field(description="each verified by deciding again with it met")
    reasons: list[DecisionReasonOut]
    needs_human: bool
    valid_until: dt.date
    policy_version: str
    policy_hash: str
    approval: ApproverOut | None = Field(description="none where nobody has to approve")
    assessment: AssessmentOut = Field(description="what it rests on")
    in_force: InForceOut
    approved_case: ApprovedOrderOut | None = Field(
        description="the approval by a person that covers the order; none without one"
    )


class BatchIn(ResponseSchema):
    """Questions to answer at once; a fault in one leaves the others."""

    model_config = ConfigDict(extra="forbid")

    items: list[Any] = Field(
        min_length=1,
        max_length=MOST_AT_ONCE,
        json_schema_extra={"items": {"$ref": "#/components/schemas/AssessmentIn"}},
        description="each checked by itself; what is at fault is answered with a problem in its place",
    )


class FaultOut(ResponseSchema):
    """A field and what is wrong with it."""

    field: str
    message: str


class ProblemOut(ResponseSchema):
    """Why one question of a batch is not answered, after RFC 9457."""

    type: str
    title: str
    status: int = Field(
        description="422: fields at fault; 404: unknown; 500 or 503: this one alone cannot be assessed"
    )
    detail: str
    instance: str = Field(description="the question's place, from 0")
    errors: list[FaultOut] | None = None


class BatchItemOut(WithFacts):
    """One answer, in the place of its question: an assessment, or a problem."""

    answer_id: str | None = Field(description="under which it stands in the audit log")
    assessment: AssessmentOut | None
    in_force: InForceOut | None
    problem: ProblemOut | None


class BatchOut(ResponseSchema):
    """The answers in the order of the questions."""

    items: list[BatchItemOut]
    answered: int
    refused: int
