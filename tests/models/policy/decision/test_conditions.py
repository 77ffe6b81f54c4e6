from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.policy.credit_case import CreditCase
from models.policy.decision.condition import Condition, Question, all_met, met
from models.policy.decision.conditions import conditions, is_acceptable, least, sufficient
from models.policy.decision.order import Order, order_exposure
from models.policy.document import load_policy
from tests.models.policy.builders import a_case, cases
from tests.models.policy.order_builders import orders, ways

POLICY = load_policy()


def made_for(case: CreditCase, order: Order, override: float | None = None) -> tuple[Condition, ...]:
    return conditions(Question(case, order, override), POLICY)


def codes(case: CreditCase, order: Order, override: float | None = None) -> list[tuple[str, str]]:
    return [(made.code, made.role) for made in made_for(case, order, override)]


@given(st.integers(0, 1000), st.integers(0, 1000), st.integers(0, 1000))
def test_halving_finds_the_least_that_fits(turn: int, low: int, high: int):
    found = least(lambda n: n >= turn, low, high)
    fitting = [n for n in range(low + 1, high + 1) if n >= turn]
    assert found == min(fitting, default=None)


@given(cases(), orders(), st.one_of(st.none(), st.floats(0, 1e6)))
def test_every_condition_makes_the_order_acceptable_alone_or_says_that_it_takes_others(
    case: CreditCase, order: Order, override: float | None
):
    asked = Question(case, order, override)
    made = conditions(asked, POLICY)
    assert is_acceptable(asked, POLICY) == (not made)
    assert len({one.code for one in made}) == len(made)
    for group in ways(made):
        then = all_met(group, asked)
        assert conditions(then, POLICY) == ()
        assert then.exposure(POLICY).is_within_limit or then.exposure(POLICY).fits


@given(cases(), orders())
def test_a_deposit_is_the_smallest_and_terms_are_the_longest_that_lead_back_to_the_limit(
    case: CreditCase, order: Order
):
    made = made_for(case, order)
    asked = all_met((one for one in made if one.role == "always"), Question(case, order))
    if asked.exposure(POLICY).fits:
        return
    for one in made:
        then = met(one, asked)
        if one.code == "deposit":
            cents = round(float(one.value) * 100) - 1
            less = replace(asked.order, deposit_share=cents / round(order.amount_eur * 100))
            assert not order_exposure(case, less, POLICY).is_within_limit
        if one.code == "terms":
            assert not asked.on_terms(int(one.value) + 1, str(one.basis)).exposure(POLICY).is_within_limit
        if one.code == "cover":
            fewer = replace(then.case, insured_limit_eur=float(one.value) - 1)
            assert not order_exposure(fewer, asked.order, POLICY).is_within_limit


def test_an_order_over_the_limit_is_brought_back_by_a_deposit_or_by_cover():
    # 20,000 owed + 12,000 ordered against 28,000; 28,000 + 90 % of 4,445 reaches 32,000.
    made = made_for(a_case(open_eur=20_000.0), Order(12_000.0, 30))
    assert [(one.code, one.value, one.role) for one in made] == [
        ("deposit", 4_000.0, "alone"),
        ("cover", 4_445.0, "alone"),
    ]
    assert made[0].share == pytest.approx(1 / 3)


def test_what_the_house_asks_for_is_tightened_and_not_asked_for_twice():
    # Grade D pays 30 % before delivery anyway; its limit takes more of a large order.
    case = a_case(grade="D", pd_12m=0.08)
    order = Order(30_000.0, 15, means_of_payment="bill_of_exchange")
    limit = order_exposure(case, order, POLICY).in_force_eur
    (deposit,) = made_for(case, order)
    assert (deposit.code, deposit.value, deposit.role) == ("deposit", 30_000.0 - limit, "alone")
    assert deposit.value > 0.3 * 30_000.0


def test_a_limit_that_is_recommended_and_not_approved_is_a_condition_with_who_approves_it():
    case = a_case(open_eur=18_000.0)
    strict = POLICY.revised(approval={"unapproved_limit_eur": 20_000.0})
    made = {one.code: one for one in conditions(Question(case, Order(8_050.0, 30)), strict)}
    assert (made["approval"].value, made["approval"].role) == (26_100.0, "alone")
    assert "responsable crédit" in made["approval"].label_fr
    assert "approval" not in {one.code for one in conditions(Question(case, Order(12_000.0, 30)), strict)}
    assert "approval" not in {one.code for one in made_for(case, Order(15_000.0, 30))}


def test_a_condition_that_is_not_enough_is_left_out_and_one_way_that_is_left_is_needed():
    made = made_for(a_case(open_eur=20_000.0), Order(12_000.0, 60))
    assert [(one.code, one.role) for one in made] == [
        ("terms", "always"),
        ("deposit", "one_of"),
        ("cover", "one_of"),
    ]

    def enough(*codes: str) -> list[tuple[str, str]]:
        left = sufficient(made, lambda some: {one.code for one in some} <= {"terms", *codes})
        return [(one.code, one.role) for one in left]

    assert enough("deposit") == [("terms", "always"), ("deposit", "always")]
    assert enough("deposit", "cover") == [(one.code, one.role) for one in made]
    assert enough() == []


def test_other_terms_are_assessed_again_before_the_means_of_payment_are():
    # On shorter terms this customer pays late: what it then takes is asked for at once.
    case = a_case(p_late30=0.1)
    asked = Question(case, Order(1_000.0, 60), again=lambda order: replace(case, p_late30=0.9))
    assert [(one.code, one.role) for one in conditions(asked, POLICY)] == [
        ("terms", "always"),
        ("means_of_payment", "always"),
    ]


def test_terms_above_the_cap_come_first_and_count_on_the_basis_asked_for():
    made = made_for(a_case(), Order(1_000.0, 60))
    assert [(one.code, one.value, one.basis, one.role) for one in made] == [("terms", 45, "net", "alone")]
    eom = made_for(a_case(), Order(1_000.0, 60, invoice_basis="plus_eom"))
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
    case = a_case(open_eur=31_000.0)
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
        *made_for(a_case(open_eur=20_000.0), Order(12_000.0, 60)),
        *made_for(a_case(in_default=True), Order(10_000.0, 60)),
        *made_for(a_case(grade="D"), Order(100.0, 60)),
    ):
        assert made.label_fr != made.label_en
        assert made.document()["cumulative"] == (made.role != "alone")


def test_no_days_from_the_invoice_are_told_as_payment_on_receipt():
    strict = POLICY.revised(terms={"max_days": dict.fromkeys("ABCDE", 0)})
    (terms,) = conditions(Question(a_case(), Order(100.0, 30)), strict)
    assert (terms.code, terms.value) == ("terms", 0)
    assert terms.label_fr == "paiement à réception de la facture"
    assert terms.label_en == "payment on receipt of the invoice"
