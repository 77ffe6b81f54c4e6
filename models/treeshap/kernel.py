"""The compiled loops: fills the tables of all groups, and looks rows up in them.

numba is imported here at the top, so import this module inside functions only. Compiled code is kept on disk
(`__pycache__` beside this file, the user's cache folder, or `NUMBA_CACHE_DIR`); where none can be written, it
is compiled anew in each process. Nothing here takes numba's own threads: each call runs in its caller's, free
of the interpreter's lock.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

import numba
import numpy as np

from models.treeshap.trees import ZERO

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from numpy.typing import NDArray

    from models.features.running import Floats
    from models.treeshap.layout import Records

    Words = NDArray[np.uint64]

THREADS: int = numba.config.NUMBA_NUM_THREADS
"""The cores this process may use, or what `NUMBA_NUM_THREADS` says."""
BLOCK = 256
"""How many rows pass through all tables together; what they need then stays in the processor's cache."""
NO_CATEGORY = 2.0**31
"""What LightGBM cannot hold as a category; it goes right, as any unseen one does."""

_Loops = TypeVar("_Loops", bound="Callable[..., Any]")


def compiled(function: _Loops) -> _Loops:
    """Compile at the first call, and keep the result on disk where some cache folder can be written."""
    try:
        done: _Loops = numba.njit(nogil=True, cache=True)(function)
    except RuntimeError:  # numba's word for: no folder to keep it in
        done = numba.njit(nogil=True)(function)
    return done


@compiled
def explain_rows(
    matrix: Floats,
    groups: Records,
    tests: Records,
    views: Records,
    coded: NDArray[np.int64],
    columns: NDArray[np.int64],
    words: Words,
    tables: Floats,
    out: Floats,
) -> None:
    """Write each row's margin and, where `out` has room for them, contributions.

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
    """Turn a block of rows into views, a view a row, with what stands for NaN and 0 in its place."""
    for place in range(len(views)):
        feature, missing, zero = views[place]["feature"], views[place]["at_missing"], views[place]["at_zero"]
        for row in range(len(block)):
            value = block[row, feature]
            known = missing if value != value else value  # noqa: PLR0124  # NaN alone differs from itself
            numbers[place, row] = zero if abs(known) <= ZERO else known


@compiled
def _see_codes(block: Floats, coded: NDArray[np.int64], codes: Words) -> None:
    """Turn a block of rows into categories, a coded column a row: cut to whole numbers as LightGBM does."""
    for place in range(len(coded)):
        for row in range(len(block)):
            value = block[row, coded[place]]
            codes[place, row] = np.uint64(value if -1.0 < value < NO_CATEGORY else NO_CATEGORY)


@compiled
def _recognise(
    tests: Records, first: int, end: int, numbers: Floats, codes: Words, words: Words, pattern: Words
) -> None:
    """Set each row's bits: which of a group's conditions fail."""
    none, one, bits_of_word, in_word = np.uint64(0), np.uint64(1), np.uint64(6), np.uint64(63)
    pattern[:] = none
    for place in range(first, end):
        bit, left, source = tests[place]["bit"], tests[place]["left"], tests[place]["source"]
        if tests[place]["categorical"]:
            word, beyond, wanted = tests[place]["word"], tests[place]["beyond"], np.uint64(left)
            for row in range(len(pattern)):
                code = min(codes[source, row], beyond)
                goes_left = words[word + (code >> bits_of_word)] >> (code & in_word) & one
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
def fill_tables(
    groups: Records, leaves: Records, parts: Records, points: Floats, weights: Floats, tables: Floats
) -> None:
    """Fill each group's table: a row a pattern of failed conditions, the margin and each feature's share.

    Parameters
    ----------
    points, weights
        Gauss-Legendre points in (0, 1) and their weights, enough for the features of any leaf.
    tables
        Zeros, changed in place.
    """
    for group in groups:
        width = group["column_end"] - group["column"]
        for place in range(group["leaf"], group["leaf_end"]):
            above = parts[leaves[place]["part"] : leaves[place]["part_end"]]
            own = _leaf_table(leaves[place]["value"], above, points, weights)
            for pattern in range(1 << group["bits"]):
                cell, held = group["cell"] + pattern * width, 0
                for bit, part in enumerate(above):
                    held |= (np.uint64(pattern) & part["mask"] == part["want"]) << bit
                if held == len(own) - 1:
                    tables[cell] += leaves[place]["value"]
                for bit, part in enumerate(above):
                    tables[cell + part["column"]] += own[held, bit]


@compiled
def _leaf_table(value: float, above: Records, points: Floats, weights: Floats) -> Floats:
    """Share a leaf's value out among the features above it, for each set of features whose splits are passed.

    A Shapley value is the integral over t in [0, 1] of what a feature adds where every other one is known
    with chance t (Owen, Multilinear extensions of games, 1972). Known, a feature multiplies the value by 1 or
    0; unknown, by the share of training rows that pass it (Lundberg et al. 2020, path-dependent). The
    integrand is a polynomial, so a few Gauss points give it exactly.

    Returns
    -------
    Shape `(2 ** n_above, n_above)`; bit j of a row's number is set where feature j's splits are passed.
    """
    table = np.zeros((1 << len(above), len(above)))
    for held in range(len(table)):
        for point, weight in zip(points, weights):  # noqa: B905  # numba knows no `strict`
            product = value * weight
            for bit, part in enumerate(above):
                product *= (held >> bit & 1) * point + (1.0 - point) * part["share"]
            for bit, part in enumerate(above):
                if held >> bit & 1:
                    chance = point + (1.0 - point) * part["share"]
                    table[held, bit] += product / chance * (1.0 - part["share"])
                else:
                    table[held, bit] -= product / (1.0 - point)
    return table
