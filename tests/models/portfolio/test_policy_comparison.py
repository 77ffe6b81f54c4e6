import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.errors import CreditError
from models.law.insolvency import Insolvency
from models.policy.credit_case import CreditCase
from models.policy.document import Policy, load_policy
from models.policy.grades import GRADES
from models.portfolio.policy_comparison import PolicyComparison, compare_policies, outcome
from tests.models.policy.builders import AS_OF, a_case, cases

POLICY = load_policy()


def budget(eur: float) -> Policy:
    return POLICY.revised(expected_loss={"budget_eur": eur})


def band_d(highest: float) -> Policy:
    return POLICY.revised(pd_grades={**POLICY.pd_grades, "D": highest})


def compared(found: list[CreditCase], old: Policy, new: Policy, **single: Policy) -> PolicyComparison:
    named = [(f"C{place}", None, case) for place, case in enumerate(found)]
    return compare_policies(named, old, new, tuple(single), single)


some = st.lists(cases(), max_size=8)


@given(some)
def test_a_policy_against_itself_changes_nobody(found: list[CreditCase]):
    same = compared(found, POLICY, POLICY)
    assert same.changes == ()
    assert same.before == same.after
    assert same.grades.better == same.grades.worse == 0


@given(some, st.floats(0, 2_500))
@settings(max_examples=50)
def test_a_stricter_budget_lowers_only_those_whom_it_binds(found: list[CreditCase], eur: float):
    stricter = compared(found, POLICY, budget(eur))
    assert all(one.after.limit_eur < one.before.limit_eur for one in stricter.changes)
    assert {one.after.binding for one in stricter.changes} <= {"expected_loss", "insurance", "legal_entity"}
    assert stricter.after.limits_eur <= stricter.before.limits_eur
    assert stricter.after.expected_loss_eur <= stricter.before.expected_loss_eur + 1e-6


@given(some, some)
@settings(max_examples=50)
def test_the_matrix_counts_every_customer_once_and_sums_add_up(one: list[CreditCase], more: list[CreditCase]):
    old, new = POLICY, band_d(0.1)
    whole = compared([*one, *more], old, new)
    assert sum(whole.grades.counts[b][a] for b in GRADES for a in GRADES) == whole.customers
    parts = compared(one, old, new), compared(more, old, new)
    assert whole.after.limits_eur == pytest.approx(sum(part.after.limits_eur for part in parts))
    assert whole.after.above_limit == sum(part.after.above_limit for part in parts)


def test_a_band_that_moves_changes_the_grade_of_those_between():
    found = compared([a_case(pd_12m=pd) for pd in (0.05, 0.2, 0.4)], POLICY, band_d(0.1))
    (change,) = found.changes
    assert (change.customer_id, change.before.grade, change.after.grade) == ("C1", "D", "E")
    assert (change.after.limit_eur, found.after.prepaying) == (0.0, 2)
    assert found.grades.counts["D"]["E"] == 1


def test_who_is_in_default_keeps_the_worst_grade_under_any_policy():
    found = outcome(a_case(pd_12m=0.001, in_default=True), POLICY)
    assert (found.grade, found.limit_eur, found.expected_loss_eur) == ("E", 0.0, 0.0)


def test_what_is_owed_above_limits_is_told_before_and_after():
    owing = a_case(open_eur=30_000.0)
    found = compared([owing, a_case(open_eur=-500.0)], POLICY, budget(60.0))
    assert (found.before.above_limit_eur, found.before.above_limit) == (2_000.0, 1)
    assert (found.after.above_limit_eur, found.after.above_limit) == (20_000.0, 1)


def test_the_expected_loss_of_a_limit_is_by_hand():
    plain = outcome(a_case(), POLICY)
    assert plain.expected_loss_eur == pytest.approx(0.01 * 0.6 * 28_000)
    used = outcome(a_case(yearly_sales_forecast_eur=None, peak_exposure_eur=10_050.0), POLICY)
    assert used.expected_loss_eur == pytest.approx(0.01 * 0.6 * 10_000)
    covered = outcome(a_case(insured_limit_eur=20_000.0, covered_share=0.9), POLICY)
    assert covered.expected_loss_eur == pytest.approx(0.01 * 0.6 * (46_000 - 0.9 * 20_000))


def test_the_one_key_that_alone_explains_a_change_is_named():
    both = budget(60.0).revised(limit={"step_eur": 50.0})
    alone = {"budget": budget(60.0), "step": POLICY.revised(limit={"step_eur": 50.0})}
    (change,) = compared([a_case()], POLICY, both, **alone).changes
    assert (change.after.limit_eur, change.explained_by) == (10_000.0, "budget")


def test_the_limit_without_approval_and_the_grade_under_a_plan_may_explain_a_change():
    approval = POLICY.revised(approval={"unapproved_limit_eur": 7_000.0})
    (change,) = compared([a_case()], POLICY, approval, approval=approval).changes
    assert (change.after.limit_eur, change.explained_by) == (7_000.0, "approval")
    plan = POLICY.revised(proceedings={"plan_best_grade": "E"})
    judged = a_case(insolvency=Insolvency("plan", "receivership", AS_OF))
    (change,) = compared([judged], POLICY, plan, plan=plan).changes
    assert (change.after.grade, change.explained_by) == ("E", "plan")


def test_where_it_takes_two_keys_none_is_named():
    both = budget(60.9).revised(limit={"step_eur": 50.0})
    alone = {"budget": budget(60.9), "step": POLICY.revised(limit={"step_eur": 50.0})}
    (change,) = compared([a_case()], POLICY, both, **alone).changes
    assert (change.after.limit_eur, change.explained_by) == (10_150.0, None)


def test_the_largest_change_comes_first_and_everything_is_plain_json():
    found = compared([a_case(), a_case(net_worth_eur=50_000.0)], POLICY, budget(60.0))
    assert [one.customer_id for one in found.changes] == ["C0", "C1"]
    document = json.loads(json.dumps(found.document(), allow_nan=False))
    assert document["changes"][0]["after"]["limit_eur"] == 10_000.0


def test_a_policy_in_another_currency_is_refused():
    with pytest.raises(CreditError, match="CHF"):
        compared([a_case()], POLICY, POLICY.revised(currency="CHF"))
