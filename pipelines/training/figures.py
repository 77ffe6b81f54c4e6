"""Diagnostic figures: ROC, precision-recall, reliability, score distribution, SHAP summary.

Rendered with Matplotlib's Agg as PNG files; the values are computed elsewhere.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from pipelines.training.metrics import reliability

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd

    from models.arrays import Floats
    from models.learning.artifact import FittedModel

SHAP_ROWS = 2_000
FIGURES = ("roc", "precision_recall", "reliability", "scores", "shap_summary")


def draw_figures(
    label: Floats, probability: Floats, model: FittedModel, frame: pd.DataFrame, folder: Path
) -> None:
    """Draw every figure of `FIGURES` as `NAME.png`.

    Parameters
    ----------
    label, probability
        Outcomes and probabilities of the test period, shape `(n,)`; both outcomes occur.
    frame
        Features of the same rows, shape `(n, n_features)`.
    """
    import matplotlib as mpl  # noqa: PLC0415  # costs a second at import

    mpl.use("Agg")
    folder.mkdir(parents=True, exist_ok=True)
    _curve(
        *roc_points(label, probability), "share of good refused", "share of bad refused", folder / "roc.png"
    )
    _curve(*precision_points(label, probability), "recall", "precision", folder / "precision_recall.png")
    _reliability(label, probability, folder / "reliability.png")
    _scores(label, probability, folder / "scores.png")
    _shap_summary(model, frame, folder / "shap_summary.png")


def roc_points(label: Floats, probability: Floats) -> tuple[Floats, Floats]:
    """Return the ROC curve's false- and true-positive shares."""
    from sklearn.metrics import roc_curve  # noqa: PLC0415

    false, true, _ = roc_curve(label, probability)
    return false, true


def precision_points(label: Floats, probability: Floats) -> tuple[Floats, Floats]:
    """Return the precision-recall curve's recalls and precisions."""
    from sklearn.metrics import precision_recall_curve  # noqa: PLC0415

    precision, recall, _ = precision_recall_curve(label, probability)
    return recall, precision


def _axes() -> tuple[Any, Any]:
    from matplotlib.figure import Figure  # noqa: PLC0415  # no pyplot: nothing global to close

    figure = Figure(figsize=(5, 4), layout="constrained")
    return figure, figure.subplots()


def _curve(x: Floats, y: Floats, x_label: str, y_label: str, path: Path) -> None:
    figure, axes = _axes()
    axes.plot(x, y)
    axes.set(xlabel=x_label, ylabel=y_label, xlim=(0, 1), ylim=(0, 1.02))
    figure.savefig(path, dpi=100)


def _reliability(label: Floats, probability: Floats, path: Path) -> None:
    figure, axes = _axes()
    points = reliability(label, probability)
    axes.plot([p["predicted"] for p in points], [p["realised"] for p in points], marker="o")
    top = max(max(p["predicted"], p["realised"]) for p in points) * 1.05 or 1.0
    axes.plot([0, top], [0, top], linestyle="--", color="grey")
    axes.set(xlabel="predicted share", ylabel="realised share")
    figure.savefig(path, dpi=100)


def _scores(label: Floats, probability: Floats, path: Path) -> None:
    figure, axes = _axes()
    bins = np.linspace(0, 1, 41)
    for value, name in ((0, "good"), (1, "bad")):
        axes.hist(probability[label == value], bins=bins, density=True, alpha=0.6, label=name)
    axes.set(xlabel="probability", ylabel="density")
    axes.legend()
    figure.savefig(path, dpi=100)


def _shap_summary(model: FittedModel, frame: pd.DataFrame, path: Path) -> None:
    """Draw the library's summary plot of our exact contributions."""
    import warnings  # noqa: PLC0415

    some = frame.iloc[np.linspace(0, len(frame) - 1, min(SHAP_ROWS, len(frame))).astype(int)]
    values, _ = model.contributions(some)
    with warnings.catch_warnings():
        # shap warns of its own deprecations at import and while it draws.
        warnings.simplefilter("ignore")
        import matplotlib.pyplot as plt  # noqa: PLC0415  # shap draws on pyplot's current figure
        import shap  # noqa: PLC0415  # costs seconds at import

        plt.figure()
        shap.summary_plot(
            values,
            model.matrix(some),
            feature_names=list(model.features),
            max_display=15,
            show=False,
            rng=np.random.default_rng(0),
        )
        plt.savefig(path, dpi=100, bbox_inches="tight")
        plt.close("all")
