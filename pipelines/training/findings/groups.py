"""The groups that findings are told by, in the order a person reads them.

Histories stand from none to long, codes by number. How rows are cut is
`pipelines.training.metrics.segments`'; this only walks through it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from models.learning.calibration import HISTORIES
from pipelines.training.metrics import segments

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from models.learning.rows import TrainingRows


class Here(NamedTuple):
    """One group: how the rows were cut, at which value, and which rows they are, shape `(n,)`."""

    cut: str
    value: str
    mask: NDArray[np.bool_]


def groups(rows: TrainingRows) -> Iterator[Here]:
    """Yield each group of each cut that holds a row."""
    for cut, codes in segments(rows).items():
        for value in sorted(np.unique(codes).tolist(), key=_place):
            yield Here(cut, value, codes == value)


def _place(value: str) -> tuple[int, str]:
    """Return where a value stands: histories by length, codes by number, words at the end."""
    if value in HISTORIES:
        return HISTORIES.index(value), value
    return (int(value) if value.isdecimal() else len(value) + 1_000), value
