import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.features.payment_history import FEATURES
from tests.builders import a_ledger, a_payment, an_invoice, customer_at
from tests.models.features.by_hand import payment_features, shelve
from tests.random_ledger import LAST_DAY, draw_ledger


@pytest.mark.slow
@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 10**6), who=st.integers(0, 4), day=st.integers(0, LAST_DAY))
def test_every_window_is_what_plain_loops_over_the_ledger_give(seed: int, who: int, day: int):
    ledger = draw_ledger(seed)
    found = customer_at(ledger, day, f"C{who}")
    for name, value in payment_features(shelve(ledger), f"C{who}", day).items():
        assert found[name] == pytest.approx(value, abs=1e-6, nan_ok=True), name


def paid_late(*late: int, eur: tuple[float, ...] = ()) -> dict[str, float]:
    """Return the features of a customer whose invoices were paid so many days late."""
    amounts = eur or (1_000.0,) * len(late)
    invoices = [an_invoice(f"F{i}", 0, 30, amounts[i]) for i in range(len(late))]
    payments = [a_payment(f"F{i}", 30 + days, amounts[i]) for i, days in enumerate(late)]
    return customer_at(a_ledger(invoices, payments), 300)


@pytest.mark.parametrize(
    ("late", "index"),
    [(-30, 100), (-20, 90), (0, 80), (15, 70), (22, 60), (30, 50), (60, 40), (90, 30), (200, 20)],
)
def test_the_payment_index_follows_the_published_points(late: int, index: float):
    assert paid_late(late, late, late)["paydex_365d"] == index


def test_the_payment_index_is_linear_between_the_points():
    assert paid_late(26, 26, 26)["paydex_365d"] == pytest.approx(55.0, abs=0.005)


def test_the_payment_index_is_weighed_by_amount():
    found = paid_late(0, 0, 30, eur=(1_000.0, 1_000.0, 2_000.0))["paydex_365d"]
    assert found == pytest.approx((80 + 80 + 2 * 50) / 4)


def test_the_payment_index_says_nothing_under_three_paid_invoices():
    assert math.isnan(paid_late(0, 0)["paydex_365d"])


def test_days_in_dispute_do_not_count_as_late():
    ledger = a_ledger([an_invoice("F1", 0, 30, disputed=(40, 60))], [a_payment("F1", 75)])
    assert customer_at(ledger, 100)["days_late_mean_all"] == 75 - 30 - 20


def test_an_invoice_that_never_gets_paid_counts_among_those_gone_past():
    found = customer_at(a_ledger([an_invoice("F1", 0, 30)]), 61)
    assert found["past30_share_all"] == 1.0
    assert found["n_paid_all"] == 0.0
    assert math.isnan(found["late30_share_all"])


def test_an_invoice_goes_past_30_days_on_the_31st():
    ledger = a_ledger([an_invoice("F1", 0, 30)])
    assert math.isnan(customer_at(ledger, 60)["past30_share_all"])
    assert customer_at(ledger, 61)["past30_share_all"] == 1.0


def test_a_window_of_30_days_ends_with_the_30th():
    ledger = a_ledger([an_invoice("F1", 0, 30)], [a_payment("F1", 35)])
    assert customer_at(ledger, 64)["n_paid_30d"] == 1.0
    assert customer_at(ledger, 65)["n_paid_30d"] == 0.0


def test_shares_of_late_payment_only_fall_as_the_bar_rises():
    found = paid_late(-5, 3, 20, 40, 70)
    shares = [found[f"late{days}_share_all"] for days in (0, 15, 30, 60)]
    assert shares == [0.8, 0.6, 0.4, 0.2]


def test_a_recent_worsening_shows_as_trend_and_as_surprise():
    invoices = [an_invoice(f"F{i:02d}", 20 * i, 20 * i + 30) for i in range(20)]
    payments = [a_payment(f"F{i:02d}", 20 * i + 30 + (40 if i >= 17 else 0)) for i in range(20)]
    found = customer_at(a_ledger(invoices, payments), 455)
    assert found["days_late_trend"] > 0
    assert found["days_late_surprise"] > 1


def test_amounts_as_large_as_a_bank_s_overflow_nothing():
    found = paid_late(100, 100, 100, eur=(9e9, 9e9, 9e9))
    assert found["days_late_by_amount_all"] == 100
    assert 20 <= found["paydex_365d"] <= 40


def test_more_lateness_never_lowers_a_feature_whose_sign_says_it_raises_risk():
    names = [f.name for f in FEATURES if f.sign == 1 and "trend" not in f.group]
    mild, grave = paid_late(0, 5, 10), paid_late(20, 25, 40)
    assert all(np.isnan(mild[name]) or grave[name] >= mild[name] for name in names)
