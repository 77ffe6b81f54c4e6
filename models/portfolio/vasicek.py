"""One-factor Gaussian model of default (Vasicek 1987; Basel CRE31): probabilities given the common factor.

Owns the two formulas that the loss distribution and stress scenarios share. The factor is standard normal,
and bad when it is low.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from models.arrays import Floats
    from models.policy.sections.portfolio_risk import PortfolioRiskRules


def conditional_pd(pd: Floats | float, correlation: Floats | float, factor: Floats | float) -> Floats:
    r"""Return probabilities of default given the common factor.

    .. math:: p(z) = \Phi\left(\frac{\Phi^{-1}(p) - \sqrt{\rho} z}{\sqrt{1 - \rho}}\right)

    Parameters
    ----------
    pd
        Probabilities of default, in [0, 1]; 0 and 1 stay what they are.
    correlation
        Asset correlations, in [0, 1).
    factor
        Value of the factor; its quantile at 1 - alpha gives the probability in the worst 1 - alpha of years.

    Examples
    --------
    >>> from statistics import NormalDist
    >>> worst = NormalDist().inv_cdf(0.001)
    >>> round(float(conditional_pd(0.02, 0.2, worst)), 6)
    0.226313
    """
    from scipy.special import ndtr, ndtri  # noqa: PLC0415  # costs a tenth of a second at import

    rho = np.asarray(correlation, np.float64)
    found: Floats = ndtr((ndtri(pd) - np.sqrt(rho) * factor) / np.sqrt(1.0 - rho))
    return found


def asset_correlations(pd: Floats, rules: PortfolioRiskRules) -> Floats:
    """Return the asset correlation of each probability of default; the array form of the policy's."""
    low, high, decay = rules.correlation_low_pd, rules.correlation_high_pd, rules.correlation_decay
    if not decay:
        return np.full_like(pd, low)
    weight = np.expm1(-decay * pd) / np.expm1(-decay)
    found: Floats = high * weight + low * (1.0 - weight)
    return found
