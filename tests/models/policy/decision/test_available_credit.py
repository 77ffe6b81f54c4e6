import math
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from models.policy.credit_case import CreditCase
from models.policy.decision.available_credit import AvailableCredit, available_credit
from models.policy.decision.condition import Question, all_met
from models.policy.decision.decision import decide
from models.policy.decision.order import Order
from models.policy.document import load_policy
from models.policy.limit.limit import recommend_limit
from tests.models.policy.builders import a_case, cases
from tests.models.policy.order_builders import ways

POLICY = load_policy()


def found_of(case: CreditCase, approved_eur: float | None = None) -> AvailableCredit:
    limit_eur = recommend_limit(case, POLICY).limit_eur if approved_eur is None else approved_eur
    return available_credit(case, POLICY, limit_eur, approved_eur=approved_eur)


@given(cases(), st.one_of(st.none(), st.floats(0, 1e6)))
def test_the_largest_order_meets_the_policy_once_its_conditions_are_met(
    case: CreditCase, approved_eur: float | None
):
    found = found_of(case, approved_eur)
    if found.outcome == "refer":
        assert any(reason.refers for reason in found.reasons) or not found.conditions
        return
    order = Order(found.largest_order_eur or 1_000.0, found.terms_days)
    for way in ways(found.conditions):
        asked = all_met(way, Question(case, order, approved_eur))
        assert decide(asked.case, asked.order, POLICY, asked.approved_eur).outcome == "accept"


@given(cases())
def test_the_largest_order_never_takes_more_credit_than_the_limit_leaves(case: CreditCase):
    found = found_of(case)
    credit_eur = found.largest_order_eur * (1.0 - POLICY.terms.deposit_share[case.grade])
    assert credit_eur <= max(found.limit_in_force_eur - found.exposure_eur, 0.0) + 0.01


def test_a_deposit_of_the_grade_lets_the_order_be_larger_than_what_is_left():
    case = a_case(grade="D", pd_12m=0.05, open_eur=1_000.0)
    found = found_of(case)
    left = found.limit_in_force_eur - 1_000.0
    assert found.outcome == "accept_with_conditions"
    assert found.largest_order_eur == math.floor(left / 0.7)
    assert {one.code for one in found.conditions} == {"deposit", "means_of_payment"}


def test_a_limit_that_is_used_up_leaves_prepayment():
    found = found_of(a_case(open_eur=1e6), 5_000.0)
    assert (found.outcome, found.largest_order_eur) == ("accept_with_conditions", 0.0)
    assert [one.code for one in found.conditions] == ["prepayment"]
    assert [one.code for one in found.reasons] == ["limit_used"]


def test_an_open_proceeding_refers_even_prepayment():
    found = found_of(a_case(open_proceeding=True))
    assert found.outcome == "refer"
    assert found.conditions == ()
    assert found.approval is not None


def test_old_arrears_leave_prepayment_and_say_why():
    found = found_of(a_case(oldest_overdue_days=400.0, open_eur=3_000.0))
    assert (found.outcome, found.reasons[0].code) == ("accept_with_conditions", "long_overdue")


def test_a_natural_person_is_referred_with_the_amount_that_the_calculation_allows():
    found = found_of(replace(a_case(), natural_person=True))
    assert (found.outcome, found.reasons[0].code) == ("refer", "natural_person")
    assert found.largest_order_eur > 0.0
