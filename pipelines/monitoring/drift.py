"""Drift of a model's inputs and scores against a reference.

`pipelines.training.stability` measures the shift and its noise; rows of one customer are not independent
draws, so customers are counted. `verdict` draws the conclusions.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from models.features.build import INVOICE_FEATURES
from models.policy.grades import GRADES, PAYER_GRADES, PAYERS
from pipelines.training.stability import Bins, Shift, shift

if TYPE_CHECKING:
    from collections.abc import Sequence

    from models.arrays import Floats, Ints
    from models.features.table import Feature
    from models.learning.artifact import FittedModel
    from models.learning.rows import TrainingRows
    from models.policy.document import Policy

TENTHS = 10
_CONTRACT = {feature.name: feature for feature in INVOICE_FEATURES}


@dataclass(frozen=True, slots=True)
class InputDrift:
    """Drift of one input.

    Parameters
    ----------
    weight
        Share of the model's gain from its splits, in [0, 1].
    missing_before, missing_now
        Share of rows without a value, in the reference and now.
    outside_now
        Share of rows whose value is outside the feature contract.
    """

    name: str
    label_fr: str
    label_en: str
    weight: float
    shift: Shift
    missing_before: float
    missing_now: float
    outside_now: float

    def drifted(self, bar: float) -> bool:
        """Return whether it moved beyond both a threshold and the noise."""
        return self.shift.index > max(bar, self.shift.bar)


@dataclass(frozen=True, slots=True)
class Band:
    """Share of rows in one grade of the policy, in the reference and now."""

    code: str
    label_fr: str
    label_en: str
    before: float
    now: float


@dataclass(frozen=True, slots=True)
class ScoreDrift:
    """Drift of the scores.

    Parameters
    ----------
    mean_before, mean_now
        The model's mean probability on the rows of its test period and on the current ones.
    edges
        Upper ends of the deciles of the test period's scores but the last, ascending; fewer than nine where
        scores repeat.
    before, now
        Share of scores in each of these deciles.
    bands
        Shares by grade of default, or by payer grade; empty where the scores have no grade.
    """

    shift: Shift
    mean_before: float
    mean_now: float
    edges: tuple[float, ...]
    before: tuple[float, ...]
    now: tuple[float, ...]
    bands: tuple[Band, ...]


def input_drift(model: FittedModel, reference: TrainingRows, now: TrainingRows) -> tuple[InputDrift, ...]:
    """Compare every input of a model with its reference, the largest drift first.

    Raises
    ------
    ModelError
        A column is missing on either side.
    """
    before, after = model.matrix(reference.frame), model.matrix(now.frame)
    draws = (customers(reference.owner), customers(now.owner))
    weights = _weights(model)
    found = [
        _one(_CONTRACT[name], weights[place], before[:, place], after[:, place], draws)
        for place, name in enumerate(model.features)
    ]
    return tuple(sorted(found, key=lambda one: (-one.shift.index, one.name)))


def score_drift(
    before: Floats, now: Floats, owners: tuple[Ints, Ints], bands: tuple[Band, ...] = ()
) -> ScoreDrift:
    """Compare one model's scores on the newest rows with those on the test period's rows.

    Parameters
    ----------
    before, now
        Probabilities by the same model, shapes `(n,)` and `(m,)`.
    owners
        Customer of each row, on either side.
    """
    moved = shift(before, now, draws=(customers(owners[0]), customers(owners[1])))
    edges = np.unique(np.quantile(before, np.linspace(0, 1, TENTHS + 1)[1:-1], method="inverted_cdf"))
    shares = []
    for values in (before, now):
        counts = Bins(edges).counts(values)[:-1]  # a probability is never missing
        shares.append(tuple((counts / len(values)).tolist()))
    return ScoreDrift(
        moved, float(before.mean()), float(now.mean()), tuple(edges.tolist()), shares[0], shares[1], bands
    )


def grade_bands(before: Floats, now: Floats, policy: Policy) -> tuple[Band, ...]:
    """Return the share of each grade of default (`models.policy.bands.pd_grade`).

    Parameters
    ----------
    before, now
        Probabilities of default, shapes `(n,)` and `(m,)`.
    """
    ends = list(policy.pd_grades.values())
    return _bands([(code, code, code) for code in GRADES], ends, before, now)


def payer_bands(before: Floats, now: Floats, policy: Policy) -> tuple[Band, ...]:
    """Return the share of each payer grade (`models.policy.bands.payer_grade`).

    Parameters
    ----------
    before, now
        Median days late, shapes `(n,)` and `(m,)`.
    """
    codes = [(code, PAYERS[code].label_fr, PAYERS[code].label_en) for code in PAYER_GRADES]
    return _bands(codes, list(policy.payer_grades.values()), before, now)


def customers(owner: Ints) -> int:
    """Count the distinct customers of rows: the number of independent draws."""
    return len(np.unique(owner))


def _bands(
    codes: Sequence[tuple[str, str, str]], ends: Sequence[float], before: Floats, now: Floats
) -> tuple[Band, ...]:
    shares = [
        np.bincount(np.searchsorted(ends, values, side="left"), minlength=len(codes)) / len(values)
        for values in (before, now)
    ]
    return tuple(
        Band(*names, float(shares[0][place]), float(shares[1][place])) for place, names in enumerate(codes)
    )


def _one(feature: Feature, weight: float, before: Floats, now: Floats, draws: tuple[int, int]) -> InputDrift:
    known = now[~np.isnan(now)]
    outside = float(((known < feature.low) | (known > feature.high)).sum())
    return InputDrift(
        feature.name,
        feature.label_fr,
        feature.label_en,
        weight,
        shift(before, now, categorical=feature.categorical, draws=draws),
        float(np.isnan(before).mean()),
        float(np.isnan(now).mean()),
        outside / len(now),
    )


def _weights(model: FittedModel) -> list[float]:
    gains = model.additive.gains()
    total = float(gains.sum())
    return [float(gain) / total if total else 0.0 for gain in gains]
