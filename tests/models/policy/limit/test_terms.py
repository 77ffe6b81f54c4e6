import pytest

from models.policy.document import load_policy
from models.policy.limit.terms import starter, value
from models.policy.sections.limit import StarterStep
from tests.models.policy.builders import a_case

PACKAGED = load_policy()
STEPS = tuple(
    StarterStep(below_paid_on_time=below, cap_eur=eur)
    for below, eur in ((1, 2_000.0), (3, 5_000.0), (12, 15_000.0))
)
POLICY = PACKAGED.revised(starter={"on_time_within_days": 15, "steps": STEPS})


@pytest.mark.parametrize(("paid", "cap"), [(0, 2_000), (1, 5_000), (2, 5_000), (3, 15_000), (12, None)])
def test_the_starter_cap_steps_up_with_invoices_paid_on_time(paid: int, cap: float | None):
    assert starter(a_case(n_paid_invoices=paid), POLICY.starter).value_eur == cap


def test_invoices_paid_later_than_the_tolerance_do_not_count():
    late = a_case(n_paid_invoices=12, n_paid_late0=12, n_paid_late15=10, n_paid_late30=0)
    assert starter(late, POLICY.starter).value_eur == 5_000
    strict = POLICY.revised(starter={"on_time_within_days": 0})
    assert starter(late, strict.starter).value_eur == 2_000
    mild = POLICY.revised(starter={"on_time_within_days": 30})
    assert starter(late, mild.starter).value_eur is None


def test_the_starter_cap_shows_the_step_it_stands_on():
    inputs = starter(a_case(n_paid_invoices=4, n_paid_late15=2), POLICY.starter).inputs
    assert inputs == {
        "n_paid_invoices": 4.0,
        "n_paid_late": 2.0,
        "on_time_within_days": 15.0,
        "n_paid_on_time": 2.0,
        "below_paid_on_time": 3.0,
        "cap_eur": 5_000.0,
    }


@pytest.mark.parametrize(("margin", "found"), [(0.10, None), (0.02, None), (0.005, 0.0)])
def test_credit_pays_while_the_margin_of_the_turns_exceeds_loss_and_capital(
    margin: float, found: float | None
):
    # 35 days: 10.4 turns a year; the cost is 0.03 x 0.6 + 0.05 = 6.8 %.
    policy = POLICY.revised(value={"margin_share": margin})
    term = value(a_case(pd_12m=0.03), policy)
    assert term.value_eur == found
    assert term.inputs["earned_share"] == pytest.approx(margin * 365 / 35)
    assert term.inputs["cost_share"] == pytest.approx(0.068)


def test_who_pays_at_once_is_lent_nothing_and_costs_nothing():
    term = value(a_case(terms_days=0, expected_days_late=-3.0), POLICY)
    assert term.value_eur is None
    assert "earned_share" not in term.inputs
