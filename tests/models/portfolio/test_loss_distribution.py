import itertools
from statistics import NormalDist

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.errors import CreditError
from models.portfolio.granularity import asymptotic_loss_eur, delta, granularity_adjustment_eur
from models.portfolio.loss_contributions import shortfall_contributions
from models.portfolio.loss_distribution import loss_distribution
from models.portfolio.obligors import Obligors
from models.portfolio.vasicek import conditional_pd

FACTORS = np.linspace(-9.0, 9.0, 1801)
WEIGHTS = np.exp(-(FACTORS**2) / 2) / np.exp(-(FACTORS**2) / 2).sum()
CELLS = 1 << 10
CENTS = 1 << 12
"""Cells of a cent for losses of up to 40 euros in all."""


def obligors(pd: list[float], loss: list[float], correlation: float = 0.2) -> Obligors:
    """Obligors of plain lists."""
    many = np.broadcast_to(correlation, len(pd)).astype(np.float64)
    return Obligors(np.array(pd, np.float64), np.array(loss, np.float64), many)


def enumerated(of: Obligors) -> list[tuple[float, float, np.ndarray]]:
    """Every combination of defaults: its loss, its probability, who defaults."""
    given_factor = np.array([of.given(factor) for factor in FACTORS.tolist()])
    found = []
    for bits in itertools.product((0.0, 1.0), repeat=len(of.pd)):
        who = np.array(bits)
        chance = np.prod(np.where(who > 0, given_factor, 1.0 - given_factor), axis=1) @ WEIGHTS
        found.append((float(who @ of.loss_eur), float(chance), who))
    return sorted(found, key=lambda one: one[0])


small = st.lists(
    st.tuples(st.floats(0.0, 1.0), st.integers(1, 8), st.floats(0.0, 0.6)), min_size=1, max_size=5
)


@settings(max_examples=10, deadline=None)
@given(small)
def test_every_probability_is_that_of_enumerating_all_defaults(rows):
    pd, loss, correlation = (np.array(column, np.float64) for column in zip(*rows, strict=True))
    of = Obligors(pd, loss, correlation)
    found, below = loss_distribution(of, cells=CENTS), 0.0
    for level, same in itertools.groupby(enumerated(of), key=lambda one: one[0]):
        below += sum(chance for _, chance, _ in same)
        assert found.exceedance(level) == pytest.approx(1.0 - below, abs=2e-6)


def test_mean_deviation_and_contributions_are_those_of_enumerating_all_defaults():
    of = obligors([0.02, 0.1, 0.3, 0.55, 0.04, 0.9], [9, 5, 3, 2, 7, 1], 0.25)
    found, every = loss_distribution(of, cells=CENTS), enumerated(of)
    mean = sum(loss * chance for loss, chance, _ in every)
    assert found.expected_eur == pytest.approx(mean)
    assert found.unexpected_eur**2 == pytest.approx(
        sum(chance * (loss - mean) ** 2 for loss, chance, _ in every)
    )
    for confidence in (0.5, 0.95, 0.999):
        quantile, left = found.value_at_risk_eur(confidence), 1.0 - confidence
        parts = np.zeros(6)
        worst = [one for one in every if one[0] > quantile + 1e-9]
        at = [one for one in every if abs(one[0] - quantile) < 1e-9]
        tie = (left - sum(chance for _, chance, _ in worst)) / sum(chance for _, chance, _ in at)
        for share, ones in ((1.0, worst), (tie, at)):
            for _, chance, who in ones:
                parts += share * chance * who * of.loss_eur / left
        assert shortfall_contributions(of, found, confidence) == pytest.approx(parts, abs=1e-4)
        assert found.expected_shortfall_eur(confidence) == pytest.approx(parts.sum(), abs=1e-4)


def test_many_small_obligors_lose_what_vasicek_says():
    of = obligors([0.02] * 50_000, [0.45] * 50_000)
    found = loss_distribution(of, cells=1 << 14)
    assert found.value_at_risk_eur(0.999) / 50_000 == pytest.approx(0.1018, abs=2e-4)
    assert asymptotic_loss_eur(of, 0.999) / 50_000 == pytest.approx(0.45 * 0.226313, abs=1e-6)


def test_without_correlation_it_is_the_binomial():
    found = loss_distribution(obligors([0.1] * 40, [10.0] * 40, 0.0), cells=CELLS)
    chance = sum(
        1.0 * np.prod([(40 - i) / (i + 1) for i in range(k)]) * 0.1**k * 0.9 ** (40 - k) for k in range(8)
    )
    assert 1.0 - found.exceedance(70.0) == pytest.approx(chance, abs=1e-6)


portfolios = st.integers(0, 10_000)


def drawn(seed: int, count: int = 60) -> Obligors:
    rng = np.random.default_rng(seed)
    return Obligors(rng.beta(0.5, 8.0, count), rng.lognormal(5.0, 1.5, count), rng.uniform(0.0, 0.3, count))


@settings(max_examples=3, deadline=None)
@given(portfolios)
def test_contributions_add_up_and_no_one_contributes_more_than_it_can_lose(seed):
    of = drawn(seed)
    found = loss_distribution(of, 1_000.0, CELLS)
    parts = shortfall_contributions(of, found, 0.99)
    assert parts.sum() + 1_000.0 == pytest.approx(found.expected_shortfall_eur(0.99))
    assert bool(np.all(parts >= 0.0))
    assert bool(np.all(parts <= of.loss_eur * 1.01))
    quantiles = [found.value_at_risk_eur(share) for share in (0.5, 0.95, 0.99, 0.999)]
    assert quantiles == sorted(quantiles)
    assert found.expected_shortfall_eur(0.99) >= found.value_at_risk_eur(0.99)


@settings(max_examples=3, deadline=None)
@given(portfolios, st.floats(0.1, 100.0))
def test_the_order_and_the_scale_of_losses_change_nothing_else(seed, scale):
    of = drawn(seed)
    turned = Obligors(of.pd[::-1].copy(), of.loss_eur[::-1] * scale, of.correlation[::-1].copy())
    one, other = loss_distribution(of, cells=CELLS), loss_distribution(turned, cells=CELLS)
    assert other.unexpected_eur == pytest.approx(one.unexpected_eur * scale)
    for confidence in (0.95, 0.999):
        value = one.value_at_risk_eur(confidence) * scale
        assert other.value_at_risk_eur(confidence) == pytest.approx(value, abs=2 * other.grid.cell_eur)


def test_a_coarser_grid_moves_a_quantile_by_a_cell_at_most():
    of = drawn(3, 400)
    fine, coarse = loss_distribution(of, cells=1 << 13), loss_distribution(of, cells=CELLS)
    for confidence in (0.95, 0.99, 0.999):
        gap = abs(fine.value_at_risk_eur(confidence) - coarse.value_at_risk_eur(confidence))
        assert gap <= 2 * coarse.grid.cell_eur


def test_nobody_at_risk_loses_what_is_certain_alone():
    found = loss_distribution(obligors([], []), 500.0, CELLS)
    assert (found.expected_eur, found.unexpected_eur) == (500.0, 0.0)
    assert found.value_at_risk_eur(0.999) == found.expected_shortfall_eur(0.999) == 500.0
    assert (found.exceedance(499.0), found.exceedance(500.0)) == (1.0, 0.0)


@pytest.mark.parametrize(
    ("pd", "loss", "rho"), [(1.1, 1, 0.1), (0.1, -1, 0.1), (0.1, 1, 1.0), (np.nan, 1, 0.1)]
)
def test_figures_out_of_range_are_named(pd, loss, rho):
    with pytest.raises(CreditError, match="outside"):
        obligors([pd], [loss], rho)


def test_the_granularity_adjustment_is_near_what_single_names_add():
    of = obligors([0.02] * 500, [1_000.0] * 500)
    exact = loss_distribution(of, cells=CELLS).value_at_risk_eur(0.999) - asymptotic_loss_eur(of, 0.999)
    assert granularity_adjustment_eur(of, 0.999) == pytest.approx(exact, rel=0.5)
    assert delta(0.999) == pytest.approx(4.83, abs=0.005)


def test_a_factor_of_its_quantile_gives_the_asymptotic_loss():
    of = obligors([0.01, 0.05], [100.0, 50.0], 0.15)
    worst = NormalDist().inv_cdf(0.01)
    by_hand = 100 * conditional_pd(0.01, 0.15, worst) + 50 * conditional_pd(0.05, 0.15, worst)
    assert asymptotic_loss_eur(of, 0.99) == pytest.approx(float(by_hand))
