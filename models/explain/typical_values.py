"""Typical values of features: what a customer's own are compared with, in its sector and over all customers.

Owns the statistic and its JSON format. A night computes them over its customers; a reason says them next to
the customer's own value. They take no part in any score.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple, Self

import numpy as np

from models.features.build import INVOICE_FEATURES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from models.arrays import Floats
    from models.features.table import Feature

CONTEXT_KEY = "typical"
LEAST_CUSTOMERS = 20
"""Fewest customers of a sector with a known value for a typical value of its own."""
TAIL_SHARE = 0.05
"""Share of the values at each end that count as the value at the limit of that share, so that a mean of
amounts is not that of the largest customers."""
SECTOR = "sector_section"
"""The feature whose codes are the sectors."""
_FEATURES = {feature.name: feature for feature in INVOICE_FEATURES}


class Typical(NamedTuple):
    """A typical value, and whether it is that of the customer's sector or of all customers."""

    value: float
    of_sector: bool


@dataclass(frozen=True, slots=True)
class TypicalValues:
    """Typical values by feature: the winsorised mean, or the most frequent code.

    Parameters
    ----------
    everyone
        Over all customers.
    sectors
        By sector, as the code of the feature `sector_section`, where enough customers have a value.
    """

    everyone: Mapping[str, float]
    sectors: Mapping[int, Mapping[str, float]]

    @classmethod
    def of(cls, names: Sequence[str], rows: Floats) -> Self:
        """Compute typical values over customers.

        Parameters
        ----------
        names
            Features, `sector_section` among them.
        rows
            Their values, NaN where unknown, shape `(n_customers, n_features)`.
        """
        sector = rows[:, list(names).index(SECTOR)]
        codes = np.unique(sector[~np.isnan(sector)])
        by_code = {int(code): _typical(names, rows[sector == code], LEAST_CUSTOMERS) for code in codes}
        return cls(_typical(names, rows, 1), {code: found for code, found in by_code.items() if found})

    def document(self) -> dict[str, Any]:
        """Return the values as plain JSON values, to four digits."""
        return {
            "everyone": _rounded(self.everyone),
            "sectors": {str(code): _rounded(found) for code, found in self.sectors.items()},
        }

    @classmethod
    def of_run(cls, context: Mapping[str, Any] | None) -> Self:
        """Parse the values of a run's context; without any where an earlier version wrote it."""
        found = (context or {}).get(CONTEXT_KEY, {"everyone": {}, "sectors": {}})
        return cls(found["everyone"], {int(code): values for code, values in found["sectors"].items()})

    def find(self, name: str, sector: int | None) -> Typical | None:
        """Return the typical value of a feature, of the sector where it has one; None without any."""
        of_sector = {} if sector is None or name == SECTOR else self.sectors.get(sector, {})
        if name in of_sector:
            return Typical(of_sector[name], of_sector=True)
        return Typical(self.everyone[name], of_sector=False) if name in self.everyone else None


NO_TYPICAL_VALUES = TypicalValues({}, {})


def _typical(names: Sequence[str], rows: Floats, least: int) -> dict[str, float]:
    found = {}
    for name, column in zip(names, rows.T, strict=True):
        known = column[~np.isnan(column)]
        if len(known) >= least:
            found[name] = _value(_FEATURES[name], known)
    return found


def _value(feature: Feature, known: Floats) -> float:
    if feature.categorical or feature.unit in ("code", "flag"):
        codes, counts = np.unique(known, return_counts=True)
        return float(codes[np.argmax(counts)])
    if feature.unit == "log_odds":  # averaged as the probabilities that they stand for
        share = float(np.mean(0.5 + 0.5 * np.tanh(known / 2)))
        share = min(max(share, 1e-6), 1 - 1e-6)
        return math.log(share / (1 - share))
    low, high = np.quantile(known, (TAIL_SHARE, 1 - TAIL_SHARE))
    return float(np.mean(np.clip(known, low, high)))


def _rounded(values: Mapping[str, float]) -> dict[str, float]:
    return {name: float(f"{value:.4g}") for name, value in values.items()}
