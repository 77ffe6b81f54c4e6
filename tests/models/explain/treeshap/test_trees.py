import math
import re
from collections.abc import Mapping
from itertools import combinations
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lightgbm import Booster

from models.errors import ModelError
from models.explain.treeshap.compiled import TreeShap
from models.explain.treeshap.trees import Forest, Tree, TreeSplit, read_forest, with_fixed
from models.learning.boosting import load_lightgbm
from tests.models.explain.treeshap.forests import N_FEATURES, matrix, train


class Told:
    """A booster that says a text of ours, as LightGBM's says its own."""

    def __init__(self, text: str) -> None:
        self.text = text

    def model_to_string(self) -> str:
        return self.text


def rewritten(booster: Booster, name: str, values: str, tree: int = 0) -> Booster:
    """Return the booster with one line of one tree changed."""
    head, *blocks = booster.model_to_string().split("\n\nTree=")
    blocks[tree] = re.sub(rf"^{name}=.*$", f"{name}={values}", blocks[tree], flags=re.MULTILINE)
    head = re.sub(r"\ntree_sizes=.*", "", head)  # lengths of the trees before the change
    return Booster(model_str="\n\nTree=".join([head, *blocks]))


def stump(decision_type: int, threshold: str = "0") -> TreeSplit:
    booster = train(0, num_leaves=2, max_cat_to_onehot=1)
    changed = rewritten(rewritten(booster, "decision_type", str(decision_type)), "threshold", threshold)
    return read_forest(changed).trees[0].splits[0]


@pytest.mark.parametrize(
    ("decision_type", "threshold", "missing_left", "zero_is_missing"),
    [
        (0, "0", True, False),  # NaN is 0, and 0 <= 0
        (2, "-0.5", False, False),  # NaN is 0, whatever the default says
        (4, "1", False, True),
        (6, "-1", True, True),
        (8, "1", False, False),
        (10, "-1", True, False),
    ],
)
def test_missing_values_go_where_lightgbm_s_three_kinds_say(
    decision_type: int, threshold: str, missing_left: bool, zero_is_missing: bool
):
    found = stump(decision_type, threshold)
    assert (found.missing_left, found.zero_is_missing) == (missing_left, zero_is_missing)
    assert found.threshold == float(threshold)
    assert found.words is None


@pytest.mark.parametrize("decision_type", [0, 2, 4, 6, 8, 10])
@pytest.mark.parametrize("threshold", ["0", "-1.0000000180025095e-35", "1.0000000180025095e-35", "inf"])
def test_a_rewritten_split_is_still_read_as_lightgbm_reads_it(decision_type: int, threshold: str):
    booster = rewritten(train(0, num_leaves=2), "decision_type", str(decision_type))
    booster = rewritten(booster, "threshold", threshold)
    rows = matrix(1, 200)
    rows[:3] = [[0.0], [-0.0], [1e-36]]
    assert (TreeShap.of(booster).margin(rows) == booster.predict(rows, raw_score=True)).all()


def test_categories_come_as_lightgbm_s_words():
    splits = [
        split for tree in read_forest(train(3, rounds=30, max_cat_to_onehot=1)).trees for split in tree.splits
    ]
    sets = {split.feature: split.words for split in splits if split.words is not None}
    assert set(sets) == {4, 5}
    assert max(len(words) for words in sets.values() if words) == 3  # categories up to 90


def test_shares_are_of_training_rows_and_add_up():
    forest = read_forest(train(4, num_leaves=31))
    for tree in forest.trees:
        for left, right in zip(tree.left_share, tree.right_share, strict=True):
            assert left + right == pytest.approx(1.0, abs=1e-15)
        assert len(tree.values) == len(tree.splits) + 1


def test_every_column_counts_whether_read_or_not():
    assert read_forest(train(0, num_leaves=2, rounds=1)).n_features == N_FEATURES


def test_several_classes_are_refused():
    with pytest.raises(ModelError, match="3 trees a round"):
        read_forest(train(0, objective="multiclass", num_class=3))


def test_linear_leaves_are_refused():
    with pytest.raises(ModelError, match="linear leaves"):
        read_forest(train(0, linear_tree=True, objective="regression"))


def test_a_node_that_no_training_row_reached_is_refused():
    booster = train(0, num_leaves=2)
    with pytest.raises(ModelError, match="tree 0 has a node that no training row reached"):
        read_forest(rewritten(booster, "internal_count", "0"))


def test_a_leaf_that_no_training_row_reached_is_served():
    booster = rewritten(train(0, num_leaves=2, rounds=1), "leaf_count", "0 400")
    rows = matrix(2, 100)
    shap = TreeShap.of(booster)
    contributions, margin = shap.explain(rows)
    assert abs(contributions.sum(axis=1) + shap.base - margin).max() < 1e-12


@pytest.mark.parametrize("lost", ["num_tree_per_iteration", "max_feature_idx", "left_child", "leaf_count"])
def test_a_text_that_lacks_a_line_is_refused_with_the_line(lost: str):
    text = re.sub(rf"^{lost}=.*\n", "", train(0).model_to_string(), flags=re.MULTILINE)
    with pytest.raises(ModelError, match=lost):
        read_forest(Told(text))  # type: ignore[arg-type]


def test_a_number_that_is_none_is_refused():
    text = re.sub(r"^threshold=.*$", "threshold=x", train(0).model_to_string(), flags=re.MULTILINE)
    with pytest.raises(ModelError, match="not understood"):
        read_forest(Told(text))  # type: ignore[arg-type]


FIXED = 3
"""A column of numbers that is never missing."""


def without_categories(seed: int, **params: object) -> Booster:
    """Fit trees of numbers alone, all of which read the column that is fixed."""
    rng = np.random.default_rng(seed)
    rows = np.round(rng.normal(size=(500, 4)), 1)
    rows[rng.random(rows.shape) < 0.1] = np.nan
    rows[:, FIXED] = rng.choice([-3.0, 0.0, 5.0, 30.0], 500)
    known = np.nan_to_num(rows, nan=0.4)
    target = known[:, 0] * known[:, 1] + known[:, 2] - 0.1 * known[:, FIXED] * (1 + known[:, 0])
    wanted = {"verbose": -1, "num_threads": 1, "min_data_in_leaf": 3, "num_leaves": 12, "seed": seed}
    lightgbm = load_lightgbm()
    booster: Booster = lightgbm.train({**wanted, **params}, lightgbm.Dataset(rows, target), 3)
    return booster


def walked(node: Mapping[str, Any], row: np.ndarray, known: frozenset[int]) -> float:
    """Follow LightGBM's own dump: known columns decide, others weigh both sides by their rows."""
    if "leaf_value" in node:
        return float(node["leaf_value"])
    sides = [node["left_child"], node["right_child"]]
    if node["split_feature"] not in known:
        counts = [side.get("internal_count", side.get("leaf_count")) for side in sides]
        return sum(n * walked(side, row, known) for n, side in zip(counts, sides, strict=True)) / sum(counts)
    value = row[node["split_feature"]]
    value = 0.0 if np.isnan(value) and node["missing_type"] == "None" else value
    left = node["default_left"] if np.isnan(value) else value <= node["threshold"]
    return walked(sides[0 if left else 1], row, known)


def by_subsets(booster: Booster, row: np.ndarray, held: int) -> list[float]:
    """Return Shapley values by their definition, of a game in which one column is always known."""
    trees = [tree["tree_structure"] for tree in booster.dump_model()["tree_info"]]
    players = [column for column in range(len(row)) if column != held]
    found = [0.0] * len(row)
    for player in players:
        others = [one for one in players if one != player]
        for size in range(len(others) + 1):
            weight = math.factorial(size) * math.factorial(len(others) - size) / math.factorial(len(players))
            for some in combinations(others, size):
                without = frozenset({*some, held})
                found[player] += weight * sum(
                    walked(tree, row, without | {player}) - walked(tree, row, without) for tree in trees
                )
    return found


def splits_on(trees: tuple[Tree, ...], column: int) -> int:
    return sum(split.feature == column for tree in trees for split in tree.splits)


@given(seed=st.integers(0, 40), value=st.sampled_from([-99.0, -3.0, 0.0, 4.0, 5.0, 17.0, 30.0, 1e9]))
def test_a_forest_with_a_column_fixed_predicts_what_lightgbm_does_with_that_column_set(
    seed: int, value: float
):
    booster = without_categories(seed)
    rows = np.random.default_rng(seed).normal(size=(60, 4))
    rows[::7, :3] = np.nan
    rows[:, FIXED] = value
    said = booster.predict(rows, raw_score=True)
    found = TreeShap.of(booster, fixed={FIXED: value})
    assert np.array_equal(found.margin(rows), said)
    rows[:, FIXED] = np.nan
    assert np.array_equal(found.margin(rows), said)


@pytest.mark.parametrize("value", [-3.0, 0.0, 5.0, 30.0])
@pytest.mark.parametrize("seed", [0, 1])
def test_shares_with_a_column_fixed_are_shapley_s_of_what_is_left(seed: int, value: float):
    booster = without_categories(seed)
    rows = np.round(np.random.default_rng(seed).normal(size=(6, 4)), 1)
    rows[0, :3] = np.nan
    rows[:, FIXED] = value
    shap = TreeShap.of(booster, fixed={FIXED: value})
    contributions, _ = shap.explain(rows)
    for row, ours in zip(rows, contributions, strict=True):
        assert ours == pytest.approx(by_subsets(booster, row, FIXED), abs=1e-9)
    trees = [tree["tree_structure"] for tree in booster.dump_model()["tree_info"]]
    mean = sum(walked(tree, rows[0], frozenset({FIXED})) for tree in trees)
    assert shap.base == pytest.approx(mean, abs=1e-9)


def test_no_split_on_a_fixed_column_is_left_and_the_others_keep_their_shares():
    forest = read_forest(without_categories(2))
    assert splits_on(forest.trees, FIXED) > 0
    held = with_fixed(forest, {FIXED: 5.0})
    assert splits_on(held.trees, FIXED) == 0
    assert held.n_features == forest.n_features
    for before, after in zip(forest.trees, held.trees, strict=True):
        shares = dict(zip(before.splits, before.left_share, strict=True))
        assert len(after.values) == len(after.splits) + 1 == len(after.left) + 1 == len(after.right) + 1
        assert set(after.values) <= set(before.values)
        assert all(
            child > node
            for node, pair in enumerate(zip(after.left, after.right, strict=True))
            for child in pair
            if child >= 0
        )
        for split, left, right in zip(after.splits, after.left_share, after.right_share, strict=True):
            assert left + right == pytest.approx(1.0)
            assert split not in shares or left in before.left_share


def test_a_tree_that_reads_nothing_else_becomes_one_leaf():
    split = TreeSplit(FIXED, 4.0, missing_left=False, zero_is_missing=False, words=None)
    forest = Forest(4, (Tree((split,), (~0,), (~1,), (0.25,), (0.75,), (-1.0, 2.0)),))
    assert with_fixed(forest, {FIXED: 4.0}).trees == (Tree((), (), (), (), (), (-1.0,)),)
    assert with_fixed(forest, {FIXED: 4.5}).trees == (Tree((), (), (), (), (), (2.0,)),)


def test_a_tree_of_one_leaf_and_a_column_that_none_reads_leave_a_forest_as_it_is():
    leaf = Forest(4, (Tree((), (), (), (), (), (0.5,)),))
    assert with_fixed(leaf, {FIXED: 1.0}) == leaf
    booster = without_categories(3)
    forest = read_forest(booster)
    rows = np.random.default_rng(1).normal(size=(30, 4))
    kept = with_fixed(forest, {})
    assert len(kept.trees) == len(forest.trees)
    assert np.array_equal(TreeShap.of(booster, fixed={}).margin(rows), TreeShap.of(booster).margin(rows))


def test_two_columns_may_be_fixed():
    booster = without_categories(4)
    rows = np.round(np.random.default_rng(4).normal(size=(30, 4)), 1)
    rows[:, FIXED], rows[:, 0] = 5.0, 0.25
    found = TreeShap.of(booster, fixed={FIXED: 5.0, 0: 0.25})
    contributions, margins = found.explain(rows)
    assert np.array_equal(margins, booster.predict(rows, raw_score=True))
    assert not contributions[:, [0, FIXED]].any()
    assert contributions[:, 1:3].any()
