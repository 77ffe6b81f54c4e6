"""Flat arrays of leaf groups, as the compiled kernel reads them.

Owns the arrays' meaning, which `kernel` relies on. Every numerical split becomes one comparison without
special cases: its test reads a *view* of the column in which NaN and 0 are already replaced.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from itertools import zip_longest
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from models.explain.treeshap.groups import LeafGroup, SplitCondition

    Records = NDArray[np.void]

_WORD = 64
VIEW = np.dtype([("feature", "i8"), ("at_missing", "f8"), ("at_zero", "f8")])
"""A column as tests read it, with the replacements of NaN and of 0."""
TEST = np.dtype(
    [
        ("threshold", "f8"),
        ("source", "u4"),
        ("word", "u4"),
        ("beyond", "u4"),
        ("bit", "u2"),
        ("categorical", "?"),
        ("left", "?"),
    ]
)
"""Sets `bit` where a row does not go `left`, or does where it must not. A number of the view `source` goes
left where it is `<= threshold`; a category of the coded column `source` where its bit is set in the words
from `word` on, and those from the category `beyond` on are in no word."""
GROUP = np.dtype(
    [
        (name, "u4")
        for name in ("bits", "cell", "test", "test_end", "column", "column_end", "leaf", "leaf_end")
    ]
)
"""Start and end of a group's table, tests, columns and leaves; the table has `2 ** bits` rows."""
LEAF = np.dtype([("value", "f8"), ("part", "i8"), ("part_end", "i8")])
PART = np.dtype([("share", "f8"), ("mask", "u8"), ("want", "u8"), ("column", "i8")])
"""One feature above a leaf, and the column of the group's table it fills; 0 where it fills none."""


class ExplainerLayout(NamedTuple):
    """Arrays that the kernel reads, besides the tables."""

    groups: Records
    tests: Records
    views: Records
    coded: NDArray[np.uint32]
    """The features read as categories."""
    columns: NDArray[np.uint32]
    """Output of each group's columns: 0 for the margin, then 1 + feature."""
    words: NDArray[np.uint64]
    """Sets of categories, 64 per word, each followed by an empty word."""


class Leaves(NamedTuple):
    """Arrays that the tables are filled from."""

    leaves: Records
    parts: Records


def lay_out(groups: Sequence[LeafGroup]) -> tuple[ExplainerLayout, Leaves]:
    """Concatenate groups into flat arrays."""
    sources = _Sources()
    tests = [sources.test(condition) for group in groups for condition in group.conditions]
    columns = [column for group in groups for column in (0, *(1 + feature for feature in group.features))]
    layout = ExplainerLayout(
        _group_records(groups),
        np.array(tests, TEST),
        sources.view_records(),
        np.array(list(sources.coded), np.uint32),
        np.array(columns, np.uint32),
        np.array(sources.words, np.uint64),
    )
    for array in layout:
        array.flags.writeable = False
    return layout, _leaf_records(groups)


def _group_records(groups: Sequence[LeafGroup]) -> Records:
    records = np.zeros(len(groups), GROUP)
    counts = {
        "test": [len(group.conditions) for group in groups],
        "column": [1 + len(group.features) for group in groups],
        "leaf": [len(group.leaves) for group in groups],
    }
    for name, count in counts.items():
        records[f"{name}_end"] = np.cumsum(count)
        records[name] = records[f"{name}_end"] - count
    cells = np.array([group.cells for group in groups], np.int64)
    records["bits"] = [group.bits for group in groups]
    records["cell"] = np.cumsum(cells) - cells
    return records


def _leaf_records(groups: Sequence[LeafGroup]) -> Leaves:
    leaves: list[tuple[float, int, int]] = []
    parts: list[tuple[float, int, int, int]] = []
    for group in groups:
        column = {feature: 1 + place for place, feature in enumerate(group.features)}
        for leaf in group.leaves:
            before = len(parts)
            parts += [(*part, column.get(feature, 0)) for feature, part in leaf.parts.items()]
            leaves.append((leaf.value, before, len(parts)))
    return Leaves(np.array(leaves, LEAF), np.array(parts, PART))


@dataclass(slots=True)
class _Sources:
    """Distinct views, coded columns and sets of categories, in order of first use."""

    views: dict[tuple[int, bool, bool], int] = field(default_factory=dict)
    coded: dict[int, int] = field(default_factory=dict)
    sets: dict[tuple[int, ...], int] = field(default_factory=dict)
    words: list[int] = field(default_factory=list)

    def test(self, condition: SplitCondition) -> tuple[Any, ...]:
        """Return one record of `TEST`."""
        bit, split, left = condition
        if split.words is None:
            seen = (split.feature, split.missing_left, split.zero_is_missing)
            return split.threshold, self.views.setdefault(seen, len(self.views)), 0, 0, bit, False, left
        packed = _packed(split.words)
        if packed not in self.sets:
            self.sets[packed] = len(self.words)
            self.words += [*packed, 0]
        source = self.coded.setdefault(split.feature, len(self.coded))
        return 0.0, source, self.sets[packed], len(packed) * _WORD, bit, True, left

    def view_records(self) -> Records:
        """Return `VIEW` records: missing goes left as -inf, and right as NaN, which is `<=` nothing."""
        rows = []
        for feature, missing_left, zero_is_missing in self.views:
            at_missing = -math.inf if missing_left else math.nan
            rows.append((feature, at_missing, at_missing if zero_is_missing else 0.0))
        return np.array(rows, VIEW)


def _packed(words: tuple[int, ...]) -> tuple[int, ...]:
    """Combine 32-bit words pairwise into 64-bit words.

    Examples
    --------
    >>> _packed((5, 1, 3))
    (4294967301, 3)
    """
    return tuple(low | high << 32 for low, high in zip_longest(words[::2], words[1::2], fillvalue=0))
