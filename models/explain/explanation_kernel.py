"""Compiled loops that sum contributions by group and pick the feature that explains each group.

Compiled by numba: import this module inside functions only.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from models.compiling import compiled

if TYPE_CHECKING:
    from models.arrays import Floats, Ints


@compiled
def rank_groups(
    values: Floats,
    contributions: Floats,
    columns: Ints,
    bounds: Ints,
    totals: Floats,
    keys: Ints,
    leading: Floats,
) -> None:
    """Fill each group's sum, its dominant feature and that feature's value, of shape `(n, n_groups)`.

    A row's groups are sorted by absolute sum, largest first; ties keep the order of the groups.

    Parameters
    ----------
    values, contributions
        Shape `(n, n_features)`.
    columns, bounds
        The features group by group, and the start of each group; the last bound is their end.
    keys
        The feature's column where the group raises the risk, `~column` otherwise.
    """
    for row in range(len(contributions)):
        for group in range(len(bounds) - 1):
            total, most = _weigh(contributions[row], columns, bounds[group], bounds[group + 1])
            place = group
            while place > 0 and abs(totals[row, place - 1]) < abs(total):
                totals[row, place] = totals[row, place - 1]
                keys[row, place] = keys[row, place - 1]
                place -= 1
            totals[row, place], keys[row, place] = total, most if total >= 0.0 else ~most
        for place in range(len(bounds) - 1):
            key = keys[row, place]
            leading[row, place] = values[row, key if key >= 0 else ~key]


@compiled
def _weigh(contributions: Floats, columns: Ints, first: int, end: int) -> tuple[float, int]:
    """Return the sum of one row's group, and the feature with the largest contribution of the sum's sign."""
    total = 0.0
    for place in range(first, end):
        total += contributions[columns[place]]
    toward = 1.0 if total >= 0.0 else -1.0
    most = columns[first]
    for place in range(first + 1, end):
        if contributions[columns[place]] * toward > contributions[most] * toward:
            most = columns[place]
    return total, most
