"""What becomes of an answer where one thing about the customer is otherwise: the model asked again.

Three customers stand for many: the good one in the middle, the bad one in the middle, and a prospect, who is
the first with its history left out. One input moves at a time and the others stay, which no customer quite
does: the table shows what the model hangs on, not what would happen. Showing how a change of input changes
the result is one way to explain a score intelligibly (CJEU C-203/22, 2025).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from models.features.build import HISTORY_FAMILIES, mask_history

if TYPE_CHECKING:
    from collections.abc import Sequence

    from models.artifact import FittedModel
    from models.features.running import Floats
    from models.features.table import Feature
    from models.rows import Rows

INPUTS = (
    "overdue_share",
    "oldest_overdue_days",
    "days_late_by_amount_90d",
    "late30_share_365d",
    "days_since_first_invoice",
    "amount_eur",
    "terms_days",
    "equity_ratio",
    "net_margin",
    "company_age_years",
    "peer_default_rate",
)
"""What is moved, where the model reads it."""
LEVELS = (0.1, 0.5, 0.9)
"""To which quantiles of the customers asked about."""
GOOD, BAD, PROSPECT = "good", "bad", "prospect"


@dataclass(frozen=True, slots=True)
class Answer:
    """The probability where an input has a value; as it is where `level` is None."""

    level: float | None
    value: float
    probability: float


@dataclass(frozen=True, slots=True)
class Moves:
    """What one input does to one customer's probability."""

    name: str
    answers: tuple[Answer, ...]


@dataclass(frozen=True, slots=True)
class Case:
    """One typical customer: who it stands for, its probability, and what moves it."""

    kind: str
    probability: float
    moves: tuple[Moves, ...]


def ask_again(
    model: FittedModel, rows: Rows, probability: Floats, features: Sequence[Feature]
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
    return tuple(_case(model, kind, row, inputs, rows.frame) for kind, row, inputs in asked)


def _middle(rows: Rows, probability: Floats, outcome: float) -> pd.DataFrame:
    """Return the row whose probability is in the middle among those of an outcome."""
    places = np.flatnonzero(rows.label == outcome)
    order = places[np.argsort(probability[places], kind="stable")]
    return rows.frame.iloc[[order[len(order) // 2]]]


def _case(
    model: FittedModel, kind: str, row: pd.DataFrame, inputs: Sequence[Feature], frame: pd.DataFrame
) -> Case:
    moves = (_moves(model, row, feature.name, frame[feature.name].to_numpy(np.float64)) for feature in inputs)
    return Case(kind, float(model.probability(row)[0]), tuple(move for move in moves if move is not None))


def _moves(model: FittedModel, row: pd.DataFrame, name: str, values: Floats) -> Moves | None:
    known = values[~np.isnan(values)]
    if not len(known):
        return None
    levels = np.quantile(known, LEVELS)
    asked = pd.concat([row] * (1 + len(LEVELS)), ignore_index=True)
    asked[name] = np.concatenate((row[name].to_numpy(np.float64), levels))
    said = model.probability(asked)
    told = zip((None, *LEVELS), asked[name].tolist(), said.tolist(), strict=True)
    return Moves(name, tuple(Answer(*one) for one in told))
