"""Penalised logistic regression on ranked columns: corrections of the starter from few defaults.

Each column is cut at quantiles into steps with the normal score of their middle rank, so that extreme values
have bounded influence. Coefficients have a normal prior around 0, the starter's own around 1, and none
contradicts the sign in the feature contract: with few defaults the published components remain unchanged.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from models.learning.additive import Line, Steps

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from models.arrays import Floats
    from models.features.table import Feature

COMPONENT = "corrections"
COLUMNS = (
    "days_late_by_amount_365d", "late30_share_365d", "days_late_trend", "past30_share_90d", "paydex_365d",
    "overdue_share", "overdue30_share", "overdue_to_month", "oldest_overdue_days", "overdue_surprise",
    "signal_more_time_365d", "signal_returned_debit_365d", "days_since_first_invoice", "sales_growth",
    "company_age_years", "proceedings", "peer_default_rate", "accounts_age_days",
    "equity_ratio", "retained_ratio", "working_capital_ratio", "ebit_ratio", "quick_ratio", "cash_ratio",
    "current_liabilities_ratio", "return_on_assets", "ebitda_to_liabilities", "net_margin", "loss_years",
    "liabilities_to_sales", "equity_ratio_change", "return_on_assets_change", "total_assets_growth",
    "turnover_growth",
)  # fmt: skip
"""Columns of one reason each that are informative about default; trees may use all others."""
SPREAD = 0.15
"""Prior standard deviation of a coefficient, in log-odds per normal score."""
STARTER_SPREAD = 0.3
LEVEL_SPREAD = 1.0
_CUTS = (0.01, 0.025, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.975, 0.99)


@dataclass(frozen=True, slots=True)
class Corrections:
    """A fitted regression.

    Parameters
    ----------
    intercept, starter
        Added to all margins, and the factor of the starter's margin.
    """

    intercept: float
    starter: float
    steps: tuple[Steps, ...]

    def margin(self, starter: Floats, frame: pd.DataFrame) -> Floats:
        """Return log-odds of rows from their starter margins, shape `(n,)`."""
        found: Floats = self.intercept + self.starter * starter
        for one in self.steps:
            found = found + one.add(frame[one.column].to_numpy(np.float64))
        return found


def fit_corrections(
    starter: Floats, frame: pd.DataFrame, label: Floats, weight: float, features: Sequence[Feature]
) -> Corrections:
    """Fit the regression.

    Parameters
    ----------
    starter
        The starter's margins, shape `(n,)`.
    label, weight
        0 or 1, shape `(n,)`; and the weight of one row.
    features
        The features that are informative in these rows.
    """
    from scipy.optimize import minimize  # noqa: PLC0415  # costs a second at import

    signs = {feature.name: feature.sign for feature in features}
    scores = [_ranked(name, frame[name].to_numpy(np.float64)) for name in COLUMNS if name in signs]
    columns = [one.add(frame[one.column].to_numpy(np.float64)) for one in scores]
    design = np.column_stack((np.ones(len(label)), starter - starter.mean(), *columns))
    middle = np.zeros(design.shape[1])
    middle[0], middle[1] = starter.mean(), 1.0
    spread = np.array([LEVEL_SPREAD, STARTER_SPREAD, *[SPREAD] * len(scores)])

    def loss(found: Floats) -> tuple[float, Floats]:
        margin, off = design @ found, (found - middle) / spread**2
        chance = np.exp(-np.logaddexp(0.0, -margin))
        value = weight * np.sum(np.logaddexp(0.0, margin) - label * margin) + 0.5 * off @ (found - middle)
        return float(value), weight * (design.T @ (chance - label)) + off

    bounds = [(None, None), (0.0, None), *(_bounds(signs[one.column]) for one in scores)]
    found = minimize(loss, middle, jac=True, method="L-BFGS-B", bounds=bounds).x
    steps = tuple(_times(one, float(value)) for one, value in zip(scores, found[2:], strict=True) if value)
    return Corrections(float(found[0] - found[1] * starter.mean()), float(found[1]), steps)


def scaled(components: Sequence[Line | Steps], weight: float) -> tuple[Line | Steps, ...]:
    """Return components with their contributions multiplied by `weight`."""
    return tuple(
        replace(one, weight=weight * one.weight) if isinstance(one, Line) else _times(one, weight)
        for one in components
    )


def _bounds(sign: int) -> tuple[float | None, float | None]:
    return (0.0 if sign > 0 else None, 0.0 if sign < 0 else None)


def _ranked(column: str, values: Floats) -> Steps:
    """Return steps at quantiles with normal scores: mean 0, standard deviation about 1."""
    from scipy.special import ndtri  # noqa: PLC0415

    known = np.sort(values[~np.isnan(values)])
    edges = np.unique(np.quantile(known, _CUTS, method="higher"))
    edges = edges[edges > known[0]]
    reached = np.concatenate(([0], np.searchsorted(known, edges, side="left"), [len(known)]))
    share = np.diff(reached) / len(known)
    score = ndtri(np.clip((reached[:-1] + reached[1:]) / 2 / len(known), 1e-4, 1 - 1e-4))
    score = score - share @ score
    spread = float(np.sqrt(share @ score**2)) or 1.0
    return Steps(COMPONENT, column, tuple(map(float, edges)), tuple(map(float, score / spread)))


def _times(one: Steps, value: float) -> Steps:
    return replace(one, added=tuple(value * each for each in one.added), unknown=value * one.unknown)
