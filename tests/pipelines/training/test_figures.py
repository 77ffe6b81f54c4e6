"""Curves end where they must, and every figure is drawn."""

from pathlib import Path

import numpy as np

from pipelines.training.figures import FIGURES, precision_points, roc_points

LABEL = np.array([0.0, 0.0, 1.0, 0.0, 1.0, 1.0])
PROBABILITY = np.array([0.1, 0.2, 0.3, 0.4, 0.5, 0.9])


def test_the_roc_curve_runs_from_nobody_to_everybody_and_never_falls():
    false, true = roc_points(LABEL, PROBABILITY)
    assert (false[0], true[0]) == (0.0, 0.0)
    assert (false[-1], true[-1]) == (1.0, 1.0)
    assert (np.diff(false) >= 0).all()
    assert (np.diff(true) >= 0).all()


def test_precision_at_full_recall_is_the_share_found_among_those_asked():
    recall, precision = precision_points(LABEL, PROBABILITY)
    assert recall[0] == 1.0
    assert precision[0] == 0.5


def test_every_figure_of_both_targets_is_a_picture(trained: Path):
    for target in ("late", "default"):
        for name in FIGURES:
            assert (trained / target / "figures" / f"{name}.png").read_bytes().startswith(b"\x89PNG")
