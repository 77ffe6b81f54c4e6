"""The evaluated population: rows and customers in total and by group, and the bad share by month."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from pipelines.training.findings.groups import groups

if TYPE_CHECKING:
    from models.learning.rows import TrainingRows


@dataclass(frozen=True, slots=True)
class PopulationPart:
    """Rows of one group, with its grouping and value."""

    cut: str
    value: str
    rows: int
    customers: int
    bad_share: float


@dataclass(frozen=True, slots=True)
class MonthlyRows:
    """The rows of one month, `YYYY-MM`."""

    month: str
    rows: int
    bad_share: float


@dataclass(frozen=True, slots=True)
class Population:
    """The evaluated rows, from the first day to the last.

    Parameters
    ----------
    natural_persons
        Number of natural persons among the customers, who may contest decisions.
    """

    rows: int
    customers: int
    natural_persons: int
    subjects: int
    bad: int
    first_day: str
    last_day: str
    parts: tuple[PopulationPart, ...]
    months: tuple[MonthlyRows, ...]


def describe(rows: TrainingRows) -> Population:
    """Count rows, customers and bad outcomes, by group and by month.

    Parameters
    ----------
    rows
        At least one.
    """
    parts = [PopulationPart(here.cut, here.value, *_counted(rows, here.mask)) for here in groups(rows)]
    month = rows.day.astype("datetime64[D]").astype("datetime64[M]")
    known, place, count = np.unique(month, return_inverse=True, return_counts=True)
    bad = np.bincount(place, rows.label)
    return Population(
        rows=len(rows),
        customers=len(np.unique(rows.owner)),
        natural_persons=len(np.unique(rows.owner[rows.frame["natural_person"].to_numpy() == 1])),
        subjects=len(np.unique(rows.subject.astype(str))),
        bad=int(rows.label.sum()),
        first_day=str(np.datetime64(int(rows.day.min()), "D")),
        last_day=str(np.datetime64(int(rows.day.max()), "D")),
        parts=tuple(parts),
        months=tuple(
            MonthlyRows(str(name), int(size), float(share))
            for name, size, share in zip(known, count, bad / count, strict=True)
        ),
    )


def _counted(rows: TrainingRows, here: np.ndarray[tuple[int], np.dtype[np.bool_]]) -> tuple[int, int, float]:
    """Return the number of rows and customers of a group, and its share of bad outcomes."""
    return int(here.sum()), len(np.unique(rows.owner[here])), float(rows.label[here].mean())
