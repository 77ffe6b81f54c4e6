"""Quality of probabilities: discrimination, calibration, and both by segment.

Definitions: AUC and average precision as in scikit-learn; Brier score and log loss on the probabilities;
calibration error is the mean distance of predicted and realised share over ten bins of equal count, by
weight; KS is the largest distance between the cumulative distributions of both outcomes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from models.learning.calibration import HISTORIES, length_of_history

if TYPE_CHECKING:
    from collections.abc import Mapping

    from models.arrays import Floats
    from models.learning.rows import TrainingRows

BINS = 10
MIN_SEGMENT_ROWS = 50


def measure(label: Floats, probability: Floats) -> dict[str, float]:
    """Measure probabilities against outcomes.

    Parameters
    ----------
    label, probability
        0 or 1, and in [0, 1]; shape `(n,)`.

    Returns
    -------
    Figures by name; those that need both outcomes are omitted where only one occurs.
    """
    from sklearn import metrics  # noqa: PLC0415  # costs a second at import

    bad = float(label.sum())
    clipped = np.clip(probability, 1e-9, 1 - 1e-9)
    figures = {
        "rows": float(len(label)),
        "bad_share": bad / len(label),
        "mean_probability": float(probability.mean()),
        "brier": float(np.mean((probability - label) ** 2)),
        "log_loss": float(-np.mean(label * np.log(clipped) + (1 - label) * np.log1p(-clipped))),
        "calibration_error": calibration_error(label, probability),
    }
    if 0 < bad < len(label):
        figures["auc"] = float(metrics.roc_auc_score(label, probability))
        figures["average_precision"] = float(metrics.average_precision_score(label, probability))
        figures["ks"] = kolmogorov_smirnov(label, probability)
    return figures


def calibration_error(label: Floats, probability: Floats, bins: int = BINS) -> float:
    """Return the mean absolute distance of predicted and realised share over bins of equal count."""
    distance = sum(
        len(rows) * abs(float(label[rows].mean() - probability[rows].mean()))
        for rows in np.array_split(np.argsort(probability, kind="stable"), bins)
        if len(rows)
    )
    return float(distance / len(label))


def kolmogorov_smirnov(label: Floats, probability: Floats) -> float:
    """Return the largest distance between the cumulative distributions of good and bad, in [0, 1]."""
    order = np.argsort(probability, kind="stable")
    bad, last = label[order], np.append(np.diff(probability[order]) > 0, True)  # an array's value
    distance = np.cumsum(bad) / bad.sum() - np.cumsum(1 - bad) / (1 - bad).sum()
    return float(np.max(np.abs(distance[last])))


def reliability(label: Floats, probability: Floats, bins: int = BINS) -> list[dict[str, float]]:
    """Return predicted and realised share of each bin of equal count, lowest first."""
    return [
        {
            "predicted": float(probability[rows].mean()),
            "realised": float(label[rows].mean()),
            "rows": len(rows),
        }
        for rows in np.array_split(np.argsort(probability, kind="stable"), bins)
        if len(rows)
    ]


def by_segment(rows: TrainingRows, probability: Floats) -> dict[str, dict[str, float]]:
    """Measure each segment with at least 50 rows: length of history, size, sector, moment of scoring."""
    measured = {}
    for name, codes in segments(rows).items():
        for value in sorted(set(codes)):
            here = codes == value
            if here.sum() >= MIN_SEGMENT_ROWS:
                measured[f"{name}={value}"] = measure(rows.label[here], probability[here])
    return measured


def segments(rows: TrainingRows) -> Mapping[str, np.ndarray[tuple[int], np.dtype[np.str_]]]:
    """Return each row's segment by each grouping, shape `(n,)`."""
    frame = rows.frame
    paid = frame["n_paid_all"].to_numpy()
    history = np.array(HISTORIES)[length_of_history(paid)]
    cuts = {"history": history, "size": _codes(frame["size_class"].to_numpy())}
    cuts["sector"] = _codes(frame["sector_section"].to_numpy())
    if "invoice_age_days" in frame:
        cuts["asked"] = np.where(frame["invoice_age_days"].to_numpy() > 0, "open", "at_issue")
    return cuts


def _codes(values: Floats) -> np.ndarray[tuple[int], np.dtype[np.str_]]:
    return np.array(["unknown" if np.isnan(v) else str(int(v)) for v in values])
