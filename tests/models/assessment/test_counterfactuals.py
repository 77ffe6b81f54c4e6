import itertools
import json
from dataclasses import replace

import pytest

from models.assessment.assessment import CreditRequest
from models.assessment.assessor import Assessor
from models.assessment.counterfactuals import MOST, OFFERED, Counterfactual, changes, counterfactuals
from models.assessment.order_assessment import decide_on, request_for
from models.policy.decision.decision import OUTCOMES
from models.policy.decision.order import Order
from tests.models.fitted import fitted
from tests.models.states import changed, some_states, with_overdue
from tests.typography import faults

ORDER = Order(60_000.0, 60)
REQUEST = CreditRequest()


@pytest.fixture(scope="module")
def assessor() -> Assessor:
    """The fitted models are too small to be sure of anybody: a policy that takes them as they are."""
    made = fitted().assessor
    return replace(made, policy=made.policy.revised(decision={"minimum_confidence": "none"}))


def told_about(assessor: Assessor, count: int = 12) -> list[tuple[object, tuple[Counterfactual, ...]]]:
    safe = Order(20_000.0, 8, means_of_payment="guarantee")
    return [
        ((state, order), counterfactuals(assessor, state, REQUEST, order))
        for state in [*some_states(count), *with_overdue(count)]
        for order in (ORDER, Order(500.0, 60), safe)
    ]


def test_asking_again_by_hand_gives_the_figures_told(assessor: Assessor):
    codes = set()
    for (state, order), told in told_about(assessor):
        base = assessor.assess(state, request_for(state, REQUEST, order))
        tried = {(one.code, one.change_en): one for one in changes(assessor.policy, state, base, order)}
        for one in told:
            change = tried[one.code, one.change_en]
            answer = assessor.assess(change.state, change.request)
            decision = decide_on(answer, change.order, assessor.policy)
            assert (one.limit_eur, one.grade, one.pd_12m, one.p_late30, one.outcome) == (
                answer.limit.limit_eur,
                answer.grade,
                answer.pd_12m.value,
                answer.p_late30.value,
                decision.outcome,
            )
            codes.add(one.code)
    assert {"cover", "smaller_amount"} <= codes


def test_only_what_betters_the_answer_is_told_the_best_first_and_a_few(assessor: Assessor):
    ranks = list(OUTCOMES)
    for (state, order), told in told_about(assessor):
        base = assessor.assess(state, request_for(state, REQUEST, order))
        decided = decide_on(base, order, assessor.policy)
        assert len(told) <= MOST
        for one in told:
            assert one.limit_eur >= base.limit.limit_eur
            assert ranks.index(one.outcome) <= ranks.index(decided.outcome)
            assert (one.outcome, one.limit_eur, one.grade) != (
                decided.outcome,
                base.limit.limit_eur,
                base.grade,
            )
        for better, worse in itertools.pairwise(told):
            assert ranks.index(better.outcome) <= ranks.index(worse.outcome)


def test_each_change_is_told_once_never_beside_the_same_condition_and_never_for_a_trifle(assessor: Assessor):
    share = assessor.policy.alerts.limit_share
    for (state, order), told in told_about(assessor):
        base = assessor.assess(state, request_for(state, REQUEST, order))
        decided = decide_on(base, order, assessor.policy)
        codes = [one.code for one in told]
        assert len(set(codes)) == len(codes)
        assert not {OFFERED.get(one.code) for one in decided.conditions} & set(codes)
        for one in told:
            is_higher = one.limit_eur - base.limit.limit_eur >= share * one.limit_eur > 0
            assert one.outcome != decided.outcome or one.grade != base.grade or is_higher


def test_the_longest_of_the_shorter_terms_that_help_is_told_alone(assessor: Assessor):
    rules = {"max_days": dict.fromkeys("ABCDE", 30)}
    strict = replace(assessor, policy=assessor.policy.revised(terms=rules))
    for state in some_states(4):
        told = counterfactuals(strict, state, CreditRequest(amount_eur=100.0, terms_days=60))
        shorter = [one for one in told if one.code == "shorter_terms"]
        assert [one.change_en for one in shorter] in ([], ["payment terms were 30 days from the invoice"])


def test_more_cover_never_lowers_a_limit_and_fewer_overdue_invoices_never_raise_what_they_raise_alone(
    assessor: Assessor,
):
    for state in some_states(20):
        base = assessor.assess(state, request_for(state, REQUEST, ORDER))
        for one in changes(assessor.policy, state, base, ORDER):
            if one.code == "cover":
                assert assessor.assess(one.state, one.request).limit.limit_eur >= base.limit.limit_eur


def test_a_customer_without_anything_overdue_is_not_asked_to_pay_it(assessor: Assessor):
    state = some_states(1)[0]
    clean = changed(state, overdue_eur=0.0, overdue_count=0.0)
    told = counterfactuals(assessor, clean, REQUEST, ORDER)
    assert "overdue_paid" not in [one.code for one in told]


def test_a_customer_in_long_arrears_is_told_that_paying_them_opens_credit_again(assessor: Assessor):
    state = next(iter(with_overdue(1)))
    late = changed(
        state, oldest_overdue_days=130.0, overdue30_eur=100.0, overdue60_eur=100.0, overdue90_eur=100.0
    )
    told = {one.code: one for one in counterfactuals(assessor, late, REQUEST, Order(500.0, 8))}
    assert told["overdue_paid"].limit_eur > 0
    assert told["overdue_paid"].within_reach_of == "customer"


def test_a_natural_person_still_learns_what_would_raise_its_limit_and_never_that_a_machine_accepts(
    assessor: Assessor,
):
    for state in some_states(6):
        person = replace(state, party=replace(state.party, natural_person=True))
        for one in counterfactuals(assessor, person, REQUEST, ORDER):
            assert one.outcome == "refer"


def test_without_an_order_the_customers_habits_are_asked_about(assessor: Assessor):
    for state in some_states(5):
        for one in counterfactuals(assessor, state, CreditRequest(terms_days=60)):
            assert one.limit_eur >= assessor.assess(state, CreditRequest(terms_days=60)).limit.limit_eur


def test_sentences_carry_the_change_and_its_effect_in_both_languages(assessor: Assessor):
    for _, told in told_about(assessor, 4):
        for one in told:
            assert one.sentence_fr.startswith(f"Si {one.change_fr}, l")
            assert one.sentence_en.startswith(f"If {one.change_en}, the ")
            json.dumps(one.document(), allow_nan=False)


def test_every_sentence_is_set_as_its_language_sets_it_and_says_what_is_better(assessor: Assessor):
    told = [one for _, found in told_about(assessor) for one in found]
    assert told
    for one in told:
        assert faults(one.sentence_fr, "fr") == []
        assert faults(one.sentence_en, "en") == []
        assert one.sentence_fr.startswith(f"Si {one.change_fr}, l")
        assert one.sentence_en.startswith(f"If {one.change_en}, the ")
