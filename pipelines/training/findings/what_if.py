"""What-if analysis: predictions with one input changed.

Three typical cases: the median good customer, the median bad one, and a prospect, which is the first without
its history. One input is varied at a time, with the features of the same reason: overdue amounts change with
their count. Values are medians of real customers near a quantile of the input; unknown values remain unknown.
The table shows the model's dependence, not what would happen. Showing how a change of input changes the
result is one way to explain a score intelligibly (CJEU C-203/22, 2025).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from models.features.build import HISTORY_FAMILIES, mask_history

if TYPE_CHECKING:
    from collections.abc import Sequence

    from models.arrays import Floats
    from models.features.table import Feature
    from models.learning.artifact import FittedModel
    from models.learning.rows import TrainingRows

INPUTS = (
    "overdue_share",
    "days_late_by_amount_90d",
    "days_since_first_invoice",
    "amount_eur",
    "terms_days",
    "equity_ratio",
    "return_on_assets",
    "current_ratio",
    "company_age_years",
    "peer_default_rate",
)
"""Inputs to vary, where the model reads them, one of each reason."""
LEVELS = (0.1, 0.5, 0.9)
"""Quantiles, over the test customers, to which inputs are set."""
NEAR_SHARE, NEAR_ROWS = 0.05, 10
"""Neighbourhood of a quantile: this share of the rows, at least this number."""
GOOD, BAD, PROSPECT = "good", "bad", "prospect"


@dataclass(frozen=True, slots=True)
class WhatIfAnswer:
    """The probability for a value of an input; unchanged where `level` is None."""

    level: float | None
    value: float
    probability: float


@dataclass(frozen=True, slots=True)
class Moves:
    """Effect of one input on one customer's probability."""

    name: str
    answers: tuple[WhatIfAnswer, ...]


@dataclass(frozen=True, slots=True)
class Case:
    """One typical customer: its kind, its probability, and the effects of inputs."""

    kind: str
    probability: float
    moves: tuple[Moves, ...]


def vary_inputs(
    model: FittedModel, rows: TrainingRows, probability: Floats, features: Sequence[Feature]
) -> tuple[Case, ...]:
    """Vary inputs of typical customers; empty if all rows have the same outcome.

    Parameters
    ----------
    rows, probability
        The test period and its predictions; for late payment, only rows at issue are used.
    features
        Features of the model.
    """
    if "invoice_age_days" in rows.frame:
        issued = rows.frame["invoice_age_days"].to_numpy(np.float64) == 0
        rows, probability = rows.take(issued), probability[issued]
    if not 0 < rows.label.sum() < len(rows):
        return ()
    good, bad = (_middle(rows, probability, outcome) for outcome in (0.0, 1.0))
    prospect = mask_history(good, np.ones(1, dtype=bool))
    moved = [feature for name in INPUTS for feature in features if feature.name == name]
    known = [feature for feature in moved if feature.family not in HISTORY_FAMILIES]
    asked = ((GOOD, good, moved), (BAD, bad, moved), (PROSPECT, prospect, known))
    return tuple(
        _case(model, kind, row, [(one, _together(one, features)) for one in inputs], rows.frame)
        for kind, row, inputs in asked
    )


def _middle(rows: TrainingRows, probability: Floats, outcome: float) -> pd.DataFrame:
    """Return the row with the median probability among those of an outcome."""
    places = np.flatnonzero(rows.label == outcome)
    order = places[np.argsort(probability[places], kind="stable")]
    return rows.frame.iloc[[order[len(order) // 2]]]


def _together(moved: Feature, features: Sequence[Feature]) -> list[str]:
    """Return the features that vary with an input: those of the same reason and family."""
    return [
        one.name
        for one in features
        if (one.group, one.family) == (moved.group, moved.family) and not one.categorical
    ]


def _case(
    model: FittedModel,
    kind: str,
    row: pd.DataFrame,
    inputs: Sequence[tuple[Feature, Sequence[str]]],
    frame: pd.DataFrame,
) -> Case:
    moves = (_moves(model, row, feature.name, together, frame) for feature, together in inputs)
    return Case(kind, float(model.probability(row)[0]), tuple(move for move in moves if move is not None))


def _moves(
    model: FittedModel, row: pd.DataFrame, name: str, together: Sequence[str], frame: pd.DataFrame
) -> Moves | None:
    """Predict a row with an input and its related features at each level; None if it is never known."""
    order = np.argsort(frame[name].to_numpy(np.float64), kind="stable")[: int(frame[name].notna().sum())]
    if not len(order):
        return None
    half = max(round(NEAR_SHARE * len(order)), NEAR_ROWS) // 2
    asked = pd.concat([row] * (1 + len(LEVELS)), ignore_index=True)
    for place, level in enumerate(LEVELS, 1):
        middle = round(level * (len(order) - 1))
        near = frame.iloc[order[max(middle - half, 0) : middle + half + 1]]
        for one in (one for one in together if one == name or row[one].notna().all()):
            asked.loc[place, one] = float(near[one].median())
    predicted = model.probability(asked)
    answers = zip((None, *LEVELS), asked[name].tolist(), predicted.tolist(), strict=True)
    return Moves(name, tuple(WhatIfAnswer(*one) for one in answers))
