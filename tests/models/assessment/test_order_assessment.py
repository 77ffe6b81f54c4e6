from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import pytest

from models.assessment.assessment import Assessment, CreditRequest
from models.assessment.assessor import Assessor
from models.assessment.order_assessment import Decided, decide_for, decide_on
from models.errors import CreditError
from models.policy.decision.condition import Question, all_met
from models.policy.decision.order import Order
from models.policy.document import policy_from_text, policy_text
from tests.models.fitted import fitted
from tests.models.policy.builders import earlier_policy
from tests.models.policy.order_builders import ways
from tests.models.states import some_states

ASKED = CreditRequest()


def setting(limit_eur: float | None = None, grade: str | None = None) -> Callable[[Any], Mapping[str, Any]]:
    """Return what says which limit and grade a person has set."""

    def in_force(answer: Assessment) -> Mapping[str, Any]:
        kinds = (("limit", limit_eur), ("grade", grade))
        return {
            "limit_eur": answer.limit.limit_eur if limit_eur is None else limit_eur,
            "limit_from": "model" if limit_eur is None else "override",
            "grade": answer.grade if grade is None else grade,
            "grade_from": "model" if grade is None else "override",
            "overrides": [{"kind": kind, "value": value} for kind, value in kinds if value is not None],
        }

    return in_force


def sure(**changes: object) -> Assessor:
    """The fitted models are too small to be sure of anybody: a policy that takes them as they are."""
    made = fitted().assessor
    return replace(made, policy=made.policy.revised(decision={"minimum_confidence": "none"}, **changes))


def test_an_order_is_assessed_for_its_own_amount_and_days_and_decided_under_the_same_policy():
    assessor, state = fitted().assessor, some_states(1)[0]
    order = Order(2_500.0, 45, invoice_basis="eom_plus")
    found = decide_for(assessor, state, CreditRequest(yearly_forecast_eur=9_000.0), order, setting())
    answer = found.assessment
    assert answer.request.amount_eur == 2_500.0
    assert answer.request.terms_days is not None
    assert 45 <= answer.request.terms_days <= 76
    assert answer.request.yearly_forecast_eur == 9_000.0
    assert found.decision == decide_on(answer, order, assessor.policy)
    assert found.decision.policy_hash == answer.policy_hash


def test_an_approved_limit_counts_and_who_asks_does_not_but_by_an_earlier_policy():
    assessor, state = sure(), some_states(1)[0]
    order = Order(1_000.0, 8, means_of_payment="guarantee", deposit_share=0.9)
    assert decide_for(assessor, state, ASKED, order, setting(1e8)).decision.limit_in_force_eur == 1e8
    large = Order(9e7, 8)

    def reasons(assessor: Assessor) -> list[str]:
        found = decide_for(assessor, state, ASKED, large, setting(1e8), asker="sales").decision
        return [reason.code for reason in found.reasons]

    assert reasons(assessor) == ["within_limit"]
    assert "approval" in reasons(replace(assessor, policy=earlier_policy()))


def test_a_grade_set_by_an_analyst_decides_and_the_models_own_stays_on_the_assessment():
    assessor, state = sure(), some_states(1)[0]
    order = Order(100.0, 45)
    found = decide_for(assessor, state, ASKED, order, setting(grade="D"))
    own = decide_for(assessor, state, ASKED, order, setting())
    assert found.assessment == own.assessment
    terms = next(one for one in found.decision.conditions if one.code in {"terms", "prepayment"})
    assert terms.code == "prepayment" or terms.value == assessor.policy.terms.max_days["D"]


@pytest.mark.parametrize("unapproved_eur", [1_000.0, 100_000.0])
def test_asked_again_from_the_beginning_with_its_conditions_met_an_order_is_accepted(unapproved_eur: float):
    assessor = sure(approval={"unapproved_limit_eur": unapproved_eur})
    offered = set()

    def decided(asked: Question) -> Decided:
        # Cover is agreed outside: no model reads it, so the case alone is asked again.
        return decide_for(assessor, state, ASKED, asked.order, setting(asked.approved_eur), asker="sales")

    for state in some_states(12):
        for order in (Order(500.0, 75), Order(20_000.0, 60), Order(20_000.0, 60, 0.1)):
            asked = Question(decide_for(assessor, state, ASKED, order, setting()).assessment.case, order)
            for group in ways(decided(asked).decision.conditions):
                if any(one.code == "cover" for one in group):
                    continue
                offered |= {one.code for one in group}
                assert decided(all_met(group, asked)).decision.outcome == "accept"
    assert {"terms", "deposit"} <= offered


def test_an_assessment_under_another_policy_decides_nothing():
    assessor, state = fitted().assessor, some_states(1)[0]
    answer = assessor.assess(state, ASKED)
    other = policy_from_text(policy_text().replace("2026.12", "2027.01"), "other")
    with pytest.raises(CreditError, match="assess the customer again"):
        decide_on(answer, Order(1.0, 30), other)


def test_an_order_that_cannot_be_is_refused_before_any_model_is_asked():
    assessor, state = fitted().assessor, some_states(1)[0]
    with pytest.raises(CreditError, match="amount_eur"):
        decide_for(assessor, state, ASKED, Order(-1.0, 30), setting())
