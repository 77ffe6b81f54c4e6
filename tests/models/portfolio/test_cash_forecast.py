"""The band of weekly receipts: moments that add up, quantiles, and the dependence of simulated weeks."""

import numpy as np
import pytest

from models.portfolio.cash_forecast import (
    PastForecasts,
    ReceiptDependence,
    WeeklyMoments,
    received_by_week,
)
from models.portfolio.payment_weeks import WEEKS


def draw_portfolio(seed: int, customers: int = 120) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    drawn = np.random.default_rng(seed)
    owner = np.repeat(np.arange(customers), drawn.integers(1, 9, customers))
    open_eur = drawn.lognormal(8, 1, len(owner))
    shares = drawn.dirichlet(np.ones(WEEKS + 1), len(owner))[:, :WEEKS]
    return open_eur, shares, owner


def test_moments_of_customers_add_up():
    open_eur, shares, owner = draw_portfolio(1)
    whole = WeeklyMoments.of(open_eur, shares, owner)
    first = owner < 50
    parts = WeeklyMoments.of(open_eur[first], shares[first], owner[first]) + WeeklyMoments.of(
        open_eur[~first], shares[~first], owner[~first]
    )
    for name in ("mean_eur", "alone_eur2", "together_eur2"):
        np.testing.assert_allclose(getattr(parts, name), getattr(whole, name))


def test_variance_lies_between_each_invoice_alone_and_one_run_a_customer():
    moments = WeeklyMoments.of(*draw_portfolio(2))
    np.testing.assert_allclose(ReceiptDependence(0.0, 0.0).variance(moments), moments.alone_eur2)
    np.testing.assert_allclose(ReceiptDependence(1.0, 0.0).variance(moments), moments.together_eur2)
    assert (moments.together_eur2 > moments.alone_eur2).all()


def test_the_band_of_independent_invoices_is_that_of_the_simulation():
    open_eur, shares, owner = draw_portfolio(3)
    moments = WeeklyMoments.of(open_eur, shares, owner)
    drawn = np.random.default_rng(4)
    ends = np.cumsum(shares, axis=1)
    week = (drawn.random((4_000, len(open_eur)))[..., None] > ends).sum(axis=2)
    totals = np.stack([(np.where(week == k, open_eur, 0.0)).sum(axis=1) for k in range(WEEKS)])
    simulated = np.quantile(totals, [0.1, 0.5, 0.9], axis=1).T
    np.testing.assert_allclose(ReceiptDependence(0.0, 0.0).band(moments), simulated, rtol=0.05)


def test_the_band_is_ordered_and_never_negative_also_without_receipts():
    band = ReceiptDependence().band(WeeklyMoments())
    assert band.shape == (WEEKS, 3)
    assert (band == 0).all()
    one = ReceiptDependence().band(
        WeeklyMoments.of(np.array([1_000.0]), np.full((1, WEEKS), 0.01), np.array([0]))
    )
    assert (np.diff(one, axis=1) >= 0).all()
    assert (one >= 0).all()


@pytest.mark.parametrize(("in_customer", "shared"), [(0.1, 0.0), (0.6, 0.1), (0.2, 0.3)])
def test_the_dependence_that_made_the_weeks_is_found_again(in_customer, shared):
    drawn = np.random.default_rng(7)
    truth, dates = ReceiptDependence(in_customer, shared), 60
    several = [WeeklyMoments.of(*draw_portfolio(seed)) for seed in range(dates)]
    received = np.stack([_drawn(truth, moments, drawn) for moments in several])
    past = PastForecasts(
        np.stack([one.mean_eur for one in several]),
        np.stack([one.alone_eur2 for one in several]),
        np.stack([one.together_eur2 for one in several]),
        received,
        np.ones((dates, WEEKS), dtype=bool),
        np.full(dates, 400),
    )
    found = past.dependence()
    assert found.past_weeks == dates * WEEKS
    for moments in several:
        np.testing.assert_allclose(found.variance(moments), truth.variance(moments), rtol=0.5)
    inside = [
        (found.band(moments)[:, 0] <= total) & (total <= found.band(moments)[:, 2])
        for moments, total in zip(several, received, strict=True)
    ]
    assert 0.76 < np.mean(inside) < 0.84


def _drawn(truth: ReceiptDependence, moments: WeeklyMoments, drawn: np.random.Generator) -> np.ndarray:
    variance = truth.variance(moments)
    return drawn.gamma(moments.mean_eur**2 / variance, variance / moments.mean_eur)


def test_short_history_gives_the_default_and_says_so():
    nothing = np.zeros((2, WEEKS))
    past = PastForecasts(nothing, nothing, nothing, nothing, np.ones((2, WEEKS), dtype=bool), np.full(2, 400))
    assert past.dependence() == ReceiptDependence()
    assert past.dependence().past_weeks == 0


def test_receipts_of_the_day_itself_and_after_the_last_week_are_left_out():
    found = received_by_week(100, np.array([100, 101, 107, 108, 191, 192]), np.ones(6))
    assert found[0] == 2
    assert found[1] == 1
    assert found[12] == 1
    assert found.sum() == 4
