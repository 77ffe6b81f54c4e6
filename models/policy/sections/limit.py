"""The sections of a limit: capacity, losses, concentration, the start, stops, validity and review."""

import math
from typing import Annotated, Final

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

from models.policy.sections.fields import (
    Euros,
    FallingByGrade,
    OneOf,
    PolicySection,
    PositiveShare,
    Rising,
    Rows,
    Share,
)

ON_TIME_DAYS: Final = (0, 15, 30, 60)
"""The tolerances that a customer's history counts late payments by."""

_Days = Annotated[int, Field(ge=1, le=730)]


def _whole_cents(euros: float) -> float:
    cents = round(euros * 100)
    if not math.isclose(cents, euros * 100):
        raise PydanticCustomError("cents", "not whole cents")
    return cents / 100


class CapacityRules(PolicySection):
    """Capacity by grade: shares of net worth and turnover, and a cap where statements are unknown."""

    net_worth_share: FallingByGrade[Share]
    turnover_share: FallingByGrade[Share]
    no_accounts_eur: FallingByGrade[Euros]


class LossRules(PolicySection):
    """The expected loss accepted a customer and a year, in euros; the loss given default, a share."""

    budget_eur: Euros
    lgd_share: PositiveShare
    pd_floor: PositiveShare


class ConcentrationRules(PolicySection):
    """Concentration caps by customer, group and sector.

    Parameters
    ----------
    seller_yearly_turnover_eur
        Of which customer and group may owe a share; 0 is unknown, and neither cap is applied.
    max_customer_share, max_group_share
        Of the seller's yearly turnover.
    max_sector_share
        Of what the whole portfolio owes; 1 is no cap.
    sector_floor_eur
        A portfolio that owes less has no sector's cap: its shares say nothing yet.
    """

    seller_yearly_turnover_eur: Euros
    max_customer_share: PositiveShare
    max_group_share: PositiveShare
    max_sector_share: PositiveShare
    sector_floor_eur: Euros


class StarterStep(PolicySection):
    """The cap in euros of a customer with fewer invoices paid on time than `below_paid_on_time`."""

    below_paid_on_time: Annotated[int, Field(ge=1, le=1_000_000)]
    cap_eur: Euros


class StarterRules(PolicySection):
    """Starter caps of a customer with few invoices paid on time.

    Parameters
    ----------
    on_time_within_days
        An invoice paid at most so many days late counts as paid on time; one of `ON_TIME_DAYS`.
    steps
        By rising numbers of invoices paid on time.
    """

    on_time_within_days: Annotated[int, OneOf(ON_TIME_DAYS)]
    steps: Annotated[Rows[StarterStep], Rising("below_paid_on_time", "cap_eur")]


class StopRules(PolicySection):
    """What stops all credit: an invoice overdue for longer than `max_overdue_days`."""

    max_overdue_days: Annotated[int, Field(ge=0, le=3650)]


class LimitRules(PolicySection):
    """What a limit is a multiple of, in whole cents, and for how many days it holds, by grade."""

    step_eur: Annotated[float, Field(ge=0.01, le=1e9), AfterValidator(_whole_cents)]
    validity_days: FallingByGrade[_Days]


class ReviewRules(PolicySection):
    """Within how many days a customer is reviewed, by grade."""

    every_days: FallingByGrade[_Days]
