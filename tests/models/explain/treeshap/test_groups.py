from itertools import pairwise

import pytest

from models.errors import TooDeepError
from models.explain.treeshap.groups import MOST_BITS, MOST_FEATURES, LeafGroup, cut
from models.explain.treeshap.trees import Tree, TreeSplit, read_forest
from tests.models.explain.treeshap.forests import train


def number(feature: int, threshold: float = 0.0) -> TreeSplit:
    return TreeSplit(feature, threshold, missing_left=False, zero_is_missing=False, words=None)


def chain(features: list[int]) -> Tree:
    """A tree that goes on to the left: node i has leaf i at its right, the last one two leaves."""
    n = len(features)
    left = tuple(node + 1 if node + 1 < n else ~n for node in range(n))
    right = tuple(~node for node in range(n))
    values = tuple(float(leaf + 1) for leaf in range(n + 1))
    return Tree(tuple(map(number, features)), left, right, (0.5,) * n, (0.5,) * n, values)


def groups(tree: Tree) -> list[LeafGroup]:
    return list(cut(tree))


def test_every_leaf_is_in_one_group():
    for tree in read_forest(train(1, num_leaves=31, min_data_in_leaf=1)).trees:
        found = sorted(leaf.value for group in cut(tree) for leaf in group.leaves)
        assert found == sorted(tree.values)


def test_a_small_tree_is_one_group():
    (group,) = groups(chain([0, 1, 0]))
    assert group.bits == 3
    assert group.features == (0, 1)
    assert group.cells == 8 * 3


def test_a_tree_of_one_leaf_is_a_table_of_one_row():
    (group,) = groups(Tree((), (), (), (), (), (0.25,)))
    assert (group.bits, group.features, group.conditions, group.cells) == (0, (), (), 1)
    assert group.leaves[0].value == 0.25


def test_a_large_tree_is_cut_where_its_conditions_are_too_many():
    found = groups(chain([0, 1, 2, 3] * 6))
    assert len(found) > 1
    assert all(group.bits <= MOST_BITS for group in found)


def test_a_feature_met_twice_on_the_way_down_takes_one_bit():
    deepest = max(groups(chain([0, 1] * 20)), key=lambda group: len(group.conditions))
    above = [condition for condition in deepest.conditions if condition.left][: 2 * 20]
    assert len({condition.bit for condition in above}) < len(above)


def test_a_group_s_bits_are_all_used_and_none_beyond():
    for tree in read_forest(train(2, num_leaves=31)).trees:
        for group in cut(tree):
            used = 0
            for condition in group.conditions:
                used |= condition.bit
            assert used == (1 << group.bits) - 1
            for leaf in group.leaves:
                for part in leaf.parts.values():
                    assert part.mask
                    assert part.want & ~part.mask == 0
                    assert part.mask <= used


def test_no_two_leaves_of_a_group_hold_under_one_pattern_that_can_occur():
    (group,) = groups(chain([0, 1, 2]))
    for pattern in range(8):
        held = [
            leaf.value
            for leaf in group.leaves
            if all(pattern & part.mask == part.want for part in leaf.parts.values())
        ]
        assert len(held) == 1


def test_the_shares_of_a_feature_met_twice_multiply():
    (group,) = groups(chain([0, 0, 0]))
    shares = sorted(leaf.parts[0].share for leaf in group.leaves)
    assert shares == [0.125, 0.125, 0.25, 0.5]


def test_a_leaf_below_too_many_features_is_refused():
    assert groups(chain(list(range(MOST_FEATURES))))
    with pytest.raises(TooDeepError, match=f"hangs on {MOST_FEATURES + 1} features"):
        groups(chain(list(range(MOST_FEATURES + 1))))


def test_a_very_deep_tree_on_few_features_is_served():
    found = groups(chain([0, 1] * 200))
    assert sum(len(group.leaves) for group in found) == 401
    for one, other in pairwise(found):
        assert one != other
