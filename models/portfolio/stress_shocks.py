"""What a stress scenario changes in the inputs of a portfolio: probabilities, cover, delays, exposures.

Owns each shock by itself, in the order of sectors, macro factor, failures; what follows from them is
`models.portfolio.stress`'.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from statistics import NormalDist
from typing import TYPE_CHECKING

import numpy as np

from models.portfolio.scenario_names import named_parties
from models.portfolio.vasicek import asset_correlations, conditional_pd

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from models.arrays import Floats, Ints
    from models.policy.credit_case import CreditCase
    from models.policy.sections.portfolio_risk import PortfolioRiskRules
    from models.portfolio.positions import Position, Positions
    from models.portfolio.scenario import MacroFactor, Scenario
    from models.portfolio.scenario_names import NamedParties

    Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class ExposureGrowth:
    """By how much exposures grow, in euros: a customer's own, and those that cap its limit."""

    own_eur: float
    entity_others_eur: float
    group_others_eur: float
    sector_eur: float
    portfolio_eur: float


@dataclass(frozen=True, slots=True, eq=False)
class ShockedInputs:
    """Inputs of a portfolio under a scenario, one element a customer, shape `(n,)` each.

    Parameters
    ----------
    pd_12m
        Probability of default within 12 months of the legal entity.
    failed
        Whether it fails for certain by the scenario; who is in default already does not.
    insured_share
        Share that is left of the insured limit.
    days
        Days that everybody pays later.
    growth
        Growth of exposures while payments come later; empty where `days` is 0.
    """

    pd_12m: Floats
    failed: Flags
    insured_share: Floats
    days: float
    growth: tuple[ExposureGrowth, ...]

    @classmethod
    def of(
        cls, positions: Positions, entity: Ints, rules: PortfolioRiskRules, scenario: Scenario, source: str
    ) -> ShockedInputs:
        """Apply a scenario.

        Parameters
        ----------
        entity
            Code of each customer's legal entity, from 0, shape `(n,)`.
        source
            What to call the scenario in a message.

        Raises
        ------
        ScenarioError
            It names customers or insurers that the portfolio has not.
        """
        items, parties = positions.items, named_parties(scenario, positions, source)
        days = 0.0 if scenario.delays is None else scenario.delays.days
        pd_12m, failed = _probabilities(items, entity, rules, scenario, parties)
        return cls(
            pd_12m,
            failed,
            np.array([_insured_share(one, scenario, parties) for one in items], np.float64),
            days,
            _growth(items, failed.tolist(), days) if days else (),
        )

    def changed(self, positions: Positions) -> Flags:
        """Return whose inputs change, shape `(n,)`."""
        before = np.array([one.case.pd_12m for one in positions.items], np.float64)
        moved: Flags = (self.pd_12m != before) | self.failed | (self.insured_share != 1.0) | bool(self.days)
        return moved

    def case(self, place: int, case: CreditCase) -> CreditCase:
        """Return the case of the customer at a place under the scenario."""
        changed: dict[str, object] = {"pd_12m": float(self.pd_12m[place])}
        if self.failed[place]:
            changed["in_default"] = True
        if self.insured_share[place] != 1.0:
            changed["insured_limit_eur"] = case.insured_limit_eur * float(self.insured_share[place])
        if self.days:
            grown = self.growth[place]
            changed["expected_days_late"] = case.expected_days_late + self.days
            changed["open_eur"] = case.open_eur + grown.own_eur
            changed["entity_open_eur"] = case.entity_open_eur + grown.entity_others_eur
            changed["group_open_eur"] = case.group_open_eur + grown.group_others_eur
            changed["sector_open_eur"] = case.sector_open_eur + grown.sector_eur
            changed["portfolio_open_eur"] = case.portfolio_open_eur + grown.portfolio_eur
        return case.with_figures(**changed)


def macro_pd(pd_12m: Floats, macro: MacroFactor, rules: PortfolioRiskRules) -> Floats:
    """Return probabilities of default given the common factor."""
    deviations = NormalDist().inv_cdf(macro.quantile) if macro.quantile is not None else macro.deviations
    fixed = macro.asset_correlation
    correlation = asset_correlations(pd_12m, rules) if fixed is None else fixed
    return conditional_pd(pd_12m, correlation, -(deviations or 0.0))


def _probabilities(
    items: Sequence[Position],
    entity: Ints,
    rules: PortfolioRiskRules,
    scenario: Scenario,
    parties: NamedParties,
) -> tuple[Floats, Flags]:
    """Return probabilities of default under a scenario, and who fails for certain."""
    before = np.array([one.case.pd_12m for one in items], np.float64)
    pd_12m = _sector_pd(items, scenario, before)
    if scenario.macro is not None:
        pd_12m = macro_pd(pd_12m, scenario.macro, rules)
    if scenario.sector or scenario.macro is not None:
        pd_12m = _of_entities(pd_12m, entity)
    fails = np.array([parties.failing.get(one.entity, 0.0) for one in items], np.float64)
    defaulted = np.array([one.case.is_defaulted for one in items], np.bool_)
    return np.where(defaulted, before, pd_12m + (1.0 - pd_12m) * fails), (fails >= 1.0) & ~defaulted


def _sector_pd(items: Sequence[Position], scenario: Scenario, pd_12m: Floats) -> Floats:
    times, odds = np.ones_like(pd_12m), np.ones_like(pd_12m)
    shocks = {division: shock for shock in scenario.sector for division in shock.divisions}
    if not shocks:
        return pd_12m
    for place, one in enumerate(items):
        shock = shocks.get(one.sector or "")
        if shock is not None and shock.multiplier is not None:
            times[place] = shock.multiplier
        elif shock is not None and shock.odds is not None:
            odds[place] = shock.odds
    multiplied = np.minimum(times * pd_12m, 1.0)
    struck: Floats = np.where(odds == 1.0, multiplied, odds * pd_12m / (1.0 - pd_12m + odds * pd_12m))
    return struck


def _of_entities(values: Floats, entity: Ints) -> Floats:
    """Return the highest value of each customer's legal entity."""
    highest = np.zeros(int(entity.max(initial=-1)) + 1)
    np.maximum.at(highest, entity, values)
    found: Floats = highest[entity]
    return found


def _insured_share(one: Position, scenario: Scenario, parties: NamedParties) -> float:
    """Return the share that is left of a customer's insured limit."""
    if scenario.insurance is None or not one.case.insured_limit_eur:
        return 1.0
    lost = parties.every_insurer or one.insurer in parties.lost_insurers
    return 0.0 if lost else 1.0 - scenario.insurance.cut_share


def _growth(items: Sequence[Position], failed: Sequence[bool], days: float) -> tuple[ExposureGrowth, ...]:
    """Return the growth of exposures while sales go on, which they do not to who is in default or fails."""
    grown = [
        0.0 if fails or one.case.is_defaulted else (one.case.yearly_sales_forecast_eur or 0.0) * days / 365.0
        for one, fails in zip(items, failed, strict=True)
    ]
    entities, groups, sectors = dict[str, float](), dict[str, float](), dict[str, float]()
    for one, eur in zip(items, grown, strict=True):
        for sums, key in ((entities, one.entity), (groups, one.group_id), (sectors, one.sector)):
            if key is not None:
                sums[key] = sums.get(key, 0.0) + eur
    total_eur = math.fsum(grown)
    return tuple(
        ExposureGrowth(
            eur,
            max(entities[one.entity] - eur, 0.0),
            0.0 if one.group_id is None else max(groups[one.group_id] - eur, 0.0),
            0.0 if one.sector is None else sectors[one.sector],
            total_eur,
        )
        for one, eur in zip(items, grown, strict=True)
    )
