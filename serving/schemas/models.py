"""What goes out about models and the policy in force, each field described."""

import datetime as dt

from pydantic import Field

from serving.schemas.answers import ResponseSchema


class PromotionOut(ResponseSchema):
    """An entry of the history of who promoted what."""

    promotion_id: int
    target: str
    version: int = Field(description="in the registry")
    model_version: str = Field(description="its hash, which stands on answers")
    action: str = Field(description="requested, promoted, refused or rolled_back")
    who: str
    second: str | None = Field(description="who completed it, where two persons are needed")
    at: dt.datetime
    previous: int | None
    reason: str


class ChampionOut(ResponseSchema):
    """A model in charge, with what was measured when it was trained."""

    target: str
    model_version: str
    rests_on: str = Field(description="what it was learnt from: published, habit, level or own")
    features: int = Field(description="how many columns it reads")
    rows: int | None = Field(description="it learned from; none where it was not kept")
    bad_share: float | None = Field(description="of these rows")
    first_day: dt.date | None
    period_ends: dict[str, dt.date] = Field(description="the last day of each period")
    test_metrics: dict[str, float] = Field(description="on the newest period, which it had not seen")
    promotion: PromotionOut | None = Field(description="the entry by which it came to answer")


class ModelsOut(ResponseSchema):
    """The models in charge and how they came to be."""

    champions: list[ChampionOut]
    history: list[PromotionOut] = Field(description="the newest first")


class PolicyOut(ResponseSchema):
    """The policy in force."""

    version: str
    hash: str = Field(description="of its values; it stands on every answer")
    text: str | None = Field(description="the file; none where it was not kept")
