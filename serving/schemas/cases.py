"""Cases sent to the credit department: what comes in and what goes out, each field described."""

import datetime as dt
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from serving.schemas.answers import ResponseSchema
from serving.schemas.decisions import DueDateBasis
from serving.schemas.questions import MOST_EUR, AnswerId, CustomerId, Day, PlainText
from serving.store import CaseEventKind, CaseKind, CaseState

CaseReason = Annotated[PlainText, Field(min_length=1, max_length=1000)]
LimitEur = Annotated[float, Field(strict=True, allow_inf_nan=False, ge=0, le=MOST_EUR)]


class _CaseRequest(BaseModel):
    model_config = ConfigDict(extra="forbid")


class CaseIn(_CaseRequest):
    """An order by its decision, or a limit of a customer, for the credit department to decide."""

    answer_id: AnswerId | None = Field(None, description="the decision on the order, of the audit log")
    customer_id: CustomerId | None = Field(None, description="whose limit; with `limit_eur`")
    limit_eur: LimitEur | None = Field(None, description="the limit asked for")
    valid_until: Day | None = Field(
        None, description="its last day; as long as a limit of the grade where left out"
    )
    reason: CaseReason = Field(description="what the approver should know")

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        is_limit = self.customer_id is not None and self.limit_eur is not None
        has_limit = (self.customer_id, self.limit_eur, self.valid_until) != (None, None, None)
        if (self.answer_id is None) != is_limit or (self.answer_id is not None and has_limit):
            message = "give either answer_id, or customer_id with limit_eur"
            raise PydanticCustomError("one_of", message, {"field": "answer_id"})
        return self


class CaseAnswerIn(_CaseRequest):
    """An answer to a case; what an amendment leaves out stays as it was asked."""

    outcome: Literal["accept", "amend", "refuse"]
    reason: CaseReason = Field(description="for whoever asked, and whoever reads it later")
    valid_until: Day | None = Field(None, description="the last day on which it is approved")
    limit_eur: LimitEur | None = Field(None, description="of a limit")
    amount_eur: Annotated[float, Field(strict=True, allow_inf_nan=False, ge=0.01, le=MOST_EUR)] | None = (
        Field(None, description="of an order, incl. VAT")
    )
    terms_days: Annotated[int, Field(strict=True, ge=0, le=365)] | None = Field(
        None, description="of an order, counted as invoice_basis says"
    )
    invoice_basis: DueDateBasis | None = Field(None, description="of an order")
    deposit_share: Annotated[float, Field(strict=True, allow_inf_nan=False, ge=0, le=1)] | None = Field(
        None, description="of an order, paid before delivery"
    )

    def terms(self) -> dict[str, Any]:
        """Return what it changes of the question, days in ISO form."""
        return self.model_dump(mode="json", exclude={"outcome", "reason"}, exclude_none=True)


class CaseCommentIn(_CaseRequest):
    """A comment on a case, or why it is taken back."""

    reason: CaseReason


class CaseEventOut(ResponseSchema):
    """What a person did to a case."""

    event_id: int = Field(description="its number")
    kind: CaseEventKind = Field(description="endorsed: the first approval of two")
    who: str
    level: str | None = Field(description="the approval level that the person acted with")
    reason: str
    terms: dict[str, Any] | None = Field(description="what is approved")
    at: dt.datetime
    override_id: int | None = Field(description="the override that an approved limit set")
    entry_id: str | None = Field(description="its entry in the audit log")


class CaseOut(ResponseSchema):
    """A question to the credit department, with what became of it."""

    case_id: int = Field(description="its number")
    kind: CaseKind
    state: CaseState = Field(description="endorsed: approved by one of two persons")
    customer_id: str | None
    siren: str | None
    name: str
    who: str = Field(description="who asked")
    opened_at: dt.datetime = Field(description="when it was sent, UTC")
    reason: str
    answer_id: str = Field(description="the answer of the audit log on which it rests")
    approver: str = Field(description="the approval level that it needs")
    approvals: int = Field(description="how many persons must approve")
    amount_eur: float = Field(description="the order's amount, or the limit asked for")
    question: dict[str, Any] = Field(description="the terms of the order or of the limit")
    facts: dict[str, Any] = Field(description="what the approver sees, as of the question")
    events: list[CaseEventOut] = Field(description="the oldest first")
    unread: bool = Field(description="somebody else did something that who asked has not seen")


class CasesOut(ResponseSchema):
    """A page of cases, the newest first."""

    items: list[CaseOut]
    total: int = Field(description="how many match in all")
    limit: int
    offset: int
    next_offset: int | None = Field(description="ask on with `offset`; none at the end")
