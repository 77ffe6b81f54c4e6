import re

import pytest
from lightgbm import Booster

from models.errors import ModelError
from models.treeshap.compiled import TreeShap
from models.treeshap.trees import Split, read_forest
from tests.models.treeshap.forests import N_FEATURES, matrix, train


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


def stump(decision_type: int, threshold: str = "0") -> Split:
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
