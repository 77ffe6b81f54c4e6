"""Cutting a feature in bins: a trend of the known sign, enough rows of either outcome in each, round bounds.

A small tree proposes cuts, each is moved to a round number near it, and optbinning joins neighbours so that
the information value is highest under the trend (Navas-Palencia 2020, *Optimal binning: mathematical
programming formulation*). A feature of unknown sign gets the trend that tells more, up or down: allowing a
peak or a valley gave no better answers on later rows.
"""

from __future__ import annotations

import logging
import math
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from models.learning.scorecard.attribute import Attribute, Bin

if TYPE_CHECKING:
    from collections.abc import Sequence

    from models.features.running import Floats
    from models.features.table import Feature
    from models.learning.scorecard.rules import ScorecardRules

_TRENDS = {1: "ascending", -1: "descending"}
_ROUNDING_SHARE = 0.005
"""How many rows, as a share, a cut may pass on its way to a round number."""
_SOLVED = ("OPTIMAL", "FEASIBLE")
_LARGEST = 1e30
"""What an infinite value is cut as: the tree adds values up in 32 bits."""
_MOST_DECIMALS = 12


def bin_feature(
    feature: Feature, values: Floats, label: Floats, rules: ScorecardRules, seed: int
) -> Attribute | None:
    """Cut a feature in bins.

    Parameters
    ----------
    values, label
        The feature with NaN where unknown, and 0 or 1; shape `(n,)`.

    Returns
    -------
    The attribute without points; None where nothing tells rows apart.
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
            _following(
                replace(whole, trend=trend), _joined(cuts, values, label, trend, rules), values, label, rules
            )
            for trend in ((feature.sign,) if feature.sign else _TRENDS)
        ]
    telling = [attribute for attribute in found if any(line.woe for line in attribute.lines)]
    return max(telling, key=lambda attribute: attribute.information_value, default=None)


def load_optbinning() -> Any:  # noqa: ANN401  # its solvers are untyped
    """Import optbinning without the word that one of its many solvers, none of ours, is not to be had."""
    solvers = logging.getLogger("__cvxpy__")
    silent, solvers.disabled = solvers.disabled, True
    try:
        import optbinning  # noqa: PLC0415  # costs seconds at import
    finally:
        solvers.disabled = silent
    return optbinning


def _cuts(values: Floats, label: Floats, rules: ScorecardRules, seed: int) -> list[float]:
    """Return where a tree on this feature alone would cut, moved to round numbers, ascending."""
    from sklearn.tree import DecisionTreeClassifier  # noqa: PLC0415  # costs a second at import

    known = ~np.isnan(values)
    least = max(math.ceil(rules.least_share * len(values)), 1)
    if known.sum() < 2 * least:
        return []
    tree = DecisionTreeClassifier(max_leaf_nodes=rules.prebins, min_samples_leaf=least, random_state=seed)
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
    """Return the cuts that are left when neighbours are joined for the most information under a trend."""
    if not cuts:
        return ()
    found = _optimal(rules, user_splits=list(cuts), monotonic_trend=_TRENDS[trend]).fit(values, label)
    return tuple(float(cut) for cut in found.splits) if found.status in _SOLVED else ()


def _groups(values: Floats, label: Floats, rules: ScorecardRules) -> tuple[tuple[float, ...], ...]:
    """Return codes grouped by how bad they are; codes too rare to stand alone are in no group."""
    codes, counts = np.unique(values[np.isfinite(values)], return_counts=True)
    frequent = codes[counts >= max(rules.least_share * len(values), 2 * rules.least_cases)]
    if len(frequent) < 2:
        return ()
    chosen = np.isin(values, frequent)
    found = _optimal(rules, dtype="categorical").fit(values[chosen].astype(object), label[chosen])
    if found.status not in _SOLVED:
        return ()
    return tuple(tuple(sorted(float(code) for code in group)) for group in found.splits)


def _optimal(rules: ScorecardRules, **how: Any) -> Any:  # noqa: ANN401  # optbinning's own
    return load_optbinning().OptimalBinning(
        max_n_bins=rules.most_bins,
        min_bin_size=rules.least_share,
        min_bin_n_event=rules.least_cases,
        min_bin_n_nonevent=rules.least_cases,
        **how,
    )


def _following(
    attribute: Attribute, bounds: tuple[float, ...], values: Floats, label: Floats, rules: ScorecardRules
) -> Attribute:
    """Count rows between bounds; the solver rounds shares, so a hair against the trend is joined."""
    bins = (Bin(0, 0, 0.0),) * (len(bounds) + 1)
    counted = _counted(replace(attribute, bounds=bounds, bins=bins), values, label, rules)
    steps = np.diff([line.bad_share for line in counted.bins]) * attribute.trend
    wrong = np.flatnonzero(steps < 0)
    if not len(wrong):
        return counted
    left = tuple(bound for index, bound in enumerate(bounds) if index != wrong[0])
    return _following(attribute, left, values, label, rules)


def _counted(attribute: Attribute, values: Floats, label: Floats, rules: ScorecardRules) -> Attribute:
    """Count the rows in each bin and weigh them."""
    place, count = attribute.place(values), len(attribute.lines)
    rows = np.bincount(place, minlength=count).tolist()
    bad = np.bincount(place, weights=label, minlength=count).astype(np.int64).tolist()
    lines = [_weighed(r, b, len(label), sum(bad), rules) for r, b in zip(rows, bad, strict=True)]
    known = len(attribute.bins)
    other = lines[-1] if attribute.other else None
    return replace(attribute, bins=tuple(lines[:known]), missing=lines[known], other=other)


def _weighed(rows: int, bad: int, all_rows: int, all_bad: int, rules: ScorecardRules) -> Bin:
    """Give a bin its weight of evidence (Siddiqi 2006, chapter 6), 0 where it holds too few rows to tell."""
    good, all_good = rows - bad, all_rows - all_bad
    if rows < rules.least_share * all_rows or min(good, bad) < rules.least_cases:
        return Bin(rows, bad, 0.0)
    return Bin(rows, bad, math.log((good / all_good) / (bad / all_bad)))
