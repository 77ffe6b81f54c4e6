import datetime as dt
import json
import math
from collections.abc import Callable
from dataclasses import asdict, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.errors import CreditError
from models.policy.bands import pd_grade
from models.policy.credit_case import CreditCase
from models.policy.document import Policy, load_policy
from models.policy.limit.limit import CreditLimit, CustomerTerms, limit_amount, recommend_limit
from models.policy.terms import recommend_terms
from tests.models.policy.builders import AS_OF, a_case, cases

POLICY = load_policy()
SELLER = POLICY.revised(
    concentration={
        "seller_yearly_turnover_eur": 200_000.0,
        "max_customer_share": 0.05,
        "max_group_share": 0.08,
        "max_sector_share": 0.3,
        "sector_floor_eur": 10_000.0,
    }
)
DEAR = POLICY.revised(value={"margin_share": 0.02}, limit={"step_eur": 250.0})


def term(limit: CreditLimit, name: str) -> float | None:
    return next(t.value_eur for t in limit.terms if t.name == name)


policies = st.sampled_from([POLICY, SELLER, DEAR])


@given(cases(), policies)
def test_the_amount_alone_is_that_of_the_described_limit(case: CreditCase, policy: Policy):
    described = recommend_limit(case, policy)
    assert limit_amount(case, policy) == (described.limit_eur, described.binding)


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
    unknown = a_case(net_worth_eur=None, turnover_eur=None, peak_exposure_eur=200_000.0)
    limit = recommend_limit(unknown, POLICY)
    assert term(limit, "capacity") is None
    assert (limit.limit_eur, limit.binding) == (60_000, "no_accounts")


def test_negative_net_worth_bears_nothing():
    limit = recommend_limit(a_case(net_worth_eur=-5_000.0), POLICY)
    assert term(limit, "capacity") == 0
    assert (limit.limit_eur, limit.binding) == (0, "capacity")


def test_expected_loss_stays_within_the_budget():
    limit = recommend_limit(a_case(pd_12m=0.25, grade="B"), POLICY)
    assert limit.binding == "expected_loss"
    assert limit.limit_eur * 0.25 * POLICY.expected_loss.lgd_share <= POLICY.expected_loss.budget_eur


def test_cover_adds_to_what_is_borne_less_its_uncovered_quota():
    limit = recommend_limit(a_case(insured_limit_eur=20_000.0, covered_share=0.9), POLICY)
    assert (limit.limit_eur, limit.binding) == (46_000, "capacity")
    rich = recommend_limit(a_case(net_worth_eur=0.0, insured_limit_eur=20_000.0, covered_share=0.9), POLICY)
    assert (rich.limit_eur, rich.binding) == (20_000, "insurance")


def test_where_credit_does_not_pay_only_cover_lends():
    dear = {"pd_12m": 0.03, "grade": "C", "expected_days_late": 120.0}
    assert recommend_limit(a_case(**dear), DEAR).binding == "value"
    assert recommend_limit(a_case(**dear), DEAR).limit_eur == 0.0
    covered = recommend_limit(a_case(**dear, insured_limit_eur=10_000.0, covered_share=0.9), DEAR)
    assert (covered.limit_eur, covered.binding) == (10_000.0, "insurance")


def test_a_limit_carries_its_last_day_and_that_of_its_review_by_grade():
    policy = POLICY.revised(review={"every_days": {**POLICY.review.every_days, "E": 10.0}})
    limit = recommend_limit(a_case(grade="E"), policy)
    assert limit.valid_until == AS_OF + dt.timedelta(days=30)
    assert limit.review_on == AS_OF + dt.timedelta(days=10)


def cents(eur: float) -> int:
    return round(eur * 100)


@given(cases(), policies)
def test_the_binding_term_is_one_of_the_terms_and_explains_the_limit(case: CreditCase, policy: Policy):
    limit = recommend_limit(case, policy)
    bound = term(limit, limit.binding)
    assert bound is not None
    secured = term(limit, "insurance")
    own = {"capacity", "no_accounts", "expected_loss", "value", "starter"}
    most = secured if limit.binding in own and secured is not None else bound
    step = cents(policy.limit.step_eur)
    assert cents(limit.limit_eur) == cents(most) // step * step
    assert cents(limit.limit_eur) % step == 0
    assert limit.limit_eur >= 0.0
    assert all(t.label_fr and t.label_en for t in limit.terms)
    assert len({t.name for t in limit.terms}) == len(limit.terms)


def days_lent(told: dict[str, float]) -> float:
    return max(told["terms_days"] + told["expected_days_late"], 0.0)


def a_need(told: dict[str, float]) -> float | None:
    rolling = told.get("yearly_sales_forecast_eur", 0.0) * days_lent(told) / 365
    return max(rolling, told.get("peak_exposure_eur", 0.0)) or None


def a_capacity(told: dict[str, float]) -> float | None:
    known = [
        told[f"{one}_share"] * max(told[f"{one}_eur"], 0.0)
        for one in ("net_worth", "turnover")
        if f"{one}_eur" in told
    ]
    return min(known) if known else None


def a_value(told: dict[str, float]) -> float | None:
    days, cost = days_lent(told), told["pd_12m"] * told["lgd_share"] + told["capital_cost_share"]
    return 0.0 if days and told["margin_share"] * 365 / days <= cost else None


def a_share(told: dict[str, float]) -> float | None:
    left = told["seller_yearly_turnover_eur"] * told["max_share"] - told.get("group_open_eur", 0.0)
    return max(left, 0.0) if told["seller_yearly_turnover_eur"] else None


def a_cover(told: dict[str, float]) -> float | None:
    covered = told["insured_limit_eur"] * told["covered_share"]
    return max(told["insured_limit_eur"], told["unsecured_eur"] + covered) if covered > 0 else None


BY_HAND: dict[str, Callable[[dict[str, float]], float | None]] = {
    "need": a_need,
    "capacity": a_capacity,
    "no_accounts": lambda told: told["cap_eur"],
    "expected_loss": lambda told: told["budget_eur"] / (told["pd_12m"] * told["lgd_share"]),
    "value": a_value,
    "starter": lambda told: told.get("cap_eur"),
    "concentration": a_share,
    "group_concentration": a_share,
    "sector_concentration": lambda told: max(
        told["max_share"] * told["portfolio_open_eur"] - told["sector_others_open_eur"], told["open_eur"]
    ),
    "without_approval": lambda told: max(told["unapproved_limit_eur"] - told["entity_open_eur"], 0.0),
    "insurance": a_cover,
    "long_overdue": lambda told: 0.0 if told["oldest_overdue_days"] > told["max_overdue_days"] else None,
    "legal_entity": lambda told: max(told["entity_limit_eur"] - told["entity_open_eur"], 0.0),
    "entity_long_overdue": lambda told: (
        0.0 if told["entity_oldest_overdue_days"] > told["max_overdue_days"] else None
    ),
    **dict.fromkeys(
        ("open_proceeding", "closed", "in_default", "entity_in_default"),
        lambda told: 0.0 if any(told.values()) else None,
    ),
}
"""Each term worked out again from the inputs that its document shows."""
APPLIED_OR_NOT = {"no_accounts", "sector_concentration", "legal_entity"}
"""Whether accounts, a sector or other numbers of the entity are known, their inputs alone do not tell."""


@given(cases(), policies)
def test_a_person_can_redo_the_sum_from_the_document_alone(case: CreditCase, policy: Policy):
    document = json.loads(json.dumps(asdict(recommend_limit(case, policy)), default=str))
    worked: dict[str, float] = {}
    for one in document["terms"]:
        if one["name"] in APPLIED_OR_NOT and one["value_eur"] is None:
            continue
        again = BY_HAND[one["name"]](one["inputs"])
        assert again == (None if one["value_eur"] is None else pytest.approx(one["value_eur"], rel=1e-12))
        if again is not None:
            worked[one["name"]] = again
    own = ("capacity", "no_accounts", "expected_loss", "value", "starter")
    unsecured = min(worked[name] for name in own if name in worked)
    secured = worked.get("insurance", unsecured)
    least = min([secured, *(value for name, value in worked.items() if name not in {*own, "insurance"})])
    step = cents(document["step_eur"])
    assert cents(document["limit_eur"]) == cents(least) // step * step


@given(cases(), policies, st.floats(0, 500))
def test_older_arrears_never_raise_the_limit(case: CreditCase, policy: Policy, older: float):
    worse = replace(case, oldest_overdue_days=case.oldest_overdue_days + older)
    assert recommend_limit(worse, policy).limit_eur <= recommend_limit(case, policy).limit_eur


@given(cases(), policies, st.integers(0, 60))
def test_a_limit_of_zero_means_prepayment_and_no_other_does(case: CreditCase, policy: Policy, asked: int):
    limit = recommend_limit(case, policy)
    terms = recommend_terms(case.grade, limit.limit_eur, asked, policy)
    if limit.limit_eur == 0.0:
        assert (terms.terms_days, terms.deposit_share, terms.means_of_payment) == (0, 1.0, "prepayment")
    else:
        assert terms.deposit_share < 1.0


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"currency": "USD"}, "the case counts in USD and the policy in EUR"),
        (
            {"insured_limit_eur": 1.0, "insured_currency": "GBP"},
            "the insured limit counts in GBP and the policy in EUR",
        ),
    ],
)
def test_currencies_never_mix(change: dict[str, object], said: str):
    with pytest.raises(CreditError, match=said):
        recommend_limit(a_case(**change), POLICY)


def test_a_policy_in_another_currency_answers_cases_in_it():
    swiss = POLICY.revised(currency="CHF")
    limit = recommend_limit(a_case(currency="CHF", insured_currency="CHF"), swiss)
    assert (limit.limit_eur, limit.currency) == (28_000, "CHF")
    with pytest.raises(CreditError, match="EUR and the policy in CHF"):
        recommend_limit(a_case(), swiss)


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


@given(cases(), policies, st.integers(0, 60), st.floats(0, 500), st.floats(0, 1e6), st.floats(0, 1))
def test_standing_terms_hang_on_no_order(
    case: CreditCase, policy: Policy, days: int, late: float, eur: float, p_late30: float
):
    other = replace(
        case,
        terms_days=days,
        expected_days_late=late,
        yearly_sales_forecast_eur=eur,
        peak_exposure_eur=eur,
        p_late30=p_late30,
    )
    customer_terms = CustomerTerms.of(other, policy)
    assert recommend_limit(case, policy, customer_terms) == recommend_limit(case, policy)
