"""What a version shows on its test period, as a document for the pages: facts, verdict, and curves.

Curves have few points, so that a page draws them as they are. Both versions of a comparison are drawn on the
same rows. Owns the document; `gate` judges, `findings` computes the figures.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import numpy as np

from pipelines.training.findings.calibration import by_tenth
from pipelines.training.findings.discrimination import roc, score_distribution
from pipelines.training.findings.document import plain
from pipelines.training.metrics import measure
from pipelines.training.stability import Bins, stability_index

if TYPE_CHECKING:
    from collections.abc import Sequence

    from models.arrays import Floats
    from models.learning.artifact import FittedModel
    from models.learning.rows import TrainingRows
    from pipelines.training.comparison import Common, ScoredRows
    from pipelines.training.gate import Verdict

FORMAT = 1
POINTS = 50
"""Most points of a curve."""
MOST_PERIODS = 12
FACTS = ("rows", "bad_share", "first_day", "period_ends", "data_hash")


def evaluation(
    model: FittedModel, asked: ScoredRows, common: Common | None, verdict: Verdict
) -> dict[str, Any]:
    """Return what a version showed, as JSON values.

    Parameters
    ----------
    asked
        Its test rows with its predictions.
    common
        The rows that the champion predicted too; None where it was not compared.
    """
    both = None
    if common is not None:
        both = {
            "challenger": curves(common.rows, common.challenger),
            "champion": curves(common.rows, common.champion),
        }
    facts = {name: model.facts.get(name) for name in FACTS}
    document = {
        "format": FORMAT,
        "facts": {**facts, "rests_on": model.rests_on, "features": len(model.features)},
        "verdict": verdict.document(),
        "own": curves(asked.rows, asked.probability),
        "common": both,
    }
    values: dict[str, Any] = plain(document)
    return values


def curves(rows: TrainingRows, probability: Floats) -> dict[str, Any] | None:
    """Return figures and curves of predictions on rows with known outcomes; None without rows.

    Parameters
    ----------
    probability
        Of shape `(n,)`.

    Returns
    -------
    `figures` by name, `roc` and `scores` (None for a single outcome), `reliability` by tenth, and `periods`.
    """
    if not len(rows):
        return None
    ranks, scores = roc(rows.label, probability), score_distribution(rows.label, probability)
    return {
        "figures": measure(rows.label, probability),
        "roc": None if ranks is None else [list(point) for point in _thinned(ranks.x, ranks.y)],
        "scores": None if scores is None else asdict(scores),
        "reliability": [
            {"predicted": one.predicted, "realised": one.realised, "low": one.low, "high": one.high}
            for one in by_tenth(rows, probability)
        ],
        "periods": _periods(rows, probability),
    }


def _thinned(x: Sequence[float], y: Sequence[float]) -> list[tuple[float, float]]:
    """Keep at most `POINTS` points, both ends among them."""
    keep = np.unique(np.linspace(0, len(x) - 1, min(POINTS, len(x))).round().astype(int))
    return [(x[place], y[place]) for place in keep]


def _periods(rows: TrainingRows, probability: Floats) -> list[dict[str, Any]]:
    """Measure the newest months apart, the oldest first; the stability index compares with all rows."""
    months = rows.day.astype("datetime64[D]").astype("datetime64[M]")
    bins = Bins.of(probability)
    whole = bins.counts(probability)
    found = []
    for month in np.unique(months)[-MOST_PERIODS:]:
        here = months == month
        figures = measure(rows.label[here], probability[here])
        found.append(
            {
                "month": str(month),
                "rows": int(here.sum()),
                "predicted": figures["mean_probability"],
                "realised": figures["bad_share"],
                "auc": figures.get("auc"),
                "stability_index": stability_index(whole, bins.counts(probability[here])),
            }
        )
    return found
