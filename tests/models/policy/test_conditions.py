from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.policy.conditions import conditions, least, met
from models.policy.credit_case import CreditCase
from models.policy.order import Order, room
from models.policy.policy import load_policy
from tests.models.policy.builders import a_case, cases
from tests.models.policy.order_builders import orders

POLICY = load_policy()


def codes(case: CreditCase, order: Order, override: float | None = None) -> list[tuple[str, str]]:
    return [(made.code, made.role) for made in conditions(case, order, POLICY, override)]


@given(st.integers(0, 1000), st.integers(0, 1000), st.integers(0, 1000))
def test_halving_finds_the_least_that_fits(turn: int, low: int, high: int):
    found = least(lambda n: n >= turn, low, high)
    fitting = [n for n in range(low + 1, high + 1) if n >= turn]
    assert found == min(fitting, default=None)


@given(cases(), orders(), st.one_of(st.none(), st.floats(0, 1e6)))
def test_every_condition_makes_the_order_acceptable_alone_or_says_that_it_takes_others(
    case: CreditCase, order: Order, override: float | None
):
    made = conditions(case, order, POLICY, override)
    always = [one for one in made if one.role == "always"]
    ways = [one for one in made if one.role == "one_of"]
    alone = [one for one in made if one.role == "alone"]
    assert {one.code for one in alone} <= {"prepayment"} or not (always or ways)
    together = [(one,) for one in alone] + [(*always, one) for one in ways or ([None] if always else [])]
    for group in together:
        met_case, met_order = case, order
        for one in group:
            if one is not None:
                met_case, met_order = met(one, met_case, met_order)
        assert conditions(met_case, met_order, POLICY, override) == ()
        assert room(met_case, met_order, POLICY, override).fits


@given(cases(), orders())
def test_a_deposit_is_the_smallest_and_terms_are_the_longest(case: CreditCase, order: Order):
    made = {one.code: one for one in conditions(case, order, POLICY) if one.role != "always"}
    asked = order
    for one in conditions(case, order, POLICY):
        asked = met(one, case, asked)[1] if one.role == "always" else asked
    deposit, terms, cover = made.get("deposit"), made.get("terms"), made.get("cover")
    if deposit is not None and not room(case, asked, POLICY).fits:
        cents = round(float(deposit.value) * 100) - 1
        less = replace(asked, deposit_share=cents / round(order.amount_eur * 100))
        assert not room(case, less, POLICY).fits
    if terms is not None and not room(case, asked, POLICY).fits:
        assert not room(case, replace(asked, terms_days=int(terms.value) + 1), POLICY).fits
    if cover is not None:
        less_cover = replace(case, insured_limit_eur=float(cover.value) - 1, covered_share=cover.share or 0.0)
        assert not room(less_cover, asked, POLICY).fits


def test_an_order_over_the_limit_is_brought_back_by_a_deposit_or_by_cover():
    # 20,000 owed + 10,000 ordered against 28,000; 28,000 + 90 % of 2,223 reaches 30,000.
    made = conditions(a_case(open_eur=20_000.0), Order(10_000.0, 30), POLICY)
    assert [(one.code, one.value, one.role) for one in made] == [
        ("deposit", 2_000.0, "alone"),
        ("cover", 2_223.0, "alone"),
    ]
    assert made[0].share == pytest.approx(0.2)


def test_terms_above_the_cap_come_first_and_count_on_the_basis_asked_for():
    made = conditions(a_case(), Order(1_000.0, 60), POLICY)
    assert [(one.code, one.value, one.basis, one.role) for one in made] == [("terms", 45, "net", "alone")]
    eom = conditions(a_case(), Order(1_000.0, 60, invoice_basis="plus_eom"), POLICY)
    assert [(one.value, one.basis) for one in eom] == [(45, "plus_eom")]


def test_what_the_house_asks_of_a_grade_is_asked_together():
    case = a_case(grade="D", pd_12m=0.08)
    assert codes(case, Order(100.0, 60)) == [
        ("terms", "always"),
        ("deposit", "always"),
        ("means_of_payment", "always"),
    ]


def test_a_likely_late_payer_is_asked_for_a_safer_means_of_payment():
    case = a_case(p_late30=0.9)
    assert codes(case, Order(100.0, 30)) == [("means_of_payment", "alone")]
    assert codes(case, Order(100.0, 30, means_of_payment="bill_of_exchange")) == []
    assert codes(a_case(p_late30=0.1), Order(100.0, 30)) == []


def test_under_a_stop_only_prepayment_helps_and_an_override_changes_nothing():
    case = a_case(open_proceeding=True)
    assert codes(case, Order(100.0, 30)) == [("prepayment", "alone")]
    assert codes(case, Order(100.0, 30), 1e6) == [("prepayment", "alone")]
    assert codes(case, Order(100.0, 30, prepaid=True)) == []


def test_where_no_room_is_left_cover_helps_and_so_does_prepayment_by_itself():
    case = a_case(open_eur=28_000.0)
    assert codes(case, Order(1_000.0, 30)) == [("cover", "alone"), ("prepayment", "alone")]
    assert codes(case, Order(1_000.0, 60)) == [
        ("terms", "always"),
        ("cover", "one_of"),
        ("prepayment", "alone"),
    ]


def test_above_an_analysts_limit_only_a_deposit_helps():
    assert codes(a_case(), Order(10_000.0, 30), 4_000.0) == [("deposit", "alone")]


def test_every_condition_reads_in_both_languages():
    for made in (
        *conditions(a_case(open_eur=20_000.0), Order(10_000.0, 60), POLICY),
        *conditions(a_case(in_default=True), Order(10_000.0, 60), POLICY),
        *conditions(a_case(grade="D"), Order(100.0, 60), POLICY),
    ):
        assert made.label_fr != made.label_en
        assert made.document()["cumulative"] == (made.role != "alone")


def test_no_days_from_the_invoice_are_told_as_payment_on_receipt():
    strict = replace(POLICY, terms=replace(POLICY.terms, max_days=dict.fromkeys("ABCDE", 0)))
    (terms,) = conditions(a_case(), Order(100.0, 30), strict)
    assert (terms.code, terms.value) == ("terms", 0)
    assert terms.label_fr == "paiement à réception de la facture"
    assert terms.label_en == "payment on receipt of the invoice"
