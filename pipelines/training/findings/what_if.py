"""What becomes of an answer where one thing about the customer is otherwise: the model asked again.

Three customers stand for many: the good one in the middle, the bad one in the middle, and a prospect, who is
the first with its history left out. One input moves at a time, and with it what belongs to the same reason:
overdue amounts do not move without their count. Values are those of real customers near a quantile of the
input, the middle of them; what is unknown of a customer stays unknown. The table shows what the model hangs
on, not what would happen. Showing how a change of input changes the result is one way to explain a score
intelligibly (CJEU C-203/22, 2025).
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
"""What is moved, where the model reads it, one of each reason."""
LEVELS = (0.1, 0.5, 0.9)
"""To which quantiles of the customers asked about."""
NEAR_SHARE, NEAR_ROWS = 0.05, 10
"""How many rows are near a quantile: this share of them, at least so many."""
GOOD, BAD, PROSPECT = "good", "bad", "prospect"


@dataclass(frozen=True, slots=True)
class WhatIfAnswer:
    """The probability where an input has a value; as it is where `level` is None."""

    level: float | None
    value: float
    probability: float


@dataclass(frozen=True, slots=True)
class Moves:
    """What one input does to one customer's probability."""

    name: str
    answers: tuple[WhatIfAnswer, ...]


@dataclass(frozen=True, slots=True)
class Case:
    """One typical customer: who it stands for, its probability, and what moves it."""

    kind: str
    probability: float
    moves: tuple[Moves, ...]


def ask_again(
    model: FittedModel, rows: TrainingRows, probability: Floats, features: Sequence[Feature]
) -> tuple[Case, ...]:
    """Move inputs of typical customers; nothing where only one outcome occurs.

    Parameters
    ----------
    rows, probability
        The test period and what was answered there; late payment is asked about at issue only.
    features
        What the model reads.
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
    """Return the row whose probability is in the middle among those of an outcome."""
    places = np.flatnonzero(rows.label == outcome)
    order = places[np.argsort(probability[places], kind="stable")]
    return rows.frame.iloc[[order[len(order) // 2]]]


def _together(moved: Feature, features: Sequence[Feature]) -> list[str]:
    """Return what moves with an input: the measures of the same reason and family."""
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
    """Ask about a row with an input and what goes with it at each level; None where it is never known."""
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
    said = model.probability(asked)
    told = zip((None, *LEVELS), asked[name].tolist(), said.tolist(), strict=True)
    return Moves(name, tuple(WhatIfAnswer(*one) for one in told))
