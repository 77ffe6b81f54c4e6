"""Rows on which two versions may be compared: those whose outcomes neither was trained on.

A champion is refitted on all its rows, so only later rows are fair. Where these are too few, both are
compared on the predictions of each on its own test period, by a model that was not trained on it. Owns the
selection of rows; `gate` judges the predictions.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import numpy as np

from models.errors import ModelError
from models.learning.labels import HORIZON_MONTHS, add_months
from pipelines.training.row_files import read_rows

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from numpy.typing import NDArray

    from models.arrays import Floats
    from models.learning.artifact import FittedModel
    from models.learning.registry import Version
    from models.learning.rows import TrainingRows

TEST_ROWS = "rows/test.parquet"


class VersionFiles(Protocol):
    """Methods of a registry needed here, as `models.learning.registry.Registry` has them."""

    def load(self, version: Version) -> FittedModel:
        """Load the model of any version."""

    def file(self, version: Version, path: str) -> Path:
        """Fetch a file logged with a version's run."""


@dataclass(frozen=True, slots=True, eq=False)
class ScoredRows:
    """Rows with known outcomes and the predictions of a model not trained on them, shape `(n,)`."""

    rows: TrainingRows
    probability: Floats


@dataclass(frozen=True, slots=True, eq=False)
class Common:
    """Common rows of two versions, both predictions, and how the rows were selected."""

    rows: TrainingRows
    challenger: Floats
    champion: Floats
    chosen: str


def scored_test_rows(files: VersionFiles, version: Version) -> ScoredRows:
    """Return a version's test rows and its predictions.

    Raises
    ------
    ModelError
        The version was recorded without them.
    """
    saved = read_rows(files.file(version, TEST_ROWS))
    if "probability" not in saved.answers:
        raise ModelError(
            f"version {version.number} of {version.target} was recorded without answers; train it again"
        )
    return ScoredRows(saved.rows, saved.answers["probability"])


def common_questions(
    files: VersionFiles, challenger: ScoredRows, champion: Version, cases: int
) -> Common | str:
    """Select the rows on which a champion and its challenger are compared.

    Parameters
    ----------
    cases
        The smallest number of rows of either outcome.

    Returns
    -------
    The rows with both predictions, or a sentence with the reason for their absence.
    """
    missed = []
    ways: tuple[Callable[[], Common], ...] = (
        lambda: _after_champion(files.load(champion), challenger),
        lambda: _in_both_tests(scored_test_rows(files, champion), challenger),
    )
    for way in ways:
        try:
            found = way()
        except ModelError as error:
            missed.append(str(error))
            continue
        if _enough(found.rows, cases):
            return found
        missed.append(found.chosen)
    return (
        f"not comparable with version {champion.number}, which takes {cases} questions of either outcome: "
        + "; ".join(missed)
    )


def unseen(rows: TrainingRows, model: FittedModel) -> NDArray[np.bool_]:
    """Return a mask of rows whose outcome a model was not trained on, shape `(n,)`.

    Late payment: invoices issued after the last training day. Default: snapshots from the day on which the
    outcome of the last training row was known, as an earlier default may be among its rows.

    Raises
    ------
    ModelError
        The model does not record its training period.
    """
    try:
        text = model.facts["period_ends"]["test"]
        last = int(np.datetime64(text, "D").astype(np.int64))
        step = int(model.facts["parameters"].get("every_months", 1))
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise ModelError(
            f"model {model.version} does not say up to which day it learnt; train it again"
        ) from error
    if model.target.startswith("late"):
        issued = rows.day - rows.frame["invoice_age_days"].to_numpy(np.float64)
        return np.asarray(issued > last)
    known_on = add_months(np.array([last], dtype=np.int64), HORIZON_MONTHS + step)[0]
    return np.asarray(rows.day >= known_on)


def _after_champion(model: FittedModel, challenger: ScoredRows) -> Common:
    later = unseen(challenger.rows, model)
    rows = challenger.rows.take(later)
    answers = model.probability(rows.frame) if len(rows) else np.empty(0)
    return Common(
        rows,
        challenger.probability[later],
        answers,
        f"{len(rows):,} questions whose outcome came after the champion had learnt",
    )


def _in_both_tests(champion: ScoredRows, challenger: ScoredRows) -> Common:
    """Match rows by subject and day; where the ledger was corrected since, the newer outcome counts."""
    places = {key: place for place, key in enumerate(_keys(champion.rows))}
    keys = _keys(challenger.rows)
    shared = np.array([key in places for key in keys], dtype=bool)
    matching = np.array([places[key] for key in keys if key in places], dtype=np.int64)
    rows = challenger.rows.take(shared)
    chosen = f"{len(rows):,} questions in both test periods, each answered by a model that had not seen them"
    changed = int((rows.label != champion.rows.label[matching]).sum())
    note = f", {changed:,} of them told otherwise now than then" if changed else ""
    return Common(rows, challenger.probability[shared], champion.probability[matching], chosen + note)


def _keys(rows: TrainingRows) -> list[tuple[str, int]]:
    return list(zip(rows.subject.tolist(), rows.day.tolist(), strict=True))


def _enough(rows: TrainingRows, cases: int) -> bool:
    bad = int(rows.label.sum())
    return min(bad, len(rows) - bad) >= cases
