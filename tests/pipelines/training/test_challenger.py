"""A scorecard stands beside every trained model, or the reason why there is none."""

import json
from pathlib import Path

import numpy as np

from models.features.build import CUSTOMER_FEATURES
from models.learning.scorecard.scorecard import Scorecard
from pipelines.training.challenger import fit_challenger, write_challenger
from pipelines.training.row_files import read_rows
from pipelines.training.split import split
from tests.models.fitted import fitted


def test_a_training_leaves_a_scorecard_that_answers_as_was_recorded(trained: Path):
    folder = trained / "late"
    card = Scorecard.from_document(json.loads((folder / "scorecard" / "scorecard.json").read_text()))
    test = read_rows(folder / "rows" / "test.parquet")
    assert np.array_equal(card.probability(test.rows.frame), test.answers["scorecard"])
    measured = json.loads((folder / "metrics.json").read_text())
    assert 0.5 < measured["scorecard.auc"] <= 1.0
    assert "SELECT" in (folder / "scorecard" / "scorecard.sql").read_text()


def test_too_few_failures_give_a_reason_instead_of_a_scorecard(tmp_path: Path):
    rows = fitted().default_rows
    few = rows.take(np.flatnonzero((rows.label == 0) | (np.cumsum(rows.label) <= 5)))
    made = fit_challenger(few, split(few, (0.5, 0.15, 0.2, 0.15)), CUSTOMER_FEATURES, "default12", 1)
    assert made.card is None
    assert made.test_probability is None
    write_challenger(made, tmp_path)
    assert made.refusal in (tmp_path / "refusal.txt").read_text()
