"""Loss of a portfolio without names: what the factor alone does, and how much single names add to it.

Owns the asymptotic loss and the granularity adjustment of Gordy and Lütkebohmert (2013), a formula to compare
the exact distribution with.
"""

from __future__ import annotations

from statistics import NormalDist
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from models.portfolio.obligors import Obligors

GAMMA_PRECISION = 0.25
"""Of the gamma factor of CreditRisk+, as the paper has it."""


def asymptotic_loss_eur(obligors: Obligors, confidence: float) -> float:
    """Return the loss that is not exceeded with a probability if each obligor were many small ones.

    It is the mean loss given the quantile of the factor (Gordy 2003), as Basel has it.
    """
    factor = NormalDist().inv_cdf(1.0 - confidence)
    return float(obligors.given(factor) @ obligors.loss_eur)


def granularity_adjustment_eur(obligors: Obligors, confidence: float) -> float:
    r"""Return the granularity adjustment for losses that are certain given default, in euros.

    .. math:: GA = \frac{1}{2 K^*} \sum_i s_i^2 \, C_i \left(\delta (K_i + R_i) - K_i\right)

    with the shares s of exposure, the capital K beyond the expected loss R, and C the loss given default.
    Here the exposure of an obligor is its loss if it defaults, so that C is 1.

    References
    ----------
    Gordy, M. and Lütkebohmert, E. (2013). Granularity adjustment for regulatory capital assessment.
    International Journal of Central Banking 9(3), 33-71.
    """
    factor = NormalDist().inv_cdf(1.0 - confidence)
    capital = obligors.given(factor) - obligors.pd
    whole = float(capital @ obligors.loss_eur)
    if whole <= 0.0:
        return 0.0
    squares = obligors.loss_eur**2
    return float(squares @ (delta(confidence) * (capital + obligors.pd) - capital)) / (2.0 * whole)


def delta(confidence: float) -> float:
    """Return the paper's delta: how much the variance given the factor weighs.

    Examples
    --------
    >>> round(delta(0.999), 2)
    4.83
    """
    from scipy.special import gammaincinv  # noqa: PLC0415  # costs a tenth of a second at import

    quantile = float(gammaincinv(GAMMA_PRECISION, confidence)) / GAMMA_PRECISION
    return (quantile - 1.0) * (GAMMA_PRECISION + (1.0 - GAMMA_PRECISION) / quantile)
