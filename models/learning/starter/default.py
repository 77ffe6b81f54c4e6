"""Default model within 12 months from published statistics, without ledger data.

Component `public` starts at the published yearly rate and adds the effects of sector, size and age. Component
`behaviour` adds the effects of payments and financial statements. Steps are relative to the national average,
so that over all companies of the country the published rate is preserved; unknown values add nothing.

Financial statements enter through Altman's Z'' (1995), a sum of ratios that splits into steps of each. The
log-odds of one point follow from its published accuracy: where a score is normal among defaulters and others
alike, an area under the ROC curve `A` means log-odds of `sqrt(2) x quantile(A)` per standard deviation (Green
and Swets 1966).
"""

from __future__ import annotations

import math
from itertools import accumulate
from statistics import NormalDist
from typing import TYPE_CHECKING

import numpy as np

from models.learning.additive import AdditiveModel, Line, Steps
from models.learning.artifact import FittedModel
from models.learning.calibration import HISTORIES, Calibration
from models.published.statistics import load_statistics

if TYPE_CHECKING:
    from models.published.default_statistics import DefaultStatistics, RatioRange, Uncertainty

PUBLIC, BEHAVIOUR = "public", "behaviour"
_SECTIONS = "ABCDEFGHIJKLMNOPQRSTU"
"""NAF sections in the order of their codes in `sector_section`."""
_CELLS = 16
"""Number of steps over a ratio's range."""


def published_components(statistics: DefaultStatistics) -> tuple[float, tuple[Line | Steps, ...]]:
    """Return the initial log-odds, and the components that add to them."""
    components = (_sector(statistics), _size(statistics), _age(statistics))
    return _log_odds(statistics.default_rate), (*components, *_payments(statistics), *_accounts(statistics))


def starter_default() -> FittedModel:
    """Return the default model used before any training on the ledger."""
    statistics = load_statistics().default
    start, components = published_components(statistics)
    # The calibration reads the length of history in addition to the margin.
    features = tuple(dict.fromkeys([*(component.column for component in components), "n_paid_all"]))
    calibration = Calibration(
        1.0, 0.0, (0.0,) * len(HISTORIES), prior_covariance(statistics.uncertainty, start)
    )
    facts = {"starter": True, "rests_on": "published", "weights": {"published": 1.0}, "failures": 0}
    return FittedModel("default12", AdditiveModel(start, features, components), calibration, facts=facts)


def prior_covariance(uncertainty: Uncertainty, centre: float) -> tuple[tuple[float, ...], ...]:
    """Return the prior covariance of slope, intercept and offsets by history.

    The slope pivots on the margin `centre`: its uncertainty leaves the level there unchanged.
    """
    found = np.diag([uncertainty.slope**2, uncertainty.level**2, *np.square(uncertainty.history)])
    found[0, 1] = found[1, 0] = -centre * uncertainty.slope**2
    found[1, 1] += (centre * uncertainty.slope) ** 2
    return tuple(tuple(map(float, row)) for row in found)


def _sector(statistics: DefaultStatistics) -> Steps:
    times = statistics.sectors()
    codes = {_SECTIONS.index(letter): math.log(value) for letter, value in times.items()}
    last = max(codes)
    edges = tuple(code - 0.5 for code in range(1, last + 2))
    return Steps(PUBLIC, "sector_section", edges, tuple(codes.get(code, 0.0) for code in range(last + 2)))


def _size(statistics: DefaultStatistics) -> Steps:
    bands = statistics.size.bands
    failures = sum(band.failures for band in bands)
    added = [math.log(band.failures / failures / band.companies_share) for band in bands]
    return Steps(PUBLIC, "headcount", tuple(float(band.staff) for band in bands[1:]), tuple(added))


def _age(statistics: DefaultStatistics) -> Steps:
    rates, shares = statistics.age.yearly_rate, statistics.age_share.companies_share
    everybody = sum(rate * share for rate, share in zip(rates, shares, strict=True))
    edges = tuple(float(years) for years in statistics.age.years[1:])
    return Steps(PUBLIC, "company_age_years", edges, tuple(math.log(rate / everybody) for rate in rates))


def _payments(statistics: DefaultStatistics) -> tuple[Steps, Steps, Steps]:
    """Split days late into equal halves, paid and overdue; both together give the published multipliers.

    Any payment on record divides by the population mean, so that late payment only ever raises the risk.
    """
    days, times = zip(*statistics.lateness(), strict=True)
    half = tuple(0.5 * math.log(value) for value in (1.0, *times))
    edges = tuple(float(np.nextafter(late, np.inf)) for late in days)
    return (
        Steps(BEHAVIOUR, "n_paid_365d", (0.5,), (0.0, -math.log(statistics.mean_times()))),
        Steps(BEHAVIOUR, "days_late_by_amount_365d", edges, half),
        Steps(BEHAVIOUR, "oldest_overdue_days", edges, half),
    )


def _accounts(statistics: DefaultStatistics) -> tuple[Steps, ...]:
    accuracy, spread = statistics.accounts_accuracy.auc, statistics.accounts_range.score_spread
    point = math.sqrt(2.0) * NormalDist().inv_cdf(accuracy) / spread
    coefficients = statistics.accounts.coefficients
    ratios = statistics.accounts_range.ratios
    middle = sum(coefficients[ratio.name] * _score(ratio, ratio.middle) for ratio in ratios)
    # The gap between the middles' sum and the grey zone's middle is distributed evenly.
    missing = (sum(statistics.accounts.grey_zone) / 2 - middle) / len(ratios)
    return tuple(_ratio(ratio, point, coefficients[ratio.name], missing) for ratio in ratios)


def _ratio(ratio: RatioRange, point: float, coefficient: float, missing: float) -> Steps:
    width = (ratio.high - ratio.low) / _CELLS
    edges = tuple(accumulate([width] * (_CELLS - 1), initial=ratio.low))
    values = (ratio.low, *(edge + width / 2 for edge in edges[:-1]), ratio.high)
    middle = coefficient * _score(ratio, ratio.middle) + missing
    added = tuple(point * (middle - coefficient * _score(ratio, value)) for value in values)
    return Steps(BEHAVIOUR, ratio.name, edges, added)


def _score(ratio: RatioRange, value: float) -> float:
    """Return the input of Z'' for a column: equity to liabilities is derived from equity to total assets."""
    return value / (1.0 - value) if ratio.name == "equity_ratio" else value


def _log_odds(share: float) -> float:
    return math.log(share / (1.0 - share))
