"""Hyperparameters to search, with their ranges.

Excluded on purpose: the number of rounds, which early stopping determines; the share of rows repeated without
history, as rows of customers with history would reduce it at the expense of prospects; and trees deeper than
6, which could not be explained.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import optuna

    from models.learning.boosting import TreeParams

Parameters = dict[str, float]


@dataclass(frozen=True, slots=True)
class Range:
    """One parameter's range, bounds included.

    Parameters
    ----------
    whole
        Whether it is an integer.
    log
        Whether the scale is logarithmic.
    """

    name: str
    low: float
    high: float
    whole: bool = False
    log: bool = False


SPACE = (
    Range("learning_rate", 0.005, 0.1, log=True),
    Range("num_leaves", 4, 48, whole=True, log=True),
    Range("max_depth", 2, 6, whole=True),
    Range("min_data_in_leaf", 5, 200, whole=True, log=True),
    Range("feature_fraction", 0.1, 1.0),
    Range("bagging_fraction", 0.5, 1.0),
    Range("lambda_l2", 0.1, 100.0, log=True),
)


def space_with(defaults: TreeParams) -> tuple[Range, ...]:
    """Return the ranges, each extended to include the default."""
    held = []
    for one in SPACE:
        value = getattr(defaults, one.name)
        low, high = min(one.low, value), max(one.high, value)
        held.append(replace(one, low=low, high=high, log=one.log and low > 0))
    return tuple(held)


def parameters_of(trees: TreeParams, space: tuple[Range, ...]) -> Parameters:
    """Return the values of the searched parameters."""
    return {one.name: getattr(trees, one.name) for one in space}


def suggest(trial: optuna.Trial, space: tuple[Range, ...], defaults: TreeParams) -> Parameters:
    """Sample a value of each parameter, to three significant digits, as written to the file.

    A default is kept exactly.
    """
    chosen: Parameters = {}
    for one in space:
        default = getattr(defaults, one.name)
        if one.whole:
            chosen[one.name] = trial.suggest_int(one.name, int(one.low), int(one.high), log=one.log)
        else:
            value = trial.suggest_float(one.name, one.low, one.high, log=one.log)
            chosen[one.name] = value if value == default else float(f"{value:.3g}")
    return chosen
