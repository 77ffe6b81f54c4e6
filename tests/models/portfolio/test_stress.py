import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.errors import ScenarioError
from models.policy.bands import graded
from models.policy.document import load_policy
from models.policy.limit.limit import recommend_limit
from models.portfolio.expected_loss import expected_loss_eur
from models.portfolio.positions import Positions
from models.portfolio.scenario import Scenario, scenario_from_text
from models.portfolio.stress import DecidedByPerson, StressBase, StressResult, stressed
from models.portfolio.stress_summary import stress_summary, stressed_customers
from tests.models.policy.builders import a_case
from tests.models.portfolio.positions import a_position, portfolios, positions_of

POLICY = load_policy()


def scenario(text: str = "") -> Scenario:
    return scenario_from_text(f'name = {{ fr = "essai" }}\n{text}', "essai.toml")


def under(positions: Positions, text: str, decided: dict[str, DecidedByPerson] | None = None) -> StressResult:
    return stressed(StressBase.of(positions, POLICY, decided), scenario(text))


SHOCKS = st.sampled_from(
    [
        "[macro]\nquantile = 0.99\nasset_correlation = 0.2",
        '[[sector]]\ndivisions = ["43"]\nmultiplier = 3',
        '[[sector]]\ndivisions = ["43", "10"]\nodds = 2.5',
        "[delays]\ndays = 30",
        '[insurance]\nlost = ["all"]',
        "[insurance]\ncut_share = 0.5",
        "[[failure]]\nlargest = 1\ngroup_share = 0.5",
        "lgd_share = 0.9",
        '[delays]\ndays = 45\n[macro]\ndeviations = 2\n[insurance]\nlost = ["all"]\n[[failure]]\nlargest = 2',
    ]
)


@given(portfolios())
@settings(max_examples=40)
def test_a_scenario_without_shocks_changes_nothing_to_the_cent(positions: Positions):
    result = under(positions, "")
    before, after = result.base.before, result.after
    for name in ("pd_12m", "grade", "limit_eur", "open_eur", "own_risk_eur", "expected_loss_eur"):
        assert np.array_equal(getattr(before, name), getattr(after, name))
    published = [expected_loss_eur(one.exposure, POLICY.expected_loss.lgd_share) for one in positions.items]
    assert before.expected_loss_eur.tolist() == published


@given(portfolios(), SHOCKS)
@settings(max_examples=60)
def test_limits_are_those_that_the_policy_recommends_for_the_changed_case(positions: Positions, text: str):
    result = under(positions, text)
    growth = result.inputs.growth
    for place, one in enumerate(positions.items):
        again = graded(result.inputs.case(place, one.case), POLICY)
        assert result.after.limit_eur[place] == recommend_limit(again, POLICY).limit_eur
        grown_eur = growth[place].own_eur if growth else 0.0
        assert result.after.open_eur[place] == max(one.open_eur + grown_eur, 0.0)


@given(portfolios(), SHOCKS, st.randoms())
@settings(max_examples=40)
def test_the_order_of_customers_does_not_matter(positions: Positions, text: str, shuffled):
    items = list(positions.items)
    shuffled.shuffle(items)
    one, other = under(positions, text), under(replace(positions, items=tuple(items)), text)
    first, second = stress_summary(one, 0), stress_summary(other, 0)
    assert first.after.expected_loss_eur == pytest.approx(second.after.expected_loss_eur, rel=1e-9)
    assert first.before == second.before
    assert first.failed == second.failed


@given(portfolios(), SHOCKS)
@settings(max_examples=40)
def test_customers_grades_and_sectors_each_add_up_to_the_total(positions: Positions, text: str):
    result = under(positions, text)
    summary, everybody = stress_summary(result), list(stressed_customers(result))
    assert summary.after.expected_loss_eur == math.fsum(one.after.expected_loss_eur for one in everybody)
    assert summary.after.limits_eur == math.fsum(one.after.limit_eur for one in everybody)
    for lines in (summary.grades, summary.sectors):
        assert sum(line.after.customers for line in lines) == len(everybody)
        total = math.fsum(line.after.expected_loss_eur for line in lines)
        assert total == pytest.approx(summary.after.expected_loss_eur, rel=1e-12)


@given(portfolios(), st.floats(-3, 3), st.floats(0, 3))
@settings(max_examples=40)
def test_probabilities_rise_with_the_factor(positions: Positions, mild: float, more: float):
    text = "[macro]\ndeviations = {}\nasset_correlation = 0.2"
    low, high = (under(positions, text.format(z)).after for z in (mild, mild + more))
    assert (low.pd_12m <= high.pd_12m).all()
    assert (low.grade <= high.grade).all()


def test_the_worst_year_in_a_thousand_is_that_of_vasicek():
    one = positions_of(a_position("C1", a_case(pd_12m=0.02, grade="C", open_eur=10_000.0)))
    after = under(one, "[macro]\nquantile = 0.999\nasset_correlation = 0.2").after
    assert after.pd_12m[0] == pytest.approx(0.226313, abs=1e-6)
    assert after.expected_loss_eur[0] == pytest.approx(0.226313 * 0.60 * 10_000, abs=0.01)


def test_a_failure_named_twice_takes_its_legal_entity_and_counts_each_euro_once():
    positions = positions_of(
        a_position("C1", entity="E", siren="552100554"),
        a_position("C2", entity="E", siren="552100554"),
        a_position("C3"),
    )
    result = under(positions, '[[failure]]\ncustomer = "C1"\n[[failure]]\nsiren = "552100554"')
    assert result.failed.tolist() == [True, True, False]
    assert stress_summary(result).failure_loss_eur == pytest.approx(2 * 0.60 * 10_000)
    assert result.after.limit_eur[:2].tolist() == [0.0, 0.0]


def test_a_group_and_dependants_fall_with_a_share():
    positions = positions_of(
        a_position("C1", group_id="G"), a_position("C2", group_id="G"), a_position("C3"), a_position("C4")
    )
    text = '[[failure]]\ncustomer = "C1"\ngroup_share = 0.5\ndependants = [{ customer = "C3", share = 0.2 }]'
    pd_12m = under(positions, text).after.pd_12m.tolist()
    assert pd_12m == pytest.approx([1.0, 0.01 + 0.99 * 0.5, 0.01 + 0.99 * 0.2, 0.01])


def test_the_largest_are_legal_entities_and_not_those_in_default():
    positions = positions_of(
        a_position("C1", a_case(open_eur=9_000.0), entity="E"),
        a_position("C2", a_case(open_eur=9_000.0), entity="E"),
        a_position("C3", a_case(open_eur=10_000.0)),
        a_position("C4", a_case(open_eur=90_000.0, in_default=True)),
    )
    assert under(positions, "[[failure]]\nlargest = 1").failed.tolist() == [True, True, False, False]


def test_a_lost_insurer_leaves_its_losses_to_us_and_nobody_elses():
    case = a_case(open_eur=10_000.0, insured_limit_eur=10_000.0, covered_share=0.9)
    positions = positions_of(
        a_position("C1", case, insurer="Assureur A"), a_position("C2", case, insurer="Assureur B")
    )
    assert under(
        positions, '[insurance]\nlost = ["assureur a"]'
    ).after.own_risk_eur.tolist() == pytest.approx([10_000.0, 1_000.0])


def test_exposure_grows_by_the_sales_of_the_delay_but_not_in_default():
    sells = a_case(open_eur=10_000.0, yearly_sales_forecast_eur=365_000.0)
    positions = positions_of(
        a_position("C1", sells), a_position("C2", sells.with_figures(in_default=True, grade="E"))
    )
    assert under(positions, "[delays]\ndays = 30").after.open_eur.tolist() == [40_000.0, 10_000.0]


def test_what_a_person_decided_stays_unless_a_stop_beats_it():
    positions = positions_of(a_position("C1"), a_position("C2"), a_position("C3"))
    decided = {
        "C1": DecidedByPerson(limit_eur=77_000.0),
        "C2": DecidedByPerson(limit_eur=77_000.0),
        "C3": DecidedByPerson(grade="A"),
    }
    text = '[macro]\nquantile = 0.999\n[[failure]]\ncustomer = "C2"'
    result = under(positions, text, decided)
    assert result.after.limit_eur[:2].tolist() == [77_000.0, 0.0]
    assert [one.after.grade for one in stressed_customers(result)][1:] == ["E", "A"]


def test_unknown_names_are_each_refused_by_line_in_both_languages():
    text = '[insurance]\nlost = ["Nobody"]\n[[failure]]\ncustomer = "C9"\n[[failure]]\nsiren = "552100554"'
    with pytest.raises(ScenarioError) as refused:
        under(positions_of(a_position("C1", insurer="Assureur A")), text)
    english, french = str(refused.value), refused.value.message_fr
    assert "3: insurance.lost[0]: 'Nobody' insures no customer; insurers are Assureur A, all" in english
    assert "5: failure[0].customer: no customer of the portfolio has the number 'C9'" in english
    assert "7: failure[1].siren: aucun client du portefeuille n'a le SIREN '552100554'" in french


def test_an_empty_portfolio_has_nothing_to_lose():
    summary = stress_summary(under(positions_of(), "[macro]\nquantile = 0.99\n[delays]\ndays = 3"))
    assert (summary.customers, summary.after.expected_loss_eur) == (0, 0.0)
