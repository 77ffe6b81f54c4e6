"""Precomputed tables of a LightGBM model, and the look-ups that split its margins by feature.

Owns the memory of the tables and the threads of a batch; `kernel` has the loops.
"""

from __future__ import annotations

import math
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from models.errors import ModelError, TooDeepError
from models.explain.treeshap.groups import MOST_FEATURES, cut
from models.explain.treeshap.layout import ExplainerLayout, lay_out
from models.explain.treeshap.trees import read_forest, with_fixed

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from lightgbm import Booster

    from models.arrays import Floats
    from models.explain.treeshap.groups import LeafGroup

MOST_BYTES = 512 * 2**20
"""Memory limit for the tables of one model, in bytes."""
ROWS_AT_ONCE = 2048
"""Rows per thread task; for fewer rows, starting a thread costs more than it saves."""


@dataclass(frozen=True, slots=True, eq=False)
class TreeShap:
    """Exact path-dependent TreeSHAP (Lundberg et al. 2020) by look-ups in precomputed tables.

    Thread-safe.

    Parameters
    ----------
    n_features
        Number of columns that the model reads.
    base
        The mean margin over the training rows.
    tables
        The tables of all groups of leaves, concatenated.
    """

    exact_by: ClassVar[str] = "treeshap"
    n_features: int
    base: float
    layout: ExplainerLayout
    tables: Floats

    @classmethod
    def of(
        cls, booster: Booster, most_bytes: int = MOST_BYTES, fixed: Mapping[int, float] | None = None
    ) -> TreeShap:
        """Build the tables of a booster.

        Parameters
        ----------
        fixed
            Values of columns that never change, by position: they get no share of a margin.

        Raises
        ------
        TooDeepError
            A leaf depends on more than 10 features, or the tables would exceed `most_bytes`.
        ModelError
            The model has several classes, linear leaves or a node without rows.
        """
        from models.explain.treeshap.filling import fill_tables  # noqa: PLC0415  # numba costs half a second at import

        forest = read_forest(booster)
        if fixed:
            forest = with_fixed(forest, fixed)
        groups = [group for tree in forest.trees for group in cut(tree)]
        cells = _checked_cells(groups, len(forest.trees), most_bytes)
        layout, leaves = lay_out(groups)
        points, weights = np.polynomial.legendre.leggauss(MOST_FEATURES // 2)
        tables = np.zeros(cells)
        fill_tables(layout.groups, *leaves, (points + 1) / 2, weights / 2, tables)
        tables.flags.writeable = False
        reached = (
            leaf.value * math.prod(part.share for part in leaf.parts.values())
            for group in groups
            for leaf in group.leaves
        )
        return cls(forest.n_features, math.fsum(reached), layout, tables)

    def explain(self, matrix: Floats) -> tuple[Floats, Floats]:
        """Split margins by feature.

        Parameters
        ----------
        matrix
            Shape `(n, n_features)`, NaN where unknown.

        Returns
        -------
        Contributions of shape `(n, n_features)` and margins of shape `(n,)`, bit-identical to LightGBM's;
        base and contributions sum to them.

        Raises
        ------
        ModelError
            The number of columns differs.
        """
        found = self._look_up(matrix, 1 + self.n_features)
        return found[:, 1:], found[:, 0]

    def margin(self, matrix: Floats) -> Floats:
        """Return margins alone, shape `(n,)`."""
        margins: Floats = self._look_up(matrix, 1)[:, 0]
        return margins

    def _look_up(self, matrix: Floats, width: int) -> Floats:
        return _look_up(matrix, self.n_features, self.layout, self.tables, width)


@dataclass(frozen=True, slots=True, eq=False)
class Margins:
    """A booster's margins by look-ups in tables of margins alone, which are small and fast to build."""

    n_features: int
    layout: ExplainerLayout
    tables: Floats

    @classmethod
    def of(cls, booster: Booster, most_bytes: int = MOST_BYTES) -> Margins:
        """Build the tables of a booster.

        Raises
        ------
        TooDeepError, ModelError
            As `TreeShap.of` does.
        """
        from models.explain.treeshap.filling import fill_margins  # noqa: PLC0415  # numba costs half a second at import

        forest = read_forest(booster)
        groups = [replace(group, features=()) for tree in forest.trees for group in cut(tree)]
        cells = _checked_cells(groups, len(forest.trees), most_bytes)
        layout, leaves = lay_out(groups)
        tables = np.zeros(cells)
        fill_margins(layout.groups, *leaves, tables)
        tables.flags.writeable = False
        return cls(forest.n_features, layout, tables)

    def margin(self, matrix: Floats) -> Floats:
        """Return margins, shape `(n,)`, bit-identical to LightGBM's; `ModelError` for other columns."""
        margins: Floats = _look_up(matrix, self.n_features, self.layout, self.tables, 1)[:, 0]
        return margins


def _checked_cells(groups: Sequence[LeafGroup], n_trees: int, most_bytes: int) -> int:
    """Return the total number of table cells."""
    cells = sum(group.cells for group in groups)
    if cells * 8 > most_bytes:
        raise TooDeepError(
            f"the tables of {n_trees} trees would take {cells * 8 / 2**20:,.1f} MB; "
            f"{most_bytes / 2**20:,.1f} MB are allowed: train shallower trees or fewer leaves"
        )
    return cells


def _look_up(matrix: Floats, n_features: int, layout: ExplainerLayout, tables: Floats, width: int) -> Floats:
    """Return margins and, where `width` has room for them, contributions, shape `(n, width)`."""
    from models.compiling import CORES  # noqa: PLC0415  # as above
    from models.explain.treeshap import kernel  # noqa: PLC0415  # as above

    rows = checked_rows(matrix, n_features)
    out = np.empty((len(rows), width))

    def explain_from(first: int) -> None:
        end = first + ROWS_AT_ONCE
        kernel.explain_rows(rows[first:end], *layout, tables, out[first:end])

    if len(rows) == 1:
        kernel.explain_row(rows, *layout, tables, out)
    elif len(rows) <= ROWS_AT_ONCE:
        explain_from(0)
    else:
        with ThreadPoolExecutor(CORES) as threads:
            list(threads.map(explain_from, range(0, len(rows), ROWS_AT_ONCE)))
    return out


def checked_rows(matrix: Floats, n_features: int) -> Floats:
    """Return the rows as the kernel needs them: contiguous and read-only."""
    rows = np.ascontiguousarray(matrix, np.float64).view()
    if rows.ndim != 2 or rows.shape[1] != n_features:
        raise ModelError(
            f"a matrix of shape {np.shape(matrix)} came; the model reads {n_features} columns a row, in order"
        )
    rows.flags.writeable = False
    return rows
