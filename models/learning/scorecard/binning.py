"""Binning of a feature: a trend of the known sign, enough rows of either outcome in each bin, round bounds.

A small tree proposes cuts, each is moved to a round number near it, and neighbours are joined so that the
information value is highest under the trend (`models.learning.scorecard.joining`). A feature of unknown sign
gets the more informative trend, up or down: allowing a peak or a valley did not improve later rows.
"""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from models.learning.scorecard.attribute import Attribute, Bin
from models.learning.scorecard.joining import JoiningRules, join

if TYPE_CHECKING:
    from collections.abc import Sequence

    from models.arrays import Floats
    from models.features.table import Feature
    from models.learning.scorecard.rules import ScorecardRules

_TRENDS = (1, -1)
_ROUNDING_SHARE = 0.005
"""Share of rows that a cut may pass when it is moved to a round number."""
_LARGEST = 1e30
"""Replacement of an infinite value: the tree adds values up in 32 bits."""
_MOST_DECIMALS = 12


def bin_feature(
    feature: Feature, values: Floats, label: Floats, rules: ScorecardRules, seed: int
) -> Attribute | None:
    """Bin a feature.

    Parameters
    ----------
    values, label
        The feature with NaN where unknown, and 0 or 1; shape `(n,)`.

    Returns
    -------
    The attribute without points; None if nothing separates the rows.
    """
    blank = Bin(0, 0, 0.0)
    whole = Attribute(
        feature.name,
        feature.label_fr,
        feature.label_en,
        feature.unit,
        feature.group,
        0,
        (),
        (),
        (blank,),
        blank,
    )
    if feature.categorical:
        groups = _groups(values, label, rules)
        bins = (blank,) * len(groups)
        coded = replace(whole, categories=groups, bins=bins, other=blank) if groups else whole
        found = [_counted(coded, values, label, rules)]
    else:
        values = np.clip(values, -_LARGEST, _LARGEST)
        cuts = _cuts(values, label, rules, seed)
        found = [
            _between(
                replace(whole, trend=trend), _joined(cuts, values, label, trend, rules), values, label, rules
            )
            for trend in ((feature.sign,) if feature.sign else _TRENDS)
        ]
    telling = [attribute for attribute in found if any(line.woe for line in attribute.lines)]
    return max(telling, key=lambda attribute: attribute.information_value, default=None)


def _cuts(values: Floats, label: Floats, rules: ScorecardRules, seed: int) -> list[float]:
    """Return the cuts of a tree on this feature alone, moved to round numbers, ascending."""
    from sklearn.tree import DecisionTreeRegressor  # noqa: PLC0415  # costs a second at import

    known = ~np.isnan(values)
    least = max(math.ceil(rules.least_share * len(values)), 1)
    if known.sum() < 2 * least:
        return []
    # On outcomes 0 and 1 squared error orders splits as Gini's impurity does, and is quicker.
    tree = DecisionTreeRegressor(max_leaf_nodes=rules.prebins, min_samples_leaf=least, random_state=seed)
    nodes = tree.fit(values[known, None], label[known]).tree_
    ordered = np.sort(values[known])
    reach = max(int(_ROUNDING_SHARE * len(ordered)), 1)
    cuts = set()
    for cut in nodes.threshold[nodes.feature >= 0]:
        place = int(np.searchsorted(ordered, cut))
        below, above = ordered[max(place - reach, 0)], ordered[min(place + reach, len(ordered)) - 1]
        cuts.add(round_number(float(below), float(above), float(cut)))
    return sorted(cuts)


def round_number(above: float, upto: float, near: float) -> float:
    """Return the number of fewest digits near one, `above` < it <= `upto`.

    Examples
    --------
    >>> round_number(0.0, 1.0, 0.5), round_number(0.1321, 0.1382, 0.1344), round_number(118.2, 122.6, 120.3)
    (1.0, 0.134, 120.0)
    """
    first = -math.ceil(math.log10(max(abs(above), abs(upto))))
    for decimals in range(first, _MOST_DECIMALS + 1):
        for candidate in (round(near, decimals), round(near + 0.5 * 10.0**-decimals, decimals)):
            if above < candidate <= upto:
                return candidate + 0.0
    return near


def _joined(
    cuts: Sequence[float], values: Floats, label: Floats, trend: int, rules: ScorecardRules
) -> tuple[float, ...]:
    """Return the remaining cuts after joining neighbours for the highest information value under a trend."""
    known = ~np.isnan(values)
    place = np.searchsorted(np.array(cuts), values[known], side="right")
    rows = np.bincount(place, minlength=len(cuts) + 1).astype(np.float64)
    bad = np.bincount(place, label[known], len(cuts) + 1).astype(np.float64)
    return tuple(cuts[begin - 1] for begin in join(rows, bad, trend, _bounds(len(values), rules)))


def _groups(values: Floats, label: Floats, rules: ScorecardRules) -> tuple[tuple[float, ...], ...]:
    """Return codes grouped by their share of bad rows; rare codes are in no group."""
    known = np.isfinite(values)
    codes, place, counts = np.unique(values[known], return_inverse=True, return_counts=True)
    bad = np.bincount(place, label[known], len(codes)).astype(np.float64)
    frequent = np.flatnonzero(counts >= max(rules.least_share * len(values), 2 * rules.least_cases))
    if len(frequent) < 2:
        return ()
    worse = frequent[np.argsort(bad[frequent] / counts[frequent], kind="stable")]
    begins = join(counts[worse].astype(np.float64), bad[worse], 1, _bounds(int(counts[worse].sum()), rules))
    return tuple(tuple(sorted(codes[group].tolist())) for group in np.split(worse, begins))


def _bounds(rows: int, rules: ScorecardRules) -> JoiningRules:
    return JoiningRules(rules.most_bins, math.ceil(rules.least_share * rows), rules.least_cases)


def _between(
    attribute: Attribute, bounds: tuple[float, ...], values: Floats, label: Floats, rules: ScorecardRules
) -> Attribute:
    """Count rows between bounds."""
    bins = (Bin(0, 0, 0.0),) * (len(bounds) + 1)
    return _counted(replace(attribute, bounds=bounds, bins=bins), values, label, rules)


def _counted(attribute: Attribute, values: Floats, label: Floats, rules: ScorecardRules) -> Attribute:
    """Count the rows in each bin and compute its weight of evidence."""
    place, count = attribute.place(values), len(attribute.lines)
    rows = np.bincount(place, minlength=count).tolist()
    bad = np.bincount(place, weights=label, minlength=count).astype(np.int64).tolist()
    lines = [_weighed(r, b, len(label), sum(bad), rules) for r, b in zip(rows, bad, strict=True)]
    known = len(attribute.bins)
    other = lines[-1] if attribute.other else None
    return replace(attribute, bins=tuple(lines[:known]), missing=lines[known], other=other)


def _weighed(rows: int, bad: int, all_rows: int, all_bad: int, rules: ScorecardRules) -> Bin:
    """Set a bin's weight of evidence (Siddiqi 2006, chapter 6), 0 if it holds too few rows."""
    good, all_good = rows - bad, all_rows - all_bad
    if rows < rules.least_share * all_rows or min(good, bad) < rules.least_cases:
        return Bin(rows, bad, 0.0)
    return Bin(rows, bad, math.log((good / all_good) / (bad / all_bad)))
