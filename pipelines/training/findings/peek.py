"""Look-ahead check: rows recomputed from the ledger as known on their own day.

Rows of a few days are computed again from the ledger restricted to the end of each day, and must be
bit-identical. The check needs the ledger, so it runs where rows are made, and its result is stored with them.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from models.features.build import FeatureBuilder
from models.ledger.ledger import as_known_on

if TYPE_CHECKING:
    from collections.abc import Mapping

    from models.learning.rows import TrainingRows
    from models.ledger.ledger import Ledger

DAYS = 5
"""Number of days checked: each requires preparing the ledger again."""
ROWS = 2_000
"""Largest number of rows per day."""
PEEK = "peek"
"""Key of the result among the checks stored with rows."""
_EPOCH = dt.date(1970, 1, 1)


@dataclass(frozen=True, slots=True)
class Peek:
    """Result of recomputing rows.

    Parameters
    ----------
    days
        The as-of days, `YYYY-MM-DD`.
    differing
        Number of rows that differ.
    features
        The features that differ.
    """

    days: tuple[str, ...]
    rows: int
    differing: int
    features: tuple[str, ...]

    @property
    def passed(self) -> bool:
        """Whether all rows are identical."""
        return not self.differing

    @property
    def words(self) -> str:
        """Return the result as a phrase."""
        of = f"{self.rows:,} rows made again as of {len(self.days)} days"
        return f"{of}: the same" if self.passed else f"{of}: {self.differing:,} differ in {self.features[0]}"

    def document(self) -> dict[str, Any]:
        """Return the result as JSON values."""
        return {**asdict(self), "days": list(self.days), "features": list(self.features)}

    @classmethod
    def from_checks(cls, checks: Mapping[str, Any]) -> Peek | None:
        """Read the result from the checks stored with rows; None where it was not run."""
        stored = checks.get(PEEK)
        if stored is None:
            return None
        return cls(
            tuple(stored["days"]), int(stored["rows"]), int(stored["differing"]), tuple(stored["features"])
        )


def peek(ledger: Ledger, target: str, rows: TrainingRows, seed: int) -> Peek:
    """Recompute rows of some days from the ledger as known on each.

    Parameters
    ----------
    ledger
        The ledger that the rows were made from.
    target
        `late` or `default`.
    seed
        Seed for the choice of days and rows; a day is drawn in proportion to its rows.
    """
    rng = np.random.default_rng(seed)
    days = np.sort(np.unique(rng.choice(rows.day, DAYS)))
    differing, found, asked = 0, set[str](), 0
    for day in days.tolist():
        here = np.flatnonzero(rows.day == day)
        if len(here) > ROWS:
            here = np.sort(rng.choice(here, ROWS, replace=False))
        some = rows.take(here)
        again = _again(ledger, target, some, day)
        apart = _differ(some.frame[list(again)].to_numpy(np.float64), again.to_numpy(np.float64))
        differing += int(apart.any(axis=1).sum())
        found |= set(again.columns[np.flatnonzero(apart.any(axis=0))])
        asked += len(here)
    days_text = tuple(str(_EPOCH + dt.timedelta(days=int(day))) for day in days)
    return Peek(days_text, asked, differing, tuple(sorted(found)))


def _again(ledger: Ledger, target: str, rows: TrainingRows, day: int) -> pd.DataFrame:
    builder = FeatureBuilder.of(as_known_on(ledger, _EPOCH + dt.timedelta(days=day)))
    if target == "late":
        place = pd.Index(builder.book.invoice_ids).get_indexer(pd.Index(rows.subject))
        return builder.documents(place.astype(np.int64), rows.day)
    return builder.customers(builder.book.codes(pd.Series(rows.subject, dtype="str")), rows.day)


def _differ(
    before: np.ndarray[tuple[int, int], np.dtype[np.float64]],
    again: np.ndarray[tuple[int, int], np.dtype[np.float64]],
) -> np.ndarray[tuple[int, int], np.dtype[np.bool_]]:
    """Return a mask of values whose bits differ; all NaN are equal."""
    same = before.view(np.int64) == again.view(np.int64)
    return np.asarray(~(same | (np.isnan(before) & np.isnan(again))))
