"""Compiled loops that look rows up in the tables.

Batches pass through all groups block by block, so that each comparison and each look-up vectorizes over rows;
a single row has a path of its own without data-dependent branches. Records are small so that they stay in the
processor's cache.
Compiled by numba: import this module inside functions only.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from models.compiling import compiled
from models.explain.treeshap.trees import ZERO

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from models.arrays import Floats
    from models.explain.treeshap.layout import Records

    Columns = NDArray[np.uint32]
    Words = NDArray[np.uint64]

BLOCK = 256
"""Rows per block; the data of a block fits the processor's cache."""
NO_CATEGORY = 2.0**31
"""Larger than any category that LightGBM can represent; goes right, as unseen categories do."""
_WORD, _PLACE, _BIT = np.uint64(6), np.uint64(63), np.uint64(1)
"""A category's word is `category >> 6`, its bit there `category & 63`."""


@compiled
def explain_rows(
    matrix: Floats,
    groups: Records,
    tests: Records,
    views: Records,
    coded: Columns,
    columns: Columns,
    words: Words,
    tables: Floats,
    out: Floats,
) -> None:
    """Write each row's margin and, where `out` has the columns, its contributions.

    Parameters
    ----------
    matrix
        Shape `(n, n_features)`.
    out
        Shape `(n, 1 + n_features)`: the margin, then contributions; or `(n, 1)`: the margin alone.
    """
    height = min(BLOCK, len(matrix))
    numbers = np.empty((len(views), height))
    codes = np.empty((len(coded), height), np.uint64)
    pattern = np.empty(height, np.uint64)
    sums = np.empty((out.shape[1], height))
    for first in range(0, len(matrix), BLOCK):
        block = matrix[first : first + BLOCK]
        _see_numbers(block, views, numbers)
        _see_codes(block, coded, codes)
        sums[:] = 0.0
        for group in groups:
            _recognise(tests, group["test"], group["test_end"], numbers, codes, words, pattern)
            width = group["column_end"] - group["column"]
            for row in range(height):
                pattern[row] *= np.uint64(width)
            for place in range(width if out.shape[1] > 1 else 1):
                column, cell = columns[group["column"] + place], np.uint64(group["cell"] + place)
                for row in range(height):
                    sums[column, row] += tables[cell + pattern[row]]
        for column in range(out.shape[1]):
            for row in range(len(block)):
                out[first + row, column] = sums[column, row]


@compiled
def _see_numbers(block: Floats, views: Records, numbers: Floats) -> None:
    """Convert a block of rows to views, one per row, with the replacements of NaN and 0 applied."""
    for place in range(len(views)):
        feature, missing, zero = views[place]["feature"], views[place]["at_missing"], views[place]["at_zero"]
        for row in range(len(block)):
            value = block[row, feature]
            known = missing if value != value else value  # noqa: PLR0124  # NaN alone differs from itself
            numbers[place, row] = zero if abs(known) <= ZERO else known


@compiled
def _see_codes(block: Floats, coded: Columns, codes: Words) -> None:
    """Convert a block of rows to category codes, one coded column per row, truncated as LightGBM does."""
    for place in range(len(coded)):
        for row in range(len(block)):
            value = block[row, coded[place]]
            codes[place, row] = np.uint64(value if -1.0 < value < NO_CATEGORY else NO_CATEGORY)


@compiled
def _recognise(
    tests: Records, first: int, end: int, numbers: Floats, codes: Words, words: Words, pattern: Words
) -> None:
    """Set each row's bits: the conditions of a group that fail."""
    none = np.uint64(0)
    pattern[:] = none
    for place in range(first, end):
        bit, left, source = np.uint64(tests[place]["bit"]), tests[place]["left"], tests[place]["source"]
        if tests[place]["categorical"]:
            word, beyond, wanted = (
                np.uint64(tests[place]["word"]),
                np.uint64(tests[place]["beyond"]),
                np.uint64(left),
            )
            for row in range(len(pattern)):
                code = min(codes[source, row], beyond)
                goes_left = words[word + (code >> _WORD)] >> (code & _PLACE) & _BIT
                pattern[row] |= (goes_left ^ wanted) * bit
        else:
            threshold = tests[place]["threshold"]
            if left:
                for row in range(len(pattern)):
                    pattern[row] |= none if numbers[source, row] <= threshold else bit
            else:
                for row in range(len(pattern)):
                    pattern[row] |= bit if numbers[source, row] <= threshold else none


@compiled
def explain_row(
    matrix: Floats,
    groups: Records,
    tests: Records,
    views: Records,
    coded: Columns,
    columns: Columns,
    words: Words,
    tables: Floats,
    out: Floats,
) -> None:
    """Explain a matrix of one row, without the set-up cost of blocks; see `explain_rows`."""
    numbers = np.empty((len(views), 1))
    codes = np.empty((len(coded), 1), np.uint64)
    _see_numbers(matrix, views, numbers)
    _see_codes(matrix, coded, codes)
    out[:] = 0.0
    for group in groups:
        pattern = np.uint64(0)
        for place in range(group["test"], group["test_end"]):
            source, bit = tests[place]["source"], np.uint64(tests[place]["bit"])
            if tests[place]["categorical"]:
                code = min(codes[source, 0], np.uint64(tests[place]["beyond"]))
                goes_left = words[np.uint64(tests[place]["word"]) + (code >> _WORD)] >> (code & _PLACE) & _BIT
            else:
                goes_left = np.uint64(numbers[source, 0] <= tests[place]["threshold"])
            pattern |= (goes_left ^ np.uint64(tests[place]["left"])) * bit
        width = group["column_end"] - group["column"]
        cell = group["cell"] + np.int64(pattern) * width
        for place in range(width if out.shape[1] > 1 else 1):
            out[0, columns[group["column"] + place]] += tables[cell + place]
