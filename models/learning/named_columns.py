"""Rows of features as one matrix whose columns are found by name.

Several columns are read in one indexing step: for a few rows, one by one they cost more than the model.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd

    from models.arrays import Floats


@dataclass(frozen=True, slots=True, eq=False)
class NamedColumns:
    """A matrix of features with the position of each column.

    Parameters
    ----------
    values
        Shape `(n, n_columns)`, NaN where unknown.
    places
        Positions of columns by name; columns without a name are not read.

    Examples
    --------
    >>> columns = NamedColumns(np.array([[1.0, 2.0, 3.0]]), {"a": 0, "c": 2})
    >>> columns["c"].tolist(), columns.table(["c", "a"]).tolist()
    ([3.0], [[3.0, 1.0]])
    """

    values: Floats
    places: Mapping[str, int]

    @classmethod
    def of(cls, frame: pd.DataFrame, names: Sequence[str]) -> Self:
        """Take columns of a frame."""
        values = frame[list(names)].to_numpy(np.float64)
        return cls(values, {name: place for place, name in enumerate(names)})

    def __getitem__(self, name: str) -> Floats:
        """Return one column, shape `(n,)`."""
        return self.values[:, self.places[name]]

    def table(self, names: Sequence[str]) -> Floats:
        """Return columns in the order of their names, shape `(n, n_names)`."""
        found: Floats = self.values[:, [self.places[name] for name in names]]
        return found
