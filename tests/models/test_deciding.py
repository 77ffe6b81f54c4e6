from dataclasses import replace

import pytest

from models.assessment import CreditRequest
from models.deciding import decide_for, decide_on
from models.errors import CreditError
from models.policy.decision import Order
from tests.models.fitted import fitted
from tests.models.states import some_states


def test_an_order_is_assessed_for_its_own_amount_and_days_and_decided_under_the_same_policy():
    assessor, state = fitted().assessor, some_states(1)[0]
    order = Order(2_500.0, 45, invoice_basis="eom_plus")
    answer, decision = decide_for(assessor, state, CreditRequest(yearly_forecast_eur=9_000.0), order)
    assert answer.request.amount_eur == 2_500.0
    assert answer.request.terms_days is not None
    assert 45 <= answer.request.terms_days <= 76
    assert answer.request.yearly_forecast_eur == 9_000.0
    assert decision == decide_on(answer, order, assessor.policy)
    assert decision.policy_hash == answer.policy_hash


def test_an_override_and_the_level_of_who_asks_count():
    assessor, state = fitted().assessor, some_states(1)[0]
    order = Order(1_000.0, 8, means_of_payment="guarantee", deposit_share=0.9)
    asked = CreditRequest()
    _, over = decide_for(assessor, state, asked, order, 1e8)
    assert over.limit_in_force_eur == 1e8
    _, low = decide_for(assessor, state, asked, Order(9e7, 8), 1e8, asker="sales")
    assert "approval" in [reason.code for reason in low.reasons]


def test_a_grade_set_by_an_analyst_decides_and_the_models_own_stays_on_the_assessment():
    assessor, state = fitted().assessor, some_states(1)[0]
    order = Order(100.0, 45)
    answer, decision = decide_for(assessor, state, CreditRequest(), order, grade="E")
    own, _ = decide_for(assessor, state, CreditRequest(), order)
    assert answer == own
    terms = next(one for one in decision.conditions if one.code in {"terms", "prepayment"})
    assert terms.code == "prepayment" or terms.value == assessor.policy.terms.max_days["E"]


def test_an_assessment_under_another_policy_decides_nothing():
    assessor, state = fitted().assessor, some_states(1)[0]
    answer = assessor.assess(state, CreditRequest())
    with pytest.raises(CreditError, match="assess the customer again"):
        decide_on(answer, Order(1.0, 30), replace(assessor.policy, hash="other"))


def test_an_order_that_cannot_be_is_refused_before_any_model_is_asked():
    assessor, state = fitted().assessor, some_states(1)[0]
    with pytest.raises(CreditError, match="amount_eur"):
        decide_for(assessor, state, CreditRequest(), Order(-1.0, 30))
