"""What goes out about the losses of a portfolio: the document of `models.portfolio.risk_report`."""

import datetime as dt
from typing import Literal

from pydantic import Field

from serving.schemas.answers import ResponseSchema
from serving.schemas.portfolio import SpreadOut


class LossLevelOut(ResponseSchema):
    """The loss that is not exceeded with a probability, and the mean loss of the other years."""

    confidence_level: float
    value_at_risk_eur: float
    expected_shortfall_eur: float


class LossPointOut(ResponseSchema):
    """A point of the loss curve."""

    loss_eur: float
    exceedance: float = Field(description="probability of a larger loss within the year")


class LossContributionOut(ResponseSchema):
    """Part of one legal entity in the losses of the portfolio."""

    customer_ids: list[str] = Field(description="its numbers, the one with the most at our own risk first")
    name: str | None
    grade: str
    pd_12m: float
    in_default: bool = Field(description="it is in default: its loss is certain")
    own_risk_eur: float
    expected_loss_eur: float
    shortfall_eur: float = Field(description="its mean loss in the worst years")
    share: float = Field(description="of the expected shortfall of all")


class RiskLineOut(ResponseSchema):
    """One of the largest exposures of a dimension."""

    key: str
    name: str | None
    customer_id: str | None = Field(description="none where the line is no customer or entity")
    open_eur: float
    share: float = Field(description="of all that is owed")
    expected_loss_eur: float


class RiskConcentrationOut(ResponseSchema):
    """Concentration of exposures by one dimension."""

    count: int
    herfindahl: float = Field(description="the sum of squared shares; 1 is one name only")
    effective_count: float | None = Field(description="so many equal names would be as concentrated")
    gini: float = Field(description="0 where all are equal, near 1 where one has nearly all")
    top_share: float = Field(description="the top's part of the whole")
    top: list[RiskLineOut]


class RiskConcentrationsOut(ResponseSchema):
    """Concentration by customer number, legal entity, group, sector (NAF division) and region."""

    customers: RiskConcentrationOut
    entities: RiskConcentrationOut
    groups: RiskConcentrationOut
    sectors: RiskConcentrationOut
    regions: RiskConcentrationOut


class CoverWhatIfOut(ResponseSchema):
    """Own risk and losses under another cover."""

    name: Literal["none", "insurer_lost", "largest", "share"] = Field(
        description="without any cover; without the insurer that bears most; with `more_eur` more cover on "
        "the ten largest own risks; with `covered_share` paid of every insured loss"
    )
    own_risk_eur: float
    expected_loss_eur: float
    value_at_risk_eur: float


class RiskOut(ResponseSchema):
    """What the portfolio of the published night may lose within a year."""

    as_of: dt.date
    run_id: int
    open_eur: float
    own_risk_eur: float
    lgd_share: float
    expected_loss_eur: float
    unexpected_loss_eur: float = Field(description="standard deviation of the loss")
    certain_loss_eur: float = Field(description="part of every loss: of those in default already")
    levels: list[LossLevelOut]
    confidence_level: float = Field(description="the policy's, of the figures after it")
    value_at_risk_eur: float
    expected_shortfall_eur: float
    asymptotic_loss_eur: float = Field(description="value at risk if each name were many small ones")
    name_concentration_eur: float = Field(description="what single names add to it")
    granularity_adjustment_eur: float = Field(
        description="that by the formula of Gordy and Lütkebohmert (2013)"
    )
    cell_eur: float = Field(description="to within which amount a quantile is known")
    curve: list[LossPointOut]
    entities_at_risk: int = Field(description="legal entities with something at our own risk")
    contributions: list[LossContributionOut] = Field(description="the largest")
    concentration: RiskConcentrationsOut
    covered_eur: float = Field(description="what insurers would pay if all defaulted and all were lost")
    insured_share: float = Field(description="that, of all that is owed")
    insurers: SpreadOut
    covers: list[CoverWhatIfOut]
