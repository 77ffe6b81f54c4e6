"""Ranked reasons from feature contributions.

Related features form one reason; the contributions of all reasons and the base value still sum to the margin.
Owns grouping and ranking; the sentences are in `models.explain.reason_words`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, cast

import numpy as np

from models.explain.reason_words import reason_words
from models.explain.reasons import Reasons
from models.features.build import INVOICE_FEATURES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from models.arrays import Floats, Ints
    from models.explain.reasons import ReasonText

    ReasonCache = dict[int, ReasonText]
    """Reason texts of a customer by the feature's column if it raises the risk, by `~column` otherwise."""

_GROUP_OF = {feature.name: feature.group for feature in INVOICE_FEATURES}
_FAMILY_OF = {feature.name: feature.family for feature in INVOICE_FEATURES}


@dataclass(frozen=True, slots=True, eq=False)
class ReasonBuilder:
    """Builds reasons from contributions of given features; what does not depend on a row is computed once.

    Parameters
    ----------
    names
        The features, in the order of their columns.
    groups
        Their groups, in order of first occurrence.
    columns, bounds
        The columns group by group, and the start of each group.
    lasting
        Whether a column depends on the customer only, not on the invoice.
    """

    names: tuple[str, ...]
    groups: tuple[str, ...]
    columns: Ints
    bounds: Ints
    lasting: tuple[bool, ...]

    @classmethod
    def of(cls, names: Sequence[str]) -> ReasonBuilder:
        """Prepare for features given by name."""
        grouped: dict[str, list[int]] = {}
        for column, name in enumerate(names):
            grouped.setdefault(_GROUP_OF[name], []).append(column)
        columns = np.array([column for group in grouped.values() for column in group], dtype=np.int64)
        bounds = np.cumsum([0, *map(len, grouped.values())])
        lasting = tuple(_FAMILY_OF[name] != "invoice" for name in names)
        return cls(tuple(names), tuple(grouped), columns, bounds.astype(np.int64), lasting)

    def build(
        self, values: Floats, contributions: Floats, paid: Floats, caches: Sequence[ReasonCache] | None = None
    ) -> list[Reasons]:
        """Group each row's contributions and rank them by size, largest first.

        Parameters
        ----------
        values, contributions
            Features, NaN where unknown, and their SHAP values in log-odds, shape `(n, n_features)`.
        paid
            Number of paid invoices of each row's customer, shape `(n,)`.
        caches
            Per row, the customer's cache of reason texts; texts that do not depend on the invoice are added.

        Returns
        -------
        One reason per group and row; a row's contributions sum to the sum of its SHAP values.
        """
        from models.explain.explanation_kernel import rank_groups  # noqa: PLC0415  # numba costs half a second

        shape = len(values), len(self.groups)
        totals, keys, leading = np.empty(shape), np.empty(shape, dtype=np.int64), np.empty(shape)
        rank_groups(values, contributions, self.columns, self.bounds, totals, keys, leading)
        known = caches or [{} for _ in values]
        rows = zip(known, totals.tolist(), keys.tolist(), leading.tolist(), (paid == 0).tolist(), strict=True)
        return [self._reasons(*row) for row in rows]

    def _reasons(
        self,
        cache: ReasonCache,
        contributions: Sequence[float],
        keys: Sequence[int],
        values: Sequence[float],
        unpaid: bool,  # noqa: FBT001  # one of a row's figures
    ) -> Reasons:
        """Build one row's reasons, and cache the texts that depend on the customer only."""
        words = list(map(cache.get, keys))
        for place, known in enumerate(words):
            if known is None:
                key, value = keys[place], values[place]
                feature = key if key >= 0 else ~key
                found = reason_words(self.names[feature], key >= 0, _or_none(value), unpaid)
                if self.lasting[feature]:
                    cache[key] = found = _shared(found)
                words[place] = found
        return Reasons(contributions, cast("list[ReasonText]", words))


@lru_cache(maxsize=1 << 16)
def _shared(words: ReasonText) -> ReasonText:
    """Return one shared text for all customers with the same reason, to save memory."""
    return words


def explain(values: Mapping[str, float], contributions: Mapping[str, float]) -> Reasons:
    """Group one subject's contributions and rank them by size, largest first.

    Parameters
    ----------
    values
        The subject's features by name; NaN where unknown.
    contributions
        SHAP values by feature, in log-odds.

    Returns
    -------
    One reason per group; their contributions sum to the sum of `contributions`.
    """
    if not contributions:
        return Reasons((), ())
    row = np.array([[values.get(name, math.nan) for name in contributions]])
    weights = np.array([list(contributions.values())])
    paid = np.array([values.get("n_paid_all", 0.0)])
    return ReasonBuilder.of(tuple(contributions)).build(row, weights, paid)[0]


def _or_none(value: float) -> float | None:
    """Return None for NaN, and 0.0 for -0.0, which is the same cache key but is written differently."""
    return None if value != value else value + 0.0  # noqa: PLR0124  # NaN alone differs from itself
