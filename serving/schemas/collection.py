"""Questions and answers about collection: actions, and where lines of the worklist are."""

import datetime as dt
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from models.portfolio.collection_actions import ActionKind, FollowUpState
from models.portfolio.worklist import Proposal
from serving.schemas.answers import ResponseSchema
from serving.schemas.questions import MOST_EUR, CustomerId, PlainText


class ActionIn(BaseModel):
    """What was done about a customer's debt."""

    model_config = ConfigDict(extra="forbid")

    customer_id: CustomerId
    kind: ActionKind = Field(
        description="declared: the claim was declared in a proceeding; postponed: to be looked at later; a "
        "note leaves the line where it is"
    )
    note: Annotated[PlainText, Field(max_length=1000)] | None = Field(
        None, description="what was said; a note needs one"
    )
    amount_eur: Annotated[float, Field(ge=0, le=MOST_EUR)] | None = Field(
        None, description="of a promise alone: the amount promised"
    )
    until: dt.date | None = Field(
        None,
        description="the day promised, or of the next step: the line waits until then; a promise, a dispute "
        "and a postponement need one",
    )


class ActionOut(ResponseSchema):
    """An action that was recorded."""

    action_id: int
    customer_id: str
    kind: ActionKind
    note: str | None
    amount_eur: float | None = Field(description="the amount promised")
    until: dt.date | None = Field(description="the day promised, or of the next step")
    who: str = Field(description="who did it")
    at: dt.datetime


class ActionPageOut(ResponseSchema):
    """A stretch of the actions, the newest first."""

    items: list[ActionOut]
    total: int = Field(description="how many there are in all")
    limit: int
    offset: int
    next_offset: int | None = Field(description="ask on with `offset`; none at the end")


class FollowUpOut(ResponseSchema):
    """Where a line of the worklist is after the last action that is no note."""

    state: FollowUpState = Field(
        description="parked: it waits until its day; broken: less than promised was paid by then; open: to "
        "be worked on"
    )
    until: dt.date | None = Field(description="the day it waits for, or that was promised")
    action: ActionOut


class LetterOut(ResponseSchema):
    """The letter or e-mail of a line of the worklist, to copy."""

    tone: Proposal | None = Field(description="the line's proposal; none where the customer is not chased")
    subject: str | None = Field(description="none where nothing is written")
    body: str | None = Field(
        description="with the invoices; late interest and the flat indemnity where the tone is formal"
    )
