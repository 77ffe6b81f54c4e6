"""Calibration on the test period: overall, by decile and by group of customers.

A realised share has Wilson's interval (1927) at the effective number of rows: a customer's rows are dependent
and carry less information than as many customers would (Kish 1965; Korn and Graubard 1998). Owns these
comparisons; `models.learning.calibration` fits the map.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from pipelines.training.bootstrap import CONFIDENCE
from pipelines.training.confidence import design_effect, wilson
from pipelines.training.findings.groups import groups
from pipelines.training.metrics import BINS, MIN_SEGMENT_ROWS

if TYPE_CHECKING:
    from models.arrays import Floats, Ints
    from models.learning.rows import TrainingRows


@dataclass(frozen=True, slots=True)
class CalibrationGroup:
    """Predicted and realised share of one group of rows, with the interval of the latter.

    Parameters
    ----------
    cut, value
        Grouping of the rows and value of the group; `tenth` and 1 to 10 by probability.
    low, high
        The 95 % interval of the realised share.
    """

    cut: str
    value: str
    rows: int
    customers: int
    bad: int
    predicted: float
    realised: float
    low: float
    high: float

    @property
    def outside(self) -> bool:
        """Whether the prediction is outside the interval of the realised share."""
        return not self.low <= self.predicted <= self.high


def overall(rows: TrainingRows, probability: Floats) -> CalibrationGroup:
    """Compare all rows with their probabilities, shape `(n,)`."""
    return _group("all", "all", rows.label, probability, rows.owner)


def by_tenth(rows: TrainingRows, probability: Floats) -> tuple[CalibrationGroup, ...]:
    """Compare each decile of the rows with its probabilities, lowest first."""
    parts = np.array_split(np.argsort(probability, kind="stable"), BINS)
    return tuple(
        _group("tenth", str(number), rows.label[part], probability[part], rows.owner[part])
        for number, part in enumerate(parts, 1)
        if len(part)
    )


def by_group(rows: TrainingRows, probability: Floats) -> tuple[CalibrationGroup, ...]:
    """Compare each group of 50 rows or more with its probabilities: history, size, sector, moment."""
    return tuple(
        _group(cut, value, rows.label[here], probability[here], rows.owner[here])
        for cut, value, here in groups(rows)
        if here.sum() >= MIN_SEGMENT_ROWS
    )


def surely_outside(
    known: tuple[CalibrationGroup, ...], rows: TrainingRows, probability: Floats, cut: str
) -> tuple[str, ...]:
    """Return the groups whose prediction is significantly off after correction for multiple tests.

    Of twenty groups one is outside its 95 % interval by chance: here all groups share the 5 % (Bonferroni).
    """
    asked = {group.value: group for group in known if group.cut == cut}
    level = 1 - (1 - CONFIDENCE) / max(len(asked), 1)
    found = []
    for here in groups(rows):
        if here.cut != cut or here.value not in asked:
            continue
        mine = rows.label[here.mask], probability[here.mask], rows.owner[here.mask]
        low, high = _interval(*mine, level)
        if not low <= asked[here.value].predicted <= high:
            found.append(here.value)
    return tuple(found)


def _group(cut: str, value: str, label: Floats, probability: Floats, owner: Ints) -> CalibrationGroup:
    low, high = _interval(label, probability, owner, CONFIDENCE)
    return CalibrationGroup(
        cut,
        value,
        len(label),
        len(np.unique(owner)),
        int(label.sum()),
        float(probability.mean()),
        float(label.mean()),
        low,
        high,
    )


def _interval(label: Floats, probability: Floats, owner: Ints, confidence: float) -> tuple[float, float]:
    effective = len(label) / design_effect(label - probability, owner)
    return wilson(float(label.mean()), effective, confidence)
