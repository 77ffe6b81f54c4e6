"""The compiled loop of `models.explanation`: what each group of features adds, and which feature tells it.

Compiled by numba: import this module inside functions only.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from models.compiling import compiled

if TYPE_CHECKING:
    from models.features.running import Floats, Ints


@compiled
def weigh_groups(contributions: Floats, columns: Ints, bounds: Ints, totals: Floats, telling: Ints) -> None:
    """Fill each group's sum, and the feature that pushes most its way, both of shape `(n, n_groups)`.

    Parameters
    ----------
    contributions
        Shape `(n, n_features)`.
    columns, bounds
        The features group by group, and where each group begins; the last bound is their end.
    """
    for row in range(len(contributions)):
        for group in range(len(bounds) - 1):
            total = 0.0
            for place in range(bounds[group], bounds[group + 1]):
                total += contributions[row, columns[place]]
            toward = 1.0 if total >= 0.0 else -1.0
            most = columns[bounds[group]]
            for place in range(bounds[group] + 1, bounds[group + 1]):
                if contributions[row, columns[place]] * toward > contributions[row, most] * toward:
                    most = columns[place]
            totals[row, group], telling[row, group] = total, most
