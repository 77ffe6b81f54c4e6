"""The scorecard challenger: trained on the same rows, tested on the same period, never promoted."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from models.errors import NotEnoughDataError
from pipelines.training.plan import known_features

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from models.arrays import Floats
    from models.features.table import Feature
    from models.learning.rows import TrainingRows
    from models.learning.scorecard.scorecard import Scorecard
    from pipelines.training.split import PeriodSplit

LEAST_BAD = 40
"""Smallest number of customers with a bad outcome for a scorecard: fewer would fit chance."""
TABLE = "features"
"""The table that the scorecard's query reads."""


@dataclass(frozen=True, slots=True)
class Challenger:
    """A scorecard with its predictions on the test period, shape `(n_test_rows,)`; or why there is none."""

    card: Scorecard | None
    test_probability: Floats | None
    refusal: str = ""


def fit_challenger(
    rows: TrainingRows, parts: PeriodSplit, features: Sequence[Feature], target: str, seed: int
) -> Challenger:
    """Train a scorecard on the first two periods, calibrate it on the third, predict the last."""
    from models.learning.scorecard.fitting import fit_scorecard  # noqa: PLC0415  # only training needs it

    learn, later = rows.take(parts.train | parts.stop), rows.take(parts.calibrate)
    bad = len(np.unique(learn.owner[learn.label == 1]))
    if bad < LEAST_BAD:
        return Challenger(
            None, None, f"{bad} customers with a bad outcome; a scorecard takes at least {LEAST_BAD} of them"
        )
    try:
        card = fit_scorecard(
            learn.frame,
            learn.label,
            known_features(learn, features),
            target=target,
            seed=seed,
            subject=learn.subject.tolist(),
            calibrate_on=(later.frame, later.label),
        )
    except NotEnoughDataError as error:
        return Challenger(None, None, str(error))
    return Challenger(card, card.probability(rows.take(parts.test).frame))


def write_challenger(challenger: Challenger, folder: Path) -> None:
    """Write the scorecard as JSON, CSV and SQL, or the reason for its absence."""
    folder.mkdir(parents=True, exist_ok=True)
    if challenger.card is None:
        (folder / "refusal.txt").write_text(challenger.refusal + "\n", encoding="utf-8")
        return
    text = json.dumps(challenger.card.document(), indent=1, ensure_ascii=False, allow_nan=False)
    (folder / "scorecard.json").write_text(text + "\n", encoding="utf-8")
    challenger.card.table().to_csv(folder / "scorecard.csv", index=False)
    (folder / "scorecard.sql").write_text(challenger.card.to_sql(TABLE) + "\n", encoding="utf-8")
