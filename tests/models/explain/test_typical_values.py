import math

import numpy as np
import pytest

from models.explain.typical_values import LEAST_CUSTOMERS, Typical, TypicalValues

NAMES = ["sector_section", "total_assets", "size_class", "curve_30"]


def rows(*found: tuple[float, float, float, float]) -> np.ndarray:
    return np.array(found)


def test_a_sector_with_enough_customers_has_its_own_values_and_others_those_of_everyone():
    many = [(5.0, 100.0, 1.0, 0.0)] * LEAST_CUSTOMERS
    few = [(6.0, 1_000.0, 2.0, 0.0)] * (LEAST_CUSTOMERS - 1)
    found = TypicalValues.of(NAMES, rows(*many, *few))
    assert found.find("total_assets", 5) == Typical(100.0, of_sector=True)
    other = found.find("total_assets", 6)
    assert other is not None
    assert not other.of_sector
    assert found.find("size_class", None) == Typical(1.0, of_sector=False)
    assert found.find("no_such", 5) is None


def test_a_mean_is_not_that_of_the_largest_and_ignores_the_unknown():
    found = TypicalValues.of(
        NAMES, rows(*[(5.0, 10.0, 1.0, 0.0)] * 99, (5.0, 1e9, 1.0, 0.0), (5.0, math.nan, 1.0, 0.0))
    )
    assert found.everyone["total_assets"] == 10.0


def test_log_odds_are_averaged_as_probabilities():
    found = TypicalValues.of(NAMES, rows((5.0, 1.0, 1.0, math.log(1 / 9)), (5.0, 1.0, 1.0, math.log(3 / 7))))
    assert 1 / (1 + math.exp(-found.everyone["curve_30"])) == pytest.approx(0.2)


def test_they_survive_a_run_s_context_and_one_without_them_gives_none():
    found = TypicalValues.of(NAMES, rows(*[(5.0, 123_456.0, 1.0, 0.0)] * LEAST_CUSTOMERS))
    again = TypicalValues.of_run({"typical": found.document()})
    assert again.find("total_assets", 5) == Typical(123_500.0, of_sector=True)
    assert TypicalValues.of_run({"peers": {}}).find("total_assets", 5) is None
    assert TypicalValues.of_run(None).everyone == {}
