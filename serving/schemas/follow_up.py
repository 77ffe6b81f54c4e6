"""Questions and answers about the follow-up of customers: the shapes, each field described."""

import datetime as dt
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from serving.schemas.answers import ResponseSchema
from serving.schemas.questions import CustomerId, PlainText

MOST_AT_ONCE = 500
"""Most customers of one request."""


class _CustomersIn(BaseModel):
    model_config = ConfigDict(extra="forbid")

    customer_ids: Annotated[list[CustomerId], Field(min_length=1, max_length=MOST_AT_ONCE)] = Field(
        description="customers of the portfolio"
    )


class ReviewIn(_CustomersIn):
    """Customers that were looked at today."""

    note: Annotated[PlainText, Field(max_length=1000)] | None = Field(
        None, description="what was found, for who reads it later"
    )


class AssignmentIn(_CustomersIn):
    """Customers to assign to a user."""

    assignee: Annotated[PlainText, Field(min_length=1, max_length=100)] | None = Field(
        description="the name of an active user; null for nobody"
    )


class ReviewOut(ResponseSchema):
    """A person looked at a customer and left it as it is."""

    review_id: int
    customer_id: str
    who: str = Field(description="who reviewed it")
    reviewed_on: dt.date
    note: str | None


class ReviewsOut(ResponseSchema):
    """Reviews that were recorded, in the order of the customers."""

    items: list[ReviewOut]


class ReviewPageOut(ReviewsOut):
    """A stretch of the reviews, the newest first."""

    total: int = Field(description="how many there are in all")
    limit: int
    offset: int
    next_offset: int | None = Field(description="ask on with `offset`; none at the end")


class AssignmentOut(ResponseSchema):
    """Whose a customer is."""

    assignment_id: int
    customer_id: str
    assignee: str | None = Field(description="the user's name; none where it is nobody's")
    who: str = Field(description="who assigned it")
    assigned_at: dt.datetime


class AssignmentsOut(ResponseSchema):
    """Assignments."""

    items: list[AssignmentOut]
