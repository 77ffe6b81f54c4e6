from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.policy.credit_case import CreditCase
from models.policy.decision.decision import decide
from models.policy.decision.order import Order, order_exposure
from models.policy.document import load_policy
from models.policy.limit.limit import CreditLimit, recommend_limit
from tests.models.policy.builders import a_case, cases

POLICY = load_policy()
AMOUNTS = st.integers(1, 5_000_000).map(lambda cents: cents / 100)
ALONE = {"entity_open_eur": 0.0, "entity_in_default": False, "entity_oldest_overdue_days": 0.0}


def value_of(limit: CreditLimit, name: str) -> float | None:
    return next(term.value_eur for term in limit.terms if term.name == name)


def test_what_other_numbers_owe_is_taken_off_what_the_entity_may_owe():
    assert recommend_limit(a_case(), POLICY).limit_eur == 28_000.0
    limit = recommend_limit(a_case(entity_open_eur=18_000.0), POLICY)
    assert (limit.limit_eur, limit.binding) == (10_000.0, "legal_entity")


def test_an_entity_that_owes_all_it_may_gets_nothing_under_another_number():
    limit = recommend_limit(a_case(entity_open_eur=28_000.0), POLICY)
    assert (limit.limit_eur, limit.binding) == (0.0, "legal_entity")


def test_need_and_starter_cap_stay_each_numbers_own():
    limit = recommend_limit(a_case(n_paid_invoices=0, entity_open_eur=18_000.0), POLICY)
    assert limit.binding == "starter"
    wanting = recommend_limit(
        a_case(yearly_sales_forecast_eur=None, peak_exposure_eur=6_000.0, entity_open_eur=18_000.0), POLICY
    )
    assert (wanting.limit_eur, wanting.binding) == (6_000.0, "need")


def test_cover_and_the_share_of_the_sellers_turnover_are_the_entitys_too():
    covered = a_case(insured_limit_eur=40_000.0, covered_share=0.9, entity_open_eur=18_000.0)
    assert value_of(recommend_limit(covered, POLICY), "legal_entity") == 28_000.0 + 36_000.0 - 18_000.0
    seller = POLICY.revised(
        concentration={
            "seller_yearly_turnover_eur": 500_000.0,
            "max_customer_share": 0.05,
            "max_group_share": 0.1,
            "max_sector_share": 1.0,
            "sector_floor_eur": 0.0,
        }
    )
    assert value_of(recommend_limit(covered, seller), "legal_entity") == 25_000.0 - 18_000.0


@given(cases())
def test_one_number_alone_has_the_limit_of_a_seller_that_knows_no_entities(case: CreditCase):
    alone = recommend_limit(replace(case, **ALONE), POLICY)
    assert value_of(alone, "legal_entity") is None
    shared = recommend_limit(case, POLICY)
    named = {"legal_entity", "entity_in_default", "entity_long_overdue", "without_approval"}
    assert [t for t in alone.terms if t.name not in named] == [t for t in shared.terms if t.name not in named]
    assert shared.limit_eur <= alone.limit_eur


@given(cases(), st.floats(0, 1e6))
def test_the_more_the_others_owe_the_less_is_left(case: CreditCase, more: float):
    worse = replace(case, entity_open_eur=case.entity_open_eur + more)
    assert recommend_limit(worse, POLICY).limit_eur <= recommend_limit(case, POLICY).limit_eur


@given(cases(), st.lists(st.tuples(st.integers(0, 1), AMOUNTS), max_size=12), st.floats(0, 50_000))
def test_two_numbers_never_owe_together_more_than_their_entity_may(
    drawn: CreditCase, orders: list[tuple[int, float]], starts: float
):
    owed = [0.0, round(starts, 2)]
    unstopped = {"open_proceeding": False, "closed": False, "oldest_overdue_days": 0.0, "naf": None}
    one = replace(drawn, **ALONE, **unstopped, group_open_eur=0.0)
    unshared = recommend_limit(replace(one, open_eur=0.0, entity_open_eur=0.01), POLICY)
    most = next(t.inputs["entity_limit_eur"] for t in unshared.terms if t.name == "legal_entity")
    for number, amount in orders:
        case = replace(one, open_eur=owed[number], entity_open_eur=owed[1 - number])
        found = order_exposure(case, Order(amount, one.terms_days), POLICY)
        if found.fits:
            owed[number] = found.after_eur
            rules = POLICY.decision
            tolerated = most * (1 + rules.tolerance_share) + rules.de_minimis_eur
            assert sum(owed) <= max(tolerated, starts) + 0.005


def test_cover_is_asked_for_all_that_the_entity_owes():
    case = a_case(open_eur=5_000.0, entity_open_eur=60_000.0)
    found = [c for c in decide(case, Order(10_000.0, 30), POLICY).conditions if c.code == "cover"]
    assert found
    euros, share = float(found[0].value), found[0].share
    assert euros >= 60_000.0 + 15_000.0 - 28_000.0
    covered = replace(case, insured_limit_eur=euros, covered_share=share)
    assert order_exposure(covered, Order(10_000.0, 30), POLICY).fits


def test_who_must_approve_hangs_on_what_the_whole_entity_owes():
    rich = a_case(net_worth_eur=1e7, turnover_eur=1e8, pd_12m=0.0001)
    split = decide(replace(rich, open_eur=1_000.0, entity_open_eur=119_500.0), Order(1_000.0, 30), POLICY)
    whole = decide(replace(rich, open_eur=120_500.0), Order(1_000.0, 30), POLICY)
    assert split.approval == whole.approval
    assert split.approval is not None
    assert split.approval.role == "finance_director"
    assert decide(replace(rich, open_eur=1_000.0), Order(1_000.0, 30), POLICY).approval is None


@pytest.mark.parametrize("change", [{"entity_in_default": True}, {"entity_oldest_overdue_days": 121.0}])
def test_an_analysts_limit_lifts_no_stop_of_another_number(change: dict[str, object]):
    assert not order_exposure(a_case(**change), Order(100.0, 30), POLICY, override_eur=50_000.0).fits
