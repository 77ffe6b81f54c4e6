"""Loss rates by band: the known values of the standard and of textbooks, and what must always hold."""

import itertools
import math
from statistics import NormalDist

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.errors import CreditError
from models.policy.sections.portfolio_risk import PortfolioRiskRules
from models.portfolio.provision_matrix import Flow, Outlook, loss_rates, own_rates, share_cents

RATES = (0.003, 0.016, 0.036, 0.066, 0.106)
shares = st.floats(0, 1)


def constant(correlation: float) -> PortfolioRiskRules:
    """Return one asset correlation for all."""
    return PortfolioRiskRules(correlation_low_pd=correlation, correlation_decay=0.0)


def test_the_illustration_of_the_standard_gives_580_000():
    gross = (15_000_000, 7_500_000, 4_000_000, 2_500_000, 1_000_000)
    assert sum(share_cents(euros * 100, rate) for euros, rate in zip(gross, RATES, strict=True)) == 580_000_00


def test_flow_rates_give_27_567():
    reached = (100_000, 50_000, 23_000, 8_000, 2_000)
    flows = [Flow(*pair) for pair in itertools.pairwise(reached)]
    rates = loss_rates([*(flow.rate for flow in flows), 1.0])
    balance = (300_000, 140_000, 60_000, 23_000, 5_000)
    cents = [share_cents(euros * 100, rate) for euros, rate in zip(balance, rates, strict=True)]
    assert round(sum(cents) / 100) == 27_567


def test_the_macro_shift_is_vasicek_s_formula():
    # PD 2 %, rho 0.2: the conditional probability at 99.9 % is 0.226313.
    normal = NormalDist()
    in_a_neutral_year = normal.cdf(normal.inv_cdf(0.02) / math.sqrt(1 - 0.2))
    shifted = Outlook(1.0, normal.inv_cdf(0.999), constant(0.2)).adjusted(in_a_neutral_year)
    assert shifted == pytest.approx(0.226313, abs=1e-6)


@given(st.lists(shares, min_size=5, max_size=5))
def test_loss_rates_rise_with_age_and_stay_shares(rates: list[float]):
    found = loss_rates(rates)
    assert list(found) == sorted(found)
    assert all(0 <= rate <= 1 for rate in found)


@given(shares, st.floats(0, 3), st.floats(-3, 3), st.floats(0, 0.9))
def test_an_outlook_keeps_a_share_and_worsens_with_the_economy(
    rate: float, factor: float, shift: float, rho: float
):
    found = Outlook(factor, shift, constant(rho)).adjusted(rate)
    assert 0 <= found <= Outlook(factor, shift + 0.5, constant(rho)).adjusted(rate) + 1e-12 <= 1 + 1e-12


@given(st.integers(0, 10**12), shares)
def test_a_share_in_cents_is_within_half_a_cent(cents: int, rate: float):
    assert abs(share_cents(cents, rate) - cents * rate) <= 0.5 + 1e-3
    assert 0 <= share_cents(cents, rate) <= cents


def flows(invoices: int, passed: int = 50) -> tuple[Flow, ...]:
    return tuple(Flow(100, passed, invoices) for _ in range(5))


def test_a_thin_segment_takes_the_portfolio_s_rates():
    found = own_rates({"43": flows(40, 50), "46": flows(2, 90)}, RATES, 30)
    assert {name: one.source for name, one in found.items()} == {"": "own", "43": "own", "46": "portfolio"}
    assert found["46"].historical == found[""].historical
    assert found["43"].historical[-1] == 0.5
    assert found[""].historical[-1] == pytest.approx(0.7)


def test_a_thin_portfolio_takes_the_default_rates():
    found = own_rates({"43": flows(2)}, RATES, 30, Outlook(factor=2))
    assert [found[name].source for name in ("", "43")] == ["default", "default"]
    assert found["43"].adjusted == tuple(2 * rate for rate in RATES)


def test_one_band_that_too_few_entered_makes_the_history_thin():
    thin = (*flows(40)[:3], Flow(100, 10, 29), *flows(40)[:1])
    assert own_rates({"": thin}, RATES, 30)[""].source == "default"


def test_where_the_last_band_alone_is_thin_all_of_it_counts_as_lost():
    found = own_rates({"": (*flows(40)[:4], Flow(100, 10, 29))}, RATES, 30)[""]
    assert (found.source, found.historical[-2:]) == ("own", (0.5, 1.0))


def test_what_becomes_impaired_counts_as_lost():
    assert loss_rates([0.5, 0.2], [0.1, 0.3]) == (0.35, 0.5)


def test_flows_have_one_entry_per_band():
    with pytest.raises(CreditError, match="one entry per band"):
        own_rates({"": flows(40)[:3]}, RATES, 30)
