"""The edit against the builder, on a ledger where the payments are added."""

from collections.abc import Mapping

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.features.build import STATE_COLUMNS, STATE_SCHEMA
from models.features.paid_today import paid_today
from models.features.state_schema import StateVector
from tests.builders import a_customer, a_ledger, a_payment, an_invoice, number, state_at

NOW = 400
LEFT_ALONE = {"in_default", "peak_exposure_eur", "peer_late30_rate", "peer_default_rate"}
EXPOSURE = (
    "open_eur", "open_count", "overdue_eur", "overdue_count", "overdue30_eur", "overdue60_eur",
    "overdue90_eur", "overdue_share", "overdue30_share", "oldest_overdue_days", "overdue_to_month",
    "open_to_month", "limit_use",
    "disputed_eur", "invoiced_365d_eur", "n_paid_all", "n_paid_365d", "n_paid_30d", "n_paid_last3",
    "days_since_last_payment", "past0_share_all", "past30_share_365d", "usual_eur", "insured_limit_eur",
)  # fmt: skip

Invoice = tuple[int, int, int]


def ledger_of(settled: list[Invoice], overdue: list[Invoice], coming: int, pay: bool):
    invoices = [an_invoice(f"A{i:02}", due - 30, due, eur) for i, (due, _, eur) in enumerate(settled)]
    payments = [a_payment(f"A{i:02}", due + late, eur) for i, (due, late, eur) in enumerate(settled)]
    invoices += [
        an_invoice(f"B{i:02}", NOW - age - 30, NOW - age, eur) for i, (age, _, eur) in enumerate(overdue)
    ]
    invoices += [an_invoice(f"C{i:02}", NOW - 5, NOW + 25, 700.0) for i in range(coming)]
    if pay:
        payments += [a_payment(f"B{i:02}", NOW, eur) for i, (_, _, eur) in enumerate(overdue)]
    return a_ledger(invoices, payments, customers=[a_customer(credit_limit_eur=9_000.0)])


def both(settled: list[Invoice], overdue: list[Invoice], coming: int = 1):
    """Return the edited state and the one that the builder gives on the ledger with the payments."""
    before = state_at(ledger_of(settled, overdue, coming, pay=False), NOW)
    after = state_at(ledger_of(settled, overdue, coming, pay=True), NOW)
    edited = paid_today(vector(before), number(NOW))
    return dict(zip(STATE_COLUMNS, edited.values.tolist(), strict=True)), after


def vector(state: Mapping[str, float]) -> StateVector:
    return StateVector(STATE_SCHEMA, np.array([state[name] for name in STATE_COLUMNS]))


def histories(days: st.SearchStrategy[int]) -> st.SearchStrategy[list[Invoice]]:
    """Settled invoices, no two on one day: what is settled together has no order but the ledger's."""
    one = st.tuples(days, st.integers(-10, 60), st.integers(50, 5_000))
    return st.lists(one, max_size=12, unique_by=lambda made: made[0] + made[1])


overdue_invoices = st.lists(
    st.tuples(st.integers(1, 300), st.just(0), st.integers(50, 5_000)), min_size=1, max_size=6
).map(lambda made: sorted(made, reverse=True))


@settings(max_examples=15, deadline=None)  # each builds two ledgers whole
@given(histories(st.integers(40, 330)), overdue_invoices, st.integers(0, 2))
def test_what_is_owed_comes_out_as_the_builder_gives_it(
    settled: list[Invoice], overdue: list[Invoice], coming: int
):
    edited, built = both(settled, overdue, coming)
    for name in EXPOSURE:
        assert edited[name] == pytest.approx(built[name], nan_ok=True), name


@settings(max_examples=15, deadline=None)  # each builds two ledgers whole
@given(
    histories(st.integers(40, 330)),
    st.tuples(st.integers(1, 300), st.just(0), st.integers(50, 5_000)),
    st.integers(0, 2),
)
def test_with_one_overdue_invoice_every_column_but_those_left_alone_is_the_builders(
    settled: list[Invoice], overdue: Invoice, coming: int
):
    edited, built = both(settled, [overdue], coming)
    for name in STATE_COLUMNS:
        if name not in LEFT_ALONE:
            assert edited[name] == pytest.approx(built[name], abs=1e-6, nan_ok=True), name


def test_what_is_left_alone_stays():
    settled, overdue = [(100, 5, 100)], [(95, 0, 5_000)]
    before = state_at(ledger_of(settled, overdue, 1, pay=False), NOW)
    edited, _ = both(settled, overdue)
    assert before["in_default"] == 1.0
    for name in LEFT_ALONE:
        assert edited[name] == pytest.approx(before[name], nan_ok=True)


def test_with_several_the_estimated_lateness_lies_within_what_was_overdue():
    settled, overdue = (
        [(100, 5, 100), (150, -3, 400)],
        [(250, 0, 50), (70, 0, 900), (45, 0, 10), (3, 0, 4_000)],
    )
    edited, built = both(settled, overdue)
    ages = [age for age, _, _ in overdue]
    late = [late for _, late, _ in settled]
    assert min([1, *ages, *late]) <= edited["days_late_mean_all"] <= max([*ages, *late])
    assert edited["late0_share_all"] == pytest.approx(built["late0_share_all"])


def test_a_state_without_anything_overdue_is_returned_as_it_is():
    before = state_at(ledger_of([(100, 5, 100)], [], 1, pay=False), NOW)
    assert paid_today(vector(before), number(NOW)).hash == vector(before).hash


def test_the_state_given_is_not_changed():
    before = state_at(ledger_of([(100, 5, 100)], [(40, 0, 100)], 1, pay=False), NOW)
    given = vector(before)
    assert paid_today(given, number(NOW)).hash != given.hash
    assert given.hash == vector(before).hash
