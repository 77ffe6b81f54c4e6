import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.features.build import FeatureBuilder
from models.features.peers import peer_group
from tests.builders import FIRST, a_customer, a_filing, a_ledger, a_payment, an_invoice, customer_at, days
from tests.models.features.by_hand import late30_rate, shelve
from tests.random_ledger import LAST_DAY, draw_ledger


def lean(bad: int, count: int, prior: float) -> float:
    return (bad + 50 * (0.0 if np.isnan(prior) else prior)) / (count + 50)


@settings(max_examples=20, deadline=None)
@given(seed=st.integers(0, 10**6), day=st.integers(0, LAST_DAY))
def test_the_late_rate_leans_on_the_sector_and_that_on_everyone(seed: int, day: int):
    ledger = draw_ledger(seed)
    shelf, frame = shelve(ledger), ledger.customers
    sector = frame["naf"].str[:2].fillna("none")
    band = np.searchsorted([10, 50, 250], frame["headcount"], "right")
    band = np.where(frame["headcount"].isna(), -1, band)
    given_rates = FeatureBuilder.of(ledger).customers(np.arange(5), np.full(5, FIRST + day))
    for place in range(len(frame)):
        same = (sector == sector[place]).to_numpy()
        levels = [np.ones(len(frame), dtype=bool), same, same & (band == band[place])]
        counts = [late30_rate(shelf, frame["customer_id"][level].tolist(), day) for level in levels]
        rate = counts[0][0] / counts[0][1] if counts[0][1] else np.nan
        for bad, count in counts[1:]:
            rate = (bad / count if count else np.nan) if np.isnan(rate) else lean(bad, count, rate)
        assert given_rates["peer_late30_rate"][place] == pytest.approx(rate, nan_ok=True)


def test_the_default_rate_counts_a_judgment_once_it_is_published():
    who = [f"C{number}" for number in range(10)]
    ledger = a_ledger(
        [an_invoice(f"F{one}", 0, 900, customer_id=one) for one in who],
        customers=[a_customer(one) for one in who],
        filings=[a_filing("liquidation", 100, 120, "C3")],
    )
    before, after, later = (customer_at(ledger, day)["peer_default_rate"] for day in (119, 120, 485))
    assert before == 0.0
    everyone = 1 / 10
    assert after == pytest.approx(lean(1, 10, lean(1, 10, everyone)))
    assert later == 0.0


def test_an_invoice_that_cannot_be_judged_yet_is_in_no_rate():
    ledger = a_ledger([an_invoice("F1", 0, 30)], [a_payment("F1", 30)])
    assert np.isnan(customer_at(ledger, 60)["peer_late30_rate"])
    assert customer_at(ledger, 61)["peer_late30_rate"] == 0.0


@pytest.mark.parametrize(
    ("staff", "band"), [(9, 0), (10, 1), (49, 1), (50, 2), (249, 2), (250, 3), (np.nan, 4)]
)
def test_staff_bands_begin_at_their_bound(staff: float, band: int):
    assert int(peer_group(np.array([43.0]), np.array([staff]))[0]) % 5 == band


def test_no_two_groups_or_levels_share_a_code():
    division, staff = np.meshgrid([np.nan, *range(1, 100)], [5.0, 20.0, 100.0, 900.0, np.nan])
    group = peer_group(division.ravel(), staff.ravel())
    assert len(set(group.tolist())) == division.size
    assert group.max() < 500


def test_rates_asked_by_group_are_those_of_its_members():
    ledger = draw_ledger(8)
    builder = FeatureBuilder.of(ledger)
    code = builder.book.codes(pd.Series(["C2"]))
    rates = builder.peers.outcomes.rates(builder.peers.group[code], days(400))
    frame = builder.customers(code, np.array([FIRST + 400]))
    assert all(rates[name][0] == frame[name][0] for name in rates)
