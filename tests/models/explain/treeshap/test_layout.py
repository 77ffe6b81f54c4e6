import math

import numpy as np

from models.explain.treeshap.groups import Leaf, LeafGroup, PathPart, SplitCondition, cut
from models.explain.treeshap.layout import lay_out
from models.explain.treeshap.trees import TreeSplit, read_forest
from tests.models.explain.treeshap.forests import train


def one_test(*splits: TreeSplit) -> LeafGroup:
    return LeafGroup(
        1, tuple(SplitCondition(1, split, left=True) for split in splits), (0,), (Leaf(1.0, {}),)
    )


def split(
    words: tuple[int, ...] | None = None, *, missing_left: bool = False, zero_is_missing: bool = False
) -> TreeSplit:
    return TreeSplit(3, 0.5, missing_left, zero_is_missing, words)


def test_what_is_missing_goes_its_way_by_an_ordinary_comparison():
    ways = [
        split(missing_left=left, zero_is_missing=zero) for left in (False, True) for zero in (False, True)
    ]
    layout, _ = lay_out([one_test(*ways)])
    found = {
        (float(view["at_missing"]), float(view["at_zero"])) for view in layout.views if view["at_missing"] < 0
    }
    assert found == {(-math.inf, 0.0), (-math.inf, -math.inf)}
    right = [view for view in layout.views if math.isnan(view["at_missing"])]
    assert [math.isnan(view["at_zero"]) for view in right] == [False, True]
    assert set(layout.views["feature"]) == {3}


def test_a_view_or_a_set_met_again_is_kept_once():
    layout, _ = lay_out([one_test(split(), split()), one_test(split(), split((5,)), split((5,)))])
    assert len(layout.tests) == 5
    assert len(layout.views) == 1
    assert layout.coded.tolist() == [3]
    assert layout.words.tolist() == [5, 0]


def test_words_of_32_categories_are_put_together_by_two_and_end_with_an_empty_one():
    layout, _ = lay_out([one_test(split((5, 1, 3)), split((7,)))])
    assert layout.words.tolist() == [5 + (1 << 32), 3, 0, 7, 0]
    assert layout.tests["word"].tolist() == [0, 3]
    assert layout.tests["beyond"].tolist() == [128, 64]


def test_groups_lie_one_after_the_other():
    groups = [group for tree in read_forest(train(1, num_leaves=31)).trees for group in cut(tree)]
    layout, leaves = lay_out(groups)
    records = layout.groups
    for name, whole in (("test", layout.tests), ("column", layout.columns), ("leaf", leaves.leaves)):
        assert records[name][0] == 0
        assert np.array_equal(records[name][1:], records[f"{name}_end"][:-1])
        assert records[f"{name}_end"][-1] == len(whole)
    assert np.array_equal(np.diff(records["cell"]), [group.cells for group in groups[:-1]])
    assert leaves.leaves["part_end"][-1] == len(leaves.parts)


def test_a_part_fills_the_column_of_its_feature():
    group = LeafGroup(2, (), (4, 9), (Leaf(1.0, {9: PathPart(0.5, 1, 0), 4: PathPart(0.25, 2, 2)}),))
    layout, leaves = lay_out([group])
    assert layout.columns.tolist() == [0, 5, 10]
    assert leaves.parts["column"].tolist() == [2, 1]
    assert leaves.parts["share"].tolist() == [0.5, 0.25]


def test_no_array_can_be_written_to():
    layout, _ = lay_out([one_test(split(), split((5,)))])
    assert not any(array.flags.writeable for array in layout)
