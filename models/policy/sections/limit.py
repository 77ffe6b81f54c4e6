"""The rules a limit is computed by: capacity, losses, concentration, the start, and what it is rounded to.

Owns the policy's sections `[capacity]`, `[expected_loss]`, `[concentration]` and `[starter]`. What is
computed with them is `models.policy.limit.limit`'s.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from models.policy.grades import GRADES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from models.policy.reading import PolicyReader

ON_TIME_DAYS = (0, 15, 30, 60)
"""The tolerances that a customer's history counts late payments by."""


@dataclass(frozen=True, slots=True)
class CapacityRules:
    """What a customer's accounts can bear, by grade: shares in [0, 1], a cap where accounts are unknown."""

    net_worth_share: Mapping[str, float]
    turnover_share: Mapping[str, float]
    no_accounts_eur: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class LossRules:
    """The expected loss accepted a customer and a year, in euros; the loss given default, a share."""

    budget_eur: float
    lgd_share: float
    pd_floor: float


@dataclass(frozen=True, slots=True)
class ConcentrationRules:
    """How much may hang on one customer, one group, one sector.

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

    seller_yearly_turnover_eur: float
    max_customer_share: float
    max_group_share: float
    max_sector_share: float
    sector_floor_eur: float


@dataclass(frozen=True, slots=True)
class StarterRules:
    """What a new customer gets at our own risk.

    Parameters
    ----------
    on_time_within_days
        An invoice paid at most so many days late counts as paid on time; one of `ON_TIME_DAYS`.
    steps
        Pairs of a number of invoices paid on time and the cap in euros below it, both rising.
    """

    on_time_within_days: int
    steps: tuple[tuple[int, float], ...]


def read_capacity(reader: PolicyReader) -> CapacityRules:
    """Read the section `[capacity]`."""
    return CapacityRules(
        net_worth_share=reader.numbers("capacity.net_worth_share", GRADES, 0.0, 1.0, "falling"),
        turnover_share=reader.numbers("capacity.turnover_share", GRADES, 0.0, 1.0, "falling"),
        no_accounts_eur=reader.numbers("capacity.no_accounts_eur", GRADES, 0.0, order="falling"),
    )


def read_loss(reader: PolicyReader) -> LossRules:
    """Read the section `[expected_loss]`."""
    return LossRules(
        budget_eur=reader.number("expected_loss.budget_eur", 0.0),
        lgd_share=reader.number("expected_loss.lgd_share", 0.0, 1.0, above_low=True),
        pd_floor=reader.number("expected_loss.pd_floor", 0.0, 1.0, above_low=True),
    )


def read_concentration(reader: PolicyReader) -> ConcentrationRules:
    """Read the section `[concentration]`."""

    def share(name: str) -> float:
        return reader.number(f"concentration.{name}", 0.0, 1.0, above_low=True)

    return ConcentrationRules(
        seller_yearly_turnover_eur=reader.number("concentration.seller_yearly_turnover_eur", 0.0),
        max_customer_share=share("max_customer_share"),
        max_group_share=share("max_group_share"),
        max_sector_share=share("max_sector_share"),
        sector_floor_eur=reader.number("concentration.sector_floor_eur", 0.0),
    )


def read_starter(reader: PolicyReader) -> StarterRules:
    """Read the section `[starter]`."""
    key = "starter.on_time_within_days"
    days = reader.whole(key, min(ON_TIME_DAYS), max(ON_TIME_DAYS))
    if days not in ON_TIME_DAYS:
        reader.refuse(key, f"got {days}; allowed is one of {', '.join(map(str, ON_TIME_DAYS))}")
    return StarterRules(days, reader.steps("starter.steps", "below_paid_on_time", "cap_eur"))


def read_step(reader: PolicyReader) -> float:
    """Read what a limit is a multiple of: whole cents."""
    step = reader.number("limit.step_eur", 0.01, 1e9)
    cents = round(step * 100)
    if not math.isclose(cents, step * 100):
        reader.refuse("limit.step_eur", f"got {step!r}; allowed are whole cents")
    return cents / 100
