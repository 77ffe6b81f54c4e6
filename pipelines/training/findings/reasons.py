"""Feature importance of the model's predictions, and stability of its reasons across fits.

SHAP values are exact, on the raw margin (`FittedModel.contributions`). Reasons are those shown to a
salesperson: features of one group summed. Two models are compared on the same rows: the tested one, and the
final one, which was trained on the test period as well.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from models.features.build import INVOICE_FEATURES
from pipelines.training.findings.single_features import middle_ranks

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from models.arrays import Floats
    from models.features.table import Feature
    from models.learning.artifact import FittedModel

ROWS = 1_000
"""Number of test rows to explain, sampled with a seed."""
STRONGEST = 15
POINTS = 250
"""Number of rows whose values and contributions are stored."""
TOP = 3
"""Number of reasons shown to people."""


@dataclass(frozen=True, slots=True)
class Strength:
    """Mean absolute contribution of a feature to the margin, in log-odds."""

    name: str
    mean_abs: float


@dataclass(frozen=True, slots=True)
class Dependence:
    """A feature's values, NaN where missing, with their contributions to the margin, in log-odds."""

    name: str
    values: tuple[float, ...]
    added: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Agreement:
    """Agreement of two models' reasons on the same rows.

    Parameters
    ----------
    same_top
        Share of rows with the same three largest reasons.
    overlap
        Mean overlap of the two top three.
    rank_correlation
        Spearman's, of the contributions of all reasons, median over rows.
    """

    rows: int
    same_top: float
    overlap: float
    rank_correlation: float


@dataclass(frozen=True, slots=True)
class ReasonFindings:
    """Importance of features in the tested model, and its agreement with the final one."""

    rows: int
    strengths: tuple[Strength, ...]
    dependence: tuple[Dependence, ...]
    agreement: Agreement


def find_reasons(
    tested: FittedModel, kept: FittedModel, frame: pd.DataFrame, features: Sequence[Feature], seed: int
) -> ReasonFindings:
    """Explain rows by two models.

    Parameters
    ----------
    frame
        Features of the test period, shape `(n, n_features)`.
    features
        Features of the final model, in order.
    """
    known = {feature.name: feature for feature in (*INVOICE_FEATURES, *features)}
    rng = np.random.default_rng(seed)
    some = frame.iloc[np.sort(rng.choice(len(frame), min(ROWS, len(frame)), replace=False))]
    found, _ = tested.contributions(some)
    strength = np.abs(found).mean(axis=0)
    order = np.argsort(-strength, kind="stable")
    shown = np.sort(rng.choice(len(some), min(POINTS, len(some)), replace=False))
    names = tested.features
    own = [known[name] for name in names]
    groups = sorted({feature.group for feature in (*own, *features)})
    theirs = by_reason(kept.contributions(some)[0], features, groups)
    agreement = agree(by_reason(found, own, groups), theirs)
    return ReasonFindings(
        len(some),
        tuple(Strength(names[place], float(strength[place])) for place in order[:STRONGEST]),
        tuple(
            _dependence(names[place], some[names[place]].to_numpy(np.float64)[shown], found[shown, place])
            for place in order[:STRONGEST]
        ),
        agreement,
    )


def by_reason(contributions: Floats, features: Sequence[Feature], groups: Sequence[str]) -> Floats:
    """Sum contributions by reason, in the order of `groups`, shape `(n, n_reasons)`."""
    total = np.zeros((len(contributions), len(groups)))
    for column, feature in enumerate(features):
        total[:, groups.index(feature.group)] += contributions[:, column]
    return total


def agree(ours: Floats, theirs: Floats) -> Agreement:
    """Compare two models' contributions of the same reasons on the same rows, `(n, n_reasons)`."""
    top = min(TOP, ours.shape[1])
    first, second = (
        np.argsort(-np.abs(weights), axis=1, kind="stable")[:, :top] for weights in (ours, theirs)
    )
    shared = (first[:, :, None] == second[:, None, :]).any(axis=2).sum(axis=1)
    ranks = [_rank_correlation(a, b) for a, b in zip(np.abs(ours), np.abs(theirs), strict=True)]
    return Agreement(
        len(ours), float((shared == top).mean()), float(shared.mean() / top), float(np.median(ranks))
    )


def _rank_correlation(ours: Floats, theirs: Floats) -> float:
    """Return Spearman's rank correlation, 1 where either side is constant."""
    a, b = middle_ranks(ours), middle_ranks(theirs)
    if np.ptp(a) == 0 or np.ptp(b) == 0:
        return 1.0
    return float(np.corrcoef(a, b)[0, 1])


def _dependence(name: str, values: Floats, added: Floats) -> Dependence:
    return Dependence(name, tuple(values.round(6).tolist()), tuple(added.round(5).tolist()))
