"""Parser of LightGBM's text format into trees.

Owns the meaning of the format: nodes, leaves, counts, missing values, sets of categories. Does not know
Shapley values.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from models.errors import ModelError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from lightgbm import Booster

ZERO = float(np.float32(1e-35))
"""Largest absolute value that LightGBM treats as 0 (`kZeroThreshold`)."""
_CATEGORICAL, _DEFAULT_LEFT, _MISSING_SHIFT = 1, 2, 2
_NO_MISSING, _ZERO_IS_MISSING = 0, 1


@dataclass(frozen=True, slots=True)
class TreeSplit:
    """The condition of a node; a row that satisfies it goes left.

    Parameters
    ----------
    feature
        The column it reads.
    threshold
        A number goes left where it is `<=` this.
    missing_left
        Where NaN goes, already resolved for features without missing values (NaN is 0 there).
    zero_is_missing
        Whether 0 goes the way of NaN.
    words
        The categories that go left, 32 per word, lowest first; None for a number. NaN, negative and unseen
        categories go right.
    """

    feature: int
    threshold: float
    missing_left: bool
    zero_is_missing: bool
    words: tuple[int, ...] | None


@dataclass(frozen=True, slots=True)
class Tree:
    """One tree in LightGBM's numbering: a child `>= 0` is a node, below 0 it is the leaf `~child`.

    Parameters
    ----------
    left, right
        Children of each node; a child's number exceeds its parent's. Empty where the tree is a single leaf.
    left_share, right_share
        The share of a node's training rows that went there, in [0, 1].
    values
        Value of each leaf in the margin.
    """

    splits: tuple[TreeSplit, ...]
    left: tuple[int, ...]
    right: tuple[int, ...]
    left_share: tuple[float, ...]
    right_share: tuple[float, ...]
    values: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Forest:
    """All trees of a model; their sum is the margin, LightGBM's `raw_score`, of a random forest too."""

    n_features: int
    trees: tuple[Tree, ...]


def read_forest(booster: Booster) -> Forest:
    """Read the trees that a booster predicts with: up to its best iteration where it has one.

    Raises
    ------
    ModelError
        The model has several classes, linear leaves or a node without rows, or its text cannot be parsed.
    """
    head, *blocks = booster.model_to_string().split("\n\nTree=")
    facts = _facts(head)
    try:
        if facts["num_tree_per_iteration"] != "1":
            raise ModelError(
                f"the model adds up {facts['num_tree_per_iteration']} trees a round, one a class; "
                "SHAP values are taken of one margin: train one model a class"
            )
        trees = tuple(_tree(number, _facts(block)) for number, block in enumerate(blocks))
        return Forest(int(facts["max_feature_idx"]) + 1, trees)
    except (KeyError, IndexError, ValueError) as error:
        raise ModelError(
            f"the model's text is not understood at {error}; LightGBM's text format v4 is read here"
        ) from error


def with_fixed(forest: Forest, fixed: Mapping[int, float]) -> Forest:
    """Return the forest with the splits on constant columns resolved and removed.

    Parameters
    ----------
    fixed
        Values by column; no categorical columns.
    """
    return Forest(forest.n_features, tuple(_fixed_tree(tree, fixed) for tree in forest.trees))


def _fixed_tree(tree: Tree, fixed: Mapping[int, float]) -> Tree:
    """Traverse a tree from its root, skip splits on fixed columns, and renumber the remaining nodes."""

    def skipped(node: int) -> int:
        while node >= 0 and tree.splits[node].feature in fixed:
            split = tree.splits[node]
            goes_left = fixed[split.feature] <= split.threshold
            node = tree.left[node] if goes_left else tree.right[node]
        return node

    root = skipped(0) if tree.splits else ~0
    if root < 0:
        return Tree((), (), (), (), (), (tree.values[~root],))
    nodes, leaves, at = [root], [], 0
    children: list[tuple[int, int]] = []
    while at < len(nodes):
        pair = []
        for child in (skipped(tree.left[nodes[at]]), skipped(tree.right[nodes[at]])):
            if child >= 0:
                nodes.append(child)
                pair.append(len(nodes) - 1)
            else:
                leaves.append(tree.values[~child])
                pair.append(~(len(leaves) - 1))
        children.append((pair[0], pair[1]))
        at += 1
    return Tree(
        tuple(tree.splits[node] for node in nodes),
        tuple(left for left, _ in children),
        tuple(right for _, right in children),
        tuple(tree.left_share[node] for node in nodes),
        tuple(tree.right_share[node] for node in nodes),
        tuple(leaves),
    )


def _facts(block: str) -> dict[str, str]:
    """Return the `name=value` lines of a block up to its end."""
    lines = block.partition("\nend of trees")[0].splitlines()
    return dict(line.split("=", 1) for line in lines if "=" in line)


def _tree(number: int, facts: Mapping[str, str]) -> Tree:
    if facts.get("is_linear", "0") != "0":
        raise ModelError(
            "the model has linear leaves, which have no exact SHAP values; train without `linear_tree`"
        )
    values = tuple(_floats(facts["leaf_value"]))
    if int(facts["num_leaves"]) == 1:
        return Tree((), (), (), (), (), values[:1])
    left, right = _ints(facts["left_child"]), _ints(facts["right_child"])
    at_node, at_leaf = _floats(facts["internal_count"]), _floats(facts["leaf_count"])
    if min(at_node) <= 0:
        raise ModelError(
            f"tree {number} has a node that no training row reached, so shares of rows are unknown below it; "
            "train the model anew"
        )
    shares = [
        tuple(
            (at_node[child] if child >= 0 else at_leaf[~child]) / count
            for child, count in zip(children, at_node, strict=True)
        )
        for children in (left, right)
    ]
    return Tree(_splits(facts), tuple(left), tuple(right), shares[0], shares[1], values)


def _splits(facts: Mapping[str, str]) -> tuple[TreeSplit, ...]:
    bounds, words = _ints(facts.get("cat_boundaries", "")), _ints(facts.get("cat_threshold", ""))
    rows = zip(
        _ints(facts["split_feature"]),
        _floats(facts["threshold"]),
        _ints(facts["decision_type"]),
        strict=True,
    )
    return tuple(_split(feature, threshold, kind, bounds, words) for feature, threshold, kind in rows)


def _split(
    feature: int, threshold: float, kind: int, bounds: Sequence[int], words: Sequence[int]
) -> TreeSplit:
    """Read one node, whose `kind` encodes in bits: categorical, default left, and missing-value handling."""
    if kind & _CATEGORICAL:
        place = int(threshold)
        chosen = tuple(words[bounds[place] : bounds[place + 1]])
        return TreeSplit(feature, threshold, missing_left=False, zero_is_missing=False, words=chosen)
    missing = kind >> _MISSING_SHIFT
    default_left = threshold >= 0 if missing == _NO_MISSING else bool(kind & _DEFAULT_LEFT)
    return TreeSplit(feature, threshold, default_left, missing == _ZERO_IS_MISSING, None)


def _ints(text: str) -> list[int]:
    return [int(word) for word in text.split()]


def _floats(text: str) -> list[float]:
    return [float(word) for word in text.split()]
