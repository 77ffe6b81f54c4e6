"""Partition of a tree into groups of leaves, each with the binary conditions it depends on.

A group is a subtree with the path to it. The split of the margin among features depends on these conditions
alone: one for each distinct feature of the path (all its splits on the path are passed) and one for each
split inside. Larger groups mean fewer look-ups and larger tables.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from models.errors import TooDeepError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from models.explain.treeshap.trees import Tree, TreeSplit

    Path = tuple[tuple[int, bool], ...]
    """Nodes of a path from the root, each with whether it continues left."""

MOST_FEATURES = 10
"""Largest number of distinct features above one leaf; its table has up to 2 to this many rows."""
MOST_BITS = 8
"""Largest number of conditions of a group; 7 to 10 were measured to perform about equally well."""


class SplitCondition(NamedTuple):
    """Sets a bit of the pattern where a row does not go the required way at a split."""

    bit: int
    split: TreeSplit
    left: bool


class PathPart(NamedTuple):
    """One feature above a leaf: its splits are all passed where `pattern & mask == want`.

    `share` is the share of training rows that pass them, in [0, 1], each split among the rows of its node.
    """

    share: float
    mask: int
    want: int


NOTHING = PathPart(1.0, 0, 0)
"""Neutral element: no split, every row passes."""


@dataclass(frozen=True, slots=True)
class Leaf:
    """A leaf's value in the margin, and the features above it."""

    value: float
    parts: dict[int, PathPart]


@dataclass(frozen=True, slots=True)
class LeafGroup:
    """Leaves that share one table of `2 ** bits` rows and one column per feature."""

    bits: int
    conditions: tuple[SplitCondition, ...]
    features: tuple[int, ...]
    leaves: tuple[Leaf, ...]

    @property
    def cells(self) -> int:
        """Number of cells of the table, the margin's column included."""
        return (1 << self.bits) * (1 + len(self.features))


def cut(tree: Tree) -> Iterator[LeafGroup]:
    """Yield the largest groups of at most `MOST_BITS` conditions; a leaf alone may have `MOST_FEATURES`.

    Raises
    ------
    TooDeepError
        A leaf depends on more features.
    """
    inside = [0] * len(tree.splits)
    for node in reversed(range(len(inside))):
        inside[node] = 1 + sum(inside[child] for child in (tree.left[node], tree.right[node]) if child >= 0)
    waiting: list[tuple[int, Path]] = [(0 if tree.splits else ~0, ())]
    while waiting:
        node, path = waiting.pop()
        above = len({tree.splits[passed].feature for passed, _ in path})
        if node >= 0 and above + inside[node] > MOST_BITS:
            waiting += _children(tree, node, path)
        elif above > MOST_FEATURES:
            raise TooDeepError(
                f"a leaf hangs on {above} features; up to {MOST_FEATURES} are served: "
                f"train with `max_depth` <= {MOST_FEATURES}"
            )
        else:
            yield _group(tree, node, path)


def _children(tree: Tree, node: int, path: Path) -> list[tuple[int, Path]]:
    return [(tree.right[node], (*path, (node, False))), (tree.left[node], (*path, (node, True)))]


def _group(tree: Tree, root: int, path: Path) -> LeafGroup:
    """Number the conditions of a subtree: the path's features first, then the splits inside."""
    above = list(dict.fromkeys(tree.splits[node].feature for node, _ in path))
    bit = {feature: 1 << place for place, feature in enumerate(above)}
    conditions = [
        SplitCondition(bit[tree.splits[node].feature], tree.splits[node], left) for node, left in path
    ]
    start: dict[int, PathPart] = {}
    for node, left in path:
        feature = tree.splits[node].feature
        share = start.get(feature, NOTHING).share * _share(tree, node, left=left)
        start[feature] = PathPart(share, bit[feature], 0)
    leaves, bits, features = [], len(above), set(above)
    waiting = [(root, start)]
    while waiting:
        node, parts = waiting.pop()
        if node < 0:
            leaves.append(Leaf(tree.values[~node], parts))
            continue
        split, own = tree.splits[node], 1 << bits
        bits += 1
        features.add(split.feature)
        conditions.append(SplitCondition(own, split, left=True))
        for child, left in ((tree.right[node], False), (tree.left[node], True)):
            before = parts.get(split.feature, NOTHING)
            share = before.share * _share(tree, node, left=left)
            part = PathPart(share, before.mask | own, before.want | (0 if left else own))
            waiting.append((child, {**parts, split.feature: part}))
    return LeafGroup(bits, tuple(conditions), tuple(sorted(features)), tuple(leaves))


def _share(tree: Tree, node: int, *, left: bool) -> float:
    return tree.left_share[node] if left else tree.right_share[node]
