import numpy as np
import pytest

from models.learning.scorecard.binning import bin_feature
from models.learning.scorecard.fitting import _regress
from models.learning.scorecard.rules import ScorecardRules
from models.learning.scorecard.selection import chance_information, forward, is_telling, rows_a_case, unlike
from tests.models.learning.scorecard.builders import a_feature

RULES = ScorecardRules()


def probability_of(woe, label):
    def probability(columns):
        intercept, weights = _regress(woe[:, columns], label)
        return 1 / (1 + np.exp(intercept + woe[:, columns] @ weights))

    return probability


def chosen(woe, label, groups, rules=RULES, repeats: float = 1.0) -> list[int]:
    return forward(woe, label, groups, rules, repeats, probability_of(woe, label))


def evidence(rows: int, weights: list[float], seed: int = 0):
    """Draw independent columns and an outcome whose log-odds of good they add up to."""
    rng = np.random.default_rng(seed)
    woe = rng.normal(size=(rows, len(weights)))
    return woe, (rng.random(rows) < 1 / (1 + np.exp(1 + woe @ np.array(weights)))).astype(float)


@pytest.mark.parametrize("rows", [600, 5_000])
def test_noise_hardly_ever_tells_where_its_information_value_alone_often_would(rows: int):
    telling = loud = 0
    for seed in range(20):
        rng = np.random.default_rng(seed)
        label = (rng.random(rows) < 0.05).astype(float)
        found = bin_feature(a_feature("x", 1), rng.normal(size=rows), label, RULES, 1)
        if found is not None:
            telling += is_telling(found, RULES, 1.0)
            loud += found.information_value >= RULES.least_information_value
    assert telling <= 1
    assert loud >= 5 * telling + (rows == 600) * 5


def test_chance_weighs_more_the_more_rows_a_case_has():
    rng = np.random.default_rng(0)
    values = rng.normal(size=5_000)
    label = (rng.random(5_000) < 1 / (1 + np.exp(3 - 0.5 * values))).astype(float)
    found = bin_feature(a_feature("x", 1), values, label, RULES, 1)
    assert is_telling(found, RULES, 1.0)
    assert not is_telling(found, RULES, 12.0)


def test_chance_shrinks_with_the_rarer_outcome():
    assert chance_information(5, 100_000, 50) > 10 * chance_information(5, 100_000, 1_000)


def test_rows_a_case_counts_bad_subjects_once():
    label = np.array([1.0, 1.0, 1.0, 1.0, 0.0, 0.0])
    assert rows_a_case(label, ["a", "a", "a", "b", "c", "a"]) == 2.0
    assert rows_a_case(label, None) == 1.0
    assert rows_a_case(np.zeros(2), ["a", "b"]) == 0.0


def test_of_two_alike_the_first_stays():
    rng = np.random.default_rng(0)
    one, two = rng.normal(size=(2, 500))
    woe = np.column_stack([one, one + 0.1 * two, -one + 0.1 * two, two, one + two])
    assert unlike(woe, RULES) == [0, 3, 4]
    assert unlike(woe[:, :1], RULES) == [0]


def test_columns_are_taken_by_what_they_add_and_noise_is_not():
    woe, label = evidence(20_000, [0.5, 0.0, 1.0, 0.25])
    assert chosen(woe, label, list("abcd")) == [2, 0, 3]


def test_a_column_that_would_turn_round_is_not_taken():
    woe, label = evidence(5_000, [1.0, -0.5])
    assert chosen(woe, label, list("ab")) == [0]


def test_a_group_gives_only_so_many():
    woe, label = evidence(20_000, [1.0, 0.9, 0.8, 0.7, 0.3])
    assert chosen(woe, label, list("aaaab")) == [0, 1, 2, 4]
    assert chosen(woe, label, list("aaaab"), ScorecardRules(most_in_group=1)) == [0, 4]


def test_a_scorecard_holds_only_so_many():
    woe, label = evidence(20_000, [1.0, 0.9, 0.8, 0.7, 0.3])
    assert len(chosen(woe, label, list("abcde"), ScorecardRules(most_features=2))) == 2


def test_a_gain_is_counted_once_a_case():
    woe, label = evidence(2_000, [1.0, 0.15])
    assert chosen(woe, label, list("ab")) == [0, 1]
    assert chosen(woe, label, list("ab"), repeats=12.0) == [0]
