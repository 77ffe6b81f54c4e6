"""Questions and answers about stress scenarios."""

import datetime as dt
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from serving.schemas.answers import ResponseSchema
from serving.schemas.questions import MOST_EUR

LONGEST_SCENARIO = 20_000
"""Letters of a scenario that is typed."""


class StressIn(BaseModel):
    """A scenario, by the name of one that ships or as a text, and an amount for the reverse stress."""

    model_config = ConfigDict(extra="forbid")

    name: Annotated[str, Field(max_length=100)] | None = Field(
        None, description="of a scenario that ships; see `GET /v1/stress`"
    )
    text: Annotated[str, Field(max_length=LONGEST_SCENARIO)] | None = Field(
        None, description="a scenario's TOML, in place of a name"
    )
    reverse_eur: Annotated[float, Field(ge=1, le=MOST_EUR)] | None = Field(
        None, description="an amount, EUR, to find out what loses it within a year in expectation"
    )

    @model_validator(mode="after")
    def _one_scenario(self) -> Self:
        if (self.name is None) == (self.text is None):
            raise PydanticCustomError("one_scenario", "give a name or a text, one of both")
        return self


class StressTitleOut(ResponseSchema):
    """A scenario's name in both languages."""

    fr: str = Field(description="in French")
    en: str | None = Field(description="in English; none where it is not written")


class ShippedScenarioOut(ResponseSchema):
    """A scenario that ships."""

    name: str = Field(description="by which it is asked for")
    title: StressTitleOut = Field(description="what it is called")
    text: str = Field(description="its TOML, to start one's own from")


class ShippedScenariosOut(ResponseSchema):
    """The scenarios that ship."""

    items: list[ShippedScenarioOut] = Field(description="in the order of the page")


class StressSideOut(ResponseSchema):
    """Sums of customers on one side of a scenario."""

    customers: int
    open_eur: float = Field(description="exposure; credit balances count as 0")
    own_risk_eur: float = Field(description="what is owed less what insurers would pay of it")
    limits_eur: float = Field(description="sum of the limits in force")
    expected_loss_eur: float = Field(description="PD x LGD x exposure at the seller's own risk")
    above_limit: int = Field(description="customers above their limit in force")
    above_limit_eur: float = Field(description="exposure above limits in force")
    receipts_eur: float | None = Field(
        description="expected of open invoices within 13 weeks; none where no night forecast them"
    )


class StressLineOut(ResponseSchema):
    """A grade or a sector before and after."""

    name: str = Field(description="the grade, or the NAF division; `unknown` without one")
    before: StressSideOut = Field(description="before the scenario")
    after: StressSideOut = Field(description="under the scenario")


class StressedWeekOut(ResponseSchema):
    """Receipts expected in a week after the night."""

    week: int = Field(description="from 1")
    before_eur: float = Field(description="before the scenario")
    after_eur: float = Field(description="under the scenario")


class StressFiguresOut(ResponseSchema):
    """A customer on one side of a scenario."""

    pd_12m: float = Field(description="probability of default within 12 months; 1 in default")
    grade: str = Field(description="in force")
    limit_eur: float = Field(description="in force, EUR")
    open_eur: float = Field(description="exposure, EUR; a credit balance counts as 0")
    expected_loss_eur: float = Field(description="within a year, EUR")
    above_limit_eur: float = Field(description="exposure above the limit in force, EUR")


class StressedCustomerOut(ResponseSchema):
    """A customer before and after."""

    customer_id: str
    name: str | None
    sector: str | None = Field(description="NAF division")
    failed: bool = Field(description="whether the scenario makes it fail for certain")
    before: StressFiguresOut = Field(description="before the scenario")
    after: StressFiguresOut = Field(description="under the scenario")


class StressMigrationOut(ResponseSchema):
    """Customers by grade before, then by grade after."""

    counts: dict[str, dict[str, int]] = Field(description="rows are grades before, columns grades after")
    better: int = Field(description="customers whose grade rises")
    worse: int = Field(description="customers whose grade falls")


class FactorNeededOut(ResponseSchema):
    """The mildest common factor that loses the amount."""

    deviations: float = Field(description="standard deviations of the common factor")
    quantile: float = Field(description="the same severity as a quantile")
    expected_loss_eur: float = Field(description="EUR within a year")


class MultiplierNeededOut(ResponseSchema):
    """The smallest multiplier of all probabilities of default that loses the amount."""

    multiplier: float = Field(description="times everybody's probability of default, at most 1")
    expected_loss_eur: float = Field(description="EUR within a year")


class FailuresNeededOut(ResponseSchema):
    """The fewest failures that lose the amount."""

    customer_ids: list[str] = Field(description="a customer number of each legal entity, largest loss first")
    expected_loss_eur: float = Field(description="EUR within a year")


class SectorNeededOut(ResponseSchema):
    """The sector with the least to lose whose failure loses the amount."""

    sector: str = Field(description="NAF division")
    expected_loss_eur: float = Field(description="EUR within a year")


class ReverseStressOut(ResponseSchema):
    """The smallest shock of each kind that loses an amount; none where no scenario of this kind does."""

    amount_eur: float = Field(description="the amount to lose, EUR")
    expected_loss_eur: float = Field(description="expected without any shock, EUR")
    most_eur: float = Field(description="lost if everybody failed, EUR")
    factor: FactorNeededOut | None = Field(description="a common factor")
    multiplier: MultiplierNeededOut | None = Field(description="a multiplier of all probabilities")
    failures: FailuresNeededOut | None = Field(description="failures of customers")
    sector: SectorNeededOut | None = Field(description="the failure of a sector")


class StressOut(ResponseSchema):
    """The published portfolio before and after a scenario."""

    as_of: dt.date
    run_id: int
    scenario: StressTitleOut = Field(description="the scenario's name")
    policy_hash: str = Field(description="of the policy that limits follow")
    customers: int
    before: StressSideOut = Field(description="before the scenario")
    after: StressSideOut = Field(description="under the scenario")
    failed: int = Field(description="customers that the scenario makes fail for certain")
    failure_loss_eur: float = Field(description="what is lost on them, part of the expected loss after")
    new_breaches: int = Field(description="customers above their limit after and not before")
    grades: list[StressLineOut] = Field(description="each side by its own grades")
    sectors: list[StressLineOut] = Field(description="by NAF division")
    migration: StressMigrationOut = Field(description="how grades move")
    movers: list[StressedCustomerOut] = Field(description="the largest changes of expected loss")
    weeks: list[StressedWeekOut] = Field(description="receipts by week; empty where no night forecast them")
    reverse: ReverseStressOut | None = Field(description="none without `reverse_eur`")
