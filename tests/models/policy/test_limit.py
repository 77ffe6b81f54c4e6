import datetime as dt
import math
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.errors import CreditError
from models.policy.bands import pd_grade
from models.policy.limit import CreditCase, CreditLimit, recommend_limit
from models.policy.policy import ConcentrationRules, Policy, load_policy
from tests.models.policy.builders import AS_OF, a_case, cases

POLICY = load_policy()
SELLER = replace(POLICY, concentration=ConcentrationRules(200_000.0, 0.05))


def term(limit: CreditLimit, name: str) -> float | None:
    return next(t.value_eur for t in limit.terms if t.name == name)


policies = st.sampled_from([POLICY, SELLER])


def test_class_b_with_known_accounts_gives_the_golden_figure():
    limit = recommend_limit(a_case(net_worth_eur=80_000.0, turnover_eur=700_000.0), POLICY)
    assert term(limit, "capacity") == 28_000
    assert (limit.limit_eur, limit.binding) == (28_000, "capacity")


def test_the_need_is_the_larger_of_rolling_sales_and_peak_exposure():
    limit = recommend_limit(a_case(yearly_sales_forecast_eur=36_500.0, peak_exposure_eur=2_000.0), POLICY)
    assert term(limit, "need") == pytest.approx(3_500)
    assert (limit.limit_eur, limit.binding) == (3_500, "need")
    peak = recommend_limit(a_case(yearly_sales_forecast_eur=None, peak_exposure_eur=2_000.0), POLICY)
    assert (peak.limit_eur, peak.binding) == (2_000, "need")


def test_a_need_of_nothing_is_unknown_rather_than_prepayment():
    limit = recommend_limit(a_case(yearly_sales_forecast_eur=0.0, peak_exposure_eur=0.0), POLICY)
    assert term(limit, "need") is None
    assert limit.limit_eur == 28_000


def test_unknown_accounts_leave_capacity_unknown_and_bind_by_the_cautious_cap():
    limit = recommend_limit(a_case(net_worth_eur=None, turnover_eur=None), POLICY)
    assert term(limit, "capacity") is None
    assert (limit.limit_eur, limit.binding) == (7_500, "no_accounts")


def test_negative_net_worth_bears_nothing():
    limit = recommend_limit(a_case(net_worth_eur=-5_000.0), POLICY)
    assert term(limit, "capacity") == 0
    assert (limit.limit_eur, limit.binding) == (0, "capacity")


def test_expected_loss_stays_within_the_budget():
    limit = recommend_limit(a_case(pd_12m=0.09, grade="B"), POLICY)
    assert limit.binding == "expected_loss"
    assert limit.limit_eur * 0.09 * POLICY.loss.lgd_share <= POLICY.loss.budget_eur


@pytest.mark.parametrize(("paid", "cap"), [(0, 2_000), (1, 5_000), (2, 5_000), (3, 15_000), (12, None)])
def test_the_starter_cap_steps_up_with_paid_invoices(paid: int, cap: float | None):
    assert term(recommend_limit(a_case(n_paid_invoices=paid), POLICY), "starter") == cap


def test_concentration_counts_only_where_the_sellers_turnover_is_known():
    assert term(recommend_limit(a_case(), POLICY), "concentration") is None
    limit = recommend_limit(a_case(), SELLER)
    assert (limit.limit_eur, limit.binding) == (10_000, "concentration")


def test_cover_adds_to_what_is_borne_less_its_uncovered_quota():
    limit = recommend_limit(a_case(insured_limit_eur=20_000.0, covered_share=0.9), POLICY)
    assert (limit.limit_eur, limit.binding) == (46_000, "capacity")
    rich = recommend_limit(a_case(net_worth_eur=0.0, insured_limit_eur=20_000.0, covered_share=0.9), POLICY)
    assert (rich.limit_eur, rich.binding) == (20_000, "insurance")


@pytest.mark.parametrize(
    ("change", "binding"),
    [({"open_proceeding": True}, "open_proceeding"), ({"oldest_overdue_days": 121.0}, "long_overdue")],
)
def test_a_stop_gives_zero_even_with_cover(change: dict[str, object], binding: str):
    limit = recommend_limit(a_case(insured_limit_eur=50_000.0, covered_share=0.9, **change), POLICY)
    assert (limit.limit_eur, limit.binding) == (0, binding)


def test_a_limit_carries_its_last_day_by_grade():
    assert recommend_limit(a_case(grade="E"), POLICY).valid_until == AS_OF + dt.timedelta(days=30)


@given(cases(), policies)
def test_the_binding_term_explains_the_limit_and_every_term_has_labels(case: CreditCase, policy: Policy):
    limit = recommend_limit(case, policy)
    value = term(limit, limit.binding)
    assert value is not None
    assert limit.limit_eur <= (term(limit, "insurance") or value)
    assert limit.limit_eur >= 0
    assert limit.limit_eur % policy.step_eur == 0
    assert all(t.label_fr and t.label_en for t in limit.terms)
    if limit.binding in {"need", "concentration", "insurance"}:
        assert value - policy.step_eur < limit.limit_eur <= value + 0.01


@given(cases(), policies, st.floats(0, 1), st.booleans())
def test_a_higher_probability_never_raises_the_limit(
    case: CreditCase, policy: Policy, other: float, graded: bool
):
    low, high = sorted((case.pd_12m, other))
    safe, risky = (
        replace(case, pd_12m=pd, grade=pd_grade(pd, policy) if graded else case.grade) for pd in (low, high)
    )
    assert recommend_limit(risky, policy).limit_eur <= recommend_limit(safe, policy).limit_eur


@given(cases(), policies, st.floats(0, 1e6), st.floats(0, 1))
def test_more_cover_never_lowers_the_limit(case: CreditCase, policy: Policy, more_eur: float, share: float):
    covered = replace(
        case,
        insured_limit_eur=case.insured_limit_eur + more_eur,
        covered_share=max(case.covered_share, share),
    )
    assert recommend_limit(covered, policy).limit_eur >= recommend_limit(case, policy).limit_eur


def test_every_impossible_figure_is_named_at_once():
    with pytest.raises(CreditError, match=r"grade is 'F'.*pd_12m is nan.*peak_exposure_eur is -1"):
        recommend_limit(a_case(pd_12m=math.nan, grade="F", peak_exposure_eur=-1.0), POLICY)
