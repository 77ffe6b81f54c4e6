"""The starter models, used before any training on the ledger.

Late payment is the customer's own curve, shrunk to published statistics through the portfolio; default
combines published rates by sector, size and age with published multipliers. Both report their basis and a
wide interval.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from models.errors import ModelError
from models.learning.artifact import FittedModel, with_facts
from models.learning.basis import PUBLISHED
from models.learning.calibration import HISTORIES, Calibration
from models.learning.delay_curve import habit_curve
from models.learning.starter.default import starter_default

if TYPE_CHECKING:
    from models.arrays import Floats

INTERCEPT_SPREAD, OFFSET_SPREADS = 0.45, (0.25, 0.2, 0.15, 0.1)
"""Prior standard deviations of the level of late payment and of each history length, in log-odds; assumed."""


def starter(target: str) -> FittedModel:
    """Return the starter model of a target, `late30` and the like or `default12`.

    Raises
    ------
    ModelError
        The target is unknown.
    """
    if target.startswith("late"):
        return starter_late(target)
    if target == "default12":
        return starter_default()
    raise ModelError(f"no starter model answers for {target}")


def starter_late(target: str = "late30") -> FittedModel:
    """Return the starter model of late payment: the customer's own curve alone."""
    curve = habit_curve()
    calibration = Calibration(1.0, 0.0, (0.0,) * len(HISTORIES), tuple(map(tuple, _covariance().tolist())))
    model = FittedModel.of_curve(target, curve, calibration)
    return with_facts(model, rests_on=PUBLISHED, starter=True, weights={"habit": 1.0})


def _covariance() -> Floats:
    return np.diag([0.0, INTERCEPT_SPREAD**2, *(spread**2 for spread in OFFSET_SPREADS)])
