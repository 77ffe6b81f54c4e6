"""The feature contract: what every feature is called, means, may hold and does to the risk.

Owns the shape of the contract; each family declares its own features beside the code that computes them.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

RENAMED: Mapping[str, str] = {}
"""Today's names of a state's fields by the names that earlier versions stored them under. A feature that
changes its meaning or its unit is another feature: old states lack it, and it does not belong here."""

Family = Literal["payment_history", "exposure", "company", "peers", "invoice"]


@dataclass(frozen=True, slots=True)
class Feature:
    """One feature.

    Parameters
    ----------
    name
        The column's name; the unit stands in it where it has one.
    unit
        Days, eur, share (in [0, 1]), log_odds (told as a share), count, ratio, flag, code or index.
    low, high
        The range a value must lie in where it is known.
    sign
        What more of it does to the risk: 1 never lowers it, -1 never raises it, 0 unknown.
    family
        The module that computes it.
    group
        The reason it is told under: related features are told as one.
    label_fr, label_en
        What a person reads.
    without_history
        The value for a customer that has never been invoiced.
    categorical
        Whether the number is only a code.
    """

    name: str
    unit: str
    low: float
    high: float
    sign: int
    family: Family
    group: str
    label_fr: str
    label_en: str
    without_history: float = math.nan
    categorical: bool = False


def names(features: Iterable[Feature]) -> list[str]:
    """Return the names of features, in order."""
    return [feature.name for feature in features]
