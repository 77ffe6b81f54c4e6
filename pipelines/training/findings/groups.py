"""The groups by which findings are reported, in display order.

Histories are sorted from none to long, codes by number. `pipelines.training.metrics.segments` defines the
groupings.
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
    """One group: the grouping, its value, and the mask of its rows, shape `(n,)`."""

    cut: str
    value: str
    mask: NDArray[np.bool_]


def groups(rows: TrainingRows) -> Iterator[Here]:
    """Yield each non-empty group of each grouping."""
    for cut, codes in segments(rows).items():
        for value in sorted(np.unique(codes).tolist(), key=_place):
            yield Here(cut, value, codes == value)


def _place(value: str) -> tuple[int, str]:
    """Return the sort key of a value: histories by length, codes by number, words last."""
    if value in HISTORIES:
        return HISTORIES.index(value), value
    return (int(value) if value.isdecimal() else len(value) + 1_000), value
