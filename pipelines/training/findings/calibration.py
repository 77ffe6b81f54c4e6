"""Whether what was predicted came to pass, overall, by tenth and by group of customers.

A realised share has Wilson's interval (1927) on the effective number of rows: a customer's rows stand or fall
together, so that they tell less than as many customers would (Kish 1965; Korn and Graubard 1998). Owns these
comparisons; how the map of probabilities is fitted is `models.learning.calibration`'s.
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
    """Rows of one group: what was predicted, and what came with how sure that is.

    Parameters
    ----------
    cut, value
        How the rows were cut, and at which value; `tenth` and 1 to 10 by probability.
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
        """Whether what was predicted lies outside what came."""
        return not self.low <= self.predicted <= self.high


def overall(rows: TrainingRows, probability: Floats) -> CalibrationGroup:
    """Hold all rows against their probabilities, shape `(n,)`."""
    return _group("all", "all", rows.label, probability, rows.owner)


def by_tenth(rows: TrainingRows, probability: Floats) -> tuple[CalibrationGroup, ...]:
    """Hold each tenth of the rows against its probabilities, lowest first."""
    parts = np.array_split(np.argsort(probability, kind="stable"), BINS)
    return tuple(
        _group("tenth", str(number), rows.label[part], probability[part], rows.owner[part])
        for number, part in enumerate(parts, 1)
        if len(part)
    )


def by_group(rows: TrainingRows, probability: Floats) -> tuple[CalibrationGroup, ...]:
    """Hold each group of 50 rows against its probabilities: history, size, sector, moment of asking."""
    return tuple(
        _group(cut, value, rows.label[here], probability[here], rows.owner[here])
        for cut, value, here in groups(rows)
        if here.sum() >= MIN_SEGMENT_ROWS
    )


def surely_outside(
    known: tuple[CalibrationGroup, ...], rows: TrainingRows, probability: Floats, cut: str
) -> tuple[str, ...]:
    """Return the values of a cut whose prediction lies outside even where all of them are judged at once.

    Of twenty groups one lies outside its 95 % interval by chance: here the whole cut shares the 5 %
    (Bonferroni).
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
