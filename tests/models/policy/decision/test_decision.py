import datetime as dt
import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.errors import CreditError
from models.law.insolvency import Insolvency
from models.policy.bands import graded
from models.policy.credit_case import CreditCase
from models.policy.decision.condition import Question, all_met
from models.policy.decision.decision import Decision, decide
from models.policy.decision.order import Order
from models.policy.document import Policy, load_policy
from models.policy.sections.approval import APPROVERS
from models.policy.sections.decision import CONFIDENCES
from tests.models.policy.builders import AS_OF, a_case, cases, earlier_policy
from tests.models.policy.order_builders import orders, ways
from tests.typography import faults

POLICY = load_policy()
UNAPPROVED = POLICY.revised(approval={"unapproved_limit_eur": 5_000.0})
REFERRING = POLICY.revised(
    decision={"within_tolerance": "refer", "tolerance_share": 0.3, "de_minimis_eur": 0.0}
)


def refers(found: Decision) -> list[str]:
    return [reason.code for reason in found.reasons if reason.refers]


def test_an_order_within_the_limit_is_accepted_and_shows_its_working():
    found = decide(a_case(open_eur=10_000.0), Order(5_000.0, 30), POLICY)
    assert found.outcome == "accept"
    assert (found.exposure_before_eur, found.exposure_after_eur) == (10_000.0, 15_000.0)
    assert found.available_eur == found.limit.limit_eur - 10_000.0
    assert found.limit.terms
    assert [reason.code for reason in found.reasons] == ["within_limit"]
    assert found.valid_until == AS_OF + dt.timedelta(days=POLICY.decision.valid_days)
    assert (found.policy_version, found.policy_hash) == (POLICY.version, POLICY.hash)


def pays_later_on_shorter_terms(case: CreditCase, order: Order) -> CreditCase:
    days = order.terms_days
    return replace(case, p_late30=max(0.9 - days / 50, 0.0), expected_days_late=max(60.0 - days, 0.0))


@given(
    cases(),
    orders(),
    st.one_of(st.none(), st.floats(0, 1e6)),
    st.sampled_from([None, *CONFIDENCES]),
    st.sampled_from([None, *APPROVERS]),
    st.sampled_from([POLICY, UNAPPROVED, REFERRING]),
    st.booleans(),
)
def test_a_decision_asked_again_by_the_same_role_with_its_conditions_met_is_an_acceptance(
    case: CreditCase,
    order: Order,
    approved_eur: float | None,
    confidence: str | None,
    asker: str | None,
    policy: Policy,
    moves: bool,
):
    def again(order: Order) -> CreditCase:
        return pays_later_on_shorter_terms(case, order)

    def decided(asked: Question) -> Decision:
        return decide(
            asked.case,
            asked.order,
            policy,
            asked.approved_eur,
            confidence=confidence,
            asker=asker,
            again=asked.again,
        )

    asked = (
        Question(again(order), order, approved_eur, again) if moves else Question(case, order, approved_eur)
    )
    found = decided(asked)
    assert (found.outcome == "accept") == (not found.conditions and not refers(found))
    assert len({one.code for one in found.conditions}) == len(found.conditions)
    for group in ways(found.conditions):
        assert decided(all_met(group, asked)).outcome == "accept"
        for one in group:
            fewer = [other for other in group if other is not one]
            assert decided(all_met(fewer, asked)).outcome != "accept"


@given(cases(), st.integers(1, 5_000_000), st.sampled_from(list(APPROVERS)))
def test_an_order_within_its_room_and_the_terms_of_its_class_is_accepted_whoever_asks(
    case: CreditCase, cents: int, asker: str
):
    case = replace(case, natural_person=False)
    terms, grade = POLICY.terms, case.grade
    order = Order(
        cents / 100,
        min(int(terms.max_days[grade]), 8),
        terms.deposit_share[grade],
        means_of_payment="guarantee",
    )
    found = decide(case, order, POLICY, confidence="medium", asker=asker)
    assert found == decide(case, order, POLICY, confidence="medium")
    if 0.0 < order.credit_eur <= found.available_eur:
        assert (found.outcome, found.approval) == ("accept", None)


@given(cases(), orders())
def test_a_machine_never_refuses_and_a_natural_person_always_waits_for_a_person(
    case: CreditCase, order: Order
):
    assert decide(case, order, POLICY).outcome in {"accept", "accept_with_conditions", "refer"}
    person = decide(replace(case, natural_person=True), order, POLICY)
    assert person.outcome == "refer"
    assert person.needs_human
    assert "natural_person" in refers(person)


@given(cases(), orders())
def test_a_company_that_the_register_does_not_know_waits_for_a_person_even_prepaid(
    case: CreditCase, order: Order
):
    for asked in (order, replace(order, prepaid=True)):
        assert "unlisted" not in refers(decide(replace(case, unlisted=False), asked, POLICY))
        found = decide(replace(case, unlisted=True), asked, POLICY)
        assert found.outcome == "refer"
        assert "unlisted" in refers(found)


@given(cases(), orders())
def test_a_prepaid_order_of_a_company_is_accepted_unless_it_is_closed_or_in_a_proceeding(
    case: CreditCase, order: Order
):
    case = replace(case, natural_person=False)
    found = decide(case, replace(order, prepaid=True), POLICY)
    assert found.exposure_after_eur == found.exposure_before_eur
    assert found.outcome == ("refer" if case.closed or case.open_proceeding else "accept")


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"in_default": True}, "in_default"),
        ({"oldest_overdue_days": 121.0}, "long_overdue"),
    ],
)
def test_credit_under_a_stop_waits_for_a_person_and_prepayment_is_offered(
    change: dict[str, object], code: str
):
    found = decide(a_case(**change), Order(1_000.0, 30), POLICY, limit_eur=50_000.0)
    assert found.outcome == "refer"
    assert refers(found) == [code]
    assert [one.code for one in found.conditions] == ["prepayment"]


@pytest.mark.parametrize(
    ("confidence", "outcome"), [("none", "refer"), ("low", "accept"), ("high", "accept"), (None, "accept")]
)
def test_without_enough_data_a_person_decides(confidence: str | None, outcome: str):
    found = decide(a_case(), Order(1_000.0, 30), POLICY, confidence=confidence)
    assert found.outcome == outcome


def test_by_an_earlier_policy_an_exposure_above_the_level_of_who_asks_goes_to_who_may_approve_it():
    earlier = earlier_policy()
    levels = earlier.approval.levels
    case = a_case(net_worth_eur=1e7, turnover_eur=1e8, pd_12m=0.0001, grade="A")
    amount = levels[0].up_to_eur + 1.0
    asked = decide(case, Order(amount, 30), earlier, limit_eur=1e6, asker=levels[0].role)
    assert asked.outcome == "refer"
    assert refers(asked) == ["approval"]
    assert asked.approval is not None
    assert asked.approval.role == levels[1].role
    for asker in (levels[1].role, "committee", None):
        assert decide(case, Order(amount, 30), earlier, limit_eur=1e6, asker=asker).outcome == "accept"


def test_a_recommended_limit_stands_without_approval_up_to_the_policys_amount():
    case = a_case(net_worth_eur=1e6, turnover_eur=1e7, pd_12m=0.001, open_eur=95_000.0)
    within = decide(case, Order(5_000.0, 30), POLICY, asker="sales")
    assert (within.outcome, within.limit_in_force_eur, within.approval) == ("accept", 100_000.0, None)
    beyond = decide(case, Order(20_000.0, 30), POLICY, asker="sales")
    assert beyond.limit.binding == "without_approval"
    assert beyond.outcome == "accept_with_conditions"
    assert [one.code for one in beyond.reasons] == ["limit_to_approve"]
    assert beyond.recommended_limit_eur >= beyond.exposure_after_eur == 115_000.0
    assert beyond.approval is not None
    assert beyond.approval.role == "finance_director"
    approved = decide(case, Order(20_000.0, 30), POLICY, 115_000.0, asker="sales")
    assert (approved.outcome, approved.approval) == ("accept", None)


@pytest.mark.parametrize(
    ("within_tolerance", "outcome", "code"),
    [("accept", "accept", "within_limit"), ("refer", "refer", "tolerance")],
)
def test_between_the_limit_and_its_tolerance_the_policy_says_what_happens(
    within_tolerance: str, outcome: str, code: str
):
    policy = POLICY.revised(decision={"within_tolerance": within_tolerance})
    case = a_case(open_eur=20_000.0)
    for amount in (8_050.01, 10_800.0):
        found = decide(case, Order(amount, 30), policy)
        assert (found.outcome, found.reasons[-1].code) == (outcome, code)
    assert decide(case, Order(8_050.0, 30), policy).outcome == "accept"
    beyond = decide(case, Order(10_800.01, 30), policy)
    assert (beyond.outcome, beyond.reasons[-1].code) == ("accept_with_conditions", "over_limit")


@pytest.mark.parametrize("change", [{"natural_person": True}, {"unlisted": True}, {"closed": True}])
def test_nothing_is_offered_where_a_person_decides_whatever_is_met(change: dict[str, object]):
    found = decide(a_case(**change), Order(90_000.0, 60), POLICY, asker="sales")
    assert (found.outcome, found.conditions) == ("refer", ())


def test_an_override_counts_and_the_policys_own_limit_stays_beside_it():
    found = decide(a_case(), Order(50_000.0, 30), POLICY, limit_eur=60_000.0)
    assert found.outcome == "accept"
    assert found.limit_in_force_eur == 60_000.0
    assert found.limit.limit_eur == 28_000.0


@pytest.mark.parametrize(
    ("order", "asked", "says"),
    [
        (Order(1.0, 30, currency="USD"), {}, "USD and the customer's figures in EUR"),
        (Order(-1.0, 30), {}, "amount_eur"),
        (Order(1.0, 30), {"limit_eur": float("inf")}, "limit_eur"),
        (Order(1.0, 30), {"confidence": "sure"}, "confidence"),
        (Order(1.0, 30), {"asker": "intern"}, "asker"),
    ],
)
def test_what_cannot_be_decided_on_is_refused(order: Order, asked: dict[str, object], says: str):
    with pytest.raises(CreditError, match=says):
        decide(a_case(), order, POLICY, **asked)  # type: ignore[arg-type]  # arguments by name


def test_the_document_is_plain_json_and_complete():
    found = decide(a_case(open_eur=20_000.0), Order(12_000.0, 60), POLICY)
    told = json.loads(json.dumps(found.document(), allow_nan=False))
    assert told["outcome"] == "accept_with_conditions"
    assert told["order"]["credit_eur"] == 12_000.0
    assert told["limit"]["valid_until"] == found.limit.valid_until.isoformat()
    assert {"role", "cumulative", "label_fr", "label_en"} <= set(told["conditions"][0])


LENIENT = POLICY.revised(decision={"tolerance_share": 0.2})


@given(cases(), orders(), st.sampled_from([POLICY, LENIENT]), st.sampled_from([None, "none", "high"]))
def test_every_sentence_of_a_decision_is_set_as_its_language_sets_it(
    case: CreditCase, order: Order, policy: Policy, confidence: str | None
):
    found = decide(case, order, policy, confidence=confidence, asker="sales")
    approval = () if found.approval is None else (found.approval,)
    for told in (found, *approval, *found.reasons, *found.conditions, *found.limit.terms):
        assert faults(told.label_fr, "fr") == []
        assert faults(told.label_en, "en") == []


def test_an_order_that_only_a_tolerance_lets_pass_is_said_to_exceed_the_limit():
    case = a_case()
    limit = decide(case, Order(1.0, 30), LENIENT, 10_000.0).limit_in_force_eur
    within, over = (decide(case, Order(amount, 30), LENIENT, limit) for amount in (limit, limit * 1.1))
    assert [reason.code for reason in (*within.reasons, *over.reasons)] == ["within_limit", "within_limit"]
    assert "ne dépasse pas le plafond" in within.reasons[0].label_fr
    assert "does not exceed the limit" in within.reasons[0].label_en
    assert over.reasons[0].label_fr.endswith(", dans la marge admise")
    assert over.reasons[0].label_en.endswith(", within the tolerance")


OPEN = Insolvency("open", "receivership", AS_OF, AS_OF, AS_OF, "BODACC A1")
PLAN = Insolvency("plan", "receivership", AS_OF, plan_until=AS_OF + dt.timedelta(days=3_650))
UNREAD = Insolvency("none", unread_on=AS_OF, unread_source="BODACC A2")


@pytest.mark.parametrize("prepaid", [True, False])
def test_under_a_proceeding_credit_reviews_every_order_and_the_claim_is_to_be_declared(prepaid: bool):
    case = a_case(open_proceeding=True, insolvency=OPEN)
    found = decide(case, Order(1_000.0, 30, prepaid=prepaid), POLICY)
    assert (found.outcome, found.conditions) == ("refer", ())
    told = {reason.code: reason.label_fr for reason in found.reasons}
    assert ("prepaid_in_proceeding" in told) == prepaid
    assert "Déclarer la créance avant le 21/01/2027" in told["proceeding"]


@pytest.mark.parametrize("prepaid", [True, False])
def test_a_judgment_that_was_not_understood_sends_every_order_to_a_person(prepaid: bool):
    found = decide(a_case(insolvency=UNREAD), Order(1_000.0, 30, prepaid=prepaid), POLICY)
    assert (found.outcome, refers(found)) == ("refer", ["unread_judgment"])
    assert "BODACC A2" in next(one.label_en for one in found.reasons if one.code == "unread_judgment")


def test_a_running_plan_is_said_and_refers_nobody():
    found = decide(a_case(insolvency=PLAN), Order(1_000.0, 30), POLICY)
    assert refers(found) == []
    assert "plan" in [reason.code for reason in found.reasons]
    assert graded(a_case(insolvency=PLAN, pd_12m=0.001), POLICY).grade == POLICY.proceedings.plan_best_grade
