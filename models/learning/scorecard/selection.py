"""Selection of features for a scorecard: informative, uncorrelated, few per reason, each improving the fit.

Candidates come with their weights of evidence; `models.learning.scorecard.fitting` fits the selection.
"""

from __future__ import annotations

import math
from collections import Counter
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from models.arrays import Floats
    from models.learning.scorecard.attribute import Attribute
    from models.learning.scorecard.rules import ScorecardRules

    Fit = Callable[[Sequence[int]], Floats]

_CHANCE_DEVIATIONS = 4.0
_PRICE = 2.0


def chance_information(lines: int, good: float, bad: float) -> float:
    """Return the information value that noise in this number of bins would rarely exceed.

    Over `1 / good + 1 / bad` it is about chi-squared with `lines - 1` degrees of freedom, since both measure
    the same distance for small differences (Kullback 1959, chapter 6); four standard deviations are allowed,
    for the bins were chosen on the same rows.

    Examples
    --------
    >>> round(chance_information(4, 9_000, 1_000), 4)
    0.0142
    """
    freedom = lines - 1
    return (freedom + _CHANCE_DEVIATIONS * math.sqrt(2 * freedom)) * (1 / good + 1 / bad)


def rows_a_case(label: Floats, subject: Sequence[object] | None) -> float:
    """Return the number of bad rows per bad subject, 1 or more: twelve months of one failure are one case.

    Examples
    --------
    >>> rows_a_case(np.array([1.0, 1.0, 1.0, 0.0]), ["a", "a", "b", "c"])
    1.5
    """
    if subject is None:
        return 1.0
    cases = {one for one, bad in zip(subject, label.tolist(), strict=True) if bad}
    return float(label.sum()) / max(len(cases), 1)


def is_telling(attribute: Attribute, rules: ScorecardRules, repeats: float) -> bool:
    """Return whether a feature is informative beyond chance, given the number of rows per case."""
    bad = sum(line.bad for line in attribute.lines)
    rows = sum(line.rows for line in attribute.lines)
    chance = chance_information(len(attribute.lines), rows - bad, bad)
    return attribute.information_value >= max(rules.least_information_value, chance * repeats)


def unlike(woe: Floats, rules: ScorecardRules) -> list[int]:
    """Return the columns to keep so that no two are too correlated; the earlier of two stays.

    Parameters
    ----------
    woe
        Weights of evidence, most informative feature first, shape `(n, n_candidates)`; no column is constant.
    """
    alike = np.abs(np.corrcoef(woe, rowvar=False).reshape(woe.shape[1], -1))
    kept: list[int] = []
    for column in range(woe.shape[1]):
        if (alike[column, kept] <= rules.most_correlation).all():
            kept.append(column)
    return kept


def forward(
    woe: Floats,
    label: Floats,
    groups: Sequence[str],
    rules: ScorecardRules,
    repeats: float,
    probability: Fit,
) -> list[int]:
    """Select columns greedily by their contribution to those already selected.

    The contribution is Rao's score statistic on the fitted model (Rao 1948), counted once per case; it must
    exceed the price of a coefficient in Akaike's criterion (1974), with the sign of the column's evidence.

    Parameters
    ----------
    woe, label
        Weights of evidence of the candidates, shape `(n, n_candidates)`, and 0 or 1, shape `(n,)`.
    groups
        The reason of each candidate.
    repeats
        Number of rows per case, by which a column's gain is divided.
    probability
        Fits some columns and returns probabilities of bad, shape `(n,)`.
    """
    chosen: list[int] = []
    squared = woe**2
    while len(chosen) < rules.most_features:
        taken = Counter(groups[column] for column in chosen)
        left = [
            column
            for column in range(woe.shape[1])
            if column not in chosen and taken[groups[column]] < rules.most_in_group
        ]
        if not left:
            break
        gains = _gains(woe, squared, chosen, label, probability(chosen))[left] / repeats
        best = int(gains.argmax())
        if gains[best] <= _PRICE:
            break
        chosen.append(left[best])
    return chosen


def _gains(woe: Floats, squared: Floats, chosen: Sequence[int], label: Floats, probability: Floats) -> Floats:
    """Return the score statistic of each column given the selected ones, 0 for the wrong sign."""
    weight = probability * (1 - probability)
    design = np.column_stack([np.ones(len(label)), woe[:, chosen]])
    weighed = (design * weight[:, None]).T
    shared = weighed @ woe
    slope = (probability - label) @ woe
    spread = weight @ squared - (shared * np.linalg.solve(weighed @ design, shared)).sum(axis=0)
    gains: Floats = np.where((slope > 0) & (spread > 0), slope**2 / np.maximum(spread, 1e-12), 0.0)
    return gains
