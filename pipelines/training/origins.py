"""Rolling origins: increasing days, up to each of which a model is trained, and after which it predicts.

Owns the selection of rows at each origin. The caller removes the test period beforehand, so that it cannot be
used here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from models.errors import NotEnoughDataError
from pipelines.training.split import customer_folds

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from models.arrays import Ints

    Bools = NDArray[np.bool_]

ORIGINS = 3
CUSTOMER_GROUPS = 3
"""Folds per origin where customers are kept apart, each predicting its part of the customers."""
_FIRST = 0.5
"""Share of the rows up to the first origin; the rest is divided evenly."""
_STOP = 0.2
"""Share of an origin's past, its newest, for early stopping; as `stop` next to `train` in a fit."""


@dataclass(frozen=True, slots=True, eq=False)
class Fold:
    """Rows to train, stop early and predict at one origin: masks of shape `(n_rows,)`.

    Parameters
    ----------
    origin
        The origin's index, from 0.
    learn, stop
        Up to the origin, older and newer.
    asked
        After the origin, up to the next.
    """

    origin: int
    learn: Bools
    stop: Bools
    asked: Bools


def rolling_folds(day: Ints, owner: Ints, *, by_customer: bool, seed: int) -> tuple[Fold, ...]:
    """Return the folds of all origins, oldest first.

    Parameters
    ----------
    day, owner
        As-of day and customer of each row, shape `(n_rows,)`.
    by_customer
        Whether customers are kept apart: then an origin has `CUSTOMER_GROUPS` folds, each of which stops on
        and predicts a third of the customers, and trains on the others.

    Raises
    ------
    NotEnoughDataError
        A fold would have no rows to train on, to stop on or to predict.
    """
    ends = _ends(day)
    group = customer_folds(owner, CUSTOMER_GROUPS, seed)
    folds = []
    for origin in range(ORIGINS):
        past = day <= ends[origin]
        older = day <= _stop_day(day[past])
        asked = ~past & (day <= ends[origin + 1])
        if not by_customer:
            folds.append(Fold(origin, older, past & ~older, asked))
            continue
        folds += [
            Fold(origin, older & (group != k), past & ~older & (group == k), asked & (group == k))
            for k in range(CUSTOMER_GROUPS)
        ]
    if not all(part.any() for fold in folds for part in (fold.learn, fold.stop, fold.asked)):
        raise NotEnoughDataError(
            f"{len(day)} rows on {len(np.unique(day))} days cannot be cut at {ORIGINS} origins with rows to "
            "learn from and to answer at each: train without --tune, or from a longer ledger"
        )
    return tuple(folds)


def _ends(day: Ints) -> list[int]:
    """Return the day of each origin, and the last day."""
    shares = np.linspace(_FIRST, 1.0, ORIGINS + 1)
    return [int(end) for end in np.quantile(day, shares, method="lower")] if len(day) else [0] * len(shares)


def _stop_day(past: Ints) -> int:
    """Return the last training day; one before the origin if there are few days."""
    days = np.unique(past)
    if len(days) < 2:
        return int(days[0]) if len(days) else 0
    return min(int(np.quantile(past, 1.0 - _STOP, method="lower")), int(days[-2]))
