"""Row conditions by column, for `where`, `[[skip]]` and `[[heading]]`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from pipelines.sources.mapping.cells import parse
from pipelines.sources.mapping.shape import Starts

if TYPE_CHECKING:
    from pipelines.sources.mapping.shape import FileShape, RowCondition


def none_of(cells: pd.DataFrame) -> pd.Series:
    """Return a mask that selects no row, shape (n_rows,)."""
    return pd.Series(data=False, index=cells.index)


def meets(cells: pd.DataFrame, conditions: dict[str, RowCondition], shape: FileShape) -> pd.Series:
    """Mark the rows that meet every condition, shape (n_rows,).

    Parameters
    ----------
    cells
        Trimmed text, missing where a cell is empty, shape (n_rows, n_columns).
    """
    met = ~none_of(cells)
    for name, condition in conditions.items():
        column = cells[name]
        if isinstance(condition, list):
            met &= column.fillna("").isin(condition)
        elif isinstance(condition, Starts):
            met &= column.fillna("").str.startswith(tuple(condition.starts))
        elif condition in {"filled", "empty"}:
            met &= column.notna() == (condition == "filled")
        else:
            figures = parse(column, "number", shape).found.fillna(0.0)
            met &= figures > 0 if condition == "positive" else figures < 0
    return met
