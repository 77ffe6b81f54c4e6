"""The feature contract: name, meaning, range and risk direction of every feature.

Owns the structure of the contract; each family declares its features next to the code that computes them.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from models.errors import ModelError

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Mapping

RENAMED: Mapping[str, str] = {}
"""Current names of a state's fields by the names of earlier versions. A feature whose meaning or unit
changes is a new feature: old states lack it, and it does not belong here."""

Family = Literal["payment_history", "exposure", "company", "peers", "invoice"]


@dataclass(frozen=True, slots=True)
class Feature:
    """One feature.

    Parameters
    ----------
    name
        The column's name, including the unit if any.
    unit
        Days, eur, share (in [0, 1]), log_odds (shown as a share), count, ratio, flag, code or index.
    low, high
        The range of known values.
    sign
        Effect of an increase on the risk: 1 never lowers it, -1 never raises it, 0 unknown.
    family
        The module that computes it.
    group
        The reason it belongs to: related features form one reason.
    label_fr, label_en
        Labels shown to people.
    without_history
        The value for a customer without any invoice.
    categorical
        Whether the number is a category code.
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


def require_columns(reader: str, needed: Iterable[str], given: Container[str]) -> None:
    """Require that columns are there.

    Parameters
    ----------
    reader
        What reads them, for the message: "the model late30".

    Raises
    ------
    ModelError
        One is missing.
    """
    missing = next((name for name in needed if name not in given), None)
    if missing is not None:
        raise ModelError(f"{reader} reads {missing!r}, which the features lack")
