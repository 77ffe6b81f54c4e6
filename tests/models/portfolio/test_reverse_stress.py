import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.policy.document import load_policy
from models.portfolio.positions import Positions
from models.portfolio.reverse_stress import reverse_stress
from models.portfolio.scenario import scenario_from_text
from models.portfolio.stress import StressBase, stressed
from models.portfolio.stress_summary import stress_summary
from tests.models.policy.builders import a_case
from tests.models.portfolio.positions import a_position, portfolios, positions_of

POLICY = load_policy()


def loss_under(base: StressBase, text: str) -> float:
    result = stressed(base, scenario_from_text(f'name = {{ fr = "x" }}\n{text}', "x.toml"))
    return stress_summary(result).after.expected_loss_eur


@given(portfolios(), st.floats(0.01, 0.999))
@settings(max_examples=25)
def test_what_is_found_loses_the_amount_and_a_little_less_does_not(positions: Positions, share: float):
    base = StressBase.of(positions, POLICY)
    amount_eur = share * reverse_stress(base, 1.0).most_eur
    if amount_eur < 0.01:
        return
    found = reverse_stress(base, amount_eur)
    if found.factor is not None and found.factor.deviations > -10:
        assert loss_under(base, f"[macro]\ndeviations = {found.factor.deviations!r}") >= amount_eur - 1e-6
        assert loss_under(base, f"[macro]\ndeviations = {found.factor.deviations - 1e-6!r}") < amount_eur
    assert found.failures is not None
    assert found.failures.expected_loss_eur >= amount_eur - 1e-6
    if found.failures.customer_ids:
        named = "\n".join(f'[[failure]]\ncustomer = "{who}"' for who in found.failures.customer_ids)
        assert loss_under(base, named) == pytest.approx(found.failures.expected_loss_eur)


def test_the_searches_find_what_is_computed_by_hand():
    positions = positions_of(
        a_position("C1", a_case(pd_12m=0.01, open_eur=100_000.0), sector="43"),
        a_position("C2", a_case(pd_12m=0.01, open_eur=50_000.0), sector="10"),
        a_position("C3", a_case(pd_12m=0.01, open_eur=20_000.0), sector="10"),
    )
    base = StressBase.of(positions, POLICY)
    found = reverse_stress(base, 40_000.0)
    assert found.expected_loss_eur == pytest.approx(0.6 * 0.01 * 170_000)
    assert found.multiplier is not None
    assert found.multiplier.multiplier == pytest.approx(40_000 / (0.6 * 0.01 * 170_000))
    assert found.failures is not None
    assert found.failures.customer_ids == ("C1",)
    assert found.sector is not None
    assert (found.sector.sector, round(found.sector.expected_loss_eur)) == ("10", round(0.6 * 70_000 + 600))
    assert found.factor is not None
    assert math.isclose(found.factor.expected_loss_eur, 40_000, rel_tol=1e-9)


def test_nothing_loses_more_than_there_is():
    base = StressBase.of(positions_of(a_position("C1"), a_position("C2", sector=None)), POLICY)
    found = reverse_stress(base, 12_001.0)
    assert found.most_eur == pytest.approx(12_000.0)
    assert (found.factor, found.multiplier, found.failures, found.sector) == (None, None, None, None)


def test_what_is_lost_already_needs_no_failure():
    found = reverse_stress(StressBase.of(positions_of(a_position("C1")), POLICY), 1.0)
    assert found.failures is not None
    assert found.failures.customer_ids == ()
