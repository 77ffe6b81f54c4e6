"""Decisions are worth what the arithmetic by hand says, and never more than all or less than nothing."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.policy.document import Policy, load_policy
from pipelines.training.decision_value import (
    ACCEPT_ALL,
    NET_WORTH,
    Worth,
    compare,
    decide,
    default_decisions,
    late_decisions,
    limits_eur,
    wanted_eur,
)
from tests.pipelines.training.builders import SNAPSHOT, customers_asked, invoices_asked


def policy(**value: float) -> Policy:
    """The packaged policy with a simple loss, and other values where they are named."""
    packaged = load_policy()
    simple = {"margin_share": 0.1, "lost_sales_share": 1.0, "held_back_share": 0.5}
    return packaged.revised(value=simple | value, expected_loss={"lgd_share": 0.6})


def by_name(found: tuple[Worth, ...]) -> dict[str, Worth]:
    return {worth.strategy: worth for worth in found}


def test_a_good_and_a_bad_customer_by_hand():
    # Both want 36,500 x 30 / 365 = 3,000. Grade A bears it; grade E gets nothing.
    rows = customers_asked([0.0, 1.0])
    found = by_name(compare("default12", rows, {"model": np.array([0.001, 0.9])}, policy()))
    everybody, model = found[ACCEPT_ALL], found["model"]
    assert everybody.granted_eur == pytest.approx(6_000)
    assert everybody.realised_loss_eur == pytest.approx(0.6 * 3_000)
    assert everybody.margin_eur == pytest.approx(3_650)
    assert everybody.value_eur == pytest.approx(3_650 - 1_800)
    assert model.granted_eur == pytest.approx(3_000)
    assert model.expected_loss_eur == pytest.approx(0.6 * 3_000 * 0.001)
    assert (model.realised_loss_eur, model.loss_avoided_eur) == (0.0, pytest.approx(1_800))
    assert model.margin_lost_eur == 0.0
    assert model.value_eur == pytest.approx(3_650)


def test_the_rule_of_thumb_gives_a_tenth_of_net_worth_and_nothing_where_it_is_unknown():
    rows = customers_asked(
        [0.0, 0.0, 0.0], equity_ratio=[0.4, -0.2, np.nan], total_assets=[37_500.0, 37_500.0, np.nan]
    )
    worth = by_name(compare("default12", rows, {}, policy()))[NET_WORTH]
    assert worth.granted_eur == pytest.approx(1_500)
    assert worth.margin_eur == pytest.approx(3_650 / 2)


def test_sales_that_would_be_paid_before_delivery_are_not_lost():
    rows = customers_asked([0.0])
    refused = default_decisions(rows, np.zeros(1), policy(lost_sales_share=0.25))
    assert refused.margin.sum() == pytest.approx(0.75 * 3_650)


def test_what_is_owed_already_is_wanted_and_a_young_relationship_is_drawn_out_to_a_year():
    rows = customers_asked(
        [0.0, 0.0, 0.0],
        open_eur=[9_000.0, -50.0, 0.0],
        days_since_first_invoice=[900.0, 73.0, np.nan],
        invoiced_365d_eur=[36_500.0, 7_300.0, 0.0],
    )
    assert wanted_eur(rows.frame, policy()) == pytest.approx([9_000, 3_000, 0])


def test_snapshots_together_make_one_year():
    rows = customers_asked([0.0, 0.0])
    later = replace(rows, day=np.array([SNAPSHOT, SNAPSHOT + 31]))
    assert default_decisions(rows, np.full(2, 1e9), policy()).margin.sum() == pytest.approx(2 * 3_650)
    assert default_decisions(later, np.full(2, 1e9), policy()).margin.sum() == pytest.approx(3_650)


def test_a_proceeding_of_a_row_has_ended_and_stops_no_credit_and_a_closure_does():
    rows = customers_asked([1.0, 0.0, 0.0], proceedings=[1.0, 0.0, 0.0], closures=[0.0, 0.0, 1.0])
    ended, without, closed = limits_eur(rows, np.full(3, 0.001), policy())
    assert ended == without > 0.0
    assert closed == 0.0


@given(
    outcomes=st.lists(st.booleans(), min_size=1, max_size=20),
    seed=st.integers(0, 9),
    lost=st.floats(0, 1),
)
def test_accepting_everybody_loses_no_margin_and_refusing_everybody_avoids_every_loss(
    outcomes: list[bool], seed: int, lost: float
):
    rows = customers_asked([float(bad) for bad in outcomes])
    rules = policy(lost_sales_share=lost)
    chance = np.random.default_rng(seed).random(len(outcomes))
    found = by_name(compare("default12", rows, {"model": chance, "refuse": np.ones(len(outcomes))}, rules))
    everybody, refused, model = found[ACCEPT_ALL], found["refuse"], found["model"]
    assert (everybody.margin_lost_eur, everybody.loss_avoided_eur) == (0.0, 0.0)
    assert refused.realised_loss_eur == 0.0
    assert refused.loss_avoided_eur == everybody.realised_loss_eur
    assert refused.margin_lost_eur == pytest.approx(lost * everybody.margin_eur, abs=1e-6)
    assert 0.0 <= model.realised_loss_eur <= everybody.realised_loss_eur
    assert -1e-6 <= model.margin_lost_eur <= refused.margin_lost_eur + 1e-6


def test_waiting_for_invoices_by_hand():
    # 36,500 at 5 % a year is 5 a day; 40 of reminders for the late one. A one-day span counts 365 times.
    rows = invoices_asked([1.0, 0.0, 0.0, 0.0], [50.0, 10.0, -3.0, np.nan])
    found = by_name(compare("late30", rows, {"model": np.array([0.9, 0.1, 0.8, 0.2])}, policy()))
    everybody, model = found[ACCEPT_ALL], found["model"]
    assert everybody.realised_loss_eur == pytest.approx(365 * (50 * 5 + 40 + 10 * 5))
    assert model.realised_loss_eur == pytest.approx(365 * 10 * 5)
    assert model.loss_avoided_eur == pytest.approx(365 * (50 * 5 + 40))
    assert (model.margin_eur, model.margin_lost_eur) == (0.0, 0.0)
    assert NET_WORTH not in found


def test_an_invoice_counts_once_at_its_issue():
    rows = invoices_asked([1.0, 1.0], [50.0, 50.0], invoice_age_days=[0.0, 20.0])
    worth = late_decisions(rows, np.zeros(2), policy(), 0.0)
    assert worth.loss.tolist() == [pytest.approx(365 * 290), 0.0]
    none = invoices_asked([1.0], [50.0], invoice_age_days=[20.0])
    assert late_decisions(none, np.zeros(1), policy(), 0.5).loss.tolist() == [0.0]


@given(chance=st.lists(st.floats(0, 1), min_size=1, max_size=30), held=st.floats(0, 1))
def test_as_many_invoices_are_held_back_whatever_the_model_says(chance: list[float], held: float):
    rows = invoices_asked([0.0] * len(chance), [1.0] * len(chance))
    decisions = decide("late30", rows, np.array(chance), policy(held_back_share=held))
    assert (decisions.granted == 0).sum() == round(held * len(chance))
