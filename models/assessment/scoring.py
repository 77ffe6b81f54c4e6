"""Scoring of feature arrays: probabilities with their reasons, and days late.

A faster path to the numbers that `models.learning.artifact.FittedModel` computes from frames: columns are
selected by positions resolved once, and margins come from the explainer's tables. Owns no formula.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import repeat
from typing import TYPE_CHECKING

import numpy as np

from models.assessment.assessment import Probability
from models.explain.explanation import ReasonBuilder
from models.explain.reasons import NO_REASONS
from models.features.table import require_columns
from models.learning.calibration import confidence
from models.learning.named_columns import NamedColumns

if TYPE_CHECKING:
    from collections.abc import Sequence

    from models.arrays import Floats, Ints
    from models.explain.explanation import ReasonCache
    from models.learning.artifact import FittedModel


@dataclass(frozen=True, slots=True, eq=False)
class Scorer:
    """A model with the positions of its columns in wider rows.

    Parameters
    ----------
    places
        Positions of the model's columns in the rows, shape `(n_features,)`.
    read
        Positions of the columns that days late need, by name.
    version
        The model's hash.
    """

    model: FittedModel
    places: Ints
    read: dict[str, int]
    reason_builder: ReasonBuilder
    version: str

    @classmethod
    def of(cls, model: FittedModel, columns: Sequence[str]) -> Scorer:
        """Locate a model's columns in rows of `columns`.

        Raises
        ------
        ModelError
            A column is missing.
        """
        place = {name: at for at, name in enumerate(columns)}
        require_columns(f"the model {model.target}", model.read, place)
        places = np.array([place[name] for name in model.features], dtype=np.int64)
        read = {name: place[name] for name in model.read}
        return cls(model, places, read, ReasonBuilder.of(model.features), model.version)

    def probabilities(
        self,
        rows: Floats,
        paid: Floats,
        caches: Sequence[ReasonCache] | None = None,
        *,
        explained: bool = True,
    ) -> list[Probability]:
        """Return calibrated probabilities with their reasons, one per row.

        Parameters
        ----------
        rows
            Shape `(n, n_columns)`, NaN where unknown.
        paid
            Number of paid invoices of each row's customer, shape `(n,)`.
        caches
            Per row, the customer's cache of this model's explanations; updated in place.
        explained
            Whether to build reasons; none otherwise, and the same figures.
        """
        additive, calibration = self.model.additive, self.model.calibration
        matrix = rows[:, self.places]
        shap, margin = additive.explain(matrix)
        base = additive.base
        columns = (margin, *calibration.estimate(margin, paid))
        figures = zip(*(column.tolist() for column in columns), strict=True)
        given = self.reason_builder.build(matrix, shap, paid, caches) if explained else repeat(NO_REASONS)
        return [
            Probability(
                self.model.target,
                value,
                low,
                high,
                confidence(low, high),
                margin,
                calibration.slope,
                intercept,
                base,
                reasons,
                self.version,
                self.model.rests_on,
            )
            for (margin, value, low, high, intercept), reasons in zip(figures, given, strict=explained)
        ]

    def outlook(self, rows: Floats, paid: Floats) -> tuple[Floats, Floats]:
        """Return quantiles of days late and probabilities of lateness; see `FittedModel.outlook`.

        Raises
        ------
        ModelError
            The model does not predict days late.
        """
        return self.model.outlook(NamedColumns(rows, self.read), rows[:, self.places], paid)
