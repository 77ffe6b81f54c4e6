from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.errors import CreditError
from models.portfolio.expected_loss import Exposure, expected_loss_eur, own_risk_eur

share = st.floats(0, 1)
exposures = st.builds(Exposure, st.floats(-1e5, 1e6), share, st.booleans(), st.floats(0, 1e6), share)


def test_a_customer_in_default_counts_whole():
    assert expected_loss_eur(Exposure(1_000, 0.01, in_default=True), 0.45) == pytest.approx(450)


def test_money_on_account_loses_nothing():
    assert expected_loss_eur(Exposure(-1_000, 0.5), 0.6) == 0


def test_what_lies_above_the_cover_is_our_own():
    assert own_risk_eur(Exposure(10_000, 0.02, insured_limit_eur=8_000, covered_share=0.9)) == 2_800


@given(exposures, share)
def test_the_loss_is_never_more_than_what_is_owed(exposure: Exposure, lgd: float):
    assert 0 <= expected_loss_eur(exposure, lgd) <= max(exposure.open_eur, 0.0)


@given(exposures, share, share)
def test_more_cover_never_raises_the_loss(exposure: Exposure, lgd: float, more: float):
    better = replace(exposure, covered_share=max(exposure.covered_share, more))
    assert expected_loss_eur(better, lgd) <= expected_loss_eur(exposure, lgd) + 1e-6


@pytest.mark.parametrize("probability", [-0.1, 1.1, float("nan")])
def test_a_probability_that_is_none_is_refused(probability: float):
    with pytest.raises(CreditError, match="pd_12m"):
        expected_loss_eur(Exposure(100, probability), 0.6)
