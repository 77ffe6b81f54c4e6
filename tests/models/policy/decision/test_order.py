import datetime as dt
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.errors import CreditError
from models.policy.decision.exposure import Commitments
from models.policy.decision.order import Order, days_of, order_exposure, stop_of
from models.policy.document import load_policy
from models.policy.limit.limit import recommend_limit
from models.policy.limit.stops import STOPS
from tests.models.policy.builders import a_case, cases, earlier_policy

POLICY = load_policy()
AMOUNTS = st.integers(1, 5_000_000).map(lambda cents: cents / 100)


@given(AMOUNTS, st.floats(0, 1), st.booleans())
def test_deposit_and_credit_add_up_to_the_order_in_whole_cents(amount: float, share: float, prepaid: bool):
    order = Order(amount, 30, share, prepaid=prepaid)
    assert round(order.deposit_eur * 100) + round(order.credit_eur * 100) == round(amount * 100)
    assert order.credit_eur == 0 or not prepaid


def test_a_prepaid_order_uses_no_exposure():
    found = order_exposure(a_case(open_eur=900.0), Order(1e6, 30, prepaid=True), POLICY)
    assert (found.before_eur, found.after_eur, found.fits) == (900.0, 900.0, True)


def test_money_on_account_pays_no_new_order():
    assert order_exposure(a_case(open_eur=-500.0), Order(100.0, 30), POLICY).after_eur == 100.0


@given(cases(), AMOUNTS)
def test_an_order_is_never_refused_for_the_need_that_it_makes_itself(case: object, amount: float):
    found = order_exposure(case, Order(amount, 30), POLICY)  # type: ignore[arg-type]  # a case
    if found.limit.binding == "need":
        assert found.fits


@given(cases(), AMOUNTS, AMOUNTS)
def test_what_fits_goes_on_fitting_with_less(case: object, amount: float, other: float):
    less, more = sorted((amount, other))
    if order_exposure(case, Order(more, 30), POLICY).fits:  # type: ignore[arg-type]  # a case
        assert order_exposure(case, Order(less, 30), POLICY).fits  # type: ignore[arg-type]  # a case


def test_an_override_counts_and_lifts_no_stop():
    case, order = a_case(open_eur=20_000.0), Order(15_000.0, 30)
    assert not order_exposure(case, order, POLICY).fits
    assert order_exposure(case, order, POLICY, override_eur=35_000.0).is_within_limit
    assert not order_exposure(case, order, POLICY, override_eur=34_999.99).is_within_limit
    stopped = order_exposure(replace(case, open_proceeding=True), order, POLICY, override_eur=35_000.0)
    assert (stopped.fits, stopped.in_force_eur, stopped.available_eur) == (False, 0.0, 0.0)


def test_a_tolerance_lets_an_order_pass_the_limit_by_its_share():
    lenient = POLICY.revised(decision={"tolerance_share": 0.05})
    case = a_case(open_eur=28_000.0)
    found = order_exposure(case, Order(1_400.0, 30), lenient)
    assert (found.fits, found.is_tolerated, found.is_within_limit) == (True, True, False)
    assert not order_exposure(case, Order(1_400.01, 30), lenient).fits


def test_an_excess_of_at_most_the_de_minimis_is_none_but_a_limit_of_0_allows_none():
    strict = POLICY.revised(
        decision={"tolerance_share": 0.0, "within_tolerance": "refer", "de_minimis_eur": 50.0}
    )
    case = a_case(open_eur=28_000.0)
    assert order_exposure(case, Order(50.0, 30), strict).fits
    assert not order_exposure(case, Order(50.01, 30), strict).fits
    assert not order_exposure(case, Order(1.0, 30), strict, override_eur=0.0).fits
    assert not order_exposure(a_case(in_default=True), Order(1.0, 30), strict).fits


def test_orders_under_way_use_the_limit_as_the_policy_counts_them():
    order = Order(1_000.0, 30, commitments=Commitments(4_000.0, 2_500.0, 500.0))
    case = a_case(open_eur=20_000.0)
    found = order_exposure(case, order, POLICY)
    assert (found.before_eur, found.after_eur) == (26_000.0, 27_000.0)
    assert order_exposure(case, order, earlier_policy()).before_eur == 20_000.0


def test_commitments_that_cannot_be_are_refused_by_name():
    wrong = Order(1.0, 30, commitments=Commitments(-1.0, float("nan"), 0.0))
    with pytest.raises(CreditError, match=r"delivered_not_invoiced_eur is -1\.0.*ordered_not_delivered_eur"):
        wrong.check()


@pytest.mark.parametrize(
    "change",
    [{"open_proceeding": True}, {"closed": True}, {"in_default": True}, {"oldest_overdue_days": 121.0}],
)
def test_every_stop_is_found_by_its_name(change: dict[str, object]):
    stop = stop_of(recommend_limit(a_case(**change), POLICY))
    assert stop is not None
    assert stop.name in STOPS


def test_the_days_of_an_order_count_from_the_invoice_to_the_due_date():
    case = a_case(as_of=dt.date(2026, 11, 5))
    assert [
        days_of(case, Order(1.0, 45, invoice_basis=basis)) for basis in ("net", "eom_plus", "plus_eom")
    ] == [
        45,
        70,
        56,
    ]


def test_every_fault_of_an_order_is_named_at_once():
    wrong = Order(float("nan"), 400, 1.5, invoice_basis="late", means_of_payment="cheque")
    with pytest.raises(CreditError) as caught:
        wrong.check()
    for name in ("amount_eur", "terms_days", "deposit_share", "invoice_basis", "means_of_payment"):
        assert f"{name} is " in str(caught.value)
