import math
from statistics import NormalDist

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.policy.document import load_policy
from models.policy.sections.portfolio_risk import PortfolioRiskRules
from models.portfolio.vasicek import asset_correlations, conditional_pd

WORST = NormalDist().inv_cdf(0.001)
BASEL = PortfolioRiskRules(correlation_low_pd=0.24, correlation_high_pd=0.12)
shares = st.floats(1e-6, 1 - 1e-6)
correlations = st.floats(0.0, 0.9)


def test_the_golden_value_of_vasicek_and_its_loss():
    worst = float(conditional_pd(0.02, 0.2, WORST))
    assert worst == pytest.approx(0.226313, abs=5e-7)
    assert 0.45 * worst == pytest.approx(0.1018, abs=5e-5)


def test_basels_risk_weight_of_a_corporate():
    pd, lgd, maturity = 0.01, 0.45, 2.5
    slope = (0.11852 - 0.05478 * math.log(pd)) ** 2
    capital = lgd * (float(conditional_pd(pd, BASEL.asset_correlation(pd), WORST)) - pd)
    weight = 12.5 * capital * (1 + (maturity - 2.5) * slope) / (1 - 1.5 * slope)
    assert weight == pytest.approx(0.9232, abs=5e-5)


@given(shares, correlations)
def test_the_mean_over_the_factor_is_the_probability(pd, correlation):
    factors = np.linspace(-9.0, 9.0, 3601)
    weights = np.exp(-(factors**2) / 2)
    mean = float(conditional_pd(pd, correlation, factors) @ weights / weights.sum())
    assert mean == pytest.approx(pd, abs=1e-9)


@given(shares, correlations, st.floats(-5, 5), st.floats(0, 3))
def test_a_worse_factor_never_lowers_a_probability(pd, correlation, factor, worse):
    assert conditional_pd(pd, correlation, factor - worse) >= conditional_pd(pd, correlation, factor) - 1e-15


def test_certain_outcomes_stay_certain():
    assert conditional_pd(np.array([0.0, 1.0]), 0.3, -3.0).tolist() == [0.0, 1.0]


@given(st.lists(st.floats(0, 1), min_size=1, max_size=9), st.sampled_from((0.0, 35.0, 50.0)))
def test_one_correlation_and_many_are_the_same(pds, decay):
    rules = PortfolioRiskRules(correlation_decay=decay)
    many = asset_correlations(np.array(pds), rules)
    assert many == pytest.approx([rules.asset_correlation(pd) for pd in pds], abs=1e-15)


def test_a_policy_of_an_earlier_version_has_the_packaged_correlations():
    assert load_policy().portfolio_risk == PortfolioRiskRules()
