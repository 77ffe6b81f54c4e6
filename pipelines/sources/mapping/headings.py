"""Heading lines of a grouped report: a value written once, above the rows that it applies to."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from pipelines.sources.mapping.conditions import meets, none_of

if TYPE_CHECKING:
    from pipelines.sources.mapping.shape import Mapping


def with_headings(cells: pd.DataFrame, file: pd.Series, mapping: Mapping) -> tuple[pd.DataFrame, pd.Index]:
    """Give every row the value of the last heading above it, under the heading's name.

    A heading holds to the next one, to a row that meets its `ends`, or to the end of its file.

    Parameters
    ----------
    cells
        Trimmed text of the rows of all files, in their order, shape (n_rows, n_columns).
    file
        The file each row is of, by position, shape (n_rows,).

    Returns
    -------
        The cells with one column more for each heading, and the positions of the heading lines.
    """
    found, lines = cells, none_of(cells)
    first = file.reset_index().groupby("file")["index"].transform("first").to_numpy()
    for heading in mapping.headings:
        ends = meets(cells, heading.ends, mapping.file) if heading.ends else none_of(cells)
        met = meets(cells, heading.where, mapping.file) & cells[heading.column].notna() & ~ends
        last = np.maximum.accumulate(np.where(met | ends, np.arange(len(cells)), -1))
        texts = cells[heading.column].where(met).to_numpy(object)
        values = texts[np.maximum(last, 0)] if len(cells) else texts
        values[last < first] = None
        found = found.assign(**{heading.name: pd.Series(values, index=cells.index, dtype="str")})
        lines |= met
    return found, lines.index[lines]
