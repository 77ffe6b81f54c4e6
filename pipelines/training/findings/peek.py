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
from models.features.portfolio_counts import PortfolioCounts
from models.ledger.id_positions import position
from models.ledger.ledger import as_known_on
from pipelines.workers import ThisProcess

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from models.arrays import Ints
    from models.learning.rows import TrainingRows
    from models.ledger.ledger import Ledger
    from pipelines.ledger_parts import LedgerParts
    from pipelines.workers import Workers

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


def peek(
    parts: LedgerParts, target: str, rows: TrainingRows, seed: int, workers: Workers | None = None
) -> Peek:
    """Recompute rows of some days from the ledger as known on each, part by part.

    Parameters
    ----------
    parts
        The ledger that the rows were drawn from.
    target
        `late` or `default`.
    seed
        Seed for the choice of days and rows; a day is drawn in proportion to its rows.
    workers
        This process if None.
    """
    workers = ThisProcess() if workers is None else workers
    some = _chosen(rows, seed)
    days = tuple(int(day) for day in np.unique(some.day))
    counts: list[PortfolioCounts] = []
    for counted in workers.run(_counted, (parts, days), range(parts.count)):
        summed = zip(counts, counted, strict=True)
        counts = [PortfolioCounts.summed(pair) for pair in summed] if counts else counted
    apart = np.zeros(some.frame.shape, dtype=bool)
    job = parts, target, some.subject, some.day, counts
    for places, again in workers.run(_recomputed, job, range(parts.count)):
        before = some.frame[list(again)].iloc[places].to_numpy(np.float64)
        apart[places] = _differ(before, again.to_numpy(np.float64))
    return Peek(
        tuple(str(_EPOCH + dt.timedelta(days=day)) for day in days),
        len(some),
        int(apart.any(axis=1).sum()),
        tuple(sorted(some.frame.columns[np.flatnonzero(apart.any(axis=0))])),
    )


def _chosen(rows: TrainingRows, seed: int) -> TrainingRows:
    """Draw the rows to compute again."""
    rng = np.random.default_rng(seed)
    found = []
    for day in np.unique(rng.choice(rows.day, DAYS)):
        here = np.flatnonzero(rows.day == day)
        found.append(np.sort(rng.choice(here, ROWS, replace=False)) if len(here) > ROWS else here)
    return rows.take(np.concatenate(found))


def _counted(job: tuple[LedgerParts, tuple[int, ...]], part: int) -> list[PortfolioCounts]:
    """Return the counts of a part as known on each day."""
    parts, days = job
    known = parts.read(part)
    return [_builder(known, day).counts(day) for day in days]


def _recomputed(
    job: tuple[LedgerParts, str, NDArray[np.object_], Ints, list[PortfolioCounts]], part: int
) -> tuple[Ints, pd.DataFrame]:
    """Compute the rows of a part as known on their day; return their places among all, and features."""
    parts, target, subject, day, counts = job
    known, frames, places = parts.read(part), [], []
    for counted in counts:
        here = np.flatnonzero(day == counted.day)
        builder = _builder(known, counted.day).within(counted)
        ids = builder.book.invoice_ids if target == "late" else builder.book.customer_ids
        found = position(pd.Series(ids, dtype="str"), pd.Series(subject[here], dtype="str"))
        here, found = here[found >= 0], found[found >= 0]
        compute = builder.documents if target == "late" else builder.customers
        frames.append(compute(found, day[here]))
        places.append(here)
    return np.concatenate(places), pd.concat(frames, ignore_index=True)


def _builder(known: Ledger, day: int) -> FeatureBuilder:
    return FeatureBuilder.of(as_known_on(known, _EPOCH + dt.timedelta(days=day)))


def _differ(
    before: np.ndarray[tuple[int, int], np.dtype[np.float64]],
    again: np.ndarray[tuple[int, int], np.dtype[np.float64]],
) -> np.ndarray[tuple[int, int], np.dtype[np.bool_]]:
    """Return a mask of values whose bits differ; all NaN are equal."""
    same = before.view(np.int64) == again.view(np.int64)
    return np.asarray(~(same | (np.isnan(before) & np.isnan(again))))
