"""Rolling origins: later and later days, up to each of which a model learns, and after which it answers.

Owns which rows take part at each origin. The rows come without the test period: whoever asks leaves it out,
and nothing here could reach it.
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
"""Where customers are kept apart: fits an origin takes, each answering its part of the customers."""
_FIRST = 0.5
"""Share of the rows up to the first origin; the rest is cut evenly."""
_STOP = 0.2
"""Share of an origin's past, its newest, that says when to stop; as `stop` beside `train` in a fit."""


@dataclass(frozen=True, slots=True, eq=False)
class Fold:
    """Who learns, stops and answers at one origin: masks of shape `(n_rows,)`.

    Parameters
    ----------
    origin
        Which origin, from 0.
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
    """Return the folds of every origin, the oldest first.

    Parameters
    ----------
    day, owner
        As of which day and whose each row is, shape `(n_rows,)`.
    by_customer
        Whether customers are kept apart: then an origin has `CUSTOMER_GROUPS` folds, each stopping on and
        answering a third of the customers that it does not learn from.

    Raises
    ------
    NotEnoughDataError
        Some fold would have nothing to learn from, to stop on or to answer.
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
    """Return the day of each origin and the last day of all."""
    shares = np.linspace(_FIRST, 1.0, ORIGINS + 1)
    return [int(end) for end in np.quantile(day, shares, method="lower")] if len(day) else [0] * len(shares)


def _stop_day(past: Ints) -> int:
    """Return the last day that is learnt from; one before the origin where days are few."""
    days = np.unique(past)
    if len(days) < 2:
        return int(days[0]) if len(days) else 0
    return min(int(np.quantile(past, 1.0 - _STOP, method="lower")), int(days[-2]))
