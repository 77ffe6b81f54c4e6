"""From a model's raw margin to a probability, exactly and monotonically.

Platt's map (Platt 1999): the probability is the logistic of `slope x margin + intercept`, slope above 0, so
that ranks stay and a margin always maps back to the probability shown.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from models.errors import NotEnoughDataError

if TYPE_CHECKING:
    from models.features.running import Floats

MIN_CASES = 10
_LEAST_SLOPE = 0.05


@dataclass(frozen=True, slots=True)
class Calibration:
    """The map's two figures.

    Examples
    --------
    >>> float(Calibration(1.0, 0.0).probability(np.array([0.0]))[0])
    0.5
    """

    slope: float = 1.0
    intercept: float = 0.0

    def probability(self, margin: Floats) -> Floats:
        """Map margins (log-odds) to probabilities, any shape."""
        score = self.slope * margin + self.intercept
        value: Floats = np.exp(-np.logaddexp(0.0, -score))
        return value


def fit_calibration(margin: Floats, outcome: Floats) -> Calibration:
    """Fit the map on rows the model has not seen.

    Parameters
    ----------
    margin, outcome
        Raw margins, and 0 or 1; shape `(n,)`.

    Raises
    ------
    NotEnoughDataError
        Fewer than 10 rows of either outcome.
    """
    bad = int(outcome.sum())
    if min(bad, len(outcome) - bad) < MIN_CASES:
        raise NotEnoughDataError(
            f"calibration has {bad} bad and {len(outcome) - bad} good rows; it needs {MIN_CASES} of each: "
            "use a longer ledger or an earlier cut"
        )
    from sklearn.linear_model import LogisticRegression  # noqa: PLC0415  # costs a second at import

    model = LogisticRegression(C=1e6).fit(margin.reshape(-1, 1), outcome)
    slope = float(model.coef_[0, 0])
    if slope < _LEAST_SLOPE:
        base = float(np.log(bad / (len(outcome) - bad)))
        return Calibration(_LEAST_SLOPE, base - _LEAST_SLOPE * float(margin.mean()))
    return Calibration(slope, float(model.intercept_[0]))
