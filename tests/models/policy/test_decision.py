import datetime as dt
import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.errors import CreditError
from models.policy.conditions import met
from models.policy.credit_case import CreditCase
from models.policy.decision import Decision, Order, decide
from models.policy.policy import Policy, load_policy
from tests.models.policy.builders import AS_OF, a_case, cases
from tests.models.policy.order_builders import orders
from tests.typography import faults

POLICY = load_policy()


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


@given(cases(), orders(), st.one_of(st.none(), st.floats(0, 1e6)))
def test_meeting_the_conditions_and_asking_again_is_an_acceptance(
    case: CreditCase, order: Order, override: float | None
):
    case = replace(case, natural_person=False, unlisted=False)
    found = decide(case, order, POLICY, override)
    assert (found.outcome == "accept") == (not found.conditions and not refers(found))
    always = [one for one in found.conditions if one.role == "always"]
    for one in [one for one in found.conditions if one.role != "always"] or always[:1]:
        met_case, met_order = case, order
        for needed in (*always, one):
            met_case, met_order = met(needed, met_case, met_order)
        again = decide(met_case, met_order, POLICY, override)
        assert again.outcome == "accept" or case.closed


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
def test_a_prepaid_order_of_a_company_is_accepted_unless_it_is_closed(case: CreditCase, order: Order):
    case = replace(case, natural_person=False)
    found = decide(case, replace(order, prepaid=True), POLICY)
    assert found.exposure_after_eur == found.exposure_before_eur
    assert found.outcome == ("refer" if case.closed else "accept")


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"open_proceeding": True}, "open_proceeding"),
        ({"in_default": True}, "in_default"),
        ({"oldest_overdue_days": 121.0}, "long_overdue"),
        ({"closed": True}, "closed"),
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


def test_an_amount_above_the_level_of_who_asks_goes_to_who_may_approve_it():
    levels = POLICY.approval
    case = a_case(net_worth_eur=1e7, turnover_eur=1e8, pd_12m=0.0001, grade="A")
    amount = levels[0].up_to_eur + 1.0
    asked = decide(case, Order(amount, 30), POLICY, limit_eur=1e6, asker=levels[0].role)
    assert asked.outcome == "refer"
    assert refers(asked) == ["approval"]
    assert asked.approval.role == levels[1].role
    for asker in (levels[1].role, "committee", None):
        assert decide(case, Order(amount, 30), POLICY, limit_eur=1e6, asker=asker).outcome == "accept"


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
    found = decide(a_case(open_eur=20_000.0), Order(10_000.0, 60), POLICY)
    told = json.loads(json.dumps(found.document(), allow_nan=False))
    assert told["outcome"] == "accept_with_conditions"
    assert told["order"]["credit_eur"] == 10_000.0
    assert told["limit"]["valid_until"] == found.limit.valid_until.isoformat()
    assert {"role", "cumulative", "label_fr", "label_en"} <= set(told["conditions"][0])


LENIENT = replace(POLICY, decision=replace(POLICY.decision, tolerance_share=0.2))


@given(cases(), orders(), st.sampled_from([POLICY, LENIENT]), st.sampled_from([None, "none", "high"]))
def test_every_sentence_of_a_decision_is_set_as_its_language_sets_it(
    case: CreditCase, order: Order, policy: Policy, confidence: str | None
):
    found = decide(case, order, policy, confidence=confidence, asker="sales")
    for told in (found, found.approval, *found.reasons, *found.conditions, *found.limit.terms):
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
